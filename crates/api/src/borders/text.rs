//! Geometries as text (RFC 7946): longitude and latitude in degrees on WGS 84 (CRS84).

use super::ring::{Point, Ring, Unit};

/// Decimals of full borders.
pub(super) const FULL_DIGITS: u32 = 7;
/// Decimals of simplified borders, about a metre.
pub(super) const SIMPLIFIED_DIGITS: u32 = 5;

/// The geometry of a soum, coordinates rounded to so many decimals, at most seven.
pub(super) fn geometry(unit: &Unit, digits: u32) -> Box<[u8]> {
    let step = 10_i64.pow(FULL_DIGITS.saturating_sub(digits));
    let mut text = b"{\"type\":\"MultiPolygon\",\"coordinates\":".to_vec();
    list(&mut text, unit, |text, polygon| list(text, polygon, |text, ring| write_ring(text, ring, step)));
    text.push(b'}');
    text.into_boxed_slice()
}

fn list<T>(text: &mut Vec<u8>, items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    text.push(b'[');
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            text.push(b',');
        }
        write(text, item);
    }
    text.push(b']');
}

fn write_ring(text: &mut Vec<u8>, ring: &Ring, step: i64) {
    let rounded = |v: i64| (v + v.signum() * (step / 2)) / step * step;
    let closed: Vec<Point> = ring.iter().chain(ring.first()).map(|(x, y)| (rounded(*x), rounded(*y))).collect();
    list(text, &closed, |text, (x, y)| {
        text.push(b'[');
        degrees(text, *x);
        text.push(b',');
        degrees(text, *y);
        text.push(b']');
    });
}

/// Steps as degrees, without zeros at the end.
fn degrees(text: &mut Vec<u8>, steps: i64) {
    if steps < 0 {
        text.push(b'-');
    }
    let steps = steps.unsigned_abs();
    text.extend_from_slice((steps / 10_000_000).to_string().as_bytes());
    let rest = steps % 10_000_000;
    if rest > 0 {
        let decimals = format!("{rest:07}");
        text.push(b'.');
        text.extend_from_slice(decimals.trim_end_matches('0').as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_and_short() {
        let unit: Unit = vec![vec![vec![(1_001_234_567, 450_000_000), (-15, -1_000_000), (999_999_949, 1)]]];
        let text = |digits| String::from_utf8(geometry(&unit, digits).to_vec()).unwrap();
        let start = "{\"type\":\"MultiPolygon\",\"coordinates\":";
        assert_eq!(
            text(7),
            format!("{start}[[[[100.1234567,45],[-0.0000015,-0.1],[99.9999949,0.0000001],[100.1234567,45]]]]}}")
        );
        assert_eq!(text(5), format!("{start}[[[[100.12346,45],[0,-0.1],[99.99999,0],[100.12346,45]]]]}}"));
    }
}
