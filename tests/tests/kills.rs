//! The service dies at named points while a file is uploaded and taken in. Whatever was acknowledged is there after the
//! next start, nothing is there twice, and the service is ready again at once.
//!
//! `BELCHEER_KILLS` says how often each point is tried; once without it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that finds something missing has failed"
)]

use std::time::{Duration, Instant};

use belcheer_tests::Workspace;
use belcheer_tests::made::squares;
use belcheer_tests::service::{Client, Server, base64, piece_headers};
use serde_json::{Value, json};

/// The named points, and how often one is passed before the death that is tried first.
const POINTS: [(&str, usize); 16] = [
    ("piece.written", 1),
    ("piece.synced", 1),
    ("piece.counted", 1),
    ("upload.named", 1),
    ("upload.moved", 1),
    ("blob.moved", 1),
    ("blob.written", 1),
    ("blob.synced", 1),
    ("blob.renamed", 1),
    ("blob.named", 1),
    ("rows.written", 3),
    ("rows.committed", 3),
    ("job.taken", 1),
    ("job.done", 1),
    ("draft.taken_in", 1),
    ("draft.accepted", 1),
];

/// A client that goes on where the service left it, and remembers what was acknowledged.
struct Day<'a> {
    workspace: &'a Workspace,
    analyst: Client,
    server: Option<Server>,
    slowest: Duration,
}

impl Day<'_> {
    /// Asks until there is an answer; a service that died is started again without a point to die at.
    fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> belcheer_tests::service::Answer {
        loop {
            let server = self.server.as_ref().expect("a service");
            let signed = self.analyst.signed(headers);
            if let Some(answer) = server.try_ask(method, path, &signed, body) {
                return answer;
            }
            self.revive();
        }
    }

    fn revive(&mut self) {
        let mut dead = self.server.take().expect("a service");
        assert!(dead.ends_within(10), "the connection broke, and the service lives");
        let again = Server::start(self.workspace, &[]);
        self.slowest = self.slowest.max(again.started_in());
        self.server = Some(again);
    }

    /// Waits for a state; a service that dies meanwhile is started again.
    fn wait(&mut self, path: &str, passing: &[&str]) -> Value {
        let until = Instant::now() + Duration::from_secs(90);
        loop {
            let body = self.ask("GET", path, &[], b"").with(200).json();
            if !passing.contains(&body["state"].as_str().unwrap_or_default()) {
                return body;
            }
            assert!(Instant::now() < until, "still {body}");
            std::thread::sleep(Duration::from_millis(40));
        }
    }
}

/// A file uploaded in two pieces, seen and accepted, with a death at the point.
fn live_through(workspace: &Workspace, point: &str, nth: usize, number: usize) -> (usize, Duration) {
    let file = squares(&[("06401", 96.0 + number as f64 / 1000.0), ("06404", 98.0)]);
    let wanted = format!("{point}:{nth}");
    let mark = workspace.path(&format!("died-{number}"));
    let die = [("BELCHEER_FAILPOINT", wanted.as_str()), ("BELCHEER_FAILPOINT_MARK", mark.to_str().unwrap())];
    let server = Server::start(workspace, &die);
    let analyst = Client::of_role(workspace, "analyst");
    let mut day = Day { workspace, analyst, server: Some(server), slowest: Duration::ZERO };
    let metadata = format!("filename {},level {}", base64(b"soums.geojson"), base64(b"soum"));
    let length = file.len().to_string();
    let token = format!("day-{point}-{number}");
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-length", length.as_str()),
        ("upload-metadata", metadata.as_str()),
        ("idempotency-key", token.as_str()),
    ];
    let begun = day.ask("POST", "/uploads", &headers, b"");
    // a death between the work and the answer leaves the key taken; then another upload is begun
    let begun = if begun.status == 201 { begun } else { day.ask("POST", "/uploads", &headers[..3], b"") };
    let upload = begun.with(201).header("location").to_owned();
    let mut acknowledged = 0;
    while acknowledged < file.len() {
        let offset = acknowledged.to_string();
        let next = (acknowledged + file.len().div_ceil(2)).min(file.len());
        let answer = day.ask("PATCH", &upload, &piece_headers(&offset), &file[acknowledged..next]);
        if answer.status == 204 {
            acknowledged = next;
        } else {
            assert_eq!(answer.status, 409, "{}", answer.text());
            let told = day.ask("HEAD", &upload, &[("tus-resumable", "1.0.0")], b"").with(200);
            let told: usize = told.header("upload-offset").parse().unwrap();
            assert!(told >= acknowledged, "{point}: {told} of {acknowledged} acknowledged bytes are there");
            acknowledged = told;
        }
    }
    let draft = upload.replace("/uploads/", "/v1/drafts/");
    let seen = day.wait(&draft, &["inspecting", "receiving"]);
    assert_eq!(seen["state"], "ready", "{point}: {seen}");
    loop {
        let answer = day.ask(
            "POST",
            &format!("{draft}/accept"),
            &[("content-type", "application/json")],
            json!({ "licence": "CC-BY-4.0" }).to_string().as_bytes(),
        );
        if answer.status == 202 {
            let job = answer.json()["links"]["this"].as_str().unwrap().to_owned();
            let done = day.wait(&job, &["accepted", "running"]);
            // a second acceptance of what a death had hidden finds the draft closed
            assert!(done["state"] == "successful" || done["state"] == "failed", "{point}: {done}");
        }
        let draft = day.wait(&draft, &["inspecting"]);
        if draft["state"] == "accepted" {
            assert_eq!(draft["datasets"].as_array().unwrap().len(), 1, "{point}: {draft}");
            break;
        }
    }
    drop(day.server.take());
    (usize::from(mark.exists()), day.slowest)
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_there_twice() {
    let rounds: usize = std::env::var("BELCHEER_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let workspace = Workspace::init();
    let (mut deaths, mut slowest, mut number) = (0, Duration::ZERO, 0);
    for (point, nth) in POINTS {
        let mut of_point = 0;
        for round in 0..rounds {
            number += 1;
            // later rounds die at later passages of what is passed often
            let (died, start) = live_through(&workspace, point, nth + if nth > 1 { round } else { 0 }, number);
            of_point += died;
            slowest = slowest.max(start);
        }
        deaths += of_point;
        eprintln!("{point}: {rounds} days, {of_point} deaths");
    }
    // every day made one data set of its own
    let said = workspace.expect(&[0], &["doctor"]);
    assert!(said.starts_with("sha256:"), "{said}");
    let server = Server::start(&workspace, &[]);
    let held = server.ask("GET", "/v1/datasets?kind=boundaries", &[], b"").with(200).json();
    assert_eq!(held["total"].as_u64(), Some(number as u64), "one data set a day");
    eprintln!("{deaths} deaths in {number} days; ready again after {slowest:?} at most");
    assert!(deaths >= number / 2, "the points were passed: {deaths} of {number}");
    assert!(slowest < Duration::from_secs(10), "{slowest:?}");
}
