//! Condition of pasture on the ground: cover along a line, gaps, states of a site, and the shares of recovery classes.
//!
//! Covers are percent of points or of line length, 0 to 100. A plant without a value is not measured, never absent.

mod gaps;
mod line_point;
mod rules;
mod summary;

pub use gaps::{GapClass, GapClasses, GapCover, GapError, GapLine, gap_cover};
pub use line_point::{Cover, LinePointCodes, LinePointError, Point, cover};
pub use rules::{Measurement, Rule, RuleBook, RuleError, Symbol, Term, Terms, Verdict};
pub use summary::{Condition, condition};
