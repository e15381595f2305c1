//! Reproducible noise: a number that depends on the seed and a place in the country, never on order.

/// A source of noise that is a pure function of its keys.
#[derive(Debug, Clone, Copy)]
pub struct Noise(u64);

impl Noise {
    /// Noise for one seed and one purpose.
    #[must_use]
    pub fn new(seed: u64, purpose: &str) -> Self {
        let mut state = mix(seed);
        for byte in purpose.bytes() {
            state = mix(state ^ u64::from(byte));
        }
        Self(state)
    }

    /// A uniform number in [0, 1).
    #[must_use]
    pub fn uniform(self, keys: &[u64]) -> f64 {
        let mut state = self.0;
        for key in keys {
            state = mix(state ^ *key);
        }
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A standard normal number (Box and Muller 1958).
    #[must_use]
    pub fn normal(self, keys: &[u64]) -> f64 {
        let other = Self(mix(self.0 ^ 0x5851_f42d_4c95_7f2d));
        let radius = (-2.0 * (1.0 - self.uniform(keys)).ln()).sqrt();
        radius * (std::f64::consts::TAU * other.uniform(keys)).cos()
    }

    /// Smooth noise in about -1..1 over the plane, features of one unit.
    #[must_use]
    pub fn smooth(self, x: f64, y: f64) -> f64 {
        let (cell_x, cell_y) = (x.floor(), y.floor());
        let ease = |t: f64| t * t * (3.0 - 2.0 * t);
        let (u, v) = (ease(x - cell_x), ease(y - cell_y));
        let corner =
            |i: f64, j: f64| 2.0 * self.uniform(&[(cell_x + i) as i64 as u64, (cell_y + j) as i64 as u64]) - 1.0;
        let south = corner(0.0, 0.0) * (1.0 - u) + corner(1.0, 0.0) * u;
        let north = corner(0.0, 1.0) * (1.0 - u) + corner(1.0, 1.0) * u;
        south * (1.0 - v) + north * v
    }
}

/// One round of SplitMix64 (Steele, Lea and Flood 2014).
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_noise_is_normal_and_repeats() {
        let noise = Noise::new(7, "test");
        let draws: Vec<f64> = (0..20_000).map(|i| noise.normal(&[i])).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let var = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (var - 1.0).abs() < 0.05, "{mean} {var}");
        assert_eq!(noise.normal(&[5]).to_bits(), Noise::new(7, "test").normal(&[5]).to_bits());
        assert_ne!(noise.normal(&[5]).to_bits(), Noise::new(8, "test").normal(&[5]).to_bits());
    }
}
