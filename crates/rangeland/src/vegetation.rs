//! Vegetation and soil indices from surface reflectance, 0 to 1.
//!
//! A denominator within 1e-6 of zero, or a number that is not finite, gives `None`: such a place has no index.

/// Denominators nearer to zero than this have no index.
const DENOMINATOR_MIN: f64 = 1e-6;

fn ratio(over: f64, under: f64) -> Option<f64> {
    let index = over / under;
    (under.abs() >= DENOMINATOR_MIN && index.is_finite()).then_some(index)
}

fn normalised(a: f64, b: f64) -> Option<f64> {
    ratio(a - b, a + b)
}

/// Normalised difference vegetation index `(N - R) / (N + R)` (Rouse 1974); ургамлын индекс.
///
/// ```
/// use belcheer_rangeland::vegetation::ndvi;
/// assert_eq!(ndvi(0.75, 0.25), Some(0.5));
/// assert_eq!(ndvi(0.0, 0.0), None);
/// ```
#[must_use]
pub fn ndvi(nir: f64, red: f64) -> Option<f64> {
    normalised(nir, red)
}

/// Enhanced vegetation index `2.5 (N - R) / (N + 6 R - 7.5 B + 1)` (Huete 2002).
#[must_use]
pub fn evi(nir: f64, red: f64, blue: f64) -> Option<f64> {
    ratio(2.5 * (nir - red), nir + 6.0 * red - 7.5 * blue + 1.0)
}

/// Two-band enhanced vegetation index `2.5 (N - R) / (N + 2.4 R + 1)` (Jiang 2008).
#[must_use]
pub fn evi2(nir: f64, red: f64) -> Option<f64> {
    ratio(2.5 * (nir - red), nir + 2.4 * red + 1.0)
}

/// The other published form `2.4 (N - R) / (N + R + 1)`, which SEPAL uses.
#[must_use]
pub fn evi2_sepal(nir: f64, red: f64) -> Option<f64> {
    ratio(2.4 * (nir - red), nir + red + 1.0)
}

/// Soil-adjusted vegetation index `1.5 (N - R) / (N + R + 0.5)` (Huete 1988).
#[must_use]
pub fn savi(nir: f64, red: f64) -> Option<f64> {
    ratio(1.5 * (nir - red), nir + red + 0.5)
}

/// Modified soil-adjusted vegetation index `(2 N + 1 - sqrt((2 N + 1)^2 - 8 (N - R))) / 2` (Qi 1994); for sparse cover.
#[must_use]
pub fn msavi2(nir: f64, red: f64) -> Option<f64> {
    let base = 2.0 * nir + 1.0;
    let index = (base - (base * base - 8.0 * (nir - red)).sqrt()) / 2.0;
    index.is_finite().then_some(index)
}

/// Land surface water index `(N - S1) / (N + S1)`, also NDMI and Gao's NDWI (Gao 1996).
#[must_use]
pub fn lswi(nir: f64, swir1: f64) -> Option<f64> {
    normalised(nir, swir1)
}

/// McFeeters' water index `(G - N) / (G + N)` (1996).
#[must_use]
pub fn ndwi(green: f64, nir: f64) -> Option<f64> {
    normalised(green, nir)
}

/// Modified water index `(G - S1) / (G + S1)` (Xu 2006).
#[must_use]
pub fn mndwi(green: f64, swir1: f64) -> Option<f64> {
    normalised(green, swir1)
}

/// Bare soil index `((S1 + R) - (N + B)) / ((S1 + R) + (N + B))` (Rikimaru 2002).
#[must_use]
pub fn bsi(nir: f64, red: f64, blue: f64, swir1: f64) -> Option<f64> {
    normalised(swir1 + red, nir + blue)
}

/// Near-infrared reflectance of vegetation `N * NDVI` (Badgley 2017).
#[must_use]
pub fn nirv(nir: f64, red: f64) -> Option<f64> {
    ndvi(nir, red).map(|ndvi| nir * ndvi)
}

/// Tillage index `(S1 - S2) / (S1 + S2)`, which tells dry plant matter from soil (van Deventer 1997).
#[must_use]
pub fn ndti(swir1: f64, swir2: f64) -> Option<f64> {
    normalised(swir1, swir2)
}

/// Burn ratio `(N - S2) / (N + S2)` (Key & Benson 2006).
#[must_use]
pub fn nbr(nir: f64, swir2: f64) -> Option<f64> {
    normalised(nir, swir2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn vanishing_denominators_have_no_index() {
        assert_eq!(ndvi(5e-7, 4e-7), None);
        assert_eq!(evi(-1.0, 0.0, 0.0), None);
        assert_eq!(savi(-0.5, 0.0), None);
        assert_eq!(msavi2(f64::NAN, 0.1), None);
        assert_eq!(ndvi(f64::INFINITY, 0.1), None);
    }

    proptest! {
        #[test]
        fn normalised_differences_lie_within_one(a in 0.0..1.0_f64, b in 0.0..1.0_f64) {
            for index in [ndvi(a, b), lswi(a, b), ndwi(a, b), mndwi(a, b), ndti(a, b), nbr(a, b)].into_iter().flatten() {
                prop_assert!((-1.0..=1.0).contains(&index));
            }
            prop_assert_eq!(ndvi(a, b), ndvi(b, a).map(|v| -v));
        }
    }
}
