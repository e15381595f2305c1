//! `ingest`: foreign files become checked datasets of the workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use belcheer_assessment::Watch;
use belcheer_catalog::{Catalog, DatasetKind, DatasetState, NewDataset};
use belcheer_domain::records::{Jurisdiction, Level};
use belcheer_domain::{Digest, Finding, RasterState};
use belcheer_door::Refusal;
use belcheer_raster_ingest::{ConvertOptions, IngestRasterError, Purpose, convert};
use belcheer_vector_ingest::{
    BoundaryJob, IngestError, SoumIndex, TableJob, TableRecords, read_boundaries, read_table,
};
use serde_json::json;

use super::Context;
use super::ingest_land::land;
use crate::args::{IngestCommand, TableKind};
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Runs the command. A refused file leaves blobs and rows as they were; the attempt is in the audit.
pub async fn run(command: IngestCommand, context: &Context) -> Result<Outcome, Failure> {
    let catalog = workspace::open(&context.workspace).await?;
    match command {
        IngestCommand::Boundaries { file, level, code_field, name_field, layer, crs } => {
            let job = BoundaryJob {
                path: file.clone(),
                level,
                layer,
                code_field,
                name_field,
                crs: crs.map(|n| format!("EPSG:{n}")),
            };
            told(context, audited(&catalog, &file, boundaries(&catalog, &job).await).await)
        }
        IngestCommand::Table { file, kind, sheet, map } => {
            let job = TableJob { sheet, map: field_map(&map)?, ..TableJob::new(&file, kind.into()) };
            told(context, audited(&catalog, &file, table(&catalog, &job).await).await)
        }
        IngestCommand::LandUse(args) => {
            told(context, audited(&catalog, &args.file, land(&catalog, &args, DatasetKind::LandUse).await).await)
        }
        IngestCommand::Water(args) => {
            told(context, audited(&catalog, &args.file, land(&catalog, &args, DatasetKind::Water).await).await)
        }
        IngestCommand::Protected(args) => {
            told(context, audited(&catalog, &args.file, land(&catalog, &args, DatasetKind::Protected).await).await)
        }
        IngestCommand::Exclusion(args) => {
            told(context, audited(&catalog, &args.file, land(&catalog, &args, DatasetKind::Exclusion).await).await)
        }
        IngestCommand::Raster {
            files,
            product,
            date,
            scale,
            offset,
            nodata,
            crs,
            to_crs,
            compression,
            band,
            layer,
        } => {
            let options = ConvertOptions {
                product,
                date,
                scale,
                offset,
                nodata,
                crs_epsg: crs,
                to_crs,
                compression: compression.into(),
                band,
                layer,
                purpose: Purpose::Keep,
            };
            rasters(&catalog, &files, &options, context).await
        }
    }
}

