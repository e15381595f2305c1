//! Attacks on the indicators: what looks like an improvement and is none, each beside one that is.

use belcheer_domain::records::{
    BiomassPlot, Instrument, Jurisdiction, Level, LivestockCount, PhotoPoint, RecoveryClass,
};
use belcheer_domain::{Class, Indicator, NaturalZone, Scheme, Species, Status, Years};
use belcheer_verification::{TestSettings, VerificationParameters, monte_carlo};
use geo_types::{LineString, MultiPolygon, Polygon};

use super::*;
use crate::area_sums::AreaSums;
use crate::blocks::{BlockEngine, BlockJob, Execution, RowSink};
use crate::calibration::Calibration;
use crate::decide::{Verdicts, decide_indicator};
use crate::error::AssessmentError;
use crate::inputs::Inputs;
use crate::result::IndicatorRow;
use crate::{NATIONAL_SCHEME, Request, Silent, Watch, assess};

const BASELINE: Years = Years { first: 2009, last: 2018 };
const REPORTING: Years = Years { first: 2019, last: 2023 };
const SOUMS: u16 = 8;

/// An engine for countries without rasters: it is never asked for a block.
#[derive(Debug)]
struct Idle;

impl BlockEngine for Idle {
    fn name(&self) -> &'static str {
        "idle"
    }

    fn in_flight(&self) -> usize {
        0
    }

    fn run(&self, _: &BlockJob, _: &mut RowSink<'_>, _: &dyn Watch) -> Result<(), AssessmentError> {
        Err(AssessmentError::Refused("there are no rasters".to_owned()))
    }
}

const NO_RASTERS: Execution<'_> = Execution { engine: &Idle, resume: false, memory_mib: None };

fn code(number: u16) -> SoumCode {
    SoumCode::new(9101 + number).unwrap()
}

fn request() -> Request {
    Request {
        scheme: Scheme::from_toml(NATIONAL_SCHEME).unwrap(),
        baseline: BASELINE,
        reporting: REPORTING,
        cycle: "2023".to_owned(),
        soums: Vec::new(),
        seed: 1,
        levels: Vec::new(),
        enrolled: Vec::new(),
    }
}

/// Eight soums of the steppe with five plots each, whose yield follows `ln_vi`.
fn country(ln_vi: impl Fn(u16, i32) -> f64) -> Inputs {
    let mut inputs = Inputs::default();
    for number in 0..SOUMS {
        let west = f64::from(number);
        let ring = vec![(west, 46.0), (west + 1.0, 46.0), (west + 1.0, 47.0), (west, 47.0), (west, 46.0)];
        let geometry = MultiPolygon(vec![Polygon::new(LineString::from(ring), vec![])]);
        let (au2, name) = (code(number), Some(format!("S{number}")));
        inputs.soums.insert(
            au2,
            Jurisdiction {
                level: Level::Soum,
                code: au2.to_string(),
                au2: Some(au2),
                name_mn: name.clone(),
                name_en: name,
                geometry,
                area_ha: 400_000.0,
            },
        );
        for year in 2001..=2023 {
            for plot in 0..5 {
                inputs.plots.push(BiomassPlot {
                    plot: format!("{number}-{plot}"),
                    au2: Some(au2),
                    lon: west + 0.5,
                    lat: 46.5,
                    year,
                    biomass_kg_ha: Some((300.0 * (2.0 * ln_vi(number, year)).exp()).round()),
                    zone: Some(NaturalZone::Steppe),
                    flags: Vec::new(),
                });
            }
        }
    }
    inputs
}

/// Small noise that depends on soum and year alone.
fn noise(number: u16, year: i32) -> f64 {
    monte_carlo::standard_normal(&mut monte_carlo::stream(5, &format!("{number} {year}")))
}

fn row(rows: &[IndicatorRow], number: u16, indicator: Indicator) -> &IndicatorRow {
    rows.iter().find(|r| r.au2 == code(number) && r.indicator == indicator).unwrap()
}

#[test]
fn a_dzud_is_no_improvement_of_the_stocking_and_slow_destocking_is() {
    let mut inputs = country(|number, year| 0.05 * noise(number, year));
    for number in 0..SOUMS {
        for year in 2009..=2023 {
            // soum 0 sells its animals over two years, soum 1 loses as many in the winter of 2018/19
            let fall = match (number, year) {
                (0, 2018) => -0.09,
                (0 | 1, 2019..) => -0.18,
                _ => 0.0,
            };
            let head = 150_000.0 * (fall + 0.004 * noise(number, year)).exp();
            inputs.livestock.push(LivestockCount {
                pug: None,
                au2: code(number),
                year,
                instrument: Instrument::DecemberCensus,
                species: Some(Species::Sheep),
                head: head.round(),
                estimated: false,
            });
        }
    }
    let found = assess(&inputs, &request(), &NO_RASTERS, &Silent).unwrap().result;
    let (sold, died) = (row(&found.indicators, 0, Indicator::I3), row(&found.indicators, 1, Indicator::I3));
    assert_eq!(sold.class, Class::Improved, "{sold:?}");
    assert!((sold.effect.unwrap() - died.effect.unwrap()).abs() < 0.02);
    assert_eq!(died.class, Class::Insufficient, "{died:?}");
    assert!(died.reasons.contains(&"involuntary_destocking".to_owned()), "{died:?}");
    assert!(died.sensitivity.facts.herd_fall_percent.unwrap() > 15.0);
    assert!(found.soums.iter().all(|s| s.status != Status::VerifiedImproving));
}

