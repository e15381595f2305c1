//! Every file of the hostile table is uploaded to the running service: each is refused with its code, the service stays
//! small, and others are answered meanwhile.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "what a test expects")]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use belcheer_tests::hostile::{Expected, Handed, HostileFile, files};
use belcheer_tests::service::{Client, Server, base64, piece_headers};
use belcheer_tests::{Workspace, shared};
use serde_json::json;

/// Most memory of the service while it is attacked, bytes.
const MEMORY_MAX: u64 = 1 << 30;

fn options(handed: Handed) -> &'static [(&'static str, &'static str)] {
    match handed {
        Handed::Raster => &[("kind", "raster"), ("product", "ndvi"), ("date", "2014"), ("scale", "1"), ("offset", "0")],
        Handed::Boundaries => &[("kind", "boundaries"), ("level", "soum")],
        Handed::Plots => &[("kind", "table"), ("table", "biomass-plots")],
        Handed::Lm2 => &[("kind", "table"), ("table", "lm2")],
    }
}

/// Uploads bytes under a name; the draft's address.
fn upload(analyst: &Client, server: &Server, name: &str, bytes: &[u8], handed: Handed) -> String {
    let mut pairs = vec![format!("filename {}", base64(name.as_bytes()))];
    pairs.extend(options(handed).iter().map(|(key, said)| format!("{key} {}", base64(said.as_bytes()))));
    let (length, metadata) = (bytes.len().to_string(), pairs.join(","));
    let headers =
        [("tus-resumable", "1.0.0"), ("upload-length", length.as_str()), ("upload-metadata", metadata.as_str())];
    let begun = analyst.ask(server, "POST", "/uploads", &headers, b"");
    assert_eq!(begun.status, 201, "{name}: {}", begun.text());
    let address = begun.header("location").to_owned();
    if !bytes.is_empty() {
        let sent = analyst.ask(server, "PATCH", &address, &piece_headers("0"), bytes);
        assert_eq!(sent.status, 204, "{name}: {}", sent.text());
    }
    address.replace("/uploads/", "/v1/drafts/")
}

/// What becomes of a draft: the code of its refusal, if it is refused. One that reads well at first is accepted when
/// `whole`, since only that reads every value.
fn refusal(analyst: &Client, server: &Server, draft: &str, whole: bool) -> Option<String> {
    let seen = analyst.wait(server, draft, &["inspecting", "receiving"], 300);
    let code = seen["preview"]["refusal"]["code"].as_str().map(str::to_owned);
    if !whole || seen["state"] != "ready" {
        return code;
    }
    let job = analyst.post(server, &format!("{draft}/accept"), &json!({})).with(202).json();
    let done = analyst.wait(server, job["links"]["this"].as_str().unwrap(), &["accepted", "running"], 300);
    done["problem"]["code"].as_str().map(str::to_owned)
}

fn unlimited(workspace: &Workspace) -> Server {
    Server::start(workspace, &[("BELCHEER_RATE_PUBLIC", "0"), ("BELCHEER_RATE_KEY", "0")])
}

/// Says that it is over, also when a check fails.
struct AtEnd<'a>(&'a AtomicBool);

impl Drop for AtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// The peak of a process's memory, bytes.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}

#[test]
fn hostile_uploads_are_refused_by_code_and_others_are_served() {
    let workspace = Workspace::init();
    let analyst = Client::of_role(&workspace, "analyst");
    let server = unlimited(&workspace);
    // a folder cannot be uploaded, nor a file with what must lie beside it; every third of the others is enough, since
    // all of them go through the same reader by the command line (hostile.rs)
    let alone = |file: &HostileFile| file.beside.is_empty() && file.handed != Handed::Lm2;
    let files: Vec<HostileFile> = files().into_iter().filter(alone).step_by(3).collect();
    assert!(files.len() >= 60, "{} files", files.len());
    let over = AtomicBool::new(false);
    let slowest = std::thread::scope(|scope| {
        let _end = AtEnd(&over);
        let others = scope.spawn(|| {
            let mut slowest = Duration::ZERO;
            while !over.load(Ordering::Acquire) {
                let asked = Instant::now();
                let _ = server.ask("GET", "/v1/cycles", &[], b"").with(200);
                slowest = slowest.max(asked.elapsed());
                std::thread::sleep(Duration::from_millis(50));
            }
            slowest
        });
        let drafts: Vec<(&HostileFile, String)> =
            files.iter().map(|file| (file, upload(&analyst, &server, file.name, &file.bytes, file.handed))).collect();
        let mut wrong = Vec::new();
        for (file, draft) in drafts {
            let code = refusal(&analyst, &server, &draft, matches!(file.expected, Expected::Refused(_)));
            let as_expected = match file.expected {
                Expected::Refused(expected) => code.as_deref() == Some(expected),
                Expected::Finding(_) => code.is_none(),
            };
            if !as_expected {
                wrong.push(format!("{}: {:?}, but {code:?}", file.name, file.expected));
            }
        }
        over.store(true, Ordering::Release);
        assert!(wrong.is_empty(), "{} files:\n{}", wrong.len(), wrong.join("\n"));
        others.join().unwrap()
    });
    let peak = peak(server.process());
    eprintln!("{} files; the service peaked at {} MiB; others waited {slowest:?} at most", files.len(), peak >> 20);
    assert!(peak < MEMORY_MAX, "{peak} bytes");
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
}

