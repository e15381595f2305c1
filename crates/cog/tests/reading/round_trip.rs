//! Every sample type x compression x predictor x layout x container comes back as it was written.

use std::sync::Arc;

use belcheer_cog::{Cog, CogError, Limits, Window, WindowSamples};
use belcheer_domain::PixelType;
use futures::executor::block_on;
use object_store::{local::LocalFileSystem, path::Path};
use proptest::prelude::*;
use rayon::prelude::*;

use crate::{
    open,
    writer::{Container, DEFLATE, Image, LZW, NONE, TYPES, ZSTD, write},
};

fn whole(image: &Image) -> Window {
    Window { row: 0, col: 0, rows: image.height, cols: image.width }
}

fn assert_window(image: &Image, band: u32, window: Window, read: &WindowSamples) {
    assert_eq!(read.window, window);
    assert_eq!(read.samples.pixel_type(), image.pixel_type);
    assert_eq!(read.samples.len() as u64, window.cells());
    let mut index = 0;
    for row in window.row..window.row + window.rows {
        for col in window.col..window.col + window.cols {
            let expected = (image.value)(image.pixel_type, band, row, col);
            assert_eq!(read.samples.get_f64(index), Some(expected), "band {band} row {row} col {col} of {image:?}");
            index += 1;
        }
    }
}

fn every_image() -> Vec<Image> {
    let mut images = Vec::new();
    for pixel_type in TYPES {
        let floating = matches!(pixel_type, PixelType::F32 | PixelType::F64);
        for compression in [NONE, LZW, DEFLATE, 32946, ZSTD] {
            for predictor in 1..=3 {
                if (predictor == 3 && !floating) || (predictor > 1 && compression == NONE) {
                    continue;
                }
                for (bands, planes_apart) in [(1, false), (3, false), (3, true)] {
                    for tile in [(16, 16), (32, 16), (0, 5), (0, 64)] {
                        images.push(Image {
                            pixel_type,
                            compression,
                            predictor,
                            bands,
                            planes_apart,
                            tile,
                            ..Image::default()
                        });
                    }
                }
            }
        }
    }
    images
}

#[test]
fn every_layout_comes_back() {
    let images = every_image();
    assert_eq!(images.len(), (8 * (1 + 4 * 2) + 2 * 4) * 12);
    for image in &images {
        for (big_endian, big_tiff) in [(false, false), (true, false), (false, true), (true, true)] {
            let cog = open(write(std::slice::from_ref(image), Container { big_endian, big_tiff })).unwrap();
            assert_eq!((cog.width(), cog.height(), cog.bands()), (image.width, image.height, image.bands));
            assert_eq!(cog.pixel_type(), image.pixel_type);
            assert_eq!(cog.is_tiled(), image.tile.0 != 0);
            for band in 0..image.bands {
                let read = block_on(cog.read_band(band)).unwrap();
                assert_window(image, band, whole(image), &read);
                assert_eq!(read.valid, None);
            }
        }
    }
}

#[test]
fn tiles_cover_the_raster_once() {
    for tile in [(16, 16), (0, 5)] {
        let image = Image { tile, bands: 2, ..Image::default() };
        let cog = open(write(std::slice::from_ref(&image), Container::default())).unwrap();
        let mut seen = vec![0; (image.width * image.height) as usize];
        for window in cog.tiles(0) {
            assert_window(&image, 1, window, &block_on(cog.read_window(1, window)).unwrap());
            for row in window.row..window.row + window.rows {
                for col in window.col..window.col + window.cols {
                    seen[(row * image.width + col) as usize] += 1;
                }
            }
        }
        assert!(seen.iter().all(|times| *times == 1));
        assert_eq!(cog.tiles(1).count(), 0);
    }
    let image = Image::default();
    let cog = open(write(std::slice::from_ref(&image), Container::default())).unwrap();
    let corner = block_on(cog.read_tile(0, 0, 1, 2)).unwrap();
    assert_window(&image, 0, Window { row: 16, col: 32, rows: 13, cols: 5 }, &corner);
    assert!(matches!(block_on(cog.read_tile(0, 0, 2, 0)), Err(CogError::Outside { .. })));
    assert!(matches!(block_on(cog.read_tile(0, 0, u32::MAX, u32::MAX)), Err(CogError::Outside { .. })));
}

