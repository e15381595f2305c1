//! The statistics of verification: how large a change is, how sure, and what may be said of it.
//!
//! This crate knows tests, intervals and decision rules. It never reads a file, a clock or a raster, never draws
//! a random number but from a seed passed in, and never turns missing evidence into "no change".
//!
//! - [`change`], [`paired_change`], [`adjust_for_weather`]: yearly or point values to an [`Estimate`]; [`wider`]: of two
//! - [`shared_persistence`], [`yearly_change`]: the same for years that resemble their neighbours
//! - [`placebo_change`], [`points_needed`], [`years_needed`], [`design_effect`]: noise, power, dependence
//! - [`benjamini_hochberg`], [`equivalence`]: many soums at once; a change shown to be small
//! - [`decide`]: one indicator's [`Verdict`]; [`soum_status`]: the soum's; each with [`Reason`]s and a [`Resolution`]
//! - [`soum_score`], [`rank_intervals`]: the score for communication, which never overrules the status
//! - [`baseline_windows`]: other baselines; [`contribution`]: attribution, apart from outcome; [`rejections`]: placebos
//! - [`estimators`]: areas and means from maps and samples, controls, small areas, bootstraps; [`monte_carlo`]: seeded draws
//! - [`VerificationParameters`]: the constants, named and versioned

mod baseline;
mod change;
mod coded;
mod contribution;
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
mod persistent;
mod placebo;
mod power;
mod reason;
mod rejection;
mod resolution;
mod score;
mod status;
mod student;
mod sums;
mod weather;
mod year_band;

pub use baseline::{BaselineWindows, baseline_windows};
pub use change::{Change, ChangeError, change, change_between, welch};
pub use contribution::{
    Compared, Contribution, ContributionEvidence, ContributionLimit, Counterfactual, PreTrendTest, SyntheticFit,
    contribution, contribution_by_model,
};
pub use decision::{Verdict, decide, effective_margin};
pub use effective_n::{ar1_effective_n, design_effect, lag1_correlation};
pub use equivalence::{Equivalence, equivalence, inside_margin};
pub use estimate::{Better, Estimate, TestSettings, wider};
pub use evidence::Evidence;
pub use flag::{Blocks, Flag};
pub use multiplicity::{benjamini_hochberg, benjamini_yekutieli};
pub use paired::{PairedChange, paired_change};
pub use parameters::{ParameterError, VerificationParameters};
pub use persistent::{
    persistent_change, persistent_change_of_years, persistent_noise_floor, shared_persistence, yearly_change,
};
pub use placebo::{placebo_change, placebo_p};
pub use power::{mdc_normal, points_needed, years_needed};
pub use reason::Reason;
pub use rejection::{
    ByYear, Clustered, Comparison, PlotYear, Rejections, clustered_rejections, interleaved, pooled, rejections,
};
pub use resolution::Resolution;
pub use score::{
    Bands, ScorePart, SoumScore, central_90, haircut, rank_intervals, scores_under_weights, soum_score, trend_score,
    weight_draws,
};
pub use status::soum_status;
pub use student::{normal_quantile, t_quantile, t_two_sided_p};
pub use weather::{
    AdjustedSeries, Coefficient, PanelRow, WeatherError, WeatherPanel, adjust_for_weather, adjust_for_weather_between,
};
pub use year_band::{from_baseline, year_band};
