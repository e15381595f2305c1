//! The seven UNCCD land-cover classes, products folded into them, and what a transition means.

use serde::{Deserialize, Serialize};

use super::DegradationClass;
use crate::sets::{Fault, parameter_set};

/// UNCCD land-cover class, codes 1 to 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LandCover {
    /// Tree-covered, code 1.
    Tree,
    /// Grassland, shrubland and sparse vegetation, code 2.
    Grass,
    /// Cropland, code 3.
    Crop,
    /// Wetland, code 4.
    Wetland,
    /// Artificial surface, code 5.
    Artificial,
    /// Other and bare land, code 6.
    Other,
    /// Water, code 7.
    Water,
}

impl LandCover {
    /// Every class by code.
    pub const ALL: [Self; 7] =
        [Self::Tree, Self::Grass, Self::Crop, Self::Wetland, Self::Artificial, Self::Other, Self::Water];

    /// The class of a code 1 to 7.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code).checked_sub(1)?).copied()
    }

    /// 1 to 7.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8 + 1
    }
}

parameter_set!(
    /// Meaning of land-cover transitions: rows initial, columns final, in order of the codes.
    LandCoverMatrix, "land-cover matrix", "land_cover_matrices.toml" {
        /// -1 degradation, 0 stable, 1 improvement.
        meaning: [[i8; 7]; 7],
    }
);

impl LandCoverMatrix {
    fn first_fault(&self) -> Result<(), Fault> {
        for (row, meanings) in self.meaning.iter().enumerate() {
            for (col, meaning) in meanings.iter().enumerate() {
                let valid = (-1..=1).contains(meaning) && (row != col || *meaning == 0);
                Fault::unless(
                    format!("meaning[{row}][{col}]"),
                    f64::from(*meaning),
                    valid,
                    "-1, 0 or 1, 0 on the diagonal",
                )?;
            }
        }
        Ok(())
    }

    /// What a transition means; `None` when a class is missing.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, degradation::{DegradationClass, LandCover, LandCoverMatrix}};
    /// let (grass, crop) = (Some(LandCover::Grass), Some(LandCover::Crop));
    /// let default = LandCoverMatrix::by_name("unccd_default")?;
    /// let pastoral = LandCoverMatrix::by_name("mn_pastoral")?;
    /// assert_eq!(default.transition(grass, crop), Some(DegradationClass::Improved));
    /// assert_eq!(pastoral.transition(grass, crop), Some(DegradationClass::Degraded));
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn transition(&self, from: Option<LandCover>, to: Option<LandCover>) -> Option<DegradationClass> {
        let meaning = self.meaning[from? as usize][to? as usize];
        DegradationClass::from_code(i16::from(meaning))
    }
}

parameter_set!(
    /// Codes of a land-cover product by UNCCD class.
    LandCoverCrosswalk, "land-cover crosswalk", "land_cover_crosswalks.toml" {
        /// Codes of trees.
        tree: Vec<u16>,
        /// Codes of grass, shrubs and sparse vegetation.
        grass: Vec<u16>,
        /// Codes of cropland.
        crop: Vec<u16>,
        /// Codes of wetland.
        wetland: Vec<u16>,
        /// Codes of artificial surfaces.
        artificial: Vec<u16>,
        /// Codes of other and bare land.
        other: Vec<u16>,
        /// Codes of water.
        water: Vec<u16>,
    }
);

impl LandCoverCrosswalk {
    fn codes(&self) -> [&[u16]; 7] {
        [&self.tree, &self.grass, &self.crop, &self.wetland, &self.artificial, &self.other, &self.water]
    }

    fn first_fault(&self) -> Result<(), Fault> {
        let mut codes = self.codes().concat();
        codes.sort_unstable();
        match codes.windows(2).find(|w| w[0] == w[1]) {
            Some(twice) => Fault::unless("code", f64::from(twice[0]), false, "in one class only"),
            None => Ok(()),
        }
    }

    /// The class of each code of an 8-bit raster, for reading many pixels.
    #[must_use]
    pub fn table(&self) -> [Option<LandCover>; 256] {
        let mut table = [None; 256];
        for (code, class) in (0_u16..).zip(table.iter_mut()) {
            *class = self.fold(code);
        }
        table
    }

    /// The class of a product's code; `None` when the crosswalk does not list it.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, degradation::{LandCover, LandCoverCrosswalk}};
    /// let esa = LandCoverCrosswalk::by_name("esa_cci_to_unccd")?;
    /// assert_eq!(esa.fold(130), Some(LandCover::Grass));
    /// assert_eq!(esa.fold(0), None);
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn fold(&self, code: u16) -> Option<LandCover> {
        let at = self.codes().iter().position(|codes| codes.contains(&code))?;
        LandCover::ALL.get(at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn the_pastoral_matrix_differs_only_in_grass() {
        let default = LandCoverMatrix::by_name("unccd_default").unwrap();
        let pastoral = LandCoverMatrix::by_name("mn_pastoral").unwrap();
        let mut changed = Vec::new();
        for from in LandCover::ALL {
            for to in LandCover::ALL {
                let (one, two) = (default.transition(Some(from), Some(to)), pastoral.transition(Some(from), Some(to)));
                if one != two {
                    changed.push((from, to, two.unwrap().code()));
                }
            }
        }
        use LandCover::{Crop, Grass, Tree};
        assert_eq!(changed, [(Grass, Tree, 0), (Grass, Crop, -1), (Crop, Grass, 1)]);
        assert_eq!(default.transition(None, Some(Grass)), None);
    }

    #[test]
    fn every_igbp_class_is_folded() {
        let igbp = LandCoverCrosswalk::by_name("igbp_to_unccd").unwrap();
        assert!((0..=17).all(|code| igbp.fold(code).is_some()));
        assert_eq!(igbp.fold(255), None);
        assert_eq!((igbp.table()[10], igbp.table()[255]), (Some(LandCover::Grass), None));
        let own = LandCoverCrosswalk::by_name("unccd").unwrap();
        for class in LandCover::ALL {
            assert_eq!(own.fold(u16::from(class.code())), Some(class));
            assert_eq!(LandCover::from_code(class.code()), Some(class));
        }
        assert_eq!(LandCover::from_code(0), None);
    }
}
