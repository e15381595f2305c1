//! Sentinel-2 Level 2A: the scene classification layer, and reflectance from digital numbers.
//!
//! From processing baseline 04.00 (25 January 2022) on, 1000 was added to every number. Leaving it in makes NDVI fall
//! in 2022 everywhere: a break that no pasture had. So the date or the baseline must be known.

/// The number added since baseline 04.00.
const ADDED: f64 = 1000.0;
const QUANTIFICATION: f64 = 10_000.0;
/// First processing baseline with the offset, in hundredths.
const BASELINE_WITH_OFFSET: u16 = 400;

/// Classes of the scene classification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// 0.
    Nodata,
    /// 1, saturated or defective.
    Saturated,
    /// 2, dark or in topographic shadow.
    Dark,
    /// 3.
    CloudShadow,
    /// 4.
    Vegetation,
    /// 5, bare.
    NotVegetated,
    /// 6.
    Water,
    /// 7.
    Unclassified,
    /// 8.
    CloudMedium,
    /// 9.
    CloudHigh,
    /// 10.
    ThinCirrus,
    /// 11.
    Snow,
}

impl Scene {
    const ALL: [Self; 12] = [
        Self::Nodata,
        Self::Saturated,
        Self::Dark,
        Self::CloudShadow,
        Self::Vegetation,
        Self::NotVegetated,
        Self::Water,
        Self::Unclassified,
        Self::CloudMedium,
        Self::CloudHigh,
        Self::ThinCirrus,
        Self::Snow,
    ];

    /// The class of a number 0 to 11.
    #[must_use]
    pub fn of(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Whether a value is used: vegetation and bare soil, with `unclassified` also what is not classified.
    #[must_use]
    pub fn is_kept(self, unclassified: bool) -> bool {
        matches!(self, Self::Vegetation | Self::NotVegetated) || (unclassified && self == Self::Unclassified)
    }
}

/// When a scene was processed, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processing {
    /// By baseline, in hundredths: 400 is 04.00.
    Baseline(u16),
    /// By the year, month and day of the recording of a scene that was never processed anew.
    Recorded(i32, u8, u8),
}

impl Processing {
    /// Whether 1000 was added to the numbers.
    #[must_use]
    pub fn has_offset(self) -> bool {
        match self {
            Self::Baseline(baseline) => baseline >= BASELINE_WITH_OFFSET,
            Self::Recorded(year, month, day) => (year, month, day) >= (2022, 1, 25),
        }
    }

    /// Reflectance of a digital number; `None` of 0, which is nodata.
    ///
    /// ```
    /// use belcheer_rangeland::quality::sentinel2::Processing;
    /// assert_eq!(Processing::Baseline(509).reflectance(3500), Some(0.25));
    /// assert_eq!(Processing::Recorded(2021, 7, 1).reflectance(2500), Some(0.25));
    /// ```
    #[must_use]
    pub fn reflectance(self, number: u16) -> Option<f64> {
        let added = if self.has_offset() { ADDED } else { 0.0 };
        (number != 0).then(|| (f64::from(number) - added) / QUANTIFICATION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_begins_with_baseline_four() {
        assert!(!Processing::Baseline(301).has_offset() && Processing::Baseline(400).has_offset());
        assert!(!Processing::Recorded(2022, 1, 24).has_offset() && Processing::Recorded(2022, 1, 25).has_offset());
        assert_eq!(Processing::Baseline(400).reflectance(0), None);
        assert_eq!(Processing::Baseline(400).reflectance(900), Some(-0.01));
    }

    #[test]
    fn vegetation_and_soil_are_kept() {
        let kept = |unclassified| -> Vec<u8> {
            (0..=12).filter(|c| Scene::of(*c).is_some_and(|s| s.is_kept(unclassified))).collect()
        };
        assert_eq!(kept(false), [4, 5]);
        assert_eq!(kept(true), [4, 5, 7]);
    }
}
