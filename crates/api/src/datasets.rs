//! Data sets: what they are and where they come from. Their records, such as places of plots, are never served.

#![expect(unused_qualifications, reason = "utoipa writes them into the operations")]

mod shape;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use belcheer_catalog::{DatasetKind, Filter};
use belcheer_domain::Digest;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::datasets::shape::{DatasetBody, DatasetDetail, DatasetEventBody, DatasetList};
use crate::desk::terms::{TermsBody, touched, usual_visibility};
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery, Page, given};
use crate::state::ApiState;

/// Which data sets to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DatasetsQuery {
    /// Only of this kind.
    #[param(example = "raster")]
    kind: Option<String>,
    /// Only of this product.
    #[param(example = "ndvi")]
    product: Option<String>,
    /// At most so many data sets, 1 to 1000; 500 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
    /// Skip so many data sets.
    #[param(value_type = Option<u32>)]
    offset: Option<String>,
}

/// The data sets that are held, by kind, product and date.
#[utoipa::path(get, path = "/v1/datasets", tag = "data", params(DatasetsQuery),
    responses((status = 200, body = DatasetList), Refusals))]
pub(crate) async fn list_datasets(
    State(state): State<ApiState>,
    Checked(query): Checked<DatasetsQuery>,
    uri: Uri,
) -> Result<Json<DatasetList>, Problem> {
    let page = Page::of(query.limit.as_ref(), query.offset.as_ref())?;
    let kind = given(query.kind.as_ref()).map(kind).transpose()?;
    let product = given(query.product.as_ref()).map(str::to_owned);
    let records = state.catalog().datasets(&Filter { kind, product, ..Filter::default() }).await?;
    let total = records.len();
    let datasets = page.cut(records).iter().map(DatasetBody::from).collect();
    Ok(Json(DatasetList { total, limit: page.limit, offset: page.offset, datasets, next: page.next(&uri, total) }))
}

fn kind(text: &str) -> Result<DatasetKind, Problem> {
    text.parse().map_err(|_| {
        let words: Vec<_> = DatasetKind::ALL.iter().map(|k| k.as_str()).collect();
        let words = words.join(", ");
        let expected = (format!("{words} аль нэг"), format!("one of {words}"));
        Problem::bad_parameter("kind", text, (&expected.0, &expected.1))
    })
}

/// The digest of an address, with or without the name of its algorithm.
pub(crate) fn dataset_digest(text: &str) -> Result<Digest, Problem> {
    text.parse().or_else(|_| format!("sha256:{text}").parse()).map_err(|_| Problem::malformed_digest(text))
}

/// One data set: what it is and where it comes from.
#[utoipa::path(get, path = "/v1/datasets/{digest}", tag = "data",
    params(("digest" = String, Path, description = "sha256: and 64 hexadecimal digits, or the digits alone", pattern = "^(sha256:)?[0-9a-f]{64}$")),
    responses((status = 200, body = DatasetDetail), Refusals))]
pub(crate) async fn show_dataset(
    State(state): State<ApiState>,
    Path(text): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<DatasetDetail>, Problem> {
    let digest = dataset_digest(&text)?;
    let record = state.catalog().dataset(digest).await?.ok_or_else(Problem::unknown_dataset)?;
    let terms = state.catalog().terms(digest).await?;
    let (licence, attribution) = terms.as_ref().map(|t| (t.licence.clone(), t.attribution.clone())).unwrap_or_default();
    let visibility = terms.map_or_else(|| usual_visibility(record.kind), |terms| terms.visibility);
    let events = state.catalog().dataset_events(digest).await?;
    let made = state.catalog().assessments_of(digest).await?;
    Ok(Json(DatasetDetail {
        dataset: DatasetBody::from(&record),
        terms: TermsBody { licence, attribution, visibility },
        events: events.into_iter().map(DatasetEventBody::from).collect(),
        assessments: touched(&state, made).await?.into_iter().filter(|a| !a.published.is_empty()).collect(),
    }))
}
