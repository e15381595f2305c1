//! `belcheer`: verifies, soum by soum, whether Mongolia's rangeland gets better or worse.

use std::process::ExitCode;

fn main() -> ExitCode {
    belcheer_cli::main(&belcheer_cli::Extras::default())
}
