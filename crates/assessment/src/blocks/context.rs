//! The inputs of a job, opened once in a process.

use std::sync::Arc;

use belcheer_cog::{Cog, Limits};
use belcheer_domain::Digest;
use geo::BoundingRect;
use object_store::ObjectStore;

use super::error::{BlockError, host, is_transient};
use super::job::{Block, BlockJob, PROGRAM, ZoneSet};
use crate::storage::{Edition, Place, open_store, reason_of};

/// An opened job: headers of all rasters, zones, the store of pieces.
#[derive(Debug)]
pub struct BlockContext {
    pub(super) job: BlockJob,
    pub(super) layers: Vec<Cog>,
    pub(super) mask: Option<Cog>,
    pub(super) zones: ZoneSet,
    pub(super) zone_digests: Vec<Digest>,
    bounds: Vec<Option<geo::Rect<f64>>>,
    pub(super) pieces: Arc<dyn ObjectStore>,
}

impl BlockContext {
    /// Opens every input of a job; that it succeeds shows that this machine reaches all of them.
    ///
    /// # Errors
    /// When an input is not reached, a raster has another grid, or the job is another version's.
    pub async fn open(job: &BlockJob) -> Result<Self, BlockError> {
        if job.program != PROGRAM {
            let (theirs, ours) = (job.program.clone(), PROGRAM.to_owned());
            return Err(BlockError::Version { theirs, ours, host: host() });
        }
        let zones = ZoneSet::load(&job.zones, job.zones_digest)
            .await
            .map_err(|reason| unreachable("the zones", &job.zones, reason))?;
        Self::with_zones(job, zones).await
    }

    /// As [`BlockContext::open`], with zones that are at hand.
    ///
    /// # Errors
    /// As [`BlockContext::open`].
    pub(super) async fn with_zones(job: &BlockJob, zones: ZoneSet) -> Result<Self, BlockError> {
        let mut layers = Vec::with_capacity(job.layers.len());
        for layer in &job.layers {
            let cog = open(&layer.name, &layer.place, layer.edition.as_ref()).await?;
            if (cog.width(), cog.height()) != (job.grid.width, job.grid.height) {
                return Err(BlockError::Grid {
                    name: layer.name.clone(),
                    expected: format!("{} x {}", job.grid.width, job.grid.height),
                    found: format!("{} x {}", cog.width(), cog.height()),
                });
            }
            layers.push(cog);
        }
        let mask = match &job.mask {
            Some(mask) => Some(open(&mask.name, &mask.place, None).await?),
            None => None,
        };
        let here = Place { store: job.pieces.clone(), path: String::new() };
        let pieces =
            open_store(&job.pieces).map_err(|reason| unreachable("the store of partial sums", &here, reason))?;
        let zone_digests = zones.0.iter().map(|zone| Digest::of(&serde_json::to_vec(zone).unwrap_or_default()));
        let zone_digests = zone_digests.collect();
        let bounds: Vec<_> = zones.0.iter().map(|zone| zone.shape.bounding_rect()).collect();
        let context = Self { job: job.clone(), layers, mask, zones, zone_digests, bounds, pieces };
        if context.touching_window(0, 0, job.grid.height, job.grid.width).is_empty() {
            let name = job.layers.first().map(|layer| layer.name.clone()).unwrap_or_default();
            return Err(BlockError::NoOverlap { zones: context.zones.0.len(), name });
        }
        Ok(context)
    }

    /// The job.
    #[must_use]
    pub fn job(&self) -> &BlockJob {
        &self.job
    }

    /// Numbers of the zones whose bounds touch a block, ascending.
    pub(super) fn touching(&self, block: &Block) -> Vec<u32> {
        self.touching_window(block.row, block.col, block.rows, block.cols)
    }

    fn touching_window(&self, row: u32, col: u32, rows: u32, cols: u32) -> Vec<u32> {
        let grid = &self.job.grid;
        let (west, north) = (grid.x_min + f64::from(col) * grid.dx, grid.y_max - f64::from(row) * grid.dy);
        let (east, south) = (west + f64::from(cols) * grid.dx, north - f64::from(rows) * grid.dy);
        let touches =
            |b: &geo::Rect<f64>| b.min().x < east && b.max().x > west && b.min().y < north && b.max().y > south;
        let numbered = self.bounds.iter().zip(0..);
        numbered.filter(|(bounds, _)| bounds.as_ref().is_some_and(touches)).map(|(_, number)| number).collect()
    }

    /// Whether the last piece of a block is kept, and was written since `since` where that is given.
    pub async fn is_done(&self, block: &Block, since: Option<std::time::SystemTime>) -> bool {
        use object_store::ObjectStoreExt;
        let touching = self.touching(block);
        if touching.is_empty() {
            return true;
        }
        let last = if self.job.slope.is_some() { None } else { self.job.layers.len().checked_sub(1) };
        let at = super::address::address(self, block, &touching, last);
        let Ok(meta) = self.pieces.head(&at).await else { return false };
        since.is_none_or(|since| std::time::SystemTime::from(meta.last_modified) >= since)
    }

    /// Years of a block whose pieces are not kept.
    pub(super) async fn years_missing(&self, block: &Block) -> usize {
        use object_store::ObjectStoreExt;
        let touching = self.touching(block);
        if touching.is_empty() {
            return 0;
        }
        let mut missing = 0;
        for layer in 0..self.job.layers.len() {
            let at = super::address::address(self, block, &touching, Some(layer));
            missing += usize::from(!self.job.resume || self.pieces.head(&at).await.is_err());
        }
        missing
    }
}

async fn open(name: &str, place: &Place, edition: Option<&Edition>) -> Result<Cog, BlockError> {
    let store = place.open().map_err(|reason| unreachable(name, place, reason))?;
    let store = match edition {
        Some(edition) => edition.guard(store),
        None => store,
    };
    Cog::open(store, place.location(), Limits::default()).await.map_err(|e| BlockError::Input {
        name: name.to_owned(),
        place: place.to_string(),
        host: host(),
        transient: is_transient(&e),
        reason: reason_of(&e),
    })
}

fn unreachable(name: &str, place: &Place, reason: String) -> BlockError {
    BlockError::Input { name: name.to_owned(), place: place.to_string(), host: host(), reason, transient: false }
}
