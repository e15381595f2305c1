//! Roles, the actions that they allow, and the soums that somebody is confined to.

use std::{collections::BTreeSet, fmt, str::FromStr, sync::Arc};

use belcheer_domain::SoumCode;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::words::words;

words!(
    /// What somebody is to the service. Which routes a role may ask is said by the access file of the service.
    Role {
        /// Anybody, without a key.
        Public = "public",
        /// Brings data in and assesses.
        Analyst = "analyst",
        /// Reviews assessments, publishes and withdraws them.
        Reviewer = "reviewer",
        /// A platform that pays by published results.
        Platform = "platform",
        /// Keeps the service: keys, audit, upkeep.
        Operator = "operator",
    }
);

words!(
    /// What a route does, as keys grant it.
    Action {
        /// Read what the role may see.
        Read = "read",
        /// Bring files in.
        Upload = "upload",
        /// Start assessments and other computations.
        Assess = "assess",
        /// Comment on and approve assessments.
        Review = "review",
        /// Publish and withdraw.
        Publish = "publish",
        /// Issue and revoke keys.
        Key = "key",
        /// Read the audit trail.
        Audit = "audit",
        /// Look after the service itself.
        Operate = "operate",
    }
);

impl Role {
    /// The most that a key or token of this role may do.
    ///
    /// ```
    /// use belcheer_catalog::{Action, Role};
    /// assert!(Role::Reviewer.actions().contains(Action::Publish));
    /// assert!(!Role::Operator.actions().contains(Action::Publish));
    /// ```
    #[must_use]
    pub fn actions(self) -> Actions {
        let actions: &[Action] = match self {
            Self::Public | Self::Platform => &[Action::Read],
            Self::Analyst => &[Action::Read, Action::Upload, Action::Assess],
            Self::Reviewer => &[Action::Read, Action::Review, Action::Publish],
            Self::Operator => &[Action::Read, Action::Key, Action::Audit, Action::Operate],
        };
        actions.iter().copied().collect()
    }
}

/// A set of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Actions(u16);

impl Actions {
    fn bit(action: Action) -> u16 {
        1 << (action as u16)
    }

    /// Whether an action is among them.
    #[must_use]
    pub fn contains(self, action: Action) -> bool {
        self.0 & Self::bit(action) != 0
    }

    /// Whether all of these are among others.
    #[must_use]
    pub fn within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Those that are in both.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The actions, in order.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(move |action| self.contains(*action))
    }
}

impl FromIterator<Action> for Actions {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        Self(actions.into_iter().fold(0, |bits, action| bits | Self::bit(action)))
    }
}

/// Words with commas between, as rows hold them.
impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.iter().map(Action::as_str).collect();
        f.write_str(&words.join(","))
    }
}

impl FromStr for Actions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::parse).collect()
    }
}

impl Serialize for Actions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// The soums that somebody may act on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SoumScope {
    /// Every soum.
    #[default]
    All,
    /// Only these.
    Only(Arc<BTreeSet<SoumCode>>),
}

impl SoumScope {
    /// Whether a soum is within.
    #[must_use]
    pub fn covers(&self, soum: SoumCode) -> bool {
        match self {
            Self::All => true,
            Self::Only(soums) => soums.contains(&soum),
        }
    }

    /// Whether all of this is within another scope.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::All) => true,
            (Self::All, Self::Only(_)) => false,
            (Self::Only(soums), other) => soums.iter().all(|soum| other.covers(*soum)),
        }
    }
}

/// `all`, or codes with commas between, as rows and the command line write it.
impl fmt::Display for SoumScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Only(soums) => {
                let codes: Vec<_> = soums.iter().map(ToString::to_string).collect();
                f.write_str(&codes.join(","))
            }
        }
    }
}

impl FromStr for SoumScope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim() == "all" {
            return Ok(Self::All);
        }
        let code = |code: &str| code.trim().parse().map_err(|e| format!("{e}"));
        let soums: BTreeSet<SoumCode> = text.split(',').map(code).collect::<Result<_, String>>()?;
        Ok(Self::Only(Arc::new(soums)))
    }
}

/// The word `all`, or a list of codes.
impl Serialize for SoumScope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Only(soums) => serializer.collect_seq(soums.iter()),
        }
    }
}

impl<'de> Deserialize<'de> for SoumScope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Word(String),
            Codes(BTreeSet<SoumCode>),
        }
        match Written::deserialize(deserializer)? {
            Written::Word(word) if word == "all" => Ok(Self::All),
            Written::Word(word) => Err(D::Error::custom(format!("\"{word}\" is neither all nor a list of soum codes"))),
            Written::Codes(soums) => Ok(Self::Only(Arc::new(soums))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_read_as_they_are_written() {
        let actions: Actions = "publish, read".parse().unwrap();
        assert_eq!(actions.to_string(), "read,publish");
        assert!(actions.within(Role::Reviewer.actions()) && !actions.within(Role::Analyst.actions()));
        assert_eq!(actions.and(Role::Analyst.actions()).to_string(), "read");
        assert!("read,rule".parse::<Actions>().unwrap_err().contains("\"rule\""));
    }

    #[test]
    fn a_scope_holds_no_more_than_it_names() {
        let some: SoumScope = "06404,06405".parse().unwrap();
        let one: SoumScope = "06405".parse().unwrap();
        assert!(one.within(&some) && some.within(&SoumScope::All) && some.within(&some));
        assert!(!some.within(&one) && !SoumScope::All.within(&some));
        assert_eq!(some.to_string(), "06404,06405");
        assert_eq!(serde_json::to_string(&one).unwrap(), "[\"06405\"]");
        assert_eq!(serde_json::from_str::<SoumScope>("[\"06405\"]").unwrap(), one);
        assert_eq!(serde_json::from_str::<SoumScope>("\"all\"").unwrap(), SoumScope::All);
        assert!(serde_json::from_str::<SoumScope>("\"some\"").is_err() && "".parse::<SoumScope>().is_err());
    }
}
