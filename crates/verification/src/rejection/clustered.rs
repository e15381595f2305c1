//! Tests on plot-years that let rows of a plot, and of a year, be alike.
//!
//! - *plot and year clustered*: `y = a + d after + e` over plot-years, standard error clustered both ways, as many degrees
//!   of freedom as the rarer kind of cluster less one (Cameron, Gelbach & Miller 2011).
//! - *wild cluster bootstrap*: the same line, years as clusters, signs of whole years turned (Cameron et al. 2008). Five
//!   years against five have 1024 patterns, and all are tried.

use super::Rejections;
use crate::{
    estimators::{regression::least_squares, wild::wild_cluster_bootstrap},
    monte_carlo::Stream,
    student::t_two_sided_p,
};

/// A value of one plot in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlotYear {
    /// The plot.
    pub plot: u32,
    /// The year.
    pub year: i32,
    /// Its value.
    pub value: f64,
}

/// Rejections of the clustered tests over some units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clustered {
    /// Clusters of plots and of years.
    pub plot_and_year: Rejections,
    /// Wild bootstrap over years.
    pub wild: Rejections,
}

/// Tests every unit with values in each year of both lists; each has a stream of its own for signs.
///
/// All sign patterns of the years are tried where they are no more than `patterns`, else as many by lot. A unit whose
/// rows cannot carry a test, such as one of a single plot for clusters of plots, is not counted for it.
pub fn clustered_rejections<'a>(
    units: impl IntoIterator<Item = (&'a [PlotYear], Stream)>,
    first: &[i32],
    second: &[i32],
    level: f64,
    patterns: usize,
) -> Clustered {
    let mut found = Clustered::default();
    for (values, mut random) in units {
        let rows: Vec<&PlotYear> =
            values.iter().filter(|v| first.contains(&v.year) || second.contains(&v.year)).collect();
        if first.iter().chain(second).any(|year| rows.iter().all(|row| row.year != *year)) {
            continue;
        }
        let response: Vec<f64> = rows.iter().map(|r| r.value).collect();
        let after = rows.iter().map(|r| f64::from(u8::from(second.contains(&r.year)))).collect();
        let columns = [vec![1.0; rows.len()], after];
        let plots: Vec<u32> = rows.iter().map(|r| r.plot).collect();
        let years: Vec<i32> = rows.iter().map(|r| r.year).collect();
        let two_way = || {
            let fit = least_squares(&columns, &response).ok()?;
            let covariance = fit.clustered_two_way(&plots, &years)?;
            t_two_sided_p(fit.coefficients.get(1)? / covariance.se(1)?, covariance.df())
        };
        found.plot_and_year.count(two_way(), level);
        let wild = wild_cluster_bootstrap(&columns, &response, 1, &years, patterns, &mut random);
        found.wild.count(wild.ok().map(|test| test.p), level);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monte_carlo::{standard_normal, stream};

    /// Units of five plots and ten years that share the weather of each year, and are changed after five.
    fn units(n: usize, change: f64) -> Vec<Vec<PlotYear>> {
        let mut random = stream(9, "clustered");
        let unit = |random: &mut Stream| {
            let levels: Vec<f64> = (0..5).map(|_| standard_normal(random)).collect();
            let mut rows = Vec::new();
            for year in 2008..2018 {
                let shock = standard_normal(random) + if year > 2012 { change } else { 0.0 };
                rows.extend((0_u32..5).zip(&levels).map(|(plot, level)| PlotYear {
                    plot,
                    year,
                    value: level + shock + 0.5 * standard_normal(random),
                }));
            }
            rows
        };
        (0..n).map(|_| unit(&mut random)).collect()
    }

    fn tested(units: &[Vec<PlotYear>]) -> Clustered {
        let (first, second): (Vec<i32>, Vec<i32>) = ((2008..2013).collect(), (2013..2018).collect());
        let streams = units.iter().enumerate().map(|(n, u)| (u.as_slice(), stream(n as u64, "signs")));
        clustered_rejections(streams, &first, &second, 0.05, 1024)
    }

    #[test]
    fn the_wild_bootstrap_keeps_its_level_and_sees_a_change() {
        let still = tested(&units(300, 0.0));
        assert_eq!((still.wild.tested, still.plot_and_year.tested), (300, 300));
        assert!(still.wild.rate().unwrap() <= 0.08, "{still:?}");
        let changed = tested(&units(300, 3.0));
        assert!(changed.wild.rate().unwrap() > 0.8 && changed.plot_and_year.rate().unwrap() > 0.8, "{changed:?}");
    }

    #[test]
    fn a_unit_without_a_year_is_not_tested() {
        let mut short = units(1, 0.0);
        short[0].retain(|row| row.year != 2010);
        assert_eq!(tested(&short), Clustered::default());
    }
}
