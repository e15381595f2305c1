//! Comparison with other projects' recorded results, where the shared cases lie beside the project.
//!
//! Oracles: pymannkendall 1.4.3, scipy 1.17.1, trends.earth-algorithms 35b2b7d, and the plot biomass of 2007-2020.

#![expect(clippy::unwrap_used, reason = "a helper of a test stops at the first wrong assumption")]
#![expect(clippy::print_stdout, reason = "a test without its cases says that it was skipped")]

use std::path::PathBuf;

use belcheer_domain::{KgPerHa, NaturalZone};
use belcheer_rangeland::{
    DegradationClass, ParameterSet,
    degradation::{
        DegradationStatus, ProductivityClass, ProductivityLut, StateClasses, TrendsEarthRules, one_out_all_out,
    },
    soil_organic_carbon::SocFactors,
    trend::{
        BlockTrend, Confidence, Correction, KendallTable, Plane, Trend, TrendBlock, TrendCode, TrendScratch,
        combined_mann_kendall, corrected_mann_kendall, exact_two_sided_p, theil_sen, trend,
    },
    yields::{YieldScreen, zone_years},
};
use serde_json::Value;

/// The folder of shared data: `BELCHEER_SHARED`, else `shared` beside the project.
fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("BELCHEER_SHARED").map(PathBuf::from);
    let above = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    named
        .or_else(|| above.ancestors().map(|dir| dir.join("shared")).find(|dir| dir.is_dir()))
        .filter(|dir| dir.is_dir())
}

fn read(path: &str) -> Option<Value> {
    let text = std::fs::read_to_string(shared()?.join("cases").join(path)).ok()?;
    serde_json::from_str(&text).ok()
}

/// Reads a case file, or leaves the test with a word.
macro_rules! cases {
    ($path:expr) => {
        match read($path) {
            Some(cases) => cases,
            None => {
                println!("skipped: no shared data ({})", $path);
                return;
            }
        }
    };
}

/// Numbers of a JSON array; null and "NaN" are missing.
fn numbers(array: &Value) -> Vec<Option<f64>> {
    array.as_array().into_iter().flatten().map(Value::as_f64).collect()
}

fn yearly(values: &[Option<f64>]) -> Trend {
    let times: Vec<f64> = (0..values.len()).map(|t| t as f64).collect();
    trend(&times, values, &mut TrendScratch::default()).unwrap()
}

#[track_caller]
fn near(found: f64, expected: &Value, tolerance: f64, what: &str) {
    let expected = expected.as_f64().unwrap();
    let difference = (found - expected).abs();
    assert!(difference <= tolerance * expected.abs().max(1.0), "{what}: found {found}, expected {expected}");
}

#[track_caller]
fn same_test(found: &Trend, expected: &Value, what: &str) {
    let test = found.mann_kendall;
    assert_eq!(test.s as f64, expected["s"].as_f64().unwrap(), "{what}");
    assert_eq!(test.var_s, expected["var_s"].as_f64().unwrap(), "{what}");
    near(test.z, &expected["z"], 1e-14, what);
    near(test.p, &expected["p"], 1e-14, what);
    near(test.tau, expected.get("tau").unwrap_or(&expected["Tau"]), 1e-15, what);
    near(found.sen.slope, &expected["slope"], 1e-14, what);
    near(found.sen.intercept, &expected["intercept"], 1e-13, what);
}

#[test]
fn gappy_series_agree_with_pymannkendall() {
    let file = cases!("pymannkendall/random_gappy_400.json");
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() > 390);
    for (at, case) in cases.iter().enumerate() {
        same_test(&yearly(&numbers(&case["v"])), case, &format!("case {at}"));
    }
}

