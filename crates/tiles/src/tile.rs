//! Tiles and places in the square world of Web Mercator.

use std::f64::consts::PI;

/// A place: 0 to 1 from the western edge eastwards, 0 to 1 from the northern edge (85.0511 N) southwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct World {
    /// Eastwards.
    pub x: f64,
    /// Southwards.
    pub y: f64,
}

impl World {
    /// The place of longitude and latitude, degrees on WGS 84. Latitudes beyond the square lie on its edge.
    #[must_use]
    pub fn of_degrees(longitude: f64, latitude: f64) -> Self {
        let sine = latitude.to_radians().sin();
        let y = 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * PI);
        Self { x: longitude / 360.0 + 0.5, y: y.clamp(0.0, 1.0) }
    }

    /// Longitude and latitude of the place, degrees.
    #[must_use]
    pub fn to_degrees(self) -> (f64, f64) {
        let latitude = (PI * (1.0 - 2.0 * self.y)).sinh().atan().to_degrees();
        ((self.x - 0.5) * 360.0, latitude)
    }
}

/// A tile: zoom, column from the west, row from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileId {
    zoom: u8,
    column: u32,
    row: u32,
}

impl TileId {
    /// The deepest zoom: a tile of some ten metres.
    pub const ZOOM_MAX: u8 = 22;

    /// A tile, if the zoom has it.
    #[must_use]
    pub fn new(zoom: u8, column: u32, row: u32) -> Option<Self> {
        let exists = zoom <= Self::ZOOM_MAX && column < 1 << zoom && row < 1 << zoom;
        exists.then_some(Self { zoom, column, row })
    }

    /// Its zoom.
    #[must_use]
    pub fn zoom(self) -> u8 {
        self.zoom
    }

    /// Its upper left corner.
    #[must_use]
    pub fn corner(self) -> World {
        let side = self.side();
        World { x: f64::from(self.column) * side, y: f64::from(self.row) * side }
    }

    /// Length of its side, world units.
    #[must_use]
    pub fn side(self) -> f64 {
        1.0 / f64::from(1_u32 << self.zoom)
    }

    /// Whether a place lies in it.
    #[must_use]
    pub fn holds(self, place: World) -> bool {
        let (corner, side) = (self.corner(), self.side());
        (0.0..side).contains(&(place.x - corner.x)) && (0.0..side).contains(&(place.y - corner.y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_go_there_and_back() {
        for (longitude, latitude) in [(87.75, 41.58), (106.92, 47.92), (0.0, 0.0), (-180.0, -85.0)] {
            let (x, y) = World::of_degrees(longitude, latitude).to_degrees();
            assert!((x - longitude).abs() < 1e-9 && (y - latitude).abs() < 1e-9);
        }
        assert!(World::of_degrees(0.0, 89.9).y.abs() < f64::EPSILON);
    }

    /// Known tiles: slippy map tilenames of OpenStreetMap's wiki for Ulaanbaatar's square and the corner of the world.
    #[test]
    fn tiles_are_counted_from_the_north_west() {
        assert!(TileId::new(10, 816, 356).unwrap().holds(World::of_degrees(106.9177, 47.9185)));
        assert!(TileId::new(0, 0, 0).unwrap().holds(World::of_degrees(-179.9, -85.0)));
        assert_eq!(TileId::new(3, 8, 0), None);
        assert_eq!(TileId::new(23, 0, 0), None);
    }
}
