//! Decodes every tile of a tiled GeoTIFF on one thread and does nothing with it: RASTER.

use std::sync::Arc;

use anyhow::{Context, Result};
use belcheer_cog::{Cog, Limits};
use object_store::local::LocalFileSystem;

fn main() -> Result<()> {
    let raster = std::env::args().nth(1).context("name a raster")?;
    let location = object_store::path::Path::from_filesystem_path(raster)?;
    futures::executor::block_on(async {
        let cog = Cog::open(Arc::new(LocalFileSystem::new()), location, Limits::default()).await?;
        for band in 0..cog.bands() {
            for window in cog.tiles(0) {
                std::hint::black_box(cog.read_window(band, window).await?);
            }
        }
        Ok(())
    })
}
