//! What the weather panel finds in made-up panels whose truth is known.

use proptest::prelude::*;

use super::*;
use crate::{estimate::tests::SETTINGS, monte_carlo};

const BASELINE: Years = Years { first: 2009, last: 2018 };
const REPORTING: Years = Years { first: 2019, last: 2023 };

fn parameters() -> VerificationParameters {
    VerificationParameters::named("verification_1").unwrap()
}

fn soum(n: u16) -> SoumCode {
    SoumCode::new(6401 + n).unwrap()
}

/// `soums` soums of one zone, ln VI = level + zone-year + 0.30 W + change after 2018 + noise of the given size.
fn made_up(soums: u16, noise: f64, change_of: impl Fn(u16) -> f64) -> Vec<PanelRow> {
    let mut random = monte_carlo::stream(7, "weather-test");
    let mut normal = move || monte_carlo::standard_normal(&mut random);
    let mut rows = Vec::new();
    let zone_year: BTreeMap<i32, f64> = (2009..=2023).map(|y| (y, 0.2 * normal())).collect();
    for s in 0..soums {
        let level = normal();
        for year in 2009..=2023 {
            let w = 2.0 + normal();
            let change = if year > 2018 { change_of(s) } else { 0.0 };
            let ln_vi = level + zone_year[&year] + 0.30 * w + change + noise * normal();
            rows.push(PanelRow { soum: soum(s), zone: NaturalZone::Steppe, year, ln_vi, weather: vec![Some(w)] });
        }
    }
    rows
}

fn effect(panel: &WeatherPanel, n: u16) -> f64 {
    change_between(&panel.soums[&soum(n)].adjusted, BASELINE, REPORTING, &SETTINGS).unwrap().estimate.effect
}

#[test]
fn weather_and_zone_years_are_taken_out_and_the_changed_soum_is_found() {
    let rows = made_up(20, 0.02, |s| if s == 3 { -0.15 } else { 0.0 });
    let panel = adjust_for_weather(&rows, BASELINE, &parameters()).unwrap();
    let beta = panel.coefficients[0];
    assert!((beta.value - 0.30).abs() < 3.0 * beta.se.unwrap() && beta.se.unwrap() < 0.01, "{beta:?}");
    assert!(panel.converged && panel.zone_year_effects);
    assert!((effect(&panel, 3) + 0.15).abs() < 0.04, "{}", effect(&panel, 3));
    assert!((0..20).filter(|s| *s != 3).all(|s| effect(&panel, s).abs() < 0.04));
    assert!(panel.soums[&soum(3)].flags.is_empty());
}

#[test]
fn a_minority_of_changed_soums_does_not_bend_the_others() {
    let panel = adjust_for_weather(&made_up(21, 0.0, |s| if s < 9 { 0.30 } else { 0.0 }), BASELINE, &parameters());
    let panel = panel.unwrap();
    for s in 0..21 {
        let truth = if s < 9 { 0.30 } else { 0.0 };
        assert!((effect(&panel, s) - truth).abs() < 1e-9, "soum {s}: {}", effect(&panel, s));
    }
}

#[test]
fn a_common_decline_is_absorbed_and_therefore_reported_for_the_zone() {
    let panel = adjust_for_weather(&made_up(20, 0.0, |_| -0.9), BASELINE, &parameters()).unwrap();
    assert!(effect(&panel, 5).abs() < 1e-9);
    let zone = panel.common_zone_change(NaturalZone::Steppe, BASELINE, REPORTING, &SETTINGS).unwrap();
    assert!(zone.estimate.effect < -0.5 && zone.estimate.p.unwrap() < 0.05, "{:?}", zone.estimate);
    let none = panel.common_zone_change(NaturalZone::Desert, BASELINE, REPORTING, &SETTINGS);
    assert_eq!(none, Err(ChangeError::NoValues));
}

