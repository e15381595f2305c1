//! Recovery classes I to V: their shares, and what a change between two of them means.

mod shares;
mod transitions;

pub use shares::{Interval, RecoveryShares, wilson};
pub use transitions::{Outcome, Rule, Transition, TransitionRules};
