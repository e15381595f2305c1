//! The JSON of a verification.

use belcheer_domain::{Class, Digest, Indicator, Severity, SoumCode, Status, Tier};
use belcheer_verification::ContributionEvidence;
use serde::Serialize;
use utoipa::ToSchema;

use crate::cycles::Period;
use crate::lang::Text;
use crate::verification::contribution::ContributionBody;

/// The verification of a soum in a cycle.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerificationBody {
    /// Soum code.
    #[schema(value_type = String, example = "06404")]
    pub(crate) au2: SoumCode,
    /// Mongolian name.
    pub(crate) name_mn: Option<String>,
    /// English name.
    pub(crate) name_en: Option<String>,
    /// Aimag's name.
    pub(crate) aimag: String,
    /// Geodesic area, km2.
    pub(crate) area_km2: f64,
    /// Assessed rangeland, ha.
    pub(crate) rangeland_area_ha: Option<f64>,
    /// The cycle.
    #[schema(example = "2024")]
    pub(crate) cycle: String,
    /// The assessment: the digest of scheme, inputs, parameters and method versions.
    #[schema(value_type = String)]
    pub(crate) assessment: Digest,
    /// Since when it is public, RFC 3339.
    pub(crate) published_at: String,
    /// Frozen baseline.
    pub(crate) baseline: Period,
    /// Reporting period.
    pub(crate) reporting: Period,
    /// The verdict.
    #[schema(value_type = String, pattern = "^(verified_improving|verified_maintained|not_verified|insufficient_evidence)$")]
    pub(crate) status: Status,
    /// The verdict in words.
    pub(crate) status_text: Text,
    /// Score 0 to 100, where enough indicators have evidence.
    pub(crate) score: Option<f64>,
    /// Lower end of the score's 90 % interval.
    pub(crate) score_ci90_low: Option<f64>,
    /// Upper end of the score's 90 % interval.
    pub(crate) score_ci90_high: Option<f64>,
    /// Indicators that are not insufficient.
    pub(crate) indicators_used: u32,
    /// The verdict in one sentence.
    pub(crate) sentence: Text,
    /// Why the verdict is what it is.
    pub(crate) reasons: Vec<ReasonBody>,
    /// What would change the verdict, in one sentence.
    pub(crate) would_change: Option<Text>,
    /// What the scheme allows to be said of the soum.
    pub(crate) claims: Vec<Text>,
    /// What may be said of a programme's part in the change; apart from the outcome.
    #[schema(value_type = String, pattern = "^(none|consistent|supported)$")]
    pub(crate) contribution_evidence: ContributionEvidence,
    /// The reviewer's sheet: how each known attack on the verdict was met.
    pub(crate) review: Vec<ReviewBody>,
    /// The indicators.
    pub(crate) indicators: Vec<IndicatorBody>,
    /// Livestock against forage capacity, by year and season.
    pub(crate) stocking: Vec<StockingBody>,
    /// What was noticed about this soum.
    pub(crate) findings: Vec<FindingBody>,
    /// What was noticed about inputs as a whole.
    pub(crate) global_findings: Vec<FindingBody>,
    /// Every input, by digest.
    pub(crate) inputs: Vec<InputBody>,
    /// How it was judged.
    pub(crate) method: MethodBody,
    /// Related addresses.
    pub(crate) links: VerificationLinks,
}

/// One attack on the verdict and what met it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewBody {
    /// The attack's name in docs/adversary.md.
    #[schema(example = "A1")]
    pub(crate) attack: String,
    /// What is said against the verdict.
    pub(crate) attack_text: Text,
    /// What became of it.
    #[schema(pattern = "^(applied|blocks|no_data|to_come)$")]
    pub(crate) defence: String,
    /// What meets it.
    pub(crate) defence_text: Text,
    /// The defence's number, where it has one.
    pub(crate) number: Option<f64>,
    /// Its unit.
    pub(crate) unit: Option<String>,
}

/// A reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReasonBody {
    /// Machine code.
    #[schema(example = "no_weather")]
    pub(crate) code: String,
    /// The same as a sentence.
    pub(crate) text: Text,
}

