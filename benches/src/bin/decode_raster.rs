//! Decodes every tile of a tiled GeoTIFF on one thread and does nothing with it: RASTER...

use std::sync::Arc;

use anyhow::{Result, bail};
use belcheer_cog::{Cog, Limits};
use object_store::local::LocalFileSystem;

fn main() -> Result<()> {
    let rasters: Vec<String> = std::env::args().skip(1).collect();
    if rasters.is_empty() {
        bail!("name a raster");
    }
    futures::executor::block_on(async {
        for raster in rasters {
            let location = object_store::path::Path::from_filesystem_path(raster)?;
            let cog = Cog::open(Arc::new(LocalFileSystem::new()), location, Limits::default()).await?;
            for band in 0..cog.bands() {
                for window in cog.tiles(0) {
                    std::hint::black_box(cog.read_window(band, window).await?);
                }
            }
        }
        Ok(())
    })
}
