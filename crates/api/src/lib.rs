//! The service: published results over HTTP, as JSON for programs and as plain pages for people.
//!
//! This crate is the only one that knows the JSON shapes of the service. It writes nothing into the catalog but keys, their
//! use, and answers to requests that may be sent again; it computes no statistic. Without a key, what is not published is
//! as absent as if it did not exist. Who may ask what stands in `data/access.toml`, and only there.
//! Errors are problem documents (RFC 9457) with a stable code; what went wrong inside is in the log only.
//!
//! - [`ApiState`]: an open catalog with the results that were read from it; [`Settings`]: what an operator decides
//! - [`Identity`]: who asks, what they may, and how often
//! - [`router`]: every route, with its limits; needs no socket
//! - [`keep_house`]: what the service does without being asked
//! - [`serve`]: answers on a socket until told to stop
//! - [`openapi`]: the OpenAPI 3.1 document, made from the same handlers as the routes

mod answers;
mod assessments;
mod assets;
mod background;
mod borders;
mod clock;
mod cycles;
mod datasets;
mod desk;
mod front;
mod health;
mod identity;
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
pub mod requests;
mod results;
mod routes;
mod server;
mod settings;
mod soums;
mod state;
mod tiles;
mod uploads;
mod verification;
mod words;

pub use background::keep_house;
pub use identity::{
    Identity, IdentitySettings, IssueError, IssuedKey, KeyRequest, ProviderSettings, SettingsError, issue_key,
    rotate_key,
};
pub use pages::soum_report;
pub use routes::{openapi, router};
pub use server::serve;
pub use settings::Settings;
pub use state::ApiState;
