use proptest::prelude::*;

use super::*;
use crate::{Accumulator, Block, Column, Coverage, Span, StatisticSet, Weights, zonal_statistics};

const ALL: &str = "count,sum,mean,min,max,stdev,variance,median,quantile(q=0.1),mode,minority,variety,frac";
const ROWS: usize = 9;
const COLS: usize = 13;

/// Zones of random spans: one is whole, one has no cell.
fn zones() -> impl Strategy<Value = Vec<Coverage>> {
    let fraction = prop_oneof![Just(1.0), 0.05..0.95f64];
    let row = prop::collection::vec((0..COLS as u32, 1..6u32, fraction), 0..4);
    prop::collection::vec(row, ROWS).prop_map(|rows| {
        let mut spans = Vec::new();
        for (row, mut cells) in (0..).zip(rows) {
            cells.sort_by_key(|(col, ..)| *col);
            let mut free = 0;
            for (col, length, fraction) in cells {
                let (col_start, col_end) = (col.max(free), (col.max(free) + length).min(COLS as u32));
                if col_start < col_end {
                    spans.push(Span { row, col_start, col_end, fraction });
                    free = col_end;
                }
            }
        }
        let all = (0..ROWS as u32).map(|row| Span { row, col_start: 0, col_end: COLS as u32, fraction: 1.0 });
        [spans, all.collect(), Vec::new()].map(|spans| Coverage::from_spans(spans).unwrap()).to_vec()
    })
}

/// The sums of all zones from tiles given in an order.
fn by_tiles<T: TileSample + Default>(
    covers: &[Coverage],
    layout: TileLayout,
    (values, mask): (&[T], Option<&[u8]>),
    (nodata, scaling): (Option<f64>, Scaling),
    reversed: bool,
) -> Vec<Accumulator> {
    let set: StatisticSet = ALL.parse().unwrap();
    let index = TileIndex::new(layout, covers.iter().map(|cover| ZoneTiles::cut(cover, layout)).collect());
    let sums = TileSums::<T>::new(&set, &index, nodata, scaling);
    let mut scratch = Scratch::default();
    let mut found: Vec<Accumulator> = covers.iter().map(|_| Accumulator::new(&set)).collect();
    let mut order: Vec<usize> = (0..index.tiles().len()).collect();
    if reversed {
        order.reverse();
    }
    for number in order {
        let tile = &index.tiles()[number];
        let (rows, cols) = (layout.tile_rows as usize, layout.tile_cols as usize);
        let cell = |i: usize| (tile.row as usize * rows + i / cols, tile.col as usize * cols + i % cols);
        let at = |i: usize| (cell(i).0 < ROWS && cell(i).1 < COLS).then(|| cell(i).0 * COLS + cell(i).1);
        let own: Vec<T> = (0..rows * cols).map(|i| at(i).map_or(T::default(), |at| values[at])).collect();
        let own_mask = mask.map(|mask| (0..rows * cols).map(|i| at(i).map_or(0, |at| mask[at])).collect::<Vec<u8>>());
        let cells = TileCells { values: &own, mask: own_mask.as_deref() };
        for (zone, sum) in sums.add(number, &cells, &mut scratch).unwrap() {
            found[zone] = sum;
        }
    }
    found
}

/// The same by blocks of physical values.
fn by_block<T: TileSample>(
    covers: &[Coverage],
    (values, mask): (&[T], Option<&[u8]>),
    (nodata, scaling): (Option<f64>, Scaling),
) -> Vec<Accumulator> {
    let set: StatisticSet = ALL.parse().unwrap();
    let physical: Vec<f64> = values.iter().map(|x| scaling.physical(x.to_f64())).collect();
    let missing = |x: &T| nodata.is_some_and(|nodata| x.to_f64() == nodata);
    let valid: Vec<bool> =
        values.iter().enumerate().map(|(i, x)| !missing(x) && mask.is_none_or(|mask| mask[i] != 0)).collect();
    let block = Block::new((0, 0), (ROWS, COLS), &physical, Some(&valid)).unwrap();
    covers.iter().map(|cover| zonal_statistics(&set, cover, &block, Weights::None)).collect()
}

fn assert_same(a: &[Accumulator], b: &[Accumulator]) -> Result<(), TestCaseError> {
    let set: StatisticSet = ALL.parse().unwrap();
    for (a, b) in a.iter().zip(b) {
        prop_assert_eq!((a.cells(), a.valid_cells()), (b.cells(), b.valid_cells()));
        for statistic in set.statistics() {
            match (a.column(statistic), b.column(statistic)) {
                (Column::Number(x), Column::Number(y)) => {
                    // the root of a variance that is all rounding is far larger than it
                    let slack = if statistic.name() == "stdev" { 1e-5 } else { 1e-9 };
                    prop_assert!((x - y).abs() <= slack * x.abs().max(1.0), "{}: {} {}", statistic, x, y);
                }
                (Column::Shares(x), Column::Shares(y)) => {
                    prop_assert_eq!(x.len(), y.len());
                    prop_assert!(x.iter().zip(&y).all(|(x, y)| x.0 == y.0 && (x.1 - y.1).abs() < 1e-12));
                }
                (x, y) => prop_assert_eq!(x, y),
            }
        }
    }
    Ok(())
}

