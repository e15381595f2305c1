//! The trend of one soum's vegetation that precipitation does not explain.

use belcheer_domain::SoumCode;
use belcheer_rangeland::climate::{ClimateAdjustment, Restrend, SegmentedForm, residual_trend, segmented_trend};

use super::Series;

/// A residual trend of one soum.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidualTrend {
    /// The soum.
    pub au2: SoumCode,
    /// The method's id.
    pub method: &'static str,
    /// Years with vegetation and precipitation.
    pub years: usize,
    /// Share of the variation that precipitation explains, and its p; `None` when nothing was fitted.
    pub relation: Option<(f64, f64)>,
    /// Index by mm of precipitation.
    pub index_per_mm: Option<f64>,
    /// Theil-Sen slope of the residuals, index a year.
    pub slope_per_year: Option<f64>,
    /// Mann-Kendall Z and two-sided p of the residuals.
    pub test: Option<(f64, f64)>,
    /// `improving`, `declining`, `none`, or `indeterminate`.
    pub class: &'static str,
    /// Form of the segmented trend.
    pub form: Option<SegmentedForm>,
    /// First year after a break, with its p.
    pub break_at: Option<(i32, f64)>,
    /// Change of the index over the series that precipitation does not explain.
    pub total_change: Option<f64>,
    /// Why it does not count; empty when it does.
    pub reasons: Vec<String>,
}

impl ResidualTrend {
    fn nothing(au2: SoumCode, method: &'static str, years: usize, reason: String) -> Self {
        Self {
            au2,
            method,
            years,
            relation: None,
            index_per_mm: None,
            slope_per_year: None,
            test: None,
            class: "indeterminate",
            form: None,
            break_at: None,
            total_change: None,
            reasons: vec![reason],
        }
    }

    fn of(au2: SoumCode, method: &'static str, years: usize, found: &Restrend, alpha: f64) -> Self {
        let test = &found.trend.mann_kendall;
        Self {
            au2,
            method,
            years,
            relation: Some((found.relation.r_squared, found.relation.p)),
            index_per_mm: found.relation.slopes.first().copied(),
            slope_per_year: Some(found.trend.sen.slope),
            test: Some((test.z, test.p)),
            class: match found.invalid.is_empty() {
                false => "indeterminate",
                true if test.p >= alpha => "none",
                true if test.z > 0.0 => "improving",
                true => "declining",
            },
            form: None,
            break_at: None,
            total_change: None,
            reasons: found.invalid.iter().map(|reason| reason.code().to_owned()).collect(),
        }
    }
}

/// RESTREND and its segmented form.
pub(super) fn trends(soum: SoumCode, series: &Series, set: &ClimateAdjustment) -> [ResidualTrend; 2] {
    const METHODS: [&str; 2] = ["climate.restrend", "climate.tss_restrend"];
    let years: Vec<i32> = series.index.keys().copied().filter(|year| series.rain_mm.contains_key(year)).collect();
    let times: Vec<f64> = years.iter().map(|year| f64::from(*year)).collect();
    let index: Vec<f64> = years.iter().filter_map(|year| series.index.get(year)).copied().collect();
    let rain: Vec<f64> = years.iter().filter_map(|year| series.rain_mm.get(year)).copied().collect();
    let n = years.len();
    let plain = match residual_trend(&times, &index, &rain, None, set) {
        Ok(found) => ResidualTrend::of(soum, METHODS[0], n, &found, set.alpha),
        Err(error) => ResidualTrend::nothing(soum, METHODS[0], n, error.to_string()),
    };
    let segmented = match segmented_trend(&times, &index, &rain, None, set) {
        Ok(found) => ResidualTrend {
            form: Some(found.form),
            break_at: found.at.and_then(|at| Some((*years.get(at.position)?, at.p))),
            total_change: Some(found.total_change),
            reasons: found.invalid().iter().map(|reason| reason.code().to_owned()).collect(),
            class: match found.form {
                SegmentedForm::Restrend => plain.class,
                SegmentedForm::Indeterminate => "indeterminate",
                // a step or two relations: significant by the test of the break
                _ if found.total_change > 0.0 => "improving",
                _ => "declining",
            },
            ..ResidualTrend::of(soum, METHODS[1], n, &found.whole, set.alpha)
        },
        Err(error) => ResidualTrend::nothing(soum, METHODS[1], n, error.to_string()),
    };
    [plain, segmented]
}
