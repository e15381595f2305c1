//! Answers of scipy and statsmodels, within 1e-9; `golden/golden.json` names the versions, `golden/make_golden.py` made it.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its inputs must fail")]

use std::collections::BTreeMap;

use belcheer_domain::{NaturalZone, Scheme, SoumCode, Years};
use belcheer_verification::{
    TestSettings, VerificationParameters, benjamini_hochberg, benjamini_yekutieli, equivalence,
    estimators::{
        bootstrap::bca_interval,
        event_study::{UnitYear, event_study},
        matching::{Candidate, nearest},
        regression::least_squares,
        small_areas::{Area, fay_herriot},
        synthetic::synthetic_control,
        wild::wild_cluster_bootstrap,
    },
    mdc_normal,
    monte_carlo::stream,
    persistent_change, t_quantile, welch,
};
use serde_json::Value;

fn golden(part: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("golden/golden.json")).unwrap();
    assert_eq!(all["tools"]["statsmodels"], "0.15.0");
    all[part].clone()
}

fn settings() -> TestSettings {
    let scheme = Scheme::from_toml(include_str!("../../../schemes/mn-national-1.toml")).unwrap();
    TestSettings::new(&scheme.decision, &VerificationParameters::named("verification_1").unwrap())
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn integers(value: &Value) -> Vec<i32> {
    value.as_array().unwrap().iter().map(|v| i32::try_from(v.as_i64().unwrap()).unwrap()).collect()
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} expected {expected}");
}

#[track_caller]
fn all_near(found: impl IntoIterator<Item = f64>, expected: &Value) {
    let (found, expected) = (found.into_iter().collect::<Vec<_>>(), numbers(expected));
    assert_eq!(found.len(), expected.len());
    found.into_iter().zip(expected).for_each(|(f, e)| near(f, e));
}

#[test]
fn clustered_errors_agree_with_statsmodels() {
    let g = golden("clustered");
    let (unit, year, y) = (integers(&g["unit"]), integers(&g["year"]), numbers(&g["y"]));
    let fit = least_squares(&[vec![1.0; y.len()], numbers(&g["x"])], &y).unwrap();
    all_near(fit.coefficients.clone(), &g["coefficients"]);
    let (by_unit, by_year) = (fit.clustered(&unit).unwrap(), fit.clustered(&year).unwrap());
    let two = fit.clustered_two_way(&unit, &year).unwrap();
    all_near((0..2).map(|i| by_unit.se(i).unwrap()), &g["se_unit"]);
    all_near((0..2).map(|i| by_year.se(i).unwrap()), &g["se_year"]);
    // where the two-way variance falls below a one-way one, ours is the larger by design
    for (i, expected) in numbers(&g["se_two_way"]).into_iter().enumerate() {
        let floor = by_unit.se(i).unwrap().max(by_year.se(i).unwrap());
        near(two.se(i).unwrap(), expected.max(floor));
    }
}

#[test]
fn the_wild_bootstrap_agrees_with_every_sign_pattern() {
    let g = golden("wild");
    let y = numbers(&g["y"]);
    let columns = [vec![1.0; y.len()], numbers(&g["x"])];
    let cluster = integers(&g["cluster"]);
    let found = wild_cluster_bootstrap(&columns, &y, 1, &cluster, 2000, &mut stream(1, "wild")).unwrap();
    assert!(found.exact && found.draws == 256);
    near(found.t, number(&g["t"]));
    near(found.p, number(&g["p"]));
    near(found.smallest_p, 1.0 / 128.0);
    let drawn = wild_cluster_bootstrap(&columns, &y, 1, &cluster, 200, &mut stream(1, "wild")).unwrap();
    assert!(!drawn.exact && (drawn.p - found.p).abs() < 0.12, "{} {}", drawn.p, found.p);
}

#[test]
fn the_event_study_and_its_pre_trend_test_agree_with_statsmodels() {
    let g = golden("event_study");
    let treated: Vec<bool> = g["treated"].as_array().unwrap().iter().map(|v| v.as_bool().unwrap()).collect();
    let values = numbers(&g["y"]);
    let (units, years) = (integers(&g["unit"]), integers(&g["year"]));
    let rows: Vec<UnitYear> = (0..values.len())
        .map(|i| UnitYear { unit: units[i] as u32, year: years[i], treated: treated[i], value: values[i] })
        .collect();
    let first = g["first_year"].as_i64().unwrap() as i32;
    let study = event_study(&rows, first).unwrap();
    assert_eq!(study.by_year.iter().map(|y| y.0).collect::<Vec<_>>(), integers(&g["shown"]));
    all_near(study.by_year.iter().map(|y| y.1), &g["by_year"]);
    all_near(study.by_year.iter().map(|y| y.2), &g["by_year_se"]);
    let test = study.pre_trend.unwrap();
    near(test.f, number(&g["pre_f"]));
    near(test.p, number(&g["pre_p"]));
    assert_eq!((test.df1, test.df2, study.diverged(0.10)), (3, 23, test.p <= 0.10));
}

