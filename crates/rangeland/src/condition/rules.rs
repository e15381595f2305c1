//! State-and-transition rules: which recovery class the measured covers of a site stand for.
//!
//! Rules hold for a natural zone and a land form. Classes are tried from the worst to the best, and the first whose rule
//! holds is the site's. A rule that names a plant or score without a value cannot be decided: it is indeterminate, and so
//! is the site, unless a worse class is decided already. The land agency's LM2 takes such a rule as satisfied.

use std::collections::BTreeMap;

use belcheer_domain::RecoveryClass;
use serde::{Deserialize, Serialize};

/// How a cover is compared, by LM2's numbers 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say all")]
pub enum Symbol {
    #[serde(rename = ">")]
    Above,
    #[serde(rename = "<")]
    Below,
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = "==")]
    Equal,
}

impl Symbol {
    /// The symbol of LM2's number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Above, Self::Below, Self::AtLeast, Self::AtMost, Self::Equal]
            .get(usize::from(code.wrapping_sub(1)))
            .copied()
    }

    fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::Above => value > threshold,
            Self::Below => value < threshold,
            Self::AtLeast => value >= threshold,
            Self::AtMost => value <= threshold,
            Self::Equal => value == threshold,
        }
    }
}

/// One comparison of a cover with a threshold, percent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Plant or plant group.
    pub plant: String,
    /// How it is compared.
    pub symbol: Symbol,
    /// The threshold, percent.
    pub percent: f64,
}

/// What a rule asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Terms {
    /// Every term holds.
    Cover {
        /// The terms.
        terms: Vec<Term>,
    },
    /// Cover of the first plants together exceeds that of the others.
    Compare {
        /// Plants on the greater side.
        greater: Vec<String>,
        /// Plants on the lesser side.
        lesser: Vec<String>,
    },
    /// The soil score is at least this.
    Soil {
        /// The least score.
        score_min: f64,
    },
}

/// One rule of a zone, land form and class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Natural zone, as the book's author names it.
    pub zone: String,
    /// Land form, as the book's author names it.
    pub landform: String,
    /// The class that it stands for.
    pub class: RecoveryClass,
    /// What it asks.
    #[serde(flatten)]
    pub terms: Terms,
}

/// Rules of any number of zones and land forms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleBook {
    rules: Vec<Rule>,
}

/// What was measured on a site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measurement {
    /// Cover of plants and plant groups, percent; a plant that is absent was not measured.
    pub cover_percent: BTreeMap<String, f64>,
    /// Soil score, where there is one.
    pub soil_score: Option<f64>,
}

/// What the rules say of a site.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// A class whose rules hold, while those of every worse class do not.
    Class(RecoveryClass),
    /// A value is missing that decides.
    Indeterminate {
        /// Plants without a value, and `soil_score`.
        missing: Vec<String>,
    },
    /// Every rule was decided, and none holds.
    NoRuleHolds,
    /// The book has no rule for the zone and land form.
    NoRules,
}

/// Why rules or measurements cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// A cover lies outside 0 to 100 percent.
    #[error("cover of {plant} is {percent} percent; it must lie between 0 and 100")]
    Cover {
        /// The plant.
        plant: String,
        /// What was given.
        percent: f64,
    },
    /// A rule asks nothing.
    #[error("rule {number} asks nothing; give it terms, or remove it")]
    Empty {
        /// Counted from 1.
        number: usize,
    },
}

impl RuleBook {
    /// A book of rules.
    ///
    /// # Errors
    /// When a rule asks nothing or has a threshold outside 0 to 100 percent.
    pub fn new(rules: Vec<Rule>) -> Result<Self, RuleError> {
        for (rule, number) in rules.iter().zip(1..) {
            match &rule.terms {
                Terms::Cover { terms } if terms.is_empty() => return Err(RuleError::Empty { number }),
                Terms::Cover { terms } => terms.iter().try_for_each(|t| check_cover(&t.plant, t.percent))?,
                Terms::Compare { greater, lesser } if greater.is_empty() || lesser.is_empty() => {
                    return Err(RuleError::Empty { number });
                }
                Terms::Compare { .. } | Terms::Soil { .. } => {}
            }
        }
        Ok(Self { rules })
    }

