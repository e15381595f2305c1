//! One out, all out: the sub-indicators of SDG 15.3.1 in one class.

use super::DegradationClass;

/// Degraded when any sub-indicator is degraded; else improved when any is improved; else stable.
///
/// `None` when one is missing, as in Trends.Earth: what was not observed may be degraded. Give only the sub-indicators
/// that are in use, such as productivity, land cover and soil organic carbon.
///
/// ```
/// use belcheer_rangeland::degradation::{DegradationClass::{Degraded, Improved, Stable}, one_out_all_out};
/// assert_eq!(one_out_all_out(&[Some(Improved), Some(Degraded), Some(Stable)]), Some(Degraded));
/// assert_eq!(one_out_all_out(&[Some(Improved), Some(Stable), Some(Stable)]), Some(Improved));
/// assert_eq!(one_out_all_out(&[Some(Degraded), None]), None);
/// ```
#[must_use]
pub fn one_out_all_out(sub_indicators: &[Option<DegradationClass>]) -> Option<DegradationClass> {
    let mut whole = None;
    for class in sub_indicators {
        whole = match (whole, (*class)?) {
            (Some(DegradationClass::Degraded), _) | (_, DegradationClass::Degraded) => Some(DegradationClass::Degraded),
            (Some(DegradationClass::Improved), _) | (_, DegradationClass::Improved) => Some(DegradationClass::Improved),
            _ => Some(DegradationClass::Stable),
        };
    }
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_has_no_class() {
        assert_eq!(one_out_all_out(&[]), None);
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_a_decline_is_never_averaged_away(codes in prop::collection::vec(-2..2_i16, 1..5)) {
            let forward: Vec<_> = codes.iter().map(|c| DegradationClass::from_code(*c)).collect();
            let backward: Vec<_> = forward.iter().rev().copied().collect();
            let found = one_out_all_out(&forward);
            prop_assert_eq!(found, one_out_all_out(&backward));
            prop_assert_eq!(found.is_none(), codes.contains(&-2));
            if !codes.contains(&-2) && codes.contains(&-1) {
                prop_assert_eq!(found, Some(DegradationClass::Degraded));
            }
        }
    }
}
