//! The native method: every season of a soum from its accessible pasture.

use std::collections::BTreeMap;

use belcheer_domain::{SheepForageUnits, SoumCode};
use belcheer_rangeland::capacity::{Forage, capacity_sfu, forage, percent_use, season_balance};
use belcheer_rangeland::livestock::{Movement, SeasonLivestock, season_livestock};
use belcheer_rangeland::seasons::Season;
use belcheer_rangeland::sensitivity::Sensitivity;

use super::cells::{Access, Piece, patches};
use super::ground::Ground;
use super::{Basis, CapacityRow, Herd, variants};
use crate::evidence::pressure::soum_utilisation;
use crate::yields::{Yield, YieldSource};

/// What a soum's seasons share.
pub(super) struct Supply {
    pub pieces: Vec<Piece>,
    pub utilisation: f64,
    pub herd: Herd,
    pub sfu: SheepForageUnits,
}

/// Rows of every season, and whether the class hangs on the parameter sets.
pub(super) fn soum(
    basis: &Basis<'_>,
    ground: &Ground,
    yields: &BTreeMap<SoumCode, Yield>,
    soum: SoumCode,
) -> (Vec<CapacityRow>, Option<Sensitivity>) {
    let own = yields.get(&soum);
    let whole_ha = basis.inputs.soums.get(&soum).map_or(0.0, |s| s.area_ha);
    let pieces = ground.pieces(soum, whole_ha, own.map(|y| y.kg_ha));
    let area_ha: f64 = pieces.iter().map(|p| p.area_ha).sum();
    let common = &basis.sets.common;
    let found = soum_utilisation(basis.inputs, &common.utilisation, &common.utilisation_fallback, &basis.zones, soum);
    let herd = herd(basis, soum);
    let total: f64 = herd.as_ref().map_or(0.0, |h| h.values().sum());
    let mut reasons: Vec<&'static str> = [
        (herd.is_none(), "no_livestock"),
        (found.is_none(), "zone_unknown"),
        (own.is_none() && !ground.yield_of(soum), "no_plots"),
        (area_ha <= 0.0, "no_accessible_pasture"),
    ]
    .into_iter()
    .filter_map(|(missing, reason)| missing.then_some(reason))
    .collect();
    let known = reasons.is_empty();
    if basis.borrowed.contains(&soum) {
        reasons.push("zone_of_neighbour");
    }
    let source = match (ground.yield_of(soum), own.map(|y| y.source)) {
        (true, _) => Some("calibrated_vegetation"),
        (false, Some(YieldSource::OwnPlots)) => Some("own_plots"),
        (false, Some(YieldSource::Zone)) => Some("zone_plots"),
        (false, None) => None,
    };
    let supply = match (SheepForageUnits::new(total), &found, known) {
        (Ok(sfu), Some((utilisation, _)), true) => {
            Some(Supply { pieces, utilisation: *utilisation, herd: herd.clone().unwrap_or_default(), sfu })
        }
        _ => None,
    };
    let sets = [common.sfu.id.as_str(), &common.intake.id, found.map_or("", |f| f.1), &common.seasons.id];
    let rows = common
        .seasons
        .season
        .iter()
        .map(|season| {
            let empty = CapacityRow {
                au2: soum,
                season: season.id.clone(),
                sfu: herd.as_ref().map(|_| total),
                area_ha,
                potential_area_ha: None,
                yield_kg_ha: own.map(|y| y.kg_ha),
                yield_source: source,
                utilisation: found.map(|f| f.0),
                water_factor: None,
                slope_factor: None,
                carry_over: season.carry_over.mode,
                days: season.days,
                capacity_sfu: None,
                capacity_if_watered_sfu: None,
                ratio: None,
                percent_use: None,
                d1_d2: None,
                parameter_set: sets.join(";"),
                reasons: reasons.clone(),
            };
            match &supply {
                Some(supply) => with_supply(basis, ground, supply, season, empty),
                None => empty,
            }
        })
        .collect();
    let sensitivity = supply.and_then(|supply| variants::of_soum(basis, ground, soum, &supply));
    (rows, sensitivity)
}

/// Sheep forage units by species; `None` when the soum was not counted by species.
fn herd(basis: &Basis<'_>, soum: SoumCode) -> Option<Herd> {
    let coefficient = &basis.sets.common.sfu.coefficient;
    let heads = basis.heads.get(&soum)?;
    heads.iter().map(|(species, head)| Some((*species, head * coefficient.get(species)?))).collect()
}

/// What reduces the use of a season's pasture.
pub(super) fn access<'a>(basis: &'a Basis<'_>, ground: &Ground, supply: &'a Supply, season: &Season) -> Access<'a> {
    let snow = basis.sets.water.snow_seasons.contains(&season.id);
    Access {
        water: (ground.has_water && !snow).then_some((&basis.sets.water, &supply.herd)),
        slope: ground.has_slope.then_some(&basis.sets.slope),
    }
}

/// Livestock of a season that lives from the soum's pasture, by otor and feed where they are known.
pub(super) fn present(basis: &Basis<'_>, soum: SoumCode, sfu: SheepForageUnits, season: &Season) -> SeasonLivestock {
    let known = basis.presence.get(&(soum, season.id.clone()));
    let movement = known
        .filter(|p| p.out_sfu_days.or(p.in_sfu_days).is_some())
        .map(|p| Movement { out_sfu_days: p.out_sfu_days.unwrap_or(0.0), in_sfu_days: p.in_sfu_days.unwrap_or(0.0) });
    season_livestock(sfu, movement, known.and_then(|p| p.feed_kg), season, &basis.sets.common.intake)
}

fn with_supply(
    basis: &Basis<'_>,
    ground: &Ground,
    supply: &Supply,
    season: &Season,
    empty: CapacityRow,
) -> CapacityRow {
    let intake = &basis.sets.common.intake;
    let access = access(basis, ground, supply, season);
    let of = |access: &Access<'_>| forage(&patches(&supply.pieces, supply.utilisation, access));
    let (reduced, full) = (of(&access), of(&Access::FULL));
    let unwatered = of(&Access { water: None, ..access });
    let share = |part: &Forage, whole: &Forage| (whole.usable_kg > 0.0).then(|| part.usable_kg / whole.usable_kg);
    let present = present(basis, empty.au2, supply.sfu, season);
    let balance = season_balance(&reduced, season, intake, present.sfu);
    let mut reasons = empty.reasons.clone();
    reasons.extend(present.flags);
    if ground.has_water && access.water.is_none() {
        reasons.push("snow_taken_for_water");
    }
    CapacityRow {
        sfu: Some(present.sfu.get()),
        potential_area_ha: ground.has_land_use.then(|| supply.pieces.iter().map(|p| p.potential_ha).sum()),
        yield_kg_ha: reduced.yield_kg_ha(),
        water_factor: access.water.and_then(|_| share(&reduced, &unwatered)),
        slope_factor: access.slope.and_then(|_| share(&unwatered, &full)),
        capacity_sfu: Some(balance.capacity_sfu),
        capacity_if_watered_sfu: access.water.map(|_| capacity_sfu(&unwatered, season, intake)),
        ratio: balance.ratio,
        percent_use: percent_use(&full, supply.sfu, intake),
        reasons,
        ..empty
    }
}
