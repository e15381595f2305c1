//! A scheduler and two executors on loopback give the bytes that one process gives, whoever is killed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test that finds something missing has failed"
)]

use std::collections::BTreeMap;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

const PROGRAM: &str = env!("CARGO_BIN_EXE_belcheer-cluster");

/// A server, ended with the value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A free port whose next one is free, too.
fn ports() -> u16 {
    for _ in 0..100 {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
    panic!("no two free ports");
}

fn until(what: &str, done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(120), "{what} did not come");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

fn server(folder: &Path, name: &str, port: u16, arguments: &[&str]) -> Server {
    let log = std::fs::File::create(folder.join(format!("{name}-{port}.log"))).unwrap();
    let child = Command::new(PROGRAM)
        .args(["--threads", "1", "cluster", name])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let server = Server(child);
    until(name, || TcpStream::connect(("127.0.0.1", port)).is_ok());
    server
}

fn scheduler(folder: &Path, port: u16) -> Server {
    server(folder, "scheduler", port, &["--listen", &format!("127.0.0.1:{port}")])
}

fn executor(folder: &Path, of: u16) -> Server {
    let port = ports();
    let work = folder.join(format!("work-{port}"));
    let (scheduler, listen) = (format!("127.0.0.1:{of}"), format!("127.0.0.1:{port}"));
    let arguments = ["--scheduler", &scheduler, "--listen", &listen, "--work-dir", work.to_str().unwrap()];
    server(folder, "executor", port, &arguments)
}

fn assess(folder: &Path, out: &str, more: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(["--workspace", "ws", "--quiet", "assess", "--baseline", "2009..2018", "--reporting", "2019..2024"])
        .args(["-o", out])
        .args(more)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

fn finishes(folder: &Path, child: Child, out: &str) -> Vec<u8> {
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(matches!(ended.status.code(), Some(0 | 1)), "{out}: {said}");
    std::fs::read(folder.join(out).join("indicators.csv")).unwrap()
}

/// Pieces that are kept, and when each was written.
fn kept(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let folders = std::fs::read_dir(folder.join("ws/partials")).into_iter().flatten().flatten();
    let files =
        folders.filter(|f| f.file_name() != "zones").flat_map(|f| std::fs::read_dir(f.path()).into_iter().flatten());
    // what is being written has a # in its name
    let whole = files.flatten().filter(|file| !file.file_name().to_string_lossy().contains('#'));
    whole.filter_map(|file| Some((file.path(), file.metadata().ok()?.modified().ok()?))).collect()
}

fn pieces(folder: &Path) -> usize {
    kept(folder).len()
}

#[test]
fn a_cluster_gives_the_bytes_of_one_process_whoever_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let made = Command::new(PROGRAM)
        .args(["--quiet", "sample", "ws", "--resolution", "0.004", "--soums", "12"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let start = |out: &str, more: &[&str]| {
        drop(std::fs::remove_dir_all(folder.join("ws/partials")));
        assess(folder, out, more).spawn().unwrap()
    };
    let one = finishes(folder, start("one", &["--engine", "local"]), "one");

    let port = ports();
    let address = format!("http://127.0.0.1:{port}");
    let distributed = ["--engine", "ballista", "--scheduler", &address];
    let absent = start("absent", &distributed).wait_with_output().unwrap();
    assert_eq!(absent.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&absent.stderr).contains("no scheduler answers"));

    let first = scheduler(folder, port);
    let _steady = executor(folder, port);
    let lost = executor(folder, port);
    assert!(one == finishes(folder, start("cluster", &distributed), "cluster"), "the cluster's bytes differ");

    // an executor is killed in the middle
    let child = start("lost", &distributed);
    until("a piece", || pieces(folder) > 3);
    drop(lost);
    assert!(one == finishes(folder, child, "lost"), "bytes differ after an executor was lost");

    // the scheduler is killed in the middle and comes back; what was kept is not computed again
    let child = start("restarted", &distributed);
    until("a piece", || pieces(folder) > 3);
    drop(first);
    let second = scheduler(folder, port);
    assert!(one == finishes(folder, child, "restarted"), "bytes differ after the scheduler was lost");
    let all = pieces(folder);

    // scheduler and client are killed; another client resumes, and no piece is computed twice
    let mut child = start("killed", &distributed);
    until("a piece", || pieces(folder) > 3);
    drop(second);
    child.kill().unwrap();
    drop(child.wait());
    let before = kept(folder);
    assert!(before.len() < all, "it was killed at the end");
    let _third = scheduler(folder, port);
    let resumed = assess(folder, "resumed", &[&distributed[..], &["--resume"]].concat()).spawn().unwrap();
    assert!(one == finishes(folder, resumed, "resumed"), "bytes differ after --resume");
    let after = kept(folder);
    assert!(after.len() == all && before.iter().all(|(piece, written)| after[piece] == *written));
}