#[test]
fn windows_outside_are_refused_and_empty_ones_are_empty() {
    let cog = open(write(&[Image::default()], Container::default())).unwrap();
    let read = |row, col, rows, cols| block_on(cog.read_window(0, Window { row, col, rows, cols }));
    assert!(read(29, 37, 0, 0).unwrap().samples.is_empty());
    assert!(read(3, 3, 5, 0).unwrap().samples.is_empty());
    assert!(matches!(read(29, 0, 1, 1), Err(CogError::Outside { .. })));
    assert!(matches!(read(0, 36, 1, 2), Err(CogError::Outside { .. })));
    assert!(matches!(read(u32::MAX, 0, u32::MAX, 1), Err(CogError::Outside { .. })));
    let one = Window { row: 0, col: 0, rows: 1, cols: 1 };
    assert!(matches!(block_on(cog.read_window(1, one)), Err(CogError::NoBand { band: 1, bands: 1 })));
    assert!(matches!(block_on(cog.read_window_at(1, 0, one)), Err(CogError::NoLevel { level: 1, levels: 1 })));
}

/// The same bytes whoever waits: no runtime, a tokio runtime, or more tasks of rayon's pool than it has threads.
#[test]
fn reads_from_anywhere() {
    let image = Image { width: 300, height: 200, pixel_type: PixelType::F32, predictor: 3, ..Image::default() };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("r.tif"), write(std::slice::from_ref(&image), Container::default())).unwrap();
    let store = Arc::new(LocalFileSystem::new_with_prefix(folder.path()).unwrap());
    let cog = block_on(Cog::open(store.clone(), Path::from("r.tif"), Limits::default())).unwrap();
    let expected = block_on(cog.read_band(0)).unwrap();
    assert_window(&image, 0, whole(&image), &expected);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let read = runtime.block_on(async {
        let cog = Cog::open(store, Path::from("r.tif"), Limits::default()).await.unwrap();
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                tokio::spawn({
                    let cog = cog.clone();
                    async move { cog.read_band(0).await }
                })
            })
            .collect();
        let mut read = Vec::new();
        for task in tasks {
            read.push(task.await.unwrap().unwrap());
        }
        read
    });
    assert!(read.iter().all(|window| *window == expected));
    let all: Vec<_> = (0..64).into_par_iter().map(|_| block_on(cog.read_band(0)).unwrap() == expected).collect();
    assert!(all.into_iter().all(|same| same));
}

#[test]
fn a_missing_file_is_no_passing_fault() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(LocalFileSystem::new_with_prefix(folder.path()).unwrap());
    let error = block_on(Cog::open(store, Path::from("absent.tif"), Limits::default())).unwrap_err();
    assert!(matches!(error, CogError::Store { .. }));
    assert!(!error.is_transient());
}

proptest! {
    #[test]
    fn any_window_is_the_cells_of_the_whole(
        row in 0u32..29, col in 0u32..37, rows in 1u32..30, cols in 1u32..38,
        type_index in 0usize..8, strips: bool, big_endian: bool, planes_apart: bool, band in 0u32..3,
    ) {
        let window = Window { row, col, rows: rows.min(29 - row), cols: cols.min(37 - col) };
        let tile = if strips { (0, 7) } else { (16, 16) };
        let image = Image { pixel_type: TYPES[type_index], tile, bands: 3, planes_apart, predictor: 2, ..Image::default() };
        let cog = open(write(std::slice::from_ref(&image), Container { big_endian, big_tiff: false })).unwrap();
        assert_window(&image, band, window, &block_on(cog.read_window(band, window)).unwrap());
    }
}
