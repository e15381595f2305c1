use proptest::prelude::*;

use super::*;
use crate::lanes::Plain;
use crate::trend::Trend;

/// What the way of single series says.
fn single<T: RawValue>(years: &[i32], planes: &[Plane<'_, T>], pixel: usize) -> (usize, Option<Trend>) {
    let times: Vec<f64> = years.iter().map(|y| f64::from(*y)).collect();
    let series: Vec<Option<f64>> =
        planes.iter().map(|plane| plane.valid.is_none_or(|v| v[pixel]).then(|| plane.values[pixel].real())).collect();
    (series.iter().flatten().count(), trend(&times, &series, &mut TrendScratch::default()).ok())
}

fn compare<T: RawValue>(years: &[i32], years_min: u16, values: &[Vec<T>], valid: &[Vec<bool>]) {
    let planes: Vec<Plane<'_, T>> =
        values.iter().zip(valid).map(|(values, valid)| Plane { values, nodata: None, valid: Some(valid) }).collect();
    let mut found = TrendBlock::default();
    BlockTrend::new(years, years_min).unwrap().run(&planes, &mut found).unwrap();
    for pixel in 0..values[0].len() {
        let (n, expected) = single(years, &planes, pixel);
        assert_eq!(usize::from(found.n[pixel]), n);
        assert_eq!(found.is_known(pixel), n >= usize::from(years_min.max(2)));
        if !found.is_known(pixel) {
            assert_eq!((found.slope_per_year[pixel], found.s[pixel], found.p[pixel]), (0.0, 0, 0.0));
            continue;
        }
        let expected = expected.unwrap();
        let place = format!("pixel {pixel}, n {n}");
        assert_eq!(i64::from(found.s[pixel]), expected.mann_kendall.s, "{place}");
        assert_eq!(found.z[pixel], expected.mann_kendall.z, "{place}");
        assert_eq!(found.p[pixel], expected.mann_kendall.p, "{place}");
        assert_eq!(found.slope_per_year[pixel], expected.sen.slope, "{place}");
    }
}

/// Deterministic numbers without a pattern that matters here.
fn mixed(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 17
    }
}

/// Series of noise of `range` about a slope, of which some years are missing.
fn noise(years: usize, pixels: usize, range: u64, missing_percent: u64, seed: u64) -> (Vec<Vec<i16>>, Vec<Vec<bool>>) {
    let mut next = mixed(seed);
    let slopes: Vec<i64> = (0..pixels).map(|_| (next() % 81) as i64 - 40).collect();
    let values = (0..years)
        .map(|t| slopes.iter().map(|slope| (slope * t as i64 + (next() % range) as i64) as i16).collect())
        .collect();
    let valid = (0..years).map(|_| (0..pixels).map(|_| next() % 100 >= missing_percent).collect()).collect();
    (values, valid)
}

#[test]
fn blocks_equal_single_series_bit_by_bit() {
    let all: Vec<i32> = (2001..=2024).collect();
    let gaps = [1990, 1991, 1995, 2001, 2002, 2003, 2010, 2011, 2024, 2053];
    for (seed, (range, missing)) in
        [(1, 0), (2, 10), (3, 0), (9, 40), (800, 5), (3000, 60), (9000, 0)].iter().enumerate()
    {
        for years in [&all[..], &all[..2], &all[..3], &all[..7], &gaps] {
            let (values, valid) = noise(years.len(), 301, *range, *missing, seed as u64);
            compare(years, 4, &values, &valid);
            compare(years, 2, &values, &valid);
        }
    }
}

#[test]
fn long_and_far_series_equal_single_ones() {
    let long: Vec<i32> = (1950..=2013).collect();
    let longer: Vec<i32> = (1950..=2020).collect();
    for years in [long, longer] {
        let (values, valid) = noise(years.len(), 40, 500, 20, 5);
        compare(&years, 8, &values, &valid);
    }
}

#[test]
fn every_raw_type_equals_single_series() {
    let years: Vec<i32> = (2001..=2016).collect();
    let mut next = mixed(3);
    let words: Vec<Vec<u64>> = (0..16).map(|_| (0..100).map(|_| next()).collect()).collect();
    let valid: Vec<Vec<bool>> = (0..16).map(|_| (0..100).map(|_| !next().is_multiple_of(7)).collect()).collect();
    macro_rules! each {
        ($($type:ty: |$v:ident| $value:expr),+) => {$(
            let values: Vec<Vec<$type>> =
                words.iter().map(|plane| plane.iter().map(|$v| $value as $type).collect()).collect();
            compare(&years, 4, &values, &valid);
        )+};
    }
    // the whole range of 16 bits spreads too wide for some pixels and not for others
    each!(u8: |v| v % 256, i8: |v| v % 256, i16: |v| v % 65536, u16: |v| v % 65536, i16: |v| v % 16400);
    each!(u16: |v| 60_000 - v % 9000, u32: |v| v % 70_000, i32: |v| v % 70_000, f64: |v| v % 1000);
    each!(f32: |v| (v % 1000) as f32 / 7.0);
}