#[test]
fn welch_and_two_one_sided_tests_agree() {
    let g = golden("welch_tost");
    let found = welch(&numbers(&g["baseline"]), &numbers(&g["reporting"]), &settings()).unwrap();
    near(found.p.unwrap(), number(&g["p"]));
    near(found.df, number(&g["df"]));
    near(found.ci_low, number(&g["low"]));
    near(found.ci_high, number(&g["high"]));
    near(equivalence(&found, number(&g["margin"])).p.unwrap(), number(&g["tost_p"]));
}

#[test]
fn adjusted_p_values_agree() {
    let g = golden("multiplicity");
    let p: Vec<_> = numbers(&g["p"]).into_iter().map(Some).collect();
    all_near(benjamini_hochberg(&p).into_iter().flatten(), &g["bh"]);
    all_near(benjamini_yekutieli(&p).into_iter().flatten(), &g["by"]);
}

#[test]
fn the_bca_interval_agrees_with_scipy() {
    let g = golden("bca");
    let (low, high) =
        bca_interval(&numbers(&g["draws"]), number(&g["estimate"]), &numbers(&g["jackknife"]), 0.90).unwrap();
    near(low, number(&g["low"]));
    near(high, number(&g["high"]));
}

#[test]
fn mahalanobis_distances_agree_with_scipy() {
    let g = golden("matching");
    let candidate = |n: u16, covariates: Vec<f64>| Candidate {
        soum: SoumCode::new(6401 + n).unwrap(),
        zone: Some(NaturalZone::Steppe),
        enrolled: false,
        adjacent: false,
        stocking_ratio: None,
        covariates,
    };
    let pool: Vec<Candidate> =
        g["pool"].as_array().unwrap().iter().zip(1..).map(|(row, n)| candidate(n, numbers(row))).collect();
    let matched = nearest(&candidate(0, numbers(&g["target"])), &pool, (15, 15), 0.30).unwrap();
    let found: BTreeMap<SoumCode, f64> = matched.controls.iter().map(|m| (m.soum, m.distance)).collect();
    all_near(found.into_values(), &g["distances"]);
    assert!(matched.controls.windows(2).all(|w| w[0].distance <= w[1].distance));
}

#[test]
fn synthetic_weights_agree_with_the_best_of_every_support() {
    let g = golden("synthetic");
    let donors: Vec<Vec<f64>> = g["donors"].as_array().unwrap().iter().map(numbers).collect();
    let baseline = g["baseline_years"].as_u64().unwrap() as usize;
    let found = synthetic_control(&numbers(&g["treated"]), &donors, baseline).unwrap();
    all_near(found.weights.clone(), &g["weights"]);
    near(found.rmspe_baseline, number(&g["rmspe"]));
    near(found.effect, number(&g["effect"]));
}

#[test]
fn small_areas_agree() {
    let g = golden("fay_herriot");
    let (direct, psi) = (numbers(&g["direct"]), numbers(&g["psi"]));
    let rows = g["covariates"].as_array().unwrap();
    let areas: Vec<Area> =
        (0..direct.len()).map(|i| Area { direct: direct[i], psi: psi[i], covariates: numbers(&rows[i]) }).collect();
    let found = fay_herriot(&areas).unwrap();
    near(found.sigma_v_squared, number(&g["sigma_v_squared"]));
    all_near(found.coefficients.clone(), &g["coefficients"]);
    all_near(found.areas.iter().map(|a| a.estimate), &g["estimate"]);
    all_near(found.areas.iter().map(|a| a.mse), &g["mse"]);
}

#[test]
fn a_persistent_change_agrees_with_the_matrices() {
    let g = golden("persistent");
    let series: BTreeMap<i32, f64> = integers(&g["years"]).into_iter().zip(numbers(&g["y"])).collect();
    let (baseline, reporting) = (Years { first: 2009, last: 2018 }, Years { first: 2019, last: 2023 });
    let found = persistent_change(&series, baseline, reporting, number(&g["phi"]), &settings()).unwrap().estimate;
    near(found.effect, number(&g["effect"]));
    near(found.se, number(&g["se"]));
    near(found.df, number(&g["df"]));
    near(found.ci_low, number(&g["low"]));
    near(found.p.unwrap(), number(&g["p"]));
}

#[test]
fn minimum_detectable_changes_and_quantiles_agree() {
    let g = golden("power");
    let (se, df) = (number(&g["se"]), number(&g["df"]));
    near(belcheer_verification::Estimate::new(0.0, se, df, &settings()).unwrap().mdc, number(&g["mdc"]));
    near(mdc_normal(se, 0.05, 0.80).unwrap(), number(&g["mdc_normal"]));
    for row in g["t_quantiles"].as_array().unwrap() {
        let [p, df, expected] = numbers(row)[..] else { panic!("three numbers a row") };
        near(t_quantile(p, df).unwrap(), expected);
    }
}
