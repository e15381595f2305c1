//! Rasters as pictures: which cells a tile needs, and the tile made of them.
//!
//! The nearest cell of the coarsest overview that is still as fine as the tile is shown: no value is made up, and
//! classes stay classes. What is masked is transparent before any colour is looked up.

use crate::legend::Legend;
use crate::tile::{TileId, World};

/// Cells along the side of a picture.
pub const TILE_CELLS: usize = 256;

/// Cells between two places whose position is computed; those between are taken on straight lines. Mongolia's tiles in
/// UTM bend by less than a tenth of a cell over such a stretch.
const STEP: usize = 16;
const KNOTS: usize = TILE_CELLS / STEP + 1;

/// Where the cells of a raster lie in its own coordinate system, and how many its overviews have.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterGrid {
    /// Left edge.
    pub x_min: f64,
    /// Top edge.
    pub y_max: f64,
    /// Width of a cell at full size, positive.
    pub dx: f64,
    /// Height of a cell at full size, positive.
    pub dy: f64,
    /// Rows and columns of each level; the first one is the full size.
    pub levels: Vec<(u32, u32)>,
}

/// What of a raster a tile shows.
#[derive(Debug, Clone, PartialEq)]
pub struct RasterView {
    /// The level to read.
    pub level: usize,
    /// First row and column to read, and how many of each.
    pub row: u32,
    /// First column.
    pub col: u32,
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub cols: u32,
    /// Of each cell of the picture, row after row: its place among the cells read; `u32::MAX` outside.
    sources: Vec<u32>,
}

/// A picture of palette places, row after row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture(Vec<u8>);

impl RasterView {
    /// What a tile shows of a raster; `locate` gives the place of longitude and latitude in the raster's own system,
    /// `None` where it has none. Nothing when the tile lies outside.
    pub fn new(
        tile: TileId,
        grid: &RasterGrid,
        mut locate: impl FnMut(f64, f64) -> Option<(f64, f64)>,
    ) -> Option<Self> {
        let knots = knots(tile, grid, &mut locate);
        let level = level(grid, &knots)?;
        let (rows, cols) = *grid.levels.get(level)?;
        let (full_rows, full_cols) = *grid.levels.first()?;
        let shrink = [f64::from(rows) / f64::from(full_rows), f64::from(cols) / f64::from(full_cols)];
        let mut cells = Vec::with_capacity(TILE_CELLS * TILE_CELLS);
        let (mut low, mut high) = ([u32::MAX; 2], [0; 2]);
        for row in 0..TILE_CELLS {
            for col in 0..TILE_CELLS {
                let cell = at(&knots, row, col).and_then(|[r, c]| cell([r * shrink[0], c * shrink[1]], rows, cols));
                if let Some(cell) = cell {
                    low = [low[0].min(cell[0]), low[1].min(cell[1])];
                    high = [high[0].max(cell[0]), high[1].max(cell[1])];
                }
                cells.push(cell);
            }
        }
        if low[0] == u32::MAX {
            return None;
        }
        let width = high[1] - low[1] + 1;
        let source = |cell: Option<[u32; 2]>| cell.map_or(u32::MAX, |c| (c[0] - low[0]) * width + c[1] - low[1]);
        let sources = cells.into_iter().map(source).collect();
        Some(Self { level, row: low[0], col: low[1], rows: high[0] - low[0] + 1, cols: width, sources })
    }

    /// The picture; `value` gives the value of a cell by its place among those read, row after row, `None` for missing.
    pub fn paint(&self, legend: &Legend, value: impl Fn(usize) -> Option<f64>) -> Picture {
        let place = |source: &u32| match source {
            &u32::MAX => 0,
            place => value(*place as usize).map_or(0, |value| legend.place(value)),
        };
        Picture(self.sources.iter().map(place).collect())
    }
}

