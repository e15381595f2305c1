//! A soum's result as files: the tables of an assessment's export, with the rows of this soum alone.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use belcheer_assessment::export::{self, ExportTable};
use geo::MultiPolygon;

use crate::problem::{Problem, Refusals};
use crate::query::{Checked, given};
use crate::state::{ApiState, soum_code};
use crate::verification::CycleQuery;

/// The file of a soum's result for map programs: its border with the verdict, and every table beside it.
pub(crate) const GEOPACKAGE: &str = "soum.gpkg";

/// Every file that is offered of a soum.
pub(crate) fn names() -> impl Iterator<Item = String> {
    ExportTable::ALL.iter().map(|table| table.csv_name()).chain([GEOPACKAGE.to_owned()])
}

/// A file of a soum's result: a table as comma-separated values, or all of them with the border as a GeoPackage.
#[utoipa::path(get, path = "/v1/soums/{au2}/files/{name}", tag = "results",
    params(("au2" = String, Path, description = "Soum code, five digits with a leading zero", pattern = "^0(1[1-9]|[2-9][0-9])(0[1-9]|[1-9][0-9])$", example = "06404"),
        ("name" = String, Path, description = "The file", pattern = "^(soums|indicators|years|conditions|stocking|findings)\\.csv$|^soum\\.gpkg$", example = "years.csv"), CycleQuery),
    responses((status = 200, description = "The file", content((Vec<u8> = "text/csv"), (Vec<u8> = "application/geopackage+sqlite3"))), Refusals))]
pub(crate) async fn soum_file(
    State(state): State<ApiState>,
    Path((code, name)): Path<(String, String)>,
    Checked(query): Checked<CycleQuery>,
) -> Result<Response, Problem> {
    let au2 = soum_code(&code)?;
    let table = ExportTable::ALL.into_iter().find(|table| table.csv_name() == name);
    if table.is_none() && name != GEOPACKAGE {
        return Err(Problem::unknown_file(&name, &names().collect::<Vec<_>>().join(", ")));
    }
    let (published, _) = state.published_soum(au2, given(query.cycle.as_ref())).await?;
    let result = published.result.of_soum(au2);
    let cycle = published.cycle.cycle.clone();
    let border = match table {
        Some(_) => None,
        None => state.borders().await?.shape(au2),
    };
    let written = tokio::task::spawn_blocking(move || match table {
        Some(table) => export::csv(&result, table),
        None => export::geopackage(&result, border.unwrap_or(MultiPolygon(Vec::new()))),
    });
    let bytes = written.await.map_err(|_| Problem::internal())?.map_err(|error| {
        tracing::error!(%error, %au2, "a file of a soum cannot be written");
        Problem::internal()
    })?;
    let kind = if table.is_some() { "text/csv; charset=utf-8" } else { "application/geopackage+sqlite3" };
    Ok(download(&format!("{au2}-{cycle}-{name}"), kind, bytes))
}

fn download(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '_' }).collect();
    let disposition = format!("attachment; filename=\"{plain}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], Bytes::from(bytes))
        .into_response()
}
