//! `zonal-stats` from outside: golden tables, traps that other programs fall into, and what must not change a byte.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test expects")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use belcheer_tests::{Workspace, number, shared};

/// The statistics of the golden tables.
const STATS: &str = "mean,sum,count,stdev,median,min,max";

type Rows = Vec<BTreeMap<String, String>>;

fn rows_of(text: &str) -> Rows {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path of text").to_owned()
}

/// Runs `zonal-stats`; gives its table and what it said.
fn zonal_stats(folder: &Workspace, raster: &Path, zones: &Path, id: &str, threads: &str) -> (i32, String, String) {
    let (raster, zones) = (text(raster), text(zones));
    let arguments = ["--threads", threads, "zonal-stats", &raster, "--zones", &zones, "--id", id, "--stats", STATS];
    let done = folder.run(&arguments);
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.code().unwrap_or(-1), words(&done.stdout), words(&done.stderr))
}

fn traps() -> Option<PathBuf> {
    shared().map(|shared| shared.join("cases/traps")).filter(|folder| folder.is_dir())
}

fn assert_close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-300), "{what}: {found}, not {expected}");
}

#[test]
fn the_golden_table_is_met() {
    let Some(traps) = traps() else { return };
    let folder = Workspace::folder();
    let (code, table, said) = zonal_stats(&folder, &traps.join("ndvi.tif"), &traps.join("soums.geojson"), "id", "2");
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("converted first"), "{said}");
    let golden = belcheer_tests::rows(&traps.join("../w1_golden/small_exactextract.csv"));
    let found = rows_of(&table);
    assert_eq!((found.len(), golden.len()), (60, 60));
    for (found, golden) in found.iter().zip(&golden) {
        // the column named, not the number of the row
        assert_eq!(found["id"], golden["id"]);
        for column in ["mean", "sum", "count", "stdev", "min", "max"] {
            let (ours, theirs) = (number(found, column).unwrap(), number(golden, column).unwrap());
            assert_close(ours, theirs, 1e-9, &format!("{column} of {}", found["id"]));
        }
        // theirs is cut to the raster's type
        assert_eq!(number(found, "median").unwrap().floor(), number(golden, "median").unwrap(), "{found:?}");
    }
    let medians: f64 = found.iter().filter_map(|row| number(row, "median")).sum();
    let cut: f64 = golden.iter().filter_map(|row| number(row, "median")).sum();
    assert!(medians > cut, "no median was between two whole numbers");
}

#[test]
fn a_scale_tag_scales_values_and_leaves_nodata_out() {
    let Some(traps) = traps() else { return };
    let folder = Workspace::folder();
    let zones = traps.join("soums.geojson");
    let (_, plain, _) = zonal_stats(&folder, &traps.join("ndvi.tif"), &zones, "id", "2");
    let (code, scaled, said) = zonal_stats(&folder, &traps.join("ndvi_scaled.tif"), &zones, "id", "2");
    assert_eq!(code, 0, "{said}");
    for (plain, scaled) in rows_of(&plain).iter().zip(&rows_of(&scaled)) {
        assert_eq!(plain["count"], scaled["count"]);
        for column in ["mean", "sum", "stdev", "median", "min", "max"] {
            assert_close(number(scaled, column).unwrap(), number(plain, column).unwrap() * 1e-4, 1e-12, column);
        }
    }
}