/// A file that became a data set.
pub(super) struct Taken {
    /// The data set.
    pub digest: Digest,
    /// What it is, in one line.
    pub summary: String,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

fn told(context: &Context, taken: Result<Taken, Failure>) -> Result<Outcome, Failure> {
    let taken = taken?;
    context.tell(&taken.findings);
    context.say(&taken.summary);
    Ok(Outcome::of(&taken.findings))
}

/// Refusals are written to the audit before they are told.
async fn audited(catalog: &Catalog, file: &Path, result: Result<Taken, Failure>) -> Result<Taken, Failure> {
    if let Err(Failure::Refused { code, english, .. }) = &result {
        let reason = json!({ "code": code, "reason": english });
        catalog.audit(&workspace::actor(), "ingest_refused", &file_name(file), &reason, &workspace::now()).await?;
    }
    result
}

/// The name of a file as the user knows it; a folder given as `.` goes by its own name.
pub(super) fn file_name(path: &Path) -> String {
    let named = path.file_name().map(|n| n.to_string_lossy().into_owned());
    let found = || path.canonicalize().ok().and_then(|p| Some(p.file_name()?.to_string_lossy().into_owned()));
    named.or_else(found).unwrap_or_else(|| "input".to_owned())
}

fn source_digest(path: &Path) -> Result<Digest, Failure> {
    belcheer_vector_ingest::source_digest(path).map_err(|refusal| Failure::from(&refusal))
}

/// Fields with the columns stated for them.
pub(super) fn field_map(pairs: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    pairs
        .iter()
        .map(|pair| match pair.split_once('=') {
            Some((field, column)) if !field.is_empty() => Ok((field.to_owned(), column.to_owned())),
            _ => Err(Failure::Usage(format!("--map {pair} is not FIELD=COLUMN"))),
        })
        .collect()
}

pub(super) fn refusal(error: IngestError, file: &Path) -> Failure {
    match error {
        IngestError::Refused(refusal) => Failure::from(&refusal),
        IngestError::Door(door) => match door.as_refusal(&file_name(file)) {
            Some(refusal) => Failure::from(&refusal),
            None => Failure::Internal(door.into()),
        },
        other => Failure::Internal(other.into()),
    }
}

/// Boundaries become a data set.
pub(super) async fn boundaries(catalog: &Catalog, job: &BoundaryJob) -> Result<Taken, Failure> {
    let soums = soum_index(catalog, job.level == Level::Soum).await?;
    let read = read_boundaries(&workspace::door()?, job, soums.as_ref()).map_err(|e| refusal(e, &job.path))?;
    let name = file_name(&job.path);
    let area_km2 = read.units.iter().map(|u| u.area_ha).sum::<f64>() / 100.0;
    let dataset = NewDataset {
        kind: DatasetKind::Boundaries,
        level: Some(job.level),
        product: None,
        date: None,
        state: DatasetState::Ready,
        source_name: name.clone(),
        source_digest: source_digest(&job.path)?,
        blob: catalog.put_json(&read.units).await?,
        records: read.units.len() as u64,
        meta: json!({ "area_km2": area_km2 }),
        findings: read.findings.clone(),
        created_at: workspace::now(),
    };
    let digest = catalog.add_dataset(&dataset).await?;
    let summary = format!("{name}: {} units, {area_km2:.0} km2, {digest}", read.units.len());
    Ok(Taken { digest, summary, findings: read.findings })
}

/// The soums that records are joined to; `None` before any soum boundaries are ingested.
pub(super) async fn soum_index(catalog: &Catalog, these_are_soums: bool) -> Result<Option<SoumIndex>, Failure> {
    if these_are_soums {
        return Ok(None);
    }
    match catalog.latest(DatasetKind::Boundaries, Some(Level::Soum)).await? {
        Some(record) => {
            let soums: Vec<Jurisdiction> = catalog.get_json(record.blob).await?;
            Ok(Some(SoumIndex::new(&soums)))
        }
        None => Ok(None),
    }
}

/// Reads a table behind the door for a command that needs no workspace; `map` names columns by field.
pub(super) fn read_alone(
    file: &Path,
    kind: belcheer_vector_ingest::TableKind,
    map: BTreeMap<String, String>,
    findings: &mut Vec<Finding>,
) -> Result<TableRecords, Failure> {
    let job = TableJob { map, ..TableJob::new(file, kind) };
    let (records, noticed) = read_table(&workspace::door()?, &job, None).map_err(|e| refusal(e, file))?;
    findings.extend(noticed);
    Ok(records)
}

/// The records of a table become a data set.
pub(super) async fn table(catalog: &Catalog, job: &TableJob) -> Result<Taken, Failure> {
    let soums = soum_index(catalog, false).await?;
    let (read, findings) = read_table(&workspace::door()?, job, soums.as_ref()).map_err(|e| refusal(e, &job.path))?;
    let (kind, blob, records) = match &read {
        TableRecords::LinePoints(_) | TableRecords::Gaps(_) | TableRecords::Sites(_) => {
            return Err(Failure::Usage("surveys of condition are read by `belcheer condition`".to_owned()));
        }
        TableRecords::ReferenceSamples(_) | TableRecords::ClassAreas(_) | TableRecords::MeasuredPoints(_) => {
            return Err(Failure::Usage("samples of maps are read by `belcheer area` and `model-assisted`".to_owned()));
        }
        TableRecords::BiomassPlots(r) => (DatasetKind::BiomassPlots, catalog.put_json(r).await?, r.len()),
        TableRecords::PhotoPoints(r) => (DatasetKind::PhotoPoints, catalog.put_json(r).await?, r.len()),
        TableRecords::Livestock(r) => (DatasetKind::Livestock, catalog.put_json(r).await?, r.len()),
        TableRecords::AimagSpecies(r) => (DatasetKind::AimagSpecies, catalog.put_json(r).await?, r.len()),
        TableRecords::Weather(r) => (DatasetKind::Weather, catalog.put_json(r).await?, r.len()),
        TableRecords::MonthlyWeather(r) => (DatasetKind::MonthlyWeather, catalog.put_json(r).await?, r.len()),
        TableRecords::Losses(r) => (DatasetKind::Losses, catalog.put_json(r).await?, r.len()),
        TableRecords::Presence(r) => (DatasetKind::Presence, catalog.put_json(r).await?, r.len()),
    };
    let kept = Kept { kind, path: &job.path, blob, records, what: "records", meta: json!({}), findings };
    keep(catalog, kept).await
}

/// What was made of a table or of polygons, and of which file.
pub(super) struct Kept<'a> {
    pub kind: DatasetKind,
    pub path: &'a Path,
    pub blob: Digest,
    pub records: usize,
    /// What the records are called in the summary.
    pub what: &'a str,
    pub meta: serde_json::Value,
    pub findings: Vec<Finding>,
}

