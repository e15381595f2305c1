//! The DataFusion plan over blocks: a table of block descriptors in, partial sums in their fixed order out.
//!
//! ```text
//! SortPreservingMerge            rows of all blocks in the order of PartialRow::key
//!   Sort                         spills to disk above its memory limit
//!     BlockExec                  unary: reads a descriptor row, yields the partials of that block
//!       DataSource (descriptors) the only leaf, so that any engine divides it as it divides every table
//! ```
//!
//! This crate knows how blocks move through DataFusion; what happens in a block is `belcheer-assessment`'s. It opens no
//! network connection: the Ballista engine is in `belcheer-cluster` and runs the same plan.
//!
//! - [`Embedded`]: the engine in this process; [`BlockTable`], [`BlockExec`]: the table and its node
//! - [`run`]: the plan on any DataFusion session

mod contexts;
mod embedded;
mod exec;
mod progress;
mod run;
mod table;

pub use embedded::{Embedded, on_runtime};
pub use exec::BlockExec;
pub use run::run;
pub use table::{BlockTable, TableJob, descriptor_schema, partial_schema};
