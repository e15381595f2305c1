//! Problem documents (RFC 9457): every refusal of the service, with a stable code and text in both languages.

mod document;
mod kinds;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use belcheer_catalog::CatalogError;

pub(crate) use document::{PROBLEM_JSON, PageRefusals, ProblemBody, Refusals};

use crate::lang::Text;

/// A refusal. It travels in the extensions of an empty response until `layers::problems` knows the reader's language
/// and the request's id, and writes it out.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// HTTP status.
    pub(crate) status: StatusCode,
    /// Stable machine code, snake case.
    pub(crate) code: &'static str,
    /// What kind of refusal it is.
    pub(crate) title: Text,
    /// What was found, and the next step.
    pub(crate) detail: Text,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What the catalog could not do is the service's own trouble: the log says why, the reader learns only that.
impl From<CatalogError> for Problem {
    fn from(error: CatalogError) -> Self {
        tracing::error!(%error, "the catalog failed");
        Self::internal()
    }
}

/// A refusal of a page, to be written out as a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AsPage;

/// A refusal on the way to a page.
#[derive(Debug)]
pub(crate) struct PageProblem(pub(crate) Problem);

impl IntoResponse for PageProblem {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        response.extensions_mut().insert(AsPage);
        response
    }
}

impl From<Problem> for PageProblem {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}
