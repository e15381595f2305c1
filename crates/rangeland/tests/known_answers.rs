//! Known answers of the domain, worked by hand, numbered as in its specification.

#![expect(clippy::unwrap_used, reason = "a helper of a test stops at the first wrong assumption")]

use std::collections::BTreeMap;

use belcheer_domain::{Fraction, Hectares, KgPerHa, RecoveryClass, SheepForageUnits, Species};
use belcheer_rangeland::{
    DegradationClass::{Degraded, Improved, Stable},
    ParameterSet,
    almgac_lm2::{Lm2Constants, Quadrat, parcel_capacity},
    capacity::{Forage, ForagePatch, capacity_sfu, forage, percent_use},
    climate::{ClimateAdjustment, residual_trend},
    degradation::{
        DegradationClass, DegradationStatus, GpgRules, LandCover, Performance, ProductivityClass, ProductivityLut,
        StateClasses, StateScore, TrendsEarthRules,
    },
    drought::{
        Drought, DroughtClasses, MonthAnomaly, biomass_anomaly_percent, pedj, temperature_condition,
        vegetation_condition, vegetation_health,
    },
    intake::IntakeSet,
    quality::mod13,
    recovery::{RecoveryShares, TransitionRules},
    seasons::SeasonSet,
    sheep_forage_units::{SfuSet, sheep_forage_units},
    soil_organic_carbon::SocFactors,
    stocking::StockingClasses,
    trend::{KendallTable, TrendCode, TrendLevel, least_squares_slope, mann_kendall, theil_sen},
    uncertainty::combined_cv,
    vegetation::{bsi, evi, evi2, lswi, msavi2, ndvi, savi},
};

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-6, "found {found}, expected {expected}");
}

fn sfu(set: &str) -> f64 {
    let head = BTreeMap::from([
        (Species::Camel, 500.0),
        (Species::Horse, 4000.0),
        (Species::Cattle, 6000.0),
        (Species::Sheep, 40_000.0),
        (Species::Goat, 35_000.0),
    ]);
    let set = SfuSet::by_name(set).unwrap();
    sheep_forage_units(&head, &set).unwrap().get()
}

fn lm2() -> Lm2Constants {
    Lm2Constants::by_name("almgac_lm2").unwrap()
}

fn three_zones() -> Forage {
    let patches = [(200e3, 395.0, 0.5), (50e3, 534.0, 0.5), (30e3, 193.0, 0.4)].map(|(area, y, u)| ForagePatch {
        area: Hectares::new(area).unwrap(),
        yield_kg_ha: KgPerHa::new(y).unwrap(),
        utilisation: Fraction::new(u).unwrap(),
        access: Fraction::new(1.0).unwrap(),
    });
    forage(&patches)
}

#[test]
fn known_answer_01_sheep_forage_units() {
    close(sfu("sfu_nso_current"), 138_000.0);
}

#[test]
fn known_answer_02_legacy_sheep_forage_units() {
    close(sfu("sfu_legacy_57_66"), 136_750.0);
}

#[test]
fn known_answer_03_quadrats() {
    let clipped = [14.2, 18.0, 12.1];
    close(lm2().biomass_kg_ha(clipped, Quadrat::HalfSquareMetre), 295.333_333_3);
    close(lm2().biomass_kg_ha(clipped, Quadrat::SquareMetre), 147.666_666_7);
}

#[test]
fn known_answer_04_lm2_capacity() {
    let need = lm2().plant_need_kg(180.0);
    close(need, 252.0);
    let capacity = parcel_capacity(12_500.0, 320.0, 50.0, need).unwrap();
    close(capacity.d1, 0.634_920_6);
    close(capacity.d1_100ga, 63.492_06);
    close(capacity.d2, 1.575);
    close(capacity.d3, 7_936.507_9);
    assert_eq!(capacity.d3_whole(), 7936.0);
    close(capacity.unelgee(9000.0), -1_063.492_1);
    close(9000.0 / capacity.d3, 1.134);
    let classes = StockingClasses::by_name("verification").unwrap();
    assert_eq!(classes.classify(9000.0 / capacity.d3).unwrap().id, "at_capacity");
}

