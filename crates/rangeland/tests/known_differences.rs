//! Deliberate differences from other projects' recorded results: each stands in a list with its reason.
//!
//! A difference that vanishes fails, and so does a recorded function that is neither compared nor in a list.

#![expect(clippy::unwrap_used, reason = "a helper of a test stops at the first wrong assumption")]
#![expect(clippy::print_stdout, reason = "a test without its cases says that it was skipped")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use belcheer_rangeland::{
    DegradationClass, ParameterSet,
    degradation::ProductivityLut,
    trend::{Confidence, Correction, KendallTable, corrected_mann_kendall, exact_two_sided_p, mann_kendall, theil_sen},
};
use serde_json::Value;

fn cases() -> Option<PathBuf> {
    let named = std::env::var_os("BELCHEER_SHARED").map(PathBuf::from);
    let above = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let shared = named.or_else(|| above.ancestors().map(|dir| dir.join("shared")).find(|dir| dir.is_dir()))?;
    let folder = shared.join("cases");
    if !folder.is_dir() {
        println!("skipped: no shared data (cases)");
        return None;
    }
    Some(folder)
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The functions that the files of a folder record.
fn recorded(folder: &Path) -> BTreeSet<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| read(&file.unwrap().path()));
    files.flat_map(|text| text["calls"].as_array().unwrap().clone()).map(|c| c["fn"].as_str().unwrap().into()).collect()
}

/// Recorded functions of Trends.Earth that tests compare call by call.
const COMPARED_TRENDS_EARTH: [&str; 8] = [
    "calc_deg_sdg",
    "calc_prod5",
    "prod5_to_prod3",
    "recode_deg_soc",
    "recode_state",
    "recode_traj",
    "sdg_status_expanded",
    "sdg_status_expanded_to_simple",
];

/// Recorded functions of Trends.Earth that have no counterpart, with the reason.
const NOT_OFFERED_TRENDS_EARTH: [(&str, &str); 5] = [
    ("recode_indicator_errors", "classes are never overwritten: an expert's view stands beside the computed one"),
    ("calc_cell_area", "crate zonal integrates the ellipsoid; its tests hold the comparison"),
    ("zonal_total", "sums by zone come from exact coverage (crate zonal), not from a raster of zone numbers"),
    ("zonal_total_weighted", "as zonal_total"),
    ("bizonal_total", "as zonal_total"),
];

/// Recorded functions of pymannkendall that tests compare call by call.
const COMPARED_PYMANNKENDALL: [&str; 8] = [
    "hamed_rao_modification_test",
    "original_test",
    "pre_whitening_modification_test",
    "regional_test",
    "seasonal_test",
    "sens_slope",
    "trend_free_pre_whitening_modification_test",
    "yue_wang_modification_test",
];

/// Recorded functions of pymannkendall that have no counterpart, with the reason.
const NOT_OFFERED_PYMANNKENDALL: [(&str, &str); 4] = [
    ("correlated_multivariate_test", "soums that vary together are clustered in the panel instead"),
    ("correlated_seasonal_test", "one value a year is tested; seasons that vary together do not arise"),
    ("partial_test", "weather is taken out by residual trends and the panel instead"),
    ("seasonal_sens_slope", "one value a year is tested; combined_mann_kendall gives the seasonal test"),
];

#[track_caller]
fn all_listed(recorded: &BTreeSet<String>, compared: &[&str], not_offered: &[(&str, &str)]) {
    let listed = compared.iter().copied().chain(not_offered.iter().map(|(name, _)| *name));
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    assert_eq!(&listed, recorded, "each recorded function is either compared or has its reason");
    assert_eq!(listed.len(), compared.len() + not_offered.len());
}

#[test]
fn every_recorded_function_is_compared_or_has_a_reason() {
    let Some(cases) = cases() else { return };
    all_listed(&recorded(&cases.join("trends_earth/calls")), &COMPARED_TRENDS_EARTH, &NOT_OFFERED_TRENDS_EARTH);
    all_listed(&recorded(&cases.join("pymannkendall/calls")), &COMPARED_PYMANNKENDALL, &NOT_OFFERED_PYMANNKENDALL);
}

const MIXED_TIMES: &str = "pymannkendall takes the slope from true times, gaps counted, and takes it off by the \
     place in the list, gaps not counted; here both go by the list, so the remainder holds no trend";
const MIXED_TIMES_AND_ABSOLUTE: &str = "as the others, and the recorded version takes the absolute value of the sum \
     of autocorrelations, so that its variance can only grow (released 1.4.3 does not)";

