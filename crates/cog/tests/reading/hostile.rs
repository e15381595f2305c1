//! Files made to harm: refused before anything is allocated for them, never a panic, never a wrong size.

use belcheer_cog::{CogError, Limits, TileFault, Window};
use belcheer_domain::PixelType;
use futures::executor::block_on;
use proptest::prelude::*;

use crate::{
    open, open_within,
    writer::{Container, DEFLATE, Image, LZW, NONE, TYPES, ZSTD, text, write},
};

/// The file with the first value (4 bytes, little-endian classic TIFF) of `tag` in the first directory changed.
fn patched(mut file: Vec<u8>, tag: u16, count: Option<u32>, value: u32) -> Vec<u8> {
    let at = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
    let entries = u16::from_le_bytes(file[at..at + 2].try_into().unwrap()) as usize;
    for entry in 0..entries {
        let start = at + 2 + 12 * entry;
        if file[start..start + 2] == tag.to_le_bytes() {
            if let Some(count) = count {
                file[start + 4..start + 8].copy_from_slice(&count.to_le_bytes());
            }
            file[start + 8..start + 12].copy_from_slice(&value.to_le_bytes());
            return file;
        }
    }
    panic!("no tag {tag}");
}

fn plain() -> Vec<u8> {
    write(&[Image::default()], Container::default())
}

#[test]
fn giant_headers_are_refused_before_allocation() {
    let limit = |file: Vec<u8>| match open(file) {
        Err(CogError::Limit { what, .. }) => what,
        other => panic!("not refused by a limit: {other:?}"),
    };
    assert_eq!(limit(patched(plain(), 256, None, 4_000_000_000)), "ImageWidth");
    let wide = patched(patched(plain(), 256, None, 200_000), 257, None, 200_000);
    assert_eq!(limit(wide), "number of cells");
    assert_eq!(limit(patched(plain(), 277, None, 65_529)), "number of bands");
    assert_eq!(limit(patched(patched(plain(), 322, None, 65_535), 323, None, 65_535)), "number of cells in a tile");
    assert_eq!(limit(patched(plain(), 324, Some(u32::MAX), 8)), "size of the header in bytes");
    let deep = Image { pixel_type: PixelType::F64, bands: 30, ..Image::default() };
    let deep = patched(patched(write(&[deep], Container::default()), 322, None, 4096), 323, None, 4096);
    assert_eq!(limit(deep), "size of a tile in bytes");
    let pages: Vec<Image> = (0..65).map(|_| Image { width: 1, height: 1, ..Image::default() }).collect();
    assert_eq!(limit(write(&pages, Container::default())), "number of directories");
    let metadata = Image { more: vec![(42112, 2, vec![32; (1 << 20) + 1])], ..Image::default() };
    assert_eq!(limit(write(&[metadata], Container::default())), "GDAL_METADATA");
    let mut crowded = plain();
    let directory = u32::from_le_bytes(crowded[4..8].try_into().unwrap()) as usize;
    crowded[directory..directory + 2].copy_from_slice(&u16::MAX.to_le_bytes());
    assert_eq!(limit(crowded), "number of directory entries");
}

#[test]
fn limits_above_the_format_stay_safe() {
    let mut limits = Limits::default();
    (limits.side, limits.cells, limits.tile_cells, limits.tile_bytes) = (u32::MAX, u64::MAX, u64::MAX, u64::MAX);
    (limits.window_cells, limits.header_bytes, limits.value_bytes) = (1 << 20, u64::MAX, u64::MAX);
    for side in [i32::MAX as u32, u32::MAX] {
        let file = patched(patched(plain(), 256, None, side), 257, None, side);
        assert!(open_within(file.clone(), limits).is_err());
        assert!(open_within(patched(patched(file, 322, None, 65_535), 323, None, 65_535), limits).is_err());
    }
    assert!(open_within(patched(plain(), 324, Some(u32::MAX), 8), limits).is_err());
}

#[test]
fn loops_of_directories_are_refused() {
    let mut file = write(&[Image::default(), Image::default()], Container::default());
    let end = file.len();
    let first: [u8; 4] = file[4..8].try_into().unwrap();
    file[end - 4..].copy_from_slice(&first);
    assert!(matches!(open(file), Err(CogError::Malformed { what: "directory chain", .. })));
    let mut itself = plain();
    let end = itself.len();
    let first: [u8; 4] = itself[4..8].try_into().unwrap();
    itself[end - 4..].copy_from_slice(&first);
    assert!(matches!(open(itself), Err(CogError::Malformed { what: "directory chain", .. })));
}

#[test]
fn what_is_not_read_is_refused_by_name() {
    let refused = |tag: u16, value: u32| match open(patched(plain(), tag, None, value)) {
        Err(CogError::Unsupported { what }) => what,
        other => panic!("not refused: {other:?}"),
    };
    assert_eq!(refused(259, 7), "JPEG compression");
    assert_eq!(refused(259, 34887), "LERC compression");
    assert_eq!(refused(259, 34712), "JPEG 2000 compression");
    assert_eq!(refused(259, 32773), "PackBits compression");
    assert_eq!(refused(259, 4711), "compression 4711");
    assert_eq!(refused(258, 1), "1-bit unsigned integer samples");
    assert_eq!(refused(258, 64), "64-bit unsigned integer samples");
    assert_eq!(refused(339, 6), "16-bit complex samples");
    assert_eq!(refused(339, 3), "16-bit floating-point samples");
    assert_eq!(refused(262, 6), "the YCbCr colour model");
    assert_eq!(refused(317, 3), "predictor 3 for this sample type");
    let alpha = Image { bands: 2, more: vec![(338, 3, vec![2])], ..Image::default() };
    let error = open(write(&[alpha], Container::default())).unwrap_err();
    assert!(error.to_string().starts_with("an alpha band is not supported"), "{error}");
}

