//! Quantile and median of finite numbers.

/// Quantile of ascending values by linear interpolation between order statistics (Hyndman & Fan 1996, type 7).
/// `None` of nothing or for a share outside 0..=1.
pub(crate) fn quantile_sorted(ascending: &[f64], share: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&share) {
        return None;
    }
    let position = ascending.len().checked_sub(1)? as f64 * share;
    let lower = *ascending.get(position.floor() as usize)?;
    let upper = *ascending.get(position.ceil() as usize)?;
    Some(lower + (position - position.floor()) * (upper - lower))
}

/// Median; the values are reordered. `None` of nothing.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let (below, middle, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    let upper = *middle;
    if n % 2 == 1 {
        return Some(upper);
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some((lower + upper) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate() {
        let values = [1.0, 2.0, 3.0, 5.0];
        assert_eq!(quantile_sorted(&values, 0.0), Some(1.0));
        assert_eq!(quantile_sorted(&values, 0.5), Some(2.5));
        assert_eq!(quantile_sorted(&values, 1.0), Some(5.0));
        assert_eq!(quantile_sorted(&values, f64::NAN), None);
        assert_eq!(quantile_sorted(&[], 0.5), None);
    }

    #[test]
    fn the_median_is_the_middle_or_between_the_two_middles() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
