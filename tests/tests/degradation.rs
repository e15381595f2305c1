//! `belcheer degradation` and `belcheer composite`: from rasters to classes, areas and an annual metric.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "what a test expects and tells")]

use std::collections::BTreeMap;

use belcheer_tests::{Workspace, made, number, project, rows, shared};

const YEARS: i32 = 20;
/// The cell whose index falls.
const FALLING: usize = 9;
/// The cell that was grass and is ploughed.
const PLOUGHED: usize = 8;
/// The cell that is water.
const WATER: usize = 15;
/// The cell with a land-cover code that no legend lists.
const STRANGE: usize = 0;

fn write(workspace: &Workspace, name: &str, cells: Vec<u8>) -> String {
    let raster = made::Tiff { cells, ..made::Tiff::sound() };
    std::fs::write(workspace.path(name), raster.bytes()).unwrap();
    name.to_owned()
}

/// Twenty years of an index in hundredths that rises everywhere but in one cell, and two land covers.
fn write_country(workspace: &Workspace) -> Vec<String> {
    let year = |t: i32| {
        let cells = (0..16).map(|cell| if cell == FALLING { 60 - t as u8 } else { 30 + t as u8 }).collect();
        write(workspace, &format!("vi{t:02}.tif"), cells)
    };
    let cover = |changed: &[(usize, u8)]| {
        let mut cells = vec![2; 16];
        changed.iter().for_each(|(cell, code)| cells[*cell] = *code);
        cells
    };
    let _first = write(workspace, "before.tif", cover(&[(WATER, 7), (STRANGE, 99)]));
    let _last = write(workspace, "after.tif", cover(&[(WATER, 7), (STRANGE, 99), (PLOUGHED, 3)]));
    std::fs::write(workspace.path("zones.geojson"), made::squares(&[("6401", 100.0)])).unwrap();
    (0..YEARS).map(year).collect()
}

fn degradation<'a>(years: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    let start = ["degradation", "--years", "2001..2020", "--landcover", "before.tif", "after.tif", "--legend", "unccd"];
    start.into_iter().chain(more.iter().copied()).chain(["--vi"]).chain(years.iter().map(String::as_str)).collect()
}

type Areas = BTreeMap<(String, String, String), f64>;

fn areas(workspace: &Workspace, folder: &str) -> Areas {
    let rows = rows(&workspace.path(folder).join("areas.csv"));
    let of = |row: BTreeMap<String, String>| {
        let key = (row["zone"].clone(), row["layer"].clone(), row["class"].clone());
        (key, number(&row, "area_ha").unwrap())
    };
    rows.into_iter().map(of).collect()
}

/// Areas of a layer by class: degraded, stable, improved, unknown.
fn classes(areas: &Areas, zone: &str, layer: &str) -> [f64; 4] {
    ["degraded", "stable", "improved", "unknown"]
        .map(|class| areas[&(zone.to_owned(), layer.to_owned(), class.to_owned())])
}

