//! Where a value stands among those of other years: anomaly, and condition between the worst and the best.

/// Difference from the mean of the baseline years.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anomaly {
    /// Percent of the mean.
    pub percent: f64,
    /// In standard deviations (divisor n - 1).
    pub z: f64,
}

/// Anomaly of a value against the same composite of the baseline years. `None` with fewer than two values, a mean of 0,
/// values that do not vary, or a number that is not finite.
///
/// ```
/// use belcheer_rangeland::drought::anomaly;
/// let found = anomaly(0.2, &[0.3, 0.4, 0.5]).expect("values that vary");
/// assert!((found.percent + 50.0).abs() < 1e-9);
/// assert!((found.z + 2.0).abs() < 1e-9);
/// ```
#[must_use]
pub fn anomaly(value: f64, baseline: &[f64]) -> Option<Anomaly> {
    let n = baseline.len();
    if n < 2 {
        return None;
    }
    let mean = crate::numeric::mean(baseline)?;
    let squares = crate::numeric::sum(baseline.iter().map(|v| (v - mean).powi(2)));
    let sd = (squares / (n - 1) as f64).sqrt();
    let found = Anomaly { percent: 100.0 * (value - mean) / mean, z: (value - mean) / sd };
    (found.percent.is_finite() && found.z.is_finite()).then_some(found)
}

/// Vegetation condition index `100 (V - Vmin) / (Vmax - Vmin)` (Kogan 1995); `None` when nothing lies between.
///
/// ```
/// use belcheer_rangeland::drought::vegetation_condition;
/// assert_eq!(vegetation_condition(0.25, 0.0, 0.5), Some(50.0));
/// assert_eq!(vegetation_condition(0.25, 0.5, 0.5), None);
/// ```
#[must_use]
pub fn vegetation_condition(value: f64, least: f64, largest: f64) -> Option<f64> {
    let index = 100.0 * (value - least) / (largest - least);
    (largest > least && index.is_finite()).then_some(index)
}

/// Temperature condition index `100 (Tmax - T) / (Tmax - Tmin)` (Kogan 1995): hot is low.
#[must_use]
pub fn temperature_condition(value: f64, least: f64, largest: f64) -> Option<f64> {
    vegetation_condition(value, least, largest).map(|index| 100.0 - index)
}

/// Vegetation health index `share * VCI + (1 - share) * TCI` (Kogan 1995; share 0.5).
#[must_use]
pub fn vegetation_health(vci: f64, tci: f64, share: f64) -> f64 {
    share * vci + (1.0 - share) * tci
}

/// Biomass in percent of its mean by vegetation health, `43.201 + 0.881 VHI` (Kogan 2004): one semi-dry steppe station
/// of Mongolia, 1985 to 1997, R2 0.658. A rule of thumb there, not a national calibration.
#[must_use]
pub fn biomass_anomaly_percent(vhi: f64, classes: &super::DroughtClasses) -> f64 {
    classes.biomass_intercept + classes.biomass_slope * vhi
}
