//! Reading of rasters written here byte by byte: what comes back is what went in, or the file is refused.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod hostile;
mod levels;
mod round_trip;
mod writer;

use std::sync::Arc;

use belcheer_cog::{Cog, CogError, Limits};
use object_store::{ObjectStoreExt, memory::InMemory, path::Path};

/// Opens `bytes` as a raster in memory.
fn open(bytes: Vec<u8>) -> Result<Cog, CogError> {
    open_within(bytes, Limits::default())
}

fn open_within(bytes: Vec<u8>, limits: Limits) -> Result<Cog, CogError> {
    futures::executor::block_on(async {
        let store = Arc::new(InMemory::new());
        let path = Path::from("raster.tif");
        store.put(&path, bytes.into()).await.unwrap();
        Cog::open(store, path, limits).await
    })
}