#[test]
fn upstream_tests_agree_with_pymannkendall() {
    let file = cases!("pymannkendall/calls/test_pymannkendall.py.test_original_test.json");
    let calls = file["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 3);
    for call in calls {
        same_test(&yearly(&numbers(&call["args"][0]["data"])), &call["output"], "original_test");
    }
    let file = cases!("pymannkendall/calls/test_pymannkendall.py.test_sens_slope.json");
    for call in file["calls"].as_array().unwrap() {
        let found = yearly(&numbers(&call["args"][0]["data"]));
        near(found.sen.slope, &call["output"]["slope"], 1e-14, "sens_slope");
        near(found.sen.intercept, &call["output"]["intercept"], 1e-13, "sens_slope");
    }
}

/// The first series of a recorded call, without what is missing, and its option of a name.
fn series_of(call: &Value) -> Vec<f64> {
    numbers(&call["args"][0]["data"]).into_iter().flatten().collect()
}

fn lag_of(call: &Value) -> Option<usize> {
    let given = call["kwargs"].get("lag").or_else(|| call["args"].get(2));
    given.and_then(Value::as_u64).map(|lag| lag as usize)
}

#[test]
fn corrections_for_serial_correlation_agree_with_pymannkendall() {
    type Choose = fn(Option<usize>) -> Correction;
    let functions: [(&str, Choose); 6] = [
        ("hamed_rao_modification_test", |lag| Correction::HamedRao { lag }),
        ("hamed_rao_modification_test_lag3", |lag| Correction::HamedRao { lag }),
        ("yue_wang_modification_test", |lag| Correction::YueWang { lag }),
        ("yue_wang_modification_test_lag1", |lag| Correction::YueWang { lag }),
        ("pre_whitening_modification_test", |_| Correction::PreWhitening),
        ("trend_free_pre_whitening_modification_test", |_| Correction::TrendFreePreWhitening),
    ];
    // calls with gaps differ for reasons that known_differences.rs lists and checks
    let mut left_out = 0;
    let mut compared = 0;
    for (function, correction) in functions {
        let file = cases!(&format!("pymannkendall/calls/test_pymannkendall.py.test_{function}.json"));
        for call in file["calls"].as_array().unwrap() {
            if numbers(&call["args"][0]["data"]).contains(&None) {
                left_out += 1;
                continue;
            }
            let (output, what) = (&call["output"], format!("{function} {}", call["output"]["trend"]));
            let found = corrected_mann_kendall(&series_of(call), correction(lag_of(call))).unwrap();
            assert_eq!(found.s as f64, output["s"].as_f64().unwrap(), "{what}");
            // one recorded series is a line with noise of 1e-14: once detrended it is rounding, whose autocorrelation no
            // two programs share; ranks and signs of it are the same
            let tolerance = if function.starts_with("yue_wang") { 1e-4 } else { 1e-9 };
            near(found.z, &output["z"], tolerance, &what);
            near(found.p, &output["p"], 1e-9, &what);
            compared += 1;
        }
    }
    assert_eq!(left_out, 6);
    assert!(compared >= 10, "{compared}");
}

#[test]
fn combined_tests_agree_with_pymannkendall() {
    let mut compared = 0;
    for function in ["seasonal_test", "regional_test"] {
        let file = cases!(&format!("pymannkendall/calls/test_pymannkendall.py.test_{function}.json"));
        for call in file["calls"].as_array().unwrap() {
            let values = numbers(&call["args"][0]["data"]);
            let shape = numbers(&call["args"][0]["shape"]);
            // columns of a table are series; a single series has one a month
            let period = call["kwargs"].get("period").and_then(Value::as_u64).unwrap_or(12) as usize;
            let columns = shape.get(1).copied().flatten().map_or(period, |columns| columns as usize);
            let series: Vec<Vec<f64>> =
                (0..columns).map(|c| values.iter().skip(c).step_by(columns).flatten().copied().collect()).collect();
            let found = combined_mann_kendall(&series).unwrap();
            let output = &call["output"];
            assert_eq!(found.s as f64, output["s"].as_f64().unwrap(), "{function}");
            near(found.z, &output["z"], 1e-12, function);
            near(found.p, &output["p"], 1e-12, function);
            compared += 1;
        }
    }
    assert!(compared >= 5, "{compared}");
}

#[test]
fn theil_and_kendall_agree_with_scipy() {
    let file = cases!("scipy/theil_kendall.json");
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 9);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let x: Vec<f64> = numbers(&case["x"]).into_iter().flatten().collect();
        let y: Vec<f64> = numbers(&case["y"]).into_iter().flatten().collect();
        let line = theil_sen(&x, &y).unwrap();
        near(line.slope, &case["theil_slope"], 1e-14, name);
        near(line.intercept, &case["theil_intercept"], 1e-13, name);
        let test = yearly(&y.iter().copied().map(Some).collect::<Vec<_>>()).mann_kendall;
        if case["p_exact"].is_number() {
            near(exact_two_sided_p(test.n, test.s).unwrap(), &case["p_exact"], 1e-12, name);
            near(test.tau, &case["tau_b"], 1e-14, name);
        }
    }
}

