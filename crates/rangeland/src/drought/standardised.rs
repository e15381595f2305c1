//! Standardised precipitation index (SPI) and standardised precipitation-evapotranspiration index (SPEI).

use libm::tgamma;
use statrs::function::gamma::checked_gamma_lr;

use crate::numeric::{mean, normal, sum};

/// Why a distribution was not fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StandardisedError {
    /// Too few years.
    #[error("{found} years are too few to fit a distribution; give {needed} or more")]
    TooFew {
        /// Years found.
        found: usize,
        /// Years needed.
        needed: usize,
    },
    /// A negative precipitation, or a number that is not finite.
    #[error("a year's precipitation or water balance is not possible; see its unit and its missing value")]
    Impossible,
    /// The years do not vary, or not in a way that the distribution can follow.
    #[error("the years do not vary in a way that the distribution can follow; no index can be given")]
    NoFit,
}

/// Gamma distribution of the precipitation of a season or of k months, with a share of dry years (SPI; McKee 1993).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrecipitationGamma {
    /// Share of years without any.
    pub dry_share: f64,
    /// Shape.
    pub shape: f64,
    /// Scale, mm.
    pub scale_mm: f64,
}

impl PrecipitationGamma {
    /// Fits by Thom's (1958) estimator of largest likelihood.
    ///
    /// # Errors
    /// With too few years, impossible values, or wet years that do not vary.
    pub fn fit(precipitation_mm: &[f64], years_min: usize) -> Result<Self, StandardisedError> {
        let found = precipitation_mm.len();
        if found < years_min {
            return Err(StandardisedError::TooFew { found, needed: years_min });
        }
        if !precipitation_mm.iter().all(|mm| mm.is_finite() && *mm >= 0.0) {
            return Err(StandardisedError::Impossible);
        }
        let wet: Vec<f64> = precipitation_mm.iter().copied().filter(|mm| *mm > 0.0).collect();
        let centre = mean(&wet).ok_or(StandardisedError::NoFit)?;
        let logs = mean(&wet.iter().map(|mm| mm.ln()).collect::<Vec<_>>()).ok_or(StandardisedError::NoFit)?;
        let spread = centre.ln() - logs;
        if spread.is_nan() || spread <= 1e-12 {
            return Err(StandardisedError::NoFit);
        }
        let shape = (1.0 + (1.0 + 4.0 * spread / 3.0).sqrt()) / (4.0 * spread);
        let dry_share = (found - wet.len()) as f64 / found as f64;
        Ok(Self { dry_share, shape, scale_mm: centre / shape })
    }

    /// SPI of an amount: the normal quantile of `q + (1 - q) G(x)`. `None` of an impossible amount.
    #[must_use]
    pub fn index(&self, precipitation_mm: f64) -> Option<f64> {
        if !(precipitation_mm.is_finite() && precipitation_mm >= 0.0) {
            return None;
        }
        let wet = match precipitation_mm {
            0.0 => 0.0,
            mm => checked_gamma_lr(self.shape, mm / self.scale_mm).ok()?,
        };
        bounded_quantile(self.dry_share + (1.0 - self.dry_share) * wet)
    }
}

/// Log-logistic distribution of precipitation less potential evapotranspiration (SPEI; Vicente-Serrano 2010).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogLogistic {
    /// Scale, mm.
    pub scale_mm: f64,
    /// Shape.
    pub shape: f64,
    /// Origin, mm.
    pub origin_mm: f64,
}

