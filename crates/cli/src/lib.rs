//! The command line of `belcheer`, and of programs that add to it.
//!
//! This crate knows arguments, progress and exit codes. What a command does lives in the crates below.

mod args;
mod commands;
mod extras;
mod failure;
mod log;
mod progress;
#[cfg(feature = "otel")]
mod traces;
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
    log::start(arguments.verbose, arguments.log_format);
    let ended = commands::run(arguments, extras);
    #[cfg(feature = "otel")]
    traces::finish();
    match ended {
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
