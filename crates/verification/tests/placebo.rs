//! Whether the tests of change keep their error rate: on made-up years and on real plots.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its inputs must fail")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use belcheer_domain::Scheme;
use belcheer_verification::{
    TestSettings, VerificationParameters, change, interleaved,
    monte_carlo::{standard_normal, stream},
    rejections, welch,
};

fn settings() -> TestSettings {
    let scheme = Scheme::from_toml(include_str!("../../../schemes/mn-national-1.toml")).unwrap();
    TestSettings::new(&scheme.decision, &VerificationParameters::named("verification_1").unwrap())
}

/// Values of one soum by year.
type PlotYears = BTreeMap<i32, Vec<f64>>;

struct Rates {
    soums: usize,
    by_year: f64,
    plots_as_independent: f64,
}

/// Shares of soums that each test calls changed at p < 5 %.
fn rejection_rates<'a>(
    soums: impl Iterator<Item = &'a PlotYears>,
    baseline: &[i32],
    reporting: &[i32],
    years_min: usize,
) -> Rates {
    let settings = settings();
    let (mut n, mut by_year, mut independent) = (0_usize, 0_usize, 0_usize);
    for plots in soums {
        let means = |years: &[i32]| -> BTreeMap<i32, f64> {
            let of_year = |y: &i32| plots.get(y).map(|v| (*y, v.iter().sum::<f64>() / v.len() as f64));
            years.iter().filter_map(of_year).collect()
        };
        let all = |years: &[i32]| years.iter().filter_map(|y| plots.get(y)).flatten().copied().collect::<Vec<_>>();
        let (b, r) = (means(baseline), means(reporting));
        if b.len() < years_min || r.len() < years_min {
            continue;
        }
        let significant = |p: Option<f64>| usize::from(p.is_some_and(|p| p < 0.05));
        n += 1;
        by_year += significant(change(&b, &r, &settings).unwrap().estimate.p);
        independent += significant(welch(&all(baseline), &all(reporting), &settings).unwrap().p);
    }
    let share = |count: usize| count as f64 / n as f64;
    Rates { soums: n, by_year: share(by_year), plots_as_independent: share(independent) }
}

#[test]
fn under_no_change_the_year_clustered_test_keeps_its_level_and_the_naive_one_does_not() {
    let mut random = stream(2024, "no-change");
    let soums: Vec<PlotYears> = (0..2000)
        .map(|_| {
            let year = |y: i32, random: &mut _| {
                let shock = standard_normal(random);
                (y, (0..5).map(|_| shock + standard_normal(random)).collect())
            };
            (2009..2024).map(|y| year(y, &mut random)).collect()
        })
        .collect();
    let baseline: Vec<i32> = (2009..2019).collect();
    let reporting: Vec<i32> = (2019..2024).collect();
    let rates = rejection_rates(soums.iter(), &baseline, &reporting, 2);
    println!("no change: year-clustered {:.4}, plots as independent {:.4}", rates.by_year, rates.plots_as_independent);
    assert_eq!(rates.soums, 2000);
    assert!((0.02..=0.07).contains(&rates.by_year), "{}", rates.by_year);
    assert!(rates.plots_as_independent > 0.15, "{}", rates.plots_as_independent);
}

#[test]
fn a_true_change_is_found() {
    let mut random = stream(2024, "power");
    let mut found = 0;
    for _ in 0..500 {
        let mut years = |first: i32, last: i32, level: f64| -> BTreeMap<i32, f64> {
            (first..=last).map(|y| (y, level + 0.04 * standard_normal(&mut random))).collect()
        };
        let (baseline, reporting) = (years(2009, 2018, 0.0), years(2019, 2023, -0.15));
        found += usize::from(change(&baseline, &reporting, &settings()).unwrap().estimate.ci_high < 0.0);
    }
    assert!(found > 480, "{found} of 500");
}

fn shared_folder() -> Option<PathBuf> {
    let named = std::env::var_os("BELCHEER_SHARED").map(PathBuf::from);
    let beside = || {
        Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
            .ancestors()
            .map(|p| p.join("shared"))
            .find(|p| p.is_dir())
    };
    named.or_else(beside)
}

fn namem_ln_yields(file: &Path) -> BTreeMap<String, PlotYears> {
    let mut soums: BTreeMap<String, PlotYears> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|h| h == name).unwrap();
    let (code, year, yield_kg_ha) = (column("soum_code"), column("year"), column("bms_kgha"));
    for record in reader.records().map(Result::unwrap) {
        let (Ok(year), Ok(kg_ha)) = (record[year].parse::<i32>(), record[yield_kg_ha].parse::<f64>()) else { continue };
        if !record[code].is_empty() {
            let plots = soums.entry(record[code].to_owned()).or_default();
            plots.entry(year).or_default().push(kg_ha.max(5.0).ln());
        }
    }
    soums
}

#[test]
fn known_answer_37() {
    let file = shared_folder().map(|s| s.join("data/field/namem_biomass_plots_2007_2020.csv")).filter(|f| f.is_file());
    let Some(file) = file else {
        println!("skipped: no shared data");
        return;
    };
    let soums = namem_ln_yields(&file);
    let (first, second): (Vec<i32>, Vec<i32>) = ((2008..=2012).collect(), (2016..=2020).collect());
    let all: Vec<i32> = first.iter().chain(&second).copied().collect();
    let (odd, even) = interleaved(&all);
    let real = rejections(soums.values(), &first, &second, 10, 0.05, None, &settings());
    let placebo = rejections(soums.values(), &odd, &even, 10, 0.05, None, &settings());
    println!("real split {real:?}\ninterleaved {placebo:?}");
    // shares of soums in percent, as published for these plots
    for (found, published) in [
        (real.independent, 31.9),
        (real.year_clustered, 10.8),
        (placebo.independent, 13.2),
        (placebo.year_clustered, 1.7),
    ] {
        let rate = 100.0 * found.rate().unwrap();
        assert!((rate - published).abs() <= 1.5, "{rate} %, published {published} %");
    }
    assert!(placebo.shipped.tested > 250 && placebo.shipped.rate().unwrap() <= 0.06, "{placebo:?}");
}
