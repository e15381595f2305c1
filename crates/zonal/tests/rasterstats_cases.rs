//! Cell counts of rasterstats (python-rasterstats e51b48a, BSD-3; rasterised by GDAL) for the rules that take whole
//! cells: its fixture polygons on the grid of its `slope.tif`, which has values wherever they lie.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a case that cannot be read must fail the test, and skipping must be said"
)]

use std::path::{Path, PathBuf};

use belcheer_zonal::{CoverRule, Grid, coverage_by};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

fn cases_folder() -> Option<PathBuf> {
    let named = std::env::var_os("BELCHEER_SHARED").map(PathBuf::from);
    let beside = || {
        Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
            .ancestors()
            .map(|p| p.join("shared"))
            .find(|p| p.is_dir())
    };
    let folder = named.or_else(beside)?.join("cases/rasterstats");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no shared data");
    None
}

/// The polygons of a shapefile; all rings of a record are taken as rings of one polygon.
fn shapefile_polygons(bytes: &[u8]) -> Vec<MultiPolygon<f64>> {
    let int = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let float = |at: usize| f64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    let mut zones = Vec::new();
    let mut at = 100;
    while at < bytes.len() {
        let length = 2 * u32::from_be_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
        let record = at + 8;
        let (parts, points) = (int(record + 36), int(record + 40));
        let first_point = record + 44 + 4 * parts;
        let start = |part: usize| if part == parts { points } else { int(record + 44 + 4 * part) };
        let point = |i: usize| Coord { x: float(first_point + 16 * i), y: float(first_point + 16 * i + 8) };
        let mut rings = (0..parts).map(|part| (start(part)..start(part + 1)).map(point).collect::<LineString<f64>>());
        zones.push(MultiPolygon(vec![Polygon::new(rings.next().unwrap(), rings.collect())]));
        at = record + length;
    }
    zones
}

#[test]
fn whole_cell_rules_count_as_gdal_does() {
    let Some(folder) = cases_folder() else { return };
    let size = 25.525_146_574_506_13;
    let grid = Grid::new(244_300.614_949_859_13, 1_000_868.787_686_346_8, size, size, 84, 78).unwrap();
    let zones = shapefile_polygons(&std::fs::read(folder.join("data/polygons.shp")).unwrap());
    assert_eq!(zones.len(), 2);
    for (rule, call) in [(CoverRule::Centre, "test_main"), (CoverRule::AllTouched, "test_all_touched")] {
        let file = folder.join(format!("calls/test_zonal.py.{call}.json"));
        let recorded: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for (index, zone) in zones.iter().enumerate() {
            let expected = recorded["calls"][0]["output"][index]["count"].as_f64().unwrap();
            assert_eq!(coverage_by(&grid, zone, rule).unwrap().total(), expected, "{rule:?} {index}");
        }
    }
}
