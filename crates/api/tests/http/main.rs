//! The service in process: every route over a small catalog, without a socket.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod access;
mod caching;
mod fixture;
mod forms;
mod identity;
mod openapi;
mod pages;
mod protocol;
mod refusals;
mod results;
mod series;
mod serving;
mod sources;
mod tiles;
mod tokens;
