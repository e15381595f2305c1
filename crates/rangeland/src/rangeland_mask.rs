//! Which land-cover classes are rangeland, and which change is a conversion of natural pasture.

use crate::sets::{Fault, parameter_set};

parameter_set!(
    /// Land-cover classes by what they mean for grazing. A class in neither of the first two lists is unknown.
    RangelandMask, "rangeland mask", "rangeland_masks.toml" {
        /// The land-cover legend: `igbp` or `unccd`.
        legend: String,
        /// Classes that are rangeland.
        rangeland: Vec<u16>,
        /// Classes that are not.
        not_rangeland: Vec<u16>,
        /// Classes into which rangeland is converted: cropland and artificial surfaces.
        converted: Vec<u16>,
    }
);

impl RangelandMask {
    fn first_fault(&self) -> Result<(), Fault> {
        for class in &self.rangeland {
            let once = !self.not_rangeland.contains(class);
            Fault::unless("rangeland", f64::from(*class), once, "in one list only")?;
        }
        self.converted.iter().try_for_each(|class| {
            let listed = self.not_rangeland.contains(class);
            Fault::unless("converted", f64::from(*class), listed, "also in not_rangeland")
        })
    }

    /// What each code of an 8-bit raster means, for reading many pixels; `None` is unknown or nodata.
    #[must_use]
    pub fn table(&self) -> [Option<bool>; 256] {
        let mut table = [None; 256];
        for (code, meaning) in (0_u16..).zip(table.iter_mut()) {
            *meaning = is_rangeland(self, code);
        }
        table
    }
}

/// Whether a land-cover class is rangeland; `None` when the set does not know the class, such as nodata.
///
/// ```
/// use belcheer_rangeland::{ParameterSet, rangeland_mask::{RangelandMask, is_rangeland}};
/// let igbp = RangelandMask::by_name("rangeland_igbp_1")?;
/// assert_eq!(is_rangeland(&igbp, 10), Some(true));
/// assert_eq!(is_rangeland(&igbp, 12), Some(false));
/// assert_eq!(is_rangeland(&igbp, 255), None);
/// # Ok::<(), belcheer_rangeland::SetError>(())
/// ```
#[must_use]
pub fn is_rangeland(set: &RangelandMask, class: u16) -> Option<bool> {
    if set.rangeland.contains(&class) {
        return Some(true);
    }
    set.not_rangeland.contains(&class).then_some(false)
}

/// Whether a change is a conversion: rangeland before, cropland or artificial surface after (indicator I5).
/// `None` when one of the classes is unknown.
#[must_use]
pub fn is_converted(set: &RangelandMask, from: u16, to: u16) -> Option<bool> {
    let was_rangeland = is_rangeland(set, from)?;
    is_rangeland(set, to)?;
    Some(was_rangeland && set.converted.contains(&to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ParameterSet,
        degradation::{LandCover, LandCoverCrosswalk},
    };

    #[test]
    fn steppe_ploughed_is_converted_and_steppe_flooded_is_not() {
        let igbp = RangelandMask::by_name("rangeland_igbp_1").unwrap();
        assert_eq!(is_converted(&igbp, 10, 12), Some(true));
        assert_eq!(is_converted(&igbp, 16, 13), Some(true));
        assert_eq!(is_converted(&igbp, 10, 17), Some(false));
        assert_eq!(is_converted(&igbp, 12, 13), Some(false));
        assert_eq!(is_converted(&igbp, 10, 255), None);
        assert_eq!(is_converted(&igbp, 254, 12), None);
    }

    #[test]
    fn both_masks_agree_through_the_crosswalk_but_for_snow() {
        let igbp = RangelandMask::by_name("rangeland_igbp_1").unwrap();
        let unccd = RangelandMask::by_name("rangeland_unccd_1").unwrap();
        let crosswalk = LandCoverCrosswalk::by_name("igbp_to_unccd").unwrap();
        for code in 0..=17 {
            let folded = crosswalk.fold(code).map(LandCover::code).map(u16::from).unwrap();
            let alike = is_rangeland(&igbp, code) == is_rangeland(&unccd, folded);
            assert_eq!(alike, code != 15, "IGBP class {code}");
        }
        assert_eq!(igbp.table().iter().filter(|m| **m == Some(true)).count(), 5);
        assert_eq!(igbp.table()[255], None);
    }
}
