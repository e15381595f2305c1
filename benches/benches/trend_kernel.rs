//! Theil-Sen slope and Mann-Kendall test of pixels of 24 years, beside the limit: every pair of values compared once.

#![expect(clippy::expect_used, reason = "a bench whose own input is wrong must stop")]

use belcheer_benches::synthetic::cells;
use belcheer_rangeland::trend::{BlockTrend, Plane, RawValue, TrendBlock};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

const YEARS: usize = 24;
const SIDE: usize = 128;
const NODATA: i16 = -3000;

fn main() {
    divan::main();
}

/// Values of each year: smooth, with noise of a few hundred, and -3000 in one cell of twenty.
fn stack() -> Vec<Vec<i16>> {
    let noise = cells(YEARS * SIDE, SIDE);
    let jump = |at: usize| ((at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55) as i16;
    let year = |(year, values): (usize, &[i16])| {
        let cell = |(at, value): (usize, &i16)| if *value == NODATA { NODATA } else { value + jump(year * 7919 + at) };
        values.iter().enumerate().map(cell).collect()
    };
    noise.chunks(SIDE * SIDE).enumerate().map(year).collect()
}

fn run<T: RawValue>(bencher: Bencher, stack: &[Vec<T>], nodata: T) {
    let years: Vec<i32> = (2001..).take(YEARS).collect();
    let of = BlockTrend::new(&years, 8).expect("years in order");
    let planes: Vec<_> = stack.iter().map(|values| Plane { values, nodata: Some(nodata), valid: None }).collect();
    let mut found = TrendBlock::default();
    bencher.counter(ItemsCount::new(SIDE * SIDE)).bench_local(|| of.run(black_box(&planes), &mut found));
}

#[divan::bench]
fn whole_numbers(bencher: Bencher) {
    run(bencher, &stack(), NODATA);
}

#[divan::bench]
fn reals(bencher: Bencher) {
    let stack: Vec<Vec<f32>> = stack().iter().map(|plane| plane.iter().map(|v| f32::from(*v)).collect()).collect();
    run(bencher, &stack, f32::from(NODATA));
}

/// The pairs alone: the sign of each difference, summed.
#[divan::bench]
fn limit_pairs(bencher: Bencher) {
    let stack = stack();
    let mut sums = vec![0_i16; SIDE * SIDE];
    bencher.counter(ItemsCount::new(SIDE * SIDE)).bench_local(|| {
        sums.fill(0);
        for (later, values) in stack.iter().enumerate() {
            for before in &stack[..later] {
                for ((sum, value), other) in sums.iter_mut().zip(values).zip(before) {
                    *sum += i16::from(value > other) - i16::from(value < other);
                }
            }
        }
        black_box(&sums).iter().map(|sum| i64::from(*sum)).sum::<i64>()
    });
}
