//! What a scheme may hold, and where in the document it holds something else.

use toml::de::{DeTable, DeValue};

use super::Scheme;
use crate::Indicator;

/// Why a scheme document was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemeError {
    /// Not TOML, or not of the scheme's form; the message names the line.
    #[error("the scheme document is not valid: {0}")]
    Form(String),
    /// A value is out of range.
    #[error("{}the scheme's {field} is {value}; it must be {expected}", at(*line))]
    Value {
        /// The field's path in the document.
        field: String,
        /// What it holds.
        value: String,
        /// What it may hold.
        expected: &'static str,
        /// Its line, counted from 1.
        line: Option<usize>,
    },
    /// An indicator has no rule.
    #[error("{}the scheme has no rule for indicator {indicator}; add a table [indicators.{indicator}]", at(*line))]
    MissingIndicator {
        /// The indicator.
        indicator: Indicator,
        /// The line of the first indicator.
        line: Option<usize>,
    },
}

fn at(line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!("line {line}: "))
}

/// The line, counted from 1, on which the value of a field stands, such as `decision.confidence`; that of the nearest
/// table above it where the field itself is not there.
pub(super) fn line_of(document: &str, field: &str) -> Option<usize> {
    let root = DeTable::parse(document).ok()?;
    let mut table = root.get_ref();
    let mut found = None;
    for name in field.split('.') {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == name) else { break };
        found = Some(key.span().start);
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    let start = found?;
    Some(document.get(..start)?.matches('\n').count() + 1)
}

const SHARE: &str = "between 0 and 1";
const POSITIVE: &str = "a positive number";

impl Scheme {
    /// The line on which a field stands in the document the scheme was read from.
    #[must_use]
    pub fn line_of(document: &str, field: &str) -> Option<usize> {
        line_of(document, field)
    }

    /// Checks every value against its range; `document` is what the scheme was read from, for the line.
    pub(super) fn check(&self, document: &str) -> Result<(), SchemeError> {
        let refuse = |field: &str, value: String, expected| SchemeError::Value {
            field: field.to_owned(),
            value,
            expected,
            line: line_of(document, field),
        };
        for (field, value, range) in self.numbers() {
            if !range.holds(value) {
                return Err(refuse(&field, value.to_string(), range.expected()));
            }
        }
        let d = &self.decision;
        if d.key_indicators.is_empty() {
            return Err(refuse("decision.key_indicators", "empty".to_owned(), "a list of indicators"));
        }
        if d.declined_tier_min > d.improved_tier_min {
            let value = d.declined_tier_min.to_string();
            return Err(refuse("decision.declined_tier_min", value, "no higher than improved_tier_min"));
        }
        if self.baseline.window_years_max < self.baseline.window_years_min {
            let value = self.baseline.window_years_max.to_string();
            return Err(refuse("baseline.window_years_max", value, "no less than window_years_min"));
        }
        if self.contribution.donors_max < self.contribution.donors_min {
            let value = self.contribution.donors_max.to_string();
            return Err(refuse("contribution.donors_max", value, "no less than donors_min"));
        }
        for (field, text) in [("id", &self.id), ("version", &self.version)] {
            if text.trim().is_empty() || text.contains('@') {
                return Err(refuse(field, format!("\"{text}\""), "a word without @"));
            }
        }
        for indicator in Indicator::ALL {
            let Some(rule) = self.indicators.get(indicator) else {
                let line = line_of(document, "indicators");
                return Err(SchemeError::MissingIndicator { indicator: *indicator, line });
            };
            let rising = rule.level.windows(2).all(|w| matches!(w, [a, b] if a.0 < b.0));
            let scores = rule.level.iter().all(|(v, s)| v.is_finite() && (0.0..=100.0).contains(s));
            if !rule.level.is_empty() && (rule.level.len() < 2 || !rising || !scores) {
                let expected = "two or more points with rising values and scores from 0 to 100";
                return Err(refuse(&format!("indicators.{indicator}.level"), format!("{:?}", rule.level), expected));
            }
        }
        for claim in &self.claims {
            if claim.text_en.trim().is_empty() || claim.text_mn.trim().is_empty() || claim.statuses.is_empty() {
                return Err(refuse("claims", format!("without words in {}", claim.family), "text in both languages"));
            }
        }
        Ok(())
    }

