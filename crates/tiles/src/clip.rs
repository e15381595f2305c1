//! Rings cut to a square, after Sutherland and Hodgman (1974).
//!
//! A ring that leaves the square and comes back runs along its edge in between, which vector tiles hide in their buffer.

/// A point: eastwards, southwards.
pub(crate) type Point = [f64; 2];

/// A square from `low` to `high` on both axes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Square {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// Room for cutting, used again from ring to ring.
#[derive(Debug, Default)]
pub(crate) struct Room {
    from: Vec<Point>,
    to: Vec<Point>,
}

impl Room {
    /// The part of a ring within the square; the ring is given and given back without its closing point.
    pub(crate) fn cut(&mut self, ring: impl Iterator<Item = Point>, square: Square) -> &[Point] {
        self.from.clear();
        self.from.extend(ring);
        for axis in [0, 1] {
            self.side(axis, square.low, |value, edge| value >= edge);
            self.side(axis, square.high, |value, edge| value <= edge);
        }
        &self.from
    }

    /// Cuts off what lies beyond one edge.
    fn side(&mut self, axis: usize, edge: f64, inside: fn(f64, f64) -> bool) {
        if self.from.iter().all(|point| inside(point[axis], edge)) {
            return;
        }
        self.to.clear();
        let Some(mut before) = self.from.last().copied() else { return };
        for point in &self.from {
            let crossing = || {
                let part = (edge - before[axis]) / (point[axis] - before[axis]);
                let other = 1 - axis;
                let mut at = [edge; 2];
                at[other] = before[other] + part * (point[other] - before[other]);
                at
            };
            match (inside(before[axis], edge), inside(point[axis], edge)) {
                (true, true) => self.to.push(*point),
                (true, false) => self.to.push(crossing()),
                (false, true) => self.to.extend([crossing(), *point]),
                (false, false) => {}
            }
            before = *point;
        }
        std::mem::swap(&mut self.from, &mut self.to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(ring: &[Point]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0
    }

    #[test]
    fn what_is_left_is_what_lies_inside() {
        let square = Square { low: 0.0, high: 10.0 };
        let mut room = Room::default();
        // a diamond around the corner: a quarter of it lies inside
        let diamond = [[-4.0, 0.0], [0.0, -4.0], [4.0, 0.0], [0.0, 4.0]];
        assert!((area(room.cut(diamond.into_iter(), square)) - 8.0).abs() < 1e-12);
        // all around: the square itself
        let around = [[-5.0, -5.0], [15.0, -5.0], [15.0, 15.0], [-5.0, 15.0]];
        assert!((area(room.cut(around.into_iter(), square)) - 100.0).abs() < 1e-12);
        // inside stays as it is, outside leaves nothing
        let small = [[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]];
        assert_eq!(room.cut(small.into_iter(), square), small);
        assert!(room.cut(small.into_iter().map(|[x, y]| [x + 20.0, y]), square).is_empty());
    }
}
