//! Small areas (PUG, bag, sparse soum): EBLUP after Fay & Herriot (1979), benchmarked to the soum, with the rule of what
//! may be published; in the estimates' unit.
//!
//! ```text
//! direct_i = x_i'b + v_i + e_i      var v = sigma_v² (REML), var e_i = psi_i known
//! eblup_i = gamma_i direct_i + (1 - gamma_i) x_i'b      gamma_i = sigma_v² / (sigma_v² + psi_i)
//! MSE_i = g1 + g2 + 2 g3      (Prasad & Rao 1990; Datta & Lahiri 2000 for REML)
//! benchmarked_i = eblup_i + (soum - sum_j a_j eblup_j)      a_j area shares
//! ```

#![allow(clippy::indexing_slicing)]

use nalgebra::{DMatrix, DVector};
use serde::{Deserialize, Serialize};

use super::fay_herriot::shrink;
use crate::sums::sum;

/// One area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Direct estimate.
    pub direct: f64,
    /// Its sampling variance, known and positive.
    pub psi: f64,
    /// Covariates, the same list for all areas; an intercept is not added.
    pub covariates: Vec<f64>,
}

/// What may be done with an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// Publish.
    Publish,
    /// Publish with a warning.
    Warn,
    /// Do not publish: insufficient evidence.
    Suppress,
}

impl Release {
    /// The word used in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Warn => "warn",
            Self::Suppress => "suppress",
        }
    }
}

/// One area's composite estimate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Eblup {
    /// The estimate.
    pub estimate: f64,
    /// Weight of the direct estimate.
    pub gamma: f64,
    /// Mean squared error.
    pub mse: f64,
}

/// The fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct FayHerriot {
    /// Variance between areas that covariates do not explain.
    pub sigma_v_squared: f64,
    /// Coefficients.
    pub coefficients: Vec<f64>,
    /// One estimate an area.
    pub areas: Vec<Eblup>,
    covariance: DMatrix<f64>,
}

impl FayHerriot {
    /// The estimate of an area without a direct one: `x'b`, its error `sigma_v² + x' cov(b) x`.
    ///
    /// `None` when the covariates differ in number from those of the model.
    #[must_use]
    pub fn synthetic(&self, covariates: &[f64]) -> Option<Eblup> {
        if covariates.len() != self.coefficients.len() {
            return None;
        }
        let row = DVector::from_column_slice(covariates);
        let estimate = row.dot(&DVector::from_column_slice(&self.coefficients));
        let mse = self.sigma_v_squared + row.dot(&(&self.covariance * &row));
        Some(Eblup { estimate, gamma: 0.0, mse })
    }
}

/// Why no small areas were estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SmallAreaError {
    /// Not more areas than covariates.
    #[error("{areas} areas cannot carry {covariates} covariates; give at least {needed} areas")]
    TooFewAreas {
        /// Areas.
        areas: usize,
        /// Covariates.
        covariates: usize,
        /// Needed.
        needed: usize,
    },
    /// A number is not finite, a variance not positive, or covariates differ in number or depend on each other.
    #[error("the areas cannot be fitted; give finite values, positive sampling variances and independent covariates")]
    Values,
}

/// Fits the model by restricted maximum likelihood and predicts every area.
///
/// # Errors
/// When areas do not outnumber covariates by at least two, or values cannot be fitted.
pub fn fay_herriot(areas: &[Area]) -> Result<FayHerriot, SmallAreaError> {
    let k = areas.first().map_or(0, |a| a.covariates.len());
    if k == 0 || areas.len() < k + 2 {
        return Err(SmallAreaError::TooFewAreas { areas: areas.len(), covariates: k, needed: k + 2 });
    }
    let sound = |a: &Area| {
        a.direct.is_finite()
            && a.psi.is_finite()
            && a.psi > 0.0
            && a.covariates.len() == k
            && a.covariates.iter().all(|c| c.is_finite())
    };
    if !areas.iter().all(sound) {
        return Err(SmallAreaError::Values);
    }
    let x = DMatrix::from_fn(areas.len(), k, |i, j| areas[i].covariates[j]);
    let y = DVector::from_fn(areas.len(), |i, _| areas[i].direct);
    let psi: Vec<f64> = areas.iter().map(|a| a.psi).collect();
    let sigma = between_variance(&x, &y, &psi).ok_or(SmallAreaError::Values)?;
    let at = Weighted::new(&x, &y, &psi, sigma).ok_or(SmallAreaError::Values)?;
    let information = 0.5 * sum(psi.iter().map(|p| (sigma + p).powi(-2)));
    let predicted = (0..areas.len()).map(|i| {
        let row = x.row(i).transpose();
        let shrunk = shrink(areas[i].direct, psi[i], row.dot(&at.coefficients), sigma)?;
        let g2 = (1.0 - shrunk.gamma).powi(2) * row.dot(&(&at.covariance * &row));
        let g3 = psi[i] * psi[i] / (sigma + psi[i]).powi(3) / information;
        Some(Eblup { estimate: shrunk.estimate, gamma: shrunk.gamma, mse: shrunk.mse + g2 + 2.0 * g3 })
    });
    let predicted: Option<Vec<Eblup>> = predicted.collect();
    Ok(FayHerriot {
        sigma_v_squared: sigma,
        areas: predicted.ok_or(SmallAreaError::Values)?,
        coefficients: at.coefficients.iter().copied().collect(),
        covariance: at.covariance,
    })
}

