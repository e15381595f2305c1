//! One assessment from inputs to verdicts.

pub(crate) mod ground;
mod measure;

use std::collections::BTreeMap;

use belcheer_domain::{Finding, Indicator, Scheme, SoumCode, Years, aimag_of};
use belcheer_verification::TestSettings;

use crate::blocks::{BlockPlan, Execution};
use crate::decide::{Verdicts, decide_indicator, decide_soum};
use crate::error::AssessmentError;
use crate::evidence::BySoum;
use crate::inputs::Inputs;
use crate::parameters::ParameterSets;
use crate::partials::Partial;
use crate::result::{AssessmentResult, IndicatorRow, Manifest, SoumRow};
use crate::sentence::sentence;
use crate::watch::Watch;
use ground::{Ground, survey_ground};
use measure::{MeasuredIndicator, Measurements, measure, prepared_of};

/// The national scheme, built in.
pub const NATIONAL_SCHEME: &str = include_str!("../../../schemes/mn-national-1.toml");

/// What is to be assessed.
#[derive(Debug, Clone)]
pub struct Request {
    /// The scheme.
    pub scheme: Scheme,
    /// Baseline years.
    pub baseline: Years,
    /// Reporting years.
    pub reporting: Years,
    /// The cycle it is meant for.
    pub cycle: String,
    /// Soums asked for; empty = all.
    pub soums: Vec<SoumCode>,
    /// Seed of every random stream.
    pub seed: u64,
}

/// A finished assessment with the sums it stands on.
#[derive(Debug)]
pub struct Assessed {
    /// What is said.
    pub result: AssessmentResult,
    /// The sums by soum, measure, year and statistical cell.
    pub partials: Vec<Partial>,
}

/// What an assessment would do.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Plan {
    /// Soums to assess.
    pub soums: usize,
    /// Rasters to read.
    pub rasters: usize,
    /// Cells to read.
    pub cells: u64,
    /// Bytes to decode.
    pub bytes: u64,
    /// Memory at the most, MiB, by estimate.
    pub memory_mib: u64,
    /// The table of blocks over the vegetation series, where one is held.
    pub blocks: Option<BlockPlan>,
    /// Datasets used, kind and name.
    pub inputs: Vec<String>,
    /// What is missing for some indicator.
    pub missing: Vec<String>,
}

/// Says what an assessment would read and need, without doing it.
///
/// # Errors
/// When the request does not fit the inputs.
pub fn dry_run(inputs: &Inputs, request: &Request, threads: usize, resume: bool) -> Result<Plan, AssessmentError> {
    check(inputs, request)?;
    let sets = ParameterSets::of(&request.scheme)?;
    let prepared = prepared_of(inputs, request, &sets, resume)?;
    let series = [&inputs.vegetation, &inputs.land_cover];
    let metas: Vec<_> =
        series.iter().filter_map(|s| s.as_ref()).flat_map(|(_, r)| r.values()).map(|r| &r.meta).collect();
    let cells: u64 = metas.iter().map(|m| u64::from(m.width) * u64::from(m.height)).sum();
    let largest = metas.iter().map(|m| u64::from(m.width) * u64::from(m.height)).max().unwrap_or(0);
    let absent = [
        ("yearly vegetation rasters (ndvi_peak)", inputs.vegetation.is_none()),
        ("land cover", inputs.land_cover.is_none()),
        ("season weather", inputs.weather.is_empty()),
        ("biomass plots", inputs.plots.is_empty()),
        ("photo points", inputs.photo_points.is_empty()),
        ("livestock", inputs.livestock.is_empty()),
    ];
    Ok(Plan {
        soums: inputs.soums.len(),
        rasters: metas.len(),
        cells,
        bytes: cells * 2,
        // two masks of a byte a cell, a block of values in flight, and the records
        memory_mib: 200 + (2 * largest + 16 * (1 << 24)) / (1 << 20),
        blocks: prepared.map(|prepared| prepared.estimate(threads)).transpose()?,
        inputs: inputs.refs.iter().map(|r| format!("{} {}", r.kind, r.name)).collect(),
        missing: absent.iter().filter(|(_, gone)| *gone).map(|(what, _)| (*what).to_owned()).collect(),
    })
}

fn check(inputs: &Inputs, request: &Request) -> Result<(), AssessmentError> {
    if request.baseline.last >= request.reporting.first {
        let (baseline, reporting) = (request.baseline.to_string(), request.reporting.to_string());
        return Err(AssessmentError::Periods { baseline, reporting });
    }
    match request.soums.iter().find(|code| !inputs.soums.contains_key(code)) {
        Some(code) => Err(AssessmentError::UnknownSoum(code.to_string())),
        None => Ok(()),
    }
}