/// Calls with gaps that differ: file, whether the recorded version takes the absolute sum, the z there and here, why.
const GAPS: [(&str, f64, f64, &str); 5] = [
    ("hamed_rao_modification_test", -0.634_595_5, -3.859_273_5, MIXED_TIMES_AND_ABSOLUTE),
    ("hamed_rao_modification_test_lag3", -0.519_070_9, -0.519_109_4, MIXED_TIMES),
    ("yue_wang_modification_test", -2.635_497_8, -2.637_796_8, MIXED_TIMES),
    ("yue_wang_modification_test_lag1", -0.607_813_3, -0.607_813_7, MIXED_TIMES),
    ("trend_free_pre_whitening_modification_test", -0.285_127_4, -0.286_940_6, MIXED_TIMES),
];

/// Values at their true times.
struct Gappy {
    times: Vec<f64>,
    values: Vec<f64>,
}

impl Gappy {
    fn of(call: &Value) -> Self {
        let given = call["args"][0]["data"].as_array().unwrap().iter().map(Value::as_f64);
        let (times, values) = given.enumerate().filter_map(|(t, v)| Some((t as f64, v?))).unzip();
        Self { times, values }
    }

    /// What pymannkendall has left once its slope is taken off.
    fn left(&self) -> (f64, Vec<f64>) {
        let slope = theil_sen(&self.times, &self.values).unwrap().slope;
        (slope, self.values.iter().zip(1..).map(|(v, place)| v - f64::from(place) * slope).collect())
    }
}

