//! Cover by gaps between plants along lines, percent of the line length (Herrick et al. 2017).
//!
//! `cover of a class = 100 * sum of its gaps / sum of the lines measured`, centimetres over centimetres. A line that was
//! measured and has no gap counts with its length.

use serde::Deserialize;

use crate::{
    numeric::sum,
    sets::{Fault, parameter_set},
};

/// One class of gap length.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GapClass {
    /// Stable id.
    pub id: String,
    /// Shortest gap of the class, cm.
    pub from_cm: f64,
    /// The first length above the class, cm; none = open.
    #[serde(default)]
    pub below_cm: Option<f64>,
}

parameter_set!(
    /// Classes of gap length; they may overlap.
    GapClasses, "gap class", "gap_classes.toml" {
        /// The classes.
        class: Vec<GapClass>,
    }
);

impl GapClasses {
    fn first_fault(&self) -> Result<(), Fault> {
        self.class.iter().try_for_each(|c| {
            Fault::unless(format!("{}.from_cm", c.id), c.from_cm, c.from_cm >= 0.0, "not negative")?;
            let upper = c.below_cm.unwrap_or(f64::MAX);
            Fault::unless(format!("{}.below_cm", c.id), upper, upper > c.from_cm, "above from_cm")
        })
    }
}

/// One measured line.
#[derive(Debug, Clone, PartialEq)]
pub struct GapLine {
    /// Its length, cm.
    pub length_cm: f64,
    /// Lengths of its gaps, cm.
    pub gaps_cm: Vec<f64>,
}

/// Cover of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct GapCover {
    /// The class.
    pub class: String,
    /// How many gaps.
    pub gaps: usize,
    /// Percent of the lines in gaps of this class.
    pub percent: f64,
}

/// Why gaps have no cover.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GapError {
    /// There is no line with a length.
    #[error("line {number} is {length_cm} cm long; a line needs a positive length")]
    Length {
        /// Counted from 1; 0 when there is none.
        number: usize,
        /// Its length.
        length_cm: f64,
    },
    /// A gap cannot be.
    #[error("a gap of line {number} is {gap_cm} cm; it must be a length within the line")]
    Gap {
        /// Counted from 1.
        number: usize,
        /// Its length.
        gap_cm: f64,
    },
    /// The gaps of a line are longer than the line, so that cover would pass 100 percent.
    #[error("the gaps of line {number} sum to {percent:.1} percent of it; check lengths and units")]
    Above100 {
        /// Counted from 1.
        number: usize,
        /// Percent of the line.
        percent: f64,
    },
}

/// Cover of every class over the lines of a plot.
///
/// # Errors
/// Without a line, for a line or gap that cannot be, and when gaps pass the length of their line by more than 1 percent.
///
/// ```
/// use belcheer_rangeland::{ParameterSet, condition::{GapClasses, GapLine, gap_cover}};
/// let classes = GapClasses::by_name("gaps_cm_25")?;
/// let lines = [GapLine { length_cm: 2500.0, gaps_cm: vec![30.0, 120.0] }, GapLine { length_cm: 2500.0, gaps_cm: vec![] }];
/// let cover = gap_cover(&lines, &classes)?;
/// assert_eq!((cover[0].percent, cover[2].percent, cover[4].percent), (0.6, 2.4, 3.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn gap_cover(lines: &[GapLine], classes: &GapClasses) -> Result<Vec<GapCover>, GapError> {
    if lines.is_empty() {
        return Err(GapError::Length { number: 0, length_cm: 0.0 });
    }
    for (line, number) in lines.iter().zip(1..) {
        if !(line.length_cm.is_finite() && line.length_cm > 0.0) {
            return Err(GapError::Length { number, length_cm: line.length_cm });
        }
        if let Some(gap_cm) = line.gaps_cm.iter().copied().find(|g| !(g.is_finite() && *g >= 0.0)) {
            return Err(GapError::Gap { number, gap_cm });
        }
        let percent = 100.0 * sum(line.gaps_cm.iter().copied()) / line.length_cm;
        if percent > 101.0 {
            return Err(GapError::Above100 { number, percent });
        }
    }
    let length = sum(lines.iter().map(|l| l.length_cm));
    let of_class = |class: &GapClass| {
        let within = |g: &f64| *g >= class.from_cm && class.below_cm.is_none_or(|below| *g < below);
        let gaps: Vec<f64> = lines.iter().flat_map(|l| l.gaps_cm.iter().copied()).filter(within).collect();
        let percent = (100.0 * sum(gaps.iter().copied()) / length).min(100.0);
        GapCover { class: class.id.clone(), gaps: gaps.len(), percent }
    };
    Ok(classes.class.iter().map(of_class).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn what_cannot_be_is_refused_by_line() {
        let classes = GapClasses::by_name("gaps_cm_25").unwrap();
        let line = |length_cm: f64, gaps: &[f64]| GapLine { length_cm, gaps_cm: gaps.to_vec() };
        assert!(matches!(gap_cover(&[], &classes), Err(GapError::Length { number: 0, .. })));
        assert!(matches!(gap_cover(&[line(0.0, &[])], &classes), Err(GapError::Length { number: 1, .. })));
        let negative = gap_cover(&[line(100.0, &[]), line(100.0, &[-3.0])], &classes);
        assert!(matches!(negative, Err(GapError::Gap { number: 2, .. })));
        // a line given in metres instead of centimetres
        assert!(matches!(gap_cover(&[line(25.0, &[40.0])], &classes), Err(GapError::Above100 { .. })));
    }
}
