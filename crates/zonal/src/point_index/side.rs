//! On which side of an edge a point lies, exactly.

use robust::{Coord, orient2d};

/// Twice the signed area of a, b, p: the sign is exact.
#[inline]
fn turn(a: [f64; 2], b: [f64; 2], p: [f64; 2]) -> f64 {
    let coord = |[x, y]: [f64; 2]| Coord { x, y };
    orient2d(coord(a), coord(b), coord(p))
}

/// Whether a point in the edge's box lies on the edge.
#[inline]
pub(super) fn is_on(a: [f64; 2], b: [f64; 2], p: [f64; 2]) -> bool {
    turn(a, b, p) == 0.0
}

/// Whether a point lies above the line of an edge, or right of an upright one; a point on the line counts as moved up
/// and, by far less, right.
#[inline]
pub(super) fn is_above(a: [f64; 2], b: [f64; 2], p: [f64; 2]) -> bool {
    let turn = turn(a, b, p);
    let runs_east = if a[0] == b[0] { a[1] > b[1] } else { a[0] < b[0] };
    if runs_east { turn >= 0.0 } else { turn <= 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_does_not_depend_on_direction() {
        let (a, b) = ([0.0, 0.0], [2.0, 1.0]);
        for (p, above) in [([1.0, 0.6], true), ([1.0, 0.5], true), ([1.0, 0.4], false)] {
            assert_eq!((is_above(a, b, p), is_above(b, a, p)), (above, above));
        }
        let (a, b) = ([1.0, 0.0], [1.0, 2.0]);
        for (p, right) in [([1.5, 1.0], true), ([1.0, 1.0], true), ([0.5, 1.0], false)] {
            assert_eq!((is_above(a, b, p), is_above(b, a, p)), (right, right));
        }
    }
}
