//! The statistics of verification: how large a change is, how sure, and what may be said of it.
//!
//! This crate knows tests, intervals and decision rules. It never reads a file, a clock or a raster, never draws
//! a random number but from a seed passed in, and never turns missing evidence into "no change".
//!
//! - [`change`], [`paired_change`], [`adjust_for_weather`]: yearly or point values to an [`Estimate`]; [`wider`]: of two
//! - [`placebo_change`], [`points_needed`], [`years_needed`], [`design_effect`]: noise, power, dependence
//! - [`benjamini_hochberg`], [`equivalence`]: many soums at once; a change shown to be small
//! - [`decide`]: one indicator's [`Verdict`]; [`soum_status`]: the soum's; each with [`Reason`]s and a [`Resolution`]
//! - [`soum_score`]: the score for communication, which never overrules the status
//! - [`estimators`]: areas and means from maps and samples; [`monte_carlo`]: seeded draws
//! - [`VerificationParameters`]: the constants, named and versioned

mod change;
mod decision;
mod effective_n;
mod equivalence;
mod estimate;
pub mod estimators;
mod evidence;
mod flag;
pub mod monte_carlo;
mod multiplicity;
mod paired;
mod parameters;
mod placebo;
mod power;
mod reason;
mod resolution;
mod score;
mod status;
mod student;
mod sums;
mod weather;

pub use change::{Change, ChangeError, change, change_between, welch};
pub use decision::{Verdict, decide, effective_margin};
pub use effective_n::{ar1_effective_n, design_effect, lag1_correlation};
pub use equivalence::{Equivalence, equivalence, inside_margin};
pub use estimate::{Better, Estimate, TestSettings, wider};
pub use evidence::Evidence;
pub use flag::{Blocks, Flag};
pub use multiplicity::{benjamini_hochberg, benjamini_yekutieli};
pub use paired::{PairedChange, paired_change};
pub use parameters::{ParameterError, VerificationParameters};
pub use placebo::{placebo_change, placebo_p};
pub use power::{mdc_normal, points_needed, years_needed};
pub use reason::Reason;
pub use resolution::Resolution;
pub use score::{Bands, ScorePart, SoumScore, haircut, soum_score, trend_score};
pub use status::soum_status;
pub use student::{normal_quantile, t_quantile, t_two_sided_p};
pub use weather::{AdjustedSeries, Coefficient, PanelRow, WeatherError, WeatherPanel, adjust_for_weather};
