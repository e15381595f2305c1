//! Several programs on the same work, turn by turn, so that a busy minute burdens all of them.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use crate::measure::{Cost, Invocation, run};

/// A program that takes part, or why it does not.
#[derive(Debug, Clone)]
pub struct Entrant {
    /// What it is called in the tables.
    pub name: String,
    /// Its version.
    pub version: String,
    /// How it is called, or why it cannot be.
    pub call: Result<Invocation, String>,
    /// What is run before each turn, outside the measurement.
    pub before: Vec<Invocation>,
    /// What is run once before the first turn; by default the call itself.
    pub warm_up: Option<Invocation>,
}

impl Entrant {
    /// A program that is there.
    pub fn new(name: impl Into<String>, version: impl Into<String>, call: Invocation) -> Self {
        Self { name: name.into(), version: version.into(), call: Ok(call), before: Vec::new(), warm_up: None }
    }

    /// Without a first turn that is not counted: for long runs, to which files in memory make no difference.
    #[must_use]
    pub fn cold(self) -> Self {
        Self { warm_up: Some(Invocation::new("true", [""])), ..self }
    }

    /// A program that is missing.
    pub fn absent(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { name: name.into(), version: String::new(), call: Err(reason.into()), before: Vec::new(), warm_up: None }
    }

    /// One that is there or missing.
    pub fn found(name: impl Into<String>, found: Result<(Invocation, String), String>) -> Self {
        match found {
            Ok((call, version)) => Self::new(name, version, call),
            Err(reason) => Self::absent(name, reason),
        }
    }
}

/// What a program cost over its runs, or why there are none.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What it is called.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its runs, or the reason why there are none.
    pub runs: Result<Vec<Cost>, String>,
}

impl Outcome {
    /// The median of a number over the runs; `None` where a run lacks it.
    pub fn median(&self, number: impl Fn(&Cost) -> Option<f64>) -> Option<f64> {
        let mut values = self.runs.as_ref().ok()?.iter().map(number).collect::<Option<Vec<_>>>()?;
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        match values.len() {
            0 => None,
            n if n % 2 == 1 => values.get(middle).copied(),
            _ => Some(0.5 * (values.get(middle)? + values.get(middle - 1)?)),
        }
    }

    /// Median processor time in user mode, seconds.
    #[must_use]
    pub fn user_s(&self) -> Option<f64> {
        self.median(|cost| Some(cost.user_s))
    }

    /// Largest peak memory of any run, megabytes.
    #[must_use]
    pub fn peak_mb(&self) -> Option<f64> {
        self.runs.as_ref().ok()?.iter().map(|cost| cost.peak_mb).reduce(f64::max)
    }
}

/// How long to go on: three to five rounds, fewer only where three would take far too long.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// After three rounds no further one is begun when this has passed, seconds.
    pub enough_s: f64,
    /// No further round is begun at all when this has passed, seconds.
    pub limit_s: f64,
}

const ROUNDS_MIN: usize = 3;
const ROUNDS_MAX: usize = 5;

/// One warm-up each, then round after round each program once. One that fails drops out with its reason.
pub fn alternate(entrants: Vec<Entrant>, patience: Patience, scratch: &Path, counting: bool) -> Vec<Outcome> {
    let outcome = |e: &Entrant| Outcome {
        name: e.name.clone(),
        version: e.version.clone(),
        runs: e.call.as_ref().map(|_| Vec::new()).map_err(|reason| format!("absent: {reason}")),
    };
    let mut outcomes: Vec<Outcome> = entrants.iter().map(outcome).collect();
    for (entrant, outcome) in entrants.iter().zip(&mut outcomes) {
        let warm = entrant.warm_up.as_ref().or(entrant.call.as_ref().ok());
        if let (Some(call), Ok(_)) = (warm, &outcome.runs)
            && let Err(error) = turn(entrant, call, scratch, false)
        {
            outcome.runs = Err(format!("failed: {error:#}"));
        }
    }
    let start = Instant::now();
    for round in 1..=ROUNDS_MAX {
        for (entrant, outcome) in entrants.iter().zip(&mut outcomes) {
            let (Ok(call), Ok(runs)) = (&entrant.call, &mut outcome.runs) else { continue };
            match turn(entrant, call, scratch, counting) {
                Ok(cost) => runs.push(cost),
                Err(error) => outcome.runs = Err(format!("failed: {error:#}")),
            }
        }
        let passed = start.elapsed().as_secs_f64();
        if passed > patience.limit_s || (round >= ROUNDS_MIN && passed > patience.enough_s) {
            break;
        }
    }
    outcomes
}

fn turn(entrant: &Entrant, call: &Invocation, scratch: &Path, counting: bool) -> Result<Cost> {
    for step in &entrant.before {
        run(step, scratch, false)?;
    }
    run(call, scratch, counting)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_take_turns_and_failures_drop_out() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let write = |letter: &str| Invocation::new("sh", ["-c", &format!("printf {letter} >> {}", log.display())]);
        let entrants = vec![
            Entrant::new("a", "1", write("A")),
            Entrant::absent("b", "no such package"),
            Entrant::new("c", "1", write("C")),
            Entrant::new("d", "1", Invocation::new("sh", ["-c", "echo broken >&2; exit 3"])),
        ];
        let patience = Patience { enough_s: 0.0, limit_s: 60.0 };
        let outcomes = alternate(entrants, patience, folder.path(), false);
        assert_eq!(std::fs::read_to_string(&log).unwrap(), "ACACACAC");
        assert_eq!(outcomes[0].runs.as_ref().unwrap().len(), 3);
        assert_eq!(outcomes[1].runs.as_ref().unwrap_err(), "absent: no such package");
        assert!(outcomes[3].runs.as_ref().unwrap_err().contains("broken"));
        assert!(outcomes[0].user_s().is_some() && outcomes[1].user_s().is_none());
    }
}
