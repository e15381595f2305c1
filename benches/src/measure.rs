//! One run of a program, and what it cost.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use wait4::Wait4;

/// Variables that keep the libraries of peers to one thread and their messages short.
const ONE_THREAD: [(&str, &str); 7] = [
    ("OMP_NUM_THREADS", "1"),
    ("OPENBLAS_NUM_THREADS", "1"),
    ("NUMBA_NUM_THREADS", "1"),
    ("GDAL_NUM_THREADS", "1"),
    ("RAYON_NUM_THREADS", "1"),
    ("GDAL_CACHEMAX", "512"),
    ("PYTHONWARNINGS", "ignore"),
];

/// A program with its arguments.
#[derive(Debug, Clone)]
pub struct Invocation {
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    exit_codes: Vec<i32>,
}

impl Invocation {
    /// A program that tells success by exit code 0.
    pub fn new<S: Into<String>>(program: impl Into<PathBuf>, arguments: impl IntoIterator<Item = S>) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            environment: Vec::new(),
            exit_codes: vec![0],
        }
    }

    /// The same with an environment variable set.
    #[must_use]
    pub fn with(mut self, name: &str, value: &Path) -> Self {
        self.environment.push((name.to_owned(), value.to_string_lossy().into_owned()));
        self
    }

    /// The same, also content with exit code 1: done, with findings.
    #[must_use]
    pub fn or_findings(mut self) -> Self {
        self.exit_codes.push(1);
        self
    }

    /// The command behind `perf stat`, which writes counts to `counts`, or by itself.
    fn command(&self, counts: Option<&Path>) -> Command {
        let mut command = match counts {
            None => Command::new(&self.program),
            Some(file) => {
                let mut perf = Command::new("perf");
                perf.args(["stat", "-x,", "-e", "instructions:u", "-o"]).arg(file).arg("--").arg(&self.program);
                perf
            }
        };
        command.args(&self.arguments).envs(ONE_THREAD).envs(self.environment.iter().cloned());
        command
    }
}

/// What one run cost, descendants included.
#[derive(Debug, Clone, Default)]
pub struct Cost {
    /// Processor time in user mode, seconds.
    pub user_s: f64,
    /// Processor time in the kernel, seconds.
    pub system_s: f64,
    /// From start to end, seconds.
    pub wall_s: f64,
    /// Largest resident memory of any one process, megabytes of 10^6 bytes.
    pub peak_mb: f64,
    /// Instructions in user mode, where the machine counts them.
    pub instructions: Option<f64>,
    /// Numbers that the program printed about itself, as JSON on a line.
    pub told: BTreeMap<String, f64>,
}

/// Whether this machine counts instructions for `perf`.
#[must_use]
pub fn counts_instructions() -> bool {
    let output = Command::new("perf").args(["stat", "-x,", "-e", "instructions:u", "true"]).output();
    output.is_ok_and(|o| o.status.success() && instructions(&String::from_utf8_lossy(&o.stderr)).is_some())
}

/// Runs a program to its end; its output goes to files in `scratch`.
///
/// # Errors
/// When it cannot be started or fails; the message ends with the last line it wrote.
pub fn run(invocation: &Invocation, scratch: &Path, counting: bool) -> Result<Cost> {
    let (out, err, counts) = (scratch.join("stdout"), scratch.join("stderr"), scratch.join("counts"));
    let mut command = invocation.command(counting.then_some(&counts));
    command.stdin(Stdio::null()).stdout(File::create(&out)?).stderr(File::create(&err)?);
    let start = Instant::now();
    let child = command.spawn().with_context(|| format!("cannot start {}", invocation.program.display()))?;
    let used = child.wait4()?;
    let wall_s = start.elapsed().as_secs_f64();
    if !used.status.code().is_some_and(|code| invocation.exit_codes.contains(&code)) {
        let (err, out) = (read(&err), read(&out));
        bail!("{}: {}", used.status, last_line(&err).or_else(|| last_line(&out)).unwrap_or("it wrote nothing"));
    }
    Ok(Cost {
        user_s: used.rusage.utime.as_secs_f64(),
        system_s: used.rusage.stime.as_secs_f64(),
        wall_s,
        peak_mb: used.rusage.maxrss as f64 / 1e6,
        instructions: counting.then(|| instructions(&read(&counts))).flatten(),
        told: told(&read(&out)),
    })
}

/// Runs a program and gives what it wrote to standard output.
///
/// # Errors
/// As [`run`].
pub fn ask(invocation: &Invocation, scratch: &Path) -> Result<String> {
    run(invocation, scratch, false)?;
    Ok(read(&scratch.join("stdout")))
}

fn read(path: &Path) -> String {
    fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn last_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim).rfind(|line| !line.is_empty())
}

/// The count in a line of `perf stat -x,`.
fn instructions(text: &str) -> Option<f64> {
    text.lines().find(|line| line.contains("instructions"))?.split(',').next()?.parse().ok()
}

/// The numbers of the last line that is a JSON object, with or without the word RESULT before it.
fn told(text: &str) -> BTreeMap<String, f64> {
    let object = |line: &str| {
        let json = line.strip_prefix("RESULT ").unwrap_or(line);
        serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(json).ok()
    };
    let last = text.lines().rev().find_map(object).unwrap_or_default();
    last.into_iter().filter_map(|(name, value)| Some((name, value.as_f64()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_measured_and_heard() {
        let folder = tempfile::tempdir().unwrap();
        let call = Invocation::new("sh", ["-c", r#"echo 'RESULT {"join_s": 0.5, "rule": "x"}'; exit 1"#]);
        assert!(run(&call, folder.path(), false).unwrap_err().to_string().contains("exit status: 1"));
        let cost = run(&call.or_findings(), folder.path(), false).unwrap();
        assert_eq!(cost.told, BTreeMap::from([("join_s".to_owned(), 0.5)]));
        assert!(cost.peak_mb > 0.0 && cost.wall_s > 0.0);
    }

    #[test]
    fn counts_are_read_where_there_are_any() {
        assert_eq!(instructions("123456,,instructions:u,100,100.00,,\n"), Some(123_456.0));
        assert_eq!(instructions("<not supported>,,instructions:u,0,100.00,,\n"), None);
    }
}
