//! Every file of the hostile table is uploaded to the running service: each is refused with its code, the service stays
//! small, and others are answered meanwhile.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "what a test expects")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use belcheer_tests::Workspace;
use belcheer_tests::hostile::{Expected, Handed, HostileFile, files};
use belcheer_tests::service::{Client, Server, base64, piece_headers};
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

fn upload(analyst: &Client, server: &Server, file: &HostileFile) -> String {
    let mut pairs = vec![format!("filename {}", base64(file.name.as_bytes()))];
    pairs.extend(options(file.handed).iter().map(|(key, said)| format!("{key} {}", base64(said.as_bytes()))));
    let (length, metadata) = (file.bytes.len().to_string(), pairs.join(","));
    let headers =
        [("tus-resumable", "1.0.0"), ("upload-length", length.as_str()), ("upload-metadata", metadata.as_str())];
    let begun = analyst.ask(server, "POST", "/uploads", &headers, b"");
    assert_eq!(begun.status, 201, "{}: {}", file.name, begun.text());
    let address = begun.header("location").to_owned();
    if !file.bytes.is_empty() {
        let sent = analyst.ask(server, "PATCH", &address, &piece_headers("0"), &file.bytes);
        assert_eq!(sent.status, 204, "{}: {}", file.name, sent.text());
    }
    address.replace("/uploads/", "/v1/drafts/")
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
    let server = Server::start(&workspace, &[("BELCHEER_RATE_PUBLIC", "0"), ("BELCHEER_RATE_KEY", "0")]);
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
            files.iter().map(|file| (file, upload(&analyst, &server, file))).collect();
        let mut wrong = Vec::new();
        for (file, draft) in drafts {
            let seen = analyst.wait(&server, &draft, &["inspecting", "receiving"], 300);
            let mut code = seen["preview"]["refusal"]["code"].as_str().map(str::to_owned);
            if let (Expected::Refused(_), Some("ready")) = (file.expected, seen["state"].as_str()) {
                // what only reading every value shows
                let job = analyst.post(&server, &format!("{draft}/accept"), &json!({})).with(202).json();
                let address = job["links"]["this"].as_str().unwrap().to_owned();
                let done = analyst.wait(&server, &address, &["accepted", "running"], 300);
                code = done["problem"]["code"].as_str().map(str::to_owned);
            }
            let as_expected = match file.expected {
                Expected::Refused(expected) => code.as_deref() == Some(expected),
                Expected::Finding(_) => code.is_none(),
            };
            if !as_expected {
                wrong.push(format!("{}: {:?}, but {code:?} ({})", file.name, file.expected, seen["state"]));
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