impl Picture {
    /// A picture of nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self(vec![0; TILE_CELLS * TILE_CELLS])
    }

    /// Whether nothing is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|place| *place == 0)
    }

    /// The picture as PNG with the legend's palette.
    ///
    /// # Errors
    /// When the encoder cannot write.
    pub fn to_png(&self, legend: &Legend) -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::with_capacity(16 << 10);
        #[expect(clippy::cast_possible_truncation, reason = "256")]
        let side = TILE_CELLS as u32;
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette([[0; 3]].iter().chain(legend.palette()).flatten().copied().collect::<Vec<u8>>());
        encoder.set_trns(vec![0]);
        encoder.set_deflate_compression(png::DeflateCompression::Level(2));
        // neighbouring places of a palette are not neighbouring numbers of a plane
        encoder.set_filter(png::Filter::NoFilter);
        encoder.write_header()?.write_image_data(&self.0)?;
        Ok(bytes)
    }
}

/// Row and column at full size, as real numbers, of every sixteenth cell of the tile.
fn knots(
    tile: TileId,
    grid: &RasterGrid,
    locate: &mut impl FnMut(f64, f64) -> Option<(f64, f64)>,
) -> Vec<Option<[f64; 2]>> {
    let (corner, cell) = (tile.corner(), tile.side() / TILE_CELLS as f64);
    let mut knots = Vec::with_capacity(KNOTS * KNOTS);
    for row in 0..KNOTS {
        for col in 0..KNOTS {
            // knots lie on cell centres
            let at = |n: usize| (n * STEP) as f64 + 0.5;
            let place = World { x: corner.x + at(col) * cell, y: corner.y + at(row) * cell };
            let (longitude, latitude) = place.to_degrees();
            let found = locate(longitude, latitude);
            knots.push(found.map(|(x, y)| [(grid.y_max - y) / grid.dy, (x - grid.x_min) / grid.dx]));
        }
    }
    knots
}

fn knot(knots: &[Option<[f64; 2]>], row: usize, col: usize) -> Option<[f64; 2]> {
    knots.get(row * KNOTS + col).copied().flatten()
}

/// Row and column at full size of a cell of the picture.
fn at(knots: &[Option<[f64; 2]>], row: usize, col: usize) -> Option<[f64; 2]> {
    let (r, c) = (row / STEP, col / STEP);
    let part = |n: usize| (n % STEP) as f64 / STEP as f64;
    let (down, right) = (part(row), part(col));
    let [a, b] = [knot(knots, r, c)?, knot(knots, r, c + 1)?];
    let [d, e] = [knot(knots, r + 1, c)?, knot(knots, r + 1, c + 1)?];
    let mix = |axis: usize| {
        let upper = a[axis] + (b[axis] - a[axis]) * right;
        let lower = d[axis] + (e[axis] - d[axis]) * right;
        upper + (lower - upper) * down
    };
    Some([mix(0), mix(1)])
}

/// The coarsest level that is as fine as the tile.
fn level(grid: &RasterGrid, knots: &[Option<[f64; 2]>]) -> Option<usize> {
    let mut finest = f64::INFINITY;
    for row in 0..KNOTS - 1 {
        for col in 0..KNOTS - 1 {
            if let (Some(a), Some(b), Some(c)) =
                (knot(knots, row, col), knot(knots, row, col + 1), knot(knots, row + 1, col))
            {
                let across = (b[1] - a[1]).abs().max((c[0] - a[0]).abs()) / STEP as f64;
                finest = finest.min(across);
            }
        }
    }
    if !finest.is_finite() {
        return None;
    }
    let (full_rows, _) = *grid.levels.first()?;
    // a tenth over is not seen, and overviews are halves of odd sizes
    let fits = |(rows, _): &(u32, u32)| f64::from(full_rows) / f64::from(*rows) <= finest * 1.1;
    Some(grid.levels.iter().rposition(fits).unwrap_or(0))
}