#[test]
fn classes_and_areas_of_a_small_country_in_both_modes() {
    let workspace = Workspace::folder();
    let years = write_country(&workspace);
    for (mode, folder) in [("gpg", "gpg"), ("trends-earth", "te")] {
        let more = ["--scale", "0.01", "--mode", mode, "--zones", "zones.geojson", "--id", "soum_code", "-o", folder];
        let told = workspace.run(&degradation(&years, &more));
        assert_eq!(told.status.code(), Some(0), "{told:?}");
        assert!(String::from_utf8_lossy(&told.stderr).contains("land_cover_outside_legend"), "{told:?}");
        let found = areas(&workspace, folder);
        // the zone is the four cells 8, 9, 12 and 13 of rows 2 and 3; cells of a row are equal
        let zone = |layer| classes(&found, "6401", layer);
        let upper = zone("land_cover")[2];
        assert!(upper > 200_000.0);
        let [degraded, stable, improved, unknown] = zone("sdg_15_3_1");
        assert_eq!((stable, unknown), (0.0, 0.0), "{mode}");
        assert!((degraded - upper).abs() < 1e-6 * upper, "{mode}: one falling cell of the upper row");
        assert!(improved > 2.9 * upper);
        // ploughing is degradation by the pastoral matrix
        assert!((zone("sdg_15_3_1_other_matrix")[0] - 2.0 * upper).abs() < 1e-6 * upper, "{mode}");
        assert_eq!(zone("trend")[0], degraded);
        // parts add up: classes to land, zones and the rest to all
        for layer in ["trend", "state", "performance", "productivity", "land_cover", "sdg_15_3_1"] {
            let sum = |zone: &str| classes(&found, zone, layer).iter().sum::<f64>();
            assert!((sum("6401") + sum("(outside)") - sum("(all)")).abs() < 1e-6 * upper, "{layer}");
            assert!((sum("(all)") - classes(&found, "(all)", "trend").iter().sum::<f64>()).abs() < 1e-6, "{layer}");
        }
        let water = found[&("(all)".to_owned(), "water".to_owned(), "water".to_owned())];
        assert!(water > 200_000.0);
        assert!(classes(&found, "(all)", "sdg_15_3_1")[3] > 200_000.0, "the cell outside the legend is unknown");
        let text = std::fs::read_to_string(workspace.path(folder).join("summary.json")).unwrap();
        let summary: serde_json::Value = serde_json::from_str(&text).unwrap();
        let whole = summary["areas"].as_array().unwrap().iter().find(|area| area["zone"] == "(all)").unwrap();
        let told = whole["layers"]["sdg_15_3_1"]["degraded_ha"].as_f64().unwrap();
        assert!((told - classes(&found, "(all)", "sdg_15_3_1")[0]).abs() < 1e-6);
        for layer in ["trend", "sdg_15_3_1", "sdg_15_3_1_other_matrix"] {
            for ending in ["tif", "tif.aux.xml", "qml", "sld"] {
                assert!(workspace.path(folder).join(format!("{layer}.{ending}")).is_file(), "{layer}.{ending}");
            }
        }
        assert_eq!(workspace.path(folder).join("productivity_5class.tif").exists(), mode == "trends-earth");
    }
}

#[test]
fn status_compares_with_the_indicator_of_another_run() {
    let workspace = Workspace::folder();
    let years = write_country(&workspace);
    let _first = workspace.expect(&[0], &degradation(&years, &["--scale", "0.01", "-o", "first"]));
    let again = ["--scale", "0.01", "--baseline", "first/sdg_15_3_1.tif", "-o", "second"];
    let _second = workspace.expect(&[0], &degradation(&years, &again));
    let means = ["--quiet", "zonal-stats", "second/status_7class.tif", "--zones", "zones.geojson", "--id", "soum_code"];
    let text = workspace.expect(&[0], &[&means[..], &["--stats", "min,max"]].concat());
    // degraded in both is 1, improved in both 7
    assert!(text.lines().nth(1).is_some_and(|line| line.ends_with("1,7") || line.ends_with("1.0,7.0")), "{text}");
}

#[test]
fn threads_change_no_byte() {
    let workspace = Workspace::folder();
    let years = write_country(&workspace);
    for (threads, folder) in [("1", "one"), ("2", "two")] {
        let more = ["--threads", threads, "--scale", "0.01", "--soc", "before.tif", "-o", folder];
        let _nothing = workspace.expect(&[0], &degradation(&years, &more));
    }
    for file in ["sdg_15_3_1.tif", "soil_organic_carbon.tif", "areas.csv", "summary.json"] {
        let read = |folder: &str| std::fs::read(workspace.path(folder).join(file)).unwrap();
        assert!(read("one") == read("two"), "{file}");
    }
}

