//! Every file of the hostile table goes through the built program: each ends as the table says, and nothing else
//! happens.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "what a test expects")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use belcheer_tests::Workspace;
use belcheer_tests::hostile::{BAIT, Class, Expected, Handed, HostileFile, files};
use wait4::Wait4;

/// No file may keep the program longer than this, seconds.
const SECONDS_MAX: u64 = 60;

/// No reader may need more memory than this for a file of the table, bytes: its address space is limited to 1.5 GiB.
const MEMORY_MAX: u64 = 1 << 30;

/// How the program ended on a file.
struct Ended {
    code: Option<i32>,
    stderr: String,
    /// Most memory of the program or a reader it started, bytes.
    memory: u64,
    took: Duration,
}

/// Runs the program to its end, which must come in time.
fn run(workspace: &Workspace, arguments: &[&str]) -> Ended {
    let started = Instant::now();
    let mut child = workspace.command(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stderr.take().unwrap();
    let id = child.id().to_string();
    let ended = thread::spawn(move || child.wait4().unwrap());
    let stderr = thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).map(|_| String::from_utf8_lossy(&bytes).into_owned()).unwrap()
    });
    while !ended.is_finished() {
        if started.elapsed().as_secs() > SECONDS_MAX {
            drop(Command::new("kill").args(["-KILL", &id]).status());
            panic!("{arguments:?} did not end within {SECONDS_MAX} s");
        }
        thread::sleep(Duration::from_millis(5));
    }
    let ended = ended.join().unwrap();
    let stderr = stderr.join().unwrap();
    Ended { code: ended.status.code(), stderr, memory: ended.rusage.maxrss, took: started.elapsed() }
}

/// Writes a file and what lies beside it; gives the path to hand in.
fn written(workspace: &Workspace, file: &HostileFile) -> PathBuf {
    if file.handed != Handed::Lm2 {
        let path = workspace.path(file.name);
        fs::write(&path, &file.bytes).unwrap();
        return path;
    }
    let folder = workspace.path(file.name);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("pointdetailvalue.json"), &file.bytes).unwrap();
    for (name, bytes) in &file.beside {
        fs::write(folder.join(name), bytes).unwrap();
    }
    folder
}

/// What is wrong with how a file ended; `None` when it ended as the table says.
fn judged(workspace: &Workspace, file: &HostileFile, before: &str, ended: &Ended) -> Option<String> {
    let stderr = &ended.stderr;
    let own = workspace.path("");
    let paths = [own.to_str().unwrap(), "/tmp", "/proc", "/usr", "/vsi"];
    // a file's own text may be told back; nothing of the machine is
    let quoted = String::from_utf8_lossy(&file.bytes);
    let path = paths.iter().find(|path| stderr.contains(*path) && !quoted.contains(**path));
    if let Some(path) = path {
        return Some(format!("tells {path}"));
    }
    if stderr.contains("panicked") || stderr.contains("root:") {
        return Some("tells what it should not".to_owned());
    }
    if ended.memory > MEMORY_MAX {
        return Some(format!("needed {} MiB", ended.memory >> 20));
    }
    let after = workspace.digest();
    match file.expected {
        Expected::Refused(code) => {
            let refused: Vec<&str> = stderr.lines().filter(|line| line.starts_with("refused: ")).collect();
            let mongolian = stderr.lines().any(|line| line.starts_with("татгалзав: ") && line.len() > 30);
            let right = matches!(refused[..], [line] if line.ends_with(&format!("[{code}]")));
            match (ended.code, right, mongolian, after == before) {
                (Some(3), true, true, true) => None,
                (Some(3), true, true, false) => Some("was refused and left a trace".to_owned()),
                (Some(3), true, false, _) => Some("has no Mongolian sentence".to_owned()),
                (code_now, ..) => Some(format!("expected {code}, ended with {code_now:?}")),
            }
        }
        Expected::Finding(code) => {
            let found = stderr.lines().any(|line| line.ends_with(&format!("[{code}]")));
            let read = matches!(ended.code, Some(0 | 1));
            (!(read && found)).then(|| format!("expected the finding {code}, ended with {:?}", ended.code))
        }
    }
}

/// Hands in files one after another; tells what is wrong with each.
fn go_through(files: &[HostileFile], wrong: &Mutex<Vec<String>>, most: &Mutex<(u64, &'static str)>) {
    let workspace = Workspace::init();
    let mut before = workspace.digest();
    for file in files {
        let path = written(&workspace, file);
        let ended = run(&workspace, &file.handed.arguments(path.to_str().unwrap()));
        if let Some(fault) = judged(&workspace, file, &before, &ended) {
            let told: String = ended.stderr.chars().take(600).collect();
            wrong.lock().unwrap().push(format!("{} ({:?}) {fault}\n{told}", file.name, file.class));
        }
        if ended.took.as_secs() >= 10 {
            eprintln!("{}: {:.1} s", file.name, ended.took.as_secs_f64());
        }
        let mut most = most.lock().unwrap();
        *most = (*most).max((ended.memory, file.name));
        drop(most);
        before = workspace.digest();
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn every_hostile_file_ends_as_the_table_says() {
    let files = files();
    let bait = TcpListener::bind(BAIT).ok();
    let (wrong, most) = (Mutex::new(Vec::new()), Mutex::new((0, "")));
    thread::scope(|scope| {
        for part in files.chunks(files.len().div_ceil(2)) {
            let (wrong, most) = (&wrong, &most);
            scope.spawn(move || go_through(part, wrong, most));
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {} files:\n{}", wrong.len(), files.len(), wrong.join("\n"));
    let (memory, name) = most.into_inner().unwrap();
    eprintln!("{} files; most memory {} MiB, for {name}", files.len(), memory >> 20);
    match bait {
        Some(bait) => {
            bait.set_nonblocking(true).unwrap();
            assert!(bait.accept().is_err(), "something of a file was fetched");
        }
        None => eprintln!("skipped: {BAIT} is in use, so nothing could listen there"),
    }
}

#[test]
fn the_table_has_every_class_and_no_name_twice() {
    let files = files();
    let names: BTreeSet<(&str, bool)> = files.iter().map(|f| (f.name, f.handed == Handed::Lm2)).collect();
    assert_eq!(names.len(), files.len());
    let mut classes: BTreeMap<Class, usize> = BTreeMap::new();
    for file in &files {
        *classes.entry(file.class).or_default() += 1;
    }
    assert!(files.len() >= 150, "{} files", files.len());
    assert_eq!(classes.len(), 13, "{classes:?}");
    assert!(classes.values().all(|n| *n >= 10), "{classes:?}");
}