/// Recovery classes of 200 points of a soum in a year.
fn classes(number: u16, year: i32) -> impl Iterator<Item = u8> {
    let shift = usize::from(number.is_multiple_of(3) && year % 2 == 0) + usize::from(year % 3 == 0);
    let (healthy, severe) = match (number, year) {
        // both gain 25 points in classes I and II; in soum 1 the worst classes grow as well
        (0, 2019..) => (100, 20),
        (1, 2019..) => (100, 60),
        _ => (50, 20),
    };
    (0..200_usize).map(move |point| {
        if point < healthy + shift {
            2
        } else if point >= 200 - severe {
            4
        } else {
            3
        }
    })
}

#[test]
fn more_good_pasture_beside_more_of_the_worst_is_no_improvement() {
    let mut inputs = country(|_, _| 0.0);
    for number in 0..SOUMS {
        for year in 2009..=2023 {
            for (point, class) in classes(number, year).enumerate() {
                inputs.photo_points.push(PhotoPoint {
                    point: format!("{number}{point:03}"),
                    au2: Some(code(number)),
                    pug: None,
                    season: None,
                    zone: Some(NaturalZone::Steppe),
                    lon: f64::from(number) + 0.5,
                    lat: 46.5,
                    year,
                    biomass_kg_ha: None,
                    recovery_class: RecoveryClass::new(class),
                    flags: Vec::new(),
                });
            }
        }
    }
    let found = assess(&inputs, &request(), &NO_RASTERS, &Silent).unwrap().result;
    let (better, split) = (row(&found.indicators, 0, Indicator::I2), row(&found.indicators, 1, Indicator::I2));
    assert_eq!(better.class, Class::Improved, "{better:?}");
    assert!((better.effect.unwrap() - split.effect.unwrap()).abs() < 2.0 && split.effect.unwrap() > 20.0);
    assert_eq!(split.class, Class::Insufficient, "{split:?}");
    assert!(split.reasons.contains(&"severity_worse".to_owned()), "{split:?}");
    assert!((split.sensitivity.facts.severity_change_points.unwrap() - 20.0).abs() < 1e-9);
    assert!(found.soums.iter().all(|s| s.status != Status::VerifiedImproving));
}

#[test]
fn fields_greener_than_the_pasture_they_replaced_are_no_improvement() {
    // soums 0 and 1 turn 12 % greener; in soum 1 because pasture was ploughed
    let ln_vi = |number: u16, year: i32| {
        (if number < 2 && year > 2018 { 0.12 } else { 0.0 }) + 0.015 * noise(number, year) + 0.1 * noise(99, year)
    };
    let inputs = country(ln_vi);
    let vegetation: BTreeMap<SoumCode, BTreeMap<i32, AreaSums>> = (0..SOUMS)
        .map(|number| {
            let of = |year| AreaSums { sum_w: 1.0, sum_wx: 0.3 * ln_vi(number, year).exp(), ..AreaSums::default() };
            (code(number), (2001..=2023).map(|year| (year, of(year))).collect())
        })
        .collect();
    let zones = dominant_zones(&inputs);
    let calibration = Calibration::fit(&inputs, &vegetation, &zones);
    let mut losses = conversion::YearlyLoss::new();
    for number in 0..SOUMS {
        let lost = |year| if number == 1 && year > 2018 { 1.5 } else { 0.0 };
        losses.insert(code(number), (2009..=2023).map(|year| (year, lost(year))).collect());
    }
    let request = request();
    let parameters = VerificationParameters::of(&request.scheme).unwrap();
    let settings = TestSettings::new(&request.scheme.decision, &parameters);
    let from = productivity::Productivity {
        inputs: &inputs,
        vegetation: &vegetation,
        zones: &zones,
        calibration: &calibration,
        losses: &losses,
        conversion_max_percent: request.scheme.rule(Indicator::I1).unwrap().conversion_max_percent,
        coverage_min: request.scheme.decision.coverage_min,
    };
    let (i1, _) = productivity::measure(&from, BASELINE, REPORTING, &settings, &parameters);
    let i5 = conversion::measure(inputs.soums.keys().copied(), &losses, BASELINE, REPORTING, &settings);
    let mut verdicts = Verdicts::new();
    let mut decided = |indicator, measured: &BySoum| {
        decide_indicator(
            indicator,
            "test",
            measured,
            &request.scheme,
            &parameters,
            (BASELINE, REPORTING),
            &mut verdicts,
        )
        .unwrap()
    };
    let (i1, i5) = (decided(Indicator::I1, &i1), decided(Indicator::I5, &i5));
    let (pasture, ploughed) = (row(&i1, 0, Indicator::I1), row(&i1, 1, Indicator::I1));
    assert_eq!(pasture.class, Class::Improved, "{pasture:?}");
    assert!(ploughed.effect.unwrap() > 8.0);
    assert_eq!(ploughed.class, Class::Insufficient, "{ploughed:?}");
    assert!(ploughed.reasons.contains(&"land_converted".to_owned()), "{ploughed:?}");
    assert!(row(&i5, 1, Indicator::I5).effect.unwrap() < 0.0);
    assert!(i5.iter().all(|r| r.class != Class::Improved));
}
