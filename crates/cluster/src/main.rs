//! `belcheer-cluster`: every command of `belcheer`, and those of a Ballista cluster.
//!
//! Scheduler and executors are Ballista's own; this program adds the words in which our table and its node travel
//! ([`codec`]), the engine that a client runs an assessment by ([`engine`]), and the two server commands ([`serve`]).

mod codec;
mod engine;
mod serve;
mod session;

use std::process::ExitCode;

fn main() -> ExitCode {
    let extras = belcheer_cli::Extras { ballista: Some(engine::connect), cluster: Some(serve::serve) };
    belcheer_cli::main(&extras)
}