    /// The class of a site by the rules of its zone and land form.
    ///
    /// All rules of one class must hold together.
    ///
    /// # Errors
    /// When a cover lies outside 0 to 100 percent.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use belcheer_domain::RecoveryClass;
    /// use belcheer_rangeland::condition::*;
    /// let class = |n| RecoveryClass::new(n).expect("1 to 5");
    /// let rule = |n, symbol, percent| Rule {
    ///     zone: "steppe".into(), landform: "plain".into(), class: class(n),
    ///     terms: Terms::Cover { terms: vec![Term { plant: "Stipa".into(), symbol, percent }] },
    /// };
    /// let book = RuleBook::new(vec![rule(1, Symbol::AtLeast, 20.0), rule(3, Symbol::Below, 20.0)])?;
    /// let mut site = Measurement { cover_percent: BTreeMap::from([("Stipa".into(), 25.0)]), soil_score: None };
    /// assert_eq!(book.classify("steppe", "plain", &site)?, Verdict::Class(class(1)));
    /// site.cover_percent.clear(); // a plant that nobody measured decides nothing
    /// assert_eq!(book.classify("steppe", "plain", &site)?, Verdict::Indeterminate { missing: vec!["Stipa".into()] });
    /// # Ok::<(), RuleError>(())
    /// ```
    pub fn classify(&self, zone: &str, landform: &str, site: &Measurement) -> Result<Verdict, RuleError> {
        site.cover_percent.iter().try_for_each(|(plant, percent)| check_cover(plant, *percent))?;
        let mut by_class: BTreeMap<RecoveryClass, Vec<&Terms>> = BTreeMap::new();
        for rule in self.rules.iter().filter(|r| r.zone == zone && r.landform == landform) {
            by_class.entry(rule.class).or_default().push(&rule.terms);
        }
        if by_class.is_empty() {
            return Ok(Verdict::NoRules);
        }
        for (class, rules) in by_class.into_iter().rev() {
            let mut missing = Vec::new();
            let decided: Vec<Option<bool>> = rules.iter().map(|terms| holds(terms, site, &mut missing)).collect();
            if decided.contains(&Some(false)) {
                continue;
            }
            if decided.contains(&None) {
                missing.sort();
                missing.dedup();
                return Ok(Verdict::Indeterminate { missing });
            }
            return Ok(Verdict::Class(class));
        }
        Ok(Verdict::NoRuleHolds)
    }
}

fn check_cover(plant: &str, percent: f64) -> Result<(), RuleError> {
    if (0.0..=100.0).contains(&percent) {
        return Ok(());
    }
    Err(RuleError::Cover { plant: plant.to_owned(), percent })
}

