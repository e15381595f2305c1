//! Which land-use codes of the land agency are accessible pasture.

use std::str::FromStr;

use serde::Deserialize;

use crate::sets::{Fault, parameter_set};

/// What a land-use code means for grazing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PastureUse {
    /// Accessible pasture.
    Pasture,
    /// Remote, rugged or unwatered pasture: counted with its distance and slope factors, and told apart.
    Potential,
    /// Pasture only where the law allows its use.
    Legal,
    /// Not grazed.
    Excluded,
}

impl PastureUse {
    /// Share of the land that is accessible; `limited_use` says that the law allows use there.
    #[must_use]
    pub fn share(self, limited_use: bool) -> f64 {
        match self {
            Self::Pasture | Self::Potential => 1.0,
            Self::Legal if limited_use => 1.0,
            Self::Legal | Self::Excluded => 0.0,
        }
    }
}

/// Codes that begin alike.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LandUseRule {
    /// First digits of the code.
    pub prefix: String,
    /// What they mean.
    #[serde(rename = "use")]
    pub pasture_use: PastureUse,
    /// English name.
    pub name_en: String,
    /// Mongolian name.
    pub name_mn: String,
}

parameter_set!(
    /// Meaning of the land-use codes; the rule with the longest matching prefix counts.
    LandUseRules, "land use", "land_use.toml" {
        /// The rules.
        rule: Vec<LandUseRule>,
    }
);

/// A land-use code: four digits, the first is 1 to 6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LandUseCode(u16);

impl LandUseCode {
    /// The number.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }
}

/// A text that is no land-use code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no land-use code; the land agency's codes have four digits, such as 1101")]
pub struct LandUseCodeError(String);

impl FromStr for LandUseCode {
    type Err = LandUseCodeError;

    /// Reads `1101`, also as the decimal number of a spreadsheet, `1101.0`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.trim().trim_end_matches(".0");
        let number = digits.parse().ok().filter(|n| digits.len() == 4 && (1000..7000).contains(n));
        number.map(Self).ok_or_else(|| LandUseCodeError(text.chars().take(20).collect()))
    }
}

impl LandUseRules {
    fn first_fault(&self) -> Result<(), Fault> {
        self.rule.iter().enumerate().try_for_each(|(at, rule)| {
            let digits = !rule.prefix.is_empty() && rule.prefix.len() <= 4 && rule.prefix.parse::<u16>().is_ok();
            let once = self.rule.iter().filter(|r| r.prefix == rule.prefix).count() == 1;
            Fault::unless("rule.prefix", at as f64, digits && once, "one to four digits, once")
        })
    }

    /// The rule of a code; `None` when no prefix fits.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, access::{LandUseRules, PastureUse}};
    /// let rules = LandUseRules::by_name("almgac_pasture_1")?;
    /// let of = |code: &str| code.parse().ok().and_then(|c| rules.rule_of(c)).map(|r| r.pasture_use);
    /// assert_eq!(of("1102"), Some(PastureUse::Pasture));
    /// assert_eq!(of("1106"), Some(PastureUse::Potential));
    /// assert_eq!(of("4105"), Some(PastureUse::Excluded));
    /// assert_eq!(of("4106"), Some(PastureUse::Pasture));
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn rule_of(&self, code: LandUseCode) -> Option<&LandUseRule> {
        let text = code.0.to_string();
        self.rule.iter().filter(|r| text.starts_with(&r.prefix)).max_by_key(|r| r.prefix.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn saxaul_and_protected_areas_follow_the_set() {
        let of = |set: &str, code: &str| {
            let rules = LandUseRules::by_name(set).unwrap();
            rules.rule_of(code.parse().unwrap()).unwrap().pasture_use
        };
        assert_eq!(of("almgac_pasture_1", "4102"), PastureUse::Excluded);
        assert_eq!(of("almgac_pasture_saxaul", "4102"), PastureUse::Pasture);
        for set in ["almgac_pasture_1", "almgac_pasture_saxaul"] {
            assert_eq!(of(set, "6101").share(true), 0.0);
            assert_eq!(of(set, "6102").share(false), 0.0);
            assert_eq!(of(set, "6102").share(true), 1.0);
            assert_eq!(of(set, "2601").share(true), 0.0);
            assert_eq!(of(set, "6601"), PastureUse::Pasture);
        }
        let rules = LandUseRules::by_name("almgac_pasture_1").unwrap();
        assert_eq!(rules.rule_of("6999".parse().unwrap()), None);
        assert!("".parse::<LandUseCode>().is_err() && "11011".parse::<LandUseCode>().is_err());
        assert_eq!("1101.0".parse::<LandUseCode>().unwrap().number(), 1101);
    }
}
