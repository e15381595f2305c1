//! Assigning points to zones: laying the zones out, and finding the zone of each point.

use belcheer_benches::synthetic::zone;
use belcheer_zonal::PointIndex;
use divan::Bencher;
use divan::counter::ItemsCount;
use geo_types::MultiPolygon;

fn main() {
    divan::main();
}

/// A hundred zones beside each other, of so many vertices each.
fn zones(vertices: usize) -> Vec<MultiPolygon<f64>> {
    (0..100).map(|i| zone((f64::from(i % 10) * 3.0, f64::from(i / 10) * 3.0), 1.2, vertices)).collect()
}

/// Points over all of them, the same on every run.
fn points(count: usize) -> Vec<(f64, f64)> {
    let place = |i: usize, step: f64| (i as f64 * step).fract() * 32.0 - 2.0;
    (0..count).map(|i| (place(i, 0.754_877_666), place(i, 0.569_840_291))).collect()
}

/// Items are vertices.
#[divan::bench(args = [256, 1024, 4096])]
fn build(bencher: Bencher, vertices: usize) {
    let zones = zones(vertices);
    bencher.counter(ItemsCount::new(vertices * zones.len())).bench(|| PointIndex::new(&zones));
}

/// Items are points.
#[divan::bench(args = [256, 1024, 4096])]
fn assign(bencher: Bencher, vertices: usize) {
    let (index, points) = (PointIndex::new(&zones(vertices)), points(100_000));
    bencher.counter(ItemsCount::new(points.len())).bench(|| index.assign(&points));
}
