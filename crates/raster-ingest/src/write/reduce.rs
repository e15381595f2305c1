//! Two by two cells to one, for overviews.
//!
//! Means and most frequent classes are of the cells that hold a value; a cell of an overview holds none only where all
//! of its four hold none. At the right and lower edge fewer than four cells are there.

use super::sample::Sample;

/// How overviews are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// The mean.
    Average,
    /// The most frequent value; among equally frequent ones the first, row by row.
    Mode,
    /// The north-western cell.
    Nearest,
}

/// A tile that is reduced into a quarter of the tile above it.
pub struct Quarter<'a, T> {
    /// Values in rows of `block`.
    pub values: &'a [T],
    /// Nonzero where there is a value, in the same rows.
    pub mask: Option<&'a [u8]>,
    pub block: usize,
    /// Columns and rows inside the image.
    pub inside: (usize, usize),
    /// Which quarter: 0 or 1 across and down.
    pub place: (usize, usize),
}

impl<T: Sample> Quarter<'_, T> {
    /// Writes the quarter of `out`; cells without a value get `fill`.
    pub fn reduce(&self, how: Reduction, nodata: Option<T>, fill: T, out: &mut [T]) {
        let (half, (cols, rows)) = (self.block / 2, self.inside);
        let (left, top) = (self.place.0 * half, self.place.1 * half);
        for row in 0..rows.div_ceil(2) {
            let second = if 2 * row + 1 < rows { 2 * row + 1 } else { 2 * row };
            let line = |r: usize| self.values.get(r * self.block..r * self.block + cols).unwrap_or_default();
            let mask = |r: usize| Some(self.mask?.get(r * self.block..r * self.block + cols).unwrap_or_default());
            let at = (top + row) * self.block + left;
            let Some(out) = out.get_mut(at..at + cols.div_ceil(2)) else { continue };
            let masks = mask(2 * row).zip(mask(second));
            let lines = Lines { upper: line(2 * row), lower: line(second), masks, twice: second != 2 * row };
            match how {
                Reduction::Average => lines.each(nodata, fill, out, |v, n| T::mean(v, n, nodata)),
                Reduction::Mode => lines.each(nodata, fill, out, most_frequent),
                Reduction::Nearest => out.iter_mut().zip(lines.upper.iter().step_by(2)).for_each(|(o, v)| *o = *v),
            }
        }
    }
}

/// Two rows of cells; the lower is there `twice` or else stands for nothing.
struct Lines<'a, T> {
    upper: &'a [T],
    lower: &'a [T],
    masks: Option<(&'a [u8], &'a [u8])>,
    twice: bool,
}

impl<T: Sample> Lines<'_, T> {
    #[inline(always)]
    fn each(&self, nodata: Option<T>, fill: T, out: &mut [T], merge: impl Fn([T; 4], usize) -> T) {
        let holds = |v: T| nodata != Some(v) && (!T::FLOAT || !v.value().is_nan());
        let pairs = self.upper.chunks_exact(2).zip(self.lower.chunks_exact(2));
        let whole = if self.twice && self.masks.is_none() { self.upper.len() / 2 } else { 0 };
        for (out, (upper, lower)) in out.iter_mut().zip(pairs).take(whole) {
            if let ([a, b], [c, d]) = (upper, lower) {
                let all = [*a, *b, *c, *d];
                let good = all.map(holds);
                *out = if good == [true; 4] { merge(all, 4) } else { some(all, good, fill, &merge) };
            }
        }
        for (i, out) in out.iter_mut().enumerate().skip(whole) {
            let (mut all, mut good) = ([fill; 4], [false; 4]);
            for (k, (value, good)) in all.iter_mut().zip(&mut good).enumerate() {
                let (col, below) = (2 * i + k % 2, k >= 2);
                let line = if below { self.lower } else { self.upper };
                let masked = self.masks.is_some_and(|(u, l)| (if below { l } else { u }).get(col) == Some(&0));
                if let Some(v) = line.get(col)
                    && (!below || self.twice)
                {
                    (*value, *good) = (*v, !masked && holds(*v));
                }
            }
            *out = some(all, good, fill, &merge);
        }
    }
}

