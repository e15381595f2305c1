//! Rasters in S3-compatible storage, on a web server and behind a STAC API: read by ranges, with the bytes that the
//! workspace's own rasters give.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that finds something missing has failed"
)]

#[path = "sources/s3.rs"]
mod s3;
#[path = "sources/stac.rs"]
mod stac;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use belcheer_tests::Workspace;
use belcheer_tests::made::Tiff;
use serde_json::Value;
use stac::{Kind, item};

const YEARS: [i32; 4] = [2009, 2010, 2011, 2012];
/// A group of herders in one corner of the country.
const PUG: &str = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "1"},
    "geometry": {"type": "Polygon", "coordinates": [[[96, 48.8], [96.3, 48.8], [96.3, 49.1], [96, 49.1], [96, 48.8]]]}}]}"#;
const COLLECTION: &str = "ndvi-yearly";

/// Serves on a free port of loopback for as long as the test runs; gives the address.
fn serve(routes: axum::Router) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, routes).await.unwrap();
        });
    });
    address
}

/// The sample country, what its own rasters give, and a bucket of the same rasters.
struct Country {
    _sample: Arc<Workspace>,
    workspace: Workspace,
    server: s3::Server,
    own: Vec<u8>,
    bytes: u64,
}

impl Country {
    fn new(open: bool) -> Self {
        let sample = sample();
        let workspace = Workspace::folder();
        copy(&sample.path("ws"), &workspace.path("ws"));
        let store = workspace.path("store");
        let server = s3::Server::start(&store, open);
        let mut bytes = 0;
        for year in YEARS {
            let raster = std::fs::read(raster_of(&workspace, year)).unwrap();
            bytes += raster.len() as u64;
            server.put(&key(year), &raster);
        }
        let mut country = Self { _sample: sample, workspace, server, own: Vec::new(), bytes };
        country.own = country.gives("own", &["--years", "2009..2012"]);
        country
    }

    fn command(&self, out: &str, more: &[&str]) -> Command {
        let file = format!("{out}.csv");
        let always = ["--threads", "1", "regions", "-o", &file];
        let mut command = self.workspace.command(&[&always[..], more].concat());
        if !more.contains(&"--plan") {
            command.args(["--trend", "--years-min", "3"]);
            let small = more.contains(&"--level");
            command.args(if small { &[][..] } else { &["--level", "soum,pug"] });
        }
        for name in ["AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN", "AWS_SKIP_SIGNATURE", "BELCHEER_STAC_TOKEN"] {
            command.env_remove(name);
        }
        command.env("NO_PROXY", "127.0.0.1");
        self.server.known_to(&mut command);
        command
    }

    fn runs(&self, out: &str, more: &[&str]) -> Output {
        self.command(out, more).output().unwrap()
    }

    /// The table that a run gives.
    fn gives(&self, out: &str, more: &[&str]) -> Vec<u8> {
        let done = self.runs(out, more);
        assert!(done.status.success(), "{more:?}: {}", said(&done));
        std::fs::read(self.workspace.path(&format!("{out}.csv"))).unwrap()
    }

    /// What a run says that must fail.
    fn fails(&self, code: i32, more: &[&str]) -> String {
        let done = self.runs("failed", more);
        assert_eq!(done.status.code(), Some(code), "{more:?}: {}", said(&done));
        assert!(!self.workspace.path("failed.csv").exists());
        said(&done)
    }

    fn items(&self) -> Vec<Value> {
        let of = |year| item(&format!("ndvi-{year}"), COLLECTION, &format!("{year}-08-15T00:00:00Z"), &s3(year));
        YEARS.map(of).to_vec()
    }
}

/// The sample country, made once for all tests that run at the same time.
fn sample() -> Arc<Workspace> {
    static MADE: Mutex<Weak<Workspace>> = Mutex::new(Weak::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(held) = made.upgrade() {
        return held;
    }
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let size = ["--resolution", "0.002", "--soums", "6", "--years", "2008..2012"];
    let arguments = [&["--quiet", "sample", ws.to_str().unwrap()][..], &size].concat();
    let _told = workspace.expect(&[0], &arguments);
    std::fs::write(workspace.path("pug.json"), PUG).unwrap();
    let _told = workspace.expect(&[0], &["ingest", "boundaries", "pug.json", "--level", "pug", "--code-field", "code"]);
    let workspace = Arc::new(workspace);
    *made = Arc::downgrade(&workspace);
    workspace
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy(&path, &to) } else { assert!(std::fs::copy(&path, to).is_ok()) }
    }
}