fn cell([row, col]: [f64; 2], rows: u32, cols: u32) -> Option<[u32; 2]> {
    let inside = (0.0..f64::from(rows)).contains(&row) && (0.0..f64::from(cols)).contains(&col);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the raster")]
    inside.then_some([row as u32, col as u32])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::legend::Stop;

    /// One degree a cell around the world, with overviews.
    fn grid() -> RasterGrid {
        let levels = vec![(180, 360), (90, 180), (45, 90)];
        RasterGrid { x_min: -180.0, y_max: 90.0, dx: 1.0, dy: 1.0, levels }
    }

    fn view(zoom: u8, column: u32, row: u32) -> Option<RasterView> {
        RasterView::new(TileId::new(zoom, column, row).unwrap(), &grid(), |x, y| Some((x, y)))
    }

    fn legend() -> Legend {
        let stop = |value, color| Stop { value, color };
        Legend::continuous(&[stop(0.0, [0, 0, 0]), stop(254.0, [255, 255, 255])]).unwrap()
    }

    /// Every cell of the picture shows the cell of the raster that its centre lies in, by the formula itself.
    #[test]
    fn each_cell_shows_what_lies_under_its_centre() {
        for (zoom, column, row) in [(3, 6, 2), (5, 25, 11), (8, 200, 89)] {
            let view = view(zoom, column, row).unwrap();
            assert_eq!(view.level, 0);
            let tile = TileId::new(zoom, column, row).unwrap();
            let mut off = 0;
            for (n, source) in view.sources.iter().enumerate() {
                let cell = tile.side() / TILE_CELLS as f64;
                let at = |n: usize| n as f64 + 0.5;
                let place = World {
                    x: tile.corner().x + at(n % TILE_CELLS) * cell,
                    y: tile.corner().y + at(n / TILE_CELLS) * cell,
                };
                let (x, y) = place.to_degrees();
                let truth = [(90.0 - y) as u32 - view.row, (x + 180.0) as u32 - view.col];
                off += usize::from(*source != truth[0] * view.cols + truth[1]);
            }
            // straight lines between knots: a row of cells next to a border may fall to the other side
            assert!(off <= 3 * TILE_CELLS, "{zoom}: {off} of {}", TILE_CELLS * TILE_CELLS);
        }
    }

    #[test]
    fn overviews_are_used_as_soon_as_they_are_fine_enough() {
        // a tile of zoom 0 has 1.4 degrees a cell at the equator, more than one cell of the raster, fewer than two
        assert_eq!(view(0, 0, 0).unwrap().level, 0);
        let fine = RasterGrid { dx: 0.25, dy: 0.25, levels: vec![(720, 1440), (360, 720), (180, 360)], ..grid() };
        let seen = RasterView::new(TileId::new(1, 1, 0).unwrap(), &fine, |x, y| Some((x, y))).unwrap();
        assert_eq!(seen.level, 1, "0.7 degrees a cell: half a degree is as fine");
        assert!(seen.rows <= 181 && seen.cols <= 361);
    }

    #[test]
    fn outside_and_missing_are_nothing() {
        let small = RasterGrid { x_min: 100.0, y_max: 50.0, dx: 0.01, dy: 0.01, levels: vec![(100, 100)] };
        assert_eq!(RasterView::new(TileId::new(5, 0, 0).unwrap(), &small, |x, y| Some((x, y))), None);
        assert_eq!(RasterView::new(TileId::new(5, 24, 10).unwrap(), &small, |_, _| None), None);
        let seen = view(3, 6, 2).unwrap();
        assert!(seen.paint(&legend(), |_| None).is_empty());
        let picture = seen.paint(&legend(), |place| (place % 2 == 0).then_some(254.0));
        assert!(picture.0.iter().all(|p| [0, 255].contains(p)) && !picture.is_empty());
    }

    #[test]
    fn a_picture_is_a_png_that_others_read() {
        let seen = view(3, 6, 2).unwrap();
        let picture = seen.paint(&legend(), |place| Some((place % 255) as f64));
        let bytes = picture.to_png(&legend()).unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(&bytes));
        decoder.set_transformations(png::Transformations::IDENTITY);
        let mut reader = decoder.read_info().unwrap();
        let mut read = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut read).unwrap();
        assert_eq!(read, picture.0);
        assert_eq!(reader.info().trns.as_deref(), Some(&[0][..]));
    }
}
