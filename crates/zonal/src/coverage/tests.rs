use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use proptest::prelude::*;

use super::*;

fn ring(points: &[(f64, f64)]) -> LineString<f64> {
    points.iter().map(|&(x, y)| Coord { x, y }).collect()
}

fn zone(points: &[(f64, f64)]) -> MultiPolygon<f64> {
    MultiPolygon(vec![Polygon::new(ring(points), vec![])])
}

fn square(x_min: f64, y_min: f64, x_max: f64, y_max: f64) -> Vec<(f64, f64)> {
    vec![(x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max)]
}

/// Fractions of every cell, row by row.
fn matrix(grid: &Grid, coverage: &Coverage) -> Vec<f64> {
    let mut cells = vec![0.0; grid.rows() * grid.cols()];
    for span in coverage {
        for col in span.col_start..span.col_end {
            let cell = &mut cells[span.row as usize * grid.cols() + col as usize];
            assert_eq!(*cell, 0.0, "spans overlap");
            *cell = span.fraction;
        }
    }
    cells
}

fn grid(cols: usize, rows: usize) -> Grid {
    Grid::new(0.0, rows as f64, 1.0, 1.0, cols, rows).unwrap()
}

#[test]
fn a_square_in_either_direction() {
    let grid = grid(3, 3);
    let expected = [0.25, 0.5, 0.25, 0.5, 1.0, 0.5, 0.25, 0.5, 0.25];
    let mut points = square(0.5, 0.5, 2.5, 2.5);
    assert_eq!(matrix(&grid, &coverage(&grid, &zone(&points)).unwrap()), expected);
    points.reverse();
    let cover = coverage(&grid, &zone(&points)).unwrap();
    assert_eq!(matrix(&grid, &cover), expected);
    assert_eq!(cover.runs().count(), 1);
    assert_eq!(cover.boundary_cells().count(), 8);
    assert_eq!(cover.window().unwrap().cols(), 3);
}

#[test]
fn holes_in_either_direction() {
    let grid = grid(4, 4);
    for reverse in [false, true] {
        let mut hole = square(1.5, 1.5, 2.5, 2.5);
        if reverse {
            hole.reverse();
        }
        let polygon = Polygon::new(ring(&square(0.0, 0.0, 4.0, 4.0)), vec![ring(&hole)]);
        let cover = coverage(&grid, &MultiPolygon(vec![polygon])).unwrap();
        assert_eq!(cover.total(), 15.0);
        assert_eq!(matrix(&grid, &cover)[5], 0.75);
    }
}

#[test]
fn a_zone_as_large_as_the_grid_is_full_rows() {
    let grid = grid(100, 50);
    let cover = coverage(&grid, &zone(&square(-10.0, -10.0, 500.0, 500.0))).unwrap();
    assert_eq!(cover.spans().len(), 50);
    assert_eq!(cover.total(), 5000.0);
    assert_eq!(cover.spans_of_rows(10, 12).len(), 2);
    assert_eq!(coverage(&grid, &zone(&square(0.0, 0.0, 100.0, 50.0))).unwrap(), cover);
}

#[test]
fn zones_outside_on_every_side() {
    let grid = grid(3, 3);
    for (x, y) in [(-5.0, 0.0), (5.0, 0.0), (0.0, -5.0), (0.0, 5.0), (3.0, 0.0), (-1.0, 1.0), (1.0, 3.0), (1.0, -1.0)] {
        let points = square(x, y, x + 1.0, y + 1.0);
        for rule in [CoverRule::Exact, CoverRule::Centre, CoverRule::AllTouched] {
            assert!(coverage_by(&grid, &zone(&points), rule).unwrap().is_empty(), "{x} {y} {rule:?}");
        }
    }
}

#[test]
fn a_triangle_inside_one_cell_and_an_empty_zone() {
    let grid = grid(3, 3);
    let cover = coverage(&grid, &zone(&[(0.5, 0.5), (0.6, 0.5), (0.6, 0.6)])).unwrap();
    assert_eq!(cover.spans().len(), 1);
    assert!((cover.total() - 0.005).abs() < 1e-15);
    assert!(coverage(&grid, &MultiPolygon(vec![])).unwrap().is_empty());
    assert!(coverage(&grid, &zone(&[])).unwrap().is_empty());
    assert!(coverage(&grid, &zone(&[(0.0, 0.0), (3.0, 3.0), (0.0, 0.0)])).unwrap().is_empty());
}

