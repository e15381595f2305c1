//! From the map's means and the points to the estimate of each zone and of all.

use std::collections::BTreeMap;

use belcheer_domain::records::MeasuredPoint;
use belcheer_verification::estimators::greg::{self, PlotPair};
use belcheer_verification::estimators::model_assisted::{MapStratum, TrainingPlot, leave_group_out, stratified};
use belcheer_verification::estimators::regression::least_squares;
use belcheer_verification::t_quantile;

/// A zone: its area with a value, and the map's mean over it.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    pub id: String,
    pub area_ha: f64,
    pub map_mean: Option<f64>,
}

/// An estimated mean with its error and 90 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// The mean.
    pub effect: f64,
    /// Its standard error.
    pub se: f64,
    /// Its 90 % interval.
    pub ci90: (f64, f64),
}

/// What is known of the mean of one zone, in the map's unit.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneMean {
    /// The zone, or `all`.
    pub zone: String,
    /// Whether it is the row of all zones.
    pub is_all: bool,
    /// Points used.
    pub points: usize,
    /// Area on which the map has a value, ha.
    pub area_ha: f64,
    /// Mean of the map.
    pub map_mean: Option<f64>,
    /// Mean of what is corrected: of the map, or of the line fitted to it where groups are left out.
    pub predicted_mean: Option<f64>,
    /// The estimate; `None` with fewer than two points.
    pub estimate: Option<Mean>,
    /// The points' own mean.
    pub points_mean: Option<f64>,
    /// Its standard error.
    pub points_se: Option<f64>,
    /// How many times as many points would be needed without the map; `None` for a map without error.
    pub relative_efficiency: Option<f64>,
}

fn mean_of(effect: f64, se: f64, df: f64) -> Option<Mean> {
    let half = t_quantile(0.95, df)? * se;
    Some(Mean { effect, se, ci90: (effect - half, effect + half) })
}

/// Every zone and all; `used` holds zone, map value and point.
///
/// # Errors
/// A sentence, when groups cannot be left out in turn.
pub(super) fn estimate(
    zones: &[Zone],
    used: &[(usize, f64, &MeasuredPoint)],
    by_group: bool,
) -> Result<Vec<ZoneMean>, String> {
    let (pairs, line) = if by_group { without_own_group(used)? } else { (as_mapped(used), (0.0, 1.0)) };
    let mut of_zone: Vec<Vec<PlotPair>> = vec![Vec::new(); zones.len()];
    for ((zone, ..), pair) in used.iter().zip(pairs) {
        of_zone.get_mut(*zone).into_iter().for_each(|own| own.push(pair));
    }
    let predicted = |zone: &Zone| zone.map_mean.map(|mean| line.0 + line.1 * mean);
    let mut rows: Vec<ZoneMean> =
        zones.iter().zip(&of_zone).map(|(zone, plots)| one_zone(zone, predicted(zone), plots)).collect();
    let judged = zones.iter().zip(&of_zone).zip(&rows).filter(|(_, row)| row.estimate.is_some());
    let strata: Vec<(&Zone, MapStratum)> = judged
        .filter_map(|((zone, plots), _)| {
            Some((zone, MapStratum { share: zone.area_ha, map_mean: predicted(zone)?, plots: plots.clone() }))
        })
        .collect();
    rows.extend(all_zones(&strata));
    Ok(rows)
}

fn as_mapped(used: &[(usize, f64, &MeasuredPoint)]) -> Vec<PlotPair> {
    used.iter().map(|(_, mapped, point)| PlotPair { measured: point.value, mapped: *mapped }).collect()
}

/// Pairs of points with a line fitted without their own group, and the line fitted on all: level and slope.
fn without_own_group(used: &[(usize, f64, &MeasuredPoint)]) -> Result<(Vec<PlotPair>, (f64, f64)), String> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut plots = Vec::with_capacity(used.len());
    for (_, mapped, point) in used {
        let Some(group) = point.group.as_deref() else {
            return Err("a point has no group; fill the column of --group, or leave the option out".to_owned());
        };
        let next = numbers.len() as u32;
        let group = *numbers.entry(group).or_insert(next);
        plots.push(TrainingPlot { group, covariate: *mapped, measured: point.value });
    }
    let failed = |e| format!("the groups cannot be left out in turn: {e}; give more groups or leave --group out");
    let pairs = leave_group_out(&plots).map_err(failed)?;
    let columns = [vec![1.0; plots.len()], plots.iter().map(|p| p.covariate).collect()];
    let measured: Vec<f64> = plots.iter().map(|p| p.measured).collect();
    let line = least_squares(&columns, &measured).map_err(failed)?;
    match line.coefficients[..] {
        [level, slope] => Ok((pairs, (level, slope))),
        _ => Err("the line has no slope".to_owned()),
    }
}

