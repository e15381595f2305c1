//! Where the programs, environments and workloads are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::alternate::{Entrant, Outcome, Patience, alternate};
use crate::measure::{Invocation, ask};

/// Everything that a workload needs to know of its surroundings.
#[derive(Debug, Clone)]
pub struct Place {
    /// The program measured.
    pub program: PathBuf,
    /// Folder of the helper programs built with this one.
    pub own_programs: PathBuf,
    /// Whether the workload is the national one.
    pub full: bool,
    /// All generated workloads, one folder each.
    pub data: PathBuf,
    /// The workload of the size asked for.
    pub workload: PathBuf,
    /// The Python environments, one folder each.
    pub environments: PathBuf,
    /// The compiled limit programs.
    pub limits: PathBuf,
    /// The peers' scripts.
    pub peers: PathBuf,
    /// Outputs.
    pub scratch: PathBuf,
    /// Whether instructions are counted.
    pub counting: bool,
}

/// A path as an argument.
#[must_use]
pub fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

impl Place {
    /// The program measured, on one thread, with these arguments.
    pub fn belcheer<S: Into<String>>(&self, arguments: impl IntoIterator<Item = S>) -> Invocation {
        self.belcheer_on(1, arguments)
    }

    /// The program measured, on so many threads.
    pub fn belcheer_on<S: Into<String>>(&self, threads: usize, arguments: impl IntoIterator<Item = S>) -> Invocation {
        let first = ["--quiet".to_owned(), "--threads".to_owned(), threads.to_string()];
        Invocation::new(&self.program, first.into_iter().chain(arguments.into_iter().map(Into::into))).or_findings()
    }

    /// The version of the program measured.
    #[must_use]
    pub fn version(&self) -> String {
        self.ask_version(&Invocation::new(&self.program, ["--version"]))
    }

    /// Whether the program has a command.
    #[must_use]
    pub fn has_command(&self, command: &str) -> bool {
        ask(&Invocation::new(&self.program, [command, "--help"]), &self.scratch).is_ok()
    }

    /// What a program says of its version, without its name.
    #[must_use]
    pub fn ask_version(&self, invocation: &Invocation) -> String {
        let said = ask(invocation, &self.scratch).unwrap_or_default();
        let version = said
            .split(|c: char| c.is_whitespace() || c == ',')
            .find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        version.unwrap_or("not known").to_owned()
    }

    /// A script of the peers in an environment, with the version of the package it measures.
    ///
    /// # Errors
    /// Why the package cannot be used.
    pub fn script(
        &self,
        environment: &str,
        package: &str,
        script: &str,
        arguments: &[String],
    ) -> Result<(Invocation, String), String> {
        let python = self.environments.join(environment).join("bin/python");
        if !python.exists() {
            return Err(format!("no Python that {package} can be installed for"));
        }
        let question = format!("import importlib.metadata as m; print(m.version('{package}'))");
        let version = ask(&Invocation::new(&python, ["-c", &question]), &self.scratch)
            .map_err(|error| format!("{package} is not installed ({error})"))?;
        let all = std::iter::once(text(&self.peers.join(script))).chain(arguments.iter().cloned());
        let call = Invocation::new(python, all).with("NUMBA_CACHE_DIR", &self.scratch.join("numba"));
        Ok((call, version.trim().to_owned()))
    }

    /// A compiled limit program.
    ///
    /// # Errors
    /// Why there is none.
    pub fn limit(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.limits.join(name);
        if path.exists() { Ok(path) } else { Err(format!("{name} was not compiled")) }
    }

    /// A program of the system with its version.
    ///
    /// # Errors
    /// When it is not installed.
    pub fn tool<S: Into<String>>(
        &self,
        name: &str,
        arguments: impl IntoIterator<Item = S>,
    ) -> Result<(Invocation, String), String> {
        let version = Invocation::new(name, ["--version"]);
        if ask(&version, &self.scratch).is_err() {
            return Err(format!("{name} is not installed"));
        }
        Ok((Invocation::new(name, arguments), self.ask_version(&version)))
    }

    /// Lets programs take turns.
    #[must_use]
    pub fn alternate(&self, entrants: Vec<Entrant>, patience: Patience) -> Vec<Outcome> {
        alternate(entrants, patience, &self.scratch, self.counting)
    }

    /// A file of the workload.
    #[must_use]
    pub fn input(&self, name: &str) -> String {
        text(&self.workload.join(name))
    }

    /// A file of the outputs.
    #[must_use]
    pub fn output(&self, name: &str) -> String {
        text(&self.scratch.join(name))
    }

    /// Asks a checking script of the peers, which answers `{"agree": ..., "text": ...}`.
    ///
    /// # Errors
    /// When it fails or answers otherwise.
    pub fn check(&self, script: &str, arguments: &[String]) -> Result<(bool, String)> {
        let (call, _) = self.script("peers", "rasterio", script, arguments).map_err(anyhow::Error::msg)?;
        let answer = ask(&call, &self.scratch).with_context(|| script.to_owned())?;
        let last = answer.lines().last().unwrap_or_default();
        let json: serde_json::Value = serde_json::from_str(last).with_context(|| format!("{script}: {last}"))?;
        let text = json.get("text").and_then(|text| text.as_str()).unwrap_or_default();
        Ok((json.get("agree").and_then(serde_json::Value::as_bool).unwrap_or(false), text.to_owned()))
    }
}
