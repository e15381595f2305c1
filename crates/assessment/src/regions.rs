//! The vegetation series by zones of several levels: yearly means and the trend, every pixel read once.

mod plan;

use std::collections::{BTreeMap, BTreeSet};

use belcheer_catalog::{Catalog, DatasetKind};
use belcheer_domain::records::{Jurisdiction, Level};
use belcheer_domain::{Finding, Severity};
use geo::BoundingRect;
use geo_types::MultiPolygon;

use crate::area_sums::{AreaSums, CompensatedSums};
use crate::blocks::{BlockJob, Execution, Measure, Prepared, SlopeJob, held_series, mask_source, prepare, run_blocks};
use crate::error::AssessmentError;
use crate::inputs::Inputs;
use crate::parameters::ParameterSets;
use crate::raster::StoredRaster;
use crate::table::Table;
use crate::watch::Watch;
pub use plan::RegionPlan;

/// Columns of the answer with unit and meaning.
pub const COLUMNS: [(&str, &str, &str); 9] = [
    ("level", "", "level of the zone"),
    ("zone_id", "", "code of the zone within its level"),
    ("name", "", "name of the zone"),
    ("measure", "", "vegetation: mean of a year; slope_per_year: Theil-Sen slope over all years"),
    ("year", "", "the year; the last one for a slope"),
    ("mean", "unit of the product", "mean over the assessed cells with a value, weighted by area"),
    ("area_ha", "ha", "assessed area with a value"),
    ("coverage", "1", "share of the assessed area with a value"),
    ("cells", "1", "cells with a value, counted once where a border divides them"),
];

/// What was laid out for a batch.
#[derive(Debug)]
pub struct Regions {
    prepared: Prepared,
    names: BTreeMap<(String, String), Option<String>>,
    shapes: BTreeMap<(String, String), MultiPolygon<f64>>,
    /// The plan, with the addresses that a search gave.
    pub plan: RegionPlan,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Lays zones and years of a plan out for blocks.
///
/// A level of which no boundaries are held is left out with a finding; so is a year that a source lacks.
///
/// # Errors
/// When there is no vegetation series in those years, or nothing of any level is held; as [`Source::open`](crate::sources::Source::open).
pub async fn lay(
    catalog: &Catalog,
    inputs: &Inputs,
    plan: &RegionPlan,
    resume: bool,
) -> Result<Regions, AssessmentError> {
    let mut findings = Vec::new();
    let mut shapes: BTreeMap<(String, String), MultiPolygon<f64>> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for level in &plan.levels {
        let Some(held) = catalog.latest(DatasetKind::Boundaries, Some(*level)).await? else {
            findings.push(absent(*level));
            continue;
        };
        let zones: Vec<Jurisdiction> = catalog.get_json(held.blob).await?;
        for zone in zones {
            let key = (level.to_string(), zone.code);
            names.insert(key.clone(), zone.name_mn.or(zone.name_en));
            shapes.insert(key, zone.geometry);
        }
    }
    if shapes.is_empty() {
        return Err(AssessmentError::NoSoums);
    }
    let mut plan = plan.clone();
    let series = match plan.source.take() {
        Some(source) => {
            let (source, missing) = source.resolve(bounds(&shapes), plan.years).await?;
            let (series, noticed) = source.open(plan.years).await?;
            findings.extend(missing.into_iter().chain(noticed));
            plan.source = Some(source);
            series
        }
        None => held_series(inputs, &series_of(inputs, &plan)?)?,
    };
    let sets = ParameterSets::of(&plan.scheme()?)?;
    let mask = mask_source(inputs, &sets, plan.years.last)?;
    let slope = plan.slope_years_min.map(|years_min| SlopeJob { years_min });
    let prepared = prepare(inputs, series, &shapes, mask, slope, resume)?;
    Ok(Regions { prepared, names, shapes, plan, findings })
}

/// West, south, east and north of all zones, degrees.
fn bounds(shapes: &BTreeMap<(String, String), MultiPolygon<f64>>) -> [f64; 4] {
    let rectangles = shapes.values().filter_map(BoundingRect::bounding_rect);
    rectangles.fold([180.0, 90.0, -180.0, -90.0], |[west, south, east, north]: [f64; 4], r| {
        [west.min(r.min().x), south.min(r.min().y), east.max(r.max().x), north.max(r.max().y)]
    })
}

pub(crate) fn absent(level: Level) -> Finding {
    Finding::new("level_absent", Severity::Warning, level.as_str()).text(
        format!("no boundaries of level {level} are held, so it is left out; run: belcheer ingest boundaries FILE --level {level}"),
        format!("{level} түвшний зааг алга тул орхив; belcheer ingest boundaries FILE --level {level} гэж оруулна уу"),
    )
}

fn series_of<'a>(inputs: &'a Inputs, plan: &RegionPlan) -> Result<BTreeMap<i32, &'a StoredRaster>, AssessmentError> {
    let none = || {
        AssessmentError::Refused(format!(
            "no yearly vegetation rasters of {} are held; run: belcheer ingest raster FILE... --product ndvi_peak",
            plan.years
        ))
    };
    let (_, rasters) = inputs.vegetation.as_ref().ok_or_else(none)?;
    let series: BTreeMap<i32, &StoredRaster> =
        rasters.iter().filter(|(year, _)| plan.years.contains(**year)).map(|(year, raster)| (*year, raster)).collect();
    if series.is_empty() { Err(none()) } else { Ok(series) }
}

