//! Means of a map over zones, put right by measured points: the difference (GREG) estimator, zone by zone and for all.
//!
//! Where the map was trained on these very points, its own residuals flatter it: the points' groups (such as soums) are
//! then left out in turn, and a line of measured on mapped values is fitted without each (domain sheet 6.7).

mod at_points;
mod estimate;

use std::path::{Path, PathBuf};

use belcheer_domain::records::MeasuredPoint;
use belcheer_domain::{Finding, Severity};
use belcheer_door::Door;
use belcheer_vector_ingest::ZoneJob;
use belcheer_zonal::CoverRule;

use crate::error::AssessmentError;
use crate::table::{Table, Values};
use crate::watch::Watch;
use crate::zonal::{Weighting, ZonalRequest, zonal_statistics};
use at_points::{Located, located};
pub use estimate::ZoneMean;
use estimate::{Zone, estimate};

/// What is asked for.
#[derive(Debug)]
pub struct ModelAssistedRequest {
    /// The points, and the name of their file.
    pub points: (Vec<MeasuredPoint>, String),
    /// The map: one band in the unit of the measured values.
    pub map: PathBuf,
    /// The zones.
    pub zones: ZoneJob,
    /// Coordinate system of a map that declares none.
    pub crs_epsg: Option<u32>,
    /// Whether the groups of points are left out in turn.
    pub by_group: bool,
}

/// One row a zone and one of all, with what was noticed.
#[derive(Debug)]
pub struct ModelAssisted {
    /// By zone, in the order of the file; the last is that of all zones that have an estimate.
    pub rows: Vec<ZoneMean>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Estimates the mean of every zone.
///
/// # Errors
/// When a file is refused, the map has several bands, or groups are asked for and cannot be left out in turn.
pub fn model_assisted(
    door: &Door,
    request: &ModelAssistedRequest,
    scratch: &Path,
    watch: &dyn Watch,
) -> Result<ModelAssisted, AssessmentError> {
    let zonal = ZonalRequest {
        rasters: vec![request.map.clone()],
        zones: request.zones.clone(),
        statistics: "weighted_mean,weighted_count"
            .parse()
            .map_err(|e: belcheer_zonal::StatisticError| AssessmentError::Output(e.to_string()))?,
        weighting: Weighting::Area,
        rule: CoverRule::Exact,
        crs_epsg: request.crs_epsg,
        with_shapes: false,
    };
    let (points, name) = (&request.points.0, request.points.1.as_str());
    let located = located(door, request, scratch)?;
    let means = zonal_statistics(door, &zonal, scratch, watch)?;
    let mut findings = means.findings;
    findings.extend(lost(&located, name));
    let zones = zones(&means.table);
    let used: Vec<(usize, f64, &MeasuredPoint)> = located
        .iter()
        .zip(points)
        .filter_map(|(at, point)| match at {
            Located::In { zone, mapped } => Some((*zone, *mapped, point)),
            Located::OutsideZones | Located::WithoutValue => None,
        })
        .collect();
    let rows =
        estimate(&zones, &used, request.by_group).map_err(|e| AssessmentError::Refused(format!("{name}: {e}")))?;
    findings.extend(few_points(&rows, name));
    Ok(ModelAssisted { rows, findings })
}

fn zones(table: &Table) -> Vec<Zone> {
    let floats = |name: &str| match table.columns.iter().find(|c| c.name == name).map(|c| &c.values) {
        Some(Values::Float(values)) => values.clone(),
        _ => Vec::new(),
    };
    let ids = match table.columns.first().map(|c| &c.values) {
        Some(Values::Text(ids)) => ids.clone(),
        _ => Vec::new(),
    };
    let numbers = floats("weighted_mean").into_iter().zip(floats("weighted_count"));
    let one = |(id, (map_mean, square_metres)): (Option<String>, (Option<f64>, Option<f64>))| Zone {
        id: id.unwrap_or_default(),
        area_ha: square_metres.unwrap_or(0.0) / 10_000.0,
        map_mean,
    };
    ids.into_iter().zip(numbers).map(one).collect()
}

fn lost(located: &[Located], name: &str) -> Vec<Finding> {
    let count = |of: &Located| located.iter().filter(|l| *l == of).count() as u64;
    let (outside, without) = (count(&Located::OutsideZones), count(&Located::WithoutValue));
    let mut findings = Vec::new();
    if outside > 0 {
        findings.push(Finding::new("points_outside_zones", Severity::Warning, name).count(outside).text(
            format!("{outside} points lie in no zone and were left out"),
            format!("{outside} цэг ямар ч бүсэд оршихгүй тул орхисон"),
        ));
    }
    if without > 0 {
        findings.push(Finding::new("points_without_map_value", Severity::Warning, name).count(without).text(
            format!("the map has no value at {without} points; they were left out"),
            format!("{without} цэг дээр зураг утгагүй тул орхисон"),
        ));
    }
    findings
}

fn few_points(rows: &[ZoneMean], name: &str) -> Option<Finding> {
    let few: Vec<&ZoneMean> = rows.iter().filter(|r| r.estimate.is_none()).collect();
    let (first, n) = (few.first()?, few.len());
    let whole: f64 = rows.iter().filter(|r| !r.is_all).map(|r| r.area_ha).sum();
    let percent = 100.0 * few.iter().filter(|r| !r.is_all).map(|r| r.area_ha).sum::<f64>() / whole;
    Some(Finding::new("few_points_in_zone", Severity::Warning, name).at(&first.zone).count(n as u64).text(
        format!("{n} zones, {percent:.1} % of the area, have fewer than two points on the map and no estimate; `all` is without them"),
        format!("{n} бүс (талбайн {percent:.1} %) зураг дээр хоёроос цөөн цэгтэй тул үнэлгээгүй; `all` мөрөнд ороогүй"),
    ))
}

impl ModelAssisted {
    /// The rows as a table.
    #[must_use]
    pub fn table(&self) -> Table {
        let rows = &self.rows;
        let of = |value: fn(&ZoneMean) -> Option<f64>| rows.iter().map(value).collect::<Vec<_>>();
        Table::default()
            .text("zone", rows.iter().map(|r| Some(r.zone.as_str())))
            .int("n", rows.iter().map(|r| i64::try_from(r.points).ok()))
            .float("area_ha", of(|r| Some(r.area_ha)))
            .float("map_mean", of(|r| r.map_mean))
            .float("predicted_mean", of(|r| r.predicted_mean))
            .float("estimate", of(|r| Some(r.estimate?.effect)))
            .float("se", of(|r| Some(r.estimate?.se)))
            .float("ci90_low", of(|r| Some(r.estimate?.ci90.0)))
            .float("ci90_high", of(|r| Some(r.estimate?.ci90.1)))
            .float("points_mean", of(|r| r.points_mean))
            .float("points_se", of(|r| r.points_se))
            .float("relative_efficiency", of(|r| r.relative_efficiency))
    }
}