#[test]
fn extreme_spreads_are_right() {
    let years: Vec<i32> = (2001..=2012).collect();
    for spread in [16382, 16383, 16384, 32767, -32768] {
        let values: Vec<Vec<i16>> = (0..12).map(|t| vec![if t % 5 == 0 { spread } else { 0 }; 17]).collect();
        compare(&years, 4, &values, &vec![vec![true; 17]; 12]);
        let step: Vec<Vec<i16>> = (0..12).map(|t| vec![if t > 5 { spread } else { 0 }; 17]).collect();
        compare(&years, 4, &step, &vec![vec![true; 17]; 12]);
    }
}

#[test]
fn nodata_and_marks_are_one() {
    let years: Vec<i32> = (2001..=2009).collect();
    let of = BlockTrend::new(&years, 3).unwrap();
    let (values, valid) = noise(9, 100, 50, 30, 8);
    let marked: Vec<_> = values
        .iter()
        .zip(&valid)
        .map(|(values, valid)| Plane { values, nodata: Some(7), valid: Some(valid) })
        .collect();
    let seven = |v: i16, ok: bool| if ok { v } else { 7 };
    let filled: Vec<Vec<i16>> = values
        .iter()
        .zip(&valid)
        .map(|(values, valid)| values.iter().zip(valid).map(|(v, ok)| seven(*v, *ok)).collect())
        .collect();
    let filled: Vec<_> = filled.iter().map(|values| Plane { values, nodata: Some(7), valid: None }).collect();
    let (mut one, mut two) = (TrendBlock::default(), TrendBlock::default());
    of.run(&marked, &mut one).unwrap();
    of.run(&filled, &mut two).unwrap();
    assert_eq!(one, two);
    assert!(one.n.iter().any(|n| *n < 9));
}

#[test]
fn infinite_values_are_missing() {
    let planes = [f32::INFINITY, 1.0, 2.0].map(|v| [v]);
    let planes = planes.each_ref().map(|values| Plane { values, nodata: None, valid: None });
    let mut found = TrendBlock::default();
    BlockTrend::new(&[1, 2, 3], 2).unwrap().run(&planes, &mut found).unwrap();
    assert_eq!((found.n[0], found.slope_per_year[0]), (2, 1.0));
}

#[test]
fn misfits_are_refused() {
    assert_eq!(BlockTrend::new(&[1], 2).unwrap_err(), TrendError::TooFew { found: 1 });
    assert_eq!(BlockTrend::new(&[2, 2], 2).unwrap_err(), TrendError::Order { position: 1 });
    let trend = BlockTrend::new(&[1, 2], 2).unwrap();
    let (one, two) = ([1_i16], [1_i16, 2]);
    let plane = |values| Plane { values, nodata: None, valid: None };
    let mut found = TrendBlock::default();
    assert_eq!(trend.run(&[plane(&one)], &mut found), Err(TrendError::Length { times: 2, values: 1 }));
    let uneven = trend.run(&[plane(&one), plane(&two)], &mut found);
    assert_eq!(uneven, Err(TrendError::Pixels { expected: 1, found: 2 }));
    assert_eq!(trend.run::<i16>(&[plane(&[]), plane(&[])], &mut found), Ok(()));
    assert_eq!(found, TrendBlock { years_min: 2, ..TrendBlock::default() });
}

proptest! {
    #[test]
    fn any_series_equals_the_single_one(
        steps in prop::collection::vec(1..4_i32, 2..16),
        raw in prop::collection::vec((-6..6_i16, 0..4_u8), 16 * 20),
        factor in 1..900_i16,
    ) {
        let years: Vec<i32> = steps.iter().scan(2000, |y, step| { *y += step; Some(*y) }).collect();
        let planes: Vec<_> = raw.chunks(20).take(years.len()).collect();
        let values: Vec<Vec<i16>> = planes.iter().map(|p| p.iter().map(|(v, _)| v * factor).collect()).collect();
        let valid: Vec<Vec<bool>> = planes.iter().map(|p| p.iter().map(|(_, m)| *m != 0).collect()).collect();
        compare(&years, 3, &values, &valid);
    }

    #[test]
    fn any_machine_finds_the_same(raw in prop::collection::vec(-300..300_i16, 12 * 32)) {
        let years: Vec<i32> = (0..12).collect();
        let of = BlockTrend::new(&years, 3).unwrap();
        let planes: Vec<_> = raw.chunks(32).map(|values| Plane { values, nodata: None, valid: None }).collect();
        let mut found = TrendBlock::default();
        of.run(&planes, &mut found).unwrap();
        let mut plain = TrendBlock::default();
        plain.reset(32, 3);
        let pairs = of.pairs.as_ref().unwrap();
        let (mut chunk, mut room) = (Chunk::new(12), Room::new(pairs));
        ChunkJob {
            of: &of, pairs, planes: &planes, chunk: &mut chunk, room: &mut room, first: 0, pixels: 32, found: &mut plain,
        }
        .run(Plain);
        prop_assert_eq!(found, plain);
    }
}