/// The bad files of the shared collections with the code that each gets, `-` where it is read.
const BAD_FILES: &str = include_str!("bad_files.csv");

/// Bad files that other projects met: rasters that broke readers, and geometry that is none. Written anew with
/// `BELCHEER_RENEW=1`.
#[test]
fn bad_files_of_other_projects_get_their_codes() {
    let Some(shared) = shared() else { return };
    let bad = shared.join("data/bad");
    let mut files: Vec<(String, Handed)> = Vec::new();
    for (folder, handed) in [
        ("image_tiff_fuzz", Handed::Raster),
        ("pillow", Handed::Raster),
        ("rasterio", Handed::Raster),
        ("rio_cogeo", Handed::Raster),
        ("stars", Handed::Raster),
        ("geojsonhint_bad", Handed::Boundaries),
        (".", Handed::Boundaries),
    ] {
        for entry in std::fs::read_dir(bad.join(folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let read = handed == Handed::Raster || name.ends_with(".geojson");
            if read && entry.path().is_file() {
                files.push((format!("{folder}/{name}"), handed));
            }
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let workspace = Workspace::init();
    let analyst = Client::of_role(&workspace, "analyst");
    let server = unlimited(&workspace);
    let drafts: Vec<String> = files
        .iter()
        .map(|(file, handed)| {
            let name = file.rsplit('/').next().unwrap();
            let typed = [".tif", ".tiff", ".nc", ".geojson"].iter().any(|end| name.ends_with(end));
            // what has no ending is given one, so that its content is looked at
            let name = if typed { name.to_owned() } else { format!("{name}.tif") };
            upload(&analyst, &server, &name, &std::fs::read(bad.join(file)).unwrap(), *handed)
        })
        .collect();
    let mut found = String::from("file,code\n");
    for ((file, _), draft) in files.iter().zip(&drafts) {
        let code = refusal(&analyst, &server, draft, true);
        found += &format!("{file},{}\n", code.as_deref().unwrap_or("-"));
    }
    if std::env::var_os("BELCHEER_RENEW").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bad_files.csv"), &found).unwrap();
    } else {
        assert_eq!(found, BAD_FILES);
    }
    assert!(peak(server.process()) < MEMORY_MAX);
}

/// Who never finishes a request's head, or says nothing, loses the connection; others are answered meanwhile.
#[test]
fn slow_and_silent_connections_are_ended() {
    let workspace = Workspace::init();
    let server = unlimited(&workspace);
    let began = Instant::now();
    let mut slow: Vec<TcpStream> = (0..300).map(|_| TcpStream::connect(server.address()).unwrap()).collect();
    for stream in slow.iter_mut().skip(100) {
        stream.write_all(b"GET /v1/cycles HTTP/1.1\r\nhost: a\r\nx-").unwrap();
    }
    while began.elapsed() < Duration::from_secs(9) {
        for stream in slow.iter_mut().skip(200) {
            stream.write_all(b"a").unwrap();
        }
        let asked = Instant::now();
        let _ = server.ask("GET", "/v1/cycles", &[], b"").with(200);
        assert!(asked.elapsed() < Duration::from_secs(1), "others wait for the slow ones");
        std::thread::sleep(Duration::from_millis(500));
    }
    for stream in &mut slow {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut said = Vec::new();
        // an answer or none, or a reset: in any case an end
        if let Err(error) = stream.read_to_end(&mut said) {
            assert!(error.kind() == ErrorKind::ConnectionReset, "a connection stays open: {error}");
        }
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
