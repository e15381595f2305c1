//! Exact coverage of one zone: by its vertices, and by the cells it covers.

#![expect(clippy::expect_used, reason = "a bench whose own input is wrong must stop")]

use belcheer_benches::synthetic::zone;
use belcheer_zonal::{Grid, coverage};
use divan::Bencher;
use divan::counter::ItemsCount;

fn main() {
    divan::main();
}

/// A grid of so many cells a side over ten by ten degrees.
fn grid(side: usize) -> Grid {
    Grid::new(100.0, 50.0, 10.0 / side as f64, 10.0 / side as f64, side, side).expect("a grid of cells above zero")
}

/// The border dominates: many vertices over few cells.
#[divan::bench(args = [256, 1024, 4096, 16384])]
fn vertices(bencher: Bencher, vertices: usize) {
    let (grid, zone) = (grid(128), zone((105.0, 45.0), 3.0, vertices));
    bencher.counter(ItemsCount::new(vertices)).bench(|| coverage(&grid, &zone));
}

/// The cells dominate: 1024 vertices over ever finer grids. Items are the cells covered.
#[divan::bench(args = [128, 512, 2048, 8192])]
fn cells(bencher: Bencher, side: usize) {
    let (grid, zone) = (grid(side), zone((105.0, 45.0), 3.0, 1024));
    let covered = coverage(&grid, &zone).expect("finite coordinates").total();
    bencher.counter(ItemsCount::new(covered as usize)).bench(|| coverage(&grid, &zone));
}
