//! Statistics over zones and degradation, from rasters that are held.

use std::path::{Path, PathBuf};

use belcheer_api::requests::{DegradationRequest, ZonalStatsRequest, ZonesRequest};
use belcheer_assessment::degradation::{self, Mode, RasterBand};
use belcheer_assessment::zonal::{Weighting, ZonalRequest, zonal_statistics};
use belcheer_catalog::{BlobFile, DatasetKind, DatasetRecord, DatasetState, Filter};
use belcheer_domain::Digest;
use belcheer_domain::records::{Jurisdiction, Level};
use belcheer_vector_ingest::{Column, ColumnType, Row, Value as Cell, ZoneJob, write_geojson};
use belcheer_zonal::CoverRule;
use serde_json::{Value, json};

use super::Desk;
use super::assessment::pack;
use crate::failure::Failure;
use crate::workspace;

/// The column that names a zone of held boundaries.
const ZONE_ID: &str = "zone";

/// Statistics of rasters over zones, as one CSV table.
pub async fn zonal_stats(desk: &Desk<'_>) -> Result<Value, Failure> {
    let asked: ZonalStatsRequest = desk.request()?;
    let statistics =
        asked.stats.parse().map_err(|e: belcheer_zonal::StatisticError| Failure::refused(e.to_string()))?;
    let rule = match asked.rule.as_deref() {
        None | Some("cover") => CoverRule::Exact,
        Some("centre") => CoverRule::Centre,
        Some("all-touched") => CoverRule::AllTouched,
        Some(other) => return Err(Failure::refused(format!("where is cover, centre or all-touched, not {other}"))),
    };
    let weighting = match asked.weights.as_deref() {
        None => Weighting::None,
        Some("area") => Weighting::Area,
        Some(other) => return Err(Failure::refused(format!("weights is area or absent, not {other}"))),
    };
    let scratch = tempfile::tempdir()?;
    let mut rasters = Vec::new();
    for digest in &asked.rasters {
        rasters.push(raster_file(desk, *digest).await?);
    }
    let (zones, id) = zones_file(desk, &asked.zones, scratch.path()).await?;
    let request = ZonalRequest {
        rasters: rasters.iter().map(|file| file.path().to_path_buf()).collect(),
        zones: ZoneJob::new(zones, Some(&id), None),
        statistics,
        weighting,
        rule,
        crs_epsg: None,
        with_shapes: false,
    };
    let answer = zonal_statistics(&workspace::door()?, &request, scratch.path(), &desk.context.progress)?;
    let table = desk.catalog.temp_file()?;
    answer.table.write_csv(std::io::BufWriter::new(std::fs::File::create(table.path())?))?;
    let file = desk.keep(table.path(), "zonal_statistics.csv", "text/csv").await?;
    Ok(json!({ "files": [file], "findings": answer.findings }))
}

