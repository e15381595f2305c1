//! The service end to end: an analyst's day, with cut lines and a kill between.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that finds something missing has failed"
)]

use belcheer_tests::Workspace;
use belcheer_tests::made::large_tiff;
use belcheer_tests::service::{Client, Server, piece_headers};
use serde_json::{Value, json};

/// A ready workspace of a few made-up soums.
fn sample() -> Workspace {
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let years = ["--years", "2009..2024", "--resolution", "0.05", "--soums", "6", "--quiet"];
    let made = workspace.run(&[&["sample", ws.to_str().unwrap()], &years[..]].concat());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    workspace
}

const MIB: usize = 1 << 20;

/// 300 MB in pieces; the line is cut three times, and the service dies once.
fn upload_through_cuts(workspace: &Workspace, analyst: &Client, server: Server) -> (Server, String) {
    let file = large_tiff(20_000, 15_000, 0.001, [96.0, 50.0]);
    let upload = analyst.begin_upload(&server, "evi.tif", file.len());
    let _ = analyst.send_piece(&server, &upload, 0, &file[..40 * MIB]).with(204);
    let mut at = 40 * MIB;
    for cut in [10 * MIB, 3 * MIB + 17, 1] {
        assert_eq!(analyst.offset(&server, &upload), at, "what was acknowledged is there");
        let offset = at.to_string();
        let headers = analyst.signed(&piece_headers(&offset)).into_iter().map(|(a, b)| (a.to_owned(), b.to_owned()));
        let headers: Vec<(String, String)> = headers.collect();
        let borrowed: Vec<(&str, &str)> = headers.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        server.cut("PATCH", &upload, &borrowed, &file[at..at + cut], file.len() - at);
        // the service notices the cut in its own time; a later piece tells where the upload ends
        let next = at + 30 * MIB;
        let told = analyst.send_piece(&server, &upload, at, &file[at..next]);
        at = if told.status == 204 { next } else { analyst.offset(&server, &upload) };
        assert!(at <= next && (told.status == 204 || told.status == 409), "{} {}", told.status, told.text());
    }
    let before = analyst.offset(&server, &upload);
    server.kill();
    let server = Server::start(workspace, &[]);
    assert!(server.started_in().as_secs_f64() < 10.0, "ready again after {:?}", server.started_in());
    eprintln!("ready again {:?} after the kill", server.started_in());
    at = analyst.offset(&server, &upload);
    assert_eq!(at, before, "nothing acknowledged is lost");
    while at < file.len() {
        let next = (at + 64 * MIB).min(file.len());
        let _ = analyst.send_piece(&server, &upload, at, &file[at..next]).with(204);
        at = next;
    }
    (server, upload)
}