#[test]
fn known_answer_05_need_of_2017() {
    close(lm2().plant_need_2017_kg(120.0), 168.0);
}

#[test]
fn known_answer_06_usable_forage() {
    let forage = three_zones();
    close(forage.usable_kg, 55_166_000.0);
    let seasons = SeasonSet::by_name("seasons_mn_1").unwrap();
    let intake = IntakeSet::by_name("intake_almgac").unwrap();
    close(capacity_sfu(&forage, seasons.season("summer_autumn").unwrap(), &intake), 262_695.238);
    let winter = seasons.season("winter_spring").unwrap();
    close(capacity_sfu(&forage, winter, &intake) / winter.carry_over.mode, 183_275.747_5);
}

#[test]
fn known_answer_07_percent_use() {
    let (forage, intake) = (three_zones(), IntakeSet::by_name("intake_almgac").unwrap());
    let livestock = SheepForageUnits::new(93_040.0).unwrap();
    let used = percent_use(&forage, livestock, &intake).unwrap();
    close(used, 0.426_436_81);
    close(forage.yield_kg_ha().unwrap(), 398.178_571);
    close(used * forage.yield_kg_ha().unwrap(), 169.798);
    assert_eq!(StockingClasses::by_name("gao_pu").unwrap().classify(used).unwrap().id, "not_over_used");
}

#[test]
fn known_answer_08_trend() {
    let values = [0.31, 0.29, 0.33, 0.28, 0.30, 0.27, 0.29, 0.26, 0.28, 0.25, 0.27, 0.24, 0.26, 0.25, 0.23];
    let times: Vec<f64> = (0..15).map(f64::from).collect();
    let test = mann_kendall(&values).unwrap();
    assert_eq!(test.s, -74);
    close(test.var_s, 403.333_3);
    close(test.z, -3.634_886_1);
    assert!((test.p - 2.781e-4).abs() < 5e-8);
    close(test.z_uncorrected(), -3.662_050_3);
    close(theil_sen(&times, &values).unwrap().slope, -0.005);
    let slope = least_squares_slope(&times, &values).unwrap();
    close(slope, -0.005_178_57);
    let rules = TrendsEarthRules::by_name("trends_earth").unwrap();
    let table = KendallTable::by_name(&rules.kendall_table).unwrap();
    let code = TrendCode::of(slope * 1e4, test.s, test.n, &rules, &table).unwrap();
    assert_eq!((code.code(), code.class()), (-3, Degraded));
    let level = TrendLevel::of(test.z, &GpgRules::by_name("gpg_v2").unwrap()).unwrap();
    assert_eq!(level, TrendLevel::Degrading);
}

const STATE_BASELINE: [f64; 13] = [0.30, 0.28, 0.32, 0.27, 0.31, 0.29, 0.33, 0.26, 0.30, 0.28, 0.31, 0.29, 0.30];
const STATE_RECENT: [f64; 3] = [0.26, 0.27, 0.265];

#[test]
fn known_answer_09_state_of_the_good_practice_guidance() {
    let (baseline, recent) = (STATE_BASELINE.map(Some), STATE_RECENT.map(Some));
    let state = StateScore::of(&baseline, &recent, &GpgRules::by_name("gpg_v2").unwrap()).unwrap();
    close(state.mean, 0.295_384_6);
    assert!((state.sd - 0.019_060_8).abs() < 5e-8);
    close(state.z, -2.761_045_3);
    assert_eq!(state.class(), Degraded);
    let sample = StateScore::of(&baseline, &recent, &GpgRules::by_name("gpg_v2_sample_sd").unwrap()).unwrap();
    close(sample.z, -2.652_726_5);
}

