//! Every route of the service. Routes are registered together with their OpenAPI operation, so none can lack one.

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::IntoResponse;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::answers::of_published;
use crate::layers;
use crate::problem::ProblemBody;
use crate::state::ApiState;
use crate::{
    assessments, assets, cycles, datasets, desk, health, identity, methods, metrics, pages, soums, tiles, uploads,
    verification,
};

/// What the document says of the service as a whole.
#[derive(OpenApi)]
#[openapi(
    info(title = "Belcheer", description = "Published verifications of rangeland outcome by Mongolian soum."),
    components(schemas(ProblemBody)),
    tags(
        (name = "results", description = "What is published of soums"),
        (name = "method", description = "How it was judged"),
        (name = "tiles", description = "The same as map tiles, and rasters as pictures"),
        (name = "data", description = "What it was judged from; never places of plots or persons"),
        (name = "pages", description = "The same for people, without scripts"),
        (name = "uploads", description = "Files on their way in (tus 1.0.0), and the drafts that they become"),
        (name = "work", description = "Jobs, assessments, publishing"),
        (name = "access", description = "Who may ask what"),
        (name = "service", description = "The service itself"),
    )
)]
struct Description;

/// The document as it is checked in; a test holds it against [`openapi`].
static OPENAPI_JSON: &[u8] = include_bytes!("../../../schemas/openapi.json");

/// The service over a catalog; needs no socket.
///
/// Every request passes the guard of [`crate::Identity`] first. Without a key nothing of a draft is served: results are
/// those that [`belcheer_catalog::Catalog::publish`] made public.
pub fn router(state: ApiState) -> Router {
    let (routes, _) = every_route().split_for_parts();
    // the guard counts bodies by the access file
    let routes = routes.layer(DefaultBodyLimit::disable());
    let guarded = routes.layer(from_fn_with_state(state.clone(), identity::guard));
    layers::surround(guarded.with_state(state.clone()), &state)
}

/// The OpenAPI 3.1 document of the service.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    every_route().into_openapi()
}

fn every_route() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(published_reads())
        .routes(routes!(assessments::show_diff))
        .routes(routes!(assessments::assessment_findings))
        .routes(routes!(assessments::assessment_soums))
        .routes(routes!(assets::asset))
        .routes(routes!(pages::desk_page))
        .routes(routes!(pages::docs_page))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::show_metrics))
        .routes(routes!(uploads::tus_options, uploads::begin_upload))
        .routes(routes!(uploads::show_upload, uploads::send_piece, uploads::end_upload))
        .routes(routes!(desk::drafts::list_drafts))
        .routes(routes!(desk::drafts::show_draft, desk::drafts::correct_draft))
        .routes(routes!(desk::drafts::accept_draft))
        .routes(routes!(desk::jobs::list_jobs))
        .routes(routes!(desk::jobs::show_job, desk::jobs::cancel_job))
        .routes(routes!(desk::jobs::job_events))
        .routes(routes!(desk::jobs::resume_job))
        .routes(routes!(desk::files::job_file))
        .routes(routes!(desk::publishing::list_assessments, desk::work::assess))
        .routes(routes!(desk::work::export))
        .routes(routes!(desk::publishing::publish))
        .routes(routes!(desk::publishing::withdraw))
        .routes(routes!(desk::work::zonal_stats))
        .routes(routes!(desk::work::degradation))
        .routes(routes!(desk::terms::dataset_file))
        .routes(routes!(desk::terms::set_terms))
        .routes(routes!(desk::terms::retract))
        .routes(routes!(desk::webhooks::list_webhooks, desk::webhooks::add_webhook))
        .routes(routes!(desk::webhooks::silence_webhook))
        .routes(routes!(desk::webhooks::webhook_deliveries))
        .routes(routes!(desk::limits::show_limits))
        .routes(routes!(identity::me::show_me))
        .routes(routes!(identity::keys::list_keys, identity::keys::add_key))
        .routes(routes!(identity::keys::revoke_key))
        .routes(routes!(identity::trail::show_audit))
}

/// Routes whose answers depend on nothing but the address and what is published and held; they are kept in memory.
fn published_reads() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(cycles::list_cycles))
        .routes(routes!(soums::list_soums))
        .routes(routes!(soums::show_soum))
        .routes(routes!(verification::show_verification))
        .routes(routes!(soums::soum_history))
        .routes(routes!(soums::soum_pugs))
        .routes(routes!(soums::soum_series))
        .routes(routes!(soums::soum_file))
        .routes(routes!(assessments::show_assessment))
        .routes(routes!(methods::show_method))
        .routes(routes!(datasets::list_datasets))
        .routes(routes!(datasets::show_dataset))
        .routes(routes!(tiles::zone_tile))
        .routes(routes!(tiles::raster_tile))
        .routes(routes!(tiles::list_rasters))
        .routes(routes!(show_openapi))
        .routes(routes!(pages::country_page))
        .routes(routes!(pages::soum_page))
        .routes(routes!(pages::map_drawing))
        .routes(routes!(pages::compare_page))
        .routes(routes!(pages::style))
        .route_layer(map_response(of_published))
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "service",
    responses((status = 200, description = "The OpenAPI 3.1 document", content_type = "application/json", body = Object)))]
async fn show_openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], Bytes::from_static(OPENAPI_JSON))
}
