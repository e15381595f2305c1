//! Reading all rasters once, tile by tile: the classes of every cell but for performance.

use std::sync::{Mutex, PoisonError};

use belcheer_domain::{Finding, Severity};
use belcheer_rangeland::degradation::{DegradationClass, LandCover, LandCoverMatrix, Packed, SubIndicators};
use belcheer_raster_ingest::CellWindow;
use belcheer_zonal::NeumaierSum;
use rayon::prelude::*;

use super::inputs::{CodeRaster, Inputs, NO_CODE};
use super::productivity::{Judge, Metrics, Room};
use super::{Cells, Constants, DegradationRequest, NO_UNIT, note};
use crate::error::AssessmentError;
use crate::watch::Watch;

/// Land cover codes that have a place in the table of classes.
const CODES: usize = 256;
/// What a soil code is multiplied by before land cover is added.
const SOIL_STEP: i32 = 100;

/// A part of the cells, and what was odd in it.
struct Part {
    cells: Cells,
    sample: Vec<(f64, u64)>,
    impossible: u64,
    outside_legend: u64,
    units_too_large: u64,
}

/// Reads everything.
pub(super) fn read_all(
    request: &DegradationRequest,
    constants: &Constants,
    inputs: &Inputs,
    judge: &Judge<'_>,
    watch: &dyn Watch,
    findings: &mut Vec<Finding>,
) -> Result<Cells, AssessmentError> {
    let meta = &inputs.index[0].meta;
    let (rows, cols) = (meta.height as usize, meta.width as usize);
    let total = rows * cols;
    let mut cells =
        Cells { packed: vec![Packed::default(); total], mean: vec![f32::NAN; total], unit: vec![NO_UNIT; total] };
    let reader = Reader::new(request, constants, inputs);
    let rooms = Mutex::new(Vec::new());
    let (mut impossible, mut outside_legend, mut units_too_large) = (0, 0, 0);
    let mut sample: Vec<(NeumaierSum, u64)> = Vec::new();
    for band in inputs.tiles() {
        let first = band.first().map_or(0, |tile| tile.row);
        watch.step("degradation", (first * cols) as u64, total as u64);
        let parts: Vec<(CellWindow, Part)> = band
            .par_iter()
            .map(|tile| {
                let taken = rooms.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let mut room: Room = taken.unwrap_or_default();
                let part = reader.part(*tile, judge, &mut room)?;
                rooms.lock().unwrap_or_else(PoisonError::into_inner).push(room);
                Ok((*tile, part))
            })
            .collect::<Result<_, AssessmentError>>()?;
        for (tile, part) in parts {
            put(&mut cells.packed, &part.cells.packed, tile, cols);
            put(&mut cells.mean, &part.cells.mean, tile, cols);
            put(&mut cells.unit, &part.cells.unit, tile, cols);
            sample.resize_with(part.sample.len(), Default::default);
            for (all, (sum, n)) in sample.iter_mut().zip(&part.sample) {
                all.0.add(*sum);
                all.1 += n;
            }
            impossible += part.impossible;
            outside_legend += part.outside_legend;
            units_too_large += part.units_too_large;
        }
    }
    watch.step("degradation", total as u64, total as u64);
    let index = inputs.index[0].name.as_str();
    tell_breaks(constants, judge, &sample, index, findings);
    let cover = inputs.land_cover[1].raster.name.as_str();
    if impossible > 0 {
        findings.push(note(
            "index_out_of_range",
            Severity::Warning,
            index,
            impossible,
            "values beyond -1 to 1 are no vegetation index; they count as missing. See that scale and nodata are right"
                .to_owned(),
            "-1..1 мужаас гадуурх утга ургамлын индекс биш тул дутуу утга гэж үзсэн; scale, nodata-г шалгана уу"
                .to_owned(),
        ));
    }
    if outside_legend > 0 {
        findings.push(note(
            "land_cover_outside_legend",
            Severity::Warning,
            cover,
            outside_legend,
            format!("cells hold codes that {} does not list; their land cover is unknown", constants.legend.id),
            format!("{} ангилалд байхгүй кодтой нүднүүдийн газрын бүрхэвч тодорхойгүй", constants.legend.id),
        ));
    }
    if units_too_large > 0 {
        return Err(AssessmentError::Refused(format!(
            "{units_too_large} cells have a unit number beyond 0 to {}; number the units anew",
            NO_UNIT - 1
        )));
    }
    Ok(cells)
}