/// One indicator of a soum. Effect, interval, margin and minimum detectable change are in `unit`, positive = better.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IndicatorBody {
    /// Soum code.
    #[schema(value_type = String)]
    pub(crate) au2: SoumCode,
    /// Mongolian name of the soum.
    pub(crate) name_mn: Option<String>,
    /// English name of the soum.
    pub(crate) name_en: Option<String>,
    /// Aimag's name.
    pub(crate) aimag: String,
    /// The indicator, `I1` to `I5`.
    #[schema(value_type = String, pattern = "^I[1-5]$")]
    pub(crate) indicator: Indicator,
    /// The indicator's name.
    pub(crate) indicator_text: Text,
    /// Unit of effect, interval, margin and minimum detectable change.
    #[schema(example = "percent")]
    pub(crate) unit: String,
    /// Level of the zone.
    pub(crate) zone_level: String,
    /// The zone's code.
    pub(crate) zone_id: String,
    /// Value over the baseline, in `value_unit`.
    pub(crate) baseline_value: Option<f64>,
    /// Value over the reporting period, in `value_unit`.
    pub(crate) reporting_value: Option<f64>,
    /// Unit of the two values.
    pub(crate) value_unit: String,
    /// Level part of the score, 0 to 100.
    pub(crate) level_score: Option<f64>,
    /// Change, positive = better.
    pub(crate) effect: Option<f64>,
    /// Change without weather adjustment, where one was made.
    pub(crate) raw_effect: Option<f64>,
    /// Lower end of the effect's 90 % interval.
    pub(crate) ci90_low: Option<f64>,
    /// Upper end of the effect's 90 % interval.
    pub(crate) ci90_high: Option<f64>,
    /// Two-sided p.
    pub(crate) p: Option<f64>,
    /// The same, adjusted over the soums of the assessment.
    pub(crate) p_bh: Option<f64>,
    /// Minimum detectable change.
    pub(crate) mdc: Option<f64>,
    /// Equivalence margin.
    pub(crate) epsilon: f64,
    /// Lower end of the range in which nine of ten single years of an unchanged soum fall, from the baseline's mean.
    pub(crate) year_band90_low: Option<f64>,
    /// Upper end of that range.
    pub(crate) year_band90_high: Option<f64>,
    /// What the indicator says.
    #[schema(value_type = String, pattern = "^(improved|stable|declined|insufficient)$")]
    pub(crate) class: Class,
    /// The class in words.
    pub(crate) class_text: Text,
    /// Why it says so.
    pub(crate) reasons: Vec<ReasonBody>,
    /// The cheapest way to settle it.
    pub(crate) resolution: Option<Text>,
    /// Strength of the evidence, `T0` to `T4`.
    #[schema(value_type = String, pattern = "^T[0-4]$")]
    pub(crate) tier: Tier,
    /// Share of the assessed area (or of the expected observations) that is there.
    pub(crate) coverage: Option<f64>,
    /// Plots or photo points used.
    pub(crate) n_plots: Option<u32>,
    /// Effective number of observations.
    pub(crate) n_eff: Option<f64>,
    /// Comparison of an enrolled soum with like soums outside the programme; apart from the outcome.
    pub(crate) contribution: Option<ContributionBody>,
    /// Method and version.
    #[schema(example = "i1.weather_adjusted_productivity@2")]
    pub(crate) method_id: String,
    /// The method's description.
    pub(crate) method_href: String,
}

/// Livestock against forage capacity in one season; null where no yield or area is known.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StockingBody {
    /// Year of the count.
    pub(crate) year: i32,
    /// `summer_autumn` or `winter_spring`.
    pub(crate) season: String,
    /// Livestock, sheep forage units.
    pub(crate) sfu: f64,
    /// Grazed area, ha.
    pub(crate) area_ha: Option<f64>,
    /// Peak yield, kg/ha.
    pub(crate) yield_kg_ha: Option<f64>,
    /// Utilisation, fraction.
    pub(crate) utilisation: Option<f64>,
    /// Capacity, sheep forage units.
    pub(crate) capacity_sfu: Option<f64>,
    /// Livestock per area, SFU/ha.
    pub(crate) stocking_rate_sfu_ha: Option<f64>,
    /// Livestock by capacity.
    pub(crate) ratio: Option<f64>,
    /// Lower end of the ratio's 90 % interval.
    pub(crate) ratio_ci90_low: Option<f64>,
    /// Upper end of the ratio's 90 % interval.
    pub(crate) ratio_ci90_high: Option<f64>,
    /// Class of the ratio.
    pub(crate) class: Option<String>,
    /// The class in words.
    pub(crate) class_text: Option<Text>,
    /// Capacity less livestock, SFU.
    pub(crate) balance_sfu: Option<f64>,
    /// Names of the parameter sets.
    pub(crate) parameter_set: String,
}

/// Something noticed about inputs or results.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingBody {
    /// Machine code.
    pub(crate) code: String,
    /// How much it matters.
    #[schema(value_type = String, pattern = "^(info|warning|error)$")]
    pub(crate) severity: Severity,
    /// The input's file name.
    pub(crate) input: String,
    /// Where in the input.
    pub(crate) place: Option<String>,
    /// How many records.
    pub(crate) count: u64,
    /// One sentence.
    pub(crate) text: Text,
}

/// An input of the assessment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InputBody {
    /// What it is.
    #[schema(example = "raster")]
    pub(crate) kind: String,
    /// The source file's name.
    pub(crate) name: String,
    /// The data set's digest.
    #[schema(value_type = String)]
    pub(crate) digest: Digest,
    /// The data set.
    pub(crate) href: String,
}

/// How soums were judged.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MethodBody {
    /// Scheme and version.
    pub(crate) scheme: String,
    /// Digest of the scheme document.
    #[schema(value_type = String)]
    pub(crate) scheme_digest: Digest,
    /// Methods with their versions.
    pub(crate) methods: Vec<MethodLink>,
    /// Named parameter sets.
    pub(crate) parameter_sets: Vec<String>,
    /// Seed of every random stream.
    pub(crate) seed: u64,
}

/// A method's id and description.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MethodLink {
    /// Method and version.
    pub(crate) id: String,
    /// Its description.
    pub(crate) href: String,
}

/// Addresses that belong to a verification.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerificationLinks {
    /// This verification.
    #[serde(rename = "self")]
    pub(crate) this: String,
    /// The soum.
    pub(crate) soum: String,
    /// All that was published of the soum.
    pub(crate) history: String,
    /// The user groups of the soum.
    pub(crate) pugs: String,
    /// The years behind each change.
    pub(crate) series: String,
    /// The same as files: tables, and a GeoPackage.
    pub(crate) files: Vec<String>,
    /// The page for people.
    pub(crate) page: String,
}
