//! One assessment from inputs to verdicts.

pub(crate) mod ground;
mod measure;

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::records::Level;
use belcheer_domain::{Digest, Finding, Indicator, NaturalZone, Scheme, SoumCode, Years, aimag_of};
use belcheer_verification::{TestSettings, WeatherPanel};

use crate::baselines::{self, FrozenBaseline};
use crate::blocks::{BlockPlan, Execution};
use crate::bootstraps::resample;
use crate::climate::drought_years;
use crate::contributions::{Surroundings, contributions, neighbours, put, stocking_ratios};
use crate::decide::{Verdicts, decide_indicator, decide_soum};
use crate::error::AssessmentError;
use crate::evidence::BySoum;
use crate::inputs::Inputs;
use crate::levels::{Roll, roll};
use crate::parameters::ParameterSets;
use crate::partials::Partial;
use crate::result::{AssessmentResult, IndicatorRow, InputRef, Manifest, SoumRow, Standing};
use crate::sentence::sentence;
use crate::series;
use crate::standing;
use crate::watch::Watch;
use ground::{Ground, survey_ground};
use measure::{MeasuredIndicator, Measurements, measure, prepared_of};

/// Version of the form of a result: 2 holds the years behind each change.
const FORM: u32 = 2;

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
    /// Levels asked for beside the soum, whose parts the inputs hold; ascending, each once.
    pub levels: Vec<Level>,
    /// Seed of every random stream.
    pub seed: u64,
    /// Baselines frozen at enrolment; the soums they name are those of the programme.
    pub enrolled: Vec<FrozenBaseline>,
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
    let Measurements { indicators: measured, stocking, partials, zones, vegetation } =
        measure(inputs, request, &sets, &settings, &ground, (execution, watch), &mut findings)?;

    let rolled = roll(
        &Roll {
            inputs,
            request,
            sets: &sets,
            settings: &settings,
            area_ha: &ground.area_ha,
            zones: &zones,
            vegetation: &vegetation,
            converted_ha: ground.cover.as_ref().map(|c| &c.converted_ha),
            stocking: &stocking,
            measured: &measured,
            watch,
        },
        &mut findings,
    )?;

    let mut verdicts = Verdicts::new();
    let mut rows = Vec::new();
    for (indicator, method, by_soum) in &measured {
        let asked = asked_for(by_soum, request);
        let (scheme, periods) = (&request.scheme, (request.baseline, request.reporting));
        rows.extend(decide_indicator(*indicator, method, &asked, scheme, &sets.verification, periods, &mut verdicts)?);
    }
    rows.sort_by_key(|r| (r.au2, r.indicator));
    resample(request, &measured, &partials, &mut rows);
    compare_with_outside(inputs, request, &settings, (&measured, vegetation.panel.as_ref()), &zones, &mut rows);
    let frozen = frozen_baselines(request, &measured, verdicts.keys().copied(), &mut findings);
    findings.sort();
    let mut soums = Vec::with_capacity(verdicts.len());
    let mut draws = Vec::with_capacity(verdicts.len());
    for (code, of_soum) in &verdicts {
        let (mut row, drawn) = soum_row(inputs, request, &sets, &ground, &findings, *code, of_soum, &rows);
        (row.standing.baseline_digest, row.standing.baseline_version) = frozen.get(code).copied().unwrap_or_default();
        soums.push(row);
        draws.push(drawn);
    }
    standing::rank(&mut soums, &rows, draws, &request.scheme, &sets.verification, request.seed);
    let years = series::years(&measured, &verdicts, request.baseline);
    let droughts = drought_years(inputs, (&vegetation.soums, &sets, request))?;
    let conditions = series::conditions(droughts, &stocking, &verdicts);
    let stocking: Vec<_> = stocking.into_iter().filter(|r| verdicts.contains_key(&r.au2)).collect();
    let manifest = manifest(inputs, request, &sets, &measured);
    Ok(Assessed {
        result: AssessmentResult {
            manifest,
            soums,
            indicators: rows,
            stocking,
            years,
            conditions,
            zones: rolled,
            findings,
        },
        partials,
    })
}

/// What the inputs say, before anything is decided.
pub(crate) struct Evidence {
    /// Every indicator with its method, by soum.
    pub(crate) measured: Vec<MeasuredIndicator>,
    /// Natural zone by soum.
    pub(crate) zones: BTreeMap<SoumCode, NaturalZone>,
    /// Levels of the tests.
    pub(crate) settings: TestSettings,
}

