//! Temperature against precipitation: Pedj's drought index, and the dzud index of Natsagdorj from summer and winter.

use crate::numeric::mean;

/// Months of the growing season that weather is told of, May to August.
pub const SUMMER_MONTHS: [u8; 4] = [5, 6, 7, 8];

/// A month's or season's temperature and precipitation with their long-term means and standard deviations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthAnomaly {
    /// Temperature, degrees.
    pub temperature: f64,
    /// Its long-term mean and standard deviation.
    pub temperature_normal: (f64, f64),
    /// Precipitation, mm.
    pub precipitation_mm: f64,
    /// Its long-term mean and standard deviation.
    pub precipitation_normal_mm: (f64, f64),
}

/// Pedj's index `dT / sd(T) - dP / sd(P)` (Pedj 1975): positive is hot and dry, negative cool and wet. `None` when a
/// standard deviation is not positive or a number not finite.
///
/// ```
/// use belcheer_rangeland::drought::{MonthAnomaly, pedj};
/// let season = MonthAnomaly {
///     temperature: 20.0,
///     temperature_normal: (18.0, 1.0),
///     precipitation_mm: 150.0,
///     precipitation_normal_mm: (200.0, 50.0),
/// };
/// assert_eq!(pedj(&season), Some(3.0)); // 2 + 1
/// ```
#[must_use]
pub fn pedj(of: &MonthAnomaly) -> Option<f64> {
    let (warm, warm_sd) = of.temperature_normal;
    let (wet, wet_sd) = of.precipitation_normal_mm;
    let index = (of.temperature - warm) / warm_sd - (of.precipitation_mm - wet) / wet_sd;
    (warm_sd > 0.0 && wet_sd > 0.0 && index.is_finite()).then_some(index)
}

/// Mean of the index over the months of a season: May to August for summer, November to March for winter. `None` when a
/// month has none: a season of other months is another season.
#[must_use]
pub fn season_index(months: &[MonthAnomaly]) -> Option<f64> {
    let indices: Option<Vec<f64>> = months.iter().map(pedj).collect();
    mean(&indices?)
}

/// Dzud index, summer less the winter after it (Natsagdorj): a hot dry summer and a cold snowy winter both raise it.
///
/// ```
/// use belcheer_rangeland::drought::dzud;
/// assert_eq!(dzud(1.5, -1.0), 2.5);
/// ```
#[must_use]
pub fn dzud(summer_index: f64, winter_index: f64) -> f64 {
    summer_index - winter_index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_needs_every_month() {
        let month = |t, p| MonthAnomaly {
            temperature: t,
            temperature_normal: (10.0, 2.0),
            precipitation_mm: p,
            precipitation_normal_mm: (40.0, 20.0),
        };
        // 1 + 1 and 0 - 1
        assert_eq!(season_index(&[month(12.0, 20.0), month(10.0, 60.0)]), Some(0.5));
        let broken = MonthAnomaly { temperature_normal: (10.0, 0.0), ..month(12.0, 20.0) };
        assert_eq!(season_index(&[month(12.0, 20.0), broken]), None);
        assert_eq!(season_index(&[]), None);
    }
}
