//! The plan of a batch as a file, so that somebody else can run it again.

use belcheer_domain::records::Level;
use belcheer_domain::{Scheme, Years};
use serde::{Deserialize, Serialize};

use crate::assess::NATIONAL_SCHEME;
use crate::error::AssessmentError;
use crate::sources::Source;

/// What a batch computes; as TOML:
///
/// ```
/// let text = "years = { first = 2001, last = 2024 }\nlevels = [\"soum\", \"aimag\"]\nslope_years_min = 8\n";
/// let plan = belcheer_assessment::regions::RegionPlan::from_toml(text)?;
/// assert_eq!(belcheer_assessment::regions::RegionPlan::from_toml(&plan.to_toml()?)?, plan);
/// assert!(belcheer_assessment::regions::RegionPlan::from_toml("years = 3").is_err());
/// # Ok::<(), belcheer_assessment::AssessmentError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionPlan {
    /// The years of the series.
    pub years: Years,
    /// Levels of zones.
    pub levels: Vec<Level>,
    /// Fewest valid years of a cell with a slope; no slopes without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope_years_min: Option<u16>,
    /// Where the vegetation rasters lie, where not in the workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

impl RegionPlan {
    /// Reads a plan.
    ///
    /// # Errors
    /// When it is not one; the message tells the line.
    pub fn from_toml(text: &str) -> Result<Self, AssessmentError> {
        let refused = |reason: String| AssessmentError::Refused(format!("the plan file: {reason}"));
        let plan: Self = toml::from_str(text).map_err(|e| refused(e.to_string()))?;
        if plan.levels.is_empty() || plan.years.last < plan.years.first {
            return Err(refused("name at least one level, and years with the first before the last".to_owned()));
        }
        plan.source.as_ref().map_or(Ok(()), Source::check)?;
        Ok(plan)
    }

    /// Writes it.
    ///
    /// # Errors
    /// When it has no form in TOML, which does not happen.
    pub fn to_toml(&self) -> Result<String, AssessmentError> {
        toml::to_string(self).map_err(|e| AssessmentError::Output(e.to_string()))
    }

    /// The scheme whose rangeland mask is used.
    pub(super) fn scheme(&self) -> Result<Scheme, AssessmentError> {
        Ok(Scheme::from_toml(NATIONAL_SCHEME)?)
    }
}