/// Weighted least squares at one variance between areas.
struct Weighted {
    coefficients: DVector<f64>,
    covariance: DMatrix<f64>,
    /// Derivative of the restricted log-likelihood, times two.
    score: f64,
}

impl Weighted {
    fn new(x: &DMatrix<f64>, y: &DVector<f64>, psi: &[f64], sigma: f64) -> Option<Self> {
        let weight = DVector::from_iterator(psi.len(), psi.iter().map(|p| 1.0 / (sigma + p)));
        let scaled = DMatrix::from_fn(x.nrows(), x.ncols(), |i, j| weight[i] * x[(i, j)]);
        let covariance = (x.transpose() * &scaled).cholesky()?.inverse();
        let coefficients = &covariance * (scaled.transpose() * y);
        let residuals = y - x * &coefficients;
        let squares = sum((0..psi.len()).map(|i| (weight[i] * residuals[i]).powi(2)));
        let trace = sum(weight.iter().copied()) - (&covariance * (scaled.transpose() * &scaled)).trace();
        Some(Self { coefficients, covariance, score: squares - trace })
    }
}

/// The root of the restricted score, zero where the score is negative at zero.
fn between_variance(x: &DMatrix<f64>, y: &DVector<f64>, psi: &[f64]) -> Option<f64> {
    let score = |sigma| Weighted::new(x, y, psi, sigma).map(|w| w.score);
    if score(0.0)? <= 0.0 {
        return Some(0.0);
    }
    let mut high = psi.iter().copied().fold(0.0, f64::max);
    let mut low = 0.0;
    while score(high)? > 0.0 {
        low = high;
        high *= 2.0;
        if !high.is_finite() {
            return None;
        }
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if score(middle)? > 0.0 {
            low = middle
        } else {
            high = middle
        }
        if high - low <= f64::EPSILON * high {
            break;
        }
    }
    Some(0.5 * (low + high))
}

/// Moves estimates so that their area-weighted mean is the soum's; `None` when shares do not sum to one or differ in
/// number.
#[must_use]
pub fn benchmark(estimates: &[f64], area_shares: &[f64], soum: f64) -> Option<Vec<f64>> {
    let whole = (sum(area_shares.iter().copied()) - 1.0).abs() < 1e-9;
    if estimates.len() != area_shares.len() || !whole || area_shares.iter().any(|a| *a < 0.0) {
        return None;
    }
    let gap = soum - sum(estimates.iter().zip(area_shares).map(|(e, a)| e * a));
    Some(estimates.iter().map(|e| e + gap).collect())
}

/// Whether an estimate may be published, by its coefficient of variation: at most .20 yes, at most .33 with a warning.
///
/// ```
/// use belcheer_verification::estimators::small_areas::{Release, release};
/// assert_eq!(release(10.0, 4.0), Release::Publish);
/// assert_eq!(release(10.0, 9.0), Release::Warn);
/// assert_eq!(release(0.0, 1.0), Release::Suppress);
/// ```
#[must_use]
pub fn release(estimate: f64, mse: f64) -> Release {
    let cv = mse.sqrt() / estimate.abs();
    if cv <= 0.20 {
        Release::Publish
    } else if cv <= 0.33 {
        Release::Warn
    } else {
        Release::Suppress
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_agree_with_the_whole_after_benchmarking() {
        let moved = benchmark(&[1.0, 2.0, 3.0], &[0.5, 0.25, 0.25], 2.0).unwrap();
        assert!((0.5 * moved[0] + 0.25 * moved[1] + 0.25 * moved[2] - 2.0).abs() < 1e-12);
        assert_eq!(benchmark(&[1.0], &[0.5], 2.0), None);
    }

    #[test]
    fn areas_that_differ_by_chance_alone_are_shrunk_wholly() {
        let area = |direct| Area { direct, psi: 1.0, covariates: vec![1.0] };
        let found = fay_herriot(&[area(1.0), area(1.1), area(0.9), area(1.05)]).unwrap();
        assert_eq!(found.sigma_v_squared, 0.0);
        assert!(found.areas.iter().all(|a| (a.estimate - 1.0125).abs() < 1e-12 && a.mse > 0.0));
        assert!(matches!(fay_herriot(&[area(1.0), area(2.0)]), Err(SmallAreaError::TooFewAreas { needed: 3, .. })));
        let bad = Area { psi: 0.0, ..area(1.0) };
        assert_eq!(fay_herriot(&[bad, area(1.0), area(2.0)]), Err(SmallAreaError::Values));
    }
}
