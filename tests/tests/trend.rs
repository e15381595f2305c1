//! `belcheer trend`: from yearly rasters to one raster of trends.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that finds something missing has failed")]

use std::collections::BTreeMap;

use belcheer_tests::{Workspace, made, number, rows};

/// Means of all bands of a trend raster over zones, by zone and then by band.
fn means(workspace: &Workspace, raster: &str, zones: &str, id: &str) -> BTreeMap<String, Vec<Option<f64>>> {
    let table = "means.csv";
    let arguments = ["--quiet", "zonal-stats", raster, "--zones", zones, "--id", id, "--stats", "mean", "-o", table];
    let _nothing = workspace.expect(&[0], &arguments);
    let mut found: BTreeMap<String, Vec<Option<f64>>> = BTreeMap::new();
    for row in rows(&workspace.path(table)) {
        found.entry(row["id"].clone()).or_default().push(number(&row, "mean"));
    }
    found
}

/// Four by four cells, all of one value, for each of some years.
fn write_years(workspace: &Workspace, values: &[u8]) -> Vec<String> {
    let write = |(number, value): (usize, &u8)| {
        let name = format!("{number}.tif");
        let raster = made::Tiff { cells: vec![*value; 16], ..made::Tiff::sound() };
        std::fs::write(workspace.path(&name), raster.bytes()).unwrap();
        name
    };
    values.iter().enumerate().map(write).collect()
}

fn trend<'a>(rasters: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    let rasters = rasters.iter().map(String::as_str);
    ["trend"].into_iter().chain(rasters).chain(more.iter().copied()).collect()
}

#[test]
fn a_series_worked_by_hand() {
    let workspace = Workspace::folder();
    std::fs::write(workspace.path("zones.geojson"), made::squares(&[("6401", 100.0)])).unwrap();
    let rasters = write_years(&workspace, &[10, 12, 13, 13, 17]);
    let told = workspace.run(&trend(&rasters, &["--years", "2001..2005", "-o", "out.tif"]));
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    assert!(String::from_utf8_lossy(&told.stderr).contains("years_by_order"), "{told:?}");
    let found = &means(&workspace, "out.tif", "zones.geojson", "soum_code")["6401"];
    // slopes in order: 0, 0.5, 1, 1, 1.5, 5/3, 7/4, 2, 2, 4; S = 9; var = (5*4*15 - 2*1*9)/18 = 47/3
    let z = 8.0 / (47.0_f64 / 3.0).sqrt();
    let expected = [(1.5 + 5.0 / 3.0) / 2.0, 9.0, z, 0.043_262_7, 5.0];
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found.unwrap() - expected).abs() < 1e-5, "{found:?} {expected}");
    }
}

#[test]
fn too_few_years_are_missing_but_counted() {
    let workspace = Workspace::folder();
    std::fs::write(workspace.path("zones.geojson"), made::squares(&[("6401", 100.0)])).unwrap();
    let rasters = write_years(&workspace, &[1, 2, 3]);
    let _nothing = workspace.expect(&[0], &trend(&rasters, &["--years", "2001..2003", "-o", "few.tif"]));
    let few = &means(&workspace, "few.tif", "zones.geojson", "soum_code")["6401"];
    assert_eq!(few, &[None, None, None, None, Some(3.0)]);
    let enough = ["--years", "2001..2003", "--min-years", "3", "-o", "enough.tif"];
    let _nothing = workspace.expect(&[0], &trend(&rasters, &enough));
    let found = &means(&workspace, "enough.tif", "zones.geojson", "soum_code")["6401"];
    assert_eq!((found[0], found[1]), (Some(1.0), Some(3.0)));
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let workspace = Workspace::folder();
    let mut rasters = write_years(&workspace, &[1, 2, 3, 4]);
    let refused = |rasters: &[String], more: &[&str], code: i32, names: &[&str]| {
        let told = workspace.run(&trend(rasters, more));
        let text = String::from_utf8_lossy(&told.stderr).into_owned();
        assert_eq!(told.status.code(), Some(code), "{text}");
        assert!(names.iter().all(|name| text.contains(name)), "{names:?} in {text}");
        assert!(!workspace.path("out.tif").exists());
    };
    refused(&rasters, &["--years", "2001..2005", "-o", "out.tif"], 3, &["4 rasters", "5 years"]);
    refused(&rasters[..1], &["--years", "2001..2005", "-o", "out.tif"], 3, &["0.tif", "5 years"]);
    refused(&rasters, &["--years", "2001..2004", "-o", "out.csv"], 2, &["out.csv", ".tif"]);
    refused(&rasters, &["--years", "2001..2004", "-o", "nowhere/out.tif"], 2, &["nowhere"]);
    let other = made::Tiff { corner: [100.5, 48.0], ..made::Tiff::sound() };
    std::fs::write(workspace.path("other.tif"), other.bytes()).unwrap();
    rasters[2] = "other.tif".to_owned();
    refused(&rasters, &["--years", "2001..2004", "-o", "out.tif"], 3, &["0.tif", "other.tif", "position"]);
}

#[test]
fn the_sample_country_shows_its_truth_whatever_the_threads() {
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let ws = ws.to_str().unwrap();
    let sample = ["sample", ws, "--resolution", "0.05", "--soums", "12", "--files-only", "--quiet"];
    let _nothing = workspace.expect(&[0], &sample);
    // given out of order: the dates in the files tell the years
    let rasters: Vec<String> = (2001..=2024).rev().map(|year| format!("ws/source/ndvi_peak_{year}.tif")).collect();
    for (threads, out) in [("1", "one.tif"), ("2", "two.tif")] {
        let told = workspace.run(&trend(&rasters, &["--years", "2001..2024", "--threads", threads, "-o", out]));
        assert_eq!(told.status.code(), Some(0), "{told:?}");
        assert!(!String::from_utf8_lossy(&told.stderr).contains("years_by_order"));
    }
    assert!(std::fs::read(workspace.path("one.tif")).unwrap() == std::fs::read(workspace.path("two.tif")).unwrap());
    let found = means(&workspace, "one.tif", "ws/source/soums.gpkg", "au2");
    let mut seen = 0;
    for truth in rows(&workspace.path("ws/truth.csv")) {
        let [slope, z, n] = [0, 2, 4].map(|band| found[&truth["au2"]][band].unwrap());
        assert!(n > 20.0 && slope.abs() < 0.05, "{truth:?} {slope} {n}");
        let sign = match truth["truth"].as_str() {
            "improving" => 1.0,
            "declining" => -1.0,
            _ => continue,
        };
        seen += 1;
        assert!(slope * sign > 0.0 && z * sign > 0.5, "{truth:?}: slope {slope}, Z {z}");
    }
    assert!(seen >= 4, "{seen}");
    // a year without a raster keeps its place in time
    let gap: Vec<String> = rasters.iter().filter(|name| !name.contains("2010")).cloned().collect();
    let told = workspace.run(&trend(&gap, &["--years", "2001..2024", "-o", "gap.tif"]));
    assert!(String::from_utf8_lossy(&told.stderr).contains("years_without_raster"), "{told:?}");
    let without = means(&workspace, "gap.tif", "ws/source/soums.gpkg", "au2");
    for (code, bands) in &found {
        let change = without[code][0].unwrap() - bands[0].unwrap();
        assert!(change.abs() < 0.1 * bands[0].unwrap().abs() + 2e-4, "{code}: {change}");
    }
}