#[test]
fn a_missing_baseline_year_of_one_soum_makes_no_change() {
    let mut rows = made_up(20, 0.0, |_| 0.0);
    rows.retain(|r| !(r.soum == soum(2) && (2010..=2013).contains(&r.year)));
    let panel = adjust_for_weather(&rows, BASELINE, &parameters()).unwrap();
    assert!((0..20).all(|s| effect(&panel, s).abs() < 1e-9), "{}", effect(&panel, 2));
}

#[test]
fn few_peers_missing_weather_and_collinear_covariates_are_flagged() {
    let few = adjust_for_weather(&made_up(4, 0.02, |_| 0.0), BASELINE, &parameters()).unwrap();
    assert_eq!(few.soums[&soum(0)].flags, [Flag::FewZonePeers, Flag::NoZoneYearEffects]);
    assert!(!few.zone_year_effects);

    let mut rows = made_up(12, 0.02, |_| 0.0);
    for row in &mut rows {
        row.weather.push(Some(f64::from(row.year)));
        if row.soum == soum(1) && row.year == 2012 {
            row.weather[0] = None;
        }
        if row.soum == soum(2) {
            row.weather[0] = None;
        }
    }
    let panel = adjust_for_weather(&rows, BASELINE, &parameters()).unwrap();
    assert!(panel.coefficients[0].estimable && !panel.coefficients[1].estimable);
    let flags = |n| panel.soums[&soum(n)].flags.clone();
    assert!(flags(1).contains(&Flag::YearsWithoutWeather) && !panel.soums[&soum(1)].adjusted.contains_key(&2012));
    assert!(flags(2).contains(&Flag::NoWeatherCovariates) && panel.soums[&soum(2)].adjusted.is_empty());
    assert!(flags(0).contains(&Flag::WeatherNotEstimable));
}

#[test]
fn without_any_weather_the_zone_years_still_serve() {
    let mut rows = made_up(12, 0.0, |_| 0.0);
    rows.iter_mut().for_each(|r| r.weather = vec![None]);
    let panel = adjust_for_weather(&rows, BASELINE, &parameters()).unwrap();
    assert_eq!(panel.soums[&soum(0)].adjusted.len(), 15);
    assert!(panel.soums[&soum(0)].flags.contains(&Flag::NoWeatherCovariates));
    assert!(adjust_for_weather(&[], BASELINE, &parameters()).unwrap().soums.is_empty());
}

#[test]
fn contradictory_rows_are_refused_by_name() {
    let row = PanelRow { soum: soum(0), zone: NaturalZone::Steppe, year: 2010, ln_vi: 1.0, weather: vec![] };
    let refused = |second: PanelRow| adjust_for_weather(&[row.clone(), second], BASELINE, &parameters()).unwrap_err();
    assert_eq!(refused(row.clone()), WeatherError::Repeated { soum: soum(0), year: 2010 });
    let moved = refused(PanelRow { zone: NaturalZone::Desert, year: 2011, ..row.clone() });
    assert!(moved.to_string().contains("06401"), "{moved}");
    let longer = refused(PanelRow { weather: vec![Some(1.0)], ..row.clone() });
    assert!(matches!(longer, WeatherError::CovariateCount { found: 1, expected: 0, .. }));
    assert!(matches!(refused(PanelRow { ln_vi: f64::NAN, ..row.clone() }), WeatherError::NotFinite { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn the_order_of_rows_does_not_matter(seed in 0_u64..1000) {
        let rows = made_up(8, 0.05, |_| 0.0);
        let mut keyed: Vec<(u64, PanelRow)> = rows.iter().cloned().enumerate()
            .map(|(i, r)| ((i as u64 ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15), r)).collect();
        keyed.sort_by_key(|(k, _)| *k);
        let shuffled: Vec<PanelRow> = keyed.into_iter().map(|(_, r)| r).collect();
        let panel = adjust_for_weather(&rows, BASELINE, &parameters()).unwrap();
        prop_assert_eq!(panel, adjust_for_weather(&shuffled, BASELINE, &parameters()).unwrap());
    }
}