/// The trend of one series by the way of blocks of raw values.
fn as_block(years: &[i32], values: &[Option<f64>]) -> TrendBlock {
    // whole numbers are computed sixteen at a time, so the series stands in seventeen pixels
    let whole = values.iter().flatten().all(|v| v.fract() == 0.0 && v.abs() < 16_000.0);
    let of = BlockTrend::new(years, 2).unwrap();
    let mut found = TrendBlock::default();
    let valid: Vec<Vec<bool>> = values.iter().map(|v| vec![v.is_some(); 17]).collect();
    let reals: Vec<Vec<f64>> = values.iter().map(|v| vec![v.unwrap_or(0.0); 17]).collect();
    if whole {
        let words: Vec<Vec<i16>> = reals.iter().map(|v| v.iter().map(|v| *v as i16).collect()).collect();
        let planes: Vec<_> =
            words.iter().zip(&valid).map(|(values, v)| Plane { values, nodata: None, valid: Some(v) }).collect();
        of.run(&planes, &mut found).unwrap();
    } else {
        let planes: Vec<_> =
            reals.iter().zip(&valid).map(|(values, v)| Plane { values, nodata: None, valid: Some(v) }).collect();
        of.run(&planes, &mut found).unwrap();
    }
    found
}

#[test]
fn blocks_agree_with_pymannkendall_and_scipy() {
    let file = cases!("pymannkendall/random_gappy_400.json");
    for (at, case) in file["cases"].as_array().unwrap().iter().enumerate() {
        let values = numbers(&case["v"]);
        let years: Vec<i32> = (2001..).take(values.len()).collect();
        let (found, what) = (as_block(&years, &values), format!("case {at}"));
        for pixel in [0, 7, 16] {
            assert_eq!(f64::from(found.s[pixel]), case["s"].as_f64().unwrap(), "{what}");
            near(found.z[pixel], &case["z"], 1e-12, &what);
            near(found.p[pixel], &case["p"], 1e-12, &what);
            near(found.slope_per_year[pixel], &case["slope"], 1e-12, &what);
        }
    }
    let file = cases!("scipy/theil_kendall.json");
    let mut compared = 0;
    for case in file["cases"].as_array().unwrap() {
        let x = numbers(&case["x"]);
        if x.iter().flatten().any(|x| x.fract() != 0.0) {
            continue;
        }
        let years: Vec<i32> = x.iter().flatten().map(|x| *x as i32).collect();
        let found = as_block(&years, &numbers(&case["y"]));
        near(found.slope_per_year[0], &case["theil_slope"], 1e-12, case["name"].as_str().unwrap());
        compared += 1;
    }
    assert!(compared >= 5, "{compared}");
}

#[test]
fn ties_are_no_trend_in_blocks() {
    // a Rust program of 2026 finds p = 0.033 here, since the sign of zero is one there
    let values = [1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0, 1.0, 1.0].map(Some);
    let found = as_block(&(2001..=2010).collect::<Vec<_>>(), &values);
    assert_eq!((found.s[0], found.z[0], found.p[0], found.slope_per_year[0]), (0, 0.0, 1.0, 0.0));
}