/// SDG 15.3.1 of every cell, with its tables, as one zip file.
pub async fn degradation(desk: &Desk<'_>) -> Result<Value, Failure> {
    let asked: DegradationRequest = desk.request()?;
    let (mode, lut, years_min) = match asked.mode.as_deref() {
        None | Some("gpg") => (Mode::Gpg, "gpg_v2", 4),
        Some("trends-earth") => (Mode::TrendsEarth, "trends_earth", 2),
        Some(other) => return Err(Failure::refused(format!("mode is gpg or trends-earth, not {other}"))),
    };
    let filter = Filter {
        kind: Some(DatasetKind::Raster),
        state: Some(DatasetState::Ready),
        product: Some(asked.vi.clone()),
        ..Filter::default()
    };
    let year_of = |r: &DatasetRecord| r.date.as_deref().and_then(|d| d.get(..4)).and_then(|y| y.parse::<i32>().ok());
    let mut series = desk.catalog.datasets(&filter).await?;
    series.retain(|r| year_of(r).is_some_and(|year| asked.years.contains(year)));
    if series.is_empty() {
        return Err(Failure::refused(format!("no raster of product {} is held for {}", asked.vi, asked.years)));
    }
    let mut index = Vec::new();
    for record in &series {
        index.push(raster_file(desk, record.digest).await?);
    }
    let covers = [raster_file(desk, asked.land_cover[0]).await?, raster_file(desk, asked.land_cover[1]).await?];
    let band = |file: &BlobFile| RasterBand { path: file.path().to_path_buf(), layer: None, band: 1 };
    let (scratch, folder) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let request = degradation::DegradationRequest {
        index: index.iter().map(|file| file.path().to_path_buf()).collect(),
        years: asked.years,
        mode,
        lut: lut.to_owned(),
        scale: None,
        recent_years: 3,
        years_min,
        land_cover: [band(&covers[0]), band(&covers[1])],
        legend: asked.legend.unwrap_or_else(|| "esa_cci".to_owned()),
        matrix: asked.matrix.unwrap_or_else(|| "unccd_default".to_owned()),
        units: None,
        soil: None,
        soil_carbon: Vec::new(),
        precipitation: Vec::new(),
        climate: "temperate_dry".to_owned(),
        water: None,
        baseline: None,
        zones: None,
        crs_epsg: None,
        output: folder.path().join("degradation"),
    };
    let findings = degradation::degradation(&workspace::door()?, &request, scratch.path(), &desk.context.progress)?;
    let packed = desk.catalog.temp_file()?;
    pack(&request.output, packed.path())?;
    let file = desk.keep(packed.path(), "degradation.zip", "application/zip").await?;
    Ok(json!({ "files": [file], "findings": findings }))
}

/// A raster that is held, as a file whose name tells its product and date.
async fn raster_file(desk: &Desk<'_>, digest: Digest) -> Result<BlobFile, Failure> {
    let record = desk.catalog.dataset(digest).await?.filter(|record| record.kind == DatasetKind::Raster);
    let record = record.ok_or_else(|| Failure::refused(format!("no raster {digest} is held")))?;
    let (product, date) = (record.product.as_deref().unwrap_or("raster"), record.date.as_deref().unwrap_or("undated"));
    let name = format!("{product}_{date}.tif");
    Ok(desk.catalog.blob_file(record.blob, &name).await?)
}

/// The zones as a file, and the field that names them.
async fn zones_file(desk: &Desk<'_>, asked: &ZonesRequest, scratch: &Path) -> Result<(PathBuf, String), Failure> {
    let path = scratch.join("zones.geojson");
    let record = match (&asked.geojson, asked.level, asked.dataset) {
        (Some(own), None, None) => {
            std::fs::write(&path, serde_json::to_vec(&own.features).map_err(anyhow::Error::from)?)?;
            return Ok((path, own.id.clone()));
        }
        (None, Some(level), None) => desk.catalog.latest(DatasetKind::Boundaries, Some(level)).await?,
        (None, None, Some(digest)) => {
            desk.catalog.dataset(digest).await?.filter(|record| record.kind == DatasetKind::Boundaries)
        }
        _ => return Err(Failure::refused("zones are exactly one of level, dataset and geojson")),
    };
    let record = record.ok_or_else(|| Failure::refused("no boundaries are held for these zones"))?;
    let units: Vec<Jurisdiction> = desk.catalog.get_json(record.blob).await?;
    let rows: Vec<Row> = units
        .into_iter()
        .map(|unit| {
            let code = match unit.au2.filter(|_| unit.level == Level::Soum) {
                Some(au2) => au2.to_string(),
                None => unit.code.clone(),
            };
            Row { values: vec![Cell::Text(code)], geometry: Some(unit.geometry) }
        })
        .collect();
    write_geojson(&path, &[Column::new(ZONE_ID, ColumnType::Text)], &rows).map_err(anyhow::Error::from)?;
    Ok((path, ZONE_ID.to_owned()))
}
