//! I2 of bags and user groups: few photo points each, so that each borrows strength from all (Fay and Herriot 1979).
//!
//! Two models over all parts of a level, one of the share of points in class I or II over the reporting period, one of
//! its change at re-visited points. A part's sampling variance is the variance of points within parts, pooled over all
//! parts, by its number of points. Covariates: an intercept, and where every part has it, ln of the vegetation metric
//! (level) or the change of I1 (change). Estimates are moved so that the parts of a soum agree with the soum. What may
//! be told is decided by the coefficient of variation of the level.

use std::collections::BTreeMap;

use belcheer_domain::records::Level;
use belcheer_domain::{Indicator, SoumCode, Tier, Years};
use belcheer_verification::estimators::small_areas::{Area, Eblup, Release, benchmark, fay_herriot, release};
use belcheer_verification::{Estimate, Flag, Reason};
use geo::Contains;
use geo_types::Point;

use super::parts::Part;
use super::{Roll, SmallArea};
use crate::evidence::condition::{POINTS_T3, healthy, severe};
use crate::evidence::{Facts, Measured, mean};

/// Method and version.
pub(super) const METHOD: &str = "i2.small_area_eblup@1";

/// What the points of one part say, one value a point, percent.
#[derive(Debug, Default)]
struct Points {
    /// Over the reporting period.
    level: Vec<f64>,
    /// Reporting period less baseline, points seen in both.
    change: Vec<f64>,
    /// The same of classes IV and V.
    severe_change: Vec<f64>,
    seen: usize,
}

/// The indicator of every part, in their order.
pub(super) fn measure(
    from: &Roll<'_>,
    level: Level,
    parts: &[Part],
    productivity: &[Measured],
) -> Vec<(Measured, Option<SmallArea>)> {
    let points = points_of(from, level, parts);
    let soums = from.measured.iter().find(|(i, ..)| *i == Indicator::I2).map(|(.., by_soum)| by_soum);
    let greenness = |m: &Measured| m.reporting_value.filter(|v| *v > 0.0).map(f64::ln);
    let levels = model(&points, |p| &p.level, &covariates(productivity, greenness));
    let changes = model(&points, |p| &p.change, &covariates(productivity, |m| Some(m.estimate?.effect)));
    let (Some(mut levels), Some(mut changes)) = (levels, changes) else {
        let reason = if points.iter().all(|p| p.seen == 0) { Reason::NoPhotoPoints } else { Reason::SinglePeriod };
        return parts.iter().map(|_| (Measured::nothing("percent_class_1_2", vec![reason]), None)).collect();
    };
    agree(parts, &mut levels, |soum| soums?.get(&soum)?.reporting_value);
    agree(parts, &mut changes, |soum| Some(soums?.get(&soum)?.estimate?.effect));
    let all = parts.iter().zip(&points).zip(levels.iter().zip(&changes));
    all.map(|((part, points), (level, change))| one(from, part, points, level, change)).collect()
}

/// A column of ones, and a second one where every part has a value.
fn covariates(parts: &[Measured], of: impl Fn(&Measured) -> Option<f64>) -> Vec<Vec<f64>> {
    let values: Option<Vec<f64>> = parts.iter().map(of).collect();
    match values {
        Some(values) => values.into_iter().map(|v| vec![1.0, v]).collect(),
        None => vec![vec![1.0]; parts.len()],
    }
}

/// Estimates of every part; `None` where points are too few for a model.
fn model(points: &[Points], of: fn(&Points) -> &Vec<f64>, covariates: &[Vec<f64>]) -> Option<Vec<Eblup>> {
    let within = pooled_variance(points.iter().map(|p| of(p).as_slice()))?;
    let direct = |(points, x): (&Points, &Vec<f64>)| {
        let values = of(points);
        let direct = mean(values)?;
        Some(Area { direct, psi: within / values.len() as f64, covariates: x.clone() })
    };
    let areas: Vec<Option<Area>> = points.iter().zip(covariates).map(direct).collect();
    let known: Vec<Area> = areas.iter().flatten().cloned().collect();
    let fitted = fay_herriot(&known).ok()?;
    let mut of_known = fitted.areas.iter();
    let estimates = areas.iter().zip(covariates).map(|(area, x)| match area {
        Some(_) => of_known.next().copied(),
        None => fitted.synthetic(x),
    });
    estimates.collect()
}

/// Variance within lists, pooled; `None` where no list has two values or none vary.
fn pooled_variance<'a>(lists: impl Iterator<Item = &'a [f64]>) -> Option<f64> {
    let (mut squares, mut free) = (0.0, 0);
    for list in lists.filter(|list| list.len() > 1) {
        let centre = mean(list)?;
        squares += list.iter().map(|v| (v - centre).powi(2)).sum::<f64>();
        free += list.len() - 1;
    }
    let variance = squares / free as f64;
    (free > 0 && variance > 0.0).then_some(variance)
}