fn key(year: i32) -> String {
    format!("ndvi/{year}.tif")
}

fn s3(year: i32) -> String {
    format!("s3://{}/{}", s3::BUCKET, key(year))
}

fn template() -> String {
    format!("s3://{}/ndvi/{{year}}.tif", s3::BUCKET)
}

fn said(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

fn raster_of(workspace: &Workspace, year: i32) -> std::path::PathBuf {
    workspace.path("ws/source").join(format!("ndvi_peak_{year}.tif"))
}

fn pieces(folder: &Path) -> usize {
    let folders = std::fs::read_dir(folder).unwrap().flatten().filter(|f| f.file_name() != "zones");
    folders.map(|f| std::fs::read_dir(f.path()).unwrap().count()).sum()
}

#[test]
fn a_stac_search_gives_the_bytes_of_the_workspace_by_ranges_alone() {
    let country = Country::new(false);
    let mut items = country.items();
    items.push(item("other-collection", "land-cover", "2010-08-15T00:00:00Z", "s3://rasters/none.tif"));
    items.push(item("other-year", COLLECTION, "2013-08-15T00:00:00Z", "s3://rasters/none.tif"));
    let mut far = item("far-away", COLLECTION, "2010-08-15T00:00:00Z", "s3://rasters/none.tif");
    far["bbox"] = serde_json::json!([-60.0, -20.0, -50.0, -10.0]);
    items.push(far);

    for kind in [Kind::Get, Kind::Post] {
        let api = stac::Server::start(kind, Some("open-sesame"), items.clone());
        let url = api.url();
        let search = ["--years", "2009..2012", "--stac", &url, "--collection", COLLECTION, "--asset", "ndvi"];
        let refused = country.fails(3, &search);
        assert!(refused.contains("401") && refused.contains("BELCHEER_STAC_TOKEN"), "{refused}");

        drop(country.server.asked());
        let mut command = country.command("found", &[&search[..], &["--write-plan", "plan.toml"]].concat());
        let done = command.env("BELCHEER_STAC_TOKEN", "open-sesame").output().unwrap();
        assert!(done.status.success(), "{}", said(&done));
        assert!(std::fs::read(country.workspace.path("found.csv")).unwrap() == country.own, "the bytes differ");

        let searches = api.asked();
        assert_eq!(searches.len(), YEARS.len(), "one page an item");
        assert_eq!(searches[0]["datetime"], "2009-01-01T00:00:00Z/2012-12-31T23:59:59Z");
        assert!(searches[0]["bbox"][0].as_f64().unwrap() > 80.0);
        let asked = country.server.asked();
        assert!(asked.iter().all(|a| a.range.is_some() && a.status == 206), "{asked:?}");
    }
    // a small zone set reads a small part
    drop(country.server.asked());
    let _table = country.gives("small", &["--years", "2009..2012", "--source", &template(), "--level", "pug"]);
    let read: u64 = country.server.asked().iter().map(|a| a.bytes).sum();
    assert!(read < country.bytes * 2 / 5, "{read} of {} bytes were read", country.bytes);
    // what was found can be run by somebody else, without the search
    let plan = std::fs::read_to_string(country.workspace.path("plan.toml")).unwrap();
    assert!(plan.contains("2011 = \"s3://rasters/ndvi/2011.tif\"") && !plan.contains("source.stac"), "{plan}");
    assert!(country.gives("again", &["--plan", "plan.toml"]) == country.own);
}

#[test]
fn a_bucket_a_web_server_and_a_folder_give_the_same_bytes() {
    let country = Country::new(true);
    let web = format!("{}/{}/ndvi/{{year}}.tif", country.server.address(), s3::BUCKET);
    for (out, source) in [("s3", template().as_str()), ("web", &web), ("folder", "ws/source/ndvi_peak_{year}.tif")] {
        let given = country.gives(out, &["--years", "2009..2012", "--source", source]);
        assert!(given == country.own, "{source} gives other bytes");
    }
    let asked = country.server.asked();
    assert!(
        asked.iter().any(|a| a.key == key(2010)) && asked.iter().all(|a| a.range.is_some() && a.status == 206),
        "{asked:?}"
    );
}

#[test]
fn a_store_that_is_far_away_is_waited_for() {
    let country = Country::new(false);
    let small = ["--years", "2009..2012", "--source", &template(), "--level", "pug"];
    let near = country.gives("near", &small);
    country.server.is_far_away(Duration::from_millis(250));
    let mut child = country.command("far", &small).stderr(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() && began.elapsed() < Duration::from_secs(90) {
        std::thread::park_timeout(Duration::from_millis(20));
    }
    drop(child.kill());
    assert!(child.wait().unwrap().success(), "it stood still");
    assert!(std::fs::read(country.workspace.path("far.csv")).unwrap() == near);
}

#[test]
fn a_raster_that_vanishes_or_is_replaced_mid_run_is_told_by_block_and_file() {
    let country = Country::new(false);
    let source = template();
    let arguments = ["--years", "2009..2012", "--source", &source];
    let whole = std::fs::read(raster_of(&country.workspace, 2011)).unwrap();
    let other = std::fs::read(raster_of(&country.workspace, 2008)).unwrap();
    std::fs::remove_dir_all(country.workspace.path("ws/partials")).unwrap();

    country.server.mishap(&key(2011), 1, |file| std::fs::remove_file(file).unwrap());
    let said = country.fails(4, &arguments);
    assert!(said.contains("block r") && said.contains(&s3(2011)) && said.contains("--resume"), "{said}");
    let kept = pieces(&country.workspace.path("ws/partials"));
    assert!(kept > 0);
    let gone = country.fails(3, &arguments);
    assert!(gone.contains(&format!("{} is not there", s3(2011))), "{gone}");

    country.server.put(&key(2011), &whole);
    country.server.mishap(&key(2011), 1, move |file| std::fs::write(file, other).unwrap());
    let said = country.fails(4, &arguments);
    assert!(said.contains("block r") && said.contains(&s3(2011)) && said.contains("replaced"), "{said}");

    // what was kept of the years that stayed is used; a changed object never is taken for the one before it
    country.server.put(&key(2011), &whole);
    drop(country.server.asked());
    assert!(country.gives("resumed", &[&arguments[..], &["--resume"]].concat()) == country.own);
    assert!(pieces(&country.workspace.path("ws/partials")) > kept);
    let changed = std::fs::read(raster_of(&country.workspace, 2008)).unwrap();
    let undated = renamed(&changed, "BELCHEER_DATE", "BELCHEER_WHEN");
    country.server.put(&key(2011), &undated);
    assert!(country.gives("changed", &[&arguments[..], &["--resume"]].concat()) != country.own);
}

#[test]
fn credentials_that_are_wrong_or_absent_are_told() {
    let country = Country::new(false);
    let source = template();
    let arguments = ["--years", "2009..2012", "--source", &source];
    let refused = |change: &dyn Fn(&mut Command)| {
        let mut command = country.command("failed", &arguments);
        change(&mut command);
        let done = command.output().unwrap();
        assert_eq!(done.status.code(), Some(3), "{}", said(&done));
        said(&done)
    };
    let wrong = refused(&|command| {
        command.env("AWS_SECRET_ACCESS_KEY", "guessed");
    });
    assert!(wrong.contains("s3://rasters/ndvi/2009.tif may not be read") && wrong.contains("AWS_SECRET"), "{wrong}");
    assert!(!wrong.contains("guessed"), "{wrong}");
    let none = refused(&|command| {
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    });
    assert!(none.contains("needs credentials; set AWS_ACCESS_KEY_ID"), "{none}");
    let open = refused(&|command| {
        command.env_remove("AWS_ALLOW_HTTP");
    });
    assert!(open.contains("AWS_ALLOW_HTTP"), "{open}");
    let web = format!("{}/{}/ndvi/{{year}}.tif", country.server.address(), s3::BUCKET);
    let unsigned = country.fails(3, &["--years", "2009..2012", "--source", &web]);
    assert!(unsigned.contains("may not be read"), "{unsigned}");
}

#[test]
fn what_does_not_fit_together_is_refused_by_name() {
    let country = Country::new(false);
    let source = template();
    let arguments = ["--years", "2009..2012", "--source", &source];
    let sound = std::fs::read(raster_of(&country.workspace, 2012)).unwrap();
    let with_2012 = |bytes: &[u8]| {
        country.server.put(&key(2012), bytes);
        country.fails(3, &arguments)
    };
    let unscaled = with_2012(&renamed(&sound, "role=\"scale\"", "role=\"stale\""));
    assert!(unscaled.contains("2012.tif") && unscaled.contains("without a scale"), "{unscaled}");
    let other_year = with_2012(&std::fs::read(raster_of(&country.workspace, 2008)).unwrap());
    assert!(other_year.contains("2012.tif: it is of 2008"), "{other_year}");
    let small = country.fails(3, &["--years", "2009..2012", "--source", &source, "--scale", "0.5"]);
    assert!(small.contains("declares scale"), "{small}");
    country.server.put(&key(2012), &Tiff::sound().bytes());
    // declared scale for a file without one, and one that the other years have themselves
    let scale = scale_of(&sound);
    let grids = country.fails(3, &["--years", "2009..2012", "--source", &source, "--scale", &scale]);
    assert!(grids.contains("2012.tif has another grid than s3://rasters/ndvi/2009.tif"), "{grids}");
    let page = with_2012(b"<html>no raster</html>");
    assert!(page.contains("2012.tif") && page.contains("not a TIFF"), "{page}");
}

#[test]
fn one_item_a_year_is_read() {
    let country = Country::new(false);
    let mut items = country.items();
    items.remove(2);
    let api = stac::Server::start(Kind::Get, None, items.clone());
    let url = api.url();
    let search = |url| ["--years", "2009..2012", "--stac", url, "--collection", COLLECTION, "--asset", "ndvi"];
    let without = country.runs("without", &search(&url));
    assert!(without.status.success(), "{}", said(&without));
    let found = without;
    assert!(said(&found).contains("[year_missing]") && said(&found).contains("2011"), "{}", said(&found));
    let table = belcheer_tests::rows(&country.workspace.path("without.csv"));
    assert!(table.iter().all(|row| row["year"] != "2011") && table.iter().any(|row| row["year"] == "2012"));

    items.push(item("ndvi-2010-v2", COLLECTION, "2010-08-15T00:00:00Z", &s3(2010)));
    let api = stac::Server::start(Kind::Get, None, items);
    let twice_url = api.url();
    let twice = country.fails(3, &search(&twice_url));
    assert!(twice.contains("2 items of 2010: ndvi-2010, ndvi-2010-v2"), "{twice}");
    let asset =
        country.fails(3, &["--years", "2009..2009", "--stac", &url, "--collection", COLLECTION, "--asset", "evi"]);
    assert!(asset.contains("ndvi-2009 has no asset evi; it has: ndvi"), "{asset}");
    let nothing =
        country.fails(3, &["--years", "2009..2012", "--stac", &url, "--collection", "none", "--asset", "ndvi"]);
    assert!(nothing.contains("there is no raster of 2009..2012"), "{nothing}");

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody_url = format!("http://{nobody}/stac");
    let silent = country.fails(3, &search(&nobody_url));
    assert!(silent.contains(&nobody.to_string()), "{silent}");
}

/// A file with a word replaced by another of the same length.
fn renamed(bytes: &[u8], word: &str, other: &str) -> Vec<u8> {
    assert_eq!(word.len(), other.len());
    let mut found = bytes.to_vec();
    let at: Vec<usize> = (0..bytes.len() - word.len()).filter(|at| bytes[*at..].starts_with(word.as_bytes())).collect();
    assert!(!at.is_empty(), "{word} is not in the file");
    for at in at {
        found[at..at + other.len()].copy_from_slice(other.as_bytes());
    }
    found
}

/// The scale that a raster declares.
fn scale_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let (_, after) = text.split_once("role=\"scale\">").unwrap();
    after.split_once('<').unwrap().0.to_owned()
}
