//! The cells of a grid that a zone covers, each with the fraction covered.

mod centre;
mod edges;
mod frame;
mod sweep;

use geo_types::MultiPolygon;

use crate::Grid;
use frame::Frame;

/// Why a zone has no coverage.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CoverageError {
    /// A coordinate is NaN or infinite.
    #[error(
        "vertex {vertex} of ring {ring} of part {part} has the coordinate ({x}, {y}), which is not finite; repair the zone"
    )]
    CoordinateNotFinite {
        /// Which polygon of the zone, from 0.
        part: usize,
        /// Which ring, 0 for the exterior.
        ring: usize,
        /// Which vertex, from 0.
        vertex: usize,
        /// As found.
        x: f64,
        /// As found.
        y: f64,
    },
    /// A coordinate is so many cells away from the grid that no fraction could be computed.
    #[error(
        "vertex {vertex} of ring {ring} of part {part} is at ({x}, {y}), over 1e12 cells from the grid; check the coordinate system of the zone"
    )]
    CoordinateTooFar {
        /// Which polygon of the zone, from 0.
        part: usize,
        /// Which ring, 0 for the exterior.
        ring: usize,
        /// Which vertex, from 0.
        vertex: usize,
        /// As found.
        x: f64,
        /// As found.
        y: f64,
    },
    /// A stored span that no coverage has.
    #[error(
        "span {index} ({span:?}) is empty, out of order or has no fraction above 0 and up to 1; compute the coverage again"
    )]
    SpanInvalid {
        /// Which span, from 0.
        index: usize,
        /// As found.
        span: Span,
    },
}

/// Which cells belong to a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CoverRule {
    /// Every cell the zone overlaps, with the exact fraction covered.
    #[default]
    Exact,
    /// Whole cells whose centre lies in the zone. A centre on a border belongs to exactly one side.
    Centre,
    /// Whole cells that the zone overlaps at all; touching an edge from outside does not count.
    AllTouched,
}

/// A rule of another name than `cover`, `centre` or `all-touched`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no rule for the cells of a zone; use `cover`, `centre` or `all-touched`")]
pub struct UnknownCoverRule {
    /// The name given.
    pub name: String,
}

impl std::str::FromStr for CoverRule {
    type Err = UnknownCoverRule;

    fn from_str(name: &str) -> Result<Self, UnknownCoverRule> {
        match name {
            "cover" => Ok(Self::Exact),
            "centre" => Ok(Self::Centre),
            "all-touched" => Ok(Self::AllTouched),
            _ => Err(UnknownCoverRule { name: name.to_owned() }),
        }
    }
}

/// Neighbouring cells of one row that are covered to the same fraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Row, 0 at the north.
    pub row: u32,
    /// First column.
    pub col_start: u32,
    /// Column after the last.
    pub col_end: u32,
    /// Fraction covered of each cell, above 0 and at most 1; exactly 1 for cells wholly inside.
    pub fraction: f64,
}

impl Span {
    /// Number of cells.
    #[must_use]
    pub fn cells(&self) -> u32 {
        self.col_end - self.col_start
    }
}

/// The covered cells of one zone, row by row from the north, each row from the west.
///
/// Cells that are not covered are absent. Its size grows with the border of the zone, not with its area.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Coverage {
    spans: Vec<Span>,
}

impl Coverage {
    /// Coverage from spans computed before, as they were stored.
    ///
    /// # Errors
    /// When a span is empty, overlaps or precedes the one before it, or has a fraction that is none.
    pub fn from_spans(spans: Vec<Span>) -> Result<Self, CoverageError> {
        let mut free = (0, 0);
        for (index, span) in spans.iter().enumerate() {
            let ordered = (span.row, span.col_start) >= free && span.col_start < span.col_end;
            let is_fraction = span.fraction > 0.0 && span.fraction <= 1.0;
            if !(ordered && is_fraction) {
                return Err(CoverageError::SpanInvalid { index, span: *span });
            }
            free = (span.row, span.col_end);
        }
        Ok(Self { spans })
    }

