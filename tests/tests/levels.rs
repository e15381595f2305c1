//! `assess --level`: user groups within soums, aimags and natural zones above them, on the sample country.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that finds something missing has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use belcheer_tests::{Workspace, number, rows};

type Row = BTreeMap<String, String>;

const PERIODS: [&str; 4] = ["--baseline", "2009..2018", "--reporting", "2019..2024"];

/// Twelve soums whose first user group is missing in the boundaries, with counts of animals of two groups.
fn country() -> (Workspace, String) {
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let sample = ["sample", ws.to_str().unwrap(), "--resolution", "0.05", "--soums", "12", "--quiet"];
    let _ = workspace.run_within(300, &sample).with(&[0, 1]);
    let regions =
        ["--quiet", "regions", "--years", "2023..2024", "--level", "pug", "--map", "groups.geojson", "-o", "-"];
    let _table = workspace.expect(&[0, 1], &regions);
    let text = std::fs::read_to_string(workspace.path("groups.geojson")).unwrap();
    let mut groups: serde_json::Value = serde_json::from_str(&text).unwrap();
    let features = groups["features"].as_array_mut().unwrap();
    let gone = features.remove(0)["properties"]["zone_id"].as_str().unwrap().to_owned();
    std::fs::write(workspace.path("groups.geojson"), groups.to_string()).unwrap();
    let ingest = ["ingest", "boundaries", "groups.geojson", "--level", "pug", "--code-field", "zone_id"];
    let _told = workspace.expect(&[0, 1], &ingest);
    let (soum, _) = gone.split_once('-').unwrap();
    let mut herds = "au2,pug,year,species,head\n".to_owned();
    for year in 2009..=2024 {
        // the second group sells its animals step by step, the third keeps them
        let falling = 40_000.0 * (-0.06 * f64::from((year - 2018).max(0))).exp() * (1.0 + 0.01 * f64::from(year % 3));
        writeln!(herds, "{soum},{soum}-2,{year},sheep,{falling:.0}").unwrap();
        writeln!(herds, "{soum},{soum}-3,{year},sheep,{}", 40_000 + 300 * (year % 3)).unwrap();
    }
    std::fs::write(workspace.path("herds.csv"), herds).unwrap();
    let _told = workspace.expect(&[0, 1], &["ingest", "table", "herds.csv", "--kind", "livestock"]);
    (workspace, soum.to_owned())
}

fn assess(workspace: &Workspace, out: &str, more: &[&str]) -> Vec<Row> {
    let arguments = [&["--quiet", "assess"], &PERIODS[..], &["-o", out], more].concat();
    let _ = workspace.run_within(300, &arguments).with(&[0, 1]);
    rows(&workspace.path(out).join("indicators.csv"))
}

fn of<'a>(rows: &'a [Row], level: &str, indicator: &str) -> Vec<&'a Row> {
    rows.iter().filter(|r| r["zone_level"] == level && r["indicator"] == indicator).collect()
}

#[test]
fn parts_agree_with_their_soum_and_groups_with_theirs() {
    let (workspace, soum) = country();
    let alone = assess(&workspace, "alone", &[]);
    let all = assess(&workspace, "levels", &["--level", "soum,pug,aimag,zone"]);
    // what is said of soums does not depend on other levels
    let soums: Vec<Row> = all.iter().filter(|r| r["zone_level"] == "soum").cloned().collect();
    assert!(alone == soums, "what is said of soums depends on other levels");
    assert!(!workspace.path("alone").join("zones.csv").exists());
    let levels: BTreeSet<&str> = all.iter().map(|r| r["zone_level"].as_str()).collect();
    assert_eq!(levels, ["aimag", "pug", "soum", "zone"].into());

    let zones = rows(&workspace.path("levels").join("zones.csv"));
    let rest = format!("{soum}-none");
    assert_eq!(of(&zones, "pug", "I1").iter().filter(|r| r["zone_id"].ends_with("-none")).count(), 1);
    for whole in of(&all, "soum", "I2") {
        let au2 = whole["au2"].as_str();
        let parts: Vec<&Row> = of(&zones, "pug", "I2").into_iter().filter(|r| r["au2"] == au2).collect();
        assert_eq!(parts.len(), 3, "{au2}");
        let share: f64 = parts.iter().map(|r| number(r, "area_share").unwrap()).sum();
        assert!((share - 1.0).abs() < 1e-9, "{au2}: {share}");
        let told: Option<Vec<(f64, f64)>> =
            parts.iter().map(|r| Some((number(r, "area_share")?, number(r, "effect")?))).collect();
        if let (Some(told), Some(effect)) = (told, number(whole, "effect")) {
            let mean: f64 = told.iter().map(|(a, e)| a * e).sum();
            assert!((mean - effect).abs() < 1e-6, "{au2}: {mean} {effect}");
        }
    }
    let few = of(&zones, "pug", "I2");
    let told = few.iter().filter(|r| r["release"] != "suppress").count();
    assert!(told > few.len() / 2, "{told} of {}", few.len());
    for row in few {
        let weight = number(row, "direct_weight").unwrap();
        assert!((0.0..=1.0).contains(&weight));
        let (cv, effect) = (number(row, "cv").unwrap(), number(row, "effect"));
        assert_eq!(row["release"] == "suppress", cv > 0.33, "{row:?}");
        assert_eq!(effect.is_none(), row["release"] == "suppress", "{row:?}");
        assert!(row["release"] != "suppress" || row["direct_value"].is_empty(), "{row:?}");
    }
    for whole in of(&all, "soum", "I1") {
        let parts: Vec<&Row> = of(&zones, "pug", "I1").into_iter().filter(|r| r["au2"] == whole["au2"]).collect();
        let mean: f64 = parts.iter().map(|r| number(r, "area_share").unwrap() * number(r, "effect").unwrap()).sum();
        let effect = number(whole, "effect").unwrap();
        assert!((mean - effect).abs() < 1.0, "{}: {mean} {effect}", whole["au2"]);
        let added: f64 = parts.iter().map(|r| number(r, "contribution").unwrap()).sum();
        assert!((added - (mean - effect)).abs() < 1e-9);
    }
    let losses = of(&all, "pug", "I5");
    assert!(losses.iter().all(|r| number(r, "effect").is_some()), "{losses:?}");
    assert!(losses.iter().any(|r| r["zone_id"] == rest));
    assert!(of(&all, "pug", "I4").is_empty());

    groups_are_means(&all, &workspace);
    herds_of_groups_count_alone(&all, &soum);
}

