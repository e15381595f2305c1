//! The smallest program behind a door that converts rasters; the tests start it.

use std::{io, process::ExitCode};

use belcheer_door::serve;

fn main() -> ExitCode {
    match serve(io::stdin().lock(), io::stdout(), belcheer_raster_ingest::handle) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(2),
    }
}
