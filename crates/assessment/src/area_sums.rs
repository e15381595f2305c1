//! Sums of values weighted by area: what partials, blocks and zones are all made of.

use belcheer_zonal::NeumaierSum;
use serde::{Deserialize, Serialize};

/// Sums over the part of a zone. Weights are hectares: cell area times exact coverage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct AreaSums {
    /// Weight with a value, ha.
    pub sum_w: f64,
    /// Sum of weight times value.
    pub sum_wx: f64,
    /// Sum of weight times value squared.
    pub sum_wxx: f64,
    /// Weight of assessed cells without a value, ha.
    pub missing_w: f64,
    /// Cells with a value.
    pub n: u64,
}

impl AreaSums {
    /// Adds the sums of another part.
    pub fn merge(&mut self, other: &Self) {
        self.sum_w += other.sum_w;
        self.sum_wx += other.sum_wx;
        self.sum_wxx += other.sum_wxx;
        self.missing_w += other.missing_w;
        self.n += other.n;
    }

    /// The weighted mean, where there is any weight.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.sum_w > 0.0).then(|| self.sum_wx / self.sum_w)
    }

    /// Share of the assessed area with a value.
    #[must_use]
    pub fn coverage(&self) -> f64 {
        let all = self.sum_w + self.missing_w;
        if all > 0.0 { self.sum_w / all } else { 0.0 }
    }
}

/// [`AreaSums`] of many parts without the rounding of a long sum.
#[derive(Debug, Clone, Copy, Default)]
pub struct CompensatedSums {
    sums: [NeumaierSum; 4],
    n: u64,
}

impl CompensatedSums {
    /// Adds the sums of a part.
    pub fn add(&mut self, part: &AreaSums) {
        for (sum, x) in self.sums.iter_mut().zip([part.sum_w, part.sum_wx, part.sum_wxx, part.missing_w]) {
            sum.add(x);
        }
        self.n += part.n;
    }

    /// The sums of all parts.
    #[must_use]
    pub fn value(&self) -> AreaSums {
        let [sum_w, sum_wx, sum_wxx, missing_w] = self.sums.map(|sum| sum.value());
        AreaSums { sum_w, sum_wx, sum_wxx, missing_w, n: self.n }
    }
}
