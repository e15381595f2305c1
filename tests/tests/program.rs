//! The program end to end on its own sample country.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that finds something missing has failed"
)]

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use belcheer_tests::service::Server;
use belcheer_tests::{Workspace, number, rows};

const PERIODS: [&str; 4] = ["--baseline", "2009..2018", "--reporting", "2019..2024"];

fn sample(soums: &str) -> Workspace {
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let made = workspace.run(&["sample", ws.to_str().unwrap(), "--resolution", "0.05", "--soums", soums, "--quiet"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    workspace
}

fn assess(workspace: &Workspace, out: &str, threads: &str) {
    let mut arguments = vec!["--quiet", "--threads", threads, "assess"];
    arguments.extend(PERIODS);
    arguments.extend(["-o", out]);
    let _table = workspace.expect(&[0, 1], &arguments);
}

#[test]
fn verdicts_follow_the_truth_of_the_sample() {
    let workspace = sample("24");
    assess(&workspace, "out", "2");
    let truth: BTreeMap<String, String> =
        rows(&workspace.path("ws/truth.csv")).into_iter().map(|r| (r["au2"].clone(), r["truth"].clone())).collect();
    let soums = rows(&workspace.path("out/soums.csv"));
    assert_eq!(soums.len(), 24);
    let mut right = 0;
    for soum in &soums {
        let (truth, status) = (truth[&soum["au2"]].as_str(), soum["status"].as_str());
        // never say the opposite of what is true
        assert!(!(truth == "declining" && status.starts_with("verified")), "{soum:?}");
        assert!(!(truth != "improving" && status == "verified_improving"), "{truth} {soum:?}");
        right += usize::from(matches!(
            (truth, status),
            ("improving", "verified_improving")
                | ("declining", "not_verified")
                | ("stable" | "rain_only", "verified_maintained")
        ));
    }
    assert!(right >= 14, "only {right} of 24 verdicts are decided and right: {soums:#?}");

    // a soum that only had rain: the raw change is an improvement, the adjusted one is not
    let indicators = rows(&workspace.path("out/indicators.csv"));
    assert_eq!(indicators.len(), 24 * 5);
    for row in indicators.iter().filter(|r| r["indicator"] == "I1" && truth[&r["au2"]] == "rain_only") {
        assert!(number(row, "raw_effect").unwrap() > 5.0, "{row:?}");
        assert_ne!(row["class"], "improved", "{row:?}");
    }
    // resampled years and places stand beside the interval that decides
    for row in indicators.iter().filter(|r| r["indicator"] == "I1") {
        let effect = number(row, "effect").unwrap();
        let [low, high] = ["years_ci90_low", "years_ci90_high"].map(|column| number(row, column).unwrap());
        assert!(low < effect && effect < high, "{row:?}");
        let raw = number(row, "raw_effect").unwrap();
        let [low, high] = ["places_ci90_low", "places_ci90_high"].map(|column| number(row, column).unwrap());
        assert!(low < high && low - 3.0 < raw && raw < high + 3.0, "{row:?}");
    }
    // another look-up table than the scheme's stands beside it
    let mut tables_differ = false;
    for row in indicators.iter().filter(|r| r["indicator"] == "I4") {
        let [worst, effect, best] =
            ["worst_table_effect", "effect", "best_table_effect"].map(|column| number(row, column).unwrap());
        assert!(worst <= effect + 1e-9 && effect <= best + 1e-9, "{row:?}");
        tables_differ |= best > worst;
    }
    assert!(tables_differ);
    // "no change" is never said without what would have been seen
    for row in indicators.iter().filter(|r| r["class"] == "stable") {
        assert!(number(row, "mdc").is_some(), "{row:?}");
    }
    for row in indicators.iter().filter(|r| r["class"] == "insufficient") {
        assert!(!row["reasons"].is_empty(), "{row:?}");
    }
}

#[test]
fn the_years_behind_a_change_agree_with_it_and_weather_stands_beside_them() {
    let workspace = sample("12");
    assess(&workspace, "out", "2");
    let indicators = rows(&workspace.path("out/indicators.csv"));
    let years = rows(&workspace.path("out/years.csv"));
    let change = |au2: &str, indicator: &str, span: std::ops::RangeInclusive<i32>| -> Vec<f64> {
        let of = |r: &&BTreeMap<String, String>| r["au2"] == au2 && r["indicator"] == indicator;
        let within = years.iter().filter(of).filter(|r| span.contains(&r["year"].parse().unwrap()));
        within.map(|r| number(r, "change").unwrap()).collect()
    };
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    for row in
        indicators.iter().filter(|r| matches!(r["indicator"].as_str(), "I2" | "I3" | "I5") && !r["effect"].is_empty())
    {
        let (before, after) =
            (change(&row["au2"], &row["indicator"], 2009..=2018), change(&row["au2"], &row["indicator"], 2019..=2024));
        let found = mean(&after) - mean(&before);
        assert!((found - number(row, "effect").unwrap()).abs() < 1e-6, "{found} {row:?}");
        assert!(number(row, "year_band90_high").unwrap() >= 0.0, "{row:?}");
    }
    for row in indicators.iter().filter(|r| r["indicator"] == "I1") {
        let after = mean(&change(&row["au2"], "I1", 2019..=2024));
        assert!((after - number(row, "effect").unwrap()).abs() < 1.0, "years and change differ: {after} {row:?}");
        // about nine of ten baseline years lie in the band of single years
        let (before, high) = (change(&row["au2"], "I1", 2009..=2018), number(row, "year_band90_high").unwrap());
        let outside = before.iter().filter(|change| change.abs() > high).count();
        assert!(before.len() == 10 && outside <= 2, "{outside} of {before:?} beyond {high}");
    }
    let conditions = rows(&workspace.path("out/conditions.csv"));
    assert!(
        conditions.iter().any(|r| matches!(r["drought"].as_str(), "moderate" | "severe" | "extreme")),
        "no drought"
    );
    assert!(conditions.iter().all(|r| r["pedj"].is_empty() || !r["drought"].is_empty()), "an index without its class");
}

#[test]
fn threads_change_no_byte() {
    let workspace = sample("12");
    assess(&workspace, "one", "1");
    assess(&workspace, "two", "2");
    let mut compared = 0;
    for entry in std::fs::read_dir(workspace.path("one")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let read = |folder: &str| std::fs::read(workspace.path(folder).join(&name)).unwrap();
        let (mut one, mut two) = (read("one"), read("two"));
        if name == "manifest.json" {
            let without_run = |bytes: &[u8]| {
                let mut value: serde_json::Value = serde_json::from_slice(bytes).unwrap();
                value.as_object_mut().unwrap().remove("run").unwrap();
                serde_json::to_vec(&value).unwrap()
            };
            (one, two) = (without_run(&one), without_run(&two));
        }
        assert!(one == two, "{name} differs");
        compared += 1;
    }
    assert_eq!(compared, 13);
}

#[test]
fn user_groups_add_up_to_their_soum() {
    let workspace = sample("4");
    let source = workspace.path("ws/source");
    let raster = source.join("ndvi_peak_2010.tif");
    let statistics = |zones: &str, id: &str| {
        let zones = source.join(zones);
        let text = workspace.expect(
            &[0],
            &[
                "--quiet",
                "zonal-stats",
                raster.to_str().unwrap(),
                "--zones",
                zones.to_str().unwrap(),
                "--id",
                id,
                "--stats",
                "count,sum,weighted_count",
                "--weights",
                "area",
            ],
        );
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(|r| r.unwrap()).collect::<Vec<BTreeMap<String, String>>>()
    };
    let groups = statistics("pugs.gpkg", "pug_code");
    let soums = statistics("soums.gpkg", "au2");
    assert_eq!((groups.len(), soums.len()), (12, 4));
    for soum in soums {
        for column in ["count", "sum", "weighted_count"] {
            let of_soum = number(&soum, column).unwrap();
            let of_groups: f64 =
                groups.iter().filter(|g| g["id"].starts_with(&soum["id"])).filter_map(|g| number(g, column)).sum();
            assert!((of_groups / of_soum - 1.0).abs() < 1e-9, "{column}: {of_groups} and {of_soum}");
        }
    }
}

#[test]
fn a_dry_run_says_what_would_be_read_and_records_nothing() {
    let workspace = sample("4");
    let before = workspace.digest();
    let mut arguments = vec!["assess"];
    arguments.extend(PERIODS);
    arguments.push("--dry-run");
    let plan: serde_json::Value = serde_json::from_str(&workspace.expect(&[0], &arguments)).unwrap();
    assert_eq!(plan["soums"], 4);
    assert!(plan["rasters"].as_u64().unwrap() >= 40 && plan["memory_mib"].as_u64().unwrap() > 0);
    assert_eq!(plan["missing"].as_array().unwrap().len(), 0, "{plan}");
    assert_eq!(workspace.digest(), before);
}

#[test]
fn wrong_calls_are_usage_and_wrong_input_is_refused() {
    let workspace = sample("4");
    let _ = workspace.expect(&[2], &["assess", "--baseline", "2018..2009", "--reporting", "2019..2024"]);
    let _ = workspace.expect(&[2], &["assess", "--baseline", "2009..2020", "--reporting", "2019..2024"]);
    let _ = workspace.expect(&[2], &["no-such-command"]);
    let mut unknown = vec!["assess", "--soums", "06404"];
    unknown.extend(PERIODS);
    let _ = workspace.expect(&[3], &unknown);
    std::fs::write(workspace.path("scheme.toml"), "id = \"x\"\ncolour = 1\n").unwrap();
    let mut scheme = vec!["assess", "--scheme", "scheme.toml"];
    scheme.extend(PERIODS);
    let refused = workspace.run(&scheme);
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("line 2"), "{refused:?}");
    let nowhere = Workspace::folder().run(&["doctor"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("belcheer init"), "{nowhere:?}");
}

#[test]
fn progress_for_programs_is_json_on_standard_error() {
    let workspace = sample("4");
    let mut arguments = vec!["--json-progress", "--quiet", "assess"];
    arguments.extend(PERIODS);
    let done = workspace.run(&arguments);
    let lines = String::from_utf8(done.stderr).unwrap();
    let steps: Vec<serde_json::Value> =
        lines.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|_| panic!("{l}"))).collect();
    let last = steps.iter().rfind(|s| s["stage"] == "blocks").unwrap();
    assert_eq!(last["done"], last["total"]);
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let workspace = sample("4");
    let source = workspace.path("ws/source");
    let mut child = workspace
        .command(&[
            "--quiet",
            "zonal-stats",
            source.join("ndvi_16day_2010.tif").to_str().unwrap(),
            "--zones",
            source.join("pugs.gpkg").to_str().unwrap(),
            "--id",
            "pug_code",
            "--stats",
            "values",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_sample_country_of_the_project_is_what_the_program_makes() {
    let workspace = Workspace::folder();
    let made = workspace.path("made");
    let _ = workspace.expect(
        &[0],
        &[
            "--quiet",
            "sample",
            made.to_str().unwrap(),
            "--resolution",
            "0.05",
            "--soums",
            "24",
            "--seed",
            "1",
            "--files-only",
        ],
    );
    let kept = belcheer_tests::project().join("data-samples");
    let mut compared = 0;
    for entry in std::fs::read_dir(&kept).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let made = if name == "truth.csv" { made.join(&name) } else { made.join("source").join(&name) };
        // rasters and layers hold their writer's version; tables are compared to the last byte
        if name.ends_with(".csv") {
            assert!(
                std::fs::read(kept.join(&name)).unwrap() == std::fs::read(&made).unwrap(),
                "{name}: run make samples"
            );
        } else if name != "README.md" {
            assert!(made.exists(), "{name} is not made any more: run make samples");
        }
        compared += 1;
    }
    assert!(compared > 70);
}

/// One GET: status and body.
fn get(server: &Server, path: &str) -> (u16, String) {
    let answer = server.ask("GET", path, &[], b"");
    (answer.status, answer.text())
}

/// The page of a soum as a file: HTML always, PDF where a browser can print it.
fn reports(workspace: &Workspace) {
    let (page, print) = (workspace.path("report.html"), workspace.path("report.pdf"));
    let _ = workspace.expect(&[0], &["report", "09101", "--lang", "en", "-o", page.to_str().unwrap()]);
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.contains("(09101)") && text.contains("<svg") && !text.contains("<script"));
    let printed = workspace.run(&["report", "09101", "-o", print.to_str().unwrap()]);
    if printed.status.success() {
        assert!(std::fs::read(&print).unwrap().starts_with(b"%PDF-"));
    } else {
        let said = String::from_utf8_lossy(&printed.stderr);
        assert!(printed.status.code() == Some(3) && said.contains("Chromium"), "{said}");
    }
    let _ = workspace.expect(&[2], &["report", "09101", "-o", "report.docx"]);
    let _ = workspace.expect(&[3], &["report", "09999", "-o", page.to_str().unwrap()]);
}

/// What researchers copy from `/docs` does what it says: run as it stands there.
fn snippets(server: &Server) {
    let page = get(server, "/docs?lang=en").1;
    let snippet = |language: &str| {
        let from = page.split_once(&format!("data-language=\"{language}\"><code>")).expect("a snippet").1;
        let code = from.split_once("</code>").expect("its end").0;
        let code = code.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        assert!(code.contains(server.address()), "the service's own address: {code}");
        code
    };
    for (language, program, option, words) in
        [("python", "python3", "-c", "8 soums"), ("shell", "bash", "-c", "au2,"), ("r", "Rscript", "-e", "I1 ")]
    {
        let needs = if language == "r" { "library(jsonlite)" } else { "true" };
        let has = |code: &str| Command::new(program).args([option, code]).env("no_proxy", "*").output();
        if language != "python" && !has(needs).is_ok_and(|ran| ran.status.success()) {
            eprintln!("skipped: no {program} with what {language} needs");
            continue;
        }
        let Ok(ran) = has(&snippet(language)) else {
            eprintln!("skipped: no {program}");
            continue;
        };
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(
            ran.status.success() && said.contains(words),
            "{program}: {said}{}",
            String::from_utf8_lossy(&ran.stderr)
        );
    }
    // QGIS is given addresses: of features it reads by GDAL, and of tiles
    let code = snippet("qgis");
    let addresses: Vec<&str> =
        code.lines().filter_map(|line| line.strip_prefix("http://")?.strip_prefix(server.address())).collect();
    assert_eq!(addresses.len(), 2, "{code}");
    let soums: serde_json::Value = serde_json::from_str(&get(server, addresses[0]).1).unwrap();
    assert_eq!(
        (soums["type"].as_str(), soums["features"].as_array().map(Vec::len)),
        (Some("FeatureCollection"), Some(8))
    );
    let tile = addresses[1].replace("{z}/{y}/{x}", "4/5/12");
    let answer = server.ask("GET", &tile, &[], b"");
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/vnd.mapbox-vector-tile"));
    assert!(answer.body.len() > 100, "an empty tile");
}

#[test]
fn the_service_answers_with_what_is_published() {
    let workspace = sample("8");
    assess(&workspace, "out", "2");
    let mut server = Server::start(&workspace, &[]);
    assert_eq!(get(&server, "/healthz").0, 200);
    assert_eq!(get(&server, "/v1/soums/09101/verification").0, 404, "a draft is not served");
    let _ = workspace.expect(&[0], &["publish", "latest"]);
    reports(&workspace);
    let (status, body) = get(&server, "/v1/soums/09101/verification");
    assert_eq!(status, 200, "{body}");
    for part in ["\"status\"", "\"indicators\"", "\"findings\"", "sha256:", "\"mn\"", "\"en\""] {
        assert!(body.contains(part), "{part} is not in {body}");
    }
    assert_eq!(get(&server, "/v1/soums/06404").0, 404);
    assert_eq!(get(&server, "/v1/soums/6404").0, 400);
    assert!(get(&server, "/").1.contains("09101"));
    snippets(&server);
    let _ = workspace.expect(&[0], &["withdraw", "latest"]);
    assert_eq!(get(&server, "/v1/soums/09101/verification").0, 404);
    server.stop();
}
