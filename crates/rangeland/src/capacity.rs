//! Forage supply and carrying capacity of a season, method `native`.
//!
//! `K = sum over patches of area * yield * utilisation * access * carry-over / (intake * days)`, in sheep forage units.
//! A patch is any piece of accessible rangeland with one yield and one utilisation: a pixel, a class, a zone.

use belcheer_domain::{Fraction, Hectares, KgPerHa, SheepForageUnits};

use crate::{intake::IntakeSet, numeric::sum, seasons::Season};

/// A piece of accessible rangeland.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForagePatch {
    /// Area on the ellipsoid.
    pub area: Hectares,
    /// Standing dry matter at its yearly peak.
    pub yield_kg_ha: KgPerHa,
    /// Share that may be grazed.
    pub utilisation: Fraction,
    /// Product of the reductions for distance to water and slope; 1 where none is applied.
    pub access: Fraction,
}

/// Forage of an area at the yearly peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forage {
    /// Accessible rangeland, hectares.
    pub area_ha: f64,
    /// Standing dry matter, kilograms.
    pub standing_kg: f64,
    /// Dry matter that may be grazed, kilograms.
    pub usable_kg: f64,
}

impl Forage {
    /// Area-weighted yield, kg/ha; `None` without area.
    #[must_use]
    pub fn yield_kg_ha(&self) -> Option<f64> {
        quotient(self.standing_kg, self.area_ha)
    }

    /// Share of the standing forage that may be grazed; `None` when nothing stands.
    #[must_use]
    pub fn utilisation_fraction(&self) -> Option<f64> {
        quotient(self.usable_kg, self.standing_kg)
    }
}

/// Forage of some patches; sums are compensated and in the order given.
///
/// ```
/// use belcheer_domain::{Fraction, Hectares, KgPerHa};
/// use belcheer_rangeland::capacity::{ForagePatch, forage};
/// let patch = ForagePatch {
///     area: Hectares::new(1000.0)?,
///     yield_kg_ha: KgPerHa::new(400.0)?,
///     utilisation: Fraction::new(0.5)?,
///     access: Fraction::new(1.0)?,
/// };
/// let forage = forage(&[patch]);
/// assert_eq!((forage.standing_kg, forage.usable_kg), (400_000.0, 200_000.0));
/// # Ok::<(), belcheer_domain::UnitError>(())
/// ```
#[must_use]
pub fn forage(patches: &[ForagePatch]) -> Forage {
    let standing = |p: &ForagePatch| p.area.get() * p.yield_kg_ha.get();
    Forage {
        area_ha: sum(patches.iter().map(|p| p.area.get())),
        standing_kg: sum(patches.iter().map(standing)),
        usable_kg: sum(patches.iter().map(|p| standing(p) * p.utilisation.get() * p.access.get())),
    }
}

/// Supply and demand of one area in one season.
#[derive(Debug, Clone, PartialEq)]
pub struct SeasonBalance {
    /// The season's id.
    pub season: String,
    /// Livestock grazing there, sheep forage units.
    pub livestock_sfu: f64,
    /// Livestock that the usable forage feeds, sheep forage units.
    pub capacity_sfu: f64,
    /// Capacity less livestock, sheep forage units.
    pub balance_sfu: f64,
    /// Livestock over area, SFU/ha; `None` without area.
    pub stocking_rate_sfu_ha: Option<f64>,
    /// Capacity over area, SFU/ha; `None` without area.
    pub carrying_capacity_sfu_ha: Option<f64>,
    /// Livestock over capacity; `None` when there is no capacity.
    pub ratio: Option<f64>,
}

/// Livestock that the usable forage feeds in a season, sheep forage units.
#[must_use]
pub fn capacity_sfu(forage: &Forage, season: &Season, intake: &IntakeSet) -> f64 {
    forage.usable_kg * season.carry_over.mode / (intake.kg_per_day * season.days)
}

