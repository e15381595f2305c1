//! A child that misbehaves on demand; the tests of the door start it.

use std::{
    hint::black_box,
    io::{self, Write},
    process::{self, ExitCode},
    thread,
};

use belcheer_door::{Handled, Refusal, serve};
use serde_json::Value;

fn main() -> ExitCode {
    match serve(io::stdin().lock(), io::stdout(), misbehave) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(2),
    }
}

fn misbehave(kind: &str, body: Value) -> Handled {
    match kind {
        "echo" => Some(Ok(body)),
        "environment" => Some(Ok(std::env::vars().map(|(name, _)| name).collect::<Vec<_>>().into())),
        "refuse" => Some(Err(Refusal::new("bad_row", "plots.csv, line 3", "no plot number", "талбайн дугаар алга"))),
        "panic" => {
            let none: Vec<u8> = Vec::new();
            Some(Ok(none[black_box(7)].into()))
        }
        "hang" => loop {
            thread::park();
        },
        "spin" => loop {
            black_box(1);
        },
        "abort" => process::abort(),
        "exit" => process::exit(9),
        "overflow" => Some(Ok(deep(black_box(u64::MAX)).into())),
        "allocate" => {
            let mut kept = Vec::new();
            loop {
                // never written to: filling pages takes processor time, and that is another limit
                kept.push(black_box(Vec::<u8>::with_capacity(1 << 20)));
            }
        }
        "junk" => {
            drop(io::stdout().write_all(b"\x1e{\"done\": nonsense"));
            process::exit(0)
        }
        "chatter" => {
            drop(io::stdout().write_all(b"a library prints this\n"));
            drop(io::stderr().write_all(&vec![b'.'; 1 << 20]));
            Some(Ok(body))
        }
        "flood" => loop {
            if io::stdout().write_all(&[b'x'; 4096]).is_err() {
                process::exit(1);
            }
        },
        "write" => {
            let path = body.as_str().unwrap_or_default().to_owned();
            let grown = std::fs::File::create(path).and_then(|mut file| {
                loop {
                    file.write_all(&[0; 4096])?;
                }
            });
            Some(Ok(Value::from(grown.is_ok_and(|()| true))))
        }
        "open" => {
            let mut files = Vec::new();
            while let Ok(file) = std::fs::File::open("/dev/null") {
                files.push(file);
            }
            Some(Ok(files.len().into()))
        }
        _ => None,
    }
}

/// Uses up the stack.
fn deep(n: u64) -> u64 {
    let frame = black_box([n; 64]);
    if n == 0 { 0 } else { deep(n - 1).wrapping_add(frame[1]) }
}
