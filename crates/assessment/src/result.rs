//! What an assessment says: the rows of its tables and its manifest.

use belcheer_domain::records::Level;
use belcheer_domain::{Class, Digest, Finding, Indicator, SoumCode, Status, Tier, Years};
use belcheer_verification::{BaselineWindows, Contribution, ContributionEvidence, Flag};
use serde::{Deserialize, Serialize};

use crate::bootstraps::Bootstraps;
use crate::evidence::Facts;
use crate::levels::ZoneRow;
use crate::series::{YearConditions, YearRow};

/// An assessment of every soum asked for, as stored in the catalog.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssessmentResult {
    /// What it was made of.
    pub manifest: Manifest,
    /// One row per soum, by code.
    pub soums: Vec<SoumRow>,
    /// One row per soum and indicator.
    pub indicators: Vec<IndicatorRow>,
    /// One row per soum, year and season with livestock and forage.
    pub stocking: Vec<StockingRow>,
    /// One row per soum, indicator and year, where the indicator is judged by years.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<YearRow>,
    /// One row per soum and year: drought, dzud and the herd.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<YearConditions>,
    /// Zones of other levels than the soum, where they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<ZoneRow>,
    /// Everything noticed about inputs and results.
    pub findings: Vec<Finding>,
}

/// What an assessment was made of; its digest is the assessment's id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this form.
    pub form: u32,
    /// `id` and `version` of the scheme.
    pub scheme: String,
    /// Digest of the scheme document.
    pub scheme_digest: Digest,
    /// The cycle it is meant for.
    pub cycle: String,
    /// Frozen baseline.
    pub baseline: Years,
    /// Reporting period.
    pub reporting: Years,
    /// Seed of every random stream.
    pub seed: u64,
    /// Soums asked for; empty = all.
    pub soums: Vec<SoumCode>,
    /// Levels asked for beside the soum.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
    /// Every input with its digest, by kind, name and digest.
    pub inputs: Vec<InputRef>,
    /// Methods with their versions.
    pub methods: Vec<String>,
    /// Named parameter sets.
    pub parameter_sets: Vec<String>,
}

/// One input of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InputRef {
    /// What it is, such as `raster` or `livestock`.
    pub kind: String,
    /// The source file's name.
    pub name: String,
    /// The dataset's digest.
    pub digest: Digest,
}

/// The verdict on one soum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SoumRow {
    /// Soum code.
    pub au2: SoumCode,
    /// Mongolian name.
    pub name_mn: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// Aimag's name, Mongolian.
    pub aimag: String,
    /// Geodesic area, km2.
    pub area_km2: f64,
    /// Assessed rangeland, ha; `None` when no land cover says which land is pasture.
    pub rangeland_area_ha: Option<f64>,
    /// The verdict.
    pub status: Status,
    /// Score 0 to 100, where enough indicators have evidence.
    pub score: Option<f64>,
    /// Its interval.
    pub score_ci90: Option<(f64, f64)>,
    /// Indicators that are not insufficient.
    pub indicators_used: u32,
    /// Findings that name this soum.
    pub findings: u32,
    /// Machine-readable reasons of the verdict.
    pub reasons: Vec<String>,
    /// The verdict in one sentence, English.
    pub sentence_en: String,
    /// The same in Mongolian.
    pub sentence_mn: String,
    /// How firm the score is, what may be said, and what would change the verdict.
    #[serde(default)]
    pub standing: Standing,
}

/// What stands beside a verdict on a soum and never changes it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// Range of the score under other weights, without the lowest and highest twentieth.
    pub score_weights90: Option<(f64, f64)>,
    /// Rank of the score among the soums of this assessment, 1 = highest; never to be told without its interval.
    pub rank: Option<u32>,
    /// 90 % interval of the rank by the uncertainty of the effects.
    pub rank_ci90: Option<(u32, u32)>,
    /// Range of the rank under other weights, without the lowest and highest twentieth.
    pub rank_weights90: Option<(u32, u32)>,
    /// What may be said of a programme's part in the change; apart from the outcome.
    pub contribution_evidence: ContributionEvidence,
    /// Digest of the soum's baseline: years and yearly values of every indicator.
    pub baseline_digest: Option<Digest>,
    /// Version of the frozen baseline that this assessment stands on; `None` for a soum that is not enrolled.
    pub baseline_version: Option<u32>,
    /// What would change the verdict, English.
    pub would_change_en: String,
    /// The same in Mongolian.
    pub would_change_mn: String,
    /// Claims that the scheme allows, English and Mongolian.
    pub claims: Vec<(String, String)>,
}

