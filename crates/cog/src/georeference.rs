//! Where the cells of a raster lie: the grid and the EPSG code of its coordinate system.
//!
//! Source: OGC GeoTIFF 1.1 (OGC 19-008r4), clauses 7.4 and B.6. Only north-up grids with positive, finite cell
//! sizes are accepted; a file without any placement has no grid; anything else is refused by name.

use crate::{
    error::{CogError, malformed, unsupported},
    ifd::Directory,
    source::Source,
    tags,
};

const GT_MODEL_TYPE: u64 = 1024;
const GT_RASTER_TYPE: u64 = 1025;
const GEODETIC_CRS: u64 = 2048;
const ANGULAR_UNIT: u64 = 2054;
const PROJECTED_CRS: u64 = 3072;
const LINEAR_UNIT: u64 = 3076;
const METRE: u64 = 9001;
const DEGREE: u64 = 9102;
const PIXEL_IS_POINT: u64 = 2;
const USER_DEFINED: u64 = 32767;

/// A north-up grid: cell `(row, col)` covers `x_min + col * dx ..` eastwards and `y_max - row * dy ..` southwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Left edge of column 0, in units of the coordinate system.
    pub x_min: f64,
    /// Top edge of row 0.
    pub y_max: f64,
    /// Cell width, positive.
    pub dx: f64,
    /// Cell height, positive.
    pub dy: f64,
}

/// What the GeoTIFF tags of the first image say.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Georeference {
    pub(crate) grid: Option<Grid>,
    pub(crate) epsg: Option<u32>,
    pub(crate) geographic: Option<bool>,
    pub(crate) pixel_is_point: bool,
}

impl Georeference {
    pub(crate) async fn read(directory: &Directory, source: &mut Source, most_bytes: u64) -> Result<Self, CogError> {
        let keys = match directory.numbers(source, tags::GEO_KEY_DIRECTORY, most_bytes).await? {
            Some(numbers) => short_keys(&numbers),
            None => Vec::new(),
        };
        let key = |id: u64| keys.iter().find(|(key, _)| *key == id).map(|(_, value)| *value);
        let (mut epsg, geographic) = coordinate_system(key(GT_MODEL_TYPE), key(PROJECTED_CRS), key(GEODETIC_CRS));
        // A unit of the file's own makes another system of the registered one.
        let own_unit = match geographic {
            Some(true) => key(ANGULAR_UNIT).is_some_and(|unit| unit != DEGREE),
            _ => key(LINEAR_UNIT).is_some_and(|unit| unit != METRE),
        };
        epsg = epsg.filter(|_| !own_unit);
        let scale = directory.floats(source, tags::MODEL_PIXEL_SCALE, most_bytes).await?;
        let tiepoints = directory.floats(source, tags::MODEL_TIEPOINT, most_bytes).await?;
        let matrix = directory.floats(source, tags::MODEL_TRANSFORMATION, most_bytes).await?;
        let grid = place(scale.as_deref(), tiepoints.as_deref(), matrix.as_deref())?;
        let pixel_is_point = key(GT_RASTER_TYPE) == Some(PIXEL_IS_POINT);
        let half_cell = if pixel_is_point { 0.5 } else { 0.0 };
        let grid = grid.map(|g| Grid { x_min: g.x_min - half_cell * g.dx, y_max: g.y_max + half_cell * g.dy, ..g });
        Ok(Self { grid, epsg, geographic, pixel_is_point })
    }
}

/// The keys whose value stands in the directory itself, as (key, value).
fn short_keys(numbers: &[u64]) -> Vec<(u64, u64)> {
    let keys = numbers.get(4..).unwrap_or_default();
    keys.chunks_exact(4)
        .filter_map(|key| match *key {
            [id, 0, _, value] => Some((id, value)),
            _ => None,
        })
        .collect()
}