/// Capacity, stocking rate, stocking ratio `R = L / K` and balance `K - L` of a season.
#[must_use]
pub fn season_balance(
    forage: &Forage,
    season: &Season,
    intake: &IntakeSet,
    livestock: SheepForageUnits,
) -> SeasonBalance {
    let livestock_sfu = livestock.get();
    let capacity_sfu = capacity_sfu(forage, season, intake);
    SeasonBalance {
        season: season.id.clone(),
        livestock_sfu,
        capacity_sfu,
        balance_sfu: capacity_sfu - livestock_sfu,
        stocking_rate_sfu_ha: quotient(livestock_sfu, forage.area_ha),
        carrying_capacity_sfu_ha: quotient(capacity_sfu, forage.area_ha),
        ratio: quotient(livestock_sfu, capacity_sfu),
    }
}

/// The stocking ratio that binds the year: the largest of the seasons; `None` when one of them is missing.
#[must_use]
pub fn binding_ratio(seasons: &[SeasonBalance]) -> Option<f64> {
    let ratios: Option<Vec<f64>> = seasons.iter().map(|s| s.ratio).collect();
    ratios?.into_iter().reduce(f64::max)
}

/// Percent use as a fraction: the yearly demand over the standing forage, without utilisation (Gao et al. 2015);
/// `PU = L * intake * 365 / sum of area * yield`. `None` when nothing stands.
#[must_use]
pub fn percent_use(forage: &Forage, livestock: SheepForageUnits, intake: &IntakeSet) -> Option<f64> {
    quotient(livestock.get() * intake.kg_per_day * 365.0, forage.standing_kg)
}

fn quotient(numerator: f64, denominator: f64) -> Option<f64> {
    let value = numerator / denominator;
    (denominator > 0.0 && value.is_finite()).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ParameterSet, seasons::SeasonSet};

    fn patch(area: f64, yield_kg_ha: f64, utilisation: f64) -> ForagePatch {
        ForagePatch {
            area: Hectares::new(area).unwrap(),
            yield_kg_ha: KgPerHa::new(yield_kg_ha).unwrap(),
            utilisation: Fraction::new(utilisation).unwrap(),
            access: Fraction::new(1.0).unwrap(),
        }
    }

    #[test]
    fn bare_ground_has_no_ratio() {
        let season = SeasonSet::by_name("seasons_mn_1").unwrap().season[0].clone();
        let intake = IntakeSet::by_name("intake_almgac").unwrap();
        let bare = forage(&[patch(100.0, 0.0, 0.5)]);
        let balance = season_balance(&bare, &season, &intake, SheepForageUnits::new(10.0).unwrap());
        assert_eq!((balance.ratio, balance.balance_sfu), (None, -10.0));
        assert_eq!(bare.utilisation_fraction(), None);
        assert_eq!(forage(&[]).yield_kg_ha(), None);
        assert_eq!(binding_ratio(&[balance]), None);
        assert_eq!(binding_ratio(&[]), None);
    }

    proptest! {
        #[test]
        fn ratio_is_rate_over_capacity_and_falls_with_yield(
            patches in prop::collection::vec((1.0..1e5, 10.0..2000.0, 0.05..0.9), 1..20),
            sfu in 1.0..1e6,
        ) {
            let season = SeasonSet::by_name("seasons_mn_1").unwrap().season[1].clone();
            let intake = IntakeSet::by_name("intake_almgac").unwrap();
            let livestock = SheepForageUnits::new(sfu).unwrap();
            let at = |times: f64| {
                let patches: Vec<_> = patches.iter().map(|&(a, y, u)| patch(a, y * times, u)).collect();
                season_balance(&forage(&patches), &season, &intake, livestock)
            };
            let one = at(1.0);
            let by_rates = one.stocking_rate_sfu_ha.unwrap() / one.carrying_capacity_sfu_ha.unwrap();
            prop_assert!((by_rates / one.ratio.unwrap() - 1.0).abs() < 1e-12);
            prop_assert!((at(2.0).ratio.unwrap() * 2.0 / one.ratio.unwrap() - 1.0).abs() < 1e-12);
        }
    }
}
