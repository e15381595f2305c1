//! Statistics of listed values, of test_stats.cpp and test_operation.cpp.

use belcheer_zonal::{
    Accumulator, Block, Coverage, Span, Statistic, StatisticSet, Weights, coverage, zonal_statistics,
};
use serde_json::Value;

use super::coverage_cases::grid_of;
use super::geometry::from_wkt;
use super::oracle::{Checks, close, number, numbers};

const ALL: &str = "count,sum,mean,min,max,stdev,variance,cv,median,mode,majority,minority,variety,frac,\
                   quantile(q=0),quantile(q=0.25),quantile(q=0.3),quantile(q=0.5),quantile(q=0.75),quantile(q=1),\
                   weighted_count,weighted_sum,weighted_mean,weighted_variance,weighted_stdev,weighted_frac";

pub fn run(cases: &Value, checks: &mut Checks) {
    for case in cases["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        if name.starts_with("Stats combine") {
            checks.add(name.to_owned(), combine(case));
        } else if name.starts_with("Quantile outside") {
            let refused =
                ["-0.1", "1.1", "NaN"].iter().all(|q| format!("quantile(q={q})").parse::<Statistic>().is_err());
            checks.add(name.to_owned(), if refused { Ok(()) } else { Err("accepted".to_owned()) });
        } else if let Some(expect) = case["expect"].as_object() {
            let accumulator = accumulate(case);
            let tolerance = case["tol"].as_f64().unwrap_or(1e-6);
            for (key, expected) in expect {
                checks.number(format!("{name}: {key}"), found(&accumulator, key), number(expected), tolerance);
            }
        } else {
            checks.add(name.to_owned(), Err("no such error".to_owned()));
        }
    }
}

fn all() -> StatisticSet {
    ALL.parse().unwrap()
}

/// The statistic that a case calls `key`.
fn found(accumulator: &Accumulator, key: &str) -> Option<f64> {
    let value = |name: &str| accumulator.value(&name.parse::<Statistic>().unwrap());
    if key == "weighted_fraction" {
        return Some(value("weighted_sum")? / value("sum")?);
    }
    if let Some((name, category)) = key.strip_suffix(')').and_then(|key| key.split_once('(')) {
        let category: f64 = category.parse().unwrap();
        let share = |shares: Vec<(f64, f64)>| shares.into_iter().find(|(v, _)| *v == category).map(|(_, share)| share);
        return match name {
            "frac" => share(accumulator.fractions()),
            "count" => Some(share(accumulator.fractions())? * value("count")?),
            "weighted_count" => Some(share(accumulator.weighted_fractions()?)? * value("weighted_count")?),
            other => panic!("unknown key {other}"),
        };
    }
    match key {
        "quantile_25" => value("quantile(q=0.25)"),
        "quantile_75" => value("quantile(q=0.75)"),
        _ => match key.strip_prefix('q') {
            Some(q) => value(&format!("quantile(q={q})")),
            None => value(key),
        },
    }
}

fn accumulate(case: &Value) -> Accumulator {
    let list = |key: &str| case[key].is_array().then(|| numbers(&case[key]));
    if let Some(values) = list("values_list") {
        let weights = list("weights_list").unwrap();
        return match list("coverage") {
            Some(coverage) => listed(&values, &coverage, Some(&weights)),
            None => listed(&values, &weights, None),
        };
    }
    if case["cells"].is_object() {
        let cells = &case["cells"];
        return listed(&numbers(&cells["values"]), &numbers(&cells["coverage"]), Some(&numbers(&cells["weights"])));
    }
    let rows = |key: &str| -> Option<Vec<f64>> { Some(case[key].as_array()?.iter().flat_map(numbers).collect()) };
    let cover = match rows("coverage_matrix") {
        Some(fractions) => matrix_cover(&fractions, case["values"][0].as_array().unwrap().len() as u32),
        None => coverage(&grid_of(&case["grid"]), &from_wkt(case["wkt"].as_str().unwrap()).unwrap()).unwrap(),
    };
    let cover = cover.at_least(case["options"]["min_coverage_frac"].as_f64().unwrap_or(0.0));
    let size = match case["values"].as_array() {
        Some(lines) => (lines.len(), lines[0].as_array().unwrap().len()),
        None => (grid_of(&case["grid"]).rows(), grid_of(&case["grid"]).cols()),
    };
    let values = rows("values").unwrap_or_else(|| vec![0.0; size.0 * size.1]);
    let values = Block::new((0, 0), size, &values, None).unwrap();
    match rows("weights") {
        Some(weights) => {
            let weights = Block::new((0, 0), size, &weights, None).unwrap();
            zonal_statistics(&all(), &cover, &values, Weights::Cells(&weights))
        }
        None => zonal_statistics(&all(), &cover, &values, Weights::None),
    }
}

/// Cells of no coverage are none; an area of 0 among weights alone still is a value.
fn listed(values: &[f64], fractions: &[f64], weights: Option<&[f64]>) -> Accumulator {
    let mut accumulator = Accumulator::new(&all());
    for (i, (&value, &fraction)) in values.iter().zip(fractions).enumerate() {
        if fraction > 0.0 || weights.is_none() {
            accumulator.add_cell(value, fraction, weights.map(|weights| weights[i]));
        }
    }
    accumulator
}

fn matrix_cover(fractions: &[f64], cols: u32) -> Coverage {
    let cell = |(i, &fraction): (usize, &f64)| {
        let (row, col) = (i as u32 / cols, i as u32 % cols);
        Span { row, col_start: col, col_end: col + 1, fraction }
    };
    Coverage::from_spans(fractions.iter().enumerate().map(cell).collect()).unwrap()
}

/// The statistics of two squares merged are those of a zone of both.
fn combine(case: &Value) -> Result<(), String> {
    let grid = grid_of(&case["grid"]);
    let values: Vec<f64> = (0..100).map(|i| 1.0 + 2.0 * f64::from(i)).collect();
    let weights: Vec<f64> = (0..100).map(|i| 0.1 * f64::from(i + 1)).collect();
    let weights = Block::whole(&grid, &weights, None).unwrap();
    let values = Block::whole(&grid, &values, None).unwrap();
    let of = |wkt: &str| {
        let cover = coverage(&grid, &from_wkt(wkt).unwrap()).unwrap();
        zonal_statistics(&all(), &cover, &values, Weights::Cells(&weights))
    };
    let mut merged = of("POLYGON ((0 0, 5 0, 5 5, 0 5, 0 0))");
    merged.merge(&of("POLYGON ((5 5, 10 5, 10 10, 5 10, 5 5))"));
    let whole = of("MULTIPOLYGON (((0 0, 5 0, 5 5, 0 5, 0 0)), ((5 5, 10 5, 10 10, 5 10, 5 5)))");
    for statistic in all().statistics() {
        let (a, b) = (merged.value(statistic), whole.value(statistic));
        if !close(a, b.unwrap_or(f64::NAN), 1e-12) {
            return Err(format!("{statistic}: {a:?}, not {b:?}"));
        }
    }
    let same = merged.fractions() == whole.fractions() && found(&merged, "frac(13)") == found(&whole, "frac(13)");
    if same { Ok(()) } else { Err("shares differ".to_owned()) }
}
