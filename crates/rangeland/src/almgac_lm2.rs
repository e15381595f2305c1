//! The land agency's pasture-capacity arithmetic (LM2/mGIS), method `almgac_lm2`, reproduced for comparison.
//!
//! Its weaknesses are kept on purpose: the whole administrative area counts as pasture, points are averaged without
//! weights, unit capacity is cut to a whole number, and the 2021 version takes days with a negative sign.
//! [`crate::capacity`] is the method without them. Source: teamlm2/lm2_mgis 2021, ankhbold/lm2 2017.

use crate::{
    numeric::mean,
    sets::{Fault, parameter_set},
};

parameter_set!(
    /// Constants of the agency's arithmetic.
    Lm2Constants, "almgac_lm2", "almgac_lm2.toml" {
        /// Kilograms per sheep forage unit and day.
        intake_kg_day: f64,
        /// Kilograms per sheep forage unit and year, version of 2017.
        annual_need_kg: f64,
        /// Days of use for aimag, soum, bag and user group.
        unit_days: f64,
        /// Days of use where a parcel has none.
        missing_days: f64,
        /// What brings the clippings of a half-square-metre quadrat to one square metre.
        half_square_metre_factor: f64,
    }
);

impl Lm2Constants {
    fn first_fault(&self) -> Result<(), Fault> {
        let Self { intake_kg_day, annual_need_kg, unit_days, missing_days, half_square_metre_factor, .. } = self;
        let fields = [
            ("intake_kg_day", intake_kg_day),
            ("annual_need_kg", annual_need_kg),
            ("unit_days", unit_days),
            ("missing_days", missing_days),
            ("half_square_metre_factor", half_square_metre_factor),
        ];
        fields.into_iter().try_for_each(|(name, v)| Fault::unless(name, *v, *v > 0.0, "a positive number"))
    }

    /// Need of one unit over a period of use, kilograms: `intake * days`.
    #[must_use]
    pub fn plant_need_kg(&self, days: f64) -> f64 {
        self.intake_kg_day * days
    }

    /// The same in the version of 2017: `annual need * days / 365`.
    #[must_use]
    pub fn plant_need_2017_kg(&self, days: f64) -> f64 {
        self.annual_need_kg * days / 365.0
    }

    /// Standing biomass, kg/ha, from the clippings of three quadrats in grams: their mean, doubled for half-metre
    /// quadrats, times 10,000 square metres over 1,000 grams.
    ///
    /// ```
    /// use belcheer_rangeland::{ParameterSet, almgac_lm2::{Lm2Constants, Quadrat}};
    /// let lm2 = Lm2Constants::by_name("almgac_lm2")?;
    /// assert_eq!(lm2.biomass_kg_ha([10.0, 20.0, 30.0], Quadrat::HalfSquareMetre), 400.0);
    /// # Ok::<(), belcheer_rangeland::SetError>(())
    /// ```
    #[must_use]
    pub fn biomass_kg_ha(&self, clipped_g: [f64; 3], quadrat: Quadrat) -> f64 {
        let mean_g = clipped_g.iter().sum::<f64>() / 3.0;
        let g_m2 = match quadrat {
            Quadrat::HalfSquareMetre => mean_g * self.half_square_metre_factor,
            Quadrat::SquareMetre => mean_g,
        };
        g_m2 * 10_000.0 / 1_000.0
    }
}

/// Size of the clipped quadrat, the agency's `biomass_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrat {
    /// Type 1, half a square metre.
    HalfSquareMetre,
    /// Type 2, one square metre.
    SquareMetre,
}

impl Quadrat {
    /// The quadrat of a `biomass_type` code.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::HalfSquareMetre),
            2 => Some(Self::SquareMetre),
            _ => None,
        }
    }
}

/// Why the arithmetic has no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Lm2Error {
    /// The need of one unit is zero or not a number.
    #[error("one sheep forage unit needs {found} kg in the period of use; give a period of some days")]
    Need {
        /// Kilograms computed.
        found: f64,
    },
    /// There is no point to average.
    #[error("the unit has no monitoring point; capacity needs at least one")]
    NoPoints,
}

