//! The whole main job on real files of the agencies, against what they and outside programs say.
//!
//! The oracles in `data/expected` were made with exactextract 0.3.0 on the same soum boundaries.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test expects")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use belcheer_tests::{Ended, Workspace, number, rows, shared};

type Table = Vec<BTreeMap<String, String>>;

/// Columns that other programs rely on, in their order.
const INDICATOR_COLUMNS: &str = "au2,name_mn,name_en,aimag,indicator,unit,zone_level,zone_id,baseline_value,\
    reporting_value,level_score,effect,ci90_low,ci90_high,p,p_bh,mdc,epsilon,class,reasons,tier,coverage,n_plots,n_eff,\
    method_id";
const SOUM_COLUMNS: &str = "au2,name_mn,name_en,aimag,area_km2,rangeland_area_ha,status,score,score_ci90_low,\
    score_ci90_high,indicators_used,findings,cycle";
const STOCKING_COLUMNS: &str = "au2,year,season,sfu,area_ha,yield_kg_ha,utilisation,capacity_sfu,\
    stocking_rate_sfu_ha,ratio,ratio_ci90_low,ratio_ci90_high,class,balance_sfu,parameter_set";
const FINDING_COLUMNS: &str = "code,severity,au2,input,place,count,text_en,text_mn";

fn data() -> Option<PathBuf> {
    shared().map(|place| place.join("data"))
}

/// Runs a command on one of the real files.
fn run(workspace: &Workspace, arguments: &[&str]) -> Ended {
    workspace.run_within(600, arguments).with(&[0, 1])
}

fn ingest(workspace: &Workspace, data: &Path, what: &str, file: &str, more: &[&str]) -> Ended {
    let file = data.join(file);
    run(workspace, &[&["ingest", what, file.to_str().unwrap()], more].concat())
}

/// How often findings of a code were counted for an input, over all soums.
fn counted(findings: &Table, code: &str, input: &str) -> f64 {
    let of_code = findings.iter().filter(|f| f["code"] == code && f["input"] == input);
    of_code.map(|f| number(f, "count").unwrap()).sum()
}

#[test]
fn every_soum_of_the_country_is_assessed() {
    let Some(data) = data() else { return };
    let workspace = Workspace::init();
    let soums = ingest(&workspace, &data, "boundaries", "boundaries/soum_cod_v3.gpkg", &["--level", "soum"]);
    assert!(soums.stderr.contains("339 units, 1564877 km2"), "{}", soums.stderr);
    for (file, kind) in [
        ("field/namem_biomass_plots_2007_2020.csv", "biomass-plots"),
        ("field/photo_points_2022.csv", "photo-points"),
        ("livestock/livestock_soum_total.csv", "livestock"),
        ("livestock/livestock_aimag_species_thousand_2018_2024.csv", "livestock"),
    ] {
        let _ = ingest(&workspace, &data, "table", file, &["--kind", kind]);
    }
    let land_cover = ["--product", "mcd12c1_igbp", "--date", "2019"];
    let _ = ingest(&workspace, &data, "raster", "rasters/mongolia/mcd12c1_igbp_2019_mongolia_4326.tif", &land_cover);
    let periods = ["--baseline", "2009..2018", "--reporting", "2019..2023"];
    let told = run(&workspace, &[&["assess"], &periods[..], &["-o", "out"]].concat());

    for line in ["339 soums, 1564877 km2", "livestock 2019: 70969315 head counted in total", "18152 plot-years"] {
        assert!(told.stderr.contains(line), "{line:?} is not in: {}", told.stderr);
    }
    the_soums_add_up(&workspace);
    what_is_undecided_has_reasons(&workspace);
    the_livestock_is_the_nations(&workspace);
    the_sources_flaws_are_told(&workspace, &data);
    the_export_is_what_is_agreed_on(&workspace);
}

