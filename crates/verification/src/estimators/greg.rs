//! The difference (GREG) estimator: a wall-to-wall map corrected by plots, in the plots' unit.
//!
//! ```text
//! estimate = mean over the map of y^  +  mean over the plots of e,   e = y - y^        V = s_e² / n
//! ```
//! Särndal, Swensson & Wretman 1992, simple random sampling. Use cross-validated predictions where the map was trained
//! on the same plots, else the residuals flatter the map.

use serde::{Deserialize, Serialize};

use crate::sums::{mean, variance};

/// A plot's measured and mapped value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlotPair {
    /// Measured on the ground.
    pub measured: f64,
    /// Mapped at the plot.
    pub mapped: f64,
}

/// A model-assisted mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Greg {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// The plots' own mean.
    pub plots_mean: f64,
    /// Standard error of the plots' own mean.
    pub plots_se: f64,
    /// `s_y² / s_e²`: how many times as many plots would be needed without the map; `None` for a map without error.
    pub relative_efficiency: Option<f64>,
}

/// The model-assisted mean from the map's mean over all pixels and the plots.
///
/// `None` with fewer than two plots or a number that is not finite.
#[must_use]
pub fn estimate(map_mean: f64, plots: &[PlotPair]) -> Option<Greg> {
    let measured: Vec<f64> = plots.iter().map(|p| p.measured).collect();
    let errors: Vec<f64> = plots.iter().map(|p| p.measured - p.mapped).collect();
    if !map_mean.is_finite() || measured.iter().chain(&errors).any(|v| !v.is_finite()) {
        return None;
    }
    let n = plots.len() as f64;
    let (spread_y, spread_e) = (variance(&measured)?, variance(&errors)?);
    Some(Greg {
        estimate: map_mean + mean(&errors)?,
        se: (spread_e / n).sqrt(),
        plots_mean: mean(&measured)?,
        plots_se: (spread_y / n).sqrt(),
        relative_efficiency: (spread_e > 0.0).then(|| spread_y / spread_e),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answer_17() {
        let measured = [410.0, 280.0, 350.0, 500.0, 220.0];
        let mapped = [380.0, 300.0, 330.0, 450.0, 260.0];
        let plots: Vec<_> = measured.iter().zip(mapped).map(|(m, y)| PlotPair { measured: *m, mapped: y }).collect();
        let found = estimate(352.0, &plots).unwrap();
        assert!((found.estimate - 360.0).abs() < 1e-9 && (found.plots_mean - 352.0).abs() < 1e-9);
        assert!((found.se / 16.552_945_36 - 1.0).abs() < 1e-6);
        assert!((found.plots_se / 48.928_519_3 - 1.0).abs() < 1e-6);
        assert!((found.relative_efficiency.unwrap() / 8.737_226 - 1.0).abs() < 1e-6);
        assert_eq!(estimate(352.0, &plots[..1]), None);
    }
}
