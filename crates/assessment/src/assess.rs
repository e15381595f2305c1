//! One assessment from inputs to verdicts.

use std::collections::BTreeMap;

use belcheer_domain::{Finding, Indicator, NaturalZone, Scheme, Severity, SoumCode, Years, aimag_of};
use belcheer_verification::{Reason, TestSettings};

use crate::calibration::Calibration;
use crate::decide::{Verdicts, decide_indicator, decide_soum};
use crate::error::AssessmentError;
use crate::evidence::{BySoum, condition, conversion, degradation, dominant_zones, pressure, productivity};
use crate::frame::Frame;
use crate::inputs::Inputs;
use crate::land_cover::{ClassGrid, Cover, mask_year, survey};
use crate::parameters::ParameterSets;
use crate::partials::{Partial, by_zone_year, raster_partials};
use crate::result::{AssessmentResult, IndicatorRow, Manifest, SoumRow, StockingRow};
use crate::sentence::sentence;
use crate::watch::Watch;
use crate::yields::soum_yields;

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
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
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
    /// Datasets used, kind and name.
    pub inputs: Vec<String>,
    /// What is missing for some indicator.
    pub missing: Vec<String>,
}

/// Says what an assessment would read and need, without doing it.
///
/// # Errors
/// When the request does not fit the inputs.
pub fn dry_run(inputs: &Inputs, request: &Request) -> Result<Plan, AssessmentError> {
    check(inputs, request)?;
    ParameterSets::of(&request.scheme)?;
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
pub fn assess(inputs: &Inputs, request: &Request, watch: &dyn Watch) -> Result<Assessed, AssessmentError> {
    check(inputs, request)?;
    let sets = ParameterSets::of(&request.scheme)?;
    let settings = TestSettings::new(&request.scheme.decision, &sets.verification);
    let mut findings = inputs.findings.clone();
    let ground = survey_ground(inputs, request, &sets, watch, &mut findings)?;
    let (measured, stocking, partials) = measure(inputs, request, &sets, &settings, &ground, watch, &mut findings)?;

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

type MeasuredIndicator = (Indicator, &'static str, BySoum);

fn asked_for(by_soum: &BySoum, request: &Request) -> BySoum {
    let asked = |code: &SoumCode| request.soums.is_empty() || request.soums.contains(code);
    by_soum.iter().filter(|(code, _)| asked(code)).map(|(code, m)| (*code, m.clone())).collect()
}

/// The one denominator: which land is rangeland, and how much of it each soum has.
struct Ground {
    cover: Option<Cover>,
    area_ha: BTreeMap<SoumCode, f64>,
}

fn survey_ground(
    inputs: &Inputs,
    request: &Request,
    sets: &ParameterSets,
    watch: &dyn Watch,
    findings: &mut Vec<Finding>,
) -> Result<Ground, AssessmentError> {
    let whole = inputs.soums.iter().map(|(code, j)| (*code, j.area_ha)).collect();
    let Some((legend, rasters)) = &inputs.land_cover else {
        findings.push(Finding::new("no_rangeland_mask", Severity::Warning, "workspace").count(inputs.soums.len() as u64).text(
            "no land cover is held, so the whole soum counts as grazed area; ingest a land-cover raster",
            "газрын бүрхэвчийн растер алга тул сумын нийт талбайг бэлчээр гэж үзэв; газрын бүрхэвчийн растер оруулна уу",
        ));
        return Ok(Ground { cover: None, area_ha: whole });
    };
    let (Some(year), Some(classes)) = (mask_year(rasters, request.baseline.last), sets.mask(legend)) else {
        return Err(AssessmentError::ParameterSet(format!("no rangeland mask for land cover of legend {legend}")));
    };
    watch.step("land cover", 0, 1);
    let same_grid = one_grid(rasters, year, findings);
    let Some(first) = same_grid.get(&year) else { return Ok(Ground { cover: None, area_ha: whole }) };
    let frame = Frame::new(&first.meta, &first.name, &inputs.shapes())?;
    let cover = survey(&frame, &same_grid, year, classes)?;
    watch.step("land cover", 1, 1);
    if year > request.baseline.last {
        findings.push(Finding::new("rangeland_mask_late", Severity::Warning, &first.name).at(year.to_string()).text(
            format!("the rangeland mask is of {year}, after the baseline; land ploughed before then is not assessed"),
            format!(
                "бэлчээрийн зааг {year} оных буюу суурь хугацаанаас хойшхи тул түүнээс өмнө хагалсан газрыг үнэлээгүй"
            ),
        ));
    }
    ledger_findings(inputs, &cover, &first.name, findings);
    let area_ha = cover.rangeland_ha.clone();
    Ok(Ground { cover: Some(cover), area_ha })
}

/// The rasters that share the grid of the mask year; others are left out with a finding.
fn one_grid<'a>(
    rasters: &'a BTreeMap<i32, crate::raster::StoredRaster>,
    year: i32,
    findings: &mut Vec<Finding>,
) -> BTreeMap<i32, &'a crate::raster::StoredRaster> {
    let Some(like) = rasters.get(&year) else { return BTreeMap::new() };
    let shape = |r: &crate::raster::StoredRaster| {
        let m = &r.meta;
        (m.width, m.height, m.x_min.to_bits(), m.y_max.to_bits(), m.dx.to_bits(), m.dy.to_bits(), m.crs.wkt.clone())
    };
    let mut same = BTreeMap::new();
    for (other, raster) in rasters {
        if shape(raster) == shape(like) {
            same.insert(*other, raster);
        } else {
            findings.push(Finding::new("grid_differs", Severity::Warning, &raster.name).at(other.to_string()).text(
                "its grid differs from the other years of the series, so it is left out; bring it to one grid first",
                "бусад жилийн растерын тортой таарахгүй тул ашиглаагүй; эхлээд нэг торонд шилжүүлнэ үү",
            ));
        }
    }
    same
}

/// Pixel ledger against geodesic area: a difference above 1e-4 is told, soum by soum.
fn ledger_findings(inputs: &Inputs, cover: &Cover, input: &str, findings: &mut Vec<Finding>) {
    for (code, soum) in &inputs.soums {
        let Some(ledger) = cover.ledger_ha.get(code) else { continue };
        let ratio = ledger / soum.area_ha;
        if (ratio - 1.0).abs() > 1e-4 {
            let percent = 100.0 * (ratio - 1.0);
            findings.push(Finding::new("ledger_differs", Severity::Info, input).soum(*code).text(
                format!("cells of the land-cover grid inside the soum sum to {percent:+.3} % of its geodesic area"),
                format!(
                    "газрын бүрхэвчийн торны нүднүүдийн нийлбэр сумын геодезийн талбайгаас {percent:+.3} % зөрүүтэй"
                ),
            ));
        }
    }
}

fn measure(
    inputs: &Inputs,
    request: &Request,
    sets: &ParameterSets,
    settings: &TestSettings,
    ground: &Ground,
    watch: &dyn Watch,
    findings: &mut Vec<Finding>,
) -> Result<(Vec<MeasuredIndicator>, Vec<StockingRow>, Vec<Partial>), AssessmentError> {
    let (baseline, reporting) = (request.baseline, request.reporting);
    let zones = dominant_zones(inputs);
    let vegetation = Vegetation::lay(inputs, ground, request, findings)?;
    let partials = vegetation.as_ref().map_or_else(|| Ok(Vec::new()), |v| v.partials(watch))?;
    let by_year = by_zone_year(&partials, "vegetation");
    let calibration = Calibration::fit(inputs, &by_year, &zones);
    let from = productivity::Productivity {
        inputs,
        vegetation: &by_year,
        zones: &zones,
        calibration: &calibration,
        coverage_min: request.scheme.decision.coverage_min,
    };
    let (i1, panel) = productivity::measure(&from, baseline, reporting, settings, &sets.verification);
    let i2 = condition::measure(inputs, baseline, reporting, settings);
    let (i3, stocking) = pressure_of(inputs, request, sets, settings, ground, &zones);
    let soums = || inputs.soums.keys().copied();
    let i4 = match (&vegetation, &panel) {
        (Some(vegetation), Some(panel)) => {
            watch.step("land degradation", 0, 1);
            let from = degradation::Degradation {
                frame: &vegetation.frame,
                series: &vegetation.series,
                panel,
                zones: &zones,
                calibration: &calibration,
                cover: land_cover_grids(inputs, request, &vegetation.frame)?,
                sets,
            };
            let measured = degradation::measure(&from, baseline, reporting, settings)?;
            watch.step("land degradation", 1, 1);
            measured
        }
        _ => degradation::nothing(soums(), Reason::NoViStack),
    };
    let none = conversion::YearlyLoss::new();
    let losses = ground.cover.as_ref().map_or(&none, |c| &c.losses);
    let i5 = conversion::measure(soums(), losses, baseline, reporting, settings);
    let measured = vec![
        (Indicator::I1, productivity::METHOD, i1),
        (Indicator::I2, condition::METHOD, i2),
        (Indicator::I3, pressure::METHOD, i3),
        (Indicator::I4, degradation::METHOD, i4),
        (Indicator::I5, conversion::METHOD, i5),
    ];
    Ok((measured, stocking, partials))
}

fn pressure_of(
    inputs: &Inputs,
    request: &Request,
    sets: &ParameterSets,
    settings: &TestSettings,
    ground: &Ground,
    zones: &BTreeMap<SoumCode, NaturalZone>,
) -> (BySoum, Vec<StockingRow>) {
    let yields = soum_yields(&inputs.plots, zones);
    let from = pressure::Pressure {
        inputs,
        sets,
        zones,
        yields: &yields,
        area_ha: &ground.area_ha,
        draws: request.scheme.decision.monte_carlo_draws,
        confidence: request.scheme.decision.confidence,
        seed: request.seed,
    };
    let sfu = pressure::livestock_sfu(inputs, sets);
    let table = pressure::stocking(&from, &sfu);
    (pressure::measure(&from, &sfu, &table, request.baseline, request.reporting, settings), table)
}

/// Land cover at the beginning and end of the baseline's productivity years and at the end of the reporting period:
/// in each case the year nearest to it. `None` without a series of at least two years.
fn land_cover_grids(
    inputs: &Inputs,
    request: &Request,
    frame: &Frame,
) -> Result<Option<[ClassGrid; 3]>, AssessmentError> {
    let Some((legend, rasters)) = inputs.land_cover.as_ref().filter(|(_, rasters)| rasters.len() > 1) else {
        return Ok(None);
    };
    let crosswalk = ParameterSets::crosswalk(legend)?;
    let nearest = |year: i32| rasters.iter().min_by_key(|(y, _)| ((*y - year).abs(), **y)).map(|(_, raster)| raster);
    let first = degradation::productivity_years(request.baseline).first;
    let [Some(first), Some(middle), Some(last)] = [first, request.baseline.last, request.reporting.last].map(nearest)
    else {
        return Ok(None);
    };
    let read = |raster| ClassGrid::read(raster, &crosswalk, frame);
    Ok(Some([read(first)?, read(middle)?, read(last)?]))
}

/// The yearly vegetation rasters on one grid, with soums and rangeland mask laid on it.
struct Vegetation<'a> {
    frame: Frame,
    series: BTreeMap<i32, &'a crate::raster::StoredRaster>,
}

