//! Uploads: looked at, then taken in as their owner says.

use belcheer_api::requests::{DraftKind, DraftOptions};
use belcheer_catalog::{BlobFile, DatasetKind, Terms, Upload, Visibility, failpoint};
use belcheer_domain::records::Level;
use belcheer_domain::{Finding, RasterMeta, RasterState};
use belcheer_raster_ingest::{ConvertOptions, Purpose, convert};
use belcheer_vector_ingest::{
    BoundaryJob, TableJob, TableKind, describe, look_at_table, read_boundaries, read_table, reproject,
};
use geo::BoundingRect;
use geo_types::{MultiPolygon, Rect, coord};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use crate::args::LandArgs;
use crate::commands::ingest::{self, Taken, refusal};
use crate::commands::ingest_land::land;
use crate::failure::Failure;
use crate::workspace;

/// Endings of files that are rasters.
const RASTER_ENDINGS: [&str; 6] = ["tif", "tiff", "nc", "nc4", "hdf", "h5"];
/// Endings of files that are tables.
const TABLE_ENDINGS: [&str; 4] = ["csv", "tsv", "txt", "xlsx"];
/// Findings shown with a preview; the count of all is told.
const FINDINGS_SHOWN: usize = 50;

/// What is said with the order to take a draft in.
#[derive(Debug, Deserialize)]
struct Acceptance {
    licence: String,
    attribution: String,
    visibility: Visibility,
}

/// An upload with its file and what its owner says of it.
struct Draft {
    upload: Upload,
    file: BlobFile,
    options: DraftOptions,
}

impl Draft {
    async fn open(desk: &Desk<'_>) -> Result<Self, Failure> {
        let id = &desk.order.subject;
        let upload = desk.catalog.upload(id).await?;
        let upload = upload.ok_or_else(|| Failure::refused(format!("there is no upload {id}")))?;
        let blob = upload.blob.ok_or_else(|| Failure::refused(format!("the upload {id} is not complete")))?;
        let options = serde_json::from_value(upload.options.clone())
            .map_err(|e| Failure::refused(format!("what was said of the file is not understood: {e}")))?;
        let file = desk.catalog.blob_file(blob, &upload.file_name).await?;
        Ok(Self { upload, file, options })
    }

    /// What the file is: as its owner says, else by its ending; content and ending must agree when it is read.
    fn kind(&self) -> DraftKind {
        let ending = self.file.path().extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        self.options.kind.unwrap_or(match ending.as_str() {
            raster if RASTER_ENDINGS.contains(&raster) => DraftKind::Raster,
            table if TABLE_ENDINGS.contains(&table) => DraftKind::Table,
            _ if self.options.table.is_some() => DraftKind::Table,
            _ => DraftKind::Boundaries,
        })
    }

    fn convert_options(&self, purpose: Purpose) -> ConvertOptions {
        let said = &self.options;
        ConvertOptions {
            product: said.product.clone(),
            date: said.date.clone(),
            scale: said.scale,
            offset: said.offset,
            nodata: said.nodata,
            crs_epsg: said.crs,
            band: said.band,
            layer: said.layer.clone(),
            purpose,
            ..ConvertOptions::default()
        }
    }

    fn boundary_job(&self, level: Level) -> BoundaryJob {
        let said = &self.options;
        BoundaryJob {
            path: self.file.path().to_path_buf(),
            level,
            layer: said.layer.clone(),
            code_field: said.code_field.clone(),
            name_field: said.name_field.clone(),
            crs: said.crs.map(|n| format!("EPSG:{n}")),
        }
    }

    fn table_kind(&self) -> Result<Option<TableKind>, Failure> {
        self.options.table.as_deref().map(str::parse).transpose().map_err(Failure::refused)
    }

    fn land_args(&self) -> LandArgs {
        LandArgs {
            file: self.file.path().to_path_buf(),
            code_field: self.options.code_field.clone(),
            layer: self.options.layer.clone(),
            crs: self.options.crs,
            limited_use: self.options.limited_use.unwrap_or(false),
        }
    }
}

/// What was seen in a draft.
struct Seen {
    kind: DraftKind,
    /// What the owner must still say, as names of options.
    needs: Vec<&'static str>,
    /// What there is, by kind.
    content: Value,
    extent: Option<Rect<f64>>,
    findings: Vec<Finding>,
}

