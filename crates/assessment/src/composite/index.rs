//! The vegetation indices that a composite can be made of, and the reflectances that each takes.

use belcheer_rangeland::vegetation;

/// A vegetation index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say all; docs/methods.md has the equations")]
pub enum Index {
    Ndvi,
    Evi,
    Evi2,
    Evi2Sepal,
    Savi,
    Msavi2,
    Lswi,
    Ndwi,
    Mndwi,
    Bsi,
    Nirv,
    Ndti,
    Nbr,
}

/// Of its name.
impl std::str::FromStr for Index {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = || Self::ALL.map(Self::as_str).join(", ");
        Self::ALL.into_iter().find(|index| index.as_str() == text).ok_or_else(|| format!("one of {}", names()))
    }
}

impl Index {
    /// Every index.
    pub const ALL: [Self; 13] = [
        Self::Ndvi,
        Self::Evi,
        Self::Evi2,
        Self::Evi2Sepal,
        Self::Savi,
        Self::Msavi2,
        Self::Lswi,
        Self::Ndwi,
        Self::Mndwi,
        Self::Bsi,
        Self::Nirv,
        Self::Ndti,
        Self::Nbr,
    ];

    /// Its name, as in product names.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ndvi => "ndvi",
            Self::Evi => "evi",
            Self::Evi2 => "evi2",
            Self::Evi2Sepal => "evi2_sepal",
            Self::Savi => "savi",
            Self::Msavi2 => "msavi2",
            Self::Lswi => "lswi",
            Self::Ndwi => "ndwi",
            Self::Mndwi => "mndwi",
            Self::Bsi => "bsi",
            Self::Nirv => "nirv",
            Self::Ndti => "ndti",
            Self::Nbr => "nbr",
        }
    }

    /// The reflectances that it takes, in the order in which a granule's parts are given.
    #[must_use]
    pub fn bands(self) -> &'static [&'static str] {
        match self {
            Self::Ndvi | Self::Evi2 | Self::Evi2Sepal | Self::Savi | Self::Msavi2 | Self::Nirv => &["red", "nir"],
            Self::Evi => &["red", "nir", "blue"],
            Self::Lswi => &["nir", "swir1"],
            Self::Ndwi => &["green", "nir"],
            Self::Mndwi => &["green", "swir1"],
            Self::Bsi => &["red", "nir", "blue", "swir1"],
            Self::Ndti => &["swir1", "swir2"],
            Self::Nbr => &["nir", "swir2"],
        }
    }

    /// The index of reflectances in that order; `None` where its denominator vanishes, or one is missing.
    pub(super) fn of(self, reflectance: &[f64]) -> Option<f64> {
        match (self, reflectance) {
            (Self::Ndvi, [red, nir]) => vegetation::ndvi(*nir, *red),
            (Self::Evi2, [red, nir]) => vegetation::evi2(*nir, *red),
            (Self::Evi2Sepal, [red, nir]) => vegetation::evi2_sepal(*nir, *red),
            (Self::Savi, [red, nir]) => vegetation::savi(*nir, *red),
            (Self::Msavi2, [red, nir]) => vegetation::msavi2(*nir, *red),
            (Self::Nirv, [red, nir]) => vegetation::nirv(*nir, *red),
            (Self::Evi, [red, nir, blue]) => vegetation::evi(*nir, *red, *blue),
            (Self::Lswi, [nir, swir1]) => vegetation::lswi(*nir, *swir1),
            (Self::Ndwi, [green, nir]) => vegetation::ndwi(*green, *nir),
            (Self::Mndwi, [green, swir1]) => vegetation::mndwi(*green, *swir1),
            (Self::Bsi, [red, nir, blue, swir1]) => vegetation::bsi(*nir, *red, *blue, *swir1),
            (Self::Ndti, [swir1, swir2]) => vegetation::ndti(*swir1, *swir2),
            (Self::Nbr, [nir, swir2]) => vegetation::nbr(*nir, *swir2),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_takes_the_reflectances_that_it_names() {
        // known answer 26: blue 0.06, red 0.12, near infrared 0.30, shortwave infrared 0.28
        let known = [
            (Index::Ndvi, 0.428_571_4),
            (Index::Evi, 0.286_624_2),
            (Index::Evi2, 0.283_375_3),
            (Index::Savi, 0.293_478_3),
            (Index::Msavi2, 0.270_849_7),
            (Index::Lswi, 0.034_482_8),
            (Index::Bsi, 0.052_631_6),
        ];
        let value = |band: &&str| match *band {
            "blue" => 0.06,
            "red" => 0.12,
            "nir" => 0.30,
            "green" => 0.10,
            _ => 0.28,
        };
        for (index, expected) in known {
            let reflectance: Vec<f64> = index.bands().iter().map(value).collect();
            let found = index.of(&reflectance).unwrap();
            assert!((found - expected).abs() < 1e-7, "{}: {found}", index.as_str());
        }
        for index in Index::ALL {
            assert_eq!(index.as_str().parse(), Ok(index));
            assert!(index.of(&index.bands().iter().map(value).collect::<Vec<_>>()).is_some(), "{}", index.as_str());
            assert_eq!(index.of(&[0.1]), None);
        }
    }
}