/// Says where the mean of all years steps when a sensor or its processing is known to have changed.
fn tell_breaks(
    constants: &Constants,
    judge: &Judge<'_>,
    sample: &[(NeumaierSum, u64)],
    input: &str,
    findings: &mut Vec<Finding>,
) {
    let means: Vec<f64> = sample.iter().filter(|(_, n)| *n > 0).map(|(sum, n)| sum.value() / *n as f64).collect();
    let years = judge.years();
    for (change, p) in constants.breaks.found(&years, &means) {
        let year = change.year;
        let found = note(
            "sensor_break_suspected",
            Severity::Warning,
            input,
            1,
            format!(
                "the mean of all cells steps in {year} (Chow p {p:.4}), when {}; weather can look the same: compare with a series of one sensor before trusting the trend",
                change.what
            ),
            format!(
                "бүх нүдний дундаж {year} онд огцом өөрчлөгдсөн (Чоугийн p {p:.4}); энэ үед мэдрэгч эсвэл боловсруулалт өөрчлөгдсөн тул хандлагыг шалгана уу"
            ),
        );
        findings.push(found.at(year.to_string()));
    }
}

fn put<A: Copy>(all: &mut [A], part: &[A], tile: CellWindow, cols: usize) {
    for (row, values) in part.chunks(tile.cols).enumerate() {
        let start = (tile.row + row) * cols + tile.col;
        all[start..start + tile.cols].copy_from_slice(values);
    }
}

/// What is read of a part besides productivity.
#[derive(Default)]
struct Codes {
    before: Vec<i32>,
    after: Vec<i32>,
    units: Vec<i32>,
    soil: Vec<i32>,
    water: Vec<i32>,
    baseline: Vec<i32>,
    carbon: [Vec<f32>; 2],
}

struct Reader<'a> {
    constants: &'a Constants,
    inputs: &'a Inputs,
    classes: Vec<Option<LandCover>>,
    /// Change of carbon in percent by classes before and after.
    carbon_percent: [[Option<f64>; 7]; 7],
}

impl<'a> Reader<'a> {
    fn new(request: &DegradationRequest, constants: &'a Constants, inputs: &'a Inputs) -> Self {
        let classes = (0..CODES).map(|code| constants.legend.fold(code as u16)).collect();
        let years = request.years.len().saturating_sub(1) as f64;
        let percent = |from, to| {
            let factor = constants.soil.factor(from, to, &request.climate)?;
            constants.soil.change(1.0, factor, years).map(|change| change.percent)
        };
        let carbon_percent = LandCover::ALL.map(|from| LandCover::ALL.map(|to| percent(from, to)));
        Self { constants, inputs, classes, carbon_percent }
    }

    fn part(&self, tile: CellWindow, judge: &Judge<'_>, room: &mut Room) -> Result<Part, AssessmentError> {
        let codes = self.codes(tile)?;
        let metrics = judge.judge(tile, room)?;
        let total = metrics.mean.len();
        let mut part = Part {
            sample: metrics.sample.clone(),
            cells: Cells { packed: Vec::with_capacity(total), mean: Vec::new(), unit: Vec::with_capacity(total) },
            impossible: metrics.impossible,
            outside_legend: 0,
            units_too_large: 0,
        };
        for cell in 0..total {
            let [before, after] = [codes.before[cell], codes.after[cell]].map(|code| {
                let class = self.class(code);
                part.outside_legend += u64::from(class.is_none() && code != NO_CODE);
                class
            });
            part.cells.packed.push(Packed::of(&self.given(&codes, &metrics, cell, (before, after))));
            let unit = self.unit(&codes, cell, before);
            part.units_too_large += u64::from(unit.is_err());
            part.cells.unit.push(unit.unwrap_or(NO_UNIT));
        }
        part.cells.mean = metrics.mean;
        Ok(part)
    }