    /// Every number of the scheme with its range.
    fn numbers(&self) -> Vec<(String, f64, Range)> {
        use Range::{Counted, Percent, Positive, Share, ShareClosed};
        let (d, s, c) = (&self.decision, &self.score, &self.contribution);
        let mut numbers: Vec<(String, f64, Range)> = [
            ("decision.false_discovery_rate", d.false_discovery_rate, Share),
            ("decision.confidence", d.confidence, Share),
            ("decision.power", d.power, Share),
            ("decision.mdc_alpha", d.mdc_alpha, Share),
            ("decision.coverage_min", d.coverage_min, ShareClosed),
            ("decision.baseline_years_min", d.baseline_years_min as f64, Counted(2.0, 100.0)),
            ("decision.reporting_years_min", d.reporting_years_min as f64, Counted(2.0, 100.0)),
            ("decision.improved_indicators_min", d.improved_indicators_min as f64, Counted(1.0, 5.0)),
            ("decision.mdc_multiple_max", d.mdc_multiple_max, Positive),
            ("decision.noise_floor_multiple_max", d.noise_floor_multiple_max, Positive),
            ("decision.monte_carlo_draws", d.monte_carlo_draws as f64, Counted(100.0, 1e6)),
            ("baseline.window_years_min", self.baseline.window_years_min as f64, Counted(3.0, 100.0)),
            ("baseline.window_years_max", self.baseline.window_years_max as f64, Counted(3.0, 100.0)),
            ("score.trend_share", s.trend_share, ShareClosed),
            ("score.indicators_min", s.indicators_min as f64, Counted(1.0, 5.0)),
            ("score.decline_cap", s.decline_cap, Percent),
            ("score.haircut_factor", s.haircut_factor, Positive),
            ("score.haircut_z", s.haircut_z, Positive),
            ("score.weight_concentration", s.weight_concentration, Positive),
            ("score.weight_draws", s.weight_draws as f64, Counted(100.0, 1e5)),
            ("contribution.donors_min", c.donors_min as f64, Counted(2.0, 1000.0)),
            ("contribution.donors_max", c.donors_max as f64, Counted(2.0, 1000.0)),
            ("contribution.stocking_ratio_tolerance", c.stocking_ratio_tolerance, Positive),
            ("contribution.pre_trend_p_min", c.pre_trend_p_min, Share),
            ("contribution.p_max", c.p_max, Share),
            ("claim_rules.months_valid", f64::from(self.claim_rules.months_valid), Counted(1.0, 120.0)),
        ]
        .into_iter()
        .map(|(field, value, range)| (field.to_owned(), value, range))
        .collect();
        for (indicator, rule) in &self.indicators {
            let own = [("epsilon", rule.epsilon), ("epsilon_min", rule.epsilon_min), ("weight", rule.weight)];
            numbers.extend(own.map(|(name, value)| (format!("indicators.{indicator}.{name}"), value, Positive)));
            let limits = [
                ("conversion_max_percent", rule.conversion_max_percent),
                ("herd_fall_max_percent", rule.herd_fall_max_percent),
            ];
            for (name, limit) in limits {
                numbers.extend(limit.map(|value| (format!("indicators.{indicator}.{name}"), value, Percent)));
            }
        }
        numbers
    }
}

/// What a number may be.
#[derive(Clone, Copy)]
enum Range {
    Share,
    ShareClosed,
    Positive,
    Percent,
    Counted(f64, f64),
}

impl Range {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::Share => value > 0.0 && value < 1.0,
            Self::ShareClosed => (0.0..=1.0).contains(&value),
            Self::Positive => value > 0.0 && value.is_finite(),
            Self::Percent => (0.0..=100.0).contains(&value),
            Self::Counted(low, high) => (low..=high).contains(&value),
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Share => SHARE,
            Self::ShareClosed => "from 0 to 1",
            Self::Positive => POSITIVE,
            Self::Percent => "from 0 to 100",
            Self::Counted(low, _) if low < 1.5 => "a small whole number, at least 1",
            Self::Counted(low, _) if low < 2.5 => "a whole number, at least 2",
            Self::Counted(low, _) if low < 3.5 => "a whole number, at least 3",
            Self::Counted(..) => "a whole number, at least 100",
        }
    }
}