/// Whether a rule holds; `None` when a value is missing that could decide.
fn holds(terms: &Terms, site: &Measurement, missing: &mut Vec<String>) -> Option<bool> {
    let mut value = |plant: &String| {
        let found = site.cover_percent.get(plant).copied();
        if found.is_none() {
            missing.push(plant.clone());
        }
        found
    };
    match terms {
        Terms::Cover { terms } => {
            let decided: Vec<Option<bool>> =
                terms.iter().map(|t| value(&t.plant).map(|v| t.symbol.holds(v, t.percent))).collect();
            if decided.contains(&Some(false)) {
                return Some(false);
            }
            decided.into_iter().collect::<Option<Vec<bool>>>().map(|all| all.into_iter().all(|held| held))
        }
        Terms::Compare { greater, lesser } => {
            let greater: Vec<Option<f64>> = greater.iter().map(&mut value).collect();
            let lesser: Vec<Option<f64>> = lesser.iter().map(&mut value).collect();
            let total = |side: Vec<Option<f64>>| side.into_iter().sum::<Option<f64>>();
            Some(total(greater)? > total(lesser)?)
        }
        Terms::Soil { score_min } => match site.soil_score {
            Some(score) => Some(score >= *score_min),
            None => {
                missing.push("soil_score".to_owned());
                None
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(n: u8) -> RecoveryClass {
        RecoveryClass::new(n).unwrap()
    }

    fn rule(n: u8, terms: Terms) -> Rule {
        Rule { zone: "steppe".to_owned(), landform: "plain".to_owned(), class: class(n), terms }
    }

    fn book() -> RuleBook {
        let cover = |plant: &str, symbol, percent| Term { plant: plant.to_owned(), symbol, percent };
        RuleBook::new(vec![
            rule(
                5,
                Terms::Cover { terms: vec![cover("bare", Symbol::Above, 70.0), cover("grass", Symbol::Below, 5.0)] },
            ),
            rule(3, Terms::Compare { greater: vec!["sedge".to_owned()], lesser: vec!["grass".to_owned()] }),
            rule(1, Terms::Soil { score_min: 8.0 }),
        ])
        .unwrap()
    }

    fn site(cover: &[(&str, f64)], soil_score: Option<f64>) -> Measurement {
        Measurement { cover_percent: cover.iter().map(|(p, v)| ((*p).to_owned(), *v)).collect(), soil_score }
    }

    #[test]
    fn the_worst_class_that_holds_is_taken() {
        let of = |site: &Measurement| book().classify("steppe", "plain", site).unwrap();
        assert_eq!(of(&site(&[("bare", 80.0), ("grass", 2.0), ("sedge", 9.0)], Some(9.0))), Verdict::Class(class(5)));
        assert_eq!(of(&site(&[("bare", 20.0), ("grass", 2.0), ("sedge", 9.0)], Some(9.0))), Verdict::Class(class(3)));
        assert_eq!(of(&site(&[("bare", 20.0), ("grass", 30.0), ("sedge", 9.0)], Some(9.0))), Verdict::Class(class(1)));
        assert_eq!(of(&site(&[("bare", 20.0), ("grass", 30.0), ("sedge", 9.0)], Some(3.0))), Verdict::NoRuleHolds);
        assert_eq!(book().classify("desert", "plain", &site(&[], None)).unwrap(), Verdict::NoRules);
    }

    #[test]
    fn a_missing_value_is_indeterminate_and_never_satisfied() {
        let of = |site: &Measurement| book().classify("steppe", "plain", site).unwrap();
        let missing =
            |plants: &[&str]| Verdict::Indeterminate { missing: plants.iter().map(|p| (*p).to_owned()).collect() };
        assert_eq!(of(&site(&[("bare", 80.0)], Some(9.0))), missing(&["grass"]));
        // bare ground alone already decides against class V; sedge then decides about class III
        assert_eq!(of(&site(&[("bare", 20.0), ("grass", 30.0)], Some(9.0))), missing(&["sedge"]));
        assert_eq!(of(&site(&[("bare", 20.0), ("grass", 30.0), ("sedge", 9.0)], None)), missing(&["soil_score"]));
    }

    #[test]
    fn a_cover_above_100_percent_is_refused() {
        let found = book().classify("steppe", "plain", &site(&[("bare", 101.0)], None));
        assert_eq!(found, Err(RuleError::Cover { plant: "bare".to_owned(), percent: 101.0 }));
        assert!(RuleBook::new(vec![rule(1, Terms::Cover { terms: vec![] })]).is_err());
        assert_eq!(Symbol::from_code(3), Some(Symbol::AtLeast));
        assert_eq!((Symbol::from_code(0), Symbol::from_code(6)), (None, None));
    }

    #[test]
    fn a_book_is_read_from_json() {
        let text = r#"[{"zone":"steppe","landform":"plain","class":2,"kind":"cover",
            "terms":[{"plant":"Stipa","symbol":">=","percent":10.0}]}]"#;
        let rules: Vec<Rule> = serde_json::from_str(text).unwrap();
        let book = RuleBook::new(rules).unwrap();
        assert_eq!(book.classify("steppe", "plain", &site(&[("Stipa", 10.0)], None)), Ok(Verdict::Class(class(2))));
    }
}
