//! The limits of the service, for those who meet them.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::lang::Text;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::state::ApiState;
use crate::uploads::{IDLE, RATE_MIN};

/// What can be uploaded, in Mongolian and English.
const FORMATS: [(&str, &str); 8] = [
    ("GeoTIFF (.tif, .tiff)", "GeoTIFF (.tif, .tiff)"),
    ("netCDF, HDF (.nc, .hdf)", "netCDF and HDF (.nc, .hdf)"),
    ("шахсан Shapefile (.zip)", "zipped Shapefile (.zip)"),
    ("GeoPackage (.gpkg)", "GeoPackage (.gpkg)"),
    ("GeoJSON (.geojson, .json)", "GeoJSON (.geojson, .json)"),
    ("CSV (.csv, .tsv, .txt)", "CSV (.csv, .tsv, .txt)"),
    ("Excel (.xlsx)", "Excel (.xlsx)"),
    ("LM2-ын экспорт (JSON файлуудын .zip)", "LM2 export (.zip of its JSON files)"),
];

/// What the service takes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitsBody {
    /// Most bytes of one file.
    upload_bytes_max: u64,
    /// Most bytes of one caller's uploads and drafts together.
    upload_quota_bytes: u64,
    /// Most uploads and drafts of one caller.
    uploads_max: u64,
    /// Days after which an upload that was not finished is given up.
    upload_days: u32,
    /// Seconds without a byte after which a piece counts as cut off.
    upload_idle_seconds: u64,
    /// Bytes a second that a piece must come with, over that time, or it counts as cut off.
    upload_bytes_per_second_min: u64,
    /// What can be uploaded.
    formats: Vec<Text>,
}

/// The limits, and what can be uploaded.
#[utoipa::path(get, path = "/v1/limits", tag = "service", responses((status = 200, body = LimitsBody), Refusals))]
pub(crate) async fn show_limits(
    State(state): State<ApiState>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<LimitsBody>, Problem> {
    let settings = state.settings();
    Ok(Json(LimitsBody {
        upload_bytes_max: settings.upload_bytes_max,
        upload_quota_bytes: settings.upload_quota_bytes,
        uploads_max: settings.uploads_max,
        upload_days: settings.upload_days,
        upload_idle_seconds: IDLE.as_secs(),
        upload_bytes_per_second_min: RATE_MIN,
        formats: FORMATS.map(|(mn, en)| Text::new(mn, en)).to_vec(),
    }))
}