impl Regions {
    /// What would be read and needed.
    ///
    /// # Errors
    /// When an input cannot be opened.
    pub fn estimate(&self, threads: usize) -> Result<crate::blocks::BlockPlan, AssessmentError> {
        self.prepared.estimate(threads)
    }

    /// Runs the blocks and tells each zone's years, zones in order of level and code.
    ///
    /// # Errors
    /// As [`run_blocks`].
    pub fn run(&self, execution: &Execution<'_>, watch: &dyn Watch) -> Result<Answer, AssessmentError> {
        let job: BlockJob = self.prepared.store()?;
        let mut rows = Rows::new();
        for part in run_blocks(execution, &job, watch)? {
            rows.entry((part.zone, part.measure, part.year)).or_default().add(&part.sums);
        }
        Ok(Answer { table: self.table(&rows), map: self.map(&rows) })
    }

    /// One row a zone, with its border and a column for each year.
    fn map(&self, rows: &Rows) -> Table {
        let zones: BTreeSet<u32> = rows.keys().map(|(zone, ..)| *zone).collect();
        let key = |number: &u32| self.prepared.zones().get(*number as usize).map(|z| (z.level.clone(), z.id.clone()));
        let keys: Vec<(String, String)> = zones.iter().filter_map(key).collect();
        let mut table = Table::default()
            .text("level", keys.iter().map(|(level, _)| Some(level.as_str())))
            .text("zone_id", keys.iter().map(|(_, id)| Some(id.as_str())))
            .text("name", keys.iter().map(|key| self.names.get(key).cloned().flatten()));
        let columns: BTreeSet<(Measure, i32)> = rows.keys().map(|(_, measure, year)| (*measure, *year)).collect();
        for (measure, year) in columns {
            let name = if measure == Measure::Value { format!("mean_{year}") } else { word(measure).to_owned() };
            let mean = |zone: &u32| rows.get(&(*zone, measure, year))?.value().mean();
            table = table.float(&name, zones.iter().map(mean));
        }
        let shape = |key: &(String, String)| self.shapes.get(key).cloned().unwrap_or_else(|| MultiPolygon(Vec::new()));
        table.geometry = Some(keys.iter().map(shape).collect());
        table
    }

    fn table(&self, rows: &Rows) -> Table {
        let zone = |number: u32| self.prepared.zones().get(number as usize);
        let text = |of: fn(&crate::blocks::Zone) -> &str| {
            rows.keys().map(|(number, ..)| zone(*number).map(|z| of(z).to_owned())).collect::<Vec<_>>()
        };
        let name =
            |number: u32| zone(number).and_then(|z| self.names.get(&(z.level.clone(), z.id.clone())).cloned()?);
        let sums: Vec<AreaSums> = rows.values().map(CompensatedSums::value).collect();
        Table::default()
            .text("level", text(|z| &z.level))
            .text("zone_id", text(|z| &z.id))
            .text("name", rows.keys().map(|(number, ..)| name(*number)))
            .text("measure", rows.keys().map(|(_, measure, _)| Some(word(*measure))))
            .int("year", rows.keys().map(|(.., year)| Some(i64::from(*year))))
            .float("mean", sums.iter().map(AreaSums::mean))
            .float("area_ha", sums.iter().map(|s| Some(s.sum_w)))
            .float("coverage", sums.iter().map(|s| Some(s.coverage())))
            .int("cells", sums.iter().map(|s| i64::try_from(s.n).ok()))
    }
}

/// Sums by zone, measure and year.
type Rows = BTreeMap<(u32, Measure, i32), CompensatedSums>;

/// What a batch tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// One row a zone, measure and year: [`COLUMNS`].
    pub table: Table,
    /// One row a zone with its border: `mean_YEAR` for each year, and `slope_per_year`.
    pub map: Table,
}

const fn word(measure: Measure) -> &'static str {
    match measure {
        Measure::Value => "vegetation",
        Measure::Slope => "slope_per_year",
    }
}

/// The description of the answer as CSV on the Web (W3C 2015), to be kept beside the file of that name.
#[must_use]
pub fn csvw(file: &str) -> serde_json::Value {
    let kind = |name: &str| match name {
        "year" | "cells" => "integer",
        "mean" | "area_ha" | "coverage" => "number",
        _ => "string",
    };
    let columns: Vec<_> = COLUMNS
        .iter()
        .map(|(name, unit, meaning)| {
            let mut column = serde_json::json!({
                "name": name, "titles": name, "dc:description": meaning, "datatype": kind(name),
            });
            if let (false, Some(column)) = (unit.is_empty(), column.as_object_mut()) {
                column.insert("schema:unitText".to_owned(), (*unit).into());
            }
            column
        })
        .collect();
    serde_json::json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": file,
        "tableSchema": { "columns": columns, "primaryKey": ["level", "zone_id", "measure", "year"] },
    })
}
