//! Jobs of the catalog, done in child processes of this same program.
//!
//! A [`Runner`] takes jobs from the catalog's queue, a few at a time, and starts the program with the hidden command
//! `job-worker` for each. The worker does all of the job's effects itself, and each of them may be done twice without
//! harm; the runner only watches: it renews the lease, passes progress on, stops a worker whose job was cancelled, and
//! begins again what a crash interrupted, at most [`ATTEMPTS_MAX`] times. So a job that takes all memory, hangs or
//! crashes is one failed job, and a runner that dies loses nothing: its workers end with it, and after the lease the
//! next runner begins the jobs again.
//!
//! - [`Runner`]: the service's side
//! - [`work`]: the worker's side
//! - [`Order`], [`Outcome`], [`Teller`]: what goes between them

mod protocol;
mod runner;
mod worker;

pub use protocol::{Order, Outcome, Problem};
pub use runner::{ATTEMPTS_MAX, Runner, Slots, WORKER_COMMAND, Waker};
pub use worker::{Teller, WorkError, work};
