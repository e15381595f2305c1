//! Whether soum and donors already went apart within the baseline.

use std::collections::BTreeMap;

use belcheer_domain::Years;
use serde::{Deserialize, Serialize};

use super::donors::{Compared, Slope};
use super::synthetic::complete;
use crate::estimators::event_study::{UnitYear, event_study};

/// How diverging trends were tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreTrendTest {
    /// All baseline years of the event study at once.
    Joint,
    /// The slope of the difference by year.
    Slope,
}

impl PreTrendTest {
    /// The word used in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Joint => "joint",
            Self::Slope => "slope",
        }
    }
}

/// The tests that could be formed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct PreTrend {
    pub joint: Option<f64>,
    pub slope: Option<f64>,
}

impl PreTrend {
    /// The test that speaks louder against a claim, with its p.
    pub fn strongest(self) -> Option<(f64, PreTrendTest)> {
        match (self.joint, self.slope) {
            (Some(joint), Some(slope)) if slope < joint => Some((slope, PreTrendTest::Slope)),
            (Some(joint), _) => Some((joint, PreTrendTest::Joint)),
            (None, slope) => Some((slope?, PreTrendTest::Slope)),
        }
    }
}

/// Tests the baseline for divergence; `difference` is the soum less its donors by year.
///
/// The joint test sees any path and has little power against a straight one; the slope sees that alone. A claim must
/// pass both.
pub(super) fn pre_trend(
    own: &BTreeMap<i32, f64>,
    donors: &[Compared<'_>],
    difference: &BTreeMap<i32, f64>,
    (baseline, reporting): (Years, Years),
) -> PreTrend {
    let before = difference.range(baseline.first..=baseline.last).map(|(y, d)| (*y, *d)).collect();
    PreTrend { joint: joint(own, donors, baseline, reporting), slope: Slope::of(&before).and_then(|s| s.p()) }
}

fn joint(own: &BTreeMap<i32, f64>, donors: &[Compared<'_>], baseline: Years, reporting: Years) -> Option<f64> {
    let years: Vec<i32> = own.range(baseline.first..=baseline.last).map(|(year, _)| *year).collect();
    let controls = complete(donors, &years);
    let units = std::iter::once(own).chain(controls).zip(0_u32..);
    let rows: Vec<UnitYear> = units
        .flat_map(|(series, unit)| {
            let row = move |year: &i32| {
                Some(UnitYear { unit, year: *year, treated: unit == 0, value: series.get(year).copied()? })
            };
            years.iter().filter_map(row)
        })
        .collect();
    Some(event_study(&rows, reporting.first).ok()?.pre_trend?.p)
}
