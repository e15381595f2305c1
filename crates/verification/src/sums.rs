//! Compensated sums, so that a total does not depend on how large its parts are.

/// The sum of some values after Neumaier (1974); exact to rounding for any order of magnitude.
pub(crate) fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

/// The arithmetic mean; `None` for no values.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| sum(values.iter().copied()) / values.len() as f64)
}

/// The sample variance (n - 1); `None` for fewer than two values.
///
/// Values that differ by no more than rounding have variance zero.
pub(crate) fn variance(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let centre = mean(values)?;
    let spread = sum(values.iter().map(|v| (v - centre).powi(2))) / (values.len() - 1) as f64;
    let rounding = values.iter().fold(0.0_f64, |m, v| m.max(v.abs())) * 1e-13;
    Some(if spread.sqrt() <= rounding { 0.0 } else { spread })
}

/// The median of values already sorted; `None` for no values.
pub(crate) fn sorted_median(values: &[f64]) -> Option<f64> {
    let middle = values.len() / 2;
    let upper = values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(*upper);
    }
    values.get(middle.checked_sub(1)?).map(|lower| 0.5 * (lower + upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_and_small_values_do_not_lose_each_other() {
        assert_eq!(sum([1.0, 1e100, 1.0, -1e100]), 2.0);
        assert_eq!(variance(&[0.1 + 0.2, 0.3, 0.3]), Some(0.0));
        assert_eq!(variance(&[1.0, 3.0]), Some(2.0));
        assert_eq!(
            (sorted_median(&[1.0, 2.0, 4.0]), sorted_median(&[1.0, 2.0]), sorted_median(&[])),
            (Some(2.0), Some(1.5), None)
        );
    }
}