#[test]
fn known_answer_10_state_of_trends_earth() {
    let scaled = |v: f64| Some((v * 1e4).round());
    let rules = TrendsEarthRules::by_name("trends_earth").unwrap();
    let state = StateClasses::of(&STATE_BASELINE.map(scaled), &STATE_RECENT.map(scaled), &rules).unwrap();
    assert_eq!((state.baseline_class, state.recent_class, state.class), (5, 2, Degraded));
    assert!((state.difference - -303.8).abs() < 0.05);
}

#[test]
fn known_answer_11_performance() {
    let threshold = GpgRules::by_name("gpg_v2").unwrap().performance_ratio;
    let place = Performance::of(0.21, 0.46, threshold).unwrap();
    close(place.ratio, 0.456_521_7);
    assert!(place.degraded);
    assert!(Performance::of(0.23, 0.46, threshold).unwrap().degraded);
    assert!(!Performance::of(0.24, 0.46, threshold).unwrap().degraded);
}

/// Classes by v1, v2, Trends.Earth's five and three.
fn tables(
    trend: DegradationClass,
    state: DegradationClass,
    degraded: bool,
) -> (DegradationClass, DegradationClass, Option<ProductivityClass>, DegradationClass) {
    let found = |name: &str| {
        let lut = ProductivityLut::by_name(name).unwrap();
        lut.look_up(Some(trend), Some(state), Some(degraded)).unwrap()
    };
    (found("gpg_v1").class, found("gpg_v2_sepal").class, found("te_5class").five_class, found("te_3class").class)
}

#[test]
fn known_answer_12_look_up_of_a_declining_trend() {
    let expected = (Degraded, Stable, Some(ProductivityClass::Declining), Degraded);
    assert_eq!(tables(Degraded, Stable, false), expected);
}

#[test]
fn known_answer_13_look_up_where_tables_disagree() {
    assert_eq!(tables(Stable, Stable, true), (Stable, Degraded, Some(ProductivityClass::Stressed), Stable));
    assert_eq!(tables(Stable, Degraded, false), (Stable, Stable, Some(ProductivityClass::ModerateDecline), Degraded));
    let all_degraded = (Degraded, Degraded, Some(ProductivityClass::ModerateDecline), Degraded);
    assert_eq!(tables(Improved, Degraded, true), all_degraded);
}

#[test]
fn known_answer_14_status() {
    let status = |baseline, period| {
        let status = DegradationStatus::of(Some(baseline), Some(period)).unwrap();
        (status.code(), status.simple())
    };
    assert_eq!(status(Degraded, Stable), (3, Degraded));
    assert_eq!(status(Improved, Stable), (5, Improved));
    assert_eq!(status(Stable, Improved), (6, Improved));
}

#[test]
fn known_answer_26_indices() {
    let (blue, red, nir, swir1) = (0.06, 0.12, 0.30, 0.28);
    // seven digits are printed
    let printed =
        |found: Option<f64>, expected: f64| assert!((found.unwrap() - expected).abs() <= 5.1e-8, "{expected}");
    printed(ndvi(nir, red), 0.428_571_4);
    printed(evi(nir, red, blue), 0.286_624_2);
    printed(evi2(nir, red), 0.283_375_3);
    printed(savi(nir, red), 0.293_478_3);
    printed(msavi2(nir, red), 0.270_849_7);
    printed(lswi(nir, swir1), 0.034_482_8);
    printed(bsi(nir, red, blue, swir1), 0.052_631_6);
}

#[test]
fn known_answer_27_vegetation_health() {
    let classes = DroughtClasses::by_name("drought_1").unwrap();
    let vci = vegetation_condition(0.28, 0.15, 0.45).unwrap();
    let tci = temperature_condition(305.0, 290.0, 310.0).unwrap();
    let vhi = vegetation_health(vci, tci, classes.vhi_share);
    close(vci, 43.333_33);
    close(tci, 25.0);
    close(vhi, 34.166_67);
    close(biomass_anomaly_percent(vhi, &classes), 73.301_88);
}