/// The preview says what is missing; the analyst corrects it.
fn correct(analyst: &Client, server: &Server, draft: &str) {
    let seen = analyst.wait(server, draft, &["inspecting"], 120);
    assert_eq!(seen["state"], "needs_input", "{seen}");
    let needs: Vec<&str> = seen["preview"]["needs"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(needs.contains(&"product") && needs.contains(&"date"), "{needs:?}");
    let bbox: Vec<f64> =
        seen["preview"]["extent"]["bbox"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    assert!((bbox[0] - 96.0).abs() < 1e-6 && (bbox[3] - 50.0).abs() < 1e-6, "{bbox:?}");
    let early = analyst.post(server, &format!("{draft}/accept"), &json!({}));
    assert_eq!((early.status, early.json()["code"].as_str()), (409, Some("draft_not_ready")));
    let said = json!({ "product": "evi", "date": "2024-07", "scale": 0.005, "offset": 0.0, "nodata": 255.0 });
    let headers = [("content-type", "application/json")];
    let _ = analyst.ask(server, "PATCH", draft, &headers, said.to_string().as_bytes()).with(202);
    let seen = analyst.wait(server, draft, &["inspecting", "needs_input"], 120);
    assert_eq!(seen["state"], "ready", "{seen}");
}

/// Accepted: a data set with terms, once, however often it is asked.
fn accept(analyst: &Client, platform: &Client, server: &Server, draft: &str) -> String {
    let terms = json!({ "licence": "CC-BY-4.0", "attribution": "NAMEM", "visibility": "platform" });
    let job = analyst.post(server, &format!("{draft}/accept"), &terms).with(202).json();
    let done = analyst.wait(server, job["links"]["this"].as_str().unwrap(), &["accepted", "running"], 300);
    assert_eq!(done["state"], "successful", "{done}");
    let dataset = done["result"]["datasets"][0].as_str().unwrap().to_owned();
    let again = analyst.post(server, &format!("{draft}/accept"), &terms);
    assert_eq!((again.status, again.json()["code"].as_str()), (409, Some("draft_closed")));
    let told = analyst.get(server, &format!("/v1/datasets/{dataset}")).with(200).json();
    assert_eq!((told["product"].as_str(), told["terms"]["licence"].as_str()), (Some("evi"), Some("CC-BY-4.0")));
    let file_of = format!("/v1/datasets/{dataset}/file");
    assert_eq!(server.ask("GET", &file_of, &[], b"").status, 403, "not for everybody");
    assert_eq!(platform.get(server, &file_of).with(200).header("content-type"), "image/tiff");
    dataset
}

/// An assessment: run, cancelled, resumed.
fn assess(analyst: &Client, server: &Server) -> String {
    let request = json!({ "baseline": "2009..2018", "reporting": "2020..2024" });
    let job = analyst.post(server, "/v1/assessments", &request).with(202).json();
    let address = job["links"]["this"].as_str().unwrap().to_owned();
    let begun = analyst.wait(server, &address, &["accepted"], 60);
    assert_eq!(begun["state"], "running", "{begun}");
    let cancelled = analyst.ask(server, "DELETE", &address, &[], b"").with(200).json();
    assert_eq!(cancelled["state"], "dismissed");
    std::thread::sleep(std::time::Duration::from_millis(1500));
    assert_eq!(analyst.get(server, &address).json()["state"], "dismissed", "it stays cancelled");
    let _ = analyst.post(server, &format!("{address}/resume"), &json!({})).with(202);
    let done = analyst.wait(server, &address, &["accepted", "running"], 600);
    let counted = server.ask("GET", "/metrics", &[], b"").with(200).text();
    assert!(counted.contains("belcheer_jobs{lane=\"long\",state=\"successful\"} 1"), "{counted}");
    assert!(counted.contains("belcheer_uploads_open 0"), "{counted}");
    assert_eq!(done["state"], "successful", "{done}");
    done["result"]["assessment"].as_str().unwrap().to_owned()
}

/// The tables, packed, and statistics over own polygons.
fn take_away(analyst: &Client, server: &Server, path: &str, dataset: &str) {
    let job = analyst.post(server, &format!("{path}/export"), &json!({})).with(202).json();
    let done = analyst.wait(server, job["links"]["this"].as_str().unwrap(), &["accepted", "running"], 120);
    let packed = analyst.get(server, done["links"]["files"][0].as_str().unwrap()).with(200);
    assert!(packed.body.starts_with(b"PK"), "{done}");
    let square = json!({ "type": "FeatureCollection", "features": [{ "type": "Feature", "properties": { "name": "mine" },
        "geometry": { "type": "Polygon", "coordinates": [[[96.5, 48.0], [97.0, 48.0], [97.0, 48.5], [96.5, 48.5], [96.5, 48.0]]] } }] });
    let request = json!({ "rasters": [dataset], "zones": { "geojson": { "id": "name", "features": square } }, "stats": "mean,count" });
    let job = analyst.post(server, "/v1/zonal-stats", &request).with(202).json();
    let done = analyst.wait(server, job["links"]["this"].as_str().unwrap(), &["accepted", "running"], 120);
    assert_eq!(done["state"], "successful", "{done}");
    let table = analyst.get(server, done["links"]["files"][0].as_str().unwrap()).with(200).text();
    assert!(table.starts_with("id,") && table.contains("mine,") && table.contains("250000"), "{table}");
}

#[test]
fn a_day_of_an_analyst() {
    let workspace = sample();
    let analyst = Client::of_role(&workspace, "analyst");
    let platform = Client::of_role(&workspace, "platform");
    let reviewer = Client::of_role(&workspace, "reviewer");
    let server = Server::start(&workspace, &[]);
    let (server, upload) = upload_through_cuts(&workspace, &analyst, server);
    let draft = upload.replace("/uploads/", "/v1/drafts/");
    correct(&analyst, &server, &draft);
    let dataset = accept(&analyst, &platform, &server, &draft);
    let assessment = assess(&analyst, &server);

    // a draft is the analyst's to see, and nobody's outside
    let path = format!("/v1/assessments/{assessment}");
    assert_eq!(server.ask("GET", &path, &[], b"").status, 404);
    assert_eq!(platform.get(&server, &path).status, 404);
    let _ = analyst.get(&server, &path).with(200);
    assert_eq!(analyst.post(&server, &format!("{path}/publish"), &json!({})).status, 403, "the reviewer's to decide");
    assert_eq!(server.ask("POST", &format!("{path}/publish"), &[], b"").status, 401);
    let _ = reviewer.post(&server, &format!("{path}/publish"), &json!({})).with(200);
    let soums = server.ask("GET", "/v1/soums", &[], b"").with(200).json();
    assert_eq!(soums["total"], 6);
    let soum = soums["soums"][0]["au2"].as_str().unwrap().to_owned();
    let verification = platform.get(&server, &format!("/v1/soums/{soum}/verification")).with(200).json();
    assert_eq!(verification["assessment"].as_str(), Some(assessment.as_str()));
    assert_eq!(server.ask("GET", "/v1/jobs", &[], b"").status, 401);

    take_away(&analyst, &server, &path, &dataset);

    // a data set that turned out wrong names what was made from it
    let boundaries = verification["inputs"].as_array().unwrap();
    let used = boundaries.iter().find(|i| i["kind"] == "livestock").unwrap()["digest"].as_str().unwrap();
    let gone = reviewer.post(&server, &format!("/v1/datasets/{used}/retract"), &json!({ "reason": "counted twice" }));
    assert_eq!(gone.with(200).json()["assessments"][0]["id"].as_str(), Some(assessment.as_str()));
    drop(server);
    assert!(workspace.expect(&[0], &["doctor"]).starts_with("sha256:"), "all is whole");
}
