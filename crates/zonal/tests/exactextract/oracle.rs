//! Reading the cases, and comparing what comes out with what is known to differ.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The folder of exactextract's cases, if the shared folder is beside the project or named by `BELCHEER_SHARED`.
pub fn cases_folder() -> Option<PathBuf> {
    let named = std::env::var_os("BELCHEER_SHARED").map(PathBuf::from);
    let beside = || {
        Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
            .ancestors()
            .map(|p| p.join("shared"))
            .find(|p| p.is_dir())
    };
    let folder = named.or_else(beside)?.join("cases/exactextract");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no shared data");
    None
}

pub fn read_json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A number; "NaN", "inf" and null are NaN and infinity, as the cases write them.
pub fn number(value: &Value) -> f64 {
    match value {
        Value::Number(number) => number.as_f64().unwrap(),
        Value::String(text) => text.parse().unwrap_or_else(|_| panic!("{text} is no number")),
        Value::Null => f64::NAN,
        other => panic!("{other} is no number"),
    }
}

pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// Whether two numbers agree, absolutely up to 1 and relatively beyond; NaN agrees with a missing number.
pub fn close(found: Option<f64>, expected: f64, tolerance: f64) -> bool {
    match found {
        None => expected.is_nan(),
        Some(found) => (found - expected).abs() <= tolerance * expected.abs().max(1.0),
    }
}

/// A difference that is meant, for the checks whose name starts so; `*` stands for any text.
pub struct Known {
    pub checks: &'static str,
    pub reason: &'static str,
}

/// Outcomes of checks by name.
#[derive(Default)]
pub struct Checks {
    outcomes: Vec<(String, Result<(), String>)>,
}

impl Checks {
    pub fn add(&mut self, name: String, outcome: Result<(), String>) {
        self.outcomes.push((name, outcome));
    }

    pub fn number(&mut self, name: String, found: Option<f64>, expected: f64, tolerance: f64) {
        let outcome =
            if close(found, expected, tolerance) { Ok(()) } else { Err(format!("{found:?}, not {expected}")) };
        self.add(name, outcome);
    }

    /// Fails on differences not known, on known ones that have gone, and on fewer than `least` agreements.
    pub fn compare(&self, known: &[Known], least: usize) {
        let mut problems: Vec<String> = Vec::new();
        let mut used = BTreeSet::new();
        for (name, outcome) in &self.outcomes {
            let entry = known.iter().position(|entry| matches(entry.checks, name));
            used.extend(entry);
            match (outcome, entry) {
                (Err(message), None) => problems.push(format!("differs: {name}: {message}")),
                (Ok(()), Some(entry)) => {
                    problems.push(format!("agrees now, take `{}` off the list: {name}", known[entry].checks));
                }
                _ => {}
            }
        }
        for (index, entry) in known.iter().enumerate().filter(|(index, _)| !used.contains(index)) {
            problems.push(format!("entry {index} `{}` ({}) meets no check", entry.checks, entry.reason));
        }
        let agree = self.outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count();
        eprintln!("{} checks: {agree} agree, {} known differences", self.outcomes.len(), self.outcomes.len() - agree);
        assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
        assert!(agree >= least, "only {agree} checks agree, {least} did before");
    }
}

/// Whether a name fits a pattern in which `*` stands for any text; the end of the name is free.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => name.starts_with(pattern),
        Some((head, tail)) => name
            .strip_prefix(head)
            .is_some_and(|rest| (0..=rest.len()).any(|i| rest.is_char_boundary(i) && matches(tail, &rest[i..]))),
    }
}
