//! The door: bytes from outside are parsed in a child process that may die.
//!
//! A [`Door`] starts a program (by default this one) with the argument `ingest-worker`, hands it one job and waits
//! for one answer. The child lowers its own limits of memory, processor time, file size and open files before it
//! touches a byte, raises a fence around itself (no file but those of the job, no network, no other program, as far as
//! the kernel can), runs with an emptied environment, and is killed when it takes too long. Whatever happens to it
//! (abort, endless allocation, endless loop, stack overflow) is one refused file for the parent, never its end.
//!
//! This crate knows processes, limits and the envelope around a job. It knows no file format, links no GDAL, and
//! never reads a file: what a job means is known to the crates that [`serve`] it.
//!
//! - [`Door`], [`Limits`], [`Reach`]: the parent's side
//! - [`Protections`], [`Probe`]: what keeps a child in on this machine
//! - [`serve`]: the child's side, called by the hidden command `ingest-worker`
//! - [`Refusal`]: why an input was refused, and what to do, in English and Mongolian
//! - [`DoorError`]: everything that can happen to a child
//!
//! ```no_run
//! use belcheer_door::{Door, DoorError, Reach};
//! let door = Door::new()?;
//! let rows: u64 = door.run("table.count_rows", &"herders.csv", &Reach::default().read("herders.csv"))?;
//! # Ok::<(), DoorError>(())
//! ```

mod child;
mod envelope;
mod environment;
mod error;
mod fence;
mod limits;
mod parent;
mod probe;
mod reach;
mod refusal;

pub use child::{Handled, ServeError, serve};
pub use error::DoorError;
pub use fence::{Hold, Protections};
pub use limits::Limits;
pub use parent::{Door, WORKER_COMMAND};
pub use probe::Probe;
pub use reach::Reach;
pub use refusal::Refusal;