    #[inline]
    fn given(
        &self,
        codes: &Codes,
        metrics: &Metrics,
        cell: usize,
        (before, after): (Option<LandCover>, Option<LandCover>),
    ) -> SubIndicators {
        let [matrix, other] = &self.constants.matrices;
        let transition = |matrix: &LandCoverMatrix| matrix.transition(before, after);
        SubIndicators {
            trend: metrics.trend[cell],
            state: metrics.state[cell],
            land_cover: transition(matrix),
            land_cover_other: transition(other),
            soil_organic_carbon: self.carbon(codes, cell, before.zip(after)),
            baseline: codes.baseline.get(cell).and_then(|code| DegradationClass::from_code(i16::try_from(*code).ok()?)),
            climate: metrics.climate.get(cell).copied(),
            water: match codes.water.get(cell) {
                Some(code) => *code != 0 && *code != NO_CODE,
                None => after == Some(LandCover::Water),
            },
        }
    }

    fn codes(&self, tile: CellWindow) -> Result<Codes, AssessmentError> {
        let inputs = self.inputs;
        let mut codes = Codes::default();
        inputs.land_cover[0].codes(tile, &mut codes.before)?;
        inputs.land_cover[1].codes(tile, &mut codes.after)?;
        let optional = |raster: &Option<CodeRaster>, into: &mut Vec<i32>| match raster {
            Some(raster) => raster.codes(tile, into),
            None => Ok(()),
        };
        optional(&inputs.units, &mut codes.units)?;
        optional(&inputs.soil, &mut codes.soil)?;
        optional(&inputs.water, &mut codes.water)?;
        optional(&inputs.baseline, &mut codes.baseline)?;
        for (raster, into) in inputs.soil_carbon.iter().zip(&mut codes.carbon) {
            raster.values(tile, into)?;
        }
        Ok(codes)
    }

    fn class(&self, code: i32) -> Option<LandCover> {
        self.classes.get(usize::try_from(code).ok()?).copied().flatten()
    }

    /// The unit of a cell; an error where its number is too large.
    fn unit(&self, codes: &Codes, cell: usize, before: Option<LandCover>) -> Result<u16, ()> {
        let class = before.map(|class| i32::from(class.code()));
        let number = match (codes.units.get(cell), codes.soil.get(cell)) {
            (Some(unit), _) => Some(*unit),
            (None, Some(soil)) if *soil != NO_CODE => class.map(|class| soil.saturating_mul(SOIL_STEP) + class),
            (None, Some(_)) => None,
            (None, None) => class,
        };
        match number {
            None | Some(NO_CODE) => Ok(NO_UNIT),
            Some(number) => u16::try_from(number).ok().filter(|unit| *unit != NO_UNIT).ok_or(()),
        }
    }

    fn carbon(&self, codes: &Codes, cell: usize, cover: Option<(LandCover, LandCover)>) -> Option<DegradationClass> {
        let stock = |at: usize| codes.carbon[at].get(cell).copied().filter(|stock| stock.is_finite());
        let percent = match (stock(0), codes.carbon[1].is_empty()) {
            (Some(before), false) => {
                let (before, after) = (f64::from(before), f64::from(stock(1)?));
                (before > 0.0 && after >= 0.0).then(|| (after - before) / before * 100.0)?
            }
            (Some(before), true) if before > 0.0 => {
                let (from, to) = cover?;
                self.carbon_percent[from as usize][to as usize]?
            }
            _ => return None,
        };
        Some(self.constants.soil.class_of_percent(percent))
    }
}