    /// All spans in row-major order.
    pub fn iter(&self) -> std::slice::Iter<'_, Span> {
        self.spans.iter()
    }

    /// All spans in row-major order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// The spans of rows from `row_start` to before `row_end`, found by bisection.
    #[must_use]
    pub fn spans_of_rows(&self, row_start: u32, row_end: u32) -> &[Span] {
        let start = self.spans.partition_point(|span| span.row < row_start);
        let end = start + self.spans[start..].partition_point(|span| span.row < row_end);
        &self.spans[start..end]
    }

    /// The spans of cells wholly covered.
    pub fn runs(&self) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(|span| span.fraction == 1.0)
    }

    /// The cells partly covered, as `(row, col, fraction)`.
    pub fn boundary_cells(&self) -> impl Iterator<Item = (u32, u32, f64)> {
        let partial = self.spans.iter().filter(|span| span.fraction < 1.0);
        partial.flat_map(|span| (span.col_start..span.col_end).map(|col| (span.row, col, span.fraction)))
    }

    /// Whether no cell is covered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Number of cells covered at least in part.
    #[must_use]
    pub fn cells(&self) -> u64 {
        self.spans.iter().map(|span| u64::from(span.cells())).sum()
    }

    /// Sum of the fractions covered, in cells.
    #[must_use]
    pub fn total(&self) -> f64 {
        let mut sum = crate::NeumaierSum::default();
        self.spans.iter().for_each(|span| sum.add(f64::from(span.cells()) * span.fraction));
        sum.value()
    }

    /// The smallest window that holds every covered cell; `None` when there is none.
    #[must_use]
    pub fn window(&self) -> Option<crate::Window> {
        let (first, last) = (self.spans.first()?, self.spans.last()?);
        let col_start = self.spans.iter().map(|span| span.col_start).min()?;
        let col_end = self.spans.iter().map(|span| span.col_end).max()?;
        Some(crate::Window {
            row_start: first.row as usize,
            row_end: last.row as usize + 1,
            col_start: col_start as usize,
            col_end: col_end as usize,
        })
    }

    /// Only the cells covered to at least `min_fraction`.
    #[must_use]
    pub fn at_least(mut self, min_fraction: f64) -> Self {
        self.spans.retain(|span| span.fraction >= min_fraction);
        self
    }

    /// The same cells, each counted as wholly covered.
    #[must_use]
    pub fn whole_cells(&self) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        for span in &self.spans {
            match spans.last_mut() {
                Some(last) if last.row == span.row && last.col_end == span.col_start => last.col_end = span.col_end,
                _ => spans.push(Span { fraction: 1.0, ..*span }),
            }
        }
        Self { spans }
    }
}

impl<'a> IntoIterator for &'a Coverage {
    type Item = &'a Span;
    type IntoIter = std::slice::Iter<'a, Span>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The exact fraction of each cell of a grid that a zone covers.
///
/// Every edge adds, to each cell it crosses, the signed area between itself and the right side of the cell, and
/// to all cells further right the signed height it spans; the sum along a row is the fraction covered. The work
/// grows with the edges and the cells they cross, never with the area.
///
/// Rings may run either way. Parts that overlap add up to at most 1; a ring that crosses itself covers what it
/// encloses. What lies outside the grid is cut off. Zones that share border vertices share every cell exactly.
///
/// # Errors
/// When a coordinate is not finite, or absurdly far away.
pub fn coverage(grid: &Grid, zone: &MultiPolygon<f64>) -> Result<Coverage, CoverageError> {
    let frame = Frame::new(grid);
    let parts = frame.place(zone)?;
    Ok(Coverage { spans: sweep::cover(&frame, &parts) })
}

/// The cells of a zone by a rule; fractions are all 1 unless the rule is [`CoverRule::Exact`].
///
/// # Errors
/// As [`coverage`].
pub fn coverage_by(grid: &Grid, zone: &MultiPolygon<f64>, rule: CoverRule) -> Result<Coverage, CoverageError> {
    match rule {
        CoverRule::Exact => coverage(grid, zone),
        CoverRule::AllTouched => Ok(coverage(grid, zone)?.whole_cells()),
        CoverRule::Centre => {
            let frame = Frame::new(grid);
            let parts = frame.place(zone)?;
            Ok(Coverage { spans: centre::cover(&frame, &parts) })
        }
    }
}

#[cfg(test)]
mod tests;
