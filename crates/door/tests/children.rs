//! Whatever a child does, the parent lives and gets a plain answer.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use belcheer_door::{Door, DoorError, Hold, Limits, Reach};
use serde_json::{Value, json};

/// The misbehaving program, built beside the tests.
fn child() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    tests.ancestors().nth(2).unwrap().join("examples/door_child")
}

fn door() -> Door {
    let limits = Limits {
        address_space: 512 << 20,
        cpu_seconds: 1,
        file_size: 64 << 10,
        open_files: 16,
        wall_seconds: 20,
        answer_bytes: 64 << 10,
    };
    Door { program: child(), limits }
}

fn run(kind: &str) -> Result<Value, DoorError> {
    door().run(kind, &json!({ "file": "x" }), &Reach::default())
}

#[test]
fn a_good_job_is_answered() {
    assert_eq!(run("echo").unwrap(), json!({ "file": "x" }));
    assert_eq!(run("chatter").unwrap(), json!({ "file": "x" }));
}

#[test]
fn a_refusal_keeps_its_place_and_its_languages() {
    let Err(DoorError::Refused(refusal)) = run("refuse") else { panic!("not refused") };
    assert_eq!((refusal.code.as_str(), refusal.place.as_str()), ("bad_row", "plots.csv, line 3"));
    assert_eq!(refusal.text_mn, "талбайн дугаар алга");
}

#[test]
fn every_death_is_one_clean_error() {
    let kinds = [
        ("abort", "Crashed { signal: 6 }"),
        ("overflow", "Crashed"),
        ("segfault", "Crashed { signal: 11 }"),
        ("bus_error", "Crashed { signal: 7 }"),
        ("illegal", "Crashed { signal: 4 }"),
        ("division", "Crashed { signal: 8 }"),
        ("terminated", "Crashed { signal: 15 }"),
        ("killed", "OutOfMemory"),
        ("allocate", "OutOfMemory"),
        ("allocate_at_once", "OutOfMemory"),
        ("panic", "Panicked"),
        ("exit", "Exited { code: 9 }"),
        ("exit_well", "UnreadableAnswer"),
        ("mute", "UnreadableAnswer"),
        ("junk", "UnreadableAnswer"),
        ("half", "UnreadableAnswer"),
        ("no_utf8", "UnreadableAnswer"),
        ("nested", "UnreadableAnswer"),
        ("flood", "AnswerTooLong"),
        ("long", "AnswerTooLong"),
        ("nonsense", "UnknownJob { kind: \"nonsense\" }"),
        ("spin", "CpuTime { seconds: 1 }"),
        ("spin_in_threads", "CpuTime { seconds: 1 }"),
    ];
    for (kind, expected) in kinds {
        let error = run(kind).expect_err(kind);
        assert!(format!("{error:?}").starts_with(expected), "{kind}: {error:?}");
        let refusal = error.as_refusal("a.tif");
        assert_eq!(refusal.is_none(), kind == "nonsense", "{kind}");
        // and the door still works
        assert_eq!(run("echo").unwrap(), json!({ "file": "x" }));
    }
}

#[test]
fn a_hanging_child_is_killed_in_time() {
    let mut door = door();
    door.limits.wall_seconds = 1;
    for kind in ["hang", "mute_and_hang", "stopped"] {
        let start = Instant::now();
        let ended = door.run::<_, Value>(kind, &(), &Reach::default());
        assert!(matches!(ended, Err(DoorError::TimedOut { seconds: 1 })), "{kind}: {ended:?}");
        assert!(start.elapsed().as_secs() < 10, "{kind}");
    }
}

#[test]
fn files_are_limited_in_size_and_number() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grown");
    let written: Result<Value, _> = door().run("write", &path, &Reach::default().write(folder.path()));
    assert!(matches!(written, Err(DoorError::FileTooLarge { .. })), "{written:?}");
    assert_eq!(fs::metadata(&path).unwrap().len(), 64 << 10);
    let opened: u64 = door().run("open", &(), &Reach::default()).unwrap();
    assert!(opened < 16);
}

