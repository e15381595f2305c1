//! Decoding the tiles of a raster in memory, beside the limit: libdeflate and the predictor alone.

#![expect(clippy::expect_used, reason = "a bench whose own input is wrong must stop")]

use std::sync::Arc;

use belcheer_benches::synthetic::{TILE, cells, compressed_tiles, tiled_tiff};
use belcheer_cog::{Cog, Limits};
use divan::Bencher;
use divan::counter::BytesCount;
use libdeflater::Decompressor;
use object_store::{ObjectStoreExt, memory::InMemory, path::Path};

const SIDE: usize = 2048;

fn main() {
    divan::main();
}

fn opened() -> Cog {
    let file = tiled_tiff(&compressed_tiles(&cells(SIDE, SIDE), SIDE), SIDE);
    futures::executor::block_on(async {
        let (store, path) = (Arc::new(InMemory::new()), Path::from("cells.tif"));
        store.put(&path, file.into()).await.expect("memory takes all");
        Cog::open(store, path, Limits::default()).await.expect("a readable raster")
    })
}

/// Tile by tile through the reader, with the mask of missing cells.
#[divan::bench]
fn tiles(bencher: Bencher) {
    let cog = opened();
    bencher.counter(BytesCount::new(SIDE * SIDE * 2)).bench(|| {
        for window in cog.tiles(0) {
            divan::black_box(futures::executor::block_on(cog.read_window(0, window)).expect("a whole tile"));
        }
    });
}

/// The whole band in one request, on the threads that the reader takes.
#[divan::bench]
fn band(bencher: Bencher) {
    let cog = opened();
    bencher.counter(BytesCount::new(SIDE * SIDE * 2)).bench(|| futures::executor::block_on(cog.read_band(0)));
}

/// What cannot be avoided.
#[divan::bench]
fn limit_libdeflate(bencher: Bencher) {
    let tiles = compressed_tiles(&cells(SIDE, SIDE), SIDE);
    let mut room = vec![0_i16; TILE * TILE];
    let mut decoder = Decompressor::new();
    bencher.counter(BytesCount::new(SIDE * SIDE * 2)).bench_local(|| {
        for tile in &tiles {
            decoder.zlib_decompress(tile, bytemuck::cast_slice_mut(&mut room)).expect("a whole stream");
            for row in room.chunks_exact_mut(TILE) {
                let mut before = 0_i16;
                for value in row {
                    before = before.wrapping_add(*value);
                    *value = before;
                }
            }
            divan::black_box(&room);
        }
    });
}
