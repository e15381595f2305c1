//! The JSON of a problem document, and how OpenAPI describes it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::openapi::{Content, ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use crate::lang::Lang;
use crate::problem::Problem;

/// The media type of problem documents.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemBody {
    /// A name for this kind of problem; not an address.
    #[serde(rename = "type")]
    #[schema(example = "urn:belcheer:problem:unknown_soum")]
    kind: String,
    /// What kind of problem it is, in the language asked for.
    title: String,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What was found and what to do next, in the language asked for.
    detail: String,
    /// The same in Mongolian.
    detail_mn: String,
    /// The same in English.
    detail_en: String,
    /// Stable machine code.
    #[schema(example = "unknown_soum")]
    code: &'static str,
    /// The request's id, as in the header `x-request-id` and in the log.
    request_id: String,
}

impl ProblemBody {
    /// Writes a problem down for one reader.
    pub(crate) fn new(problem: &Problem, lang: Lang, request_id: &str) -> Self {
        Self {
            kind: format!("urn:belcheer:problem:{}", problem.code),
            title: problem.title.get(lang).to_owned(),
            status: problem.status.as_u16(),
            detail: problem.detail.get(lang).to_owned(),
            detail_mn: problem.detail.mn.clone(),
            detail_en: problem.detail.en.clone(),
            code: problem.code,
            request_id: request_id.to_owned(),
        }
    }
}

/// The refusals that every route may give.
pub(crate) struct Refusals;

/// The refusals that every page may give, written as pages.
pub(crate) struct PageRefusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(PROBLEM_JSON, &ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build())
    }
}

impl IntoResponses for PageRefusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals("text/html", &ContentBuilder::new().schema(Some(String::schema())).build())
    }
}

fn refusals(media_type: &str, content: &Content) -> BTreeMap<String, RefOr<Response>> {
    let refusal = |status: &str, description: &str| {
        let response = ResponseBuilder::new().description(description).content(media_type, content.clone()).build();
        (status.to_owned(), RefOr::T(response))
    };
    BTreeMap::from([
        refusal("400", "The address or a parameter cannot be used"),
        refusal("401", "A key is needed, or the one given does not count"),
        refusal("403", "The caller may not"),
        refusal("404", "There is no such thing, or it is not published"),
        refusal("405", "The address takes other methods"),
        refusal("408", "What was sent came in part"),
        refusal("409", "It does not fit what is there now"),
        refusal("410", "It is gone"),
        refusal("412", "Another version of the protocol"),
        refusal("413", "More than the service takes; the detail says how much that is"),
        refusal("415", "Another content type is needed"),
        refusal("422", "The same idempotency key came with another request"),
        refusal("423", "Somebody else is writing it"),
        refusal("429", "Too many requests; `Retry-After` says when to try again"),
        refusal("500", "The service failed; the log says why"),
        refusal("503", "The service cannot answer now"),
    ])
}