impl LogLogistic {
    /// Fits by unbiased probability-weighted moments (Hosking 1990).
    ///
    /// # Errors
    /// With too few years, impossible values, or moments that no log-logistic distribution has.
    pub fn fit(balance_mm: &[f64], years_min: usize) -> Result<Self, StandardisedError> {
        let found = balance_mm.len();
        if found < years_min.max(3) {
            return Err(StandardisedError::TooFew { found, needed: years_min.max(3) });
        }
        if !balance_mm.iter().all(|mm| mm.is_finite()) {
            return Err(StandardisedError::Impossible);
        }
        let mut ascending = balance_mm.to_vec();
        ascending.sort_unstable_by(f64::total_cmp);
        let n = found as f64;
        // of the share of years that lie above
        let moment = |above: &dyn Fn(f64) -> f64| {
            sum(ascending.iter().enumerate().map(|(rank, mm)| above(n - 1.0 - rank as f64) * mm)) / n
        };
        let w0 = moment(&|_| 1.0);
        let w1 = moment(&|above| above / (n - 1.0));
        let w2 = moment(&|above| above * (above - 1.0) / ((n - 1.0) * (n - 2.0)));
        let shape = (2.0 * w1 - w0) / (6.0 * w1 - w0 - 6.0 * w2);
        if !(shape > 1.0 && shape.is_finite()) {
            return Err(StandardisedError::NoFit);
        }
        let gammas = tgamma(1.0 + 1.0 / shape) * tgamma(1.0 - 1.0 / shape);
        let scale_mm = (w0 - 2.0 * w1) * shape / gammas;
        let fitted = Self { scale_mm, shape, origin_mm: w0 - scale_mm * gammas };
        if fitted.scale_mm > 0.0 && fitted.origin_mm.is_finite() { Ok(fitted) } else { Err(StandardisedError::NoFit) }
    }

    /// SPEI of a balance: the normal quantile of `1 / (1 + (scale / (x - origin))^shape)`. `None` of no number.
    #[must_use]
    pub fn index(&self, balance_mm: f64) -> Option<f64> {
        if !balance_mm.is_finite() {
            return None;
        }
        let above = balance_mm - self.origin_mm;
        bounded_quantile(if above <= 0.0 { 0.0 } else { 1.0 / (1.0 + (self.scale_mm / above).powf(self.shape)) })
    }
}

/// Normal quantile; shares next to 0 and 1, where it is endless, are taken at a ten-millionth.
fn bounded_quantile(share: f64) -> Option<f64> {
    const EDGE: f64 = 1e-7;
    let index = normal::quantile(share.clamp(EDGE, 1.0 - EDGE));
    index.is_finite().then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spi_follows_the_rank_and_the_dry_years() {
        let years: Vec<f64> = (0..30).map(|y| if y < 3 { 0.0 } else { 20.0 + 7.0 * f64::from(y) }).collect();
        let fitted = PrecipitationGamma::fit(&years, 10).unwrap();
        assert_eq!(fitted.dry_share, 0.1);
        // the mean of a gamma distribution is shape times scale
        let wet_mean = years.iter().sum::<f64>() / 27.0;
        assert!((fitted.shape * fitted.scale_mm - wet_mean).abs() < 1e-9);
        let index = |mm| fitted.index(mm).unwrap();
        assert!((index(0.0) - normal::quantile(0.1)).abs() < 1e-9);
        assert!(index(60.0) < index(120.0) && index(120.0) < index(220.0));
        assert_eq!(fitted.index(-1.0), None);
    }

    #[test]
    fn impossible_precipitation_is_refused() {
        let fit = |years: &[f64]| PrecipitationGamma::fit(years, 3);
        assert_eq!(fit(&[1.0, 2.0]), Err(StandardisedError::TooFew { found: 2, needed: 3 }));
        assert_eq!(fit(&[1.0, -2.0, 3.0]), Err(StandardisedError::Impossible));
        assert_eq!(fit(&[5.0, 5.0, 5.0]), Err(StandardisedError::NoFit));
        assert_eq!(fit(&[0.0, 0.0, 0.0]), Err(StandardisedError::NoFit));
    }

    #[test]
    fn spei_finds_the_distribution_that_the_years_have() {
        // quantiles of a log-logistic distribution of scale 120, shape 6, origin -200
        let n = 2000;
        let years: Vec<f64> = (0..n)
            .map(|i| {
                let share = (f64::from(i) + 0.5) / f64::from(n);
                -200.0 + 120.0 * (share / (1.0 - share)).powf(1.0 / 6.0)
            })
            .collect();
        let fitted = LogLogistic::fit(&years, 10).unwrap();
        assert!((fitted.shape - 6.0).abs() < 0.1, "{fitted:?}");
        assert!((fitted.scale_mm - 120.0).abs() < 2.0 && (fitted.origin_mm + 200.0).abs() < 2.0, "{fitted:?}");
        assert!(fitted.index(-80.0).unwrap().abs() < 0.02); // the median
        assert!(fitted.index(-5000.0).unwrap() < -5.0);
        assert_eq!(LogLogistic::fit(&[1.0; 20], 10), Err(StandardisedError::NoFit));
    }
}