/// Bits of every statistic.
fn bits(sums: &[Accumulator]) -> String {
    let set: StatisticSet = ALL.parse().unwrap();
    let columns = |sum: &Accumulator| set.statistics().iter().map(|s| sum.column(s)).collect::<Vec<_>>();
    format!("{:?}", sums.iter().map(columns).collect::<Vec<_>>())
}

fn check<T: TileSample + Default>(
    covers: &[Coverage],
    values: &[T],
    mask: Option<&[u8]>,
    rules: (Option<f64>, Scaling),
) -> Result<(), TestCaseError> {
    let expected = by_block(covers, (values, mask), rules);
    for (tile_rows, tile_cols) in [(4, 4), (2, 13), (16, 16), (1, 3)] {
        let layout = TileLayout { tile_rows, tile_cols };
        let found = by_tiles(covers, layout, (values, mask), rules, false);
        assert_same(&found, &expected)?;
        prop_assert_eq!(bits(&found), bits(&by_tiles(covers, layout, (values, mask), rules, true)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn tiles_give_what_blocks_give(
        covers in zones(),
        values in prop::collection::vec(-9..9i16, ROWS * COLS),
        mask in prop::option::of(prop::collection::vec(0..3u8, ROWS * COLS)),
        nodata in prop::option::of(-9..9i16),
        (scale, offset) in prop_oneof![Just((1.0, 0.0)), Just((-0.5, 3.0)), Just((0.0001, 0.0))],
    ) {
        let rules = (nodata.map(f64::from), Scaling { scale, offset });
        check(&covers, &values, mask.as_deref(), rules)?;
        let bytes: Vec<u8> = values.iter().map(|x| (x + 9) as u8).collect();
        check(&covers, &bytes, mask.as_deref(), rules)?;
        let signed: Vec<i8> = values.iter().map(|x| *x as i8).collect();
        check(&covers, &signed, mask.as_deref(), rules)?;
        let far: Vec<u16> = values.iter().map(|x| (x * 3000).unsigned_abs() + 5000).collect();
        check(&covers, &far, mask.as_deref(), rules)?;
        let wide: Vec<i32> = values.iter().map(|x| i32::from(*x) * 70_000).collect();
        check(&covers, &wide, mask.as_deref(), rules)?;
        let floats: Vec<f32> = values.iter().map(|x| if *x == 5 { f32::NAN } else { f32::from(*x) / 4.0 }).collect();
        check(&covers, &floats, mask.as_deref(), rules)?;
    }
}

#[test]
fn a_large_mean_keeps_the_variance() {
    let covers =
        [Coverage::from_spans(vec![Span { row: 0, col_start: 0, col_end: COLS as u32, fraction: 1.0 }]).unwrap()];
    let values: Vec<u16> = (0..ROWS * COLS).map(|i| 60_000 + (i % 2) as u16).collect();
    let layout = TileLayout { tile_rows: 4, tile_cols: 5 };
    let found = by_tiles(&covers, layout, (&values, None), (None, Scaling::NONE), false);
    // six of thirteen are larger by one
    let variance = found[0].value(&crate::Statistic::Variance).unwrap();
    assert!((variance - 42.0 / 169.0).abs() < 1e-14, "{variance}");
}

#[test]
fn a_tile_that_is_short_is_told() {
    let covers = Coverage::from_spans(vec![Span { row: 0, col_start: 0, col_end: 4, fraction: 1.0 }]).unwrap();
    let layout = TileLayout { tile_rows: 1, tile_cols: 4 };
    let index = TileIndex::new(layout, vec![ZoneTiles::cut(&covers, layout)]);
    let sums = TileSums::<u8>::new(&"mean".parse().unwrap(), &index, None, Scaling::NONE);
    let mut scratch = Scratch::default();
    assert!(sums.add(0, &TileCells { values: &[1, 2], mask: None }, &mut scratch).is_none());
    assert!(sums.add(7, &TileCells { values: &[1, 2, 3, 4], mask: None }, &mut scratch).is_none());
    let done = sums.add(0, &TileCells { values: &[1, 2, 3, 4], mask: None }, &mut scratch).unwrap();
    assert_eq!(done[0].1.value(&crate::Statistic::Mean), Some(2.5));
}