#[test]
fn kendall_tables_agree_with_trends_earth_and_the_exact_distribution() {
    let file = cases!("trends_earth/kendall_table_vs_exact.json");
    let theirs = KendallTable::by_name("kendall_trends_earth").unwrap();
    let exact = KendallTable::by_name("kendall_exact_two_sided").unwrap();
    let rows = file["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 57);
    for row in rows {
        let n = row["n"].as_u64().unwrap() as usize;
        for (level, confidence) in [("90", Confidence::C90), ("95", Confidence::C95), ("99", Confidence::C99)] {
            let expected = |value: Option<&Value>| value.and_then(Value::as_u64).map(|s| s as u32);
            let key = format!("te_{level}");
            assert_eq!(theirs.critical(n, confidence), expected(row.get(&key)), "n {n} {level}");
            let two_sided = expected(row["exact_crit_two_sided"].get(level));
            assert_eq!(exact.critical(n, confidence), two_sided, "n {n} {level}");
        }
    }
}

/// The array arguments and the output of one recorded call.
type Call = (Vec<Vec<i16>>, Vec<i16>);

/// Every recorded call of a function.
fn calls(function: &str) -> Option<Vec<Call>> {
    let integers = |array: &Value| -> Vec<i16> {
        array["data"].as_array().into_iter().flatten().filter_map(|v| v.as_i64().map(|v| v as i16)).collect()
    };
    let mut files: Vec<_> = std::fs::read_dir(shared()?.join("cases/trends_earth/calls")).ok()?.flatten().collect();
    files.sort_by_key(std::fs::DirEntry::file_name);
    let mut found = Vec::new();
    for file in files {
        let text: Value = serde_json::from_str(&std::fs::read_to_string(file.path()).ok()?).ok()?;
        for call in text["calls"].as_array()?.iter().filter(|call| call["fn"] == function) {
            let arguments = call["args"].as_array()?.iter().map(integers).collect();
            found.push((arguments, integers(&call["output"])));
        }
    }
    Some(found)
}

/// Compares a function of pixels with every recorded call; returns how many pixels were compared.
#[track_caller]
fn compare(function: &str, ours: impl Fn(&[i16]) -> Option<i16>) -> usize {
    let Some(calls) = calls(function) else {
        println!("skipped: no shared data ({function})");
        return usize::MAX;
    };
    let mut compared = 0;
    for (arguments, output) in calls {
        for (pixel, expected) in output.into_iter().enumerate() {
            let given: Vec<i16> = arguments.iter().map(|values| values[pixel]).collect();
            let nodata = -32768;
            assert_eq!(ours(&given).unwrap_or(nodata), expected, "{function} of {given:?}");
            compared += 1;
        }
    }
    compared
}

fn code(class: DegradationClass) -> i16 {
    i16::from(class.code())
}

#[test]
fn trend_codes_agree_with_trends_earth() {
    // numbers that are no trend code (5, 32767) pass through there; here they have no class
    let compared = compare("recode_traj", |given| match given[0] {
        passed @ 4.. => Some(passed),
        known => TrendCode::new(i8::try_from(known).ok()?).map(|c| code(c.class())),
    });
    assert!(compared > 10_000);
}

#[test]
fn productivity_agrees_with_trends_earth() {
    let lut = ProductivityLut::by_name("te_5class").unwrap();
    // state arrives as a difference of decile classes, of which two or more count
    let state = |difference: i16| match difference {
        -32768 => None,
        ..=-2 => Some(DegradationClass::Degraded),
        2.. => Some(DegradationClass::Improved),
        _ => Some(DegradationClass::Stable),
    };
    let compared = compare("calc_prod5", |given| {
        let trend = DegradationClass::from_code(given[0]);
        let performance = (given[2] != -32768).then_some(given[2] == -1);
        lut.look_up(trend, state(given[1]), performance)?.five_class.map(|c| i16::from(c.code()))
    });
    assert!(compared >= 8);
    let folded = compare("prod5_to_prod3", |given| ProductivityClass::from_code(given[0]).map(|c| code(c.fold())));
    assert!(folded >= 8);
}

#[test]
fn state_and_soil_codes_agree_with_trends_earth() {
    let rules = TrendsEarthRules::by_name("trends_earth").unwrap();
    let compared = compare("recode_state", |given| StateClasses::class_of_difference(given[0], &rules).map(code));
    assert!(compared >= 8);
    // the first argument is the change in percent, the second whether the place is water
    let soil = SocFactors::by_name("soc_unccd_1").unwrap();
    let compared = compare("recode_deg_soc", |given| {
        (given[0] != -32768 && given[1] == 0).then(|| code(soil.class_of_percent(f64::from(given[0]))))
    });
    assert!(compared >= 9);
}

#[test]
fn integration_and_status_agree_with_trends_earth() {
    let classes = |given: &[i16]| -> Vec<Option<DegradationClass>> {
        given.iter().map(|v| DegradationClass::from_code(*v)).collect()
    };
    assert!(compare("calc_deg_sdg", |given| one_out_all_out(&classes(given)).map(code)) >= 8);
    let status = |given: &[i16]| {
        let classes = classes(given);
        DegradationStatus::of(classes[0], classes[1]).map(|s| i16::from(s.code()))
    };
    assert!(compare("sdg_status_expanded", status) >= 15);
    let simple =
        |given: &[i16]| DegradationStatus::from_code(u8::try_from(given[0]).ok()?).map(|status| code(status.simple()));
    assert!(compare("sdg_status_expanded_to_simple", simple) >= 10);
}

#[test]
fn zone_means_of_measured_plots_agree_with_the_published_ones() {
    // soum by natural zone, then plots by soum; means of 2012 from the domain specification, whose zones of soums come
    // from another table, hence 5 percent
    let Some(folder) = shared().map(|dir| dir.join("data")).filter(|dir| dir.join("field").is_dir()) else {
        println!("skipped: no shared data (field)");
        return;
    };
    let table = |path: &str| csv::Reader::from_path(folder.join(path)).unwrap();
    let column = |reader: &mut csv::Reader<std::fs::File>, name: &str| {
        reader.headers().unwrap().iter().position(|h| h == name).unwrap()
    };
    let mut soums = table("crosswalk/crosswalk_soum.csv");
    let (soum, zone) = (column(&mut soums, "soum_code"), column(&mut soums, "eco_zone_dominant"));
    let zones: std::collections::BTreeMap<String, NaturalZone> = soums
        .records()
        .map(Result::unwrap)
        .filter_map(|row| Some((row[soum].to_owned(), recognise(&row[zone])?)))
        .collect();
    let mut plots = table("field/namem_biomass_plots_2007_2020.csv");
    let (soum, year, yields) =
        (column(&mut plots, "soum_code"), column(&mut plots, "year"), column(&mut plots, "bms_kgha"));
    let records = plots.records().map(Result::unwrap).filter_map(|row| {
        let value = KgPerHa::new(row[yields].parse().ok()?).ok()?;
        Some((*zones.get(&row[soum])?, row[year].parse().ok()?, value))
    });
    let means = zone_years(records, &YieldScreen::by_name("yield_screen_raw").unwrap());
    assert!(means.values().map(|m| m.n).sum::<usize>() > 17_500);
    assert_eq!(means.values().map(|m| m.outliers).sum::<usize>(), 22);
    for (zone, published) in
        [(NaturalZone::Steppe, 680.0), (NaturalZone::ForestSteppe, 692.0), (NaturalZone::DesertSteppe, 313.0)]
    {
        let found = means[&(zone, 2012)].mean_kg_ha;
        assert!((found / published - 1.0).abs() < 0.05, "{zone}: {found}");
    }
}

fn recognise(text: &str) -> Option<NaturalZone> {
    let plain = text.replace("zone", "").replace("belt", "").replace("Semi desert", "desert");
    NaturalZone::recognise(plain.trim())
}
