//! Shrinkage of a small area's direct estimate towards a synthetic one (Fay & Herriot 1979), in the estimates' unit.

use serde::{Deserialize, Serialize};

/// A composite estimate of a small area.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shrunk {
    /// `gamma direct + (1 - gamma) synthetic`.
    pub estimate: f64,
    /// Weight of the direct estimate: `sigma_v² / (sigma_v² + psi)`.
    pub gamma: f64,
    /// Leading term of the mean squared error: `gamma psi`.
    pub mse: f64,
}

/// Shrinks `direct` (sampling variance `psi`) towards `synthetic` with model variance `sigma_v_squared`.
///
/// `None` for a negative or missing variance, or when both are zero.
#[must_use]
pub fn shrink(direct: f64, psi: f64, synthetic: f64, sigma_v_squared: f64) -> Option<Shrunk> {
    let total = sigma_v_squared + psi;
    let finite = (total + direct + synthetic).is_finite();
    if !(finite && psi >= 0.0 && sigma_v_squared >= 0.0 && total > 0.0) {
        return None;
    }
    let gamma = sigma_v_squared / total;
    Some(Shrunk { estimate: gamma * direct + (1.0 - gamma) * synthetic, gamma, mse: gamma * psi })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answer_24() {
        let found = shrink(0.10, 0.09, -0.05, 0.04).unwrap();
        assert!((found.gamma / 0.307_692_3 - 1.0).abs() < 1e-6);
        assert!((found.estimate / -0.003_846_15 - 1.0).abs() < 2e-6);
        assert!((found.mse / 0.027_692_3 - 1.0).abs() < 1e-6);
        assert_eq!(shrink(0.1, 0.0, 0.0, 0.0), None);
        assert_eq!(shrink(0.1, -1.0, 0.0, 2.0), None);
    }
}
