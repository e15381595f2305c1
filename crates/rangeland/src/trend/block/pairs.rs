//! The pairs of years, by the time between them.

/// Longest time between two years for which slopes of 16-bit differences are told apart exactly.
const SPAN_MAX: i32 = 63;

/// Pairs of years of one gap after the other, from one year to the whole span.
#[derive(Debug, Clone)]
pub(super) struct Pairs {
    /// Years from the first.
    pub years: Vec<f32>,
    /// Years between the first and the last.
    pub span: usize,
    /// For each gap from 1 on, the places (earlier, later) of its pairs.
    pub by_gap: Vec<Vec<(usize, usize)>>,
    /// All pairs.
    pub count: usize,
}

impl Pairs {
    /// The pairs of these increasing years; `None` when they span too long a time.
    pub fn of(years: &[i32]) -> Option<Self> {
        let (first, last) = (*years.first()?, *years.last()?);
        let span = last.checked_sub(first).filter(|span| (1..=SPAN_MAX).contains(span))? as usize;
        let mut by_gap = vec![Vec::new(); span];
        for (later, end) in years.iter().enumerate() {
            for (earlier, start) in years.iter().enumerate().take(later) {
                by_gap[(end - start) as usize - 1].push((earlier, later));
            }
        }
        let count = years.len() * (years.len() - 1) / 2;
        Some(Self { years: years.iter().map(|y| (y - first) as f32).collect(), span, by_gap, count })
    }
}