/// Looks at an upload, and keeps what was seen as its preview. A refusal of the file is what was seen, too.
pub async fn inspect(desk: &Desk<'_>) -> Result<Value, Failure> {
    let draft = Draft::open(desk).await?;
    desk.step("looking", 0, 1);
    let preview = match look(desk, &draft).await {
        Ok(seen) => {
            let state = if seen.needs.is_empty() { "ready" } else { "needs_input" };
            json!({
                "state": state,
                "kind": seen.kind,
                "needs": seen.needs,
                "content": seen.content,
                "extent": seen.extent.map(outline),
                "findings_total": seen.findings.len(),
                "findings": seen.findings.into_iter().take(FINDINGS_SHOWN).collect::<Vec<_>>(),
                "refusal": null,
            })
        }
        Err(Failure::Refused { code, english, mongolian }) => json!({
            "state": "refused",
            "kind": draft.kind(),
            "needs": [],
            "content": {},
            "extent": null,
            "findings_total": 0,
            "findings": [],
            "refusal": {
                "code": code,
                "text_en": english,
                "text_mn": mongolian.unwrap_or_else(|| english.clone()),
            },
        }),
        Err(other) => return Err(other),
    };
    let state = preview["state"].clone();
    desk.catalog.set_upload_preview(&draft.upload.id, draft.upload.revision, &preview, &workspace::now()).await?;
    desk.step("looking", 1, 1);
    Ok(json!({ "state": state, "revision": draft.upload.revision }))
}

async fn look(desk: &Desk<'_>, draft: &Draft) -> Result<Seen, Failure> {
    match draft.kind() {
        DraftKind::Raster => look_at_raster(desk, draft),
        DraftKind::Table => look_at_records(desk, draft).await,
        DraftKind::Boundaries => look_at_boundaries(desk, draft).await,
        kind @ (DraftKind::Landuse | DraftKind::Water | DraftKind::Protected | DraftKind::Exclusion) => {
            look_at_layer(draft, kind)
        }
    }
}

fn look_at_raster(desk: &Desk<'_>, draft: &Draft) -> Result<Seen, Failure> {
    let nowhere = desk.catalog.temp_file()?;
    let options = draft.convert_options(Purpose::Look);
    let seen =
        convert(&workspace::door()?, draft.file.path(), nowhere.path(), &options).map_err(ingest::raster_refusal)?;
    let meta = &seen.meta;
    let mut needs = Vec::new();
    if seen.state == RasterState::NeedsMetadata {
        for (absent, name) in [
            (meta.product.is_none(), "product"),
            (meta.date.is_none(), "date"),
            (meta.scale.is_none(), "scale"),
            (meta.offset.is_none(), "offset"),
        ] {
            if absent {
                needs.push(name);
            }
        }
    }
    let content = serde_json::to_value(meta).map_err(anyhow::Error::from)?;
    Ok(Seen { kind: DraftKind::Raster, needs, content, extent: raster_extent(meta), findings: seen.findings })
}

async fn look_at_records(desk: &Desk<'_>, draft: &Draft) -> Result<Seen, Failure> {
    let (door, path, said) = (workspace::door()?, draft.file.path(), &draft.options);
    let kind = draft.table_kind()?;
    if kind == Some(TableKind::Lm2) {
        return records_of(desk, draft, TableKind::Lm2, json!({})).await;
    }
    let found = look_at_table(&door, path, said.sheet.as_deref(), kind, &said.map).map_err(|e| refusal(e, path))?;
    let content = json!({
        "sheets": found.sheets, "headings": found.headings, "rows": found.rows, "first_rows": found.first_rows,
        "fields": found.fields, "likely": found.kinds,
    });
    match kind {
        Some(kind) => records_of(desk, draft, kind, content).await,
        None => Ok(Seen { kind: DraftKind::Table, needs: vec!["table"], content, extent: None, findings: Vec::new() }),
    }
}

/// Reads the records as they would be taken in, to say which soums were found and what was noticed.
async fn records_of(desk: &Desk<'_>, draft: &Draft, kind: TableKind, mut content: Value) -> Result<Seen, Failure> {
    let path = draft.file.path();
    let soums = ingest::soum_index(&desk.catalog, false).await?;
    let job =
        TableJob { sheet: draft.options.sheet.clone(), map: draft.options.map.clone(), ..TableJob::new(path, kind) };
    let (records, findings) = read_table(&workspace::door()?, &job, soums.as_ref()).map_err(|e| refusal(e, path))?;
    if let Some(members) = content.as_object_mut() {
        members.insert("table".to_owned(), json!(kind));
        members.insert("records".to_owned(), json!(records.len()));
        members.insert("soums_held".to_owned(), json!(soums.is_some()));
    }
    Ok(Seen { kind: DraftKind::Table, needs: Vec::new(), content, extent: None, findings })
}

async fn look_at_boundaries(desk: &Desk<'_>, draft: &Draft) -> Result<Seen, Failure> {
    let Some(level) = draft.options.level else {
        let mut seen = look_at_layer(draft, DraftKind::Boundaries)?;
        seen.needs = vec!["level"];
        return Ok(seen);
    };
    let path = draft.file.path();
    let soums = ingest::soum_index(&desk.catalog, level == Level::Soum).await?;
    let read = read_boundaries(&workspace::door()?, &draft.boundary_job(level), soums.as_ref())
        .map_err(|e| refusal(e, path))?;
    let area_km2 = read.units.iter().map(|u| u.area_ha).sum::<f64>() / 100.0;
    let extent = read.units.iter().filter_map(|u| u.geometry.bounding_rect()).reduce(union);
    let first: Vec<Value> = read
        .units
        .iter()
        .take(10)
        .map(|u| json!({ "code": u.code, "au2": u.au2, "name_mn": u.name_mn, "name_en": u.name_en, "area_ha": u.area_ha }))
        .collect();
    let content = json!({ "level": level, "units": read.units.len(), "area_km2": area_km2, "first_units": first });
    Ok(Seen { kind: DraftKind::Boundaries, needs: Vec::new(), content, extent, findings: read.findings })
}

