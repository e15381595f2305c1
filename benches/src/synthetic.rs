//! Small inputs for the kernel benches, the same on every run.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use libdeflater::{CompressionLvl, Compressor};

/// A ring with bays and headlands of so many vertices around a centre, as a zone.
#[must_use]
pub fn zone(centre: (f64, f64), radius: f64, vertices: usize) -> MultiPolygon<f64> {
    let point = |n: usize| {
        let angle = n as f64 / vertices as f64 * std::f64::consts::TAU;
        let shore = 1.0 + 0.2 * (3.0 * angle).sin() + 0.05 * (17.0 * angle).cos() + 0.01 * (211.0 * angle).sin();
        Coord { x: centre.0 + radius * shore * angle.cos(), y: centre.1 + radius * shore * angle.sin() }
    };
    MultiPolygon(vec![Polygon::new(LineString((0..vertices).map(point).collect()), Vec::new())])
}

/// Smooth whole numbers with some noise, as of a vegetation index, and -3000 in one cell of twenty.
#[must_use]
pub fn cells(rows: usize, cols: usize) -> Vec<i16> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let cell = |at: usize, noise: u64| {
        let (row, col) = ((at / cols) as f64, (at % cols) as f64);
        let smooth = 3000.0 + 1200.0 * (row / 97.0).sin() + 900.0 * (col / 61.0).cos();
        if noise.is_multiple_of(20) { -3000 } else { smooth as i16 + (noise % 121) as i16 - 60 }
    };
    (0..rows * cols).map(|at| cell(at, next())).collect()
}

/// Side of a tile.
pub const TILE: usize = 256;

/// The tiles of a square raster as DEFLATE streams with predictor 2, row after row; `cells` is a whole number of
/// tiles wide.
#[must_use]
pub fn compressed_tiles(cells: &[i16], side: usize) -> Vec<Vec<u8>> {
    let mut compressor = Compressor::new(CompressionLvl::default());
    let mut tiles = Vec::new();
    for (tile_row, tile_col) in (0..side / TILE).flat_map(|row| (0..side / TILE).map(move |col| (row, col))) {
        let mut differences = Vec::with_capacity(TILE * TILE);
        for row in cells.chunks_exact(side).skip(tile_row * TILE).take(TILE) {
            let mut before = 0_i16;
            for &cell in row.iter().skip(tile_col * TILE).take(TILE) {
                differences.push(cell.wrapping_sub(before).to_le());
                before = cell;
            }
        }
        let bytes: &[u8] = bytemuck::cast_slice(&differences);
        let mut stream = vec![0; compressor.zlib_compress_bound(bytes.len())];
        // the bound always suffices
        let length = compressor.zlib_compress(bytes, &mut stream).unwrap_or(0);
        stream.truncate(length);
        tiles.push(stream);
    }
    tiles
}

/// A tiled GeoTIFF of one int16 band with nodata -3000, made of such tiles.
#[must_use]
pub fn tiled_tiff(tiles: &[Vec<u8>], side: usize) -> Vec<u8> {
    let nodata = b"-3000\0";
    let count = tiles.len() as u32;
    let mut file = b"II*\0\0\0\0\0".to_vec();
    let mut offsets = Vec::new();
    for tile in tiles {
        offsets.extend((file.len() as u32).to_le_bytes());
        file.extend(tile);
    }
    let lengths: Vec<u8> = tiles.iter().flat_map(|tile| (tile.len() as u32).to_le_bytes()).collect();
    let mut append = |bytes: &[u8]| {
        let at = file.len() as u32;
        file.extend(bytes);
        file.resize(file.len().next_multiple_of(4), 0);
        at
    };
    let (at_offsets, at_lengths, at_nodata) = (append(&offsets), append(&lengths), append(nodata));
    let directory = file.len() as u32;
    let (short, long, ascii) = (3_u16, 4_u16, 2_u16);
    let (side, tile) = (side as u32, TILE as u32);
    let entries: [(u16, u16, u32, u32); 13] = [
        (256, long, 1, side),
        (257, long, 1, side),
        (258, short, 1, 16),
        (259, short, 1, 8),
        (262, short, 1, 1),
        (277, short, 1, 1),
        (317, short, 1, 2),
        (322, long, 1, tile),
        (323, long, 1, tile),
        (324, long, count, at_offsets),
        (325, long, count, at_lengths),
        (339, short, 1, 2),
        (42113, ascii, nodata.len() as u32, at_nodata),
    ];
    file.extend((entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    if let Some(place) = file.get_mut(4..8) {
        place.copy_from_slice(&directory.to_le_bytes());
    }
    file
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use belcheer_cog::{Cog, Limits, Samples};
    use object_store::{ObjectStoreExt, memory::InMemory, path::Path};

    use super::*;

    #[test]
    fn the_raster_holds_the_cells() {
        let side = 2 * TILE;
        let values = cells(side, side);
        let file = tiled_tiff(&compressed_tiles(&values, side), side);
        futures::executor::block_on(async {
            let (store, path) = (Arc::new(InMemory::new()), Path::from("cells.tif"));
            store.put(&path, file.into()).await.unwrap();
            let cog = Cog::open(store, path, Limits::default()).await.unwrap();
            assert_eq!(cog.nodata(), Some(-3000.0));
            assert_eq!(cog.read_band(0).await.unwrap().samples, Samples::I16(values));
        });
    }

    #[test]
    fn a_zone_has_its_vertices() {
        let zone = zone((105.0, 45.0), 3.0, 256);
        assert_eq!(zone.0.first().map(|part| part.exterior().0.len()), Some(257));
    }
}
