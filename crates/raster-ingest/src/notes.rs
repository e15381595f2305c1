//! Findings gathered about one file, and refusals of it.

use belcheer_domain::{Finding, Severity};
use belcheer_door::Refusal;

/// The file's name and what was noticed about it so far.
#[derive(Debug)]
pub struct Notes {
    input: String,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

impl Notes {
    pub fn about(input: &str) -> Self {
        Self { input: input.to_owned(), findings: Vec::new() }
    }

    /// Adds a finding about `place` in the file.
    pub fn add(&mut self, code: &str, severity: Severity, place: &str, english: &str, mongolian: &str) {
        self.findings.push(Finding::new(code, severity, &self.input).at(place).text(english, mongolian));
    }

    /// Adds a finding about `count` cells.
    pub fn add_counted(&mut self, code: &str, severity: Severity, count: u64, english: &str, mongolian: &str) {
        let finding = Finding::new(code, severity, &self.input).at("cells").count(count);
        self.findings.push(finding.text(english, mongolian));
    }

    /// A refusal of the file at `place`.
    pub fn refuse(&self, code: &str, place: &str, english: &str, mongolian: &str) -> Refusal {
        let place = if place.is_empty() { self.input.clone() } else { format!("{}, {place}", self.input) };
        Refusal::new(code, place, english, mongolian)
    }
}
