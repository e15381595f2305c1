//! Named, versioned parameter sets: the constants of the science, with their sources, as data.
//!
//! Every kind of set is one TOML document compiled into the crate; a set is found by its id or an alias.
//!
//! ```
//! use belcheer_rangeland::{ParameterSet, sheep_forage_units::SfuSet};
//! let set = SfuSet::by_name("sfu_nso_current")?;
//! assert_eq!(set.label(), "sfu_nso_current@1.0.0");
//! let unknown = SfuSet::by_name("sfu").unwrap_err().to_string();
//! assert!(unknown.contains("choose one of sfu_nso_current"));
//! # Ok::<(), belcheer_rangeland::SetError>(())
//! ```

use serde::{Deserialize, de::DeserializeOwned};

/// Why a parameter set cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// No set of this kind has the name.
    #[error("no {kind} set is named \"{name}\"; choose one of {}", known.join(", "))]
    Unknown {
        /// The kind of set.
        kind: &'static str,
        /// What was asked for, shortened.
        name: String,
        /// Every id and alias.
        known: Vec<String>,
    },
    /// A set document is not of the form of its kind.
    #[error("the {kind} set document is not valid: {reason}")]
    Form {
        /// The kind of set.
        kind: &'static str,
        /// The reader's words, with the line.
        reason: String,
    },
    /// A value of a set is impossible.
    #[error("{} of {kind} set \"{id}\" is {}; it must be {}", fault.field, fault.value, fault.expected)]
    Value {
        /// The kind of set.
        kind: &'static str,
        /// The set's id.
        id: String,
        /// The value at fault.
        fault: Fault,
    },
}

/// An impossible value in a parameter set.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The field.
    pub field: String,
    /// What it holds.
    pub value: f64,
    /// What it may hold.
    pub expected: &'static str,
}

impl Fault {
    /// An error unless `value` is finite and satisfies `valid`.
    pub(crate) fn unless(
        field: impl Into<String>,
        value: f64,
        valid: bool,
        expected: &'static str,
    ) -> Result<(), Self> {
        if value.is_finite() && valid { Ok(()) } else { Err(Self { field: field.into(), value, expected }) }
    }
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Document<T> {
    set: Vec<T>,
}

/// A kind of parameter set: found by name, printable with its version.
pub trait ParameterSet: DeserializeOwned {
    /// The kind, in words.
    const KIND: &'static str;
    /// The TOML document with the sets that come with this crate.
    const DOCUMENT: &'static str;

    /// Stable id.
    fn id(&self) -> &str;
    /// Version; rises with every change of a value.
    fn version(&self) -> &str;
    /// Where the values come from.
    fn source(&self) -> &str;
    /// Other names of the set.
    fn aliases(&self) -> &[String];
    /// Whether every value is possible.
    ///
    /// # Errors
    /// The first impossible value.
    fn check(&self) -> Result<(), Fault>;

    /// Id and version, as written beside results.
    fn label(&self) -> String {
        format!("{}@{}", self.id(), self.version())
    }

    /// Every set of this kind that comes with this crate, in document order.
    ///
    /// # Errors
    /// When the built-in document is broken.
    fn all() -> Result<Vec<Self>, SetError> {
        read_all(Self::DOCUMENT)
    }

    /// The set of an id or alias.
    ///
    /// # Errors
    /// When no set has the name; the message lists the names.
    fn by_name(name: &str) -> Result<Self, SetError> {
        let mut known = Vec::new();
        for set in Self::all()? {
            if set.id() == name || set.aliases().iter().any(|alias| alias == name) {
                return Ok(set);
            }
            known.push(set.id().to_owned());
            known.extend(set.aliases().iter().cloned());
        }
        Err(SetError::Unknown { kind: Self::KIND, name: name.chars().take(60).collect(), known })
    }