/// Capacity by the agency's names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lm2Capacity {
    /// Need of one unit over the period, kilograms.
    pub plant_need_kg: f64,
    /// Units that one hectare feeds (1 га-д бэлчиж болох хонин толгой).
    pub d1: f64,
    /// Units that one hundred hectares feed.
    pub d1_100ga: f64,
    /// Hectares that one unit needs (1 хонин толгойд шаардлагатай талбай); 0 when nothing grows.
    pub d2: f64,
    /// Units that the area feeds (боломжит даац).
    pub d3: f64,
}

impl Lm2Capacity {
    /// Capacity less the animals there, in units (үнэлгээ).
    #[must_use]
    pub fn unelgee(&self, actual_sfu: f64) -> f64 {
        self.d3 - actual_sfu
    }

    /// Capacity cut to a whole number, as the agency stores it.
    #[must_use]
    pub fn d3_whole(&self) -> f64 {
        self.d3.trunc()
    }
}

/// Capacity of one parcel: `d1 = biomass/need * rc/100`, `d2 = 1/d1`, `d3 = area * biomass * rc/100 / need`.
///
/// `biomass_kg_ha`, `rc_percent` (utilisation of the recovery class), `area_ha` and `plant_need_kg` as the agency has
/// them; a negative need, which the 2021 version produces, gives negative results.
///
/// # Errors
/// When the need is zero or not finite.
pub fn parcel_capacity(
    area_ha: f64,
    biomass_kg_ha: f64,
    rc_percent: f64,
    plant_need_kg: f64,
) -> Result<Lm2Capacity, Lm2Error> {
    if !plant_need_kg.is_finite() || plant_need_kg == 0.0 {
        return Err(Lm2Error::Need { found: plant_need_kg });
    }
    let d1 = biomass_kg_ha / plant_need_kg * rc_percent / 100.0;
    let d3 = area_ha * biomass_kg_ha * rc_percent / 100.0 / plant_need_kg;
    let d2 = if d1 == 0.0 { 0.0 } else { 1.0 / d1 };
    Ok(Lm2Capacity { plant_need_kg, d1, d1_100ga: 100.0 * d1, d2, d3 })
}

/// Capacity of an aimag, soum, bag or user group: unweighted means of biomass (kg/ha) and class percent over its
/// points, on its whole area, 180 days; `d3` is cut to a whole number.
///
/// # Errors
/// When there is no point.
pub fn unit_capacity(
    unit_area_ha: f64,
    biomass_and_rc_percent: &[(f64, f64)],
    constants: &Lm2Constants,
) -> Result<Lm2Capacity, Lm2Error> {
    let (biomass, rc): (Vec<f64>, Vec<f64>) = biomass_and_rc_percent.iter().copied().unzip();
    let biomass_kg_ha = mean(&biomass).ok_or(Lm2Error::NoPoints)?;
    let rc_percent = mean(&rc).ok_or(Lm2Error::NoPoints)?;
    let need = constants.plant_need_kg(constants.unit_days);
    let capacity = parcel_capacity(unit_area_ha, biomass_kg_ha, rc_percent, need)?;
    Ok(Lm2Capacity { d3: capacity.d3.trunc(), ..capacity })
}

/// Days of a period by the version of 2021: begin less end, thus negative. Both as day numbers of one calendar.
#[must_use]
pub fn use_days_2021(begin_day: i64, end_day: i64) -> i64 {
    begin_day.saturating_sub(end_day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn a_unit_takes_unweighted_means_and_whole_numbers() {
        let constants = Lm2Constants::by_name("almgac_lm2").unwrap();
        let capacity = unit_capacity(12_500.0, &[(300.0, 60.0), (340.0, 40.0)], &constants).unwrap();
        assert_eq!(capacity.d3, 7936.0);
        assert_eq!(unit_capacity(1.0, &[], &constants), Err(Lm2Error::NoPoints));
    }

    #[test]
    fn edges_are_those_of_the_agency() {
        assert!(parcel_capacity(1.0, 1.0, 1.0, 0.0).is_err());
        assert!(parcel_capacity(1.0, 1.0, 1.0, f64::NAN).is_err());
        let bare = parcel_capacity(10.0, 0.0, 50.0, 252.0).unwrap();
        assert_eq!((bare.d1, bare.d2, bare.d3), (0.0, 0.0, 0.0));
        let days = use_days_2021(100, 280);
        assert_eq!(days, -180);
        assert!(parcel_capacity(10.0, 300.0, 50.0, 1.4 * days as f64).unwrap().d3 < 0.0);
        assert_eq!(Quadrat::from_code(3), None);
    }
}
