//! Geodesic area of lon/lat polygons in hectares.

use geo::GeodesicArea;
use geo_types::MultiPolygon;

/// Area on the WGS 84 ellipsoid after Karney (2013), hectares; holes subtracted, parts summed in order.
///
/// Shells run counter-clockwise and holes clockwise, as [`super::repair::oriented`] makes them.
pub(crate) fn geodesic_ha(polygons: &MultiPolygon<f64>) -> f64 {
    polygons.iter().map(|p| p.geodesic_area_unsigned()).sum::<f64>() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    #[test]
    fn one_degree_cell_at_47_north() {
        // the north and south sides are geodesics here: 8376.50 km2; bounded by parallels it would be 8376.63
        let cell = MultiPolygon(vec![
            polygon![(x: 103.0, y: 47.0), (x: 104.0, y: 47.0), (x: 104.0, y: 48.0), (x: 103.0, y: 48.0)],
        ]);
        assert!((geodesic_ha(&cell) / 100.0 - 8376.4987).abs() < 1e-3);
    }
}
