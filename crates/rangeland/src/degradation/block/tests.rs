use proptest::prelude::*;

use super::*;
use crate::{
    ParameterSet,
    degradation::StateClasses,
    trend::{least_squares_slope, mann_kendall},
};

fn rules() -> (TrendsEarthRules, KendallTable) {
    let rules = TrendsEarthRules::by_name("trends_earth").unwrap();
    let table = KendallTable::by_name(&rules.kendall_table).unwrap();
    (rules, table)
}

fn check(years: &[i32], recent: usize, series: &[Vec<Option<i16>>]) {
    let (rules, table) = rules();
    let block = TrendsEarthBlock::new(years, recent, 4, &rules, &table).unwrap();
    let planes: Vec<Vec<i16>> =
        (0..years.len()).map(|year| series.iter().map(|values| values[year].unwrap_or(MISSING)).collect()).collect();
    let mut found = ProductivityBlock::default();
    block.run(&planes.iter().map(Vec::as_slice).collect::<Vec<_>>(), &mut found).unwrap();
    let span = (years[years.len() - 1] - years[0]) as usize + 1;
    for (pixel, values) in series.iter().enumerate() {
        let there: Vec<(f64, f64)> =
            years.iter().zip(values).filter_map(|(y, v)| Some((f64::from(*y), f64::from((*v)?)))).collect();
        let (times, reals): (Vec<f64>, Vec<f64>) = there.into_iter().unzip();
        let expected = (reals.len() >= 4).then(|| {
            let slope = least_squares_slope(&times, &reals).unwrap();
            // within rounding of the dead band's edge either way is right
            let edge = (slope.abs() - rules.slope_floor_per_year).abs() < 1e-9;
            let s = mann_kendall(&reals).unwrap().s;
            (TrendCode::of(slope, s, span, &rules, &table).unwrap().code(), edge)
        });
        match expected {
            None => assert_eq!(found.trend[pixel], UNKNOWN),
            Some((code, edge)) => assert!(edge || found.trend[pixel] == code, "{values:?}"),
        }
        let as_real = |v: &Option<i16>| v.map(f64::from);
        let (before, now) = values.split_at(values.len() - recent);
        let (before, now): (Vec<_>, Vec<_>) = (before.iter().map(as_real).collect(), now.iter().map(as_real).collect());
        let state = StateClasses::of(&before, &now, &rules);
        let class = state.map(|s| s.class);
        assert_eq!(state_class(found.state[pixel], &rules), class, "{values:?}");
        assert_eq!(usize::from(found.n[pixel]), reals.len());
        assert_eq!(f64::from(found.sum[pixel]), reals.iter().sum::<f64>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn blocks_are_the_series_one_by_one(
        series in prop::collection::vec(prop::collection::vec(prop::option::weighted(0.85, -300..9000_i16), 24), 1..40),
        steep in -200..200_i16,
    ) {
        check(&(2001..=2024).collect::<Vec<_>>(), 3, &series);
        let leaning: Vec<Vec<_>> = series
            .iter()
            .map(|values| values.iter().zip(0..).map(|(v, t)| v.map(|v| v / 8 + t * steep)).collect())
            .collect();
        check(&(2001..=2024).collect::<Vec<_>>(), 3, &leaning);
    }
}

#[test]
fn few_values_ties_and_missing_years() {
    let years: Vec<i32> = (2001..=2016).filter(|y| *y != 2005).collect();
    let n = years.len();
    let mut series = vec![vec![None; n], vec![Some(2000); n], (0..n as i16).map(|t| Some(2000 + 30 * t)).collect()];
    series.push((0..n as i16).map(|t| (t == 2 || t > 12).then_some(900 - 300 * t)).collect());
    series.push((0..n as i16).map(|t| (t % 2 == 0).then_some(3000 - 100 * (t / 4))).collect());
    check(&years, 3, &series);
}

#[test]
fn malformed_blocks_are_refused() {
    let (rules, table) = rules();
    let new = |years: &[i32], recent| TrendsEarthBlock::new(years, recent, 4, &rules, &table).map(|_| ());
    assert_eq!(new(&[], 3), Err(TrendError::TooFew { found: 0 }));
    assert_eq!(new(&[2001, 2002, 2003], 1), Err(TrendError::TooFew { found: 3 }));
    assert_eq!(new(&[2001, 2003, 2002, 2004], 1), Err(TrendError::Order { position: 2 }));
    let block = TrendsEarthBlock::new(&[2001, 2002, 2003, 2004], 1, 4, &rules, &table).unwrap();
    let mut found = ProductivityBlock::default();
    let (short, long) = ([0_i16; 2], [0_i16; 3]);
    assert_eq!(block.run(&[&short], &mut found), Err(TrendError::Length { times: 4, values: 1 }));
    let odd: [&[i16]; 4] = [&long, &long, &short, &long];
    assert_eq!(block.run(&odd, &mut found), Err(TrendError::Pixels { expected: 3, found: 2 }));
}
