//! Against geo's `Intersects`, on mosaics whose borders pass through the points.

use geo::Intersects;
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon, Rect, coord};
use proptest::prelude::*;

use super::*;

/// The rule in its plainest form.
fn plain(zones: &[MultiPolygon<f64>], x: f64, y: f64) -> Option<u32> {
    zones.iter().position(|zone| zone.intersects(&Point::new(x, y))).map(|i| i as u32)
}

fn square(x: f64, y: f64, side: f64) -> Polygon<f64> {
    Rect::new(coord! { x: x, y: y }, coord! { x: x + side, y: y + side }).to_polygon()
}

/// A mosaic of four-cornered zones on a jittered grid; neighbours share vertices. `order` mixes the zones.
fn mosaic(side: usize, jitter: &[(i32, i32)], order: u64) -> Vec<MultiPolygon<f64>> {
    let corner = |col: usize, row: usize| {
        let (dx, dy) = jitter[(row * (side + 1) + col) % jitter.len()];
        Coord { x: (col * 8) as f64 + f64::from(dx), y: (row * 8) as f64 + f64::from(dy) }
    };
    let mut zones: Vec<MultiPolygon<f64>> = (0..side * side)
        .map(|i| {
            let (col, row) = (i % side, i / side);
            let ring = [corner(col, row), corner(col + 1, row), corner(col + 1, row + 1), corner(col, row + 1)];
            MultiPolygon(vec![Polygon::new(LineString(ring.to_vec()), vec![])])
        })
        .collect();
    zones.sort_by_key(|z| {
        (z.0[0].exterior().0[0].x as u64 * 31 + z.0[0].exterior().0[0].y as u64).wrapping_mul(order | 1)
    });
    zones
}

#[test]
fn holes_belong_to_their_filling_and_their_borders_to_the_first() {
    let ring = Polygon::new(square(0.0, 0.0, 9.0).exterior().clone(), vec![square(3.0, 3.0, 3.0).exterior().clone()]);
    let town = MultiPolygon(vec![square(3.0, 3.0, 3.0), square(20.0, 0.0, 1.0)]);
    let index = PointIndex::new(&[MultiPolygon(vec![ring.clone()]), town.clone()]);
    let points = [(1.0, 1.0), (4.0, 4.0), (3.0, 4.0), (20.5, 0.5), (15.0, 0.5), (9.0, 9.0), (9.1, 9.0)];
    let expected = [Some(0), Some(1), Some(0), Some(1), None, Some(0), None];
    assert_eq!(index.assign(&points), expected);
    let alone = PointIndex::new(&[MultiPolygon(vec![ring])]);
    assert_eq!((alone.zone_at(4.0, 4.0), alone.zone_at(3.0, 4.0)), (None, Some(0)));
}

#[test]
fn nothing_holds_no_point_and_odd_polygons_do_no_harm() {
    assert_eq!(PointIndex::new(&[]).assign(&[(0.0, 0.0), (f64::NAN, 1.0)]), [None, None]);
    let broken = Polygon::new(LineString::from(vec![(0.0, 0.0), (f64::NAN, 1.0), (1.0, 1.0)]), vec![]);
    let empty = Polygon::new(LineString(vec![]), vec![]);
    let flat = Polygon::new(LineString::from(vec![(5.0, 5.0), (7.0, 5.0), (5.0, 5.0)]), vec![]);
    let zones =
        [MultiPolygon(vec![broken, empty]), MultiPolygon(vec![flat]), MultiPolygon(vec![square(0.0, 0.0, 1.0)])];
    let index = PointIndex::new(&zones);
    assert_eq!(index.assign(&[(0.5, 0.5), (6.0, 5.0), (6.0, 5.1)]), [Some(2), Some(1), None]);
    assert_eq!(index.zone_at(f64::INFINITY, 0.0), None);
}

