//! The residual trend of one cell after another, with room that is used again.

use super::{ClimateAdjustment, regression::f_survival};
use crate::trend::mann_kendall;

/// How far weather was taken out of the trend of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjusted {
    /// The trend is that of the residuals.
    Adjusted,
    /// Precipitation does not explain the index well enough; the trend is that of the index as it is.
    RelationDoesNotHold,
    /// There is no precipitation here, or in too few years; the trend is that of the index as it is.
    NoPrecipitation,
}

impl Adjusted {
    /// Every way, in the order of the codes.
    pub const ALL: [Self; 3] = [Self::Adjusted, Self::RelationDoesNotHold, Self::NoPrecipitation];

    /// 1, 2 or 3.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8 + 1
    }

    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adjusted => "adjusted",
            Self::RelationDoesNotHold => "relation_does_not_hold",
            Self::NoPrecipitation => "no_precipitation",
        }
    }
}

/// Residual trends of cells, by the rules of [`super::residual_trend`] with precipitation as the one predictor.
#[derive(Debug, Clone)]
pub struct CellAdjustment {
    alpha: f64,
    r_squared_min: f64,
    years_min: usize,
    rain: Vec<f64>,
    index: Vec<f64>,
}

impl CellAdjustment {
    /// With the rules of a set.
    #[must_use]
    pub fn new(set: &ClimateAdjustment) -> Self {
        let (alpha, r_squared_min, years_min) = (set.alpha, set.r_squared_min, set.years_min);
        Self { alpha, r_squared_min, years_min, rain: Vec::new(), index: Vec::new() }
    }

    /// Mann-Kendall Z of what precipitation leaves of the index; `None` with the reason where it does not count.
    ///
    /// A year without index or precipitation is left out.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, climate::{Adjusted, CellAdjustment, ClimateAdjustment}};
    /// let mut cell = CellAdjustment::new(&ClimateAdjustment::by_name("climate_adjustment_1")?);
    /// // more rain every year, and the index only follows it
    /// let rain: Vec<Option<f64>> = (0..12).map(|t| Some(150.0 + 10.0 * f64::from(t) + f64::from(t * 7 % 5))).collect();
    /// let index: Vec<Option<f64>> =
    ///     rain.iter().enumerate().map(|(t, mm)| mm.map(|mm| mm / 1000.0 + 0.001 * (t as f64 * 2.1).sin())).collect();
    /// let (how, z) = cell.z(&index, &rain);
    /// assert_eq!(how, Adjusted::Adjusted);
    /// assert!(z.expect("a trend").abs() < 1.96);
    /// assert_eq!(cell.z(&index, &vec![None; 12]), (Adjusted::NoPrecipitation, None));
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    pub fn z(&mut self, index: &[Option<f64>], rain: &[Option<f64>]) -> (Adjusted, Option<f64>) {
        self.rain.clear();
        self.index.clear();
        let mut sums = (0.0, 0.0);
        for (vi, mm) in index.iter().zip(rain) {
            if let (Some(vi), Some(mm)) = (vi, mm) {
                self.index.push(*vi);
                self.rain.push(*mm);
                sums = (sums.0 + mm, sums.1 + vi);
            }
        }
        let rained = rain.iter().flatten().count();
        let n = self.index.len();
        if n < self.years_min {
            // a cell without an index has no trend, whatever the rain
            let how = if rained < self.years_min { Adjusted::NoPrecipitation } else { Adjusted::RelationDoesNotHold };
            return (how, None);
        }
        let (mean_rain, mean_index) = (sums.0 / n as f64, sums.1 / n as f64);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (mm, vi) in self.rain.iter().zip(&self.index) {
            let (x, y) = (mm - mean_rain, vi - mean_index);
            (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
        }
        let r_squared = if xx > 0.0 && yy > 0.0 { (xy * xy / (xx * yy)).min(1.0) } else { 0.0 };
        let free = n as f64 - 2.0;
        let holds = xy > 0.0
            && r_squared >= self.r_squared_min
            && f_survival(r_squared / ((1.0 - r_squared) / free), 1.0, free) < self.alpha;
        if !holds {
            return (Adjusted::RelationDoesNotHold, None);
        }
        let slope = xy / xx;
        self.index.iter_mut().zip(&self.rain).for_each(|(vi, mm)| *vi -= mean_index + slope * (mm - mean_rain));
        match mann_kendall(&self.index) {
            Ok(test) => (Adjusted::Adjusted, Some(test.z)),
            Err(_) => (Adjusted::RelationDoesNotHold, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ParameterSet, climate::residual_trend};

    #[test]
    fn a_cell_is_judged_as_a_series_is() {
        let set = ClimateAdjustment::by_name("climate_adjustment_1").unwrap();
        let mut cell = CellAdjustment::new(&set);
        let times: Vec<f64> = (0..20).map(f64::from).collect();
        let mut counted = [0; 2];
        for k in 1..41_u32 {
            let wave = |t: f64, f: f64| (t * f + f64::from(k)).sin();
            let rain: Vec<f64> = times.iter().map(|t| 200.0 + 40.0 * wave(*t, 1.7)).collect();
            let index: Vec<f64> = times
                .iter()
                .zip(&rain)
                .map(|(t, mm)| mm / 1000.0 - 0.0005 * f64::from(k % 7) * t + 0.004 * f64::from(k) * wave(*t, 2.9))
                .collect();
            let whole = residual_trend(&times, &index, &rain, None, &set).unwrap();
            let some = |of: &[f64]| of.iter().copied().map(Some).collect::<Vec<_>>();
            let (how, z) = cell.z(&some(&index), &some(&rain));
            assert_eq!(how == Adjusted::Adjusted, whole.invalid.is_empty(), "{k}");
            counted[usize::from(z.is_some())] += 1;
            if let Some(z) = z {
                assert!((z - whole.trend.mann_kendall.z).abs() < 1e-12, "{k}");
            }
        }
        assert!(counted[0] > 3 && counted[1] > 3, "{counted:?}");
    }
}
