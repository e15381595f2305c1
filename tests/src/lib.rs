//! What the end-to-end tests share: the built program, a workspace, real data where it is there.
//!
//! The tests know the program by its command line and its files alone.

#![allow(clippy::expect_used, clippy::panic, clippy::print_stderr, reason = "this crate is for tests alone")]

pub mod hostile;
pub mod limits;
pub mod made;
pub mod service;
pub mod stores;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The program, built beside the tests.
///
/// # Panics
/// When it is not built; `make test` builds it first.
#[must_use]
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let built = test.ancestors().nth(2).expect("a target folder").join("belcheer");
    assert!(built.exists(), "belcheer is not built; run: cargo build --package belcheer-cli");
    built
}

/// The project's folder.
///
/// # Panics
/// Never in a checkout.
#[must_use]
pub fn project() -> PathBuf {
    Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
        .parent()
        .expect("tests lie in the project")
        .to_path_buf()
}

/// Real data beside the project, where it is there; tests that find none say so and pass.
#[must_use]
pub fn shared() -> Option<PathBuf> {
    let place = std::env::var_os("BELCHEER_SHARED").map(PathBuf::from);
    let place = place.or_else(|| project().parent().map(|p| p.join("shared")))?;
    if place.join("data").is_dir() {
        return Some(place);
    }
    eprintln!("skipped: no shared data");
    None
}

/// A workspace in a folder of its own, gone with the value.
#[derive(Debug)]
pub struct Workspace {
    folder: tempfile::TempDir,
}

impl Workspace {
    /// An empty folder, not initialised.
    ///
    /// # Panics
    /// When no temporary folder can be made.
    #[must_use]
    pub fn folder() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// A ready workspace.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn init() -> Self {
        let workspace = Self::folder();
        let done = workspace.run(&["init", workspace.path("ws").to_str().expect("a path")]);
        assert!(done.status.success(), "{done:?}");
        workspace
    }

    /// A path in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command of the program in this workspace.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        let stores = stores::of(&self.path("ws"));
        for (variable, value) in [("DATABASE_URL", stores.database), ("BELCHEER_BLOBS", stores.blobs)] {
            match value {
                Some(value) => command.env(variable, value),
                None => command.env_remove(variable),
            };
        }
        command
            .args(arguments)
            .env("BELCHEER_WORKSPACE", self.path("ws"))
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .current_dir(self.folder.path());
        command
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs a command that must end within some seconds.
    ///
    /// # Panics
    /// When it cannot be started, or is still running then; it is ended.
    #[must_use]
    pub fn run_within(&self, seconds: u64, arguments: &[&str]) -> Ended {
        let child = self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let child = child.expect("the program starts");
        let id = child.id().to_string();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || drop(tell.send(child.wait_with_output())));
        let Ok(output) = told.recv_timeout(Duration::from_secs(seconds)) else {
            drop(Command::new("kill").args(["-KILL", &id]).status());
            panic!("{arguments:?} did not end within {seconds} s");
        };
        let output = output.expect("the program's output can be read");
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a command that must end with one of these exit codes; gives standard output.
    ///
    /// # Panics
    /// When it ends otherwise.
    #[must_use]
    pub fn expect(&self, codes: &[i32], arguments: &[&str]) -> String {
        let done = self.run(arguments);
        let code = done.status.code().unwrap_or(-1);
        assert!(codes.contains(&code), "{arguments:?} ended with {code}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    }

    /// The digest of everything the workspace holds.
    ///
    /// # Panics
    /// When `doctor` fails.
    #[must_use]
    pub fn digest(&self) -> String {
        self.expect(&[0], &["doctor"]).lines().next().expect("a first line").to_owned()
    }
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ended {
    /// The same when the exit code is one of these.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn with(self, codes: &[i32]) -> Self {
        assert!(self.code.is_some_and(|code| codes.contains(&code)), "ended with {:?}: {}", self.code, self.stderr);
        self
    }

    /// The lines of standard error that tell a finding of this code.
    #[must_use]
    pub fn findings(&self, code: &str) -> Vec<&str> {
        let mark = format!("[{code}]");
        self.stderr.lines().filter(|line| line.ends_with(&mark)).collect()
    }
}

/// Rows of a CSV file as maps from heading to cell.
///
/// # Panics
/// When the file is not CSV.
#[must_use]
pub fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a CSV file");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// A number in a cell; `None` for an empty one.
///
/// # Panics
/// When the cell is neither.
#[must_use]
pub fn number(row: &BTreeMap<String, String>, column: &str) -> Option<f64> {
    let cell = row.get(column).unwrap_or_else(|| panic!("no column {column} in {row:?}"));
    (!cell.is_empty()).then(|| cell.parse().unwrap_or_else(|_| panic!("{column} = {cell}")))
}