#[test]
fn what_cannot_be_judged_is_refused_or_told() {
    let workspace = Workspace::folder();
    let years = write_country(&workspace);
    let refused = |more: &[&str], code: i32, names: &str| {
        let told = workspace.run(&degradation(&years, more));
        let text = String::from_utf8_lossy(&told.stderr).into_owned();
        assert_eq!(told.status.code(), Some(code), "{text}");
        assert!(text.contains(names), "{names} in {text}");
    };
    refused(&["-o", "out"], 3, "--scale");
    refused(&["--scale", "0.01", "--lut", "gpg_v9", "-o", "out"], 3, "gpg_v1");
    refused(&["--scale", "0.01", "--water", "after.tif#2", "-o", "out"], 3, "no band 2");
    // hundredths taken for whole numbers are no index
    refused(&["--scale", "1", "-o", "out"], 0, "index_out_of_range");
    let told = workspace.run(&degradation(&years[..19], &["--scale", "0.01", "-o", "out2"]));
    assert_eq!(told.status.code(), Some(3), "{told:?}");
    // state cannot be known from few years: an error among the findings, not a class
    let mut few = degradation(&years[..10], &["--scale", "0.01", "-o", "few"]);
    few[2] = "2001..2010";
    assert!(workspace.run(&few).status.code() == Some(1));
    assert_eq!(classes(&areas(&workspace, "few"), "(all)", "state")[..3], [0.0; 3]);
    let plan = workspace.expect(&[0], &degradation(&years, &["--scale", "0.01", "--dry-run", "-o", "plan"]));
    assert!(plan.contains("20 years") && plan.contains("memory about"), "{plan}");
    assert!(!workspace.path("plan").exists());
}

#[test]
fn weather_is_taken_out_where_there_is_precipitation() {
    let workspace = Workspace::folder();
    // rain rises in half of the years' span as a wave with a rise; the index follows it in every cell but the falling one
    let rain = |t: i32| 40 + 3 * t + 11 * (t * 7 % 5);
    let years: Vec<String> = (0..YEARS)
        .map(|t| {
            let index = |cell: usize| if cell == FALLING { 90 - t + t * 7 % 5 } else { rain(t) / 2 };
            write(&workspace, &format!("vi{t:02}.tif"), (0..16).map(|cell| index(cell) as u8).collect())
        })
        .collect();
    let _cover = write(&workspace, "before.tif", vec![2; 16]);
    let _cover = write(&workspace, "after.tif", vec![2; 16]);
    std::fs::write(workspace.path("zones.geojson"), made::squares(&[("6401", 100.0)])).unwrap();
    // precipitation has cells of a degree and ends one degree south of the index' northern edge
    let wet: Vec<String> = (0..YEARS)
        .map(|t| {
            let name = format!("rain{t:02}.tif");
            let raster = made::Tiff {
                width: 2,
                height: 1,
                cell: 1.0,
                corner: [100.0, 47.0],
                cells: vec![rain(t) as u8; 2],
                ..made::Tiff::sound()
            };
            std::fs::write(workspace.path(&name), raster.bytes()).unwrap();
            name
        })
        .collect();
    let raw = ["--scale", "0.005", "--zones", "zones.geojson", "--id", "soum_code", "-o", "raw"];
    let _raw = workspace.expect(&[0], &degradation(&years, &raw));
    assert!(classes(&areas(&workspace, "raw"), "(all)", "trend")[2] > 0.0, "rain makes the index rise");
    let mut more = vec!["--scale", "0.005", "--zones", "zones.geojson", "--id", "soum_code", "-o", "dry"];
    more.push("--precipitation");
    more.extend(wet.iter().map(String::as_str));
    let told = workspace.run(&degradation(&years, &more));
    let text = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(told.status.code(), Some(0), "{text}");
    let found = areas(&workspace, "dry");
    let climate = |zone: &str, way: &str| found[&(zone.to_owned(), "climate_adjustment".to_owned(), way.to_owned())];
    // the two northern rows have no precipitation; of the southern ones the falling cell follows no rain
    assert!(climate("(all)", "no_precipitation") > 0.4 * climate("(all)", "adjusted"));
    assert!(climate("(all)", "adjusted") > 0.0 && climate("(all)", "relation_does_not_hold") > 0.0);
    let sum: f64 = ["adjusted", "relation_does_not_hold", "no_precipitation"].iter().map(|w| climate("(all)", w)).sum();
    assert!((sum - classes(&found, "(all)", "trend").iter().sum::<f64>()).abs() < 1e-6 * sum);
    let [degraded, stable, improved, _] = classes(&found, "(all)", "trend");
    assert!(
        stable > 0.0 && improved > 0.0 && degraded > 0.0,
        "adjusted cells are stable, the northern ones still rise"
    );
    assert!((stable - climate("(all)", "adjusted")).abs() < 1e-6 * stable);
    assert!(text.contains("climate_adjustment_lost"), "{text}");
    let rasters = workspace.path("dry");
    assert!(rasters.join("climate_adjustment.tif").is_file() && rasters.join("climate_adjustment.qml").is_file());
    // Trends.Earth's own way has no such step
    let mut refused = degradation(&years, &more);
    refused.insert(1, "--mode");
    refused.insert(2, "trends-earth");
    let told = workspace.run(&refused);
    assert_eq!(told.status.code(), Some(3), "{told:?}");
}

