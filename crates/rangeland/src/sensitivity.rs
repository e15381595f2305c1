//! Whether the class of a stocking ratio depends on the parameter sets chosen.
//!
//! The ratio is computed under every combination of sets; the class is invariant in `x` percent of them when so many give
//! the class of the combination that is used.

/// The classes of one area under many combinations of parameter sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// Class under the sets that are used.
    pub class: String,
    /// Combinations tried.
    pub combinations: usize,
    /// Percent of the combinations that give this class.
    pub invariant_percent: f64,
    /// Lowest ratio, and the combination that gives it.
    pub lowest: (f64, String),
    /// Highest ratio, and the combination that gives it.
    pub highest: (f64, String),
}

/// One combination: its name, ratio and class.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The sets, joined by `;`.
    pub sets: String,
    /// Livestock over capacity.
    pub ratio: f64,
    /// Its class.
    pub class: String,
}

/// Compares every combination with the class in use; `None` without a combination or with a ratio that is not finite.
///
/// ```
/// use belcheer_rangeland::sensitivity::{Variant, sensitivity};
/// let variant = |sets: &str, ratio, class: &str| Variant { sets: sets.into(), ratio, class: class.into() };
/// let tried = [variant("a", 1.4, "over"), variant("b", 1.1, "at"), variant("c", 1.9, "over"), variant("d", 1.5, "over")];
/// let found = sensitivity("over", &tried).expect("combinations");
/// assert_eq!((found.invariant_percent, found.lowest.0, found.highest.1.as_str()), (75.0, 1.1, "c"));
/// ```
#[must_use]
pub fn sensitivity(class: &str, variants: &[Variant]) -> Option<Sensitivity> {
    if variants.iter().any(|v| !v.ratio.is_finite()) {
        return None;
    }
    let by_ratio = |a: &&Variant, b: &&Variant| a.ratio.total_cmp(&b.ratio);
    let (lowest, highest) = (variants.iter().min_by(by_ratio)?, variants.iter().max_by(by_ratio)?);
    let same = variants.iter().filter(|v| v.class == class).count();
    Some(Sensitivity {
        class: class.to_owned(),
        combinations: variants.len(),
        invariant_percent: 100.0 * same as f64 / variants.len() as f64,
        lowest: (lowest.ratio, lowest.sets.clone()),
        highest: (highest.ratio, highest.sets.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_tried_says_nothing() {
        assert_eq!(sensitivity("over", &[]), None);
        let broken = Variant { sets: "a".to_owned(), ratio: f64::NAN, class: "over".to_owned() };
        assert_eq!(sensitivity("over", &[broken]), None);
    }
}
