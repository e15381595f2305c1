//! A child that misbehaves on demand; the tests of the door start it.

use std::{
    fs,
    hint::black_box,
    io::{self, Write},
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::{
        net::UnixStream,
        process::{CommandExt, parent_id},
    },
    path::PathBuf,
    process::{self, Command, ExitCode},
    thread,
};

use belcheer_door::{Handled, Refusal, serve};
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, setrlimit};
use serde_json::{Value, json};

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
        "scratch" => {
            let folder = std::env::temp_dir();
            Some(Ok(json!([folder, fs::write(folder.join("kept"), b"x").is_ok()])))
        }
        "threads" => {
            let alive: Vec<_> = (0..8).filter_map(|n: u64| thread::Builder::new().spawn(move || n * n).ok()).collect();
            Some(Ok(alive.into_iter().filter_map(|running| running.join().ok()).sum::<u64>().into()))
        }
        _ => dies(kind).or_else(|| answers_badly(kind, &body)).or_else(|| breaks_out(kind, &body)),
    }
}

/// Ways to end without an answer, or never.
fn dies(kind: &str) -> Handled {
    // more than once: the standard library lets the first of some pass, to look for stack overflows
    let signal = |signal| loop {
        kill_process(rustix::process::getpid(), signal).ok();
    };
    match kind {
        "panic" => {
            let none: Vec<u8> = Vec::new();
            Some(Ok(none[black_box(7)].into()))
        }
        "hang" => loop {
            thread::park();
        },
        "mute_and_hang" => {
            mute();
            loop {
                thread::park();
            }
        }
        "spin" => loop {
            black_box(1);
        },
        "spin_in_threads" => {
            for _ in 0..3 {
                thread::spawn(|| {
                    loop {
                        black_box(1);
                    }
                });
            }
            loop {
                thread::park();
            }
        }
        "abort" => process::abort(),
        "exit" => process::exit(9),
        "exit_well" => process::exit(0),
        "overflow" => Some(Ok(deep(black_box(u64::MAX)).into())),
        "allocate" => {
            let mut kept = Vec::new();
            loop {
                // never written to: filling pages takes processor time, and that is another limit
                kept.push(black_box(Vec::<u8>::with_capacity(1 << 20)));
            }
        }
        "allocate_at_once" => Some(Ok(black_box(vec![1_u8; 1 << 40]).len().into())),
        "killed" => signal(Signal::KILL),
        "segfault" => signal(Signal::SEGV),
        "bus_error" => signal(Signal::BUS),
        "illegal" => signal(Signal::ILL),
        "division" => signal(Signal::FPE),
        "terminated" => signal(Signal::TERM),
        "stopped" => signal(Signal::STOP),
        _ => None,
    }
}

/// Answers that are none.
fn answers_badly(kind: &str, body: &Value) -> Handled {
    let print_and_end = |bytes: &[u8]| {
        drop(io::stdout().write_all(bytes));
        process::exit(0)
    };
    match kind {
        "junk" => print_and_end(b"\x1e{\"done\": nonsense"),
        "half" => print_and_end(b"\x1e{\"protections\":{\"files\":\"full\",\"calls\":\"full\"},\"answer\":{\"done\""),
        "no_utf8" => {
            print_and_end(b"\x1e{\"protections\":{\"files\":\"full\",\"calls\":\"full\"},\"answer\":\"\xff\"}")
        }
        "nested" => print_and_end(&[&b"\x1e"[..], &[b'['; 20_000]].concat()),
        "mute" => {
            mute();
            Some(Ok(body.clone()))
        }
        "chatter" => {
            drop(io::stdout().write_all(b"a library prints this\n"));
            drop(io::stderr().write_all(&vec![b'.'; 1 << 20]));
            Some(Ok(body.clone()))
        }
        "flood" => loop {
            if io::stdout().write_all(&[b'x'; 4096]).is_err() {
                process::exit(1);
            }
        },
        "long" => Some(Ok("x".repeat(1 << 20).into())),
        _ => None,
    }
}

/// Ways out: what the system said to each.
fn breaks_out(kind: &str, body: &Value) -> Handled {
    let path = PathBuf::from(body.as_str().unwrap_or_default());
    let own = std::env::temp_dir().join("own");
    let told = |tried: io::Result<()>| {
        Some(Ok(tried.map_or_else(|e| format!("{:?}", e.kind()), |()| "done".to_owned()).into()))
    };
    match kind {
        "write" => {
            let grown = fs::File::create(path).and_then(|mut file| {
                loop {
                    file.write_all(&[0; 4096])?;
                }
            });
            Some(Ok(Value::from(grown.is_ok_and(|()| true))))
        }
        "open" => {
            let mut files = Vec::new();
            while let Ok(file) = fs::File::open("/dev/null") {
                files.push(file);
            }
            Some(Ok(files.len().into()))
        }
        "read" => told(fs::read(path).map(drop)),
        "list" => told(fs::read_dir(path).map(drop)),
        "make" => told(fs::write(path, b"x")),
        "remove" => told(fs::remove_file(path)),
        "shorten" => told(fs::File::options().write(true).truncate(true).open(path).map(drop)),
        "link" => told(std::os::unix::fs::symlink(path, &own).and_then(|()| fs::read(&own)).map(drop)),
        "move_out" => told(fs::write(&own, b"x").and_then(|()| fs::rename(&own, path))),
        "parents_environment" => told(fs::read(format!("/proc/{}/environ", parent_id())).map(drop)),
        "connect" => told(TcpStream::connect(body.as_str().unwrap_or_default()).map(drop)),
        "listen" => told(TcpListener::bind("127.0.0.1:0").map(drop)),
        "datagram" => told(UdpSocket::bind("127.0.0.1:0").map(drop)),
        "pair" => told(UnixStream::pair().map(drop)),
        "start_program" => told(Command::new("/bin/true").status().map(drop)),
        "become_program" => told(Err(Command::new("/bin/true").exec())),
        "kill_parent" => {
            let parent = i32::try_from(parent_id()).ok().and_then(Pid::from_raw);
            told(parent.map_or(Ok(()), |parent| kill_process(parent, Signal::KILL).map_err(io::Error::from)))
        }
        "raise_limits" => {
            let free = Rlimit { current: None, maximum: None };
            told(setrlimit(Resource::As, free).map_err(io::Error::from))
        }
        _ => None,
    }
}

/// Closes the pipe to the parent: what is printed goes to a file of our own.
fn mute() {
    if let Ok(nowhere) = fs::File::create(std::env::temp_dir().join("printed")) {
        rustix::stdio::dup2_stdout(nowhere).ok();
    }
}

/// Uses up the stack.
fn deep(n: u64) -> u64 {
    let frame = black_box([n; 64]);
    if n == 0 { 0 } else { deep(n - 1).wrapping_add(frame[1]) }
}