#[test]
fn a_step_at_a_change_of_sensor_is_told() {
    let workspace = Workspace::folder();
    let years: Vec<String> = (0..YEARS)
        .map(|t| {
            // 2003 to 2022: all cells fall by a third in 2022's place of the list, 2020 here
            let step = if t >= 17 { 20 } else { 60 };
            write(&workspace, &format!("vi{t:02}.tif"), vec![(step + t * 7 % 5) as u8; 16])
        })
        .collect();
    let _cover = write(&workspace, "before.tif", vec![2; 16]);
    let _cover = write(&workspace, "after.tif", vec![2; 16]);
    for (mode, span, at) in [("gpg", "2003..2022", "2020"), ("trends-earth", "2005..2024", "2022")] {
        let mut run = degradation(&years, &["--scale", "0.01", "--mode", mode, "-o", mode]);
        run[2] = span;
        let told = workspace.run(&run);
        let text = String::from_utf8_lossy(&told.stderr).into_owned();
        assert!(text.contains("sensor_break_suspected") && text.contains(at), "{mode}: {text}");
    }
    let even: Vec<String> =
        (0..YEARS).map(|t| write(&workspace, &format!("even{t:02}.tif"), vec![(50 + t * 7 % 5) as u8; 16])).collect();
    let mut run = degradation(&even, &["--scale", "0.01", "-o", "even"]);
    run[2] = "2005..2024";
    let told = workspace.run(&run);
    assert!(!String::from_utf8_lossy(&told.stderr).contains("sensor_break_suspected"), "{told:?}");
}

#[test]
fn stacks_that_do_not_fit_together_are_refused() {
    let workspace = Workspace::folder();
    let years = write_country(&workspace);
    let refused = |names: &str| {
        let told = workspace.run(&degradation(&years, &["--scale", "0.01", "-o", "out"]));
        let text = String::from_utf8_lossy(&told.stderr).into_owned();
        assert_eq!(told.status.code(), Some(3), "{text}");
        assert!(text.contains(names), "{names} in {text}");
        assert!(!workspace.path("out").exists());
    };
    let spoil = |raster: made::Tiff| std::fs::write(workspace.path("vi07.tif"), raster.bytes()).unwrap();
    spoil(made::Tiff { corner: [100.25, 48.0], ..made::Tiff::sound() });
    refused("position");
    spoil(made::Tiff { cell: 0.25, ..made::Tiff::sound() });
    refused("cell size");
    spoil(made::Tiff { epsg: 4284, ..made::Tiff::sound() });
    refused("coordinate system");
    // years: one too few, and none told by the files
    let told = workspace.run(&degradation(&years[1..], &["--scale", "0.01", "-o", "out"]));
    assert_eq!(told.status.code(), Some(3), "{told:?}");
    // a matrix of the caller that is no matrix
    let _good = write_country(&workspace);
    std::fs::write(workspace.path("mine.toml"), "id = \"mine\"\nversion = \"1\"\nsource = \"a letter\"\n").unwrap();
    let told = workspace.run(&degradation(&years, &["--scale", "0.01", "--matrix", "mine.toml", "-o", "out"]));
    assert_eq!(told.status.code(), Some(3), "{told:?}");
    assert!(String::from_utf8_lossy(&told.stderr).contains("meaning"), "{told:?}");
}

