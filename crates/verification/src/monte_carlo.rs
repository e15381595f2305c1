//! Seeded random streams, draws and percentile intervals for propagated uncertainty.
//!
//! A stream is named by a seed and a key, such as `score/06404/I1`. The same name gives the same draws whatever other
//! streams are used, in whatever order and on whatever thread.

use belcheer_domain::{Digest, Indicator, SoumCode};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;

use crate::student::normal_quantile;

/// One stream of random numbers: ChaCha with 12 rounds.
pub type Stream = ChaCha12Rng;

/// The stream of a seed and a key.
///
/// The generator's 256-bit key is the SHA-256 of the seed (16 hexadecimal digits), a colon and the key.
///
/// ```
/// use belcheer_verification::monte_carlo::{standard_normal, stream};
/// let draw = |key| standard_normal(&mut stream(42, key));
/// assert_eq!(draw("a"), draw("a"));
/// assert_ne!(draw("a"), draw("b"));
/// ```
#[must_use]
pub fn stream(seed: u64, key: &str) -> Stream {
    let hex = Digest::of(format!("{seed:016x}:{key}").as_bytes()).hex();
    let mut bytes = [0_u8; 32];
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or(0);
    }
    ChaCha12Rng::from_seed(bytes)
}

/// The stream of one purpose for one soum and indicator.
#[must_use]
pub fn soum_stream(seed: u64, purpose: &str, soum: SoumCode, indicator: Indicator) -> Stream {
    stream(seed, &format!("{purpose}/{soum}/{indicator}"))
}

/// A draw from the uniform distribution on (0, 1), both ends excluded: the centres of 2^52 equal intervals.
pub fn uniform(random: &mut Stream) -> f64 {
    ((random.next_u64() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
}

/// A draw from the standard normal distribution, by inversion: one uniform number a draw.
pub fn standard_normal(random: &mut Stream) -> f64 {
    normal_quantile(uniform(random)).unwrap_or(0.0)
}

/// A draw from the triangular distribution on `low..high` with its peak at `mode`, by inversion.
///
/// A `mode` outside the range is moved to its nearer end; `low` is returned when the range is empty.
pub fn triangular(random: &mut Stream, low: f64, mode: f64, high: f64) -> f64 {
    let u = uniform(random);
    let width = high - low;
    if width.is_nan() || width <= 0.0 {
        return low;
    }
    let mode = mode.max(low).min(high);
    let peak = (mode - low) / width;
    if u < peak { low + (u * width * (mode - low)).sqrt() } else { high - ((1.0 - u) * width * (high - mode)).sqrt() }
}

/// The quantile of sorted values after Hyndman & Fan (1996) type 7, linear between order statistics.
///
/// `None` for no values or a probability outside 0..=1.
///
/// ```
/// use belcheer_verification::monte_carlo::quantile_sorted;
/// assert_eq!(quantile_sorted(&[1.0, 2.0, 3.0, 4.0], 0.25), Some(1.75));
/// ```
#[must_use]
pub fn quantile_sorted(sorted: &[f64], probability: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&probability) {
        return None;
    }
    let position = sorted.len().checked_sub(1)? as f64 * probability;
    let lower = *sorted.get(position.floor() as usize)?;
    let upper = *sorted.get(position.ceil() as usize)?;
    Some(lower + (position - position.floor()) * (upper - lower))
}

/// The central interval of some draws at the given confidence; `None` for no draws or one that is not a number.
#[must_use]
pub fn percentile_interval(mut draws: Vec<f64>, confidence: f64) -> Option<(f64, f64)> {
    if draws.iter().any(|d| d.is_nan()) {
        return None;
    }
    draws.sort_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - confidence);
    Some((quantile_sorted(&draws, tail)?, quantile_sorted(&draws, 1.0 - tail)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sums::{mean, variance};

    fn draws(n: usize, mut draw: impl FnMut() -> f64) -> Vec<f64> {
        (0..n).map(|_| draw()).collect()
    }

    #[test]
    fn streams_do_not_depend_on_each_other() {
        let soum = SoumCode::new(6404).unwrap();
        let alone = draws(5, {
            let mut s = soum_stream(1, "score", soum, Indicator::I2);
            move || uniform(&mut s)
        });
        let mut other = soum_stream(1, "score", soum, Indicator::I1);
        let mut again = soum_stream(1, "score", soum, Indicator::I2);
        let interleaved = draws(5, || {
            uniform(&mut other);
            uniform(&mut again)
        });
        assert_eq!(alone, interleaved);
        assert_ne!(alone[0], uniform(&mut soum_stream(2, "score", soum, Indicator::I2)));
    }

    #[test]
    fn the_first_draw_of_a_named_stream_is_fixed() {
        // Guards stored results: a change of generator or key changes every Monte-Carlo interval.
        let mut random = stream(42, "score/06404/I1");
        assert_eq!(format!("{:.15}", uniform(&mut random)), FIRST_DRAW);
    }
    const FIRST_DRAW: &str = "0.968075987175446";

    #[test]
    fn draws_have_the_moments_of_their_distribution() {
        let mut random = stream(3, "moments");
        let normal = draws(20_000, || standard_normal(&mut random));
        assert!(mean(&normal).unwrap().abs() < 0.03 && (variance(&normal).unwrap() - 1.0).abs() < 0.04);
        let triangle = draws(20_000, || triangular(&mut random, 1.0, 2.0, 6.0));
        assert!((mean(&triangle).unwrap() - 3.0).abs() < 0.03);
        assert!((variance(&triangle).unwrap() - 42.0 / 36.0).abs() < 0.05);
        assert_eq!(triangular(&mut random, 2.0, 2.0, 2.0), 2.0);
        let (low, high) = percentile_interval(normal, 0.90).unwrap();
        assert!((low + 1.645).abs() < 0.05 && (high - 1.645).abs() < 0.05);
    }

    proptest! {
        #[test]
        fn a_quantile_lies_within_the_values(mut v in prop::collection::vec(-9.0_f64..9.0, 1..30), p in 0.0_f64..=1.0) {
            v.sort_by(f64::total_cmp);
            let q = quantile_sorted(&v, p).unwrap();
            prop_assert!(v[0] <= q && q <= v[v.len() - 1]);
        }
    }
}
