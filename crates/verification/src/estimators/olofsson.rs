//! Area and accuracy of mapped classes from a stratified reference sample (Olofsson et al. 2014); areas in the unit given.
//!
//! ```text
//! p_ij = W_i n_ij / n_i.      area_j = A sum_i p_ij
//! S(p_.j)² = sum_i W_i² (n_ij/n_i.)(1 - n_ij/n_i.) / (n_i. - 1)
//! ```
//! Strata are the mapped classes, rows of the error matrix; reference classes are its columns.

use serde::{Deserialize, Serialize};

/// One reference class: its area and the accuracies of its map class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassArea {
    /// Estimated share of the total area.
    pub share: f64,
    /// Its standard error.
    pub share_se: f64,
    /// Estimated area.
    pub area: f64,
    /// Its standard error.
    pub area_se: f64,
    /// User's accuracy.
    pub users_accuracy: f64,
    /// Standard error of the user's accuracy.
    pub users_accuracy_se: f64,
    /// Producer's accuracy; `None` for a class estimated to have no area.
    pub producers_accuracy: Option<f64>,
    /// Standard error of the producer's accuracy.
    pub producers_accuracy_se: Option<f64>,
}

/// Areas and accuracies of a map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaEstimate {
    /// By class, in the order of the matrix.
    pub classes: Vec<ClassArea>,
    /// Overall accuracy.
    pub overall_accuracy: f64,
    /// Its standard error.
    pub overall_accuracy_se: f64,
}

/// Why no areas were estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AreaError {
    /// The matrix is not square, or does not match the areas.
    #[error("the error matrix is not square with one mapped area a class; give {classes} rows of {classes} counts")]
    Shape {
        /// Mapped areas given.
        classes: usize,
    },
    /// A stratum has fewer than two samples.
    #[error("map class {class} (from 0) has {found} reference samples; at least 2 are needed, 50 are advised")]
    TooFewSamples {
        /// The class.
        class: usize,
        /// Samples found.
        found: u64,
    },
    /// A mapped area is negative or not a number, or all are zero.
    #[error("the mapped areas must be 0 or more and not all 0")]
    MappedArea,
}

/// Estimates areas from an error matrix (rows mapped, columns reference) and the mapped areas.
///
/// # Errors
/// When the matrix is not square, a mapped class has fewer than two samples, or an area is negative.
pub fn estimate_areas(matrix: &[Vec<u64>], mapped_areas: &[f64]) -> Result<AreaEstimate, AreaError> {
    let q = mapped_areas.len();
    if q == 0 || matrix.len() != q || matrix.iter().any(|row| row.len() != q) {
        return Err(AreaError::Shape { classes: q });
    }
    let total: f64 = mapped_areas.iter().sum();
    if mapped_areas.iter().any(|a| *a < 0.0) || !(total > 0.0 && total.is_finite()) {
        return Err(AreaError::MappedArea);
    }
    let mut strata = Vec::with_capacity(q);
    for (class, (row, area)) in matrix.iter().zip(mapped_areas).enumerate() {
        let n = row.iter().fold(0_u64, |n, count| n.saturating_add(*count));
        if n < 2 {
            return Err(AreaError::TooFewSamples { class, found: n });
        }
        let shares = row.iter().map(|count| *count as f64 / n as f64).collect();
        strata.push(Stratum { weight: area / total, spare: (n - 1) as f64, shares });
    }
    let classes: Vec<ClassArea> = (0..q).map(|j| class_area(&strata, j, total)).collect();
    let own = |(i, s): (usize, &Stratum)| s.weight * s.share(i);
    let variance = |(i, s): (usize, &Stratum)| s.weight.powi(2) * s.variance(i);
    Ok(AreaEstimate {
        overall_accuracy: strata.iter().enumerate().map(own).sum(),
        overall_accuracy_se: strata.iter().enumerate().map(variance).sum::<f64>().sqrt(),
        classes,
    })
}

/// A mapped class: its share of the area and what its samples were found to be.
struct Stratum {
    weight: f64,
    /// Samples less one.
    spare: f64,
    shares: Vec<f64>,
}

impl Stratum {
    fn share(&self, class: usize) -> f64 {
        self.shares.get(class).copied().unwrap_or(0.0)
    }

    /// Variance of the sampled share of a class.
    fn variance(&self, class: usize) -> f64 {
        let p = self.share(class);
        p * (1.0 - p) / self.spare
    }
}

