//! The service: published results over HTTP, as JSON for programs and as plain pages for people.
//!
//! This crate is the only one that knows the JSON shapes of the service. It reads the catalog and never writes it,
//! computes no statistic, and serves nothing that is not published: a draft is as absent as if it did not exist.
//! Errors are problem documents (RFC 9457) with a stable code; what went wrong inside is in the log only.
//!
//! - [`ApiState`]: an open catalog with the results that were read from it; [`Settings`]: what an operator decides
//! - [`router`]: every route, with its limits; needs no socket
//! - [`serve`]: answers on a socket until told to stop
//! - [`openapi`]: the OpenAPI 3.1 document, made from the same handlers as the routes

mod answers;
mod assessments;
mod borders;
mod cycles;
mod datasets;
mod front;
mod health;
mod lang;
mod layers;
mod links;
mod marked;
mod methods;
mod metrics;
mod pages;
mod places;
mod problem;
mod query;
mod results;
mod routes;
mod server;
mod settings;
mod soums;
mod state;
mod verification;
mod words;

pub use routes::{openapi, router};
pub use server::serve;
pub use settings::Settings;
pub use state::ApiState;
