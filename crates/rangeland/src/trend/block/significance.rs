//! Z and p of Mann-Kendall from the few numbers that decide them.
//!
//! `S`, the number of years and the ties decide both, so values without ties, or with one or two tied pairs, stand in a
//! table; all others are computed when they come.

use crate::trend::mann_kendall::z_and_p;

/// What one tied pair, apart from others, takes from `n(n-1)(2n+5)`.
pub(super) const TIED_PAIR: i32 = 18;
/// Numbers of apart tied pairs in the table: 0, 1, 2.
const TABLED: usize = 3;
/// Longest series in the table.
const YEARS_MAX: usize = 64;

/// Z and p by years, ties and `|S|`.
#[derive(Debug, Clone)]
pub(super) struct Significance {
    /// Where the values of `n` years begin.
    starts: Vec<usize>,
    table: Vec<(f64, f64)>,
}

impl Significance {
    /// The table for series of up to `years` values.
    pub fn of(years: usize) -> Self {
        let (mut starts, mut table) = (Vec::new(), Vec::new());
        for n in 0..=years.min(YEARS_MAX) {
            starts.push(table.len());
            let pairs = n * n.saturating_sub(1) / 2;
            for tied in 0..TABLED as i32 {
                table.extend((0..=pairs).map(|s| z_and_p(n, s as i64, f64::from(tied * TIED_PAIR))));
            }
        }
        Self { starts, table }
    }

    /// Z and p; `ties` is the sum of `t(t-1)(2t+5)` over groups of equal values.
    #[inline(always)]
    pub fn z_and_p(&self, n: u16, s: i32, ties: i32) -> (f64, f64) {
        let size = s.unsigned_abs() as usize;
        let years = usize::from(n);
        let pairs = years * years.saturating_sub(1) / 2;
        let tabled = ties % TIED_PAIR == 0 && ties < TABLED as i32 * TIED_PAIR && size <= pairs;
        let found = self
            .starts
            .get(years)
            .filter(|_| tabled)
            .and_then(|start| self.table.get(start + (ties / TIED_PAIR) as usize * (pairs + 1) + size));
        match found {
            Some((z, p)) => (if s < 0 { 0.0 - z } else { *z }, *p),
            None => z_and_p(years, i64::from(s), f64::from(ties)),
        }
    }
}
