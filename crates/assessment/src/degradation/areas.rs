//! How much land is in each class: of every zone, outside all of them, and in all.

use belcheer_domain::{Crs, Finding, Severity};
use belcheer_door::Door;
use belcheer_rangeland::climate::Adjusted;
use belcheer_rangeland::degradation::{DegradationClass, Layer, Packed};
use belcheer_zonal::{Coverage, Grid, NeumaierSum};
use rayon::prelude::*;

use super::{DegradationRequest, note};
use crate::error::AssessmentError;
use crate::table::Table;
use crate::zonal::ground::zones_in;

/// Layers whose areas are told.
pub(super) const TOLD: [Layer; 9] = Layer::THREE_CLASS;
/// Name of what lies in no zone.
const OUTSIDE: &str = "(outside)";
/// Name of everything.
const ALL: &str = "(all)";
/// How far the zones together may reach beyond the raster before they must overlap, share.
const OVERLAP: f64 = 1e-6;

/// Areas of one zone, ha.
#[derive(Debug, Clone, Default)]
pub(super) struct Areas {
    pub zone: String,
    pub water_ha: f64,
    /// Of each told layer: degraded, stable, improved, unknown; land only.
    pub layers: [[f64; 4]; TOLD.len()],
    /// Land by how far weather was taken out of the trend; `None` where that was not asked for.
    pub climate: Option<[f64; 3]>,
}

impl Areas {
    /// Whether it is no zone but the rest, or everything although there are zones.
    pub fn is_rest(&self) -> bool {
        self.zone == OUTSIDE
    }

    pub fn land_ha(&self) -> f64 {
        self.layers[0].iter().sum()
    }

    /// The value of SDG 15.3.1 of a layer: degraded land of all land, and of the land that was judged.
    pub fn shares(&self, layer: Layer) -> (Option<f64>, Option<f64>) {
        let at = TOLD.iter().position(|told| *told == layer).unwrap_or_default();
        let [degraded, stable, improved, unknown] = self.layers[at];
        let judged = degraded + stable + improved;
        let of = |whole: f64| (whole > 0.0).then(|| degraded / whole);
        (of(judged + unknown), of(judged))
    }
}

#[derive(Default, Clone, Copy)]
struct Sums {
    water: NeumaierSum,
    layers: [[NeumaierSum; 4]; TOLD.len()],
    climate: [NeumaierSum; 3],
}

/// Cells by class, of equal area; turned into areas a run of cells at a time.
#[derive(Default, Clone, Copy)]
struct Counts {
    water: u32,
    layers: [[u32; 4]; TOLD.len()],
    climate: [u32; 3],
}

impl Counts {
    fn add(&mut self, cell: Packed) {
        if cell.is_water() {
            self.water += 1;
            return;
        }
        for (counts, layer) in self.layers.iter_mut().zip(&TOLD) {
            counts[cell.rank(*layer)] += 1;
        }
        if let Some(how) = cell.climate() {
            self.climate[how as usize] += 1;
        }
    }
}

impl Sums {
    fn add(&mut self, counts: &Counts, cell_ha: f64) {
        let put = |sum: &mut NeumaierSum, count: u32| {
            if count > 0 {
                sum.add(f64::from(count) * cell_ha);
            }
        };
        put(&mut self.water, counts.water);
        for (sums, counts) in self.layers.iter_mut().zip(&counts.layers) {
            sums.iter_mut().zip(counts).for_each(|(sum, count)| put(sum, *count));
        }
        self.climate.iter_mut().zip(&counts.climate).for_each(|(sum, count)| put(sum, *count));
    }

    fn areas(&self, zone: &str) -> Areas {
        Areas {
            zone: zone.to_owned(),
            water_ha: self.water.value(),
            layers: self.layers.map(|sums| sums.map(|sum| sum.value())),
            climate: Some(self.climate.map(|sum| sum.value())),
        }
    }
}

/// The areas of every zone, of what lies outside, and of all, in this order.
pub(super) fn sum(
    door: &Door,
    request: &DegradationRequest,
    grid: &Grid,
    crs: &Crs,
    cells: &[Packed],
    findings: &mut Vec<Finding>,
) -> Result<Vec<Areas>, AssessmentError> {
    let row_ha = row_areas_ha(grid, crs);
    let whole = whole(grid, &row_ha, cells);
    let mut areas = Vec::new();
    if let Some(job) = &request.zones {
        let name = job.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (ids, shapes) = zones_in(door, job, crs, findings)?;
        let covers: Vec<Coverage> = shapes
            .par_iter()
            .map(|shape| belcheer_zonal::coverage(grid, shape))
            .collect::<Result<_, _>>()
            .map_err(|e| AssessmentError::Zones { name: name.clone(), reason: e.to_string() })?;
        areas = ids
            .par_iter()
            .zip(&covers)
            .map(|(id, cover)| zone(cover, &row_ha, grid.cols(), cells).areas(id))
            .collect::<Vec<Areas>>();
        areas.push(outside(&whole, &areas, &name, findings));
    }
    areas.push(whole);
    if request.precipitation.is_empty() {
        areas.iter_mut().for_each(|zone| zone.climate = None);
    }
    Ok(areas)
}