#[test]
fn other_formats_are_not_tiff() {
    for bytes in [b"".to_vec(), b"I".to_vec(), b"II".to_vec(), b"<VRTDataset>...</VRTDataset>".to_vec(), vec![0; 99]] {
        assert!(matches!(open(bytes.clone()), Err(CogError::NotTiff)), "{bytes:?}");
    }
}

#[test]
fn bombs_stop_at_the_size_of_the_tile() {
    for compression in [DEFLATE, ZSTD, LZW] {
        // 4 MiB of zeros per tile, then declared to be tiles of 16 x 16.
        let bomb = Image { tile: (2048, 1024), compression, value: |_, _, _, _| 0.0, ..Image::default() };
        let file = patched(patched(write(&[bomb], Container::default()), 322, None, 64), 323, None, 32);
        let cog = open(file).unwrap();
        match block_on(cog.read_band(0)) {
            Err(CogError::Tile {
                fault: TileFault::Overlong { .. } | TileFault::Damaged | TileFault::TooLong { .. },
                ..
            }) => {}
            Ok(read) => assert_eq!((compression, read.samples.len()), (LZW, 37 * 29)),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn bad_tiles_are_named() {
    let fault = |file: Vec<u8>| match block_on(open(file).unwrap().read_band(0)) {
        Err(CogError::Tile { level: 0, row: 0, col: 0, fault }) => fault,
        other => panic!("{other:?}"),
    };
    for compression in [DEFLATE, ZSTD, LZW, NONE] {
        let one = Image { width: 16, compression, height: 16, ..Image::default() };
        let file = write(&[one], Container::default());
        assert_eq!(fault(patched(file.clone(), 324, None, file.len() as u32)), TileFault::PastEnd);
        assert_eq!(fault(patched(file.clone(), 324, None, 0)), TileFault::NoOffset);
        assert!(matches!(fault(patched(file.clone(), 325, None, 1 << 20)), TileFault::TooLong { .. }));
        assert!(matches!(fault(patched(file, 325, None, 40)), TileFault::Damaged | TileFault::Short { .. }));
    }
    let mut old = write(&[Image { width: 16, height: 16, compression: LZW, ..Image::default() }], Container::default());
    old[8..10].copy_from_slice(&[0, 1]);
    assert_eq!(fault(old), TileFault::OldLzw);
}

#[test]
fn windows_above_the_limit_are_refused() {
    let mut limits = Limits::default();
    limits.window_cells = 100;
    let cog = open_within(plain(), limits).unwrap();
    assert!(matches!(block_on(cog.read_band(0)), Err(CogError::Limit { .. })));
    assert!(block_on(cog.read_window(0, Window { row: 0, col: 0, rows: 10, cols: 10 })).is_ok());
}

/// Opens and reads everything; whatever is read has the size that was asked for.
fn survives(file: Vec<u8>) {
    let Ok(cog) = open(file) else { return };
    for level in 0..cog.levels() {
        for band in 0..cog.bands() {
            for window in cog.tiles(level).take(64) {
                if let Ok(read) = block_on(cog.read_window_at(level, band, window)) {
                    assert_eq!(read.samples.len() as u64, window.cells());
                    assert!(read.valid.is_none_or(|valid| valid.len() as u64 == window.cells()));
                }
            }
        }
    }
}

fn rich(type_index: usize, compression: usize, strips: bool) -> Vec<Image> {
    let pixel_type = TYPES[type_index % 8];
    let compression = [NONE, LZW, DEFLATE, ZSTD][compression % 4];
    let tile = if strips { (0, 7) } else { (16, 16) };
    let image = Image { pixel_type, compression, tile, predictor: 2, bands: 2, ..Image::default() };
    let overview = Image { width: 19, height: 15, subfile_type: 1, ..image.clone() };
    let mask = |image: &Image, kind| Image {
        bits: true,
        bands: 1,
        predictor: 1,
        pixel_type: PixelType::U8,
        subfile_type: kind,
        ..image.clone()
    };
    let (full_mask, small_mask) = (mask(&image, 4), mask(&overview, 5));
    let metadata = r#"<GDALMetadata><Item sample="1" role="offset">-1</Item></GDALMetadata>"#;
    let more =
        vec![(42112, 2, text(metadata)), (42113, 2, text("-9999")), (34735, 3, vec![1, 1, 0, 1, 2048, 0, 1, 4326])];
    vec![Image { more, ..image }, full_mask, overview, small_mask]
}

#[test]
fn every_cut_file_is_refused_or_read() {
    let file = write(&rich(3, 2, false), Container::default());
    for length in (0..file.len()).step_by(3) {
        survives(file[..length].to_vec());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn mutated_files_never_panic(
        type_index in 0usize..8, compression in 0usize..4, strips: bool, big_endian: bool, big_tiff: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..12),
    ) {
        let mut file = write(&rich(type_index, compression, strips), Container { big_endian, big_tiff });
        // Half of the changes hit the directories, which lie at the end.
        let tail = file.len().min(1600);
        for (place, byte, anywhere) in changes {
            let at = if anywhere { place.index(file.len()) } else { file.len() - 1 - place.index(tail) };
            file[at] = byte;
        }
        survives(file);
    }
}
