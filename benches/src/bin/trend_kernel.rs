//! Computes the trend of every cell of a stack in memory on one thread: STACK.npy NODATA YEARS_MIN.
//!
//! Prints the processor time of the kernel as JSON. The stack is a NumPy file of int16, year by year.

use std::fs;
use std::io::Write;
use std::time::Instant;

use anyhow::{Result, bail};
use belcheer_benches::numpy::stack_of;
use belcheer_rangeland::trend::{BlockTrend, Plane, TrendBlock};

/// Cells computed at a time, as in a tile.
const BLOCK: usize = 512 * 512;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [stack, nodata, years_min] = arguments.as_slice() else { bail!("name a stack, nodata and the fewest years") };
    let nodata: i16 = nodata.parse()?;
    let bytes = fs::read(stack)?;
    let (years, values) = stack_of(&bytes)?;
    let cells = values.len() / years;
    let labels: Vec<i32> = (2001..).take(years).collect();
    let trend = BlockTrend::new(&labels, years_min.parse()?)?;
    let mut found = TrendBlock::default();
    let mut known = 0_usize;
    let before = Instant::now();
    for start in (0..cells).step_by(BLOCK) {
        let end = cells.min(start + BLOCK);
        let year = |at: usize| Plane {
            values: &values[at * cells + start..at * cells + end],
            nodata: Some(nodata),
            valid: None,
        };
        let planes: Vec<Plane<'_, i16>> = (0..years).map(year).collect();
        trend.run(&planes, &mut found)?;
        known += found.n.iter().filter(|n| **n > 1).count();
    }
    let kernel_cpu_s = before.elapsed().as_secs_f64();
    writeln!(std::io::stdout(), "{}", serde_json::json!({ "kernel_cpu_s": kernel_cpu_s, "known": known }))?;
    Ok(())
}
