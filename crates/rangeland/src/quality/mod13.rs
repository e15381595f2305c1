//! MOD13 VI Quality (DetailedQA) of version 6.1, 16 bits.
//!
//! Bits 0-1 MODLAND, 2-5 usefulness, 6-7 aerosol, 8 adjacent cloud, 9 BRDF, 10 mixed cloud, 11-13 land or water,
//! 14 snow or ice, 15 shadow (MOD13 user guide, Didan 2015).

/// Usefulness above which a value is not used.
const USEFULNESS_MAX: u8 = 10;
/// Land in the land and water flag.
const LAND: u8 = 1;

/// What the bits say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality {
    /// 0 good, 1 see the other bits, 2 cloudy, 3 not produced.
    pub modland: u8,
    /// 0 best to 12 lowest, 13 to 15 not to be used.
    pub usefulness: u8,
    /// 0 climatology, 1 low, 2 average, 3 high.
    pub aerosol: u8,
    /// A cloud next to it.
    pub adjacent_cloud: bool,
    /// Mixed clouds.
    pub mixed_cloud: bool,
    /// 1 land, others water and shores.
    pub land_water: u8,
    /// Snow or ice possible.
    pub snow: bool,
    /// Shadow possible.
    pub shadow: bool,
}

impl Quality {
    /// Reads the bits.
    ///
    /// ```
    /// use belcheer_rangeland::quality::mod13::Quality;
    /// // 2116 = 0000 1000 0100 0100
    /// let quality = Quality::of(2116);
    /// assert_eq!((quality.modland, quality.usefulness, quality.aerosol, quality.land_water), (0, 1, 1, 1));
    /// assert!(quality.is_kept());
    /// ```
    #[must_use]
    pub fn of(bits: u16) -> Self {
        let field = |from: u32, mask: u16| (bits >> from & mask) as u8;
        let flag = |at: u32| bits >> at & 1 == 1;
        Self {
            modland: field(0, 3),
            usefulness: field(2, 15),
            aerosol: field(6, 3),
            adjacent_cloud: flag(8),
            mixed_cloud: flag(10),
            land_water: field(11, 7),
            snow: flag(14),
            shadow: flag(15),
        }
    }

    /// Whether a value is used: MODLAND 0 or 1, usefulness at most 10, land, no mixed cloud, snow or shadow.
    #[must_use]
    pub fn is_kept(self) -> bool {
        self.modland <= 1
            && self.usefulness <= USEFULNESS_MAX
            && self.land_water == LAND
            && !(self.mixed_cloud || self.snow || self.shadow)
    }
}

/// Whether a value is used by its pixel reliability: 0 good or 1 marginal; not snow, cloud or fill.
#[must_use]
pub fn is_reliable(pixel_reliability: i8) -> bool {
    matches!(pixel_reliability, 0 | 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_alone_rejects() {
        let clean = 2116;
        for (bits, reason) in [
            (clean | 2, "modland"),
            (2112 | 11 << 2, "usefulness"),
            (clean | 1 << 10, "mixed cloud"),
            (clean & !(7 << 11), "ocean"),
            (clean | 1 << 14, "snow"),
            (clean | 1 << 15, "shadow"),
        ] {
            assert!(!Quality::of(bits).is_kept(), "{reason}");
        }
        assert!(Quality::of(2112 | 10 << 2).is_kept());
        assert!([0, 1].into_iter().all(is_reliable) && ![-1, 2, 3].into_iter().any(is_reliable));
    }
}