fn autocorrelations(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let product = |lag: usize| values.iter().zip(&values[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    (0..values.len()).map(|lag| product(lag) / product(0)).collect()
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |v: f64| values.iter().filter(|other| **other < v).count() as f64;
    let equal = |v: f64| values.iter().filter(|other| **other == v).count() as f64;
    values.iter().map(|v| below(*v) + (equal(*v) + 1.0) / 2.0).collect()
}

/// The z of pymannkendall as its recorded version computes it, from what the reason says.
fn as_recorded(file: &str, series: &Gappy, lag: Option<usize>) -> f64 {
    let (slope, left) = series.left();
    let n = left.len() as f64;
    let plain = mann_kendall(&series.values).unwrap();
    let last = lag.unwrap_or(left.len() - 1);
    let z = |factor: f64| (plain.s - plain.s.signum()) as f64 / (plain.var_s * factor).sqrt();
    if file.starts_with("trend_free") {
        let first = autocorrelations(&left)[1];
        let put_back: Vec<f64> =
            left.windows(2).zip(1..).map(|(w, place)| w[1] - w[0] * first + f64::from(place) * slope).collect();
        mann_kendall(&put_back).unwrap().z
    } else if file.starts_with("yue_wang") {
        let sum: f64 = autocorrelations(&left)
            .iter()
            .enumerate()
            .take(last + 1)
            .skip(1)
            .map(|(i, r)| (1.0 - i as f64 / n) * r)
            .sum();
        z(1.0 + 2.0 * sum)
    } else {
        let chance = 1.959_963_984_540_054 / n.sqrt();
        let counted = autocorrelations(&ranks(&left)).into_iter().enumerate().take(last + 1).skip(1);
        let sum: f64 = counted
            .filter(|(_, r)| r.abs() > chance)
            .map(|(i, r)| (n - i as f64) * (n - i as f64 - 1.0) * (n - i as f64 - 2.0) * r)
            .sum();
        z(1.0 + 2.0 / (n * (n - 1.0) * (n - 2.0)) * sum.abs())
    }
}

#[test]
fn corrections_of_series_with_gaps_differ_for_the_listed_reasons() {
    let Some(cases) = cases() else { return };
    for (file, there, here, reason) in GAPS {
        let text = read(&cases.join(format!("pymannkendall/calls/test_pymannkendall.py.test_{file}.json")));
        let with_gaps =
            |call: &&Value| call["args"][0]["data"].as_array().unwrap().iter().any(|v| v.as_f64().is_none());
        let calls: Vec<&Value> = text["calls"].as_array().unwrap().iter().filter(with_gaps).collect();
        assert_eq!(calls.len(), 1, "{file}");
        let (call, series) = (calls[0], Gappy::of(calls[0]));
        let recorded = call["output"]["z"].as_f64().unwrap();
        assert!((recorded - there).abs() < 1e-6, "{file}: {recorded} is recorded ({reason})");
        let lag = call["kwargs"].get("lag").and_then(Value::as_u64).map(|lag| lag as usize);
        let correction = match file {
            _ if file.starts_with("hamed") => Correction::HamedRao { lag },
            _ if file.starts_with("yue") => Correction::YueWang { lag },
            _ => Correction::TrendFreePreWhitening,
        };
        let ours = corrected_mann_kendall(&series.values, correction).unwrap().z;
        assert!((ours - here).abs() < 1e-6, "{file}: {ours} here ({reason})");
        assert!((ours - recorded).abs() > 1e-7, "{file} differs no more: take it off the list ({reason})");
        // the reason is the whole reason
        let explained = as_recorded(file, &series, lag);
        assert!((explained - recorded).abs() < 1e-9, "{file}: {explained} by the reason, {recorded} recorded");
    }
}

#[test]
fn pre_whitening_of_a_series_with_gaps_agrees() {
    // no slope enters it, so nothing differs
    let Some(cases) = cases() else { return };
    let text = read(&cases.join("pymannkendall/calls/test_pymannkendall.py.test_pre_whitening_modification_test.json"));
    let call = text["calls"].as_array().unwrap().last().unwrap();
    let series = Gappy::of(call);
    assert!(series.values.len() < call["args"][0]["data"].as_array().unwrap().len());
    let found = corrected_mann_kendall(&series.values, Correction::PreWhitening).unwrap();
    assert_eq!(Some(found.s as f64), call["output"]["s"].as_f64());
    assert!((found.z - call["output"]["z"].as_f64().unwrap()).abs() < 1e-9);
}

#[test]
fn the_table_of_trends_earth_is_one_sided_and_the_default_is_not() {
    // its "95 percent" values, used for both signs, pass series by chance more often than 5 of 100; from ten years on
    let theirs = KendallTable::by_name("kendall_trends_earth").unwrap();
    let ours = KendallTable::by_name("kendall_exact_two_sided").unwrap();
    for (n, table, correct) in [(16, 36, 46), (24, 66, 80)] {
        assert_eq!(theirs.critical(n, Confidence::C95), Some(table));
        assert_eq!(ours.critical(n, Confidence::C95), Some(correct));
        assert!(exact_two_sided_p(n, i64::from(table)).unwrap() > 0.10, "n {n}");
        assert!(exact_two_sided_p(n, i64::from(correct)).unwrap() <= 0.05, "n {n}");
    }
    // and its 99 percent list ends one year before the others
    assert!(theirs.critical(60, Confidence::C95).is_some() && theirs.critical(60, Confidence::C99).is_none());
}

/// Trend, state, performance (D degraded, N not); then GPG 1, GPG 2 as SEPAL, Trends.Earth's five and three classes.
const LOOK_UPS: [(&str, char, char, u8, char); 18] = [
    ("IIN", 'I', 'I', 5, 'I'),
    ("IID", 'I', 'I', 5, 'I'),
    ("ISN", 'I', 'I', 5, 'I'),
    ("ISD", 'I', 'I', 5, 'I'),
    ("IDN", 'I', 'I', 5, 'I'),
    ("IDD", 'D', 'D', 2, 'D'),
    ("SIN", 'S', 'S', 4, 'S'),
    ("SID", 'S', 'S', 4, 'S'),
    ("SSN", 'S', 'S', 4, 'S'),
    ("SSD", 'S', 'D', 3, 'S'),
    ("SDN", 'S', 'S', 2, 'D'),
    ("SDD", 'D', 'D', 1, 'D'),
    ("DIN", 'D', 'D', 1, 'D'),
    ("DID", 'D', 'D', 1, 'D'),
    ("DSN", 'D', 'S', 1, 'D'),
    ("DSD", 'D', 'D', 1, 'D'),
    ("DDN", 'D', 'D', 1, 'D'),
    ("DDD", 'D', 'D', 1, 'D'),
];

#[test]
fn the_three_look_ups_are_the_published_tables() {
    let class = |letter: char| match letter {
        'D' => DegradationClass::Degraded,
        'S' => DegradationClass::Stable,
        _ => DegradationClass::Improved,
    };
    let keys: BTreeSet<&str> = LOOK_UPS.iter().map(|row| row.0).collect();
    assert_eq!(keys.len(), 18, "every combination");
    for (key, v1, v2, five, three) in LOOK_UPS {
        let letters: Vec<char> = key.chars().collect();
        let found = |name: &str| {
            let lut = ProductivityLut::by_name(name).unwrap();
            lut.look_up(Some(class(letters[0])), Some(class(letters[1])), Some(letters[2] == 'D')).unwrap()
        };
        assert_eq!(found("gpg_v1").class, class(v1), "gpg_v1 {key}");
        assert_eq!(found("gpg_v2_sepal").class, class(v2), "gpg_v2_sepal {key}");
        assert_eq!(found("te_5class").five_class.map(|c| c.code()), Some(five), "te_5class {key}");
        assert_eq!(found("te_3class").class, class(three), "te_3class {key}");
    }
}
