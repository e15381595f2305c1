//! Blocks: the unit of work. A rectangle of one grid, all years, the zones that touch it: mergeable partials out.
//!
//! A [`BlockJob`] says everything a process on another machine needs to know; a [`Block`] is one row of the table of
//! work. [`compute_block`] turns a block into [`PartialRow`]s and keeps them as pieces under the digest of what they
//! were made of, so that a killed run loses only what was in flight and a new year computes only what is new.
//! A [`BlockEngine`] carries blocks to threads or machines; the science is the same wherever it runs.

mod address;
mod compute;
mod context;
mod error;
mod estimate;
mod job;
mod layout;
mod merge;
mod moments;
mod overlay;
mod piece;
mod row;
mod series;
mod slope;
mod sums;

pub use address::{METHOD, SLOPE_METHOD};
pub use compute::compute_block;
pub use context::BlockContext;
pub use error::BlockError;
pub use estimate::{BlockPlan, estimate, memory_mib};
pub use job::{BLOCK_SIDE, Block, BlockJob, Layer, MaskSource, SlopeJob, Zone, ZoneSet, blocks_of};
pub use merge::{Merged, Merger};
pub use row::{Measure, PartialRow};
pub use series::{Prepared, Series, held_series, mask_source, prepare};

use crate::error::AssessmentError;
use crate::watch::Watch;

/// Takes the rows of a run, in the order of [`PartialRow::key`].
pub type RowSink<'a> = dyn FnMut(PartialRow) -> Result<(), AssessmentError> + Send + 'a;

/// Carries blocks to where they are computed.
///
/// An engine yields the rows of all blocks in the order of [`PartialRow::key`], so that what is summed from them does
/// not depend on threads, machines or the order in which blocks were finished.
pub trait BlockEngine: std::fmt::Debug + Sync {
    /// Its name, as `run.engine` of a manifest tells it.
    fn name(&self) -> &'static str;

    /// Blocks that this process holds in memory at a time; none where others compute them.
    fn in_flight(&self) -> usize;

    /// Computes all blocks of a job.
    ///
    /// # Errors
    /// When an input cannot be read, with block and file; when the engine itself fails. What was finished is kept.
    fn run(&self, job: &BlockJob, rows: &mut RowSink<'_>, watch: &dyn Watch) -> Result<(), AssessmentError>;
}

/// How blocks are run: by which engine, where pieces are kept, whether kept ones are used.
#[derive(Debug, Clone, Copy)]
pub struct Execution<'a> {
    /// The engine.
    pub engine: &'a dyn BlockEngine,
    /// Whether pieces of an earlier run are used.
    pub resume: bool,
    /// Memory that blocks in flight may take in this process, MiB; without it there is no bound.
    pub memory_mib: Option<u64>,
}

/// Runs a job and merges its rows over blocks.
///
/// # Errors
/// As [`BlockEngine::run`]; and when more memory is needed than allowed.
pub fn run_blocks(
    execution: &Execution<'_>,
    job: &BlockJob,
    watch: &dyn Watch,
) -> Result<Vec<Merged>, AssessmentError> {
    let needed = memory_mib(job, execution.engine.in_flight());
    if let Some(allowed) = execution.memory_mib.filter(|allowed| needed > *allowed) {
        return Err(AssessmentError::Refused(format!(
            "{} blocks in flight need about {needed} MiB, and {allowed} MiB may be used; use fewer --threads, or --memory {needed}",
            execution.engine.in_flight()
        )));
    }
    let mut merger = Merger::default();
    execution.engine.run(job, &mut |row| merger.add(row), watch)?;
    Ok(merger.finish())
}
