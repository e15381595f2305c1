//! Borders in the world of Web Mercator, drawn as finely as a zoom shows.

use belcheer_domain::SoumCode;
use belcheer_tiles::{World, Zone};

use super::ring::{PER_DEGREE, Point, Unit, steps};
use super::shared::simplified;

/// The last zoom of each band and how far its borders may lie from the true ones, degrees: less than a sixteenth of a
/// hundredth of that zoom's tile. The last band is exact.
pub(super) const BANDS: [(u8, f64); 5] = [(4, 0.012), (6, 0.003), (8, 0.000_75), (10, 0.000_2), (u8::MAX, 0.0)];

/// The band of a zoom.
pub(super) fn band(zoom: u8) -> usize {
    BANDS.iter().position(|(last, _)| zoom <= *last).unwrap_or(BANDS.len() - 1)
}

/// The zones of a band; their numbers are the soum codes.
pub(super) fn zones(codes: &[SoumCode], units: &[Unit], band: usize) -> Vec<Zone> {
    let tolerance = BANDS.get(band).map_or(0.0, |(_, degrees)| *degrees);
    let drawn = if tolerance > 0.0 { simplified(units, steps(tolerance)) } else { units.to_vec() };
    let world = |point: &Point| {
        let place = World::of_degrees(point.0 as f64 / PER_DEGREE, point.1 as f64 / PER_DEGREE);
        [place.x, place.y]
    };
    let zone = |(code, unit): (&SoumCode, Unit)| Zone {
        id: code.to_string().parse().unwrap_or_default(),
        polygons: unit
            .iter()
            .map(|rings| rings.iter().map(|ring| ring.iter().map(world).collect()).collect())
            .collect(),
    };
    codes.iter().zip(drawn).map(zone).collect()
}
