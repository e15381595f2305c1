//! Every route of the service. Routes are registered together with their OpenAPI operation, so none can lack one.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::layers;
use crate::problem::ProblemBody;
use crate::state::ApiState;
use crate::{assessments, cycles, datasets, health, identity, methods, pages, soums, verification};

/// What the document says of the service as a whole.
#[derive(OpenApi)]
#[openapi(
    info(title = "Belcheer", description = "Published verifications of rangeland outcome by Mongolian soum."),
    components(schemas(ProblemBody)),
    tags(
        (name = "results", description = "What is published of soums"),
        (name = "method", description = "How it was judged"),
        (name = "data", description = "What it was judged from; never places of plots or persons"),
        (name = "pages", description = "The same for people, without scripts"),
        (name = "access", description = "Who may ask what"),
        (name = "service", description = "The service itself"),
    )
)]
struct Description;

static OPENAPI_JSON: LazyLock<Bytes> = LazyLock::new(|| match serde_json::to_vec(&openapi()) {
    Ok(json) => Bytes::from(json),
    Err(error) => {
        tracing::error!(%error, "the OpenAPI document cannot be written");
        Bytes::from_static(b"{}")
    }
});

/// The service over a catalog; needs no socket.
///
/// Every request passes the guard of [`crate::Identity`] first. Without a key nothing of a draft is served: results are
/// those that [`belcheer_catalog::Catalog::publish`] made public.
pub fn router(state: ApiState) -> Router {
    let (routes, _) = every_route().split_for_parts();
    let guarded = routes.layer(from_fn_with_state(state.clone(), identity::guard));
    layers::surround(guarded.with_state(state))
}

/// The OpenAPI 3.1 document of the service.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    every_route().into_openapi()
}

fn every_route() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(cycles::list_cycles))
        .routes(routes!(soums::list_soums))
        .routes(routes!(soums::show_soum))
        .routes(routes!(verification::show_verification))
        .routes(routes!(soums::soum_history))
        .routes(routes!(soums::soum_pugs))
        .routes(routes!(assessments::show_assessment))
        .routes(routes!(assessments::show_diff))
        .routes(routes!(methods::show_method))
        .routes(routes!(datasets::list_datasets))
        .routes(routes!(datasets::show_dataset))
        .routes(routes!(identity::me::show_me))
        .routes(routes!(identity::keys::list_keys, identity::keys::add_key))
        .routes(routes!(identity::keys::revoke_key))
        .routes(routes!(identity::trail::show_audit))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(show_openapi))
        .routes(routes!(pages::country_page))
        .routes(routes!(pages::soum_page))
        .routes(routes!(pages::style))
}

/// This document.
#[utoipa::path(get, path = "/openapi.json", tag = "service",
    responses((status = 200, description = "The OpenAPI 3.1 document", content_type = "application/json", body = Object)))]
async fn show_openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI_JSON.clone())
}