fn groups_are_means(all: &[Row], workspace: &Workspace) {
    let areas: BTreeMap<String, f64> = rows(&workspace.path("levels").join("soums.csv"))
        .iter()
        .map(|r| (r["au2"].clone(), number(r, "rangeland_area_ha").unwrap()))
        .collect();
    let soums = of(all, "soum", "I1");
    let whole: f64 = areas.values().sum();
    let mean: f64 = soums.iter().map(|r| areas[&r["au2"]] * number(r, "effect").unwrap()).sum::<f64>() / whole;
    let aimags = of(all, "aimag", "I1");
    let of_aimags: f64 = aimags.iter().map(|r| number(r, "effect").unwrap()).sum::<f64>() / aimags.len() as f64;
    if aimags.len() == 1 {
        // the mean of logs is not the log of the mean
        assert!((of_aimags - mean).abs() < 0.5, "{of_aimags} {mean}");
    }
    for row in aimags {
        assert!(row["au2"].is_empty() && !row["name_mn"].is_empty(), "{row:?}");
    }
    for row in of(all, "zone", "I1") {
        assert!(row["effect"].is_empty() && row["reasons"].contains("zone_years_taken_out"), "{row:?}");
        assert!(number(row, "raw_effect").is_some());
    }
    for row in of(all, "zone", "I3") {
        assert!(number(row, "ci90_low").unwrap() < number(row, "ci90_high").unwrap());
    }
}

fn herds_of_groups_count_alone(all: &[Row], soum: &str) {
    let of_group = |group: &str| {
        let rows = of(all, "pug", "I3");
        rows.into_iter().find(|r| r["zone_id"] == format!("{soum}-{group}")).unwrap().clone()
    };
    let (selling, keeping, rest) = (of_group("2"), of_group("3"), of_group("none"));
    assert!(number(&selling, "effect").unwrap() > 0.15, "{selling:?}");
    assert!(number(&keeping, "effect").unwrap().abs() < 0.02, "{keeping:?}");
    assert!(rest["reasons"].contains("no_livestock_series"), "{rest:?}");
}

#[test]
fn a_level_without_boundaries_is_told_and_a_group_outside_every_soum_too() {
    let workspace = Workspace::init();
    let soums = belcheer_tests::project().join("data-samples/soums.gpkg");
    let _told = workspace.expect(&[0, 1], &["ingest", "boundaries", soums.to_str().unwrap(), "--level", "soum"]);
    let group = serde_json::json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature", "properties": { "code": "far" },
        "geometry": { "type": "Polygon", "coordinates": [[[118.0, 47.0], [118.1, 47.0], [118.1, 47.1], [118.0, 47.1], [118.0, 47.0]]] },
    }] });
    std::fs::write(workspace.path("far.geojson"), group.to_string()).unwrap();
    let ingest = ["ingest", "boundaries", "far.geojson", "--level", "pug", "--code-field", "code"];
    let _told = workspace.expect(&[0, 1], &ingest);
    let all = assess(&workspace, "levels", &["--level", "soum,bag,pug"]);
    assert!(all.iter().all(|r| r["zone_level"] == "soum"));
    let codes: BTreeSet<String> =
        rows(&workspace.path("levels").join("findings.csv")).iter().map(|r| r["code"].clone()).collect();
    assert!(codes.contains("level_absent") && codes.contains("zone_without_soum"), "{codes:?}");
}
