//! The command line of `belcheer`, and of programs that add to it.
//!
//! This crate knows arguments, progress and exit codes. What a command does lives in the crates below.

mod args;
mod commands;
mod extras;
mod failure;
mod progress;
mod workspace;

pub use extras::{ClusterRole, ExecutorRole, Extras};

use std::process::ExitCode;

use clap::Parser;

use crate::args::Arguments;
use crate::failure::{Failure, Outcome};

/// Reads the arguments, runs the command, tells how it ended.
pub fn main(extras: &Extras) -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // help and version are answers, not mistakes
            let code = if error.use_stderr() { 2 } else { 0 };
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    start_log(arguments.verbose);
    match commands::run(arguments, extras) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::DoneWithErrors) => ExitCode::from(1),
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report();
            ExitCode::from(match failure {
                Failure::Usage(_) => 2,
                Failure::Refused { .. } => 3,
                Failure::Internal(_) => 4,
            })
        }
    }
}

/// Logs go to standard error; `RUST_LOG` or `-v` says how much.
fn start_log(verbose: u8) {
    let level = ["warn", "info", "debug", "trace"].get(usize::from(verbose)).copied().unwrap_or("trace");
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(format!("error,belcheer={level},belcheer_api={level}")));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