/// Assesses every soum of the inputs.
///
/// Evidence is measured for all soums that the workspace holds, since each stands among its peers; verdicts are given
/// for the soums asked for.
///
/// # Errors
/// When the request does not fit the inputs, a parameter set is unknown, or a stored raster cannot be read.
pub fn assess(
    inputs: &Inputs,
    request: &Request,
    execution: &Execution<'_>,
    watch: &dyn Watch,
) -> Result<Assessed, AssessmentError> {
    check(inputs, request)?;
    let sets = ParameterSets::of(&request.scheme)?;
    let settings = TestSettings::new(&request.scheme.decision, &sets.verification);
    let mut findings = inputs.findings.clone();
    let ground = survey_ground(inputs, request, &sets, watch, &mut findings)?;
    let Measurements { indicators: measured, stocking, partials } =
        measure(inputs, request, &sets, &settings, &ground, (execution, watch), &mut findings)?;

    let mut verdicts = Verdicts::new();
    let mut rows = Vec::new();
    for (indicator, method, by_soum) in &measured {
        let asked = asked_for(by_soum, request);
        rows.extend(decide_indicator(*indicator, method, &asked, &request.scheme, &sets.verification, &mut verdicts)?);
    }
    rows.sort_by_key(|r| (r.au2, r.indicator));
    findings.sort();
    let soums = verdicts
        .iter()
        .map(|(code, of_soum)| soum_row(inputs, request, &sets, &ground, &findings, *code, of_soum, &rows));
    let soums: Vec<SoumRow> = soums.collect();
    let stocking = stocking.into_iter().filter(|r| verdicts.contains_key(&r.au2)).collect();
    let manifest = manifest(inputs, request, &sets, &measured);
    Ok(Assessed { result: AssessmentResult { manifest, soums, indicators: rows, stocking, findings }, partials })
}

fn asked_for(by_soum: &BySoum, request: &Request) -> BySoum {
    let asked = |code: &SoumCode| request.soums.is_empty() || request.soums.contains(code);
    by_soum.iter().filter(|(code, _)| asked(code)).map(|(code, m)| (*code, m.clone())).collect()
}

#[expect(clippy::too_many_arguments, reason = "one row gathers everything that is known of a soum")]
fn soum_row(
    inputs: &Inputs,
    request: &Request,
    sets: &ParameterSets,
    ground: &Ground,
    findings: &[Finding],
    code: SoumCode,
    verdicts: &BTreeMap<Indicator, belcheer_verification::Verdict>,
    rows: &[IndicatorRow],
) -> SoumRow {
    let first = rows.partition_point(|r| r.au2 < code);
    let own: Vec<&IndicatorRow> = rows[first..].iter().take_while(|r| r.au2 == code).collect();
    let (status, reasons, score) = decide_soum(code, verdicts, &own, &request.scheme, &sets.verification, request.seed);
    let soum = inputs.soums.get(&code);
    let name_mn = soum.and_then(|s| s.name_mn.clone());
    let name_en = soum.and_then(|s| s.name_en.clone());
    let (either_en, either_mn) = (
        name_en.clone().or_else(|| name_mn.clone()).unwrap_or_else(|| code.to_string()),
        name_mn.clone().or_else(|| name_en.clone()).unwrap_or_else(|| code.to_string()),
    );
    let (sentence_en, sentence_mn) =
        sentence(&either_en, &either_mn, status, &own, request.baseline, request.reporting);
    let used = verdicts.values().filter(|v| v.class != belcheer_domain::Class::Insufficient).count();
    SoumRow {
        au2: code,
        name_mn,
        name_en,
        aimag: aimag_name(inputs, code),
        area_km2: soum.map_or(0.0, |s| s.area_ha / 100.0),
        rangeland_area_ha: ground.cover.as_ref().and_then(|c| c.rangeland_ha.get(&code).copied()),
        status,
        score: score.score,
        score_ci90: score.interval,
        indicators_used: used as u32,
        findings: findings.iter().filter(|f| f.au2 == Some(code)).count() as u32,
        reasons: reasons.iter().map(|r| r.code().to_owned()).collect(),
        sentence_en,
        sentence_mn,
    }
}

/// The aimag's name: of the ingested aimags, else of the national list, else its code.
fn aimag_name(inputs: &Inputs, code: SoumCode) -> String {
    let held = inputs.aimag_names.get(&code.au1()).cloned();
    held.or_else(|| aimag_of(code).map(|a| a.mn.to_owned())).unwrap_or_else(|| code.au1())
}

fn manifest(inputs: &Inputs, request: &Request, sets: &ParameterSets, measured: &[MeasuredIndicator]) -> Manifest {
    let mut soums = request.soums.clone();
    soums.sort_unstable();
    soums.dedup();
    Manifest {
        form: 1,
        scheme: format!("{}@{}", request.scheme.id, request.scheme.version),
        scheme_digest: request.scheme.digest(),
        cycle: request.cycle.clone(),
        baseline: request.baseline,
        reporting: request.reporting,
        seed: request.seed,
        soums,
        inputs: inputs.refs.clone(),
        methods: measured.iter().map(|(_, method, _)| (*method).to_owned()).collect(),
        parameter_sets: sets.names(),
    }
}
