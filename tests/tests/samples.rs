//! Maps held against samples: areas after Olofsson et al. 2014, means of zones by the difference estimator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::float_cmp, reason = "what a test expects")]

use std::collections::BTreeMap;
use std::fs;

use belcheer_tests::made::{Tiff, squares};
use belcheer_tests::{Workspace, number, rows};

const CLASSES: [&str; 4] = ["deforestation", "forest gain", "stable forest", "stable non-forest"];
/// Rows mapped, columns reference: Olofsson et al. 2014, table 8.
const MATRIX: [[usize; 4]; 4] = [[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]];

fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} expected {expected}");
}

/// The published sample and the mapped areas, pixels of 0.09 ha.
fn published(workspace: &Workspace) {
    let mut sample = "map_class,reference_class\n".to_owned();
    for (mapped, counts) in CLASSES.iter().zip(MATRIX) {
        for (reference, n) in CLASSES.iter().zip(counts) {
            sample.push_str(&format!("{mapped},{reference}\n").repeat(n));
        }
    }
    fs::write(workspace.path("sample.csv"), sample).unwrap();
    let areas = [18_000.0, 13_500.0, 288_000.0, 580_500.0];
    let table: String = CLASSES.iter().zip(areas).map(|(class, ha)| format!("{class},{ha}\n")).collect();
    fs::write(workspace.path("areas.csv"), format!("class,area_ha\n{table}")).unwrap();
}

#[test]
fn areas_of_the_published_example_are_estimated() {
    let workspace = Workspace::folder();
    published(&workspace);
    let told = workspace.run_within(60, &["area", "sample.csv", "--strata", "areas.csv", "-o", "out.csv"]).with(&[0]);
    assert!(told.findings("few_reference_samples").is_empty(), "75 samples of each: {}", told.stderr);
    let found = rows(&workspace.path("out.csv"));
    assert_eq!(found.iter().map(|r| r["class"].as_str()).collect::<Vec<_>>(), [&CLASSES[..], &["all"]].concat());
    // published: 21,158 ha +- 6,158; 11,686 +- 3,756; 285,770 +- 15,510; 581,386 +- 16,282 (95 %)
    let expected = [(21_158.0, 6_158.0), (11_686.0, 3_756.0), (285_770.0, 15_510.0), (581_386.0, 16_282.0)];
    for (row, (area, half_width)) in found.iter().zip(expected) {
        near(number(row, "area_ha").unwrap(), area, 0.5);
        near(1.96 * number(row, "se_ha").unwrap(), half_width, 0.5);
        let half = number(row, "ci90_high").unwrap() - number(row, "area_ha").unwrap();
        near(half / number(row, "se_ha").unwrap(), 1.644_854, 1e-5);
    }
    near(number(&found[0], "users_accuracy").unwrap(), 0.88, 0.005);
    near(number(&found[0], "producers_accuracy").unwrap(), 0.75, 0.005);
    near(1.96 * number(&found[0], "producers_accuracy_se").unwrap(), 0.21, 0.006);
    near(number(&found[4], "overall_accuracy").unwrap(), 0.95, 0.005);
    assert_eq!((number(&found[4], "n"), number(&found[4], "mapped_area_ha")), (Some(640.0), Some(900_000.0)));
}

#[test]
fn classes_without_area_and_with_few_samples_are_named() {
    let workspace = Workspace::folder();
    published(&workspace);
    let file = |name: &str, text: &str| fs::write(workspace.path(name), text).unwrap();
    file("lake.csv", "map_class,reference_class\nlake,lake\nlake,lake\nstable forest,stable forest\n");
    let told = workspace.run_within(60, &["area", "lake.csv", "--strata", "areas.csv"]).with(&[3]);
    assert!(told.stderr.contains("lake") && told.stderr.contains("areas.csv"), "{}", told.stderr);

    file(
        "own.csv",
        "ангилал;газар дээр\nбэлчээр;бэлчээр\nбэлчээр;тариалан\nбэлчээр;бэлчээр\nтариалан;тариалан\nтариалан;тариалан\n",
    );
    file("own_areas.csv", "ангилал;га\nбэлчээр;900\nтариалан;100\n");
    let columns = ["--map", "map_class=ангилал", "--map", "reference_class=газар дээр"];
    let told = workspace
        .run_within(60, &[&["area", "own.csv", "--strata", "own_areas.csv"], &columns[..], &["-o", "-"]].concat())
        .with(&[0]);
    assert_eq!(told.findings("few_reference_samples").len(), 2, "{}", told.stderr);
    let row = told.stdout.lines().find(|l| l.starts_with("бэлчээр,")).unwrap();
    // two of three samples of 900 ha are pasture
    near(row.split(',').nth(3).unwrap().parse().unwrap(), 600.0, 1e-9);

    file("one.csv", "map_class,reference_class\nбэлчээр,бэлчээр\nбэлчээр,бэлчээр\nтариалан,тариалан\n");
    let told = workspace.run_within(60, &["area", "one.csv", "--strata", "own_areas.csv"]).with(&[3]);
    assert!(told.stderr.contains("тариалан has 1"), "{}", told.stderr);
}

/// A map of 1 to 16 on cells of half a degree, two zones of four cells, and measured points.
fn map_with_points() -> Workspace {
    let workspace = Workspace::folder();
    fs::write(workspace.path("map.tif"), Tiff::sound().bytes()).unwrap();
    fs::write(workspace.path("zones.geojson"), squares(&[("west", 100.0), ("east", 101.0)])).unwrap();
    // mapped 9, 10, 13, 14 in the west, 11, 12, 15, 16 in the east
    let points = "lon,lat,biomass,soum\n\
                  100.25,46.75,12,a\n100.75,46.75,11,a\n100.25,46.25,16,b\n100.75,46.25,15,b\n\
                  101.25,46.75,11,c\n101.75,46.75,12.5,c\n101.25,46.25,15,d\n101.75,46.25,16.5,d\n\
                  100.25,47.75,3,a\n";
    fs::write(workspace.path("points.csv"), points).unwrap();
    workspace
}