fn one_zone(zone: &Zone, predicted_mean: Option<f64>, plots: &[PlotPair]) -> ZoneMean {
    let found = predicted_mean.and_then(|mean| greg::estimate(mean, plots));
    ZoneMean {
        zone: zone.id.clone(),
        is_all: false,
        points: plots.len(),
        area_ha: zone.area_ha,
        map_mean: zone.map_mean,
        predicted_mean,
        estimate: found.and_then(|f| mean_of(f.estimate, f.se, plots.len() as f64 - 1.0)),
        points_mean: found.map(|f| f.plots_mean),
        points_se: found.map(|f| f.plots_se),
        relative_efficiency: found.and_then(|f| f.relative_efficiency),
    }
}

/// The zones with an estimate as strata, weighted by area.
fn all_zones(strata: &[(&Zone, MapStratum)]) -> Option<ZoneMean> {
    let area_ha: f64 = strata.iter().map(|(zone, _)| zone.area_ha).sum();
    let shared = |strip: bool| -> Vec<MapStratum> {
        let plots = |s: &MapStratum| s.plots.iter().map(|p| PlotPair { mapped: 0.0, ..*p }).collect();
        let one = |s: &MapStratum| MapStratum {
            share: s.share / area_ha,
            map_mean: if strip { 0.0 } else { s.map_mean },
            plots: if strip { plots(s) } else { s.plots.clone() },
        };
        strata.iter().map(|(_, s)| one(s)).collect()
    };
    let (found, alone) = (stratified(&shared(false))?, stratified(&shared(true))?);
    let weighted = |value: &dyn Fn(&Zone, &MapStratum) -> Option<f64>| {
        strata.iter().map(|(zone, s)| Some(value(zone, s)? * s.share / area_ha)).sum::<Option<f64>>()
    };
    Some(ZoneMean {
        zone: "all".to_owned(),
        is_all: true,
        points: found.plots,
        area_ha,
        map_mean: weighted(&|zone, _| zone.map_mean),
        predicted_mean: weighted(&|_, s| Some(s.map_mean)),
        estimate: mean_of(found.estimate, found.se, found.df),
        points_mean: Some(alone.estimate),
        points_se: Some(alone.se),
        relative_efficiency: (found.se > 0.0).then(|| (alone.se / found.se).powi(2)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(value: f64, group: &str) -> MeasuredPoint {
        MeasuredPoint { lon: 100.0, lat: 46.0, value, group: Some(group.to_owned()) }
    }

    #[test]
    fn a_map_fitted_on_its_points_is_held_to_points_it_has_not_seen() {
        let zone = Zone { id: "a".to_owned(), area_ha: 10.0, map_mean: Some(2.0) };
        // two soums whose technicians differ by two units at every value of the map
        let points: Vec<(f64, MeasuredPoint)> = (0..8)
            .map(|n| {
                let mapped = f64::from(n % 4);
                let (level, group) = if n < 4 { (0.0, "first") } else { (2.0, "second") };
                (mapped, point(mapped + level, group))
            })
            .collect();
        let used: Vec<(usize, f64, &MeasuredPoint)> = points.iter().map(|(m, p)| (0, *m, p)).collect();
        let seen = estimate(std::slice::from_ref(&zone), &used, false).unwrap();
        let unseen = estimate(&[zone], &used, true).unwrap();
        let mean = |rows: &[ZoneMean]| rows[0].estimate.unwrap();
        assert!((mean(&seen).effect - 3.0).abs() < 1e-12 && (mean(&unseen).effect - 3.0).abs() < 1e-12);
        assert!((mean(&unseen).se / mean(&seen).se - 2.0).abs() < 1e-9, "errors of 2 in place of 1");
        let (all, one) = (unseen[1].estimate.unwrap(), mean(&unseen));
        assert!((all.effect - one.effect).abs() < 1e-9 && (all.ci90.0 - one.ci90.0).abs() < 1e-6, "one zone is all");
    }

    #[test]
    fn a_point_without_group_is_refused() {
        let zone = Zone { id: "a".to_owned(), area_ha: 10.0, map_mean: Some(2.0) };
        let point = MeasuredPoint { group: None, ..point(1.0, "x") };
        assert!(estimate(&[zone], &[(0, 1.0, &point)], true).unwrap_err().contains("--group"));
    }
}