fn the_soums_add_up(workspace: &Workspace) {
    let soums = rows(&workspace.path("out/soums.csv"));
    assert_eq!(soums.len(), 339);
    let area_km2: f64 = soums.iter().map(|s| number(s, "area_km2").unwrap()).sum();
    assert!((area_km2 / 1_564_877.0 - 1.0).abs() < 5e-4, "{area_km2} km2");
    for soum in &soums {
        // rangeland is summed over cells, the soum measured on the ellipsoid
        let (area_ha, rangeland_ha) = (100.0 * number(soum, "area_km2").unwrap(), number(soum, "rangeland_area_ha"));
        assert!(rangeland_ha.is_none_or(|r| (0.0..=area_ha * 1.001).contains(&r)), "{soum:?}");
        assert!(soum["au2"].len() == 5 && !soum["name_mn"].is_empty() && !soum["aimag"].is_empty(), "{soum:?}");
    }
}

fn what_is_undecided_has_reasons(workspace: &Workspace) {
    let indicators = rows(&workspace.path("out/indicators.csv"));
    assert_eq!(indicators.len(), 339 * 5);
    for row in &indicators {
        let class = row["class"].as_str();
        assert!(["improved", "stable", "declined", "insufficient"].contains(&class), "{row:?}");
        assert_eq!(class == "insufficient", !row["reasons"].is_empty(), "{row:?}");
    }
    let verdicts = ["verified_improving", "verified_maintained", "not_verified", "insufficient_evidence"];
    for soum in rows(&workspace.path("out/soums.csv")) {
        assert!(verdicts.contains(&soum["status"].as_str()), "{soum:?}");
    }
}

fn the_livestock_is_the_nations(workspace: &Workspace) {
    let stocking = rows(&workspace.path("out/stocking.csv"));
    let of_2019: Table =
        stocking.into_iter().filter(|r| r["year"] == "2019" && r["season"] == "winter_spring").collect();
    assert_eq!(of_2019.len(), 339, "every soum has livestock");
    let sfu: f64 = of_2019.iter().map(|r| number(r, "sfu").unwrap()).sum();
    assert!((sfu / 118.99e6 - 1.0).abs() < 0.01, "{sfu} SFU");
    for row in &of_2019 {
        let known = number(row, "yield_kg_ha").is_some();
        for column in ["capacity_sfu", "ratio", "balance_sfu"] {
            assert_eq!(number(row, column).is_some(), known, "{column} of {row:?}");
        }
    }
    assert!(of_2019.iter().filter(|r| !r["class"].is_empty()).count() > 200);
}

fn the_sources_flaws_are_told(workspace: &Workspace, data: &Path) {
    let findings = rows(&workspace.path("out/findings.csv"));
    let (plots, points) = ("namem_biomass_plots_2007_2020.csv", "photo_points_2022.csv");
    let outliers: Vec<&str> =
        findings.iter().filter(|f| f["code"] == "source_flag").map(|f| f["place"].as_str()).collect();
    assert_eq!(outliers, ["plot 1289 in 2013", "plot 28 in 2012", "plot 759 in 2013"]);
    assert_eq!(counted(&findings, "biomass_outlier", plots), 22.0);

    let source = rows(&data.join("field").join(points));
    let repaired = source.iter().filter(|p| !p["id_raw"].bytes().all(|b| b.is_ascii_digit())).count();
    let outside = source.iter().filter(|p| p["flag_id_vs_polygon"] == "1").count();
    let superseded = source.iter().filter(|p| p["id_num"].starts_with("8340")).count();
    for (code, count) in [("id_repaired", repaired), ("point_outside_soum", outside), ("code_alias", superseded)] {
        assert!(count > 0, "{code}");
        assert_eq!(counted(&findings, code, points), count as f64, "{code}");
    }
}