#[test]
fn points_a_rounding_beside_a_border_are_on_their_side() {
    // the border runs from (0, 0) to (3, 1); thirds are not exact
    let lower = Polygon::new(LineString::from(vec![(0.0, 0.0), (3.0, 0.0), (3.0, 1.0)]), vec![]);
    let upper = Polygon::new(LineString::from(vec![(0.0, 0.0), (3.0, 1.0), (0.0, 1.0)]), vec![]);
    let zones = [MultiPolygon(vec![upper]), MultiPolygon(vec![lower])];
    let index = PointIndex::new(&zones);
    for i in 1..1000 {
        let x = f64::from(i) * 0.003;
        let y = x / 3.0;
        for y in [y.next_down().next_down(), y.next_down(), y, y.next_up(), y.next_up().next_up()] {
            assert_eq!(index.zone_at(x, y), plain(&zones, x, y), "{x} {y}");
        }
    }
}

#[test]
fn an_upright_border_may_lie_on_a_line_of_the_lattice() {
    let hole = square(5.75, 11.0 + 2.25, 4.5).exterior().clone();
    let zones = [
        MultiPolygon(vec![square(3.0, 0.0, 1.0), Polygon::new(square(5.0, 11.0, 9.0).exterior().clone(), vec![hole])]),
        MultiPolygon(vec![square(3.0, 0.0, 1.0), square(17.0, 6.0, 10.0)]),
        MultiPolygon(vec![square(14.0, 5.0, 1.0)]),
    ];
    let index = PointIndex::new(&zones);
    for (x, y) in (0..60).flat_map(|x| (0..50).map(move |y| (f64::from(x) / 2.0, f64::from(y) / 2.0))) {
        assert_eq!(index.zone_at(x, y), plain(&zones, x, y), "{x} {y}");
    }
}

proptest! {
    #[test]
    fn every_point_has_the_first_zone_of_a_mosaic(
        side in 1_usize..6,
        jitter in proptest::collection::vec((-3_i32..=3, -3_i32..=3), 1..40),
        order: u64,
        points in proptest::collection::vec((-10_i32..60, -10_i32..60, 0_u8..3), 1..200),
    ) {
        let zones = mosaic(side, &jitter, order);
        let index = PointIndex::new(&zones);
        // whole numbers are often on vertices and edges, halves on edges, thirds hardly ever
        let points: Vec<(f64, f64)> = points
            .iter()
            .map(|(x, y, kind)| {
                let shift = [0.0, 0.5, 1.0 / 3.0][usize::from(*kind)];
                (f64::from(*x) + shift, f64::from(*y) + shift)
            })
            .collect();
        let expected: Vec<Option<u32>> = points.iter().map(|(x, y)| plain(&zones, *x, *y)).collect();
        prop_assert_eq!(index.assign(&points), expected);
        // every vertex is in a zone, and in the first of those that share it
        for zone in &zones {
            for corner in zone.0[0].exterior() {
                prop_assert_eq!(index.zone_at(corner.x, corner.y), plain(&zones, corner.x, corner.y));
            }
        }
    }

    #[test]
    fn overlapping_polygons_and_holes_agree_too(
        squares in proptest::collection::vec((0_i32..20, 0_i32..20, 1_i32..12, any::<bool>()), 1..12),
        points in proptest::collection::vec((-2_i32..70, -2_i32..70), 1..100),
    ) {
        let zones: Vec<MultiPolygon<f64>> = squares
            .chunks(2)
            .map(|pair| {
                let polygon = |(x, y, side, holed): &(i32, i32, i32, bool)| {
                    let (x, y, side) = (f64::from(*x), f64::from(*y), f64::from(*side));
                    let hole = square(x + side / 4.0, y + side / 4.0, side / 2.0).exterior().clone();
                    Polygon::new(square(x, y, side).exterior().clone(), if *holed { vec![hole] } else { vec![] })
                };
                MultiPolygon(pair.iter().map(polygon).collect())
            })
            .collect();
        let index = PointIndex::new(&zones);
        for (x, y) in points {
            let (x, y) = (f64::from(x) / 2.0, f64::from(y) / 2.0);
            prop_assert_eq!(index.zone_at(x, y), plain(&zones, x, y), "{} {}", x, y);
        }
    }
}
