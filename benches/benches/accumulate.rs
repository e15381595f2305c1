//! Adding the cells of one zone, beside the limit: summing the same values with nothing else.

#![expect(clippy::expect_used, reason = "a bench whose own input is wrong must stop")]

use belcheer_benches::synthetic::{cells, zone};
use belcheer_zonal::{Accumulator, Block, Coverage, Grid, StatisticSet, Weights, accumulate, coverage};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

const SIDE: usize = 1024;

fn main() {
    divan::main();
}

fn zone_on_grid() -> (Grid, Coverage) {
    let grid = Grid::new(0.0, 1.0, 1.0 / SIDE as f64, 1.0 / SIDE as f64, SIDE, SIDE).expect("cells above zero");
    let covered = coverage(&grid, &zone((0.5, 0.5), 0.35, 1024)).expect("finite coordinates");
    (grid, covered)
}

#[divan::bench(args = ["count,sum,mean", "count,sum,mean,stdev,min,max", "mean,sum,count,stdev,median,min,max"])]
fn statistics(bencher: Bencher, names: &str) {
    let (grid, covered) = zone_on_grid();
    let set: StatisticSet = names.parse().expect("known statistics");
    let values = cells(SIDE, SIDE);
    let valid: Vec<bool> = values.iter().map(|value| *value != -3000).collect();
    let block = Block::whole(&grid, &values, Some(&valid)).expect("one value a cell");
    bencher.counter(ItemsCount::new(covered.total() as usize)).bench(|| {
        let mut accumulator = Accumulator::new(&set);
        accumulate(&mut accumulator, &covered, &block, Weights::None);
        accumulator.settle();
        accumulator
    });
}

/// The memory alone: the same number of values read and added as integers.
#[divan::bench]
fn limit_sum(bencher: Bencher) {
    let (_, covered) = zone_on_grid();
    let values = cells(SIDE, SIDE);
    let count = covered.total() as usize;
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| black_box(&values).iter().take(count).map(|value| i64::from(*value)).sum::<i64>());
}
