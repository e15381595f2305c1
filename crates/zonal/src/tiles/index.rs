//! Which cells of each stored tile the zones cover.

use crate::Coverage;

/// How a raster is cut into tiles: all of one size, the last ones reaching beyond the raster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TileLayout {
    /// Rows of a tile, at least 1.
    pub tile_rows: u32,
    /// Columns of a tile, at least 1; also the stride of its values.
    pub tile_cols: u32,
}

/// Neighbouring cells of a tile that are wholly covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// The first cell, counted row by row through the tile.
    pub offset: u32,
    /// How many.
    pub cells: u32,
}

/// What one zone covers of one tile.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Part {
    pub zone: u32,
    /// Which of the zone's parts it is, from 0 in the order of the tiles.
    pub slot: u32,
    /// Wholly covered cells.
    pub runs: Vec<Run>,
    pub run_cells: u64,
    /// Partly covered cells, counted row by row through the tile.
    pub edges: Vec<u32>,
    /// The fraction covered of each of [`Self::edges`].
    pub fractions: Vec<f64>,
}

/// A tile that a zone touches.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// Row in the grid of tiles.
    pub row: u32,
    /// Column in the grid of tiles.
    pub col: u32,
    pub(super) parts: Vec<Part>,
}

/// The coverage of one zone, cut at the borders of tiles.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ZoneTiles {
    parts: Vec<((u32, u32), Part)>,
}

impl ZoneTiles {
    /// Cuts a coverage at the borders of tiles.
    #[must_use]
    pub fn cut(coverage: &Coverage, layout: TileLayout) -> Self {
        let (rows, cols) = (layout.tile_rows.max(1), layout.tile_cols.max(1));
        let mut parts = Vec::new();
        let mut rest = coverage.spans();
        while let Some(first) = rest.first() {
            let tile_row = first.row / rows;
            let below = u64::from(tile_row + 1) * u64::from(rows);
            let (here, after) = rest.split_at(rest.partition_point(|span| u64::from(span.row) < below));
            rest = after;
            let first_col = here.iter().map(|span| span.col_start).min().unwrap_or(0) / cols;
            let last_col = (here.iter().map(|span| span.col_end).max().unwrap_or(1) - 1) / cols;
            let mut across = vec![Part::default(); (last_col - first_col) as usize + 1];
            // neighbours mostly lie in one tile: its number, its first column and the column after its last
            let (mut tile, mut start, mut end) = (first_col, first_col * cols, (first_col + 1).saturating_mul(cols));
            for span in here {
                let line = (span.row - tile_row * rows) * cols;
                let mut col = span.col_start;
                while col < span.col_end {
                    if col < start || col >= end {
                        tile = col / cols;
                        start = tile * cols;
                        end = start.saturating_add(cols);
                    }
                    let stop = span.col_end.min(end);
                    across[(tile - first_col) as usize].add(line + col - start, stop - col, span.fraction);
                    col = stop;
                }
            }
            let touched = (first_col..).zip(across).filter(|(_, part)| !part.is_empty());
            parts.extend(touched.map(|(col, part)| ((tile_row, col), part.fitted())));
        }
        Self { parts }
    }
}

impl Part {
    fn add(&mut self, offset: u32, cells: u32, fraction: f64) {
        if fraction == 1.0 {
            self.runs.push(Run { offset, cells });
            self.run_cells += u64::from(cells);
            return;
        }
        for at in offset..offset + cells {
            self.edges.push(at);
            self.fractions.push(fraction);
        }
    }

    fn is_empty(&self) -> bool {
        self.runs.is_empty() && self.edges.is_empty()
    }

    /// Without room to grow.
    fn fitted(mut self) -> Self {
        self.runs.shrink_to_fit();
        self.edges.shrink_to_fit();
        self.fractions.shrink_to_fit();
        self
    }
}

/// The tiles of a raster that zones touch, row by row, each with what the zones cover of it.
///
/// Built once for all rasters of one grid that are stored in tiles of one size. Its size grows with the borders of
/// the zones: 12 bytes a border cell, 8 bytes for each row of a zone in a tile.
///
/// ```
/// use belcheer_zonal::{Coverage, Span, TileIndex, TileLayout, ZoneTiles};
/// let layout = TileLayout { tile_rows: 2, tile_cols: 2 };
/// let row = Coverage::from_spans(vec![Span { row: 2, col_start: 1, col_end: 5, fraction: 1.0 }])?;
/// let index = TileIndex::new(layout, vec![ZoneTiles::cut(&row, layout)]);
/// let places: Vec<_> = index.tiles().iter().map(|tile| (tile.row, tile.col)).collect();
/// assert_eq!(places, [(1, 0), (1, 1), (1, 2)]);
/// # Ok::<(), belcheer_zonal::CoverageError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TileIndex {
    layout: TileLayout,
    tiles: Vec<Tile>,
    /// For each zone, where its parts are: tile and place in the tile.
    parts_of_zones: Vec<Vec<(u32, u32)>>,
}

impl TileIndex {
    /// The index of zones that were cut by this layout.
    #[must_use]
    pub fn new(layout: TileLayout, zones: Vec<ZoneTiles>) -> Self {
        let mut parts_of_zones = vec![Vec::new(); zones.len()];
        let mut all: Vec<((u32, u32), Part)> = Vec::new();
        for (zone, cut) in (0..).zip(zones) {
            all.extend(cut.parts.into_iter().map(|(place, part)| (place, Part { zone, ..part })));
        }
        // a stable sort: zones stay in order within a tile
        all.sort_by_key(|(place, _)| *place);
        let mut tiles: Vec<Tile> = Vec::new();
        for ((row, col), mut part) in all {
            if tiles.last().is_none_or(|tile| (tile.row, tile.col) != (row, col)) {
                tiles.push(Tile { row, col, parts: Vec::new() });
            }
            let number = tiles.len() - 1;
            if let (Some(tile), Some(places)) = (tiles.last_mut(), parts_of_zones.get_mut(part.zone as usize)) {
                part.slot = places.len() as u32;
                places.push((number as u32, tile.parts.len() as u32));
                tile.parts.push(part);
            }
        }
        Self { layout, tiles, parts_of_zones }
    }

    /// The layout.
    #[must_use]
    pub fn layout(&self) -> TileLayout {
        self.layout
    }

    /// The tiles that a zone touches, row by row.
    #[must_use]
    pub fn tiles(&self) -> &[Tile] {
        &self.tiles
    }

    /// Number of zones.
    #[must_use]
    pub fn zones(&self) -> usize {
        self.parts_of_zones.len()
    }

    /// Whether a zone covers no cell at all.
    #[must_use]
    pub fn is_outside(&self, zone: usize) -> bool {
        self.parts_of_zones.get(zone).is_none_or(Vec::is_empty)
    }

    /// Number of parts of a zone.
    pub(super) fn parts_count(&self, zone: usize) -> usize {
        self.parts_of_zones.get(zone).map_or(0, Vec::len)
    }

    /// The parts of a zone in the order of the tiles.
    pub(super) fn parts_of(&self, zone: usize) -> impl Iterator<Item = &Part> {
        let places = self.parts_of_zones.get(zone).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|(tile, part)| self.tiles.get(*tile as usize)?.parts.get(*part as usize))
    }
}
