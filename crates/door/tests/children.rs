//! Whatever a child does, the parent lives and gets a plain answer.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{fs, path::PathBuf, time::Instant};

use belcheer_door::{Door, DoorError, Limits};
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
    door().run(kind, &json!({ "file": "x" }))
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
    assert!(matches!(run("abort"), Err(DoorError::Crashed { signal: 6 })));
    assert!(matches!(run("overflow"), Err(DoorError::Crashed { .. })));
    assert!(matches!(run("allocate"), Err(DoorError::OutOfMemory { .. })));
    assert!(matches!(run("panic"), Err(DoorError::Panicked)));
    assert!(matches!(run("exit"), Err(DoorError::Exited { code: 9 })));
    assert!(matches!(run("junk"), Err(DoorError::UnreadableAnswer)));
    assert!(matches!(run("flood"), Err(DoorError::AnswerTooLong { .. })));
    assert!(matches!(run("nonsense"), Err(DoorError::UnknownJob { kind }) if kind == "nonsense"));
    assert!(matches!(run("spin"), Err(DoorError::CpuTime { seconds: 1 })));
    // and the door still works
    assert_eq!(run("echo").unwrap(), json!({ "file": "x" }));
}

#[test]
fn a_hanging_child_is_killed_in_time() {
    let mut door = door();
    door.limits.wall_seconds = 1;
    let start = Instant::now();
    assert!(matches!(door.run::<_, Value>("hang", &()), Err(DoorError::TimedOut { seconds: 1 })));
    assert!(start.elapsed().as_secs() < 10);
}

#[test]
fn files_are_limited_in_size_and_number() {
    let path = std::env::temp_dir().join(format!("belcheer-door-{}", std::process::id()));
    let written: Result<Value, _> = door().run("write", &path);
    assert!(matches!(written, Err(DoorError::FileTooLarge { .. })), "{written:?}");
    assert_eq!(fs::metadata(&path).unwrap().len(), 64 << 10);
    fs::remove_file(&path).unwrap();
    let opened: u64 = door().run("open", &()).unwrap();
    assert!(opened < 16);
}

#[test]
fn the_environment_is_emptied() {
    let names: Vec<String> = door().run("environment", &()).unwrap();
    assert!(names.contains(&"GDAL_PAM_ENABLED".to_owned()));
    for secret in ["HOME", "USER", "DATABASE_URL", "CARGO_MANIFEST_DIR"] {
        assert!(!names.contains(&secret.to_owned()), "{secret}");
    }
}

#[test]
fn a_missing_program_and_wrong_reply_types_are_told() {
    let nowhere = Door::to("/nonexistent/belcheer");
    assert!(matches!(nowhere.run::<_, Value>("echo", &()), Err(DoorError::NotStarted(_))));
    assert!(nowhere.run::<_, Value>("echo", &()).unwrap_err().as_refusal("a.tif").is_none());
    assert!(matches!(door().run::<_, u64>("echo", &"text"), Err(DoorError::UnreadableAnswer)));
}

#[test]
fn deaths_are_refusals_of_the_file_in_both_languages() {
    let refusal = run("allocate").unwrap_err().as_refusal("ndvi.tif").unwrap();
    assert_eq!((refusal.code.as_str(), refusal.place.as_str()), ("reader_out_of_memory", "ndvi.tif"));
    assert!(refusal.text_en.contains("ran out of memory") && refusal.text_mn.contains("санах ой"));
}
