//! The overlay of a block: the zones laid on its pixels, and the mask that says which are assessed.

use belcheer_cog::{Cog, Window};
use belcheer_zonal::{Grid, coverage};

use super::context::BlockContext;
use super::error::{BlockError, is_transient};
use super::job::{Block, MaskSource};
use super::layout::{BlockPixels, Layout};
use crate::frame::{CellIndex, CellsUnder, grid_of, row_areas_ha};
use crate::storage::reason_of;

/// Which pixels of a block count for which zones and statistical cells, and what they weigh.
pub(super) struct Overlay {
    /// Pixels by what they count for.
    pub(super) layout: Layout,
    /// Area of a pixel in each row, ha.
    pub(super) row_area_ha: Vec<f64>,
}

impl Overlay {
    /// Lays the zones on a block and reads the mask of its cells.
    pub(super) async fn lay(context: &BlockContext, block: &Block, touching: &[u32]) -> Result<Self, BlockError> {
        let mask = match (&context.job.mask, &context.mask) {
            (Some(source), Some(cog)) => Some(mask_of(context, block, source, cog).await?),
            _ => None,
        };
        Self::over(context, block, touching, mask.as_deref())
            .map_err(|reason| BlockError::Overlay { block: block.id(), reason })
    }

    fn over(context: &BlockContext, block: &Block, touching: &[u32], mask: Option<&[bool]>) -> Result<Self, String> {
        let crs = &context.job.grid.crs;
        let grid = grid_of_block(context, block)?;
        let mut zones = Vec::with_capacity(touching.len());
        for number in touching {
            let Some(zone) = context.zones.0.get(*number as usize) else { continue };
            let laid = coverage(&grid, &zone.shape).map_err(|e| format!("{} {}: {e}", zone.level, zone.id))?;
            if !laid.is_empty() {
                zones.push((*number, laid));
            }
        }
        let index = CellIndex::of(&grid, crs)?;
        let cell = |row: u32, col: u32| index.at(grid.cols(), row as usize, col as usize);
        let row_area_ha = row_areas_ha(&grid, crs);
        let pixels = BlockPixels { cols: block.cols, row_area_ha: &row_area_ha, cell: &cell, mask };
        let layout = pixels.lay(&zones);
        Ok(Self { layout, row_area_ha })
    }
}

fn grid_of_block(context: &BlockContext, block: &Block) -> Result<Grid, String> {
    let whole = &context.job.grid;
    let (x, y) = (whole.x_min + f64::from(block.col) * whole.dx, whole.y_max - f64::from(block.row) * whole.dy);
    Grid::new(x, y, whole.dx, whole.dy, block.cols as usize, block.rows as usize).map_err(|e| e.to_string())
}

/// Whether each cell of a block is assessed: by the class of the mask raster at its centre.
async fn mask_of(
    context: &BlockContext,
    block: &Block,
    source: &MaskSource,
    cog: &Cog,
) -> Result<Vec<bool>, BlockError> {
    let places = centres(context, block, source).map_err(|reason| BlockError::Overlay { block: block.id(), reason })?;
    let mut inside = vec![false; places.len()];
    let found = || places.iter().flatten();
    let (Some(top), Some(bottom)) = (found().map(|p| p.0).min(), found().map(|p| p.0).max()) else { return Ok(inside) };
    let (Some(left), Some(right)) = (found().map(|p| p.1).min(), found().map(|p| p.1).max()) else { return Ok(inside) };
    let window = Window { row: top, col: left, rows: bottom - top + 1, cols: right - left + 1 };
    let read = cog.read_window(0, window).await.map_err(|e| BlockError::Read {
        block: block.id(),
        name: source.name.clone(),
        transient: is_transient(&e),
        reason: reason_of(&e),
    })?;
    let classes = read.to_f64_masked(source.meta.scale.unwrap_or(1.0), source.meta.offset.unwrap_or(0.0));
    for (inside, place) in inside.iter_mut().zip(&places) {
        let Some((row, col)) = place else { continue };
        let cell = (row - top) as usize * window.cols as usize + (col - left) as usize;
        let class = classes.get(cell).copied().flatten().map(|class| class as u8);
        *inside = class.is_some_and(|class| source.classes.contains(&class));
    }
    Ok(inside)
}

/// Row and column of the mask raster at the centre of each cell; `None` off it.
fn centres(context: &BlockContext, block: &Block, source: &MaskSource) -> Result<Vec<Option<(u32, u32)>>, String> {
    let whole = grid_of(&context.job.grid).map_err(|e| e.to_string())?;
    let theirs = grid_of(&source.meta).map_err(|e| e.to_string())?;
    let under = CellsUnder::new((&whole, &context.job.grid.crs), (&theirs, &source.meta.crs))?;
    let mut places = Vec::with_capacity((block.rows * block.cols) as usize);
    for row in block.row..block.row + block.rows {
        for col in block.col..block.col + block.cols {
            places.push(under.at(row as usize, col as usize).map(|(row, col)| (row as u32, col as u32)));
        }
    }
    Ok(places)
}
