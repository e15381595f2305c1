//! Critical values of Kendall's S by length of the series.

use serde::Deserialize;

use crate::sets::{Fault, parameter_set};

/// Confidence of a critical value, as the table names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// 90 percent.
    C90,
    /// 95 percent.
    C95,
    /// 99 percent.
    C99,
}

/// Critical values of one confidence.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriticalValues {
    /// Length of the series to which the first value belongs.
    pub first_n: usize,
    /// Values of |S| for that and each greater length.
    pub s: Vec<u32>,
}

parameter_set!(
    /// Critical values of |S|: a trend is significant when |S| is at least the value.
    KendallTable, "Kendall table", "kendall.toml" {
        /// At 90 percent.
        confidence_90: CriticalValues,
        /// At 95 percent.
        confidence_95: CriticalValues,
        /// At 99 percent.
        confidence_99: CriticalValues,
    }
);

impl KendallTable {
    fn first_fault(&self) -> Result<(), Fault> {
        let levels = [&self.confidence_90, &self.confidence_95, &self.confidence_99];
        levels.into_iter().try_for_each(|level| {
            let rising = level.first_n >= 4 && !level.s.is_empty() && level.s.windows(2).all(|w| w[0] <= w[1]);
            Fault::unless("first_n", level.first_n as f64, rising, "4 or more, with values that never fall")
        })
    }

    /// The critical value for a series of `n` values; `None` outside the table.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, trend::{Confidence, KendallTable}};
    /// let table = KendallTable::by_name("kendall_trends_earth")?;
    /// assert_eq!(table.critical(15, Confidence::C95), Some(33));
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn critical(&self, n: usize, confidence: Confidence) -> Option<u32> {
        let level = match confidence {
            Confidence::C90 => &self.confidence_90,
            Confidence::C95 => &self.confidence_95,
            Confidence::C99 => &self.confidence_99,
        };
        level.s.get(n.checked_sub(level.first_n)?).copied()
    }
}

/// Exact two-sided p value of Kendall's S for `n` values without ties: the share of orders of `n` values with |S| as
/// large or larger (Kendall 1938). `None` for fewer than two or more than 170 values.
///
/// ```
/// use belcheer_rangeland::trend::exact_two_sided_p;
/// assert_eq!(exact_two_sided_p(3, 3), Some(2.0 / 6.0)); // two of the six orders of three values
/// ```
#[must_use]
pub fn exact_two_sided_p(n: usize, s: i64) -> Option<f64> {
    if !(2..=170).contains(&n) {
        return None;
    }
    // shares of the orders by number of inversions, built up value by value
    let mut shares = vec![1.0_f64];
    for k in 2..=n {
        let mut next = vec![0.0; shares.len() + k - 1];
        for (inversions, share) in shares.iter().enumerate() {
            for target in next.iter_mut().skip(inversions).take(k) {
                *target += share / k as f64;
            }
        }
        shares = next;
    }
    let pairs = (n * (n - 1) / 2) as u64;
    if s == 0 {
        return Some(1.0);
    }
    let fewest = pairs.checked_sub(s.unsigned_abs()).map(|falling| falling / 2);
    let Some(fewest) = fewest else { return Some(0.0) };
    let tail: f64 = shares.iter().take(fewest as usize + 1).sum();
    Some((2.0 * tail).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn the_exact_table_is_the_exact_distribution() {
        let table = KendallTable::by_name("kendall_exact_two_sided").unwrap();
        for n in 4..=60 {
            for (confidence, alpha) in [(Confidence::C90, 0.1), (Confidence::C95, 0.05), (Confidence::C99, 0.01)] {
                let largest = (n * (n - 1) / 2) as i64;
                match table.critical(n, confidence) {
                    Some(critical) => {
                        let critical = i64::from(critical);
                        assert!(exact_two_sided_p(n, critical).unwrap() <= alpha * (1.0 + 1e-12), "n {n}");
                        assert!(exact_two_sided_p(n, critical - 2).unwrap() > alpha, "n {n} {confidence:?}");
                    }
                    None => assert!(exact_two_sided_p(n, largest).unwrap() > alpha, "n {n} {confidence:?}"),
                }
            }
        }
        assert_eq!(table.critical(61, Confidence::C90), None);
        assert_eq!(table.critical(0, Confidence::C90), None);
    }

    #[test]
    fn edges_of_the_distribution() {
        assert_eq!(exact_two_sided_p(1, 0), None);
        assert_eq!(exact_two_sided_p(4, 0), Some(1.0));
        assert_eq!(exact_two_sided_p(4, 7), Some(0.0));
        assert_eq!(exact_two_sided_p(4, i64::MIN), Some(0.0));
        assert!((exact_two_sided_p(7, -21).unwrap() - 2.0 / 5040.0).abs() < 1e-18);
    }
}
