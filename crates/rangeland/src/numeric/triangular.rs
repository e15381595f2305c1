//! Triangular distribution: lowest, most likely and highest value.

use serde::Deserialize;

use super::normal;

/// A triangle of lowest, most likely and highest value; a point when all three are equal.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triangular {
    /// Lowest possible value.
    pub low: f64,
    /// Most likely value.
    pub mode: f64,
    /// Highest possible value.
    pub high: f64,
}

impl Triangular {
    /// Whether the three values are finite and in order.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.low.is_finite() && self.high.is_finite() && self.low <= self.mode && self.mode <= self.high
    }

    /// The value below which the given share of the distribution lies; the share is held to 0..=1.
    ///
    /// ```
    /// use belcheer_rangeland::uncertainty::Triangular;
    /// let intake = Triangular { low: 1.1, mode: 1.4, high: 1.9 };
    /// assert!((intake.quantile((1.4 - 1.1) / (1.9 - 1.1)) - 1.4).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        let width = self.high - self.low;
        if width <= 0.0 {
            return self.mode;
        }
        let share = normal::held_inside(share);
        if share <= (self.mode - self.low) / width {
            self.low + (share * width * (self.mode - self.low)).sqrt()
        } else {
            self.high - ((1.0 - share) * width * (self.high - self.mode)).sqrt()
        }
    }
}
