//! I4: land degradation status (SDG 15.3.1).

use belcheer_domain::SoumCode;
use belcheer_verification::Reason;

use super::{BySoum, Measured};

/// Method and version.
pub const METHOD: &str = "i4.degradation_status@1";

/// The indicator by soum.
#[must_use]
pub fn measure(soums: impl Iterator<Item = SoumCode>) -> BySoum {
    soums.map(|code| (code, Measured::nothing("percent_degraded", vec![Reason::NotComputed]))).collect()
}
