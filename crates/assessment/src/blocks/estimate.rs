//! What a run of blocks would read and need, told without doing it.

use serde::Serialize;

use super::context::BlockContext;
use super::error::BlockError;
use super::job::{BlockJob, ZoneSet, blocks_of};

/// Cells that one core decodes and sums in a second, from the engine benches, rounded down.
const CELLS_PER_CORE_SECOND: f64 = 60e6;
/// Program, zones and rows on their way, MiB.
const BESIDE_MIB: u64 = 192;
/// Cells of which one core computes a slope over a series in a second.
const SLOPES_PER_CORE_SECOND: f64 = 0.5e6;

/// The plan of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlockPlan {
    /// Blocks of the grid.
    pub blocks: usize,
    /// Blocks with something to compute.
    pub blocks_to_compute: usize,
    /// Block-years of which sums are kept already.
    pub kept: usize,
    /// Cells to read.
    pub cells: u64,
    /// Bytes to decode.
    pub bytes: u64,
    /// Memory of the blocks in flight, MiB, by estimate.
    pub memory_mib: u64,
    /// Minutes by estimate, from figures of one machine.
    pub minutes: f64,
    /// Whether years are read of which sums are kept: a slope needs all years, so a new year reads all of them again.
    pub all_years_again: bool,
}

/// Memory that `in_flight` blocks of a job take, and what a run takes beside them, MiB, by estimate.
#[must_use]
pub fn memory_mib(job: &BlockJob, in_flight: usize) -> u64 {
    let cells = blocks_of(&job.grid).first().map_or(0, |b| u64::from(b.rows) * u64::from(b.cols));
    let sample = bytes_of(job.grid.pixel_type);
    // the year at hand, mask and cells; with slopes all years as stored, and what the kernel writes
    let slope = if job.slope.is_some() { 40 + (sample + 1) * job.layers.len() as u64 } else { 0 };
    BESIDE_MIB + cells * (30 + slope) * in_flight as u64 / (1 << 20)
}

/// Says what a job would read and need with `threads` blocks in flight.
///
/// # Errors
/// When an input cannot be opened.
pub async fn estimate(job: &BlockJob, zones: ZoneSet, threads: usize) -> Result<BlockPlan, BlockError> {
    let context = BlockContext::with_zones(job, zones).await?;
    let blocks = blocks_of(&job.grid);
    let (mut to_compute, mut kept, mut cells, mut slopes) = (0, 0, 0_u64, 0_u64);
    for block in &blocks {
        let missing = context.years_missing(block).await;
        let touched = !context.touching(block).is_empty();
        let done = context.job.resume && context.is_done(block, None).await;
        let of_block = u64::from(block.rows) * u64::from(block.cols);
        if touched {
            kept += job.layers.len() - missing;
        }
        if touched && (missing > 0 || !done) {
            to_compute += 1;
            let all = job.slope.is_some() && !done;
            cells += of_block * if all { job.layers.len() } else { missing } as u64;
            slopes += if all { of_block } else { 0 };
        }
    }
    let sample = bytes_of(job.grid.pixel_type);
    let seconds = cells as f64 / CELLS_PER_CORE_SECOND + slopes as f64 / SLOPES_PER_CORE_SECOND;
    Ok(BlockPlan {
        blocks: blocks.len(),
        blocks_to_compute: to_compute,
        kept,
        cells,
        bytes: cells * sample,
        memory_mib: memory_mib(job, threads),
        all_years_again: job.slope.is_some() && kept > 0 && to_compute > 0,
        minutes: (seconds / threads.max(1) as f64 / 60.0 * 100.0).ceil() / 100.0,
    })
}

const fn bytes_of(pixel_type: belcheer_domain::PixelType) -> u64 {
    use belcheer_domain::PixelType as P;
    match pixel_type {
        P::U8 | P::I8 => 1,
        P::U16 | P::I16 => 2,
        P::U32 | P::I32 | P::F32 => 4,
        P::F64 => 8,
    }
}