#[test]
fn readers_can_still_work() {
    assert_eq!(run("threads").unwrap(), json!(140));
    let (folder, written): (PathBuf, bool) = door().run("scratch", &(), &Reach::default()).unwrap();
    assert!(written, "a temporary file can be made");
    assert!(!folder.exists(), "and is gone with the child");
    let place = tempfile::tempdir().unwrap();
    let (file, beside) = (place.path().join("a.csv"), place.path().join("b.csv"));
    for file in [&file, &beside] {
        fs::write(file, b"a,b").unwrap();
    }
    let tried = |kind: &str, path: &Path, reach: &Reach| door().run::<_, String>(kind, path, reach).unwrap();
    assert_eq!(tried("read", &file, &Reach::default().read(&file)), "done");
    assert_eq!(tried("list", place.path(), &Reach::default().list(place.path())), "done");
    assert_eq!(tried("make", &place.path().join("c.csv"), &Reach::default().write(place.path())), "done");
}

#[test]
fn nothing_outside_is_reached() {
    let probe = door().probe().unwrap();
    if probe.protections.files == Hold::Absent || probe.protections.calls == Hold::Absent {
        println!("skipped: this kernel has no fence: {probe:?}");
        return;
    }
    assert!(probe.holds(), "{probe:?}");
    let place = tempfile::tempdir().unwrap();
    let (file, beside) = (place.path().join("a.csv"), place.path().join("b.csv"));
    for file in [&file, &beside] {
        fs::write(file, b"a,b").unwrap();
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (outside, folder) = (beside.to_str().unwrap(), place.path().to_str().unwrap());
    let made = place.path().join("made");
    let reach = Reach::default().read(&file).list(place.path());
    for (kind, body) in [
        ("read", outside),
        ("read", "/etc/passwd"),
        ("read", "/proc/self/environ"),
        ("parents_environment", ""),
        ("list", "/"),
        ("list", "/proc"),
        ("make", made.to_str().unwrap()),
        ("make", file.to_str().unwrap()),
        ("make", &format!("{folder}/../escaped")),
        ("remove", outside),
        ("shorten", outside),
        ("shorten", file.to_str().unwrap()),
        ("link", "/etc/passwd"),
        ("connect", &address),
        ("listen", ""),
        ("datagram", ""),
        ("pair", ""),
        ("start_program", ""),
        ("kill_parent", ""),
        ("raise_limits", ""),
    ] {
        let told: String = door().run(kind, body, &reach).unwrap();
        assert_eq!(told, "PermissionDenied", "{kind} {body}");
    }
    let moved: String = door().run("move_out", made.to_str().unwrap(), &reach).unwrap();
    assert!(moved == "PermissionDenied" || moved == "CrossesDevices", "{moved}");
    let became = door().run::<_, String>("become_program", "", &reach).unwrap_err();
    assert!(matches!(became, DoorError::Forbidden), "{became:?}");
    assert_eq!(became.as_refusal("a.tif").unwrap().code, "reader_forbidden_call");
    assert_eq!(fs::read(&beside).unwrap(), b"a,b");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2, "nothing was made");
}

#[test]
fn the_environment_is_emptied() {
    let names: Vec<String> = door().run("environment", &(), &Reach::default()).unwrap();
    assert!(names.contains(&"GDAL_PAM_ENABLED".to_owned()));
    for secret in ["HOME", "USER", "DATABASE_URL", "CARGO_MANIFEST_DIR"] {
        assert!(!names.contains(&secret.to_owned()), "{secret}");
    }
}

#[test]
fn a_missing_program_and_wrong_reply_types_are_told() {
    let nowhere = Door::to("/nonexistent/belcheer");
    assert!(matches!(nowhere.run::<_, Value>("echo", &(), &Reach::default()), Err(DoorError::NotStarted(_))));
    assert!(nowhere.run::<_, Value>("echo", &(), &Reach::default()).unwrap_err().as_refusal("a.tif").is_none());
    assert!(matches!(door().run::<_, u64>("echo", &"text", &Reach::default()), Err(DoorError::UnreadableAnswer)));
}

#[test]
fn deaths_are_refusals_of_the_file_in_both_languages() {
    let refusal = run("allocate").unwrap_err().as_refusal("ndvi.tif").unwrap();
    assert_eq!((refusal.code.as_str(), refusal.place.as_str()), ("reader_out_of_memory", "ndvi.tif"));
    assert!(refusal.text_en.contains("ran out of memory") && refusal.text_mn.contains("санах ой"));
}
