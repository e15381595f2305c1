//! Evidence for the five indicators, in the order in which one feeds the next.

use std::collections::BTreeMap;

use belcheer_domain::{Finding, Indicator, NaturalZone, SoumCode};
use belcheer_verification::{Reason, TestSettings};

use super::Request;
use super::ground::{Ground, one_grid};
use crate::blocks::{Execution, Merged, Prepared, run_blocks};
use crate::calibration::Calibration;
use crate::error::AssessmentError;
use crate::evidence::{BySoum, condition, conversion, degradation, dominant_zones, pressure, productivity};
use crate::frame::Frame;
use crate::inputs::Inputs;
use crate::land_cover::{ClassGrid, Cover};
use crate::levels::VegetationSums;
use crate::parameters::ParameterSets;
use crate::partials::{Borders, Partial, by_zone_year, part_borders, part_sums, prepared, soum_borders, soum_partials};
use crate::raster::StoredRaster;
use crate::result::StockingRow;
use crate::watch::Watch;
use crate::yields::soum_yields;

/// One indicator with its method, by soum.
pub(super) type MeasuredIndicator = (Indicator, &'static str, BySoum);

/// What the inputs say: evidence, the stocking table, and the sums both stand on.
pub(super) struct Measurements {
    /// Every indicator of the scheme.
    pub(super) indicators: Vec<MeasuredIndicator>,
    /// One row a soum, year and season.
    pub(super) stocking: Vec<StockingRow>,
    /// Sums by soum, measure, year and statistical cell.
    pub(super) partials: Vec<Partial>,
    /// Natural zone by soum.
    pub(super) zones: BTreeMap<SoumCode, NaturalZone>,
    /// The vegetation behind I1.
    pub(super) vegetation: VegetationSums,
}

/// Measures every indicator for every soum of the inputs.
pub(super) fn measure(
    inputs: &Inputs,
    request: &Request,
    sets: &ParameterSets,
    settings: &TestSettings,
    ground: &Ground,
    (execution, watch): (&Execution<'_>, &dyn Watch),
    findings: &mut Vec<Finding>,
) -> Result<Measurements, AssessmentError> {
    let (baseline, reporting) = (request.baseline, request.reporting);
    let losses = &ground.cover.as_ref().map(Cover::losses).unwrap_or_default();
    let zones = dominant_zones(inputs);
    let vegetation = Vegetation::lay(inputs, ground, request, findings)?;
    let (partials, parts) = match &vegetation {
        Some(vegetation) => {
            let series = (&vegetation.series, request.baseline.last);
            let sums = |borders: &Borders| -> Result<(Prepared, Vec<Merged>), AssessmentError> {
                let prepared = prepared(inputs, sets, borders, series, execution.resume)?;
                let merged = run_blocks(execution, &prepared.store()?, watch)?;
                Ok((prepared, merged))
            };
            let (prepared, merged) = sums(&soum_borders(inputs))?;
            let soums = soum_partials(&prepared, &merged);
            let parts = if inputs.parts.is_empty() {
                BTreeMap::new()
            } else {
                let (prepared, merged) = sums(&part_borders(inputs))?;
                part_sums(&prepared, &merged)
            };
            (soums, parts)
        }
        None => Default::default(),
    };
    let by_year = by_zone_year(&partials, "vegetation");
    let calibration = Calibration::fit(inputs, &by_year, &zones);
    let from = productivity::Productivity {
        inputs,
        vegetation: &by_year,
        zones: &zones,
        calibration: &calibration,
        losses,
        conversion_max_percent: request.scheme.rule(Indicator::I1)?.conversion_max_percent,
        coverage_min: request.scheme.decision.coverage_min,
    };
    let (i1, panel) = productivity::measure(&from, baseline, reporting, settings, &sets.verification);
    let i2 = condition::measure(inputs, baseline, reporting, settings);
    let (i3, stocking) = pressure_of(inputs, request, sets, settings, ground, &zones)?;
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
    let i5 = conversion::measure(soums(), losses, baseline, reporting, settings);
    let indicators = vec![
        (Indicator::I1, productivity::METHOD, i1),
        (Indicator::I2, condition::METHOD, i2),
        (Indicator::I3, pressure::METHOD, i3),
        (Indicator::I4, degradation::METHOD, i4),
        (Indicator::I5, conversion::METHOD, i5),
    ];
    let vegetation = VegetationSums { soums: by_year, parts, panel };
    Ok(Measurements { indicators, stocking, partials, zones, vegetation })
}

fn pressure_of(
    inputs: &Inputs,
    request: &Request,
    sets: &ParameterSets,
    settings: &TestSettings,
    ground: &Ground,
    zones: &BTreeMap<SoumCode, NaturalZone>,
) -> Result<(BySoum, Vec<StockingRow>), AssessmentError> {
    let yields = soum_yields(&inputs.plots, zones);
    let from = pressure::Pressure::new(inputs, request, sets, zones, (&yields, &ground.area_ha))?;
    let sfu = pressure::livestock_sfu(inputs, sets);
    let table = pressure::stocking(&from, &sfu);
    Ok((pressure::measure(&from, &sfu, &table, request.baseline, request.reporting, settings), table))
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
    series: BTreeMap<i32, &'a StoredRaster>,
}

impl<'a> Vegetation<'a> {
    /// Lays soums and mask on the grid of the series; `None` without vegetation rasters.
    fn lay(
        inputs: &'a Inputs,
        ground: &Ground,
        request: &Request,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Self>, AssessmentError> {
        let Some(series) = series_of(inputs, request, findings) else { return Ok(None) };
        let Some(first) = series.values().next() else { return Ok(None) };
        let mut frame = Frame::new(&first.meta, &first.name, &inputs.shapes())?;
        if let Some(cover) = &ground.cover {
            frame.mask_by(&cover.mask, &first.name)?;
        }
        Ok(Some(Self { frame, series }))
    }
}

/// The vegetation rasters up to the reporting period, all on one grid; `None` when there are none.
///
/// Years before the baseline are read too: they tell how far a soum's years scatter.
fn series_of<'a>(
    inputs: &'a Inputs,
    request: &Request,
    findings: &mut Vec<Finding>,
) -> Option<BTreeMap<i32, &'a StoredRaster>> {
    let (_, rasters) = inputs.vegetation.as_ref()?;
    let mut series = one_grid(rasters, *rasters.keys().next()?, findings);
    series.retain(|year, _| *year <= request.reporting.last);
    (!series.is_empty()).then_some(series)
}

/// What an assessment would compute block by block; `None` without vegetation rasters.
pub(super) fn prepared_of(
    inputs: &Inputs,
    request: &Request,
    sets: &ParameterSets,
    resume: bool,
) -> Result<Option<Prepared>, AssessmentError> {
    let series = series_of(inputs, request, &mut Vec::new());
    series
        .map(|series| prepared(inputs, sets, &soum_borders(inputs), (&series, request.baseline.last), resume))
        .transpose()
}
