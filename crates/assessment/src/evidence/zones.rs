//! The natural zone of each soum, as most of its plots and photo points say.

use std::collections::BTreeMap;

use belcheer_domain::{NaturalZone, SoumCode};

use crate::inputs::Inputs;

/// The zone named most often by a soum's photo points and plots; soums without any are absent.
///
/// A tie goes to the zone that stands first from mountain to desert.
#[must_use]
pub fn dominant_zones(inputs: &Inputs) -> BTreeMap<SoumCode, NaturalZone> {
    let mut votes: BTreeMap<SoumCode, BTreeMap<NaturalZone, usize>> = BTreeMap::new();
    let points = inputs.photo_points.iter().map(|p| (p.au2, p.zone));
    let plots = inputs.plots.iter().map(|p| (p.au2, p.zone));
    for (soum, zone) in points.chain(plots) {
        if let (Some(soum), Some(zone)) = (soum, zone) {
            *votes.entry(soum).or_default().entry(zone).or_default() += 1;
        }
    }
    votes
        .into_iter()
        .filter_map(|(soum, zones)| {
            let most = zones.values().copied().max()?;
            zones.into_iter().find(|(_, n)| *n == most).map(|(zone, _)| (soum, zone))
        })
        .collect()
}