/// A granule of Sentinel-2 whose index is `(nir - red) / (nir + red)` where the scene class is 4.
fn granule(workspace: &Workspace, day: &str, nir: u8, scene: u8) -> String {
    let name = |part: &str| format!("S2A_2023{day}T040000_N0300_{part}.tif");
    let mut scenes = vec![4; 16];
    scenes[8] = scene;
    let parts = [("B04", vec![50; 16]), ("B8A", vec![nir; 16]), ("SCL", scenes)];
    parts.map(|(part, cells)| write(workspace, &name(part), cells)).join(",")
}

#[test]
fn the_peak_is_the_largest_index_without_clouds() {
    let workspace = Workspace::folder();
    std::fs::write(workspace.path("zones.geojson"), made::squares(&[("6401", 100.0)])).unwrap();
    // indices 0.5, 0.6, 0.5 and, in May, 0.7; one cell is clouded on the best day
    let granules = [("0715", 150, 4), ("0801", 200, 9), ("0820", 150, 4), ("0510", 250, 4)]
        .map(|(day, nir, scene)| granule(&workspace, day, nir, scene));
    let start: Vec<&str> = ["composite"].into_iter().chain(granules.iter().map(String::as_str)).collect();
    let peak = ["--sensor", "sentinel2", "--season", "peak", "--year", "2023", "-o", "peak.tif"];
    let told = workspace.run(&[&start[..], &peak].concat());
    let text = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(told.status.code(), Some(0), "{text}");
    assert!(text.contains("granules_outside_season") && text.contains("composites_without_granule"), "{text}");
    let zones = ["--quiet", "zonal-stats", "peak.tif", "--zones", "zones.geojson", "--id", "soum_code"];
    let _table = workspace.expect(&[0], &[&zones[..], &["--stats", "min,max", "-o", "found.csv"]].concat());
    let found = rows(&workspace.path("found.csv"));
    let of = |row: usize| (number(&found[row], "min").unwrap(), number(&found[row], "max").unwrap());
    let ((least, largest), counts) = (of(0), of(1));
    assert!((least - 0.5).abs() < 1e-6 && (largest - 0.6).abs() < 1e-6, "{least} {largest}");
    assert_eq!(counts, (2.0, 3.0));
    // without the processing baseline nobody knows whether 1000 was added
    let unknown = granules[0].replace("_N0300_", "_");
    for (from, to) in granules[0].split(',').zip(unknown.split(',')) {
        std::fs::copy(workspace.path(from), workspace.path(to)).unwrap();
    }
    let told = workspace.run(&[&["composite", unknown.as_str()][..], &peak].concat());
    assert_eq!(told.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&told.stderr).contains("--processing-baseline"), "{told:?}");
}