/// Measures every indicator for every soum of the inputs and decides nothing.
pub(crate) fn gather(
    inputs: &Inputs,
    request: &Request,
    execution: &Execution<'_>,
    watch: &dyn Watch,
) -> Result<Evidence, AssessmentError> {
    check(inputs, request)?;
    let sets = ParameterSets::of(&request.scheme)?;
    let settings = TestSettings::new(&request.scheme.decision, &sets.verification);
    let mut findings = Vec::new();
    let ground = survey_ground(inputs, request, &sets, watch, &mut findings)?;
    let found = measure(inputs, request, &sets, &settings, &ground, (execution, watch), &mut findings)?;
    Ok(Evidence { measured: found.indicators, zones: found.zones, settings })
}

fn asked_for(by_soum: &BySoum, request: &Request) -> BySoum {
    let asked = |code: &SoumCode| request.soums.is_empty() || request.soums.contains(code);
    by_soum.iter().filter(|(code, _)| asked(code)).map(|(code, m)| (*code, m.clone())).collect()
}

/// Adds to the rows of enrolled soums how they compare with soums outside.
fn compare_with_outside(
    inputs: &Inputs,
    request: &Request,
    settings: &TestSettings,
    (measured, panel): (&[MeasuredIndicator], Option<&WeatherPanel>),
    zones: &BTreeMap<SoumCode, NaturalZone>,
    rows: &mut [IndicatorRow],
) {
    let enrolled: BTreeSet<SoumCode> = request.enrolled.iter().map(|b| b.au2).collect();
    if enrolled.is_empty() {
        return;
    }
    let around = Surroundings {
        neighbours: neighbours(&inputs.shapes(), enrolled.iter().copied()),
        enrolled,
        zones,
        stocking_ratio: stocking_ratios(measured),
        periods: (request.baseline, request.reporting),
    };
    for (indicator, _, by_soum) in measured {
        let panel = panel.filter(|_| *indicator == Indicator::I1);
        let found = contributions(by_soum, &around, panel, &request.scheme.contribution, settings);
        for row in rows.iter_mut().filter(|r| r.indicator == *indicator) {
            put(row, found.get(&row.au2));
        }
    }
}

/// Digest and version of the baseline of every soum; what is wrong with a frozen one becomes a finding.
fn frozen_baselines(
    request: &Request,
    measured: &[MeasuredIndicator],
    soums: impl Iterator<Item = SoumCode>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<SoumCode, (Option<Digest>, Option<u32>)> {
    soums
        .map(|soum| {
            let digest = baselines::baseline_digest(soum, request.baseline, measured);
            let (version, finding) = baselines::check(&request.enrolled, soum, request.baseline, digest);
            findings.extend(finding);
            (soum, (Some(digest), version))
        })
        .collect()
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
) -> (SoumRow, Vec<f64>) {
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
    let (would_change_en, would_change_mn) = standing::would_change(status, &own, &request.scheme);
    let names = (either_en.as_str(), either_mn.as_str());
    let claims = standing::claims(names, status, &own, &request.scheme, request.baseline, request.reporting);
    let best =
        own.iter().filter_map(|r| r.sensitivity.contribution.as_ref()).map(|c| c.evidence).max().unwrap_or_default();
    let standing =
        Standing { contribution_evidence: best, would_change_en, would_change_mn, claims, ..Standing::default() };
    let used = verdicts.values().filter(|v| v.class != belcheer_domain::Class::Insufficient).count();
    let row = SoumRow {
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
        standing,
    };
    (row, score.draws)
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
    let mut refs = inputs.refs.clone();
    if !request.enrolled.is_empty() {
        let digest = Digest::of(&serde_json::to_vec(&request.enrolled).unwrap_or_default());
        refs.push(InputRef { kind: "baselines".to_owned(), name: "enrolled".to_owned(), digest });
        refs.sort();
    }
    Manifest {
        form: FORM,
        scheme: format!("{}@{}", request.scheme.id, request.scheme.version),
        scheme_digest: request.scheme.digest(),
        cycle: request.cycle.clone(),
        baseline: request.baseline,
        reporting: request.reporting,
        seed: request.seed,
        soums,
        levels: request.levels.clone(),
        inputs: refs,
        methods: measured.iter().map(|(_, method, _)| (*method).to_owned()).collect(),
        parameter_sets: sets.names(),
    }
}