fn row_areas_ha(grid: &Grid, crs: &Crs) -> Vec<f64> {
    let square_metres =
        if crs.geographic { belcheer_zonal::row_cell_areas_m2(grid) } else { vec![grid.dx() * grid.dy(); grid.rows()] };
    square_metres.into_iter().map(|m2| m2 / 10_000.0).collect()
}

fn whole(grid: &Grid, row_ha: &[f64], cells: &[Packed]) -> Areas {
    let rows: Vec<Counts> = cells
        .par_chunks(grid.cols().max(1))
        .map(|row| {
            let mut counts = Counts::default();
            row.iter().for_each(|cell| counts.add(*cell));
            counts
        })
        .collect();
    let mut sums = Sums::default();
    rows.iter().zip(row_ha).for_each(|(counts, cell_ha)| sums.add(counts, *cell_ha));
    sums.areas(ALL)
}

fn zone(cover: &Coverage, row_ha: &[f64], cols: usize, cells: &[Packed]) -> Sums {
    let mut sums = Sums::default();
    for span in cover {
        let row = span.row as usize;
        let line = row * cols;
        let mut counts = Counts::default();
        let covered = cells.get(line + span.col_start as usize..line + span.col_end as usize).unwrap_or_default();
        covered.iter().for_each(|cell| counts.add(*cell));
        sums.add(&counts, row_ha.get(row).copied().unwrap_or(0.0) * span.fraction);
    }
    sums
}

/// What of the whole lies in no zone; less than nothing where zones overlap, which is told.
fn outside(whole: &Areas, zones: &[Areas], name: &str, findings: &mut Vec<Finding>) -> Areas {
    let rest = |whole: f64, of: &dyn Fn(&Areas) -> f64| {
        let mut sum = NeumaierSum::default();
        sum.add(whole);
        zones.iter().for_each(|zone| sum.add(-of(zone)));
        sum.value()
    };
    let mut outside = Areas { zone: OUTSIDE.to_owned(), ..Areas::default() };
    outside.water_ha = rest(whole.water_ha, &|zone| zone.water_ha);
    for layer in 0..TOLD.len() {
        for class in 0..4 {
            outside.layers[layer][class] = rest(whole.layers[layer][class], &|zone| zone.layers[layer][class]);
        }
    }
    let ways = [0, 1, 2].map(|way| {
        let of = |areas: &Areas| areas.climate.map_or(0.0, |ways| ways[way]);
        rest(of(whole), &of)
    });
    outside.climate = Some(ways);
    let all = whole.land_ha() + whole.water_ha;
    let least = outside.layers.iter().flatten().copied().fold(outside.water_ha, f64::min);
    if least < -OVERLAP * all {
        findings.push(note(
            "zones_overlap",
            Severity::Warning,
            name,
            1,
            "zones overlap: their areas add up to more than the raster holds".to_owned(),
            "бүсүүд давхцаж байгаа тул талбайн нийлбэр нь растерын талбайгаас их".to_owned(),
        ));
    }
    // what is left of equal areas by rounding
    let clear = |area: &mut f64| {
        if area.abs() <= 1e-9 * all {
            *area = 0.0;
        }
    };
    clear(&mut outside.water_ha);
    outside.layers.iter_mut().flatten().for_each(clear);
    outside.climate.iter_mut().flatten().for_each(clear);
    outside
}

/// One row a zone, layer and class.
pub(super) fn table(areas: &[Areas]) -> Table {
    let mut rows: Vec<(&str, &str, &str, f64, Option<f64>)> = Vec::new();
    for zone in areas {
        let land = zone.land_ha();
        rows.push((&zone.zone, "water", "water", zone.water_ha, None));
        for (layer, classes) in TOLD.iter().zip(&zone.layers) {
            let names = DegradationClass::ALL.map(class_name);
            for (class, area) in names.into_iter().chain(["unknown"]).zip(classes) {
                rows.push((&zone.zone, layer.as_str(), class, *area, (land > 0.0).then(|| area / land)));
            }
        }
        for (how, area) in Adjusted::ALL.iter().zip(zone.climate.iter().flatten()) {
            let share = (land > 0.0).then(|| area / land);
            rows.push((&zone.zone, "climate_adjustment", how.as_str(), *area, share));
        }
    }
    Table::default()
        .text("zone", rows.iter().map(|r| Some(r.0)))
        .text("layer", rows.iter().map(|r| Some(r.1)))
        .text("class", rows.iter().map(|r| Some(r.2)))
        .float("area_ha", rows.iter().map(|r| Some(r.3)))
        .float("land_fraction", rows.iter().map(|r| r.4))
}

fn class_name(class: DegradationClass) -> &'static str {
    match class {
        DegradationClass::Degraded => "degraded",
        DegradationClass::Stable => "stable",
        DegradationClass::Improved => "improved",
    }
}