#[test]
fn a_year_that_is_given_twice_is_refused() {
    let workspace = Workspace::folder();
    let samples = project().join("data-samples");
    let mut run: Vec<String> =
        ["degradation", "--years", "2001..2020", "--legend", "unccd", "-o", "out"].map(str::to_owned).into();
    run.push("--landcover".to_owned());
    run.extend([2001, 2020].map(|year| samples.join(format!("unccd_landcover_{year}.tif")).display().to_string()));
    run.push("--vi".to_owned());
    run.extend((2001..=2020).map(|year| samples.join(format!("ndvi_peak_{year}.tif")).display().to_string()));
    std::fs::copy(samples.join("ndvi_peak_2007.tif"), workspace.path("again.tif")).unwrap();
    run.push("again.tif".to_owned());
    let told = workspace.run(&run.iter().map(String::as_str).collect::<Vec<_>>());
    let text = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(told.status.code(), Some(3), "{text}");
    assert!(text.contains("2007") && text.contains("again.tif"), "{text}");
    // without the copy it runs; with a year less it is refused, too
    let _copy = run.pop();
    let told = workspace.run(&run.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(matches!(told.status.code(), Some(0 | 1)), "{told:?}");
    let _last = run.pop();
    let told = workspace.run(&run.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(String::from_utf8_lossy(&told.stderr).contains("2020"), "{told:?}");
}

#[test]
fn a_season_of_weather_from_months() {
    let workspace = Workspace::folder();
    std::fs::write(workspace.path("zones.geojson"), made::squares(&[("6401", 100.0)])).unwrap();
    let months: Vec<String> = [(4, 9), (5, 20), (6, 40), (7, 70), (8, 50), (9, 9)]
        .map(|(month, rain)| write(&workspace, &format!("rain_2023{month:02}.tif"), vec![rain; 16]))
        .into();
    let start: Vec<&str> = ["composite"].into_iter().chain(months.iter().map(String::as_str)).collect();
    let season = ["--sensor", "weather", "--season", "total_may_aug", "--year", "2023", "-o", "season.tif"];
    let _told = workspace.expect(&[0], &[&start[..], &season].concat());
    let zones = ["--quiet", "zonal-stats", "season.tif", "--zones", "zones.geojson", "--id", "soum_code"];
    let _table = workspace.expect(&[0], &[&zones[..], &["--stats", "mean", "-o", "found.csv"]].concat());
    assert_eq!(number(&rows(&workspace.path("found.csv"))[0], "mean"), Some(180.0));
    let told = workspace.run(&[&start[..3], &season].concat());
    assert_eq!(told.status.code(), Some(3), "{told:?}");
    assert!(String::from_utf8_lossy(&told.stderr).contains("6, 7, 8"), "{told:?}");
    let told = workspace
        .run(&[&start[..], &["--sensor", "weather", "--season", "peak", "--year", "2023", "-o", "x.tif"]].concat());
    assert_eq!(told.status.code(), Some(2), "{told:?}");
}

#[test]
fn a_layer_of_a_granule_is_read_by_its_name() {
    let other = shared().map(|shared| shared.join("data/rasters/other/rioxarray"));
    let Some(granule) = other.map(|f| f.join("MOD09GA.A2008296.h14v17.006.2015181011753.hdf")).filter(|f| f.is_file())
    else {
        println!("skipped: no shared data");
        return;
    };
    let workspace = Workspace::init();
    let file = granule.to_str().unwrap();
    let told = workspace.run(&["ingest", "raster", file]);
    let text = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(told.status.code(), Some(3), "{text}");
    if text.contains("no driver HDF4") {
        println!("skipped: the system's GDAL has no HDF4");
        return;
    }
    assert!(text.contains("state_1km_1") && text.contains("--layer"), "{text}");
    let named = workspace.run(&[
        "ingest",
        "raster",
        file,
        "--layer",
        "state_1km_1",
        "--product",
        "quality",
        "--date",
        "2008-10-22",
    ]);
    assert!(matches!(named.status.code(), Some(0 | 1)), "{named:?}");
    let unknown = workspace.run(&["ingest", "raster", file, "--layer", "nothing"]);
    assert_eq!(unknown.status.code(), Some(3), "{unknown:?}");
}
