//! The parameter sets that a scheme names, loaded.

use belcheer_domain::Scheme;
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::degradation::{GpgRules, LandCoverCrosswalk, LandCoverMatrix, ProductivityLut};
use belcheer_rangeland::drought::DroughtClasses;
use belcheer_rangeland::intake::IntakeSet;
use belcheer_rangeland::rangeland_mask::RangelandMask;
use belcheer_rangeland::seasons::SeasonSet;
use belcheer_rangeland::sheep_forage_units::SfuSet;
use belcheer_rangeland::stocking::StockingClasses;
use belcheer_rangeland::uncertainty::ErrorBudget;
use belcheer_rangeland::utilisation::UtilisationSet;
use belcheer_verification::VerificationParameters;

use crate::error::AssessmentError;

/// Every parameter set that an assessment uses.
#[derive(Debug)]
pub struct ParameterSets {
    /// Livestock to sheep forage units.
    pub sfu: SfuSet,
    /// Daily intake.
    pub intake: IntakeSet,
    /// Utilisation by recovery class.
    pub utilisation: UtilisationSet,
    /// Utilisation where no recovery class is known.
    pub utilisation_fallback: UtilisationSet,
    /// Seasons.
    pub seasons: SeasonSet,
    /// Classes of the stocking ratio.
    pub stocking: StockingClasses,
    /// Errors of the stocking ratio.
    pub errors: ErrorBudget,
    /// Thresholds of the good practice guidance for SDG 15.3.1.
    pub gpg: GpgRules,
    /// Look-up table of productivity.
    pub productivity: ProductivityLut,
    /// Meaning of land-cover transitions.
    pub transitions: LandCoverMatrix,
    /// Drought, dzud and losses of livestock.
    pub drought: DroughtClasses,
    /// Constants of the verification statistics.
    pub verification: VerificationParameters,
    masks: Vec<(String, RangelandMask)>,
}

fn named<T: ParameterSet>(field: &'static str, name: &str) -> Result<T, AssessmentError> {
    T::by_name(name).map_err(|e| AssessmentError::SchemeParameter { field, reason: e.to_string() })
}

/// Reads a scheme document and checks that the parameter sets it names exist.
///
/// # Errors
/// When the document is not valid or names a set that does not exist; the message names the line.
pub fn read_scheme(document: &str) -> Result<Scheme, AssessmentError> {
    let scheme = Scheme::from_toml(document)?;
    match ParameterSets::of(&scheme) {
        Ok(_) => Ok(scheme),
        Err(AssessmentError::SchemeParameter { field, reason }) => {
            let path = format!("parameters.{field}");
            let line = Scheme::line_of(document, &path).unwrap_or(1);
            Err(AssessmentError::SchemeLine { line, reason: format!("the scheme's {path}: {reason}") })
        }
        Err(other) => Err(other),
    }
}

impl ParameterSets {
    /// Loads what a scheme names.
    ///
    /// # Errors
    /// When a name is not a known set; the message lists the known ones.
    pub fn of(scheme: &Scheme) -> Result<Self, AssessmentError> {
        let p = &scheme.parameters;
        let masks: Result<Vec<_>, _> = p
            .rangeland_mask
            .iter()
            .map(|(legend, name)| named("rangeland_mask", name).map(|set| (legend.clone(), set)))
            .collect();
        Ok(Self {
            sfu: named("sheep_forage_units", &p.sheep_forage_units)?,
            intake: named("intake", &p.intake)?,
            utilisation: named("utilisation", &p.utilisation)?,
            utilisation_fallback: named("utilisation_fallback", &p.utilisation_fallback)?,
            seasons: named("seasons", &p.seasons)?,
            stocking: named("stocking_classes", &p.stocking_classes)?,
            errors: named("error_budget", &p.error_budget)?,
            gpg: named("degradation_lut", "gpg_v2")?,
            productivity: named("degradation_lut", &p.degradation_lut)?,
            transitions: named("land_cover_matrix", &p.land_cover_matrix)?,
            drought: named("drought", "drought_1")?,
            verification: VerificationParameters::of(scheme)
                .map_err(|e| AssessmentError::SchemeParameter { field: "verification", reason: e.to_string() })?,
            masks: masks?,
        })
    }

    /// How a land-cover legend folds into the classes of UNCCD.
    ///
    /// # Errors
    /// When no crosswalk is known for the legend.
    pub fn crosswalk(legend: &str) -> Result<LandCoverCrosswalk, AssessmentError> {
        named("rangeland_mask", if legend == "igbp" { "igbp_to_unccd" } else { legend })
    }

    /// The rangeland mask for a land-cover legend, where the scheme names one.
    #[must_use]
    pub fn mask(&self, legend: &str) -> Option<&RangelandMask> {
        self.masks.iter().find(|(l, _)| l == legend).map(|(_, set)| set)
    }

    /// Name and version of every set, for the manifest.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names = vec![
            format!("{}@{}", self.sfu.id, self.sfu.version),
            format!("{}@{}", self.intake.id, self.intake.version),
            format!("{}@{}", self.utilisation.id, self.utilisation.version),
            format!("{}@{}", self.utilisation_fallback.id, self.utilisation_fallback.version),
            format!("{}@{}", self.seasons.id, self.seasons.version),
            format!("{}@{}", self.stocking.id, self.stocking.version),
            format!("{}@{}", self.errors.id, self.errors.version),
            format!("{}@{}", self.gpg.id, self.gpg.version),
            format!("{}@{}", self.productivity.id, self.productivity.version),
            format!("{}@{}", self.transitions.id, self.transitions.version),
            format!("{}@{}", self.drought.id, self.drought.version),
            self.verification.id.clone(),
        ];
        names.extend(self.masks.iter().map(|(_, m)| format!("{}@{}", m.id, m.version)));
        names.sort();
        names
    }
}