fn the_export_is_what_is_agreed_on(workspace: &Workspace) {
    for (file, agreed) in [
        ("indicators.csv", INDICATOR_COLUMNS),
        ("soums.csv", SOUM_COLUMNS),
        ("stocking.csv", STOCKING_COLUMNS),
        ("findings.csv", FINDING_COLUMNS),
    ] {
        let text = fs::read_to_string(workspace.path("out").join(file)).unwrap();
        let headings = text.lines().next().unwrap();
        assert!(format!("{headings},").starts_with(&format!("{agreed},")), "{file}: {headings}");
    }
    for file in ["indicators.parquet", "soums.parquet", "partials.parquet"] {
        let bytes = fs::read(workspace.path("out").join(file)).unwrap();
        assert!(bytes.len() > 1000 && bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{file}");
    }
    let manifest = fs::read(workspace.path("out/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(manifest["id"].as_str().unwrap().len(), "sha256:".len() + 64);
    assert!(manifest["run"].is_object() && manifest["seed"].is_u64(), "{manifest}");

    let other = Workspace::init();
    let back = workspace.path("out/soums.gpkg");
    let read = run(&other, &["ingest", "boundaries", back.to_str().unwrap(), "--level", "soum"]);
    assert!(read.stderr.contains("339 units, 1564877 km2"), "{}", read.stderr);
}

/// Statistics of rasters by soum of the main boundaries; what was told, and the rows.
fn by_soum(workspace: &Workspace, data: &Path, rasters: &[PathBuf], statistics: &str) -> (Ended, Table) {
    let zones = data.join("boundaries/soum_cod_v3.gpkg");
    let mut arguments = vec!["zonal-stats"];
    arguments.extend(rasters.iter().map(|r| r.to_str().unwrap()));
    arguments.extend(["--zones", zones.to_str().unwrap(), "--id", "soum_code", "--stats", statistics]);
    arguments.extend(["-o", "statistics.csv"]);
    let told = run(workspace, &arguments);
    (told, rows(&workspace.path("statistics.csv")))
}

/// Half of the last digit that a number is written with.
fn half_a_digit(written: &str) -> f64 {
    let decimals = written.split_once('.').map_or(0, |(_, d)| d.len());
    0.5 * 10_f64.powi(-i32::try_from(decimals).unwrap())
}

/// Compares a statistic with the oracle's: to a millionth, or as far as it is written, or to a slack of its own.
fn compare(expected: &BTreeMap<String, String>, theirs: &str, ours: &BTreeMap<String, String>, name: &str, slack: f64) {
    let (Some(theirs_value), Some(value)) = (number(expected, theirs), number(ours, name)) else {
        assert!(expected[theirs].is_empty() && ours[name].is_empty(), "{theirs} of {expected:?}: {ours:?}");
        return;
    };
    let within = (1e-6 * theirs_value.abs()).max(half_a_digit(&expected[theirs]) * 1.000_001).max(slack);
    assert!((value - theirs_value).abs() <= within, "{name} {value}, not {theirs_value}: {expected:?}");
}

#[test]
fn zonal_statistics_are_exactextracts() {
    let Some(data) = data() else { return };
    let workspace = Workspace::folder();
    let rasters = data.join("rasters/mongolia");

    let anomaly = [rasters.join("sibelius_modis_pasture_anomaly_u16.tif")];
    let (_, ours) = by_soum(&workspace, &data, &anomaly, "count,mean,min,max,stdev,median");
    let ours: BTreeMap<&str, _> = ours.iter().map(|r| (r["id"].as_str(), r)).collect();
    let expected = rows(&data.join("expected/pasture_anomaly_by_soum.csv"));
    assert!(ours.len() == 339 && expected.len() >= 300, "{} of {}", ours.len(), expected.len());
    for soum in &expected {
        let row = ours[soum["soum_code"].as_str()];
        for statistic in ["count", "mean", "min", "max", "stdev"] {
            compare(soum, statistic, row, statistic, 0.0);
        }
        // the oracle's median is a cell's value, ours lies between two
        compare(soum, "median", row, "median", 1.0);
    }

    let months: Vec<PathBuf> = (1..=6)
        .map(|month| rasters.join(format!("ndvi_u8_2014-{month:02}_mongolia.tif")))
        .filter(|path| path.exists())
        .collect();
    let (_, ours) = by_soum(&workspace, &data, &months, "count,mean,min,max,median");
    let ours: BTreeMap<(&str, &str), _> = ours.iter().map(|r| ((r["id"].as_str(), r["raster"].as_str()), r)).collect();
    let mut compared = 0;
    for soum in rows(&data.join("expected/ndvi2014_by_soum_month.csv")) {
        let raster = format!("ndvi_u8_{}_mongolia.tif", &soum["date"][..7]);
        let Some(row) = ours.get(&(soum["soum_code"].as_str(), raster.as_str())) else { continue };
        for (theirs, name) in [("cells", "count"), ("dn_mean", "mean"), ("dn_min", "min"), ("dn_max", "max")] {
            compare(&soum, theirs, row, name, 0.0);
        }
        compare(&soum, "dn_median", row, "median", 1.0);
        compared += 1;
    }
    assert_eq!(compared, 339 * months.len());
}

#[test]
fn fractions_of_land_cover_are_exactextracts() {
    let Some(data) = data() else { return };
    let workspace = Workspace::folder();
    let raster = [data.join("rasters/mongolia/mcd12c1_igbp_2019_mongolia_4326.tif")];
    let (_, ours) = by_soum(&workspace, &data, &raster, "frac");
    let mut missing: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in &ours {
        let fractions = row.keys().filter_map(|c| c.strip_prefix("frac_"));
        let of_soum: Vec<(&str, f64)> =
            fractions.filter_map(|class| Some((class, number(row, &format!("frac_{class}"))?))).collect();
        assert!((of_soum.iter().map(|f| f.1).sum::<f64>() - 1.0).abs() < 1e-9, "{row:?}");
        missing.extend(of_soum.iter().filter(|f| f.1 > 0.0).map(|f| ((row["id"].clone(), f.0.to_owned()), f.1)));
    }
    let expected = rows(&data.join("expected/igbp2019_fraction_by_soum.csv"));
    assert_eq!((ours.len(), expected.len()), (339, 653));
    for soum in expected {
        let key = (soum["soum_code"].clone(), soum["igbp_class"].clone());
        let fraction = missing.remove(&key).unwrap_or_else(|| panic!("no {key:?}"));
        let theirs = number(&soum, "fraction_of_cells").unwrap();
        assert!((fraction - theirs).abs() <= 1e-6, "{key:?}: {fraction}, not {theirs}");
    }
    assert!(missing.is_empty(), "classes that the oracle has not: {missing:?}");
}

#[test]
fn soums_come_in_every_form_they_are_kept_in() {
    let Some(data) = data() else { return };
    let workspace = Workspace::init();
    for (file, units, area_km2) in [
        ("boundaries/soum_cod_v3.gpkg", 339, 1_564_877.0),
        ("boundaries/soum_cod_v3_simplified.geojson", 339, 1_564_877.0),
        ("boundaries/prism_small/small_admin_boundaries_26_soums.json", 26, 277_891.0),
    ] {
        let told = ingest(&workspace, &data, "boundaries", file, &["--level", "soum"]);
        let summary = told.stderr.lines().find(|line| line.contains(" units, ")).unwrap();
        let (before, after) = summary.split_once(" units, ").unwrap();
        assert!(before.ends_with(&format!(": {units}")), "{summary}");
        let area: f64 = after.split_once(" km2").unwrap().0.parse().unwrap();
        assert!((area / area_km2 - 1.0).abs() < 5e-4, "{summary}");
    }
    for (file, level, units) in
        [("boundaries/aimag_cod_v3.gpkg", "aimag", 22), ("prism/mng_adm1_nso_match_1212_mn.json", "aimag", 22)]
    {
        let told = ingest(&workspace, &data, "boundaries", file, &["--level", level]);
        assert!(told.stderr.contains(&format!(": {units} units, 1564877 km2")), "{}", told.stderr);
    }
}

#[test]
fn a_soum_has_one_mean_whatever_the_coordinate_system() {
    let Some(data) = data() else { return };
    let workspace = Workspace::folder();
    let rasters = [
        "ndvimax_4326_f64_nd-3000_striped.tif",
        "ndvimax_easegrid6933_f32_nan.tif",
        "ndvimax_utm47_wholecountry_f32.tif",
        "ndvimax_webmerc_u16_scale1e-4_offset-1.tif",
    ]
    .map(|name| data.join("rasters/matrix").join(name));
    let (told, statistics) = by_soum(&workspace, &data, &rasters, "mean");
    let reprojected = told.findings("zones_reprojected");
    assert_eq!(reprojected.len(), 3, "{}", told.stderr);
    for (finding, epsg) in reprojected.iter().zip(["6933", "32647", "3857"]) {
        assert!(finding.contains(&format!("EPSG:4326 -> EPSG:{epsg}")), "{finding}");
    }

    let areas_km2: BTreeMap<String, f64> = rows(&data.join("crosswalk/crosswalk_soum.csv"))
        .iter()
        .map(|r| (r["soum_code"].clone(), number(r, "area_km2_geodesic").unwrap()))
        .collect();
    let mut means: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for row in &statistics {
        means.entry(&row["id"]).or_default().push(number(row, "mean").unwrap());
    }
    assert_eq!(means.len(), 339);
    let mut spreads: Vec<f64> = Vec::new();
    for (soum, means) in means {
        assert_eq!(means.len(), rasters.len(), "{soum}");
        let spread = means.iter().copied().fold(f64::MIN, f64::max) - means.iter().copied().fold(f64::MAX, f64::min);
        let large = areas_km2[soum] > 6_000.0;
        // the rasters were resampled to cells of 5 km by nearest neighbour, which moves the mean of a small soum
        assert!(spread < if large { 0.02 } else { 0.11 }, "{soum}: {means:?}");
        spreads.push(spread);
    }
    spreads.sort_by(f64::total_cmp);
    assert!(spreads[spreads.len() / 2] < 0.008, "half of the soums differ by {}", spreads[spreads.len() / 2]);
}

#[test]
fn every_form_of_raster_is_read_but_lossy_classes() {
    let Some(data) = data() else { return };
    let workspace = Workspace::init();
    let mut forms: Vec<PathBuf> =
        fs::read_dir(data.join("rasters/matrix")).unwrap().map(|entry| entry.unwrap().path()).collect();
    forms.sort();
    assert!(forms.len() >= 20, "{forms:?}");
    let mut same = BTreeMap::new();
    for path in &forms {
        let name = path.file_name().unwrap().to_str().unwrap();
        let product = match name.split('_').next().unwrap() {
            "igbp" => "mcd12c1_igbp",
            "anom" => "pasture_anomaly",
            _ => "ndvi",
        };
        let before = workspace.digest();
        let arguments = ["ingest", "raster", path.to_str().unwrap(), "--product", product, "--date", "2014"];
        let told = workspace.run_within(60, &arguments);
        if name.contains("LOSSY") {
            let told = told.with(&[3]);
            assert!(told.stderr.contains(&format!("refused: {name}")), "{}", told.stderr);
            assert_eq!(workspace.digest(), before);
        } else {
            let told = told.with(&[0, 1]);
            let summary = told.stderr.lines().find(|line| line.contains(" cells, ")).unwrap();
            same.insert(name.to_owned(), summary.split_once(": ").unwrap().1.to_owned());
        }
    }
    // the same values in another wrapping are the same data set
    for [one, other] in [
        ["anom_u16_bigendian_deflate.tif", "anom_u16_cog.tif"],
        ["anom_u16_bigendian_deflate.tif", "anom_u16_bigtiff_zstd_tiled.tif"],
        ["anom_u16_bigendian_deflate.tif", "anom_u16_lerc.tif"],
        ["ndvi_u8_2014_6bands_band_interleaved.tif", "ndvi_u8_2014_6bands_pixel_interleaved.tif"],
    ] {
        assert_eq!(same[one], same[other], "{one} and {other}");
    }
}