/// Merges the good ones of four.
#[inline]
fn some<T: Sample>(all: [T; 4], good: [bool; 4], fill: T, merge: &impl Fn([T; 4], usize) -> T) -> T {
    let (mut kept, mut count) = ([fill; 4], 0);
    for (value, _) in all.iter().zip(good).filter(|(_, good)| *good) {
        if let Some(slot) = kept.get_mut(count) {
            *slot = *value;
        }
        count += 1;
    }
    if count == 0 { fill } else { merge(kept, count) }
}

fn most_frequent<T: Sample>(values: [T; 4], count: usize) -> T {
    let values = values.get(..count).unwrap_or_default();
    let times = |v: &T| values.iter().filter(|w| *w == v).count();
    let mut best = (T::default(), 0);
    for value in values {
        if times(value) > best.1 {
            best = (*value, times(value));
        }
    }
    best.0
}

/// Marks the cells of the mask above in which any of four holds a value.
pub fn reduce_mask(quarter: &Quarter<u8>, out: &mut [u8]) {
    let any = Quarter { mask: Some(quarter.values), ..*quarter };
    any.reduce(Reduction::Average, None, 0, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduce<T: Sample>(values: &[T], inside: (usize, usize), how: Reduction, nodata: Option<T>) -> Vec<T> {
        let mut out = vec![T::default(); 16];
        let quarter = Quarter { values, mask: None, block: 4, inside, place: (1, 0) };
        quarter.reduce(how, nodata, nodata.unwrap_or_default(), &mut out);
        vec![out[2], out[3], out[6], out[7]]
    }

    const CELLS: [i16; 16] = [1, 2, 5, 9, 3, 9, 9, 5, 7, 7, 0, 0, 7, 7, 0, 0];

    #[test]
    fn sixteen_cells_by_hand() {
        assert_eq!(reduce(&CELLS, (4, 4), Reduction::Average, Some(9)), [2, 5, 7, 0]);
        assert_eq!(reduce(&CELLS, (4, 4), Reduction::Mode, None), [1, 5, 7, 0]);
        assert_eq!(reduce(&CELLS, (4, 4), Reduction::Nearest, Some(9)), [1, 5, 7, 0]);
        // three columns and three rows: the outer cells stand alone
        assert_eq!(reduce(&CELLS, (3, 3), Reduction::Average, Some(9)), [2, 5, 7, 0]);
        assert_eq!(reduce(&[9_i16; 16], (4, 4), Reduction::Average, Some(9)), [9; 4]);
    }

    #[test]
    fn floats_without_a_number_do_not_count() {
        let mut cells = [0.5_f32; 16];
        cells[0] = f32::NAN;
        cells[1] = 1.0;
        let out = reduce(&cells, (4, 4), Reduction::Average, None);
        assert!((out[0] - 2.0 / 3.0).abs() < 1e-7 && out[1] == 0.5, "{out:?}");
    }

    #[test]
    fn a_mask_keeps_cells_out() {
        let mask = [0, 255, 255, 255, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255];
        let mut out = vec![0_i16; 16];
        let quarter = Quarter { values: &CELLS, mask: Some(&mask), block: 4, inside: (4, 4), place: (0, 1) };
        quarter.reduce(Reduction::Average, None, -1, &mut out);
        assert_eq!((out[8], out[9], out[12], out[13]), (5, 7, -1, 0));
        let mut above = vec![0_u8; 16];
        reduce_mask(&Quarter { values: &mask, mask: None, block: 4, inside: (4, 4), place: (0, 0) }, &mut above);
        assert_eq!((above[0], above[1], above[4], above[5]), (255, 255, 0, 255));
    }
}