#[test]
fn overlapping_parts_are_clamped() {
    let grid = grid(4, 4);
    let part = |x: f64| Polygon::new(ring(&square(x, 0.0, x + 2.0, 4.0)), vec![]);
    let cover = coverage(&grid, &MultiPolygon(vec![part(0.0), part(1.0)])).unwrap();
    assert_eq!(cover.total(), 12.0);
    assert_eq!(coverage_by(&grid, &MultiPolygon(vec![part(0.0), part(1.0)]), CoverRule::Centre).unwrap(), cover);
}

#[test]
fn a_ring_that_crosses_itself_covers_both_lobes() {
    let grid = grid(4, 4);
    let bow_tie = zone(&[(0.0, 0.0), (4.0, 4.0), (4.0, 0.0), (0.0, 4.0)]);
    let cover = coverage(&grid, &bow_tie).unwrap();
    assert!((cover.total() - 8.0).abs() < 1e-12, "{}", cover.total());
    // A hole outside its polygon takes nothing away and adds nothing.
    let stray = Polygon::new(ring(&square(0.0, 0.0, 1.0, 1.0)), vec![ring(&square(2.0, 2.0, 3.0, 3.0))]);
    assert_eq!(coverage(&grid, &MultiPolygon(vec![stray])).unwrap().total(), 1.0);
}

#[test]
fn coordinates_that_are_no_numbers_are_refused() {
    let grid = grid(3, 3);
    for bad in [f64::NAN, f64::INFINITY] {
        let error = coverage(&grid, &zone(&[(0.0, 0.0), (1.0, bad), (1.0, 1.0)])).unwrap_err();
        assert!(matches!(error, CoverageError::CoordinateNotFinite { part: 0, ring: 0, vertex: 1, .. }));
    }
    let error = coverage(&grid, &zone(&[(0.0, 0.0), (1e300, 0.0), (1.0, 1.0)])).unwrap_err();
    assert!(matches!(error, CoverageError::CoordinateTooFar { vertex: 1, .. }));
}

#[test]
fn borders_on_cell_edges_leave_no_slivers() {
    // Degrees of a grid whose cell size is no binary number.
    let size = 1.0 / 480.0;
    let grid = Grid::new(87.7, 52.2, size, size, 15_000, 5_000).unwrap();
    let edge = |col: u32, row: u32| (87.7 + f64::from(col) / 480.0, 52.2 - f64::from(row) / 480.0);
    for (col, row) in [(1, 1), (997, 3333), (14_321, 4_711)] {
        let ((x0, y1), (x1, y0)) = (edge(col, row), edge(col + 7, row + 9));
        let cover = coverage(&grid, &zone(&square(x0, y0, x1, y1))).unwrap();
        assert_eq!(cover.cells(), 63, "{col} {row}");
        assert_eq!(cover.total(), 63.0);
    }
}

#[test]
fn a_centre_on_a_border_belongs_to_one_side() {
    let grid = grid(3, 3);
    let (left, right) = (zone(&square(0.0, 0.0, 1.5, 3.0)), zone(&square(1.5, 0.0, 3.0, 3.0)));
    let (lower, upper) = (zone(&square(0.0, 0.0, 3.0, 1.5)), zone(&square(0.0, 1.5, 3.0, 3.0)));
    for (a, b) in [(left, right), (lower, upper)] {
        let a = matrix(&grid, &coverage_by(&grid, &a, CoverRule::Centre).unwrap());
        let b = matrix(&grid, &coverage_by(&grid, &b, CoverRule::Centre).unwrap());
        assert!(a.iter().zip(&b).all(|(a, b)| a + b == 1.0), "{a:?} {b:?}");
    }
}

#[test]
fn all_touched_takes_every_overlapped_cell_and_no_neighbour() {
    let grid = grid(4, 4);
    let cover = coverage_by(&grid, &zone(&square(0.9, 1.0, 2.1, 3.0)), CoverRule::AllTouched).unwrap();
    assert_eq!(cover.total(), 6.0);
    assert_eq!(cover.spans().len(), 2);
    assert!("all-touched".parse::<CoverRule>().is_ok() && "touched".parse::<CoverRule>().is_err());
}

#[test]
fn stored_spans_come_back_or_are_refused() {
    let grid = grid(4, 4);
    let cover = coverage(&grid, &zone(&square(0.5, 0.5, 3.0, 3.0))).unwrap();
    assert_eq!(Coverage::from_spans(cover.spans().to_vec()).unwrap(), cover);
    let span = Span { row: 1, col_start: 2, col_end: 3, fraction: 0.5 };
    let bad = [Span { row: 0, ..span }, Span { col_start: 1, ..span }, Span { col_end: 2, ..span }];
    for next in bad {
        assert!(matches!(Coverage::from_spans(vec![span, next]), Err(CoverageError::SpanInvalid { index: 1, .. })));
    }
    assert!(Coverage::from_spans(vec![Span { fraction: f64::NAN, ..span }]).is_err());
}

