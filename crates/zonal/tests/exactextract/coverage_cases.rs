//! Coverage matrices and robustness cases of test_raster_cell_intersection.cpp.

use std::path::Path;

use belcheer_zonal::{Coverage, Grid, coverage};
use geo_types::MultiPolygon;
use serde_json::Value;

use super::geometry::from_wkt;
use super::oracle::{Checks, number, numbers};

/// Fractions upstream are 32-bit.
const TOLERANCE: f64 = 1e-6;

pub fn run(folder: &Path, cases: &Value, checks: &mut Checks) {
    for case in cases["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let wkt = match case["wkt_file"].as_str() {
            Some(file) => std::fs::read_to_string(folder.join("coverage").join(file)).unwrap(),
            None => case["wkt"].as_str().unwrap().to_owned(),
        };
        for (index, check) in case["checks"].as_array().unwrap().iter().enumerate() {
            let grid = grid_of(&case["grids"][check["grid"].as_str().unwrap_or("ex")]);
            let zone = if case["note"].is_string() { Ok(disc(2.0, 2.0, 1.0, 30)) } else { from_wkt(&wkt) };
            let outcome = match check["rule"].as_str().unwrap() {
                "throws" => zone.err().map(|_| ()).ok_or_else(|| "is a zone".to_owned()),
                rule => zone.and_then(|zone| judge(&grid, &zone, check, rule)),
            };
            checks.add(format!("{} {name} #{index}", case["kind"].as_str().unwrap()), outcome);
        }
    }
}

pub fn grid_of(bounds: &Value) -> Grid {
    let b = numbers(bounds);
    Grid::from_bounds(b[0], b[1], b[2], b[3], b[4], b[5]).unwrap()
}

/// A disc as a polygon.
fn disc(x: f64, y: f64, radius: f64, quadrant_segments: u32) -> MultiPolygon<f64> {
    let angle = |i: u32| std::f64::consts::FRAC_PI_2 * f64::from(i) / f64::from(quadrant_segments);
    let ring: Vec<(f64, f64)> =
        (0..4 * quadrant_segments).map(|i| (x + radius * angle(i).cos(), y + radius * angle(i).sin())).collect();
    MultiPolygon(vec![geo_types::Polygon::new(ring.into(), vec![])])
}

fn bounds(zone: &MultiPolygon<f64>) -> (f64, f64, f64, f64) {
    let all = zone.0.iter().flat_map(|polygon| polygon.exterior().0.iter());
    all.fold((f64::MAX, f64::MAX, f64::MIN, f64::MIN), |b, c| (b.0.min(c.x), b.1.min(c.y), b.2.max(c.x), b.3.max(c.y)))
}

/// Shoelace area of exteriors less holes.
fn area(zone: &MultiPolygon<f64>) -> f64 {
    let ring = |line: &geo_types::LineString<f64>| {
        let origin = line.0[0];
        let doubled = |e: geo_types::Line<f64>| {
            (e.start.x - origin.x) * (e.end.y - origin.y) - (e.end.x - origin.x) * (e.start.y - origin.y)
        };
        (line.lines().map(doubled).sum::<f64>() / 2.0).abs()
    };
    zone.0.iter().map(|p| ring(p.exterior()) - p.interiors().iter().map(ring).sum::<f64>()).sum()
}

fn fraction(cover: &Coverage, row: usize, col: usize) -> f64 {
    let holds =
        |s: &&belcheer_zonal::Span| s.row as usize == row && (s.col_start as usize..s.col_end as usize).contains(&col);
    cover.iter().find(holds).map_or(0.0, |span| span.fraction)
}

fn judge(grid: &Grid, zone: &MultiPolygon<f64>, check: &Value, rule: &str) -> Result<(), String> {
    let cover = coverage(grid, zone).map_err(|error| error.to_string())?;
    let all_fractions = cover.iter().all(|span| span.fraction > 0.0 && span.fraction <= 1.0);
    let say = |ok: bool, what: String| if ok && all_fractions { Ok(()) } else { Err(what) };
    let cell_area = grid.dx() * grid.dy();
    let (x0, y0, x1, y1) = bounds(zone);
    let window = grid.window(x0, y0, x1, y1);
    if check["expected"].is_array() {
        return matrix(&cover, check, window.map_or((0, 0), |w| (w.row_start, w.col_start)));
    }
    match rule {
        "nothrow" => say(cover.total() <= 1.000_001 * area(zone) / cell_area, format!("total {}", cover.total())),
        "rows == value" => say(window.map_or(0, |w| w.rows()) as f64 == number(&check["value"]), format!("{window:?}")),
        "cols == value" => say(window.map_or(0, |w| w.cols()) as f64 == number(&check["value"]), format!("{window:?}")),
        rule if rule.starts_with("rows==cols==1") => {
            let total = cover.total();
            say(cover.cells() == 1 && (total - area(zone)).abs() < TOLERANCE, format!("{total}"))
        }
        rule if rule.starts_with("sum of fractions") => {
            let total = cover.total();
            say((total - number(&check["value"])).abs() < 1e-3, format!("total {total}"))
        }
        rule if rule.starts_with("0 <= frac") => {
            let most = cover.iter().map(|span| span.fraction).fold(0.0, f64::max);
            say(most <= area(zone) / cell_area + TOLERANCE, format!("fraction {most}"))
        }
        other => Err(format!("unknown rule {other}")),
    }
}

/// Compares a window of the grid cell by cell, and that nothing is covered outside it.
fn matrix(cover: &Coverage, check: &Value, window: (usize, usize)) -> Result<(), String> {
    let expected: Vec<Vec<f64>> = check["expected"].as_array().unwrap().iter().map(numbers).collect();
    let offset = |key: &str, default: usize| check[key].as_u64().map_or(default, |n| n as usize);
    let (row_offset, col_offset) = (offset("row_offset", window.0), offset("col_offset", window.1));
    for (row, line) in expected.iter().enumerate() {
        for (col, &wanted) in line.iter().enumerate() {
            let found = fraction(cover, row + row_offset, col + col_offset);
            if (found - wanted).abs() > TOLERANCE {
                return Err(format!("row {row} col {col}: {found}, not {wanted}"));
            }
        }
    }
    let wanted: f64 = expected.iter().flatten().sum();
    let total = cover.total();
    if (total - wanted).abs() > 1e-5 { Err(format!("total {total}, not {wanted}")) } else { Ok(()) }
}