/// One indicator of one soum. Effects and intervals are in `unit`, positive = better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndicatorRow<Z = SoumCode> {
    /// Soum code; of zones larger than a soum none.
    pub au2: Z,
    /// The indicator.
    pub indicator: Indicator,
    /// Unit of effect, interval, margin and minimum detectable change.
    pub unit: String,
    /// Level of the zone, such as `soum`.
    pub zone_level: String,
    /// The zone's code.
    pub zone_id: String,
    /// Value over the baseline.
    pub baseline_value: Option<f64>,
    /// Value over the reporting period.
    pub reporting_value: Option<f64>,
    /// Unit of the two values.
    pub value_unit: String,
    /// Level part of the score, 0 to 100.
    pub level_score: Option<f64>,
    /// Change, positive = better.
    pub effect: Option<f64>,
    /// Change without weather adjustment, where one was made.
    pub raw_effect: Option<f64>,
    /// 90 % interval of the effect.
    pub ci90: Option<(f64, f64)>,
    /// Two-sided p.
    pub p: Option<f64>,
    /// The same, adjusted over the soums of this assessment.
    pub p_bh: Option<f64>,
    /// Minimum detectable change.
    pub mdc: Option<f64>,
    /// Equivalence margin.
    pub epsilon: f64,
    /// The class.
    pub class: Class,
    /// Machine-readable reasons.
    pub reasons: Vec<String>,
    /// The cheapest way to settle it, English and Mongolian.
    pub resolution: Option<(String, String)>,
    /// Strength of the evidence.
    pub tier: Tier,
    /// Share of the assessed area (or of the expected observations) that is there.
    pub coverage: Option<f64>,
    /// Plots or photo points used.
    pub n_plots: Option<u32>,
    /// Effective number of observations.
    pub n_eff: Option<f64>,
    /// Method and version.
    pub method_id: String,
    /// How the result depends on what was chosen.
    #[serde(default)]
    pub sensitivity: Sensitivity,
}

/// What stands beside a verdict on an indicator: other corrections, other baselines, flags, comparison with others.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sensitivity {
    /// p adjusted after Benjamini and Yekutieli, valid under any dependence.
    pub p_by: Option<f64>,
    /// The soum's own noise, in the indicator's unit.
    pub noise_floor: Option<f64>,
    /// What other baselines would have given, in the indicator's unit.
    pub baseline_windows: Option<BaselineWindows>,
    /// Range in which nine of ten single years of an unchanged soum fall, as distance from the baseline's mean, in the
    /// indicator's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_band90: Option<(f64, f64)>,
    /// Intervals by resampling years and places.
    #[serde(default)]
    pub bootstraps: Bootstraps,
    /// Every flag of the evidence, whether it blocks or not.
    pub flags: Vec<Flag>,
    /// Comparison of an enrolled soum with soums outside.
    pub contribution: Option<Contribution>,
    /// Numbers for reviewers.
    pub facts: Facts,
}

/// Stocking against forage capacity in one season; what rests on an unknown yield or area is missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockingRow {
    /// Soum code.
    pub au2: SoumCode,
    /// Year of the census.
    pub year: i32,
    /// `summer_autumn` or `winter_spring`.
    pub season: String,
    /// Livestock, sheep forage units.
    pub sfu: f64,
    /// Grazed area, ha.
    pub area_ha: Option<f64>,
    /// Peak yield, kg/ha.
    pub yield_kg_ha: Option<f64>,
    /// Utilisation, fraction.
    pub utilisation: Option<f64>,
    /// Capacity, sheep forage units.
    pub capacity_sfu: Option<f64>,
    /// Livestock per area, SFU/ha.
    pub stocking_rate_sfu_ha: Option<f64>,
    /// Livestock by capacity.
    pub ratio: Option<f64>,
    /// 90 % interval of the ratio.
    pub ratio_ci90: Option<(f64, f64)>,
    /// Class of the ratio.
    pub class: Option<String>,
    /// Capacity less livestock, SFU.
    pub balance_sfu: Option<f64>,
    /// Names of the parameter sets.
    pub parameter_set: String,
}

impl AssessmentResult {
    /// What is said of one soum and of parts of it; findings are those that name it.
    #[must_use]
    pub fn of_soum(&self, au2: SoumCode) -> Self {
        Self {
            manifest: self.manifest.clone(),
            soums: self.soums.iter().filter(|row| row.au2 == au2).cloned().collect(),
            indicators: self.indicators.iter().filter(|row| row.au2 == au2).cloned().collect(),
            stocking: self.stocking.iter().filter(|row| row.au2 == au2).cloned().collect(),
            years: self.years.iter().filter(|row| row.au2 == au2).cloned().collect(),
            conditions: self.conditions.iter().filter(|row| row.au2 == au2).cloned().collect(),
            zones: self.zones.iter().filter(|zone| zone.row.au2 == Some(au2)).cloned().collect(),
            findings: self.findings.iter().filter(|finding| finding.au2 == Some(au2)).cloned().collect(),
        }
    }
}

impl Manifest {
    /// The assessment's id: the digest of everything it was made of.
    #[must_use]
    pub fn id(&self) -> Digest {
        Digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}
