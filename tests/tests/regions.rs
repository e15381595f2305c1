//! Means and trends of many zones in one pass.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that finds something missing has failed"
)]

use std::collections::BTreeMap;

use belcheer_tests::Workspace;

/// A small country with all its levels.
fn country() -> Workspace {
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let arguments = ["sample", ws.to_str().unwrap(), "--resolution", "0.01", "--soums", "9", "--quiet"];
    let made = workspace.run(&arguments);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    workspace
}

/// A second workspace beside it that holds soums and vegetation alone.
fn bare(workspace: &Workspace, years: std::ops::RangeInclusive<i32>) -> String {
    let bare = workspace.path("bare").to_str().unwrap().to_owned();
    let source = workspace.path("ws/source");
    let source = source.to_str().unwrap();
    let soums = format!("{source}/soums.gpkg");
    let _said = workspace.expect(&[0], &["--quiet", "--workspace", &bare, "init", &bare]);
    let _said = workspace
        .expect(&[0, 1], &["--quiet", "--workspace", &bare, "ingest", "boundaries", &soums, "--level", "soum"]);
    add_years(workspace, &bare, years);
    bare
}

fn add_years(workspace: &Workspace, bare: &str, years: std::ops::RangeInclusive<i32>) {
    let files: Vec<String> = years
        .map(|year| workspace.path(&format!("ws/source/ndvi_peak_{year}.tif")).to_str().unwrap().to_owned())
        .collect();
    let mut arguments = vec!["--quiet", "--workspace", bare, "ingest", "raster"];
    arguments.extend(files.iter().map(String::as_str));
    let _said = workspace.expect(&[0, 1], &arguments);
}

type Row = BTreeMap<String, String>;

fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap()
}

#[test]
fn levels_add_up_to_the_country_and_a_plan_repeats_a_run() {
    let workspace = country();
    let plan = workspace.path("plan.toml").to_str().unwrap().to_owned();
    let out = workspace.path("regions.csv").to_str().unwrap().to_owned();
    let map = workspace.path("regions.gpkg").to_str().unwrap().to_owned();
    let levels = "soum,aimag,bag,pug,zone";
    let _said = workspace.expect(
        &[0],
        &[
            "--quiet",
            "regions",
            "--years",
            "2001..2006",
            "--level",
            levels,
            "--trend",
            "--years-min",
            "4",
            "-o",
            &out,
            "--write-plan",
            &plan,
            "--map",
            &map,
        ],
    );
    let text = std::fs::read_to_string(&out).unwrap();
    let table = rows(&text);
    let sum = |level: &str, year: &str, column: &str| -> f64 {
        let of = table.iter().filter(|r| r["level"] == level && r["measure"] == "vegetation" && r["year"] == year);
        of.map(|r| number(r, "area_ha") * if column == "mean" { number(r, "mean") } else { 1.0 }).sum()
    };
    for year in ["2001", "2004", "2006"] {
        for level in ["aimag", "bag", "pug", "zone"] {
            for column in ["area_ha", "mean"] {
                let (parts, whole) = (sum(level, year, column), sum("soum", year, column));
                assert!((parts / whole - 1.0).abs() < 1e-9, "{level} {year} {column}: {parts} {whole}");
            }
        }
    }
    let zones = |level: &str| table.iter().filter(|r| r["level"] == level && r["year"] == "2001").count();
    assert_eq!((zones("soum"), zones("bag"), zones("pug")), (9, 18, 27));

    let told = std::fs::read_to_string(format!("{out}-metadata.json")).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let names: Vec<&str> =
        told["tableSchema"]["columns"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names.join(","), text.lines().next().unwrap());
    assert!(std::fs::read(&map).unwrap().starts_with(b"SQLite format 3"));

    let again = workspace.path("again.csv").to_str().unwrap().to_owned();
    let _said = workspace.expect(&[0], &["--quiet", "--threads", "1", "regions", "--plan", &plan, "-o", &again]);
    assert_eq!(std::fs::read_to_string(&again).unwrap(), text);
}

#[test]
fn means_are_those_of_zonal_statistics_by_area() {
    let workspace = country();
    let bare = bare(&workspace, 2001..=2002);
    let text =
        workspace.expect(&[0], &["--quiet", "--workspace", &bare, "regions", "--years", "2001..2002", "-o", "-"]);
    let of = |path: &str| workspace.path(path).to_str().unwrap().to_owned();
    let (raster, zones) = (of("ws/source/ndvi_peak_2002.tif"), of("ws/source/soums.gpkg"));
    let statistics = workspace.expect(
        &[0, 1],
        &[
            "--quiet",
            "zonal-stats",
            &raster,
            "--zones",
            &zones,
            "--id",
            "au2",
            "--stats",
            "weighted_mean",
            "--weights",
            "area",
            "-o",
            "-",
        ],
    );
    let expected: BTreeMap<String, f64> =
        rows(&statistics).iter().map(|r| (r["id"].clone(), number(r, "weighted_mean"))).collect();
    let found = rows(&text);
    let year: Vec<&Row> = found.iter().filter(|r| r["year"] == "2002").collect();
    assert_eq!((year.len(), expected.len()), (9, 9));
    for row in year {
        let (ours, theirs) = (number(row, "mean"), expected[&row["zone_id"]]);
        assert!((ours / theirs - 1.0).abs() < 1e-12, "{}: {ours} {theirs}", row["zone_id"]);
        assert!(number(row, "coverage") > 0.97 && number(row, "coverage") < 1.0);
    }
}

#[test]
fn a_level_without_boundaries_is_told_and_memory_is_asked_before() {
    let workspace = country();
    let bare = bare(&workspace, 2001..=2003);
    let call = |more: &[&str]| {
        let mut arguments = vec!["--workspace", &bare, "regions", "--years", "2001..2024", "-o", "-"];
        arguments.extend(more);
        workspace.run(&arguments)
    };
    let ended = call(&["--level", "soum,pug"]);
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("level_absent") && said.contains("ingest boundaries"), "{said}");
    assert!(String::from_utf8_lossy(&ended.stdout).lines().count() == 1 + 9 * 3);

    let ended = call(&["--memory", "10"]);
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(3), "{said}");
    assert!(said.contains("MiB") && said.contains("--threads"), "{said}");

    // means take the new year alone, slopes all years, and the plan says so
    let _sums = call(&["--trend", "--years-min", "3"]);
    add_years(&workspace, &bare, 2004..=2004);
    let plan = |more: &[&str]| -> serde_json::Value {
        let ended = call(&[&["--resume", "--dry-run"], more].concat());
        serde_json::from_slice(&ended.stdout).unwrap_or_else(|e| panic!("{e}: {ended:?}"))
    };
    let (means, slopes) = (plan(&[]), plan(&["--trend", "--years-min", "3"]));
    assert_eq!(
        (&means["blocks"]["all_years_again"], &slopes["blocks"]["all_years_again"]),
        (&false.into(), &true.into())
    );
    let cells = |plan: &serde_json::Value| plan["blocks"]["cells"].as_u64().unwrap();
    assert_eq!(cells(&slopes), 4 * cells(&means));
}
