//! `ingest`: foreign files become checked datasets of the workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use belcheer_assessment::Watch;
use belcheer_catalog::{Catalog, DatasetKind, DatasetState, NewDataset};
use belcheer_domain::records::{Jurisdiction, Level};
use belcheer_domain::{Digest, Finding, RasterState};
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
            audited(&catalog, &file, boundaries(&catalog, &job, context).await).await
        }
        IngestCommand::Table { file, kind, sheet, map } => {
            let job = TableJob { sheet, map: field_map(&map)?, ..TableJob::new(&file, kind.into()) };
            audited(&catalog, &file, table(&catalog, &job, context).await).await
        }
        IngestCommand::LandUse(args) => {
            audited(&catalog, &args.file, land(&catalog, &args, DatasetKind::LandUse, context).await).await
        }
        IngestCommand::Water(args) => {
            audited(&catalog, &args.file, land(&catalog, &args, DatasetKind::Water, context).await).await
        }
        IngestCommand::Protected(args) => {
            audited(&catalog, &args.file, land(&catalog, &args, DatasetKind::Protected, context).await).await
        }
        IngestCommand::Exclusion(args) => {
            audited(&catalog, &args.file, land(&catalog, &args, DatasetKind::Exclusion, context).await).await
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

/// Refusals are written to the audit before they are told.
async fn audited(catalog: &Catalog, file: &Path, result: Result<Outcome, Failure>) -> Result<Outcome, Failure> {
    if let Err(Failure::Refused { english, .. }) = &result {
        catalog
            .audit(
                &workspace::actor(),
                "ingest_refused",
                &file_name(file),
                &json!({ "reason": english }),
                &workspace::now(),
            )
            .await?;
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
    belcheer_vector_ingest::source_digest(path).map_err(|refusal| told(&refusal))
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
        IngestError::Refused(refusal) => told(&refusal),
        IngestError::Door(door) => match door.as_refusal(&file_name(file)) {
            Some(refusal) => told(&refusal),
            None => Failure::Internal(door.into()),
        },
        other => Failure::Internal(other.into()),
    }
}

fn told(refusal: &belcheer_door::Refusal) -> Failure {
    Failure::Refused { english: refusal.to_string(), mongolian: Some(refusal.text_mn.clone()) }
}

async fn boundaries(catalog: &Catalog, job: &BoundaryJob, context: &Context) -> Result<Outcome, Failure> {
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
    context.tell(&read.findings);
    context.say(&format!("{name}: {} units, {area_km2:.0} km2, {digest}", read.units.len()));
    Ok(Outcome::of(&read.findings))
}

/// The soums that records are joined to; `None` before any soum boundaries are ingested.
async fn soum_index(catalog: &Catalog, these_are_soums: bool) -> Result<Option<SoumIndex>, Failure> {
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

async fn table(catalog: &Catalog, job: &TableJob, context: &Context) -> Result<Outcome, Failure> {
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
    keep(catalog, kept, context).await
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

/// Adds it to the workspace, and tells what was noticed.
pub(super) async fn keep(catalog: &Catalog, kept: Kept<'_>, context: &Context) -> Result<Outcome, Failure> {
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
    context.tell(&dataset.findings);
    context.say(&format!("{name}: {} {}, {digest}", kept.records, kept.what));
    Ok(Outcome::of(&dataset.findings))
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
        match audited(catalog, file, raster(catalog, file, options, &mut findings, context).await).await {
            Ok(_) => {}
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

async fn raster(
    catalog: &Catalog,
    file: &Path,
    options: &ConvertOptions,
    findings: &mut Vec<Finding>,
    context: &Context,
) -> Result<Outcome, Failure> {
    let stored = catalog.temp_file()?;
    let done = convert(&workspace::door()?, file, stored.path(), options).map_err(|error| match error {
        IngestRasterError::Refused(refusal) => told(&refusal),
        IngestRasterError::Source { .. } => Failure::refused(error.to_string()),
        other => Failure::Internal(other.into()),
    })?;
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
    context.say(&format!(
        "{name}: {} x {} cells, {}, {digest}",
        done.meta.width,
        done.meta.height,
        dataset.state.as_str()
    ));
    findings.extend(done.findings);
    Ok(Outcome::Done)
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