    /// One set from a document of the caller: the fields of a built-in set at the top level.
    ///
    /// # Errors
    /// When the text is not TOML of this form or a value is impossible.
    fn from_toml(text: &str) -> Result<Self, SetError> {
        let set: Self = toml::from_str(text).map_err(|e| SetError::Form { kind: Self::KIND, reason: e.to_string() })?;
        checked(set)
    }
}

fn read_all<T: ParameterSet>(document: &str) -> Result<Vec<T>, SetError> {
    let read: Document<T> =
        toml::from_str(document).map_err(|e| SetError::Form { kind: T::KIND, reason: e.to_string() })?;
    read.set.into_iter().map(checked).collect()
}

fn checked<T: ParameterSet>(set: T) -> Result<T, SetError> {
    match set.check() {
        Ok(()) => Ok(set),
        Err(fault) => Err(SetError::Value { kind: T::KIND, id: set.id().to_owned(), fault }),
    }
}

/// Declares a parameter set: its fields beside id, version, source and aliases, its kind and its document.
macro_rules! parameter_set {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $file:literal {
        $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Stable id.
            pub id: String,
            /// Version; rises with every change of a value.
            pub version: String,
            /// Where the values come from.
            pub source: String,
            /// Other names of the set.
            #[serde(default)]
            pub aliases: Vec<String>,
            $($(#[$field_doc])* pub $field: $type),+
        }

        impl $crate::sets::ParameterSet for $name {
            const KIND: &'static str = $kind;
            const DOCUMENT: &'static str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/", $file));

            fn id(&self) -> &str {
                &self.id
            }
            fn version(&self) -> &str {
                &self.version
            }
            fn source(&self) -> &str {
                &self.source
            }
            fn aliases(&self) -> &[String] {
                &self.aliases
            }
            fn check(&self) -> Result<(), $crate::sets::Fault> {
                self.first_fault()
            }
        }
    };
}
pub(crate) use parameter_set;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{LandUseRules, SlopeFactors, WaterFactors},
        almgac_lm2::Lm2Constants,
        annual_metric::GrowingSeasons,
        calibration::CalibrationRules,
        climate::{ClimateAdjustment, SensorBreaks},
        condition::{GapClasses, LinePointCodes},
        degradation::{GpgRules, LandCoverCrosswalk, LandCoverMatrix, ProductivityLut, TrendsEarthRules},
        drought::DroughtClasses,
        intake::IntakeSet,
        rangeland_mask::RangelandMask,
        recovery::TransitionRules,
        seasons::SeasonSet,
        sheep_forage_units::SfuSet,
        soil_organic_carbon::SocFactors,
        stocking::StockingClasses,
        trend::KendallTable,
        uncertainty::ErrorBudget,
        utilisation::UtilisationSet,
        yields::YieldScreen,
    };

    fn sound<T: ParameterSet + std::fmt::Debug>(expected: usize) {
        let sets = T::all().unwrap();
        assert_eq!(sets.len(), expected, "{}", T::KIND);
        let mut names: Vec<String> = sets.iter().flat_map(|s| [&[s.id().to_owned()], s.aliases()].concat()).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "{} sets share a name", T::KIND);
        for set in sets {
            assert!(!set.version().is_empty() && set.source().len() > 10, "{} has no source", set.id());
        }
        assert!(T::by_name("nothing").unwrap_err().to_string().contains(T::KIND));
    }

    #[test]
    fn every_document_is_sound() {
        sound::<SfuSet>(6);
        sound::<IntakeSet>(5);
        sound::<SeasonSet>(2);
        sound::<UtilisationSet>(3);
        sound::<Lm2Constants>(1);
        sound::<StockingClasses>(3);
        sound::<ErrorBudget>(1);
        sound::<TransitionRules>(2);
        sound::<YieldScreen>(2);
        sound::<KendallTable>(2);
        sound::<GpgRules>(2);
        sound::<TrendsEarthRules>(1);
        sound::<ProductivityLut>(4);
        sound::<LandCoverMatrix>(2);
        sound::<LandCoverCrosswalk>(3);
        sound::<RangelandMask>(2);
        sound::<SocFactors>(1);
        sound::<GrowingSeasons>(1);
        sound::<DroughtClasses>(1);
        sound::<ClimateAdjustment>(1);
        sound::<SensorBreaks>(1);
        sound::<LinePointCodes>(1);
        sound::<GapClasses>(1);
        sound::<WaterFactors>(2);
        sound::<SlopeFactors>(2);
        sound::<LandUseRules>(2);
        sound::<CalibrationRules>(2);
    }

    #[test]
    fn a_set_of_the_caller_is_checked() {
        let text = "id = \"mine\"\nversion = \"1\"\nsource = \"a letter\"\nkg_per_day = 1.3\nlow = 1.0\nhigh = 1.5\n";
        assert_eq!(IntakeSet::from_toml(text).unwrap().kg_per_day, 1.3);
        let negative = IntakeSet::from_toml(&text.replace("1.3", "-1.3")).unwrap_err().to_string();
        assert!(negative.contains("kg_per_day") && negative.contains("mine"), "{negative}");
        let misspelt = IntakeSet::from_toml(&text.replace("low", "lwo")).unwrap_err().to_string();
        assert!(misspelt.contains("lwo"), "{misspelt}");
    }
}
