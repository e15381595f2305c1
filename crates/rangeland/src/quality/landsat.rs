//! Landsat Collection 2 Level 2: QA_PIXEL bits, and reflectance from digital numbers.
//!
//! Bits 0 fill, 1 dilated cloud, 2 cirrus, 3 cloud, 4 cloud shadow, 5 snow, 6 clear, 7 water, 8-9 cloud confidence
//! (USGS LSDS-1619).

/// Fill, dilated cloud, cirrus, cloud, shadow, snow, water.
const REJECTED: u16 = 0b1011_1111;
/// High confidence in both of the bits of cloud confidence.
const CLOUD_CONFIDENCE_HIGH: u16 = 3;

/// Whether a value is used: none of fill, cloud, cirrus, shadow, snow and water, and no high confidence of cloud.
///
/// ```
/// use belcheer_rangeland::quality::landsat::is_kept;
/// assert!(is_kept(21824)); // clear, all confidences low
/// assert!(!is_kept(22280)); // cloud
/// ```
#[must_use]
pub fn is_kept(qa_pixel: u16) -> bool {
    qa_pixel & REJECTED == 0 && qa_pixel >> 8 & 3 != CLOUD_CONFIDENCE_HIGH
}

/// Reflectance `DN * 2.75e-5 - 0.2`; `None` of 0, which is fill.
#[must_use]
pub fn reflectance(number: u16) -> Option<f64> {
    (number != 0).then(|| f64::from(number) * 2.75e-5 - 0.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bit_alone_rejects() {
        for bit in [0, 1, 2, 3, 4, 5, 7] {
            assert!(!is_kept(21824 | 1 << bit), "bit {bit}");
        }
        assert!(!is_kept(21824 | 3 << 8));
        assert!((reflectance(20_000).unwrap() - 0.35).abs() < 1e-12);
        assert_eq!(reflectance(0), None);
    }
}
