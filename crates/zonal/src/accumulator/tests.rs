use proptest::prelude::*;

use super::*;
use crate::Statistic;

const ALL: &str = "count,sum,mean,min,max,stdev,variance,cv,median,mode,minority,variety,frac,\
                   weighted_count,weighted_sum,weighted_mean,weighted_variance,weighted_stdev,weighted_frac";

fn set(list: &str) -> StatisticSet {
    list.parse().unwrap()
}

#[test]
fn no_cells_and_no_values_differ() {
    let set = set(ALL);
    let empty = Accumulator::new(&set);
    assert!(set.statistics().iter().all(|s| empty.column(s) == Column::Missing));
    assert_eq!(empty.valid_fraction(), None);

    let mut nodata = Accumulator::new(&set);
    nodata.add_missing(2, 0.5);
    nodata.add_cell(f64::NAN, 1.0, Some(1.0));
    for zero in [Statistic::Count, Statistic::Sum, Statistic::Variety, Statistic::WeightedCount] {
        assert_eq!(nodata.value(&zero), Some(0.0), "{zero}");
    }
    for missing in [Statistic::Mean, Statistic::Min, Statistic::Median, Statistic::Mode, Statistic::WeightedMean] {
        assert_eq!(nodata.value(&missing), None, "{missing}");
    }
    assert_eq!(nodata.valid_fraction(), Some(0.0));
    assert_eq!((nodata.cells(), nodata.valid_cells()), (3, 0));
}

#[test]
fn a_missing_weight_spoils_only_weighted_statistics() {
    let mut a = Accumulator::new(&set(ALL));
    a.add_cell(1.0, 1.0, Some(2.0));
    assert_eq!(a.value(&Statistic::WeightedMean), Some(1.0));
    a.add_cell(3.0, 1.0, None);
    assert_eq!(a.value(&Statistic::WeightedMean), None);
    assert_eq!(a.weighted_fractions(), None);
    assert_eq!(a.value(&Statistic::Mean), Some(2.0));
}

#[test]
fn masks_and_nan_leave_cells_out() {
    let mut a = Accumulator::new(&set("count,mean,coverage,values"));
    let valid = [true, false, true, true];
    a.add_row(&[1.0, 2.0, f64::NAN, 4.0], Some(&valid), 0.5, RowWeights::None);
    assert_eq!(a.value(&Statistic::Count), Some(1.0));
    assert_eq!(a.value(&Statistic::Mean), Some(2.5));
    assert_eq!(a.valid_fraction(), Some(0.5));
    assert_eq!(a.column(&Statistic::Values), Column::List(vec![Some(1.0), Some(4.0)]));
    assert_eq!(a.column(&Statistic::Coverage), Column::List(vec![Some(0.5), Some(0.5)]));
    // A mask that is too short masks the rest.
    a.add_row(&[7_i16, 7], Some(&[]), 1.0, RowWeights::None);
    assert_eq!((a.cells(), a.valid_cells()), (6, 2));
}

#[test]
fn quantiles_of_whole_numbers_are_not_truncated() {
    let mut a = Accumulator::new(&set("median"));
    a.add_row(&[1_u8, 2], None, 1.0, RowWeights::None);
    assert_eq!(a.value(&Statistic::Median), Some(1.5));
}

fn cells() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    prop::collection::vec(((-20..20i32).prop_map(|v| f64::from(v) / 2.0), 0.01..1.0f64, 0.0..3.0f64), 1..60)
}

fn of(cells: &[(f64, f64, f64)]) -> Accumulator {
    let mut a = Accumulator::new(&set(ALL));
    cells.iter().for_each(|&(x, c, w)| a.add_cell(x, c, Some(w)));
    a
}

fn assert_same(a: &Accumulator, b: &Accumulator, tolerance: f64) -> Result<(), TestCaseError> {
    for statistic in set(ALL).statistics().iter().filter(|s| !matches!(s, Statistic::Cv)) {
        match (a.column(statistic), b.column(statistic)) {
            (Column::Number(x), Column::Number(y)) => {
                let scale = x.abs().max(y.abs()).max(100.0);
                // The root of a variance that is all rounding is far larger than it.
                let slack =
                    if matches!(statistic, Statistic::Stdev | Statistic::WeightedStdev) { 1e-6 } else { tolerance };
                prop_assert!((x - y).abs() <= slack * scale, "{}: {} {}", statistic, x, y);
            }
            (Column::Shares(x), Column::Shares(y)) => {
                prop_assert_eq!(x.len(), y.len());
                prop_assert!(x.iter().zip(&y).all(|(x, y)| x.0 == y.0 && (x.1 - y.1).abs() <= tolerance));
            }
            (x, y) => prop_assert_eq!(x, y),
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn order_does_not_matter(cells in cells()) {
        let mut reversed = cells.clone();
        reversed.reverse();
        let (a, b) = (of(&cells), of(&reversed));
        assert_same(&a, &b, 1e-12)?;
        prop_assert_eq!(a.value(&Statistic::Variety), b.value(&Statistic::Variety));
    }

    #[test]
    fn merging_is_associative_and_gives_the_whole(cells in cells(), i in 0usize..60, j in 0usize..60) {
        let (i, j) = (i.min(j).min(cells.len()), i.max(j).min(cells.len()));
        let (a, b, c) = (of(&cells[..i]), of(&cells[i..j]), of(&cells[j..]));
        let mut left = a.clone();
        left.merge(&b);
        left.merge(&c);
        let mut tail = b;
        tail.merge(&c);
        let mut right = a;
        right.merge(&tail);
        assert_same(&left, &right, 1e-12)?;
        assert_same(&left, &of(&cells), 1e-12)?;
    }

    #[test]
    fn rows_and_cells_agree(values in prop::collection::vec(-1000..1000i32, 2..3000), fraction in 0.01..=1.0f64) {
        let set = set("count,sum,mean,min,max,stdev,variance,median,mode,minority,variety,frac");
        let mut row = Accumulator::new(&set);
        row.add_row(&values, None, fraction, RowWeights::None);
        let mut one_by_one = Accumulator::new(&set);
        values.iter().for_each(|&v| one_by_one.add_cell(f64::from(v), fraction, None));
        for statistic in set.statistics() {
            match (row.column(statistic), one_by_one.column(statistic)) {
                (Column::Number(x), Column::Number(y)) => {
                    prop_assert!((x - y).abs() <= 1e-11 * x.abs().max(1e6), "{}: {} {}", statistic, x, y);
                }
                (Column::Shares(x), Column::Shares(y)) => {
                    prop_assert_eq!(x.len(), y.len());
                    prop_assert!(x.iter().zip(&y).all(|(x, y)| x.0 == y.0 && (x.1 - y.1).abs() < 1e-12));
                }
                (x, y) => prop_assert_eq!(x, y),
            }
        }
    }
}
