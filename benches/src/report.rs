//! The page that is written: a section a workload.

use std::fmt::Write as _;

use crate::alternate::Outcome;
use crate::measure::Cost;

/// A wanted relation, and what was found.
#[derive(Debug, Clone)]
pub struct Aim {
    /// What is wanted, in words.
    pub text: String,
    /// The figure found; `None` where one of the sides is missing.
    pub found: Option<f64>,
    /// The figure wanted.
    pub wanted: Wanted,
}

/// A bound of a figure.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

impl Aim {
    fn line(&self) -> String {
        let (bound, met) = match (self.wanted, self.found) {
            (Wanted::AtMost(limit), found) => (format!("at most {limit}"), found.map(|f| f <= limit)),
            (Wanted::AtLeast(limit), found) => (format!("at least {limit}"), found.map(|f| f >= limit)),
        };
        let found = match (self.found, met) {
            (Some(found), Some(true)) => format!("{found:.3}, met"),
            (Some(found), _) => format!("{found:.3}, **missed**"),
            _ => "not measured".to_owned(),
        };
        format!("- {}: {bound}; found {found}", self.text)
    }
}

/// A number that a program tells of itself, shown as a column.
#[derive(Debug, Clone)]
pub struct Told {
    /// Heading of the column.
    pub heading: String,
    /// Name of the number.
    pub name: String,
}

/// One workload.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// What was done.
    pub about: String,
    /// The programs, ours first.
    pub outcomes: Vec<Outcome>,
    /// A further column.
    pub told: Option<Told>,
    /// What is wanted.
    pub aims: Vec<Aim>,
    /// Further lines: agreement, limits, tables.
    pub notes: Vec<String>,
    /// Answers that do not agree, and what else is wrong.
    pub faults: Vec<String>,
}

/// `a` as a share of `b`.
#[must_use]
pub fn ratio(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    Some(a? / b?).filter(|share| share.is_finite())
}

impl Section {
    /// Tells that a check came out well or not.
    pub fn checked(&mut self, what: &str, result: anyhow::Result<(bool, String)>) {
        match result {
            Ok((true, text)) => self.notes.push(format!("- {what}: agrees ({text})")),
            Ok((false, text)) => self.faults.push(format!("{what}: **does not agree** ({text})")),
            Err(error) => self.faults.push(format!("{what}: not checked, {error:#}")),
        }
    }

    /// Adds a wanted relation.
    pub fn aim(&mut self, text: impl Into<String>, found: Option<f64>, wanted: Wanted) {
        self.aims.push(Aim { text: text.into(), found, wanted });
    }

    /// The program of this name.
    #[must_use]
    pub fn outcome(&self, name: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.name == name)
    }

    /// The section as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut page = format!("## {}\n\n{}\n\n", self.title, self.about);
        if !self.outcomes.is_empty() {
            page.push_str(&self.table());
            page.push('\n');
        }
        let aims = self.aims.iter().map(Aim::line);
        let faults = self.faults.iter().map(|fault| format!("- {fault}"));
        for line in self.notes.iter().cloned().chain(aims).chain(faults) {
            page.push_str(&line);
            page.push('\n');
        }
        page
    }

    fn table(&self) -> String {
        let told = self.told.as_ref().map(|told| format!(" {} | ours / this |", told.heading)).unwrap_or_default();
        let rule = if told.is_empty() { "" } else { "---:|---:|" };
        let mut table = format!(
            "| program | version | runs | user CPU s | system s | wall s | peak MB | 10^9 instructions | ours / this, user CPU |{told}\n\
             |---|---|---:|---:|---:|---:|---:|---:|---:|{rule}\n"
        );
        for outcome in &self.outcomes {
            table.push_str(&self.row(outcome));
        }
        table
    }

    fn row(&self, outcome: &Outcome) -> String {
        let Ok(runs) = &outcome.runs else {
            let reason = outcome.runs.as_ref().err().map_or("", String::as_str);
            let blanks = if self.told.is_some() { "| | | | | | | | |" } else { "| | | | | | |" };
            return format!("| {} | {} {blanks} {} |\n", outcome.name, outcome.version, reason.replace('|', "/"));
        };
        let ours = self.outcomes.first();
        let seconds = |number: fn(&Cost) -> f64| show(outcome.median(|cost| Some(number(cost))), 3);
        let share = show(ratio(ours.and_then(Outcome::user_s), outcome.user_s()), 2);
        let mut row = format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {share} |",
            outcome.name,
            outcome.version,
            runs.len(),
            seconds(|cost| cost.user_s),
            seconds(|cost| cost.system_s),
            seconds(|cost| cost.wall_s),
            show(outcome.peak_mb(), 0),
            show(outcome.median(|cost| cost.instructions.map(|n| n / 1e9)), 2),
        );
        if let Some(told) = &self.told {
            let number = |outcome: &Outcome| outcome.median(|cost| cost.told.get(&told.name).copied());
            let (own, theirs) = (ours.and_then(number), number(outcome));
            let _ = write!(row, " {} | {} |", show(theirs, 3), show(ratio(own, theirs), 2));
        }
        row.push('\n');
        row
    }
}

/// A number, or nothing.
fn show(number: Option<f64>, digits: usize) -> String {
    number.map(|n| format!("{n:.digits$}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(name: &str, user_s: f64) -> Outcome {
        let cost = Cost { user_s, told: [("join".to_owned(), user_s / 2.0)].into(), ..Cost::default() };
        Outcome { name: name.to_owned(), version: "1".to_owned(), runs: Ok(vec![cost]) }
    }

    #[test]
    fn rows_have_the_ratio_to_the_first() {
        let absent = Outcome { name: "c".into(), version: String::new(), runs: Err("absent: why".into()) };
        let mut section =
            Section { outcomes: vec![outcome("a", 1.0), outcome("b", 4.0), absent], ..Default::default() };
        assert!(section.row(&section.outcomes[1]).ends_with("| 0.25 |\n"));
        section.told = Some(Told { heading: "join s".into(), name: "join".into() });
        assert!(section.row(&section.outcomes[1]).ends_with("| 0.25 | 2.000 | 0.25 |\n"));
        let pipes: Vec<usize> = section.table().lines().map(|line| line.matches('|').count()).collect();
        assert!(pipes.iter().all(|n| *n == pipes[0]), "{pipes:?}");
        section.told = None;
        let pipes: Vec<usize> = section.table().lines().map(|line| line.matches('|').count()).collect();
        assert!(pipes.iter().all(|n| *n == pipes[0]), "{pipes:?}");
    }

    #[test]
    fn aims_are_met_or_missed() {
        let aim = |found, wanted| Aim { text: "cost".into(), found, wanted }.line();
        assert_eq!(aim(Some(0.3), Wanted::AtMost(0.35)), "- cost: at most 0.35; found 0.300, met");
        assert_eq!(aim(Some(5.0), Wanted::AtLeast(6.0)), "- cost: at least 6; found 5.000, **missed**");
        assert_eq!(aim(None, Wanted::AtLeast(6.0)), "- cost: at least 6; found not measured");
    }
}
