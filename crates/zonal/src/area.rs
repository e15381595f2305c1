//! Area of cells bounded by parallels and meridians on the WGS84 ellipsoid, in square metres.

use crate::Grid;

/// Semi-major axis of WGS84 in metres (NIMA TR8350.2, 2000).
pub(crate) const WGS84_A_M: f64 = 6_378_137.0;
/// Inverse flattening of WGS84 (NIMA TR8350.2, 2000).
const WGS84_INVERSE_FLATTENING: f64 = 298.257_223_563;

/// First eccentricity squared.
pub(crate) fn eccentricity_squared() -> f64 {
    let flattening = 1.0 / WGS84_INVERSE_FLATTENING;
    flattening * (2.0 - flattening)
}

/// `atanh(e sin φ)/e + sin φ/(1 − e² sin² φ)`: twice the area between the equator and a parallel, for one
/// radian of longitude, divided by the square of the semi-minor axis (Snyder 1987, eq. 3-12).
pub(crate) fn authalic_term(latitude_deg: f64) -> f64 {
    let e2 = eccentricity_squared();
    let e = e2.sqrt();
    let sin = latitude_deg.to_radians().sin();
    (e * sin).atanh() / e + sin / (1.0 - e2 * sin * sin)
}

/// Area of the cell between two parallels, `dlon_deg` degrees of longitude wide, in m2.
///
/// `A = b² Δλ / 2 · [atanh(e sin φ)/e + sin φ/(1 − e² sin² φ)]` from south to north, on WGS84.
/// Latitudes beyond a pole count as the pole. Negative when the parallels are swapped, NaN for NaN.
///
/// ```
/// let km2 = belcheer_zonal::geographic_cell_area_m2(47.0, 48.0, 1.0) / 1e6;
/// assert!((km2 - 8376.632528).abs() < 1e-3);
/// ```
#[must_use]
pub fn geographic_cell_area_m2(lat_south: f64, lat_north: f64, dlon_deg: f64) -> f64 {
    let b2 = WGS84_A_M * WGS84_A_M * (1.0 - eccentricity_squared());
    let term = |latitude: f64| authalic_term(latitude.clamp(-90.0, 90.0));
    b2 * dlon_deg.to_radians() / 2.0 * (term(lat_north) - term(lat_south))
}

/// Area of one cell of each row of a grid in degrees, north to south, in m2.
///
/// What lies beyond a pole has no area.
#[must_use]
pub fn row_cell_areas_m2(grid: &Grid) -> Vec<f64> {
    (0..grid.rows())
        .map(|row| {
            let (south, north) = grid.row_edges(row);
            geographic_cell_area_m2(south, north, grid.dx())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        let km2 = |south: f64| geographic_cell_area_m2(south, south + 1.0, 1.0) / 1e6;
        assert!((km2(47.0) - 8_376.632_528).abs() < 1e-3);
        assert!((km2(42.0) - 9130.79).abs() < 5e-3);
        assert!((km2(51.0) - 7725.70).abs() < 5e-3);
    }

    #[test]
    fn modis_pixels_in_degrees() {
        let pixel = 1.0 / 480.0;
        for (latitude, hectares) in [(47.0, 3.670), (42.0, 3.994), (51.0, 3.389)] {
            let grid = Grid::new(100.0, latitude + pixel / 2.0, pixel, pixel, 10, 1).unwrap();
            assert!((row_cell_areas_m2(&grid)[0] / 1e4 - hectares).abs() < 1e-3, "{latitude}");
        }
    }

    #[test]
    fn the_whole_ellipsoid() {
        // Surface of WGS84: 510 065 621.724 km2.
        let grid = Grid::new(-180.0, 90.5, 1.0, 1.0, 360, 181).unwrap();
        let total: f64 = row_cell_areas_m2(&grid).iter().map(|area| area * 360.0).sum();
        assert!((total / 1e6 - 510_065_621.724).abs() < 1e-3, "{total}");
    }
}
