//! A block computed: kept pieces are taken, what is missing is read, summed and kept.

use belcheer_cog::{Samples, Window, WindowSamples};
use object_store::{ObjectStoreExt, path::Path};

use super::address::address;
use super::context::BlockContext;
use super::error::{BlockError, is_transient};
use super::job::Block;
use super::overlay::Overlay;
use super::piece::{self, Label};
use super::row::{Measure, PartialRow};
use super::slope::slopes;
use super::sums::{Stamp, Values, sum};
use crate::storage::reason_of;

/// Sums one block over all years, in the order of years; slopes last.
///
/// Each year is a piece of its own, so a new year reads that year only; slopes need all years and read them all when one
/// is new. Where slopes are computed, each year is read once for both.
///
/// # Errors
/// When a raster cannot be read, or a piece cannot be kept. Pieces kept before stay.
pub async fn compute_block(context: &BlockContext, block: &Block) -> Result<Vec<PartialRow>, BlockError> {
    let touching = context.touching(block);
    if touching.is_empty() {
        return Ok(Vec::new());
    }
    let mut work = Work { context, block, touching: &touching, overlay: None };
    let slope = match context.job.slope {
        Some(asked) => Some((asked, work.kept(None).await)),
        None => None,
    };
    let all_needed = matches!(slope, Some((_, None)));
    let mut rows = Vec::new();
    let mut years = Vec::new();
    for layer in 0..context.job.layers.len() {
        let kept = work.kept(Some(layer)).await;
        let read = if kept.is_none() || all_needed { Some(work.read(layer).await?) } else { None };
        match (kept, &read) {
            (Some(kept), _) => rows.extend(kept),
            (None, Some(read)) => rows.extend(work.value(layer, read).await?),
            (None, None) => {}
        }
        years.extend(read.filter(|_| all_needed));
    }
    match slope {
        Some((_, Some(kept))) => rows.extend(kept),
        Some((asked, None)) => rows.extend(work.slope(&years, asked.years_min).await?),
        None => {}
    }
    Ok(rows)
}

struct Work<'a> {
    context: &'a BlockContext,
    block: &'a Block,
    touching: &'a [u32],
    overlay: Option<Overlay>,
}

impl Work<'_> {
    fn stamp(&self, layer: Option<usize>) -> Stamp {
        let layers = &self.context.job.layers;
        let of = layer.and_then(|i| layers.get(i)).or_else(|| layers.last());
        let measure = if layer.is_some() { Measure::Value } else { Measure::Slope };
        Stamp { measure, year: of.map_or(0, |l| l.year), block: self.block.number }
    }

    fn address(&self, layer: Option<usize>) -> Path {
        address(self.context, self.block, self.touching, layer)
    }

    async fn kept(&self, layer: Option<usize>) -> Option<Vec<PartialRow>> {
        if !self.context.job.resume {
            return None;
        }
        let Stamp { measure, year, block } = self.stamp(layer);
        let label = Label { measure, year, block, touching: self.touching };
        piece::read(&*self.context.pieces, &self.address(layer), label).await
    }

    async fn read(&self, layer: usize) -> Result<WindowSamples, BlockError> {
        let Block { row, col, rows, cols, .. } = *self.block;
        let name = self.context.job.layers.get(layer).map(|l| l.name.clone()).unwrap_or_default();
        let Some(cog) = self.context.layers.get(layer) else {
            return Err(BlockError::Overlay { block: self.block.id(), reason: format!("there is no raster {layer}") });
        };
        cog.read_window(0, Window { row, col, rows, cols }).await.map_err(|e| BlockError::Read {
            block: self.block.id(),
            name,
            transient: is_transient(&e),
            reason: reason_of(&e),
        })
    }

    async fn overlay(&mut self) -> Result<&Overlay, BlockError> {
        let overlay = match self.overlay.take() {
            Some(overlay) => overlay,
            None => Overlay::lay(self.context, self.block, self.touching).await?,
        };
        Ok(self.overlay.insert(overlay))
    }

    async fn value(&mut self, layer: usize, read: &WindowSamples) -> Result<Vec<PartialRow>, BlockError> {
        let stamp = self.stamp(Some(layer));
        let (scale, offset) = self.context.job.layers.get(layer).map_or((1.0, 0.0), |l| (l.scale, l.offset));
        let values = Values { samples: &read.samples, valid: read.valid.as_deref(), scale, offset };
        let rows = sum(self.overlay().await?, values, stamp);
        self.keep(Some(layer), rows).await
    }

    async fn slope(&mut self, years: &[WindowSamples], years_min: u16) -> Result<Vec<PartialRow>, BlockError> {
        let stamp = self.stamp(None);
        let (slopes, known) = slopes(&self.context.job.layers, years, years_min)
            .map_err(|reason| BlockError::Overlay { block: self.block.id(), reason })?;
        let samples = Samples::F64(slopes);
        let values = Values { samples: &samples, valid: Some(&known), scale: 1.0, offset: 0.0 };
        let rows = sum(self.overlay().await?, values, stamp);
        self.keep(None, rows).await
    }

    async fn keep(&self, layer: Option<usize>, rows: Vec<PartialRow>) -> Result<Vec<PartialRow>, BlockError> {
        let at = self.address(layer);
        let failed = |reason: String| BlockError::Keep {
            block: self.block.id(),
            place: format!("{}/{at}", self.context.job.pieces),
            reason,
        };
        let bytes = piece::encode(&rows, self.touching).map_err(|e| failed(e.to_string()))?;
        self.context.pieces.put(&at, bytes.into()).await.map_err(|e| failed(reason_of(&e)))?;
        Ok(rows)
    }
}
