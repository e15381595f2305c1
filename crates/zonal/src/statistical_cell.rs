//! The fixed equal-area cell of 16 km that partial sums and sampling errors refer to.

use crate::area::{WGS84_A_M, authalic_term, eccentricity_squared};

/// The division of the Earth into statistical cells. A change of any number is a new division with a new name.
struct Division {
    /// Side of a cell on the projection plane, in metres.
    side_m: f64,
    /// Parallel on which cells are square, in degrees.
    standard_parallel_deg: f64,
}

/// `cea16_v1`: cylindrical equal-area on WGS84, true at 47 degrees north, the middle of Mongolia.
const CEA16_V1: Division = Division { side_m: 16_000.0, standard_parallel_deg: 47.0 };

/// One cell of the division `cea16_v1`: 256 km2 everywhere, 16 km by 16 km at 47 degrees north.
///
/// Ellipsoidal cylindrical equal-area projection (Snyder 1987, eq. 10-13 to 10-15):
/// `x = a k0 λ`, `y = a q / (2 k0)`, `k0 = cos φs / sqrt(1 − e² sin² φs)`. Cells count east from Greenwich and
/// north from the equator, and depend on nothing but the position.
///
/// ```
/// use belcheer_zonal::StatisticalCell;
/// let ulaanbaatar = StatisticalCell::at(106.9, 47.9);
/// assert_eq!(ulaanbaatar, StatisticalCell::at(106.9 + 360.0, 47.9));
/// assert_eq!(StatisticalCell::at(f64::NAN, 47.9), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatisticalCell {
    /// Cells north of the equator.
    pub north: i32,
    /// Cells east of Greenwich.
    pub east: i32,
}

impl StatisticalCell {
    /// Name of the division, to be kept beside stored partial sums.
    pub const DIVISION: &'static str = "cea16_v1";

    /// The cell of a position in degrees; `None` for what is no position. Longitudes are taken modulo 360.
    #[must_use]
    pub fn at(lon: f64, lat: f64) -> Option<Self> {
        if !lon.is_finite() || !(-90.0..=90.0).contains(&lat) {
            return None;
        }
        // Leaves longitudes from -180 to 180 as they are, to the last bit.
        let lon = if (-180.0..180.0).contains(&lon) { lon } else { (lon + 180.0).rem_euclid(360.0) - 180.0 };
        let e2 = eccentricity_squared();
        let parallel = CEA16_V1.standard_parallel_deg.to_radians();
        let k0 = parallel.cos() / (1.0 - e2 * parallel.sin() * parallel.sin()).sqrt();
        let x_m = WGS84_A_M * k0 * lon.to_radians();
        let y_m = WGS84_A_M * (1.0 - e2) * authalic_term(lat) / (2.0 * k0);
        let cell = |m: f64| (m / CEA16_V1.side_m).floor() as i32;
        Some(Self { north: cell(y_m), east: cell(x_m) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geographic_cell_area_m2;
    use std::collections::BTreeMap;

    #[test]
    fn refuses_what_is_no_position() {
        assert_eq!(StatisticalCell::at(0.0, 90.1), None);
        assert_eq!(StatisticalCell::at(f64::INFINITY, 0.0), None);
        assert!(StatisticalCell::at(180.0, 90.0).is_some());
    }

    #[test]
    fn inner_cells_have_256_km2() {
        // Fine pixels of a block of Mongolia, added up by cell.
        let step = 0.002;
        let mut areas: BTreeMap<StatisticalCell, f64> = BTreeMap::new();
        for i in 0..300 {
            let south = 47.0 + f64::from(i) * step;
            let area = geographic_cell_area_m2(south, south + step, step);
            for j in 0..300 {
                let west = 103.0 + f64::from(j) * step;
                *areas.entry(StatisticalCell::at(west + step / 2.0, south + step / 2.0).unwrap()).or_default() += area;
            }
        }
        let full = areas.values().copied().fold(0.0, f64::max) / 1e6;
        assert!((full - 256.0).abs() < 256.0 * 0.025, "{full}");
        assert!(areas.len() > 10 && areas.len() < 30, "{}", areas.len());
    }

    #[test]
    fn a_degree_east_at_the_standard_parallel() {
        // One degree of longitude at 47 N is 76.055 km, so 100 degrees are 475.3 cells.
        let cell = StatisticalCell::at(100.0, 47.0).unwrap();
        assert_eq!(cell.east, 475);
    }
}