/// Looks at polygons without knowing what they are.
fn look_at_layer(draft: &Draft, kind: DraftKind) -> Result<Seen, Failure> {
    let (path, said) = (draft.file.path(), &draft.options);
    let crs = said.crs.map(|n| format!("EPSG:{n}"));
    let found =
        describe(&workspace::door()?, path, said.layer.as_deref(), crs.as_deref()).map_err(|e| refusal(e, path))?;
    let mut needs = Vec::new();
    if found.crs.is_none() {
        needs.push("crs");
    }
    if kind == DraftKind::Landuse && said.code_field.is_none() {
        needs.push("code_field");
    }
    let content = json!({
        "layer": found.layer, "features": found.features, "polygons": found.polygons, "crs": found.crs,
        "fields": found.fields,
    });
    Ok(Seen { kind, needs, content, extent: None, findings: found.findings })
}

/// Takes a draft in; afterwards it is data sets.
pub async fn ingest(desk: &Desk<'_>) -> Result<Value, Failure> {
    let said: Acceptance = desk.request()?;
    let draft = Draft::open(desk).await?;
    desk.step("taking in", 0, 2);
    let taken = take_in(desk, &draft).await?;
    failpoint("draft.taken_in");
    desk.step("taking in", 1, 2);
    let at = workspace::now();
    let terms = Terms {
        licence: said.licence,
        attribution: said.attribution,
        visibility: said.visibility,
        actor: desk.order.owner.clone(),
        at: at.clone(),
    };
    desk.catalog.set_terms(taken.digest, &terms).await?;
    failpoint("draft.terms_said");
    desk.catalog.accept_upload(&draft.upload.id, &[taken.digest], &at).await?;
    failpoint("draft.accepted");
    desk.step("taking in", 2, 2);
    Ok(json!({ "datasets": [taken.digest], "summary": taken.summary, "findings": taken.findings.len() }))
}

async fn take_in(desk: &Desk<'_>, draft: &Draft) -> Result<Taken, Failure> {
    let catalog = &desk.catalog;
    let land_as = |kind| async move { land(catalog, &draft.land_args(), kind).await };
    match draft.kind() {
        DraftKind::Raster => ingest::raster(catalog, draft.file.path(), &draft.convert_options(Purpose::Keep)).await,
        DraftKind::Table => {
            let kind = draft.table_kind()?.ok_or_else(|| missing("table"))?;
            let job = TableJob {
                sheet: draft.options.sheet.clone(),
                map: draft.options.map.clone(),
                ..TableJob::new(draft.file.path(), kind)
            };
            ingest::table(catalog, &job).await
        }
        DraftKind::Boundaries => {
            let level = draft.options.level.ok_or_else(|| missing("level"))?;
            ingest::boundaries(catalog, &draft.boundary_job(level)).await
        }
        DraftKind::Landuse => land_as(DatasetKind::LandUse).await,
        DraftKind::Water => land_as(DatasetKind::Water).await,
        DraftKind::Protected => land_as(DatasetKind::Protected).await,
        DraftKind::Exclusion => land_as(DatasetKind::Exclusion).await,
    }
}

fn missing(option: &str) -> Failure {
    Failure::Refused {
        code: "draft_incomplete".to_owned(),
        english: format!("say what {option} is before the draft is accepted"),
        mongolian: Some(format!("хүлээн авахын өмнө {option} утгыг заана уу")),
    }
}

fn union(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    Rect::new(
        coord! { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
        coord! { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
    )
}

/// Where a raster lies, on longitude and latitude; `None` when its system cannot be carried there.
fn raster_extent(meta: &RasterMeta) -> Option<Rect<f64>> {
    let (x_max, y_min) =
        (meta.x_min + meta.dx * f64::from(meta.width), meta.y_max - meta.dy.abs() * f64::from(meta.height));
    let own = Rect::new(coord! { x: meta.x_min, y: y_min }, coord! { x: x_max, y: meta.y_max });
    let polygon = MultiPolygon::new(vec![own.to_polygon()]);
    let edge = (own.width() / 32.0).max(f64::MIN_POSITIVE);
    reproject(&polygon, &meta.crs.definition(), "EPSG:4326", Some(edge)).ok()?.bounding_rect()
}

/// A box as a GeoJSON polygon with its bounding box.
fn outline(r: Rect<f64>) -> Value {
    let (w, s, e, n) = (r.min().x, r.min().y, r.max().x, r.max().y);
    json!({ "type": "Polygon", "bbox": [w, s, e, n], "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]] })
}
