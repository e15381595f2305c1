//! The grid: size, origin and cell size; north up.

use belcheer_domain::{Crs, Severity};
use belcheer_door::Refusal;
use gdal::{Dataset, Metadata};

use crate::notes::Notes;

/// Largest rotation term, as a share of the cell size, that is rounding.
const ROTATION_MAX: f64 = 1e-6;

/// A north-up grid.
#[derive(Debug)]
pub struct Grid {
    pub width: u32,
    pub height: u32,
    pub x_min: f64,
    pub y_max: f64,
    pub dx: f64,
    pub dy: f64,
    /// Whether the file's rows run north.
    pub south_up: bool,
}

/// Reads the grid; turned-over rows are noted, rotated, mirrored and missing grids are refused.
pub fn read(dataset: &Dataset, notes: &mut Notes) -> Result<Grid, Refusal> {
    let (width, height) = dataset.raster_size();
    let Ok([left, dx, row_turn, top, column_turn, step]) = dataset.geo_transform() else {
        return Err(notes.refuse(
            "no_georeference",
            "header",
            "the raster does not say where it lies; give it corners or warp it by its control points first",
            "растерын байршил заагаагүй; булангийн солбицол өгөх эсвэл тулгуур цэгээр нь засна уу",
        ));
    };
    let finite = [left, dx, row_turn, top, column_turn, step].iter().all(|v| v.is_finite());
    // a cell so small that its two edges are the same number is none
    let vanishes = |edge: f64, size: f64, turn: f64| turn == 0.0 && edge + size == edge;
    if !finite || vanishes(left, dx, row_turn) || vanishes(top, step, column_turn) {
        return Err(notes.refuse(
            "cell_size",
            "header",
            "the cell size is nothing or not a number; export the raster again",
            "нүдний хэмжээ тэг эсвэл тоо биш байна; растерыг дахин гаргана уу",
        ));
    }
    if row_turn.abs() > ROTATION_MAX * dx.abs() || column_turn.abs() > ROTATION_MAX * step.abs() || dx < 0.0 {
        return Err(notes.refuse(
            "rotated_grid",
            "header",
            "the grid is rotated or mirrored; warp it to a north-up grid first",
            "растерын тор эргэсэн эсвэл толин тусгалтай; хойд зүг рүү харсан тор болгоно уу",
        ));
    }
    let south_up = step > 0.0;
    if south_up {
        let text = ("rows ran north; they were turned over", "мөрүүд хойд зүг рүү байсныг эргүүлсэн");
        notes.add("rows_turned_over", Severity::Info, "header", text.0, text.1);
    }
    if dataset.metadata_item("AREA_OR_POINT", "").is_some_and(|v| v.eq_ignore_ascii_case("point")) {
        notes.add(
            "pixel_is_point",
            Severity::Info,
            "header",
            "positions are of cell centres; cells were taken to reach half a cell beyond them",
            "байршил нь нүдний төвийнх; нүд тал хэмжээгээр нь түүнээс гадагш үргэлжилнэ гэж үзсэн",
        );
    }
    let y_max = if south_up { top + step * height as f64 } else { top };
    let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Grid { width: size(width), height: size(height), x_min: left, y_max, dx, dy: step.abs(), south_up })
}

/// Checks that a geographic grid lies on the globe, give or take half a cell, and that any grid is finite.
pub fn check_extent(grid: &Grid, crs: &Crs, notes: &Notes) -> Result<(), Refusal> {
    let x_max = grid.x_min + grid.dx * f64::from(grid.width);
    let y_min = grid.y_max - grid.dy * f64::from(grid.height);
    let half = (grid.dx / 2.0, grid.dy / 2.0);
    let slack = 1e-6;
    let on_globe = grid.x_min >= -360.0 - half.0 - slack
        && x_max <= 360.0 + half.0 + slack
        && y_min >= -90.0 - half.1 - slack
        && grid.y_max <= 90.0 + half.1 + slack;
    if x_max.is_finite() && y_min.is_finite() && (!crs.geographic || on_globe) {
        return Ok(());
    }
    Err(notes.refuse(
        "extent_off_globe",
        "header",
        "its corners are not degrees of longitude and latitude; give the right system with --crs EPSG",
        "булангууд нь уртраг, өргөргийн градус биш; зөв солбицлын системийг --crs EPSG гэж өгнө үү",
    ))
}