#[test]
fn known_answer_28_pedj() {
    let season = MonthAnomaly {
        temperature: 20.1,
        temperature_normal: (18.3, 1.2),
        precipitation_mm: 140.0,
        precipitation_normal_mm: (210.0, 55.0),
    };
    let index = pedj(&season).unwrap();
    close(index, 2.772_727);
    assert_eq!(DroughtClasses::by_name("drought_1").unwrap().of_pedj(index), Some(Drought::Moderate));
}

#[test]
fn known_answer_29_residual_trend() {
    let set = ClimateAdjustment::by_name("climate_adjustment_1").unwrap();
    let rain = [200.0, 250.0, 180.0, 300.0, 220.0, 260.0];
    let index = [0.25, 0.29, 0.235, 0.32, 0.25, 0.27];
    let times: Vec<f64> = (0..6).map(f64::from).collect();
    let found = residual_trend(&times, &index, &rain, None, &set).unwrap();
    close(found.relation.slopes[0], 6.780_105e-4);
    assert!((found.relation.intercept - 0.109_834_2).abs() < 1e-7);
    close(found.relation.r_squared, 0.892_149_3);
    for (residual, printed) in
        found.relation.residuals.iter().zip([0.00456, 0.01066, 0.00312, 0.00676, -0.009, -0.01612])
    {
        assert!((residual - printed).abs() < 1e-5, "{residual} {printed}");
    }
    assert_eq!(found.trend.mann_kendall.s, -9);
    for ((vi, mm), printed) in index.iter().zip(rain).zip([1.25, 1.16, 1.3056, 1.0667, 1.1364, 1.0385]) {
        assert!((set.rain_use_efficiency(*vi, mm).unwrap() - printed).abs() < 5.1e-5);
    }
}

#[test]
fn known_answer_31_quality_bits() {
    let clean = mod13::Quality::of(2116);
    assert_eq!((clean.modland, clean.usefulness, clean.aerosol, clean.land_water), (0, 1, 1, 1));
    assert!(clean.is_kept());
    let snow = mod13::Quality::of(18580);
    assert_eq!((snow.modland, snow.usefulness, snow.snow), (0, 5, true));
    assert!(!snow.is_kept());
}

#[test]
fn known_answer_30_soil_organic_carbon() {
    let factors = SocFactors::by_name("soc_unccd_1").unwrap();
    let factor = factors.factor(LandCover::Grass, LandCover::Crop, "temperate_dry").unwrap();
    let after = |years| factors.change(45.0, factor, years).unwrap();
    close(after(20.0).percent, -20.0);
    assert_eq!(after(20.0).class, Degraded);
    close(after(5.0).stock, 42.75);
    close(after(5.0).percent, -5.0);
    assert_eq!(after(5.0).class, Stable);
}

#[test]
fn known_answer_33_recovery_shares() {
    let percent = [42.0, 13.5, 21.1, 12.8, 10.3];
    close(percent.iter().sum(), 99.7);
    let shares = RecoveryShares::from_weights(percent).unwrap();
    assert!((shares.healthy() - 0.55667).abs() < 5e-6);
    close(shares.mean_class_index(), 2.357_071);
}

#[test]
fn known_answer_34_change_of_recovery_class() {
    let (agency, strict) =
        (TransitionRules::by_name("rc_change").unwrap(), TransitionRules::by_name("rc_change_strict").unwrap());
    let class = |n| RecoveryClass::new(n).unwrap();
    let cases = [((1, 2), 1, false, "declined"), ((3, 3), 2, false, "stable"), ((4, 4), 3, false, "stable")];
    for ((from, to), code, extension, word) in cases.into_iter().chain([((2, 4), 3, true, "declined")]) {
        let change = agency.transition(class(from), class(to)).unwrap();
        assert_eq!((change.outcome.code, change.extension), (code, extension), "{from}-{to}");
        assert_eq!(strict.transition(class(from), class(to)).unwrap().outcome.id, word, "{from}-{to}");
    }
}

#[test]
fn known_answer_35_combined_variation() {
    close(combined_cv(&[0.02, 0.17, 0.10, 0.05]), 0.204_450_5);
}
