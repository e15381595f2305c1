//! Sums that lose no digits, and can be merged.

/// A compensated sum (Neumaier 1974): the rounding error of every addition is carried along.
///
/// ```
/// let mut sum = belcheer_zonal::NeumaierSum::default();
/// for x in [1.0, 1e100, 1.0, -1e100] {
///     sum.add(x);
/// }
/// assert_eq!(sum.value(), 2.0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct NeumaierSum {
    sum: f64,
    compensation: f64,
}

impl NeumaierSum {
    /// Adds one number.
    pub fn add(&mut self, x: f64) {
        let sum = self.sum + x;
        let lost = if self.sum.abs() >= x.abs() { (self.sum - sum) + x } else { (x - sum) + self.sum };
        self.compensation += lost;
        self.sum = sum;
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.add(other.sum);
        self.compensation += other.compensation;
    }

    /// The sum.
    #[must_use]
    pub fn value(&self) -> f64 {
        // An infinite addend leaves NaN in the compensation.
        if self.sum.is_finite() { self.sum + self.compensation } else { self.sum }
    }
}

/// Weight, mean and weighted sum of squared deviations of the values seen.
///
/// Single values are added by the update of West (1979), whole sets by that of Chan, Golub and LeVeque (1979);
/// both stay accurate when the mean is large beside the spread. The population variance is `m2 / weight`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    /// Sum of weights.
    pub weight: f64,
    /// Weighted mean.
    pub mean: f64,
    /// Weighted sum of squared deviations from the mean.
    pub m2: f64,
}

impl Moments {
    /// The moments of values that each have weight 1.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        if values.is_empty() {
            return Self::default();
        }
        let weight = values.len() as f64;
        let mean = lane_sum(values, |x| x) / weight;
        // The second term removes what rounding of the mean adds (Chan, Golub and LeVeque 1983).
        let drift = lane_sum(values, |x| x - mean);
        let m2 = lane_sum(values, |x| (x - mean) * (x - mean)) - drift * drift / weight;
        Self { weight, mean: mean + drift / weight, m2: m2.max(0.0) }
    }

    /// Adds one value; a weight of zero changes nothing.
    pub fn add(&mut self, value: f64, weight: f64) {
        self.merge(&Self { weight, mean: value, m2: 0.0 });
    }

    /// Adds the moments of another set of values.
    pub fn merge(&mut self, other: &Self) {
        if other.weight == 0.0 {
            return;
        }
        if self.weight == 0.0 {
            *self = *other;
            return;
        }
        let weight = self.weight + other.weight;
        let difference = other.mean - self.mean;
        let share = other.weight / weight;
        self.m2 += other.m2 + difference * difference * self.weight * share;
        self.mean += difference * share;
        self.weight = weight;
    }

    /// The population variance; NaN without weight.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.m2 / self.weight
    }
}

/// The sum of `f` over a slice, in eight interleaved partial sums: the same bits on every machine, and
/// short chains of additions.
pub(crate) fn lane_sum(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; 8];
    let mut chunks = values.chunks_exact(8);
    for chunk in &mut chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane += f(x);
        }
    }
    let rest: f64 = chunks.remainder().iter().map(|&x| f(x)).sum();
    ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7])) + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn variance_survives_a_large_mean() {
        let values: Vec<f64> = (0..1000).map(|i| 1e9 + f64::from(i % 2)).collect();
        assert!((Moments::of(&values).variance() - 0.25).abs() < 1e-9);
    }

    #[test]
    fn infinity_stays_infinite() {
        let mut sum = NeumaierSum::default();
        sum.add(f64::INFINITY);
        sum.add(1.0);
        assert_eq!(sum.value(), f64::INFINITY);
    }

    proptest! {
        #[test]
        fn merging_moments_is_associative(
            a in prop::collection::vec((-100.0..100.0f64, 0.0..1.0f64), 0..20),
            b in prop::collection::vec((-100.0..100.0f64, 0.0..1.0f64), 0..20),
            c in prop::collection::vec((-100.0..100.0f64, 0.0..1.0f64), 1..20),
        ) {
            let of = |cells: &[(f64, f64)]| {
                let mut m = Moments::default();
                cells.iter().for_each(|&(x, w)| m.add(x, w));
                m
            };
            let mut left = of(&a);
            left.merge(&of(&b));
            left.merge(&of(&c));
            let mut tail = of(&b);
            tail.merge(&of(&c));
            let mut right = of(&a);
            right.merge(&tail);
            prop_assert!((left.weight - right.weight).abs() <= 1e-12 * right.weight.max(1.0));
            prop_assert!((left.mean - right.mean).abs() <= 1e-12 * 100.0);
            prop_assert!((left.m2 - right.m2).abs() <= 1e-12 * right.m2.max(1e4));
        }
    }
}