/// Moves the estimates of each soum's parts so that they agree with the soum, where it has a value.
fn agree(parts: &[Part], estimates: &mut [Eblup], of_soum: impl Fn(SoumCode) -> Option<f64>) {
    let mut first = 0;
    while let Some(part) = parts.get(first) {
        let last = first + parts[first..].iter().take_while(|p| p.au2 == part.au2).count();
        let own: Vec<f64> = estimates[first..last].iter().map(|e| e.estimate).collect();
        let shares: Vec<f64> = parts[first..last].iter().map(|p| p.share).collect();
        if let Some(moved) = of_soum(part.au2).and_then(|soum| benchmark(&own, &shares, soum)) {
            for (estimate, moved) in estimates[first..last].iter_mut().zip(moved) {
                estimate.estimate = moved;
            }
        }
        first = last;
    }
}

fn one(from: &Roll<'_>, part: &Part, points: &Points, level: &Eblup, change: &Eblup) -> (Measured, Option<SmallArea>) {
    let unit = "percent_class_1_2";
    let cv = (level.estimate != 0.0).then(|| level.mse.sqrt() / level.estimate.abs());
    let small_area = SmallArea {
        direct_value: mean(&points.level),
        direct_effect: mean(&points.change),
        weight: level.gamma,
        cv,
        release: release(level.estimate, level.mse),
    };
    let n_plots = u32::try_from(points.seen).ok();
    if small_area.release == Release::Suppress {
        // what may not be told of the part may not be told of its points either
        let kept = SmallArea { direct_value: None, direct_effect: None, ..small_area };
        return (Measured { n_plots, ..Measured::nothing(unit, vec![Reason::CvAboveLimit]) }, Some(kept));
    }
    let estimate = Estimate::new(change.estimate, change.mse.sqrt(), f64::INFINITY, from.settings);
    let severity = mean(&points.severe_change);
    let measured = Measured {
        estimate,
        raw_effect: mean(&points.change),
        baseline_value: Some(level.estimate - change.estimate),
        reporting_value: Some(level.estimate),
        tier: if points.change.len() >= POINTS_T3 { Tier::T3 } else { Tier::T2 },
        coverage: Some(points.change.len() as f64 / points.seen.max(1) as f64),
        n_plots,
        n_eff: Some(points.change.len() as f64),
        flags: if severity.is_some_and(|rise| rise > 0.0) { vec![Flag::SeverityWorse] } else { Vec::new() },
        facts: Facts { severity_change_points: severity, ..Facts::default() },
        ..Measured::nothing(unit, if part.rest { vec![Reason::CoverageUnknown] } else { Vec::new() })
    };
    (measured, Some(small_area))
}

/// The part in which a point lies, and its recovery class by year.
type Visits = (usize, BTreeMap<i32, u8>);

/// The photo points of every part: by the group that a point names, else by its place.
fn points_of(from: &Roll<'_>, level: Level, parts: &[Part]) -> Vec<Points> {
    let mut of_soum: BTreeMap<SoumCode, Vec<usize>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        of_soum.entry(part.au2).or_default().push(at);
    }
    let mut visits: BTreeMap<(SoumCode, &str), Visits> = BTreeMap::new();
    for point in &from.inputs.photo_points {
        let (Some(soum), Some(class)) = (point.au2, point.recovery_class) else { continue };
        let Some(own) = of_soum.get(&soum) else { continue };
        let named =
            |at: &usize| level == Level::Pug && parts.get(*at).is_some_and(|p| Some(&p.id) == point.pug.as_ref());
        let around = |at: &usize| {
            let key = parts.get(*at).map(|p| (level, p.id.clone()));
            let zone = key.and_then(|key| from.inputs.parts.get(&key));
            zone.is_some_and(|zone| zone.geometry.contains(&Point::new(point.lon, point.lat)))
        };
        let rest = |at: &usize| parts.get(*at).is_some_and(|p| p.rest);
        let found = own.iter().find(|at| named(at)).or_else(|| own.iter().find(|at| around(at)));
        let Some(at) = found.or_else(|| own.iter().find(|at| rest(at))) else { continue };
        let (_, years) = visits.entry((soum, &point.point)).or_insert_with(|| (*at, BTreeMap::new()));
        years.insert(point.year, class.number());
    }
    let mut points: Vec<Points> = parts.iter().map(|_| Points::default()).collect();
    for (at, years) in visits.into_values() {
        if let Some(points) = points.get_mut(at) {
            points.add(&years, from.request.baseline, from.request.reporting);
        }
    }
    points
}

impl Points {
    /// Adds one point: its class by year.
    fn add(&mut self, years: &BTreeMap<i32, u8>, baseline: Years, reporting: Years) {
        let share = |span: Years, group: fn(u8) -> f64| {
            mean(&years.range(span.first..=span.last).map(|(_, class)| group(*class)).collect::<Vec<_>>())
        };
        self.seen += 1;
        self.level.extend(share(reporting, healthy));
        self.change.extend(share(baseline, healthy).zip(share(reporting, healthy)).map(|(a, b)| b - a));
        self.severe_change.extend(share(baseline, severe).zip(share(reporting, severe)).map(|(a, b)| b - a));
    }
}