impl<'a> Vegetation<'a> {
    /// Lays soums and mask on the grid of the series; `None` without vegetation rasters.
    fn lay(
        inputs: &'a Inputs,
        ground: &Ground,
        request: &Request,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Self>, AssessmentError> {
        let Some((_, rasters)) = &inputs.vegetation else { return Ok(None) };
        let Some(first_year) = rasters.keys().next() else { return Ok(None) };
        let mut series = one_grid(rasters, *first_year, findings);
        let Some(first) = series.get(first_year) else { return Ok(None) };
        let mut frame = Frame::new(&first.meta, &first.name, &inputs.shapes())?;
        if let Some(cover) = &ground.cover {
            frame.mask_by(&cover.mask, &first.name)?;
        }
        let earliest = degradation::productivity_years(request.baseline).first.min(request.baseline.first);
        series.retain(|year, _| (earliest..=request.reporting.last).contains(year));
        Ok(Some(Self { frame, series }))
    }

    /// Sums by soum, year and statistical cell.
    fn partials(&self, watch: &dyn Watch) -> Result<Vec<Partial>, AssessmentError> {
        let total = self.series.len() as u64;
        let mut partials = Vec::new();
        for (done, (year, raster)) in self.series.iter().enumerate() {
            watch.step("vegetation", done as u64, total);
            partials.extend(raster_partials(&self.frame, raster, "vegetation", *year, false)?);
        }
        watch.step("vegetation", total, total);
        partials.sort_by(|a, b| (a.zone, a.year, a.cell).cmp(&(b.zone, b.year, b.cell)));
        Ok(partials)
    }
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
