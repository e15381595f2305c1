//! The stocking ratio of a soum under every combination of parameter sets.

use belcheer_domain::SoumCode;
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::access::{SlopeFactors, WaterFactors};
use belcheer_rangeland::capacity::forage;
use belcheer_rangeland::intake::IntakeSet;
use belcheer_rangeland::seasons::Season;
use belcheer_rangeland::sensitivity::{Sensitivity, Variant, sensitivity};
use belcheer_rangeland::sheep_forage_units::{SfuSet, sheep_forage_units};
use belcheer_rangeland::utilisation::UtilisationSet;

use super::Basis;
use super::cells::{Access, patches};
use super::ground::Ground;
use super::native::Supply;
use crate::evidence::pressure::soum_utilisation;

/// Written where a combination leaves no forage at all, such as water too far from every pasture.
const RATIO_MAX: f64 = 1e6;

/// Forage that may be reached in every season, for utilisation 1, under one pair of access sets.
struct Reach {
    name: String,
    usable_kg: Vec<f64>,
}

/// Tries every set of sheep forage units, intake, utilisation, carry-over (lowest, usual, highest) and access.
pub(super) fn of_soum(basis: &Basis<'_>, ground: &Ground, soum: SoumCode, supply: &Supply) -> Option<Sensitivity> {
    let common = &basis.sets.common;
    let seasons = &common.seasons.season;
    let reaches = reaches(basis, ground, supply)?;
    let demands = demands(basis, soum)?;
    let shares: Vec<(String, f64)> = UtilisationSet::all()
        .ok()?
        .into_iter()
        .filter_map(|set| {
            let found = soum_utilisation(basis.inputs, &set, &common.utilisation_fallback, &basis.zones, soum)?;
            Some((set.id.clone(), found.0))
        })
        .collect();
    let intakes = IntakeSet::all().ok()?;
    // otor and feed change the livestock of a season by the same share under every set
    let registered = supply.sfu.get();
    let grazing: Vec<f64> = seasons
        .iter()
        .map(|season| match super::native::present(basis, soum, supply.sfu, season).sfu.get() {
            sfu if registered > 0.0 => sfu / registered,
            _ => 1.0,
        })
        .collect();
    let mut variants = Vec::new();
    for reach in &reaches {
        for (sfu_id, sfu) in &demands {
            for intake in &intakes {
                for (share_id, share) in &shares {
                    for (carry_id, carry) in CARRY_OVER {
                        let ratio = seasons
                            .iter()
                            .zip(reach.usable_kg.iter().zip(&grazing))
                            .map(|(season, (kg, grazing))| {
                                sfu * grazing * intake.kg_per_day * season.days / (kg * share * carry(season))
                            })
                            .reduce(f64::max)?
                            .min(RATIO_MAX);
                        let sets = [sfu_id.as_str(), &intake.id, share_id, carry_id, &reach.name].join(";");
                        let class = common.stocking.classify(ratio)?.id.clone();
                        variants.push(Variant { sets, ratio, class });
                    }
                }
            }
        }
    }
    let used = binding(basis, ground, soum, supply)?;
    sensitivity(&common.stocking.classify(used)?.id, &variants)
}

/// Name and value of a carry-over.
type CarryOver = (&'static str, fn(&Season) -> f64);
const CARRY_OVER: [CarryOver; 3] = [
    ("carry_over_low", |s| s.carry_over.low),
    ("carry_over", |s| s.carry_over.mode),
    ("carry_over_high", |s| s.carry_over.high),
];

fn binding(basis: &Basis<'_>, ground: &Ground, soum: SoumCode, supply: &Supply) -> Option<f64> {
    let common = &basis.sets.common;
    let ratio = |season: &Season| {
        let access = super::native::access(basis, ground, supply, season);
        let kg = forage(&patches(&supply.pieces, supply.utilisation, &access)).usable_kg;
        let sfu = super::native::present(basis, soum, supply.sfu, season).sfu.get();
        sfu * common.intake.kg_per_day * season.days / (kg * season.carry_over.mode)
    };
    common.seasons.season.iter().map(ratio).reduce(f64::max).filter(|r| r.is_finite())
}

/// Livestock of the soum by every set that counts sheep forage units.
fn demands(basis: &Basis<'_>, soum: SoumCode) -> Option<Vec<(String, f64)>> {
    let heads = basis.heads.get(&soum)?;
    let sets = SfuSet::all().ok()?.into_iter().filter(|set| set.unit == "sfu");
    Some(sets.filter_map(|set| Some((set.id.clone(), sheep_forage_units(heads, &set).ok()?.get()))).collect())
}

fn reaches(basis: &Basis<'_>, ground: &Ground, supply: &Supply) -> Option<Vec<Reach>> {
    let water: Vec<Option<WaterFactors>> =
        if ground.has_water { WaterFactors::all().ok()?.into_iter().map(Some).collect() } else { vec![None] };
    let slope: Vec<Option<SlopeFactors>> =
        if ground.has_slope { SlopeFactors::all().ok()?.into_iter().map(Some).collect() } else { vec![None] };
    let mut reaches = Vec::new();
    for water in &water {
        for slope in &slope {
            let usable = |season: &Season| {
                let dry = water.as_ref().filter(|w| !w.snow_seasons.contains(&season.id));
                let access = Access { water: dry.map(|w| (w, &supply.herd)), slope: slope.as_ref() };
                forage(&patches(&supply.pieces, 1.0, &access)).usable_kg
            };
            let names = [water.as_ref().map(|w| w.id.as_str()), slope.as_ref().map(|s| s.id.as_str())];
            let name = names.into_iter().flatten().collect::<Vec<_>>().join(";");
            reaches.push(Reach { name, usable_kg: basis.sets.common.seasons.season.iter().map(usable).collect() });
        }
    }
    Some(reaches)
}
