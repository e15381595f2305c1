//! What a change from one recovery class to another means.

use belcheer_domain::RecoveryClass;
use serde::Deserialize;

use crate::{
    degradation::DegradationClass,
    sets::{Fault, parameter_set},
};

/// One outcome that a set of rules knows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The source's code.
    pub code: u8,
    /// Stable id.
    pub id: String,
    /// The direction it stands for.
    pub change: DegradationClass,
    /// English name.
    pub name_en: String,
    /// Mongolian name.
    pub name_mn: String,
    /// Short Mongolian name.
    pub short_mn: String,
}

/// Pairs of classes with one outcome.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The outcome's code.
    pub code: u8,
    /// Whether the source leaves these pairs undefined.
    #[serde(default)]
    pub extension: bool,
    /// A flag that such a change raises.
    #[serde(default)]
    pub flag: Option<String>,
    /// Pairs of classes, from and to.
    pub pairs: Vec<(RecoveryClass, RecoveryClass)>,
}

parameter_set!(
    /// Outcomes of every pair of recovery classes.
    TransitionRules, "recovery transition", "recovery_transitions.toml" {
        /// The outcomes.
        outcome: Vec<Outcome>,
        /// The rules; together they cover each of the 25 pairs once.
        rule: Vec<Rule>,
    }
);

/// The meaning of one change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transition<'a> {
    /// What it means.
    pub outcome: &'a Outcome,
    /// Whether the source leaves the pair undefined and the outcome is an extension.
    pub extension: bool,
    /// A flag that it raises, such as `resurvey_required`.
    pub flag: Option<&'a str>,
}

impl TransitionRules {
    fn first_fault(&self) -> Result<(), Fault> {
        let mut pairs: Vec<_> = self.rule.iter().flat_map(|r| r.pairs.iter().copied()).collect();
        let given = pairs.len();
        pairs.sort_unstable();
        pairs.dedup();
        Fault::unless("pairs", given as f64, given == 25 && pairs.len() == 25, "each of the 25 pairs of classes once")?;
        self.rule.iter().try_for_each(|rule| {
            let known = self.outcome.iter().any(|o| o.code == rule.code);
            Fault::unless("rule.code", f64::from(rule.code), known, "the code of an outcome")
        })
    }

    /// What a change means; `None` only for a set built by hand with gaps.
    ///
    /// ```
    /// use belcheer_domain::RecoveryClass;
    /// use belcheer_rangeland::{ParameterSet, recovery::TransitionRules};
    /// let rules = TransitionRules::by_name("rc_change")?;
    /// let (Some(two), Some(four)) = (RecoveryClass::new(2), RecoveryClass::new(4)) else { return Ok(()) };
    /// let change = rules.transition(two, four).expect("covered");
    /// assert_eq!((change.outcome.code, change.extension), (3, true));
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn transition(&self, from: RecoveryClass, to: RecoveryClass) -> Option<Transition<'_>> {
        let rule = self.rule.iter().find(|r| r.pairs.contains(&(from, to)))?;
        let outcome = self.outcome.iter().find(|o| o.code == rule.code)?;
        Some(Transition { outcome, extension: rule.extension, flag: rule.flag.as_deref() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    fn class(n: u8) -> RecoveryClass {
        RecoveryClass::new(n).unwrap()
    }

    #[test]
    fn strict_rules_follow_the_order_of_the_classes() {
        let rules = TransitionRules::by_name("rc_change_strict").unwrap();
        for from in 1..=5 {
            for to in 1..=5 {
                let found = rules.transition(class(from), class(to)).unwrap();
                let expected = match to.cmp(&from) {
                    std::cmp::Ordering::Less => DegradationClass::Improved,
                    std::cmp::Ordering::Equal => DegradationClass::Stable,
                    std::cmp::Ordering::Greater => DegradationClass::Degraded,
                };
                assert_eq!(found.outcome.change, expected, "{from}-{to}");
                assert!(!found.extension && found.flag.is_none());
            }
        }
    }

    #[test]
    fn the_agency_rule_is_extended_to_class_five_only_and_to_two_four() {
        let rules = TransitionRules::by_name("rc_change").unwrap();
        for from in 1..=5 {
            for to in 1..=5 {
                let found = rules.transition(class(from), class(to)).unwrap();
                let undefined = from == 5 || to == 5 || (from, to) == (2, 4);
                assert_eq!(found.extension, undefined, "{from}-{to}");
                let implausible = from == 5 && to <= 2;
                assert_eq!(found.flag, implausible.then_some("resurvey_required"));
            }
        }
    }
}
