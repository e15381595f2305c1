//! The two sides of the gate: jobs that the child runs, and functions that ask for them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use belcheer_domain::{
    Finding, SoumCode,
    records::{Jurisdiction, Level},
};
use belcheer_door::{Door, Reach, Refusal};
use geo_types::MultiPolygon;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    boundaries::{self, Boundaries, BoundaryJob},
    describe::{self, Description},
    error::IngestError,
    geometry::wire,
    join,
    messages::{Log, refuse},
    soum_index::SoumIndex,
    source::{input_name, reach_of},
    table::{
        self, DraftTable, TableJob, TableKind, TableLook, TableRecords, lm2,
        look::{self, LookJob},
    },
    zones::{self, ZoneJob, Zones},
};

const ZONES: &str = "vector.zones";
const BOUNDARIES: &str = "vector.boundaries";
const TABLE: &str = "vector.table";
const DESCRIBE: &str = "vector.describe";
const LOOK: &str = "vector.look_at_table";

/// Runs a job of this crate; `None` when the kind is not one of ours. Belongs into the child process.
#[must_use]
pub fn handle(kind: &str, body: Value) -> Option<Result<Value, Refusal>> {
    Some(match kind {
        ZONES => run(body, |job: &ZoneJob| zones::read(job)),
        BOUNDARIES => run(body, |job: &BoundaryJob| boundaries::read(job).map(BoundaryReply::from)),
        TABLE => run(body, |job: &TableJob| table::read(job)),
        LOOK => run(body, look::look),
        DESCRIBE => run(body, |job: &DescribeJob| describe::read(&job.path, job.layer.as_deref(), job.crs.as_deref())),
        _ => return None,
    })
}

fn run<Job: DeserializeOwned, Reply: Serialize>(
    body: Value,
    work: impl Fn(&Job) -> Result<Reply, Refusal>,
) -> Result<Value, Refusal> {
    let job: Job = serde_json::from_value(body).map_err(|e| refuse("bad_job", "job", e.to_string()))?;
    let reply = work(&job)?;
    serde_json::to_value(reply).map_err(|e| refuse("bad_job", "reply", e.to_string()))
}

/// Where jobs are run: the door to a child process, or this process.
pub trait Gate {
    /// Runs one job, which touches the files in reach and no others.
    ///
    /// # Errors
    /// When the input is refused, or the child fails.
    fn run<Job: Serialize, Reply: DeserializeOwned>(
        &self,
        kind: &str,
        job: &Job,
        reach: &Reach,
    ) -> Result<Reply, IngestError>;
}

impl Gate for Door {
    fn run<Job: Serialize, Reply: DeserializeOwned>(
        &self,
        kind: &str,
        job: &Job,
        reach: &Reach,
    ) -> Result<Reply, IngestError> {
        Ok(Door::run(self, kind, job, reach)?)
    }
}

/// Runs jobs in this very process: for files that we wrote ourselves, and for tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InProcess;

impl Gate for InProcess {
    fn run<Job: Serialize, Reply: DeserializeOwned>(
        &self,
        kind: &str,
        job: &Job,
        _: &Reach,
    ) -> Result<Reply, IngestError> {
        let reply_error = |e: serde_json::Error| IngestError::Reply { kind: kind.to_owned(), reason: e.to_string() };
        let body = serde_json::to_value(job).map_err(reply_error)?;
        let value = handle(kind, body).ok_or_else(|| IngestError::UnknownKind(kind.to_owned()))??;
        serde_json::from_value(value).map_err(reply_error)
    }
}

