//! Kernel benches of the engine: exact coverage, accumulation of values, decoding of tiles.
//!
//! `cargo bench --package belcheer-benches` runs them; decode and accumulation stand beside a physical limit.

pub mod synthetic;