fn class_area(strata: &[Stratum], j: usize, total: f64) -> ClassArea {
    let share: f64 = strata.iter().map(|s| s.weight * s.share(j)).sum();
    let share_se = strata.iter().map(|s| s.weight.powi(2) * s.variance(j)).sum::<f64>().sqrt();
    let own = strata.get(j);
    let weight = own.map_or(0.0, |s| s.weight);
    let users_accuracy = own.map_or(0.0, |s| s.share(j));
    let users_variance = own.map_or(0.0, |s| s.variance(j));
    let producers_accuracy = (share > 0.0).then(|| weight * users_accuracy / share);
    let producers_accuracy_se = producers_accuracy.map(|pa| {
        let others = strata.iter().enumerate().filter(|(i, _)| *i != j);
        let missed: f64 = others.map(|(_, s)| s.weight.powi(2) * s.variance(j)).sum();
        ((weight * (1.0 - pa)).powi(2) * users_variance + pa * pa * missed).sqrt() / share
    });
    ClassArea {
        share,
        share_se,
        area: total * share,
        area_se: total * share_se,
        users_accuracy,
        users_accuracy_se: users_variance.sqrt(),
        producers_accuracy,
        producers_accuracy_se,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!((found / expected - 1.0).abs() < tolerance, "{found} expected {expected}");
    }

    #[test]
    fn known_answer_15() {
        let matrix = vec![vec![66, 0, 5, 4], vec![0, 55, 8, 12], vec![1, 0, 153, 11], vec![2, 1, 9, 313]];
        let hectares = [200_000.0, 150_000.0, 3_200_000.0, 6_450_000.0].map(|pixels| pixels * 0.09);
        let found = estimate_areas(&matrix, &hectares).unwrap();
        let areas = [21_157.762_2, 11_686.153_8, 285_769.930_1, 581_386.153_8];
        let half_widths = [6_157.634_4, 3_755.826_0, 15_509.836_3, 16_281.656_4];
        let producers = [0.7487, 0.8472, 0.9345, 0.9616];
        let users = [0.88, 0.7333, 0.9273, 0.9631];
        for (i, class) in found.classes.iter().enumerate() {
            near(class.area, areas[i], 1e-6);
            near(1.96 * class.area_se, half_widths[i], 1e-6);
            assert!((class.users_accuracy - users[i]).abs() < 5.1e-5);
            assert!((class.producers_accuracy.unwrap() - producers[i]).abs() < 5.1e-5);
        }
        near(found.overall_accuracy, 0.946_511_9, 1e-6);
        // Published: producer's accuracy of deforestation 0.75 +- 0.21, user's 0.88 +- 0.07, overall 0.95 +- 0.02.
        assert!((1.96 * found.classes[0].producers_accuracy_se.unwrap() - 0.21).abs() < 0.006);
        assert!((1.96 * found.classes[0].users_accuracy_se - 0.07).abs() < 0.006);
        assert!((1.96 * found.overall_accuracy_se - 0.02).abs() < 0.006);
    }

    #[test]
    fn known_answer_16() {
        let matrix = vec![vec![40, 8, 2], vec![10, 85, 5], vec![1, 9, 40]];
        let found = estimate_areas(&matrix, &[60_000.0, 150_000.0, 40_000.0]).unwrap();
        let expected = [
            (0.2552, 0.022_925_84, 63_800.0, 11_233.66),
            (0.5772, 0.026_433_66, 144_300.0, 12_952.49),
            (0.1676, 0.017_362_57, 41_900.0, 8_507.66),
        ];
        for (class, (share, se, area, half_width)) in found.classes.iter().zip(expected) {
            near(class.share, share, 1e-6);
            near(class.share_se, se, 1e-6);
            near(class.area, area, 1e-6);
            near(1.96 * class.area_se, half_width, 1e-6);
        }
        near(found.overall_accuracy, 0.83, 1e-6);
    }

    #[test]
    fn unusable_samples_are_refused_by_class() {
        let refused = |m: &[Vec<u64>], a: &[f64]| estimate_areas(m, a).unwrap_err();
        assert_eq!(refused(&[vec![1, 2]], &[1.0]), AreaError::Shape { classes: 1 });
        let single = [vec![5, 0], vec![0, 1]];
        assert_eq!(refused(&single, &[1.0, 1.0]), AreaError::TooFewSamples { class: 1, found: 1 });
        assert_eq!(refused(&[vec![5]], &[-1.0]), AreaError::MappedArea);
        assert_eq!(refused(&[], &[]), AreaError::Shape { classes: 0 });
    }
}
