//! Theil-Sen slope: the median of the slopes of all pairs.

use super::{TrendError, check};
use crate::numeric::median;

/// A line `value = intercept + slope * time`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SenLine {
    /// Change of value per unit of time.
    pub slope: f64,
    /// Value at time 0: median value less slope times median time.
    pub intercept: f64,
}

/// Theil-Sen line (Theil 1950, Sen 1968): `slope = median over j<k of (x_k - x_j)/(t_k - t_j)`,
/// `intercept = median(x) - slope * median(t)`.
///
/// # Errors
/// With fewer than two values, times that do not strictly increase, or a number or slope that is not finite.
///
/// ```
/// use belcheer_rangeland::trend::theil_sen;
/// let line = theil_sen(&[1.0, 2.0, 3.0, 4.0], &[10.0, 12.0, 14.0, 90.0])?;
/// assert_eq!(line.slope, (2.0 + 80.0 / 3.0) / 2.0);
/// # Ok::<(), belcheer_rangeland::trend::TrendError>(())
/// ```
pub fn theil_sen(times: &[f64], values: &[f64]) -> Result<SenLine, TrendError> {
    theil_sen_in(times, values, &mut Vec::new())
}

/// [`theil_sen`] with room for the slopes of the pairs that the caller keeps.
///
/// # Errors
/// As [`theil_sen`].
pub fn theil_sen_in(times: &[f64], values: &[f64], room: &mut Vec<f64>) -> Result<SenLine, TrendError> {
    check(times, values)?;
    room.clear();
    for j in 0..values.len() {
        let later = times[j + 1..].iter().zip(&values[j + 1..]);
        room.extend(later.map(|(t, x)| (x - values[j]) / (t - times[j])));
    }
    if !room.iter().all(|slope| slope.is_finite()) {
        return Err(TrendError::NotFinite);
    }
    let slope = median(room).ok_or(TrendError::NotFinite)?;
    let mut middle = |numbers: &[f64]| {
        room.clear();
        room.extend_from_slice(numbers);
        median(room).ok_or(TrendError::NotFinite)
    };
    let intercept = middle(values)? - slope * middle(times)?;
    Ok(SenLine { slope, intercept })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_line_is_found_through_any_gaps(
            steps in prop::collection::vec(1..4_i32, 3..30),
            slope in -8..8_i32,
        ) {
            let times: Vec<f64> = steps.iter().scan(2000, |t, s| { *t += s; Some(f64::from(*t)) }).collect();
            let values: Vec<f64> = times.iter().map(|t| 5.0 + f64::from(slope) * t).collect();
            let line = theil_sen(&times, &values).unwrap();
            prop_assert_eq!(line, SenLine { slope: f64::from(slope), intercept: 5.0 });
        }

        #[test]
        fn kept_room_changes_nothing(values in prop::collection::vec(-1.0..1.0_f64, 2..30)) {
            let times: Vec<f64> = (0..values.len()).map(|t| t as f64).collect();
            let mut used = vec![f64::NAN; 99];
            prop_assert_eq!(theil_sen(&times, &values), theil_sen_in(&times, &values, &mut used));
        }
    }
}
