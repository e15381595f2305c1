//! A TIFF's header, checked before GDAL sees the file: no allocation is asked for on the word of the file alone.
//!
//! Limits follow the sizes that rangeland work needs with room to spare; every product is computed with checks.
//! Pages other than the first are overviews, masks or further images: their headers are checked the same way, so a
//! hostile overview is refused too. Block tables of the first page and its masks must lie inside the file, which is how
//! an incomplete download is told.

mod fault;
mod ifd;
mod page;

use std::{
    collections::BTreeSet,
    io::{Read, Seek},
};

pub use fault::HeaderFault;
pub use ifd::Tiff;
pub use page::{Compression, Page, check_size};

/// Most pages in a file.
const PAGES_MAX: usize = 64;
/// Tag of pointers to pages outside the chain.
const SUB_IFDS: u16 = 330;
/// Tag of GDAL's nodata text.
const GDAL_NODATA: u16 = 42113;

/// What the header says, within limits.
#[derive(Debug)]
pub struct TiffHeader {
    /// The first page, whose values are read.
    pub page: Page,
    /// Further pages of full resolution that are not read.
    pub further_images: usize,
    /// GDAL's nodata text.
    pub nodata_text: Option<String>,
}

/// Reads and checks the header.
///
/// # Errors
/// When the header is damaged, asks for more than the limits, or points outside the file.
pub fn check(reader: impl Read + Seek) -> Result<TiffHeader, HeaderFault> {
    let mut tiff = Tiff::open(reader)?;
    let mut seen = BTreeSet::new();
    let mut next = tiff.first_ifd;
    let mut first = None;
    let mut further_images = 0;
    while next != 0 {
        if !seen.insert(next) {
            return Err(HeaderFault::PageLoop);
        }
        if seen.len() > PAGES_MAX {
            return Err(HeaderFault::TooManyPages { max: PAGES_MAX });
        }
        let ifd = tiff.ifd(next)?;
        next = ifd.next;
        let page = Page::read(&mut tiff, &ifd)?;
        if first.is_none() || page.is_mask() {
            page.check_blocks(&mut tiff)?;
        } else if !page.is_reduced() {
            further_images += 1;
        }
        if let Some(children) = ifd.entries.get(&SUB_IFDS) {
            for child in tiff.numbers(children, PAGES_MAX as u64)? {
                let ifd = tiff.ifd(child)?;
                Page::read(&mut tiff, &ifd)?;
            }
        }
        if first.is_none() {
            let nodata = ifd.entries.get(&GDAL_NODATA).map(|entry| tiff.text(entry)).transpose()?;
            first = Some((page, nodata));
        }
    }
    let (page, nodata_text) = first.ok_or(HeaderFault::NoPage)?;
    Ok(TiffHeader { page, further_images, nodata_text })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use belcheer_tests::limits::documented;

    use super::*;

    /// A one-strip little-endian TIFF of given entries `(tag, type, count, value)`; data of 64 bytes at the end.
    fn tiff(entries: &[(u16, u16, u32, u32)], next: u32) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        bytes.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(count.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        bytes.extend(next.to_le_bytes());
        bytes.extend([0; 64]);
        bytes
    }

    fn small(width: u32, height: u32, strip_bytes: u32) -> Vec<(u16, u16, u32, u32)> {
        vec![(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (273, 4, 1, 90), (279, 4, 1, strip_bytes)]
    }

    fn check_bytes(bytes: Vec<u8>) -> Result<TiffHeader, HeaderFault> {
        check(Cursor::new(bytes))
    }

    #[test]
    fn a_small_header_passes() {
        let header = check_bytes(tiff(&small(8, 5, 40), 0)).unwrap();
        assert_eq!((header.page.width, header.page.height, header.further_images), (8, 5, 0));
        assert_eq!(header.page.compression, Compression::None);
    }

    #[test]
    fn hostile_headers_are_told_apart() {
        let fault = |bytes| check_bytes(bytes).unwrap_err().code();
        assert_eq!(fault(tiff(&small(1 << 31, 1 << 31, 40), 0)), "too_large");
        assert_eq!(fault(tiff(&small(200_000, 200_000, 40), 0)), "too_large");
        assert_eq!(fault(tiff(&small(0, 5, 40), 0)), "header_damaged");
        assert_eq!(fault(tiff(&small(8, 5, 4000), 0)), "incomplete_file");
        assert_eq!(fault(tiff(&small(8, 5, 40), 8)), "header_damaged");
        assert_eq!(fault(tiff(&small(8, 5, 40), 1 << 30)), "incomplete_file");
        assert_eq!(fault(b"II*\0\x08\0\0\0".to_vec()), "incomplete_file");
        let mut many = small(8, 5, 40);
        many.push((277, 3, 1, 65529));
        assert_eq!(fault(tiff(&many, 0)), "too_many_bands");
        let mut tiles = small(8, 5, 40);
        tiles.extend([(322, 4, 1, 1 << 30), (323, 4, 1, 1 << 30), (324, 4, 1, 90), (325, 4, 1, 40)]);
        assert_eq!(fault(tiff(&tiles, 0)), "block_too_large");
        let mut webp = small(8, 5, 40);
        webp.push((259, 3, 1, 50001));
        assert_eq!(fault(tiff(&webp, 0)), "compression_not_read");
        let mut long = small(8, 5, 40);
        long.push((42112, 2, u32::MAX, 8));
        assert_eq!(fault(tiff(&long, 0)), "header_damaged");
    }

    #[test]
    fn the_table_of_limits_is_true() {
        for (limit, value) in [
            ("SIDE_MAX", page::SIDE_MAX),
            ("CELLS_MAX", page::CELLS_MAX),
            ("BANDS_MAX", page::BANDS_MAX),
            ("BLOCK_BYTES_MAX", page::BLOCK_BYTES_MAX),
            ("DECODED_BYTES_MAX", page::DECODED_BYTES_MAX),
            ("BLOCKS_MAX", page::BLOCKS_MAX),
            ("FREE_DECODED_BYTES", page::FREE_DECODED_BYTES),
            ("PACKED_RATIO_MAX", page::PACKED_RATIO_MAX),
            ("PAGES_MAX", PAGES_MAX as u64),
            ("ENTRIES_MAX", ifd::ENTRIES_MAX),
            ("VALUE_BYTES_MAX", ifd::VALUE_BYTES_MAX),
        ] {
            assert_eq!(documented(limit), value, "{limit}");
        }
    }

    #[test]
    fn a_bomb_of_tiles_is_told_by_its_header() {
        // 64 x 64 tiles of 1024 x 1024 bytes, all of them the same 64 bytes
        let tables = |count: u32| {
            let mut entries = small(65_536, 65_536, 40);
            entries.retain(|(tag, ..)| ![273, 279].contains(tag));
            entries.extend([(259, 3, 1, 8), (322, 4, 1, 1024), (323, 4, 1, 1024)]);
            entries.extend([(324, 4, count, 200), (325, 4, count, 200 + 4 * count)]);
            let mut file = tiff(&entries, 0);
            file.resize(200, 0);
            file.extend((0..count).flat_map(|_| 150_u32.to_le_bytes()));
            file.extend((0..count).flat_map(|_| 40_u32.to_le_bytes()));
            file
        };
        assert_eq!(check_bytes(tables(64 * 64)).unwrap_err().code(), "too_large", "more cells than a band may have");
        let mut fewer = tables(64 * 64);
        // 61 440 columns and rows, 8 bits: 3.8e9 cells, below what is free
        for at in [8 + 2 + 8, 8 + 2 + 12 + 8] {
            fewer[at..at + 4].copy_from_slice(&61_440_u32.to_le_bytes());
        }
        assert!(check_bytes(fewer.clone()).is_ok());
        // the same with 16 bits is beyond it
        fewer[8 + 2 + 24 + 8..8 + 2 + 24 + 10].copy_from_slice(&16_u16.to_le_bytes());
        assert_eq!(check_bytes(fewer).unwrap_err().code(), "packed_too_densely");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), big: bool) {
            let mut file = if big { b"II+\0\x08\0\0\0".to_vec() } else { b"II*\0\x08\0\0\0".to_vec() };
            file.extend(bytes);
            drop(check_bytes(file));
        }

        #[test]
        fn no_entry_values_panic(tag in 254_u16..340, kind in 0_u16..20, count: u32, value: u32, next in 0_u32..200) {
            let mut entries = small(8, 5, 40);
            entries.insert(0, (tag, kind, count, value));
            drop(check_bytes(tiff(&entries, next)));
        }
    }
}