#[derive(Serialize, Deserialize)]
struct DescribeJob {
    path: PathBuf,
    layer: Option<String>,
    crs: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct BoundaryReply {
    units: Vec<Unit>,
    findings: Vec<Finding>,
}

#[derive(Serialize, Deserialize)]
struct Unit {
    level: Level,
    code: String,
    au2: Option<SoumCode>,
    name_mn: Option<String>,
    name_en: Option<String>,
    #[serde(with = "wire")]
    geometry: MultiPolygon<f64>,
    area_ha: f64,
}

impl From<Boundaries> for BoundaryReply {
    fn from(boundaries: Boundaries) -> Self {
        let unit = |u: Jurisdiction| Unit {
            level: u.level,
            code: u.code,
            au2: u.au2,
            name_mn: u.name_mn,
            name_en: u.name_en,
            geometry: u.geometry,
            area_ha: u.area_ha,
        };
        Self { units: boundaries.units.into_iter().map(unit).collect(), findings: boundaries.findings }
    }
}

/// Layers, columns and coordinate system of a vector file, with samples of its values; `crs` goes before what the
/// file says.
///
/// # Errors
/// When the file is refused or the child fails.
pub fn describe(
    gate: &impl Gate,
    path: impl Into<PathBuf>,
    layer: Option<&str>,
    crs: Option<&str>,
) -> Result<Description, IngestError> {
    let path = path.into();
    check_name(&path)?;
    let reach = reach_of(&path);
    gate.run(DESCRIBE, &DescribeJob { path, layer: layer.map(str::to_owned), crs: crs.map(str::to_owned) }, &reach)
}

/// A table before it is taken in: headings, fields, and which kinds of table it could be. With a `kind`, that kind
/// alone is looked for; `map` names columns by field.
///
/// # Errors
/// When the file is refused, or has not the columns of `kind`, or the child fails.
pub fn look_at_table(
    gate: &impl Gate,
    path: impl Into<PathBuf>,
    sheet: Option<&str>,
    kind: Option<TableKind>,
    map: &BTreeMap<String, String>,
) -> Result<TableLook, IngestError> {
    let path = path.into();
    check_name(&path)?;
    let reach = reach_of(&path);
    gate.run(LOOK, &LookJob { path, sheet: sheet.map(str::to_owned), kind, map: map.clone() }, &reach)
}

/// Jobs travel as text, so a path that is none cannot be asked for.
fn check_name(path: &Path) -> Result<(), Refusal> {
    if path.to_str().is_some() { Ok(()) } else { Err(refuse("name_not_text", input_name(path), "")) }
}

/// Zones of any polygon file, in a wanted coordinate system.
///
/// # Errors
/// When the file is refused (unknown format, no coordinate system, no polygons, no such field) or the child fails.
pub fn read_zones(gate: &impl Gate, job: &ZoneJob) -> Result<Zones, IngestError> {
    check_name(&job.path)?;
    gate.run(ZONES, job, &reach_of(&job.path))
}

/// Boundaries as jurisdictions on longitude and latitude, areas measured on the ellipsoid.
///
/// Bags and user groups whose soum no field tells are joined to the soum around them, if `soums` are given.
///
/// # Errors
/// When the file is refused (unknown format, no coordinate system, no code field, incomplete set) or the child fails.
pub fn read_boundaries(
    gate: &impl Gate,
    job: &BoundaryJob,
    soums: Option<&SoumIndex>,
) -> Result<Boundaries, IngestError> {
    check_name(&job.path)?;
    let reply: BoundaryReply = gate.run(BOUNDARIES, job, &reach_of(&job.path))?;
    let mut log = Log::new(&input_name(&job.path));
    let unit = |u: Unit| Jurisdiction {
        level: u.level,
        code: u.code,
        au2: u.au2,
        name_mn: u.name_mn,
        name_en: u.name_en,
        geometry: u.geometry,
        area_ha: u.area_ha,
    };
    let mut units: Vec<Jurisdiction> = reply.units.into_iter().map(unit).collect();
    for unit in units.iter_mut().filter(|u| matches!(u.level, Level::Bag | Level::Pug)) {
        let around = soums.and_then(|s| s.around(&unit.geometry));
        match (unit.au2, around) {
            (None, Some(soum)) => {
                unit.au2 = Some(soum);
                log.record("joined_by_place", Some(soum), unit.code.clone(), "");
            }
            (None, None) => log.record("unit_without_soum", None, unit.code.clone(), ""),
            (Some(own), Some(soum)) if own != soum => {
                log.record("unit_outside_soum", Some(own), unit.code.clone(), &soum.to_string());
            }
            _ => {}
        }
    }
    let mut findings = reply.findings;
    findings.extend(log.finish());
    findings.sort();
    Ok(Boundaries { units, findings })
}

/// The records of a table, joined to `soums` where they are given, else by code alone.
///
/// # Errors
/// When the file is refused (unknown format, no headings found, shifted columns, empty) or the child fails.
pub fn read_table(
    gate: &impl Gate,
    job: &TableJob,
    soums: Option<&SoumIndex>,
) -> Result<(TableRecords, Vec<Finding>), IngestError> {
    check_name(&job.path)?;
    let reach = if job.kind == TableKind::Lm2 { lm2::reach_of(&job.path) } else { reach_of(&job.path) };
    let drafts: DraftTable = gate.run(TABLE, job, &reach)?;
    Ok(join::join(drafts, soums, &input_name(&job.path)))
}