/// Squares as GeoJSON: identifier, west, south, side.
fn squares(path: &Path, squares: &[(&str, f64, f64, f64)]) {
    let feature = |(id, west, south, side): &(&str, f64, f64, f64)| {
        let (east, north) = (west + side, south + side);
        let ring = [[*west, *south], [east, *south], [east, north], [*west, north], [*west, *south]];
        serde_json::json!({"type": "Feature", "properties": {"name": id},
            "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    let features: Vec<_> = squares.iter().map(feature).collect();
    let all = serde_json::json!({"type": "FeatureCollection", "features": features});
    std::fs::write(path, all.to_string()).unwrap();
}

#[test]
fn zones_beyond_the_raster_count_what_lies_in_it() {
    let Some(traps) = traps() else { return };
    let folder = Workspace::folder();
    let zones = folder.path("squares.geojson");
    // the raster begins at 87.7 degrees east and has cells of 0.0225 degrees: ten columns of the first zone lie in it
    squares(&zones, &[("across", 87.475, 47.0, 0.45), ("inside", 87.7, 47.0, 0.225), ("far", 10.0, 10.0, 1.0)]);
    let (code, table, said) = zonal_stats(&folder, &traps.join("ndvi.tif"), &zones, "name", "2");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("lie outside the raster"), "{said}");
    let found = rows_of(&table);
    let cells = |row: usize| number(&found[row], "count");
    let between = |count: f64, most: f64| count > most / 2.0 && count <= most + 1e-6;
    assert!(between(cells(0).unwrap(), 200.0) && between(cells(1).unwrap(), 100.0), "{found:?}");
    assert!(STATS.split(',').all(|column| number(&found[2], column).is_none()), "{found:?}");
}

#[test]
fn threads_change_no_byte_of_a_table() {
    let Some(traps) = traps() else { return };
    let folder = Workspace::folder();
    let (raster, zones) = (traps.join("ndvi.tif"), traps.join("soums.geojson"));
    let tables: Vec<String> =
        ["1", "2", "5"].iter().map(|threads| zonal_stats(&folder, &raster, &zones, "id", threads).1).collect();
    assert!(!tables[0].is_empty() && tables.iter().all(|table| *table == tables[0]));
}

/// The one raster that a workspace holds, in the form it is kept in.
fn kept(workspace: &Workspace) -> PathBuf {
    let shards = std::fs::read_dir(workspace.path("ws/blobs")).unwrap().map(|shard| shard.unwrap().path());
    let files = shards.flat_map(|shard| std::fs::read_dir(shard).unwrap().map(|file| file.unwrap().path()));
    let tiff = |file: &PathBuf| std::fs::read(file).unwrap().starts_with(b"II");
    let mut found: Vec<PathBuf> = files.filter(|file| file.is_file()).filter(tiff).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// Every form of raster gives the same numbers read in place, or converted as it must be, as it gives once stored.
#[test]
fn a_raster_in_place_and_the_one_stored_give_the_same() {
    let Some(shared) = shared() else { return };
    let zones = shared.join("data/boundaries/soum_cod_v3_simplified.geojson");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(shared.join("data/rasters/matrix")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let (mut compared, mut in_place) = (0, 0);
    for file in files {
        let workspace = Workspace::init();
        let (code, given, said) = zonal_stats(&workspace, &file, &zones, "soum_code", "2");
        if code != 0 {
            let _ = workspace.expect(&[3], &["ingest", "raster", &text(&file)]);
            continue;
        }
        in_place += usize::from(!said.contains("converted first"));
        let _ = workspace.expect(&[0], &["ingest", "raster", &text(&file)]);
        let (code, stored, said) = zonal_stats(&workspace, &kept(&workspace), &zones, "soum_code", "2");
        assert_eq!(code, 0, "{said}");
        let (given, stored) = (rows_of(&given), rows_of(&stored));
        assert!(!given.is_empty() && given.len() == stored.len(), "{}", file.display());
        for (given, stored) in given.iter().zip(&stored) {
            for column in STATS.split(',') {
                let (a, b) = (number(given, column), number(stored, column));
                let what = format!("{column} of {} in {}", given["id"], file.display());
                match a.zip(b) {
                    // the spread of equal values is nothing but rounding
                    Some((a, b)) => assert!((a - b).abs() <= 1e-9 * b.abs().max(1e-3), "{what}: {a}, not {b}"),
                    None => assert_eq!(a, b, "{what}"),
                }
            }
        }
        compared += 1;
    }
    assert!(compared >= 15 && in_place >= 10, "{compared} rasters compared, {in_place} of them read in place");
}

#[test]
fn a_file_that_points_to_another_is_never_followed() {
    let Some(traps) = traps() else { return };
    let folder = Workspace::folder();
    let raster = text(&traps.join("ndvi.tif"));
    let pointer = format!(
        "<VRTDataset rasterXSize=\"10\" rasterYSize=\"10\"><VRTRasterBand dataType=\"Int16\" band=\"1\">\
         <SimpleSource><SourceFilename>{raster}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    );
    std::fs::write(folder.path("pointer.tif"), pointer).unwrap();
    let (code, table, said) =
        zonal_stats(&folder, &folder.path("pointer.tif"), &traps.join("soums.geojson"), "id", "2");
    assert_eq!((code, table.as_str()), (3, ""), "{said}");
    assert!(said.contains("VRT"), "{said}");
}