fn coordinate_system(model: Option<u64>, projected: Option<u64>, geodetic: Option<u64>) -> (Option<u32>, Option<bool>) {
    let geographic = match (model, projected, geodetic) {
        (Some(1), ..) => Some(false),
        (Some(2), ..) => Some(true),
        (Some(_), ..) => None,
        (None, Some(_), _) => Some(false),
        (None, None, Some(_)) => Some(true),
        (None, None, None) => None,
    };
    let code = if geographic == Some(true) { geodetic } else { projected };
    let epsg = code.filter(|code| (1..USER_DEFINED).contains(code)).and_then(|code| u32::try_from(code).ok());
    (epsg.filter(|_| geographic.is_some()), geographic)
}

/// The grid of pixel corners that the placement tags describe.
fn place(scale: Option<&[f64]>, tiepoints: Option<&[f64]>, matrix: Option<&[f64]>) -> Result<Option<Grid>, CogError> {
    let grid = match (scale, tiepoints, matrix) {
        (Some([dx, dy, ..]), Some([col, row, _, x, y, _, ..]), _) => {
            Grid { x_min: x - col * dx, y_max: y + row * dy, dx: *dx, dy: *dy }
        }
        (_, _, Some([a, b, _, x, e, f, _, y, ..])) => {
            if *b != 0.0 || *e != 0.0 {
                return Err(unsupported("a rotated or sheared grid"));
            }
            Grid { x_min: *x, y_max: *y, dx: *a, dy: -f }
        }
        (None, Some(points), None) if points.len() >= 12 => {
            return Err(unsupported("placement by ground control points"));
        }
        (Some(_), ..) | (.., Some(_)) => return Err(malformed("grid", "its placement tags are incomplete")),
        _ => return Ok(None),
    };
    let Grid { x_min, y_max, dx, dy } = grid;
    if ![x_min, y_max, dx, dy].iter().all(|value| value.is_finite()) || dx == 0.0 || dy == 0.0 {
        return Err(malformed("grid", "its origin is not finite or its cell size is zero"));
    }
    if dx < 0.0 || dy < 0.0 {
        return Err(unsupported("a grid that is not north up"));
    }
    Ok(Some(grid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiepoint_may_lie_inside_the_raster() {
        let grid = place(Some(&[10.0, 20.0, 0.0]), Some(&[2.0, 3.0, 0.0, 500.0, 900.0, 0.0]), None).unwrap();
        assert_eq!(grid, Some(Grid { x_min: 480.0, y_max: 960.0, dx: 10.0, dy: 20.0 }));
    }

    #[test]
    fn odd_placements_are_refused() {
        let matrix = |a: f64, b: f64, f: f64| {
            place(None, None, Some(&[a, b, 0., 7., 0., f, 0., 9., 0., 0., 0., 0., 0., 0., 0., 1.]))
        };
        assert_eq!(matrix(2.0, 0.0, -3.0).unwrap(), Some(Grid { x_min: 7., y_max: 9., dx: 2., dy: 3. }));
        assert!(matches!(matrix(2.0, 0.1, -3.0), Err(CogError::Unsupported { .. })));
        assert!(matches!(matrix(2.0, 0.0, 3.0), Err(CogError::Unsupported { .. })));
        assert!(matches!(matrix(0.0, 0.0, -3.0), Err(CogError::Malformed { .. })));
        assert!(matches!(matrix(f64::NAN, 0.0, -3.0), Err(CogError::Malformed { .. })));
        assert!(matches!(place(None, Some(&[0.0; 24]), None), Err(CogError::Unsupported { .. })));
        assert!(matches!(place(Some(&[1.0]), None, None), Err(CogError::Malformed { .. })));
        assert_eq!(place(None, None, None).unwrap(), None);
    }

    #[test]
    fn user_defined_systems_have_no_epsg() {
        assert_eq!(coordinate_system(Some(1), Some(32648), Some(4326)), (Some(32648), Some(false)));
        assert_eq!(coordinate_system(Some(1), Some(32767), Some(4326)), (None, Some(false)));
        assert_eq!(coordinate_system(Some(2), None, Some(4326)), (Some(4326), Some(true)));
        assert_eq!(coordinate_system(None, None, None), (None, None));
    }
}