/// A star-shaped polygon: vertices at growing angles around a centre.
fn star() -> impl Strategy<Value = ((f64, f64), Vec<(f64, f64)>)> {
    let centre = (2.0..8.0f64, 2.0..8.0f64);
    (centre, prop::collection::vec(0.05..4.0f64, 4..60), 0.0..1.0f64).prop_map(|((x, y), radii, turn)| {
        let step = std::f64::consts::TAU / radii.len() as f64;
        let at = |(i, r): (usize, f64)| {
            let angle = (i as f64 + turn) * step;
            (x + r * angle.cos(), y + r * angle.sin())
        };
        ((x, y), radii.into_iter().enumerate().map(at).collect())
    })
}

fn shoelace(points: &[(f64, f64)]) -> f64 {
    let next = points.iter().cycle().skip(1);
    0.5 * points.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>()
}

proptest! {
    #[test]
    fn fractions_are_fractions_and_add_up_to_the_area((_, points) in star()) {
        let grid = Grid::new(-3.0, 13.0, 0.31, 0.17, 60, 100).unwrap();
        let cover = coverage(&grid, &zone(&points)).unwrap();
        prop_assert!(cover.iter().all(|span| span.fraction > 0.0 && span.fraction <= 1.0));
        let area = shoelace(&points).abs() / (0.31 * 0.17);
        prop_assert!((cover.total() - area).abs() <= 1e-9 * area, "{} {}", cover.total(), area);
    }

    #[test]
    fn halves_sum_to_the_whole((centre, points) in star(), cut in 1usize..50) {
        // The grid clips the zone on every side.
        let grid = Grid::new(1.0, 9.0, 0.37, 0.23, 20, 31).unwrap();
        let cut = 1 + cut % (points.len() - 2);
        let mut first = points[..=cut].to_vec();
        first.push(centre);
        let mut second = points[cut..].to_vec();
        second.extend([points[0], centre]);
        let of = |points: &[(f64, f64)]| matrix(&grid, &coverage(&grid, &zone(points)).unwrap());
        let (a, b, whole) = (of(&first), of(&second), of(&points));
        for ((a, b), whole) in a.iter().zip(&b).zip(&whole) {
            prop_assert!((a + b - whole).abs() <= 1e-12, "{} + {} != {}", a, b, whole);
        }
    }

    #[test]
    fn two_zones_never_share_a_centre((centre, points) in star(), cut in 1usize..50) {
        let grid = Grid::new(0.0, 10.0, 0.25, 0.25, 40, 40).unwrap();
        let cut = 1 + cut % (points.len() - 2);
        let mut first = points[..=cut].to_vec();
        first.push(centre);
        let mut second = points[cut..].to_vec();
        second.extend([points[0], centre]);
        let of = |points: &[(f64, f64)]| matrix(&grid, &coverage_by(&grid, &zone(points), CoverRule::Centre).unwrap());
        let (a, b, whole) = (of(&first), of(&second), of(&points));
        for ((a, b), whole) in a.iter().zip(&b).zip(&whole) {
            prop_assert_eq!(a + b, *whole);
        }
    }

    #[test]
    fn neighbours_on_a_coarse_lattice_fill_the_grid(xs in prop::collection::vec(0i32..=24, 9)) {
        // A wavy border from bottom to top, with vertices on cell edges and corners.
        let grid = grid(6, 8);
        let border: Vec<(f64, f64)> = xs.iter().enumerate().map(|(i, &x)| (f64::from(x) / 4.0, i as f64)).collect();
        let mut left = border.clone();
        left.extend([(0.0, 8.0), (0.0, 0.0)]);
        let mut right = border;
        right.extend([(6.0, 8.0), (6.0, 0.0)]);
        for rule in [CoverRule::Exact, CoverRule::Centre] {
            let of = |points: &[(f64, f64)]| matrix(&grid, &coverage_by(&grid, &zone(points), rule).unwrap());
            for (a, b) in of(&left).iter().zip(of(&right)) {
                prop_assert!((a + b - 1.0).abs() <= 1e-12, "{} {}", a, b);
            }
        }
    }

    #[test]
    fn no_coordinates_panic(points in prop::collection::vec((-1e6..1e6f64, prop::num::f64::NORMAL), 0..12)) {
        let grid = grid(7, 5);
        for rule in [CoverRule::Exact, CoverRule::Centre, CoverRule::AllTouched] {
            if let Ok(cover) = coverage_by(&grid, &zone(&points), rule) {
                prop_assert!(cover.iter().all(|s| s.fraction > 0.0 && s.fraction <= 1.0 && s.col_end <= 7 && s.row < 5));
            }
        }
    }
}