fn estimated(workspace: &Workspace, more: &[&str]) -> (String, Vec<BTreeMap<String, String>>) {
    let command = ["model-assisted", "points.csv", "--map", "map.tif", "--zones", "zones.geojson", "--id", "soum_code"];
    let all = [&command[..], &["--value", "biomass", "-o", "out.csv"], more].concat();
    let told = workspace.run_within(60, &all).with(&[0]);
    (told.stderr, rows(&workspace.path("out.csv")))
}

#[test]
fn a_map_is_put_right_by_points_zone_by_zone() {
    let workspace = map_with_points();
    let (told, found) = estimated(&workspace, &[]);
    assert!(told.contains("[points_outside_zones]"), "{told}");
    let statistics = workspace.expect(
        &[0],
        &[
            "zonal-stats",
            "map.tif",
            "--zones",
            "zones.geojson",
            "--id",
            "soum_code",
            "--weights",
            "area",
            "--stats",
            "weighted_mean,weighted_count",
        ],
    );
    let numbers: Vec<Vec<f64>> =
        statistics.lines().skip(1).map(|l| l.split(',').skip(1).map(|cell| cell.parse().unwrap()).collect()).collect();
    assert_eq!(found.iter().map(|r| r["zone"].as_str()).collect::<Vec<_>>(), ["west", "east", "all"]);
    let value = |row: usize, column: &str| number(&found[row], column).unwrap();
    for (row, bias, variance) in [(0, 2.0, 4.0 / 3.0), (1, 0.25, 0.25 / 3.0)] {
        near(value(row, "map_mean"), numbers[row][0], 1e-9);
        near(value(row, "estimate"), numbers[row][0] + bias, 1e-9);
        near(value(row, "se"), f64::sqrt(variance / 4.0), 1e-9);
        // t of three degrees of freedom
        near((value(row, "ci90_high") - value(row, "estimate")) / value(row, "se"), 2.353_363, 1e-5);
        assert_eq!(value(row, "n"), 4.0);
    }
    near(value(0, "points_mean"), 13.5, 1e-9);
    near(value(0, "relative_efficiency"), (17.0 / 3.0) / (4.0 / 3.0), 1e-9);
    let share = numbers[0][1] / (numbers[0][1] + numbers[1][1]);
    near(value(2, "estimate"), share * value(0, "estimate") + (1.0 - share) * value(1, "estimate"), 1e-9);
    let error = (share * value(0, "se")).hypot((1.0 - share) * value(1, "se"));
    near(value(2, "se"), error, 1e-9);
    near(value(2, "area_ha"), (numbers[0][1] + numbers[1][1]) / 10_000.0, 1e-3);
}

#[test]
fn a_map_trained_on_its_points_is_judged_without_their_soum() {
    let workspace = map_with_points();
    let (_, plain) = estimated(&workspace, &[]);
    let (_, found) = estimated(&workspace, &["--group", "soum"]);
    let of = |rows: &[BTreeMap<String, String>], column: &str| number(&rows[2], column).unwrap();
    assert_eq!(of(&plain, "predicted_mean"), of(&plain, "map_mean"));
    assert!((of(&found, "predicted_mean") - of(&found, "map_mean")).abs() > 0.1, "{found:?}");
    assert!(of(&found, "se") != of(&plain, "se"));
    let same: String = fs::read_to_string(workspace.path("points.csv"))
        .unwrap()
        .lines()
        .enumerate()
        .map(|(n, l)| if n == 0 { format!("{l}\n") } else { format!("{},a\n", l.rsplit_once(',').unwrap().0) })
        .collect();
    fs::write(workspace.path("points.csv"), same).unwrap();
    let command = ["model-assisted", "points.csv", "--map", "map.tif", "--zones", "zones.geojson", "--id", "soum_code"];
    let refused =
        workspace.run_within(60, &[&command[..], &["--value", "biomass", "--group", "soum"]].concat()).with(&[3]);
    assert!(refused.stderr.contains("points.csv") && refused.stderr.contains("--group"), "{}", refused.stderr);
}

#[test]
fn points_beside_the_map_and_zones_without_points_are_told() {
    let workspace = map_with_points();
    fs::write(workspace.path("zones.geojson"), squares(&[("west", 100.0), ("rim", 101.5), ("far", 110.0)])).unwrap();
    let points = fs::read_to_string(workspace.path("points.csv")).unwrap();
    fs::write(workspace.path("points.csv"), format!("{points}102.25,46.5,9,e\n")).unwrap();
    let (told, found) = estimated(&workspace, &[]);
    assert!(told.contains("[points_without_map_value]") && told.contains("[few_points_in_zone]"), "{told}");
    let far = found.iter().find(|r| r["zone"] == "far").unwrap();
    assert_eq!((number(far, "n"), number(far, "estimate")), (Some(0.0), None));
    let missing = workspace
        .run_within(
            60,
            &["model-assisted", "points.csv", "--map", "map.tif", "--zones", "zones.geojson", "--id", "soum_code"],
        )
        .with(&[3]);
    assert!(missing.stderr.contains("value") && missing.stderr.contains("points.csv"), "{}", missing.stderr);
}