/// Adds it to the workspace.
pub(super) async fn keep(catalog: &Catalog, kept: Kept<'_>) -> Result<Taken, Failure> {
    let name = file_name(kept.path);
    let dataset = NewDataset {
        kind: kept.kind,
        level: None,
        product: None,
        date: None,
        state: DatasetState::Ready,
        source_name: name.clone(),
        source_digest: source_digest(kept.path)?,
        blob: kept.blob,
        records: kept.records as u64,
        meta: kept.meta,
        findings: kept.findings,
        created_at: workspace::now(),
    };
    let digest = catalog.add_dataset(&dataset).await?;
    let summary = format!("{name}: {} {}, {digest}", kept.records, kept.what);
    Ok(Taken { digest, summary, findings: dataset.findings })
}

/// Ingests each file; one refused file does not keep the others out.
async fn rasters(
    catalog: &Catalog,
    files: &[PathBuf],
    options: &ConvertOptions,
    context: &Context,
) -> Result<Outcome, Failure> {
    let mut refused = Vec::new();
    let mut findings = Vec::new();
    for (done, file) in files.iter().enumerate() {
        context.progress.step("ingesting rasters", done as u64, files.len() as u64);
        match audited(catalog, file, raster(catalog, file, options).await).await {
            Ok(taken) => {
                context.say(&taken.summary);
                findings.extend(taken.findings);
            }
            Err(failure @ Failure::Refused { .. }) => refused.push(failure),
            Err(other) => return Err(other),
        }
    }
    context.progress.step("ingesting rasters", files.len() as u64, files.len() as u64);
    context.tell(&findings);
    let last = refused.pop();
    for failure in &refused {
        failure.report();
    }
    last.map_or_else(|| Ok(Outcome::of(&findings)), Err)
}

/// Why a raster could not be read.
pub(super) fn raster_refusal(error: IngestRasterError) -> Failure {
    match error {
        IngestRasterError::Refused(refusal) => Failure::from(&refusal),
        IngestRasterError::Source { file, source } => Failure::from(&Refusal::new(
            "unreadable",
            file,
            format!("the file could not be read to its end ({}); copy it to another disk and try again", source.kind()),
            "файлыг дуустал уншиж чадсангүй; өөр диск рүү хуулаад дахин оролдоно уу",
        )),
        other => Failure::Internal(other.into()),
    }
}

/// One raster becomes a data set.
pub(super) async fn raster(catalog: &Catalog, file: &Path, options: &ConvertOptions) -> Result<Taken, Failure> {
    let stored = catalog.temp_file()?;
    let done = convert(&workspace::door()?, file, stored.path(), options).map_err(raster_refusal)?;
    let name = file_name(file);
    let dataset = NewDataset {
        kind: DatasetKind::Raster,
        level: None,
        product: done.meta.product.clone(),
        date: done.meta.date.clone(),
        state: match done.state {
            RasterState::Ready => DatasetState::Ready,
            RasterState::NeedsMetadata => DatasetState::NeedsMetadata,
        },
        source_name: name.clone(),
        source_digest: done.source_digest,
        blob: catalog.put_file(stored.path()).await?,
        records: u64::from(done.meta.width) * u64::from(done.meta.height) * u64::from(done.meta.bands),
        meta: serde_json::to_value(&done.meta).map_err(anyhow::Error::from)?,
        findings: done.findings.clone(),
        created_at: workspace::now(),
    };
    let digest = catalog.add_dataset(&dataset).await?;
    let (width, height) = (done.meta.width, done.meta.height);
    let summary = format!("{name}: {width} x {height} cells, {}, {digest}", dataset.state.as_str());
    Ok(Taken { digest, summary, findings: done.findings })
}

impl From<TableKind> for belcheer_vector_ingest::TableKind {
    fn from(kind: TableKind) -> Self {
        match kind {
            TableKind::Livestock => Self::Livestock,
            TableKind::BiomassPlots => Self::BiomassPlots,
            TableKind::PhotoPoints => Self::PhotoPoints,
            TableKind::Weather => Self::Weather,
            TableKind::Losses => Self::Losses,
            TableKind::Presence => Self::Presence,
            TableKind::Lm2 => Self::Lm2,
        }
    }
}
