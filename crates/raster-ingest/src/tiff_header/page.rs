//! One page of a TIFF: size, layout and compression, within limits.

use std::io::{Read, Seek};

use super::{
    HeaderFault,
    ifd::{Ifd, Tiff},
};

/// Most columns or rows.
pub const SIDE_MAX: u64 = 200_000;
/// Most cells of a band.
pub const CELLS_MAX: u64 = 4_000_000_000;
/// Most bands.
pub const BANDS_MAX: u64 = 32;
/// Most bytes of a decoded tile or compressed strip.
pub const BLOCK_BYTES_MAX: u64 = 64 << 20;
/// Most bytes of all bands decoded.
pub const DECODED_BYTES_MAX: u64 = 64 << 30;
/// Decoded bytes up to which it does not matter how densely they are packed.
pub const FREE_DECODED_BYTES: u64 = 4 << 30;
/// Most decoded bytes for a packed byte beyond that; blocks that are left out of the file do not count.
pub const PACKED_RATIO_MAX: u64 = 200;
/// Most tiles or strips.
pub const BLOCKS_MAX: u64 = 1 << 24;

/// How blocks are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// Without loss: LZW, deflate, PackBits or ZSTD.
    Lossless,
    /// LERC, with or without loss as its writer chose.
    Lerc,
    /// JPEG, always with loss.
    Jpeg,
}

impl Compression {
    fn of(number: u64) -> Result<Self, HeaderFault> {
        let name = match number {
            1 => return Ok(Self::None),
            5 | 8 | 32_946 | 32_773 | 50_000 => return Ok(Self::Lossless),
            7 => return Ok(Self::Jpeg),
            34_887 => return Ok(Self::Lerc),
            2..=4 => "CCITT fax",
            6 => "old-style JPEG",
            34_712 => "JPEG 2000",
            34_925 => "LZMA",
            50_001 => "WebP",
            50_002 => "JPEG XL",
            other => return Err(HeaderFault::Compression { name: format!("number {other}") }),
        };
        Err(HeaderFault::Compression { name: name.to_owned() })
    }
}

/// A page's size, layout and compression.
#[derive(Debug, Clone)]
pub struct Page {
    /// Columns.
    pub width: u64,
    /// Rows.
    pub height: u64,
    /// How blocks are compressed.
    pub compression: Compression,
    subfile: u64,
    blocks: u64,
    /// Bytes of one block, decoded.
    block_bytes: u64,
    offsets: Option<super::ifd::Entry>,
    byte_counts: Option<super::ifd::Entry>,
}

impl Page {
    /// Reads and checks a page's directory.
    pub fn read<R: Read + Seek>(tiff: &mut Tiff<R>, ifd: &Ifd) -> Result<Self, HeaderFault> {
        let mut field = |tag: u16, name: &'static str| -> Result<Option<u64>, HeaderFault> {
            let Some(entry) = ifd.entries.get(&tag) else { return Ok(None) };
            tiff.numbers(entry, 1)?.first().copied().map(Some).ok_or(HeaderFault::Field { tag, name })
        };
        let positive = |value: Option<u64>, tag, name| match value {
            Some(value) if value > 0 => Ok(value),
            _ => Err(HeaderFault::Field { tag, name }),
        };
        let width = positive(field(256, "width")?, 256, "width")?;
        let height = positive(field(257, "height")?, 257, "height")?;
        let bits = positive(field(258, "bits per sample")?.or(Some(1)), 258, "bits per sample")?;
        let compression = Compression::of(field(259, "compression")?.unwrap_or(1))?;
        let bands = positive(field(277, "samples per pixel")?.or(Some(1)), 277, "samples per pixel")?;
        let separate = field(284, "planar configuration")? == Some(2);
        let tile_width = field(322, "tile width")?;
        let tile_height = field(323, "tile height")?;
        let rows_per_strip = positive(field(278, "rows per strip")?.or(Some(height)), 278, "rows per strip")?;
        let subfile = field(254, "kind of page")?.unwrap_or(0);
        check_size(width, height, bands, bits)?;
        let tiled = tile_width.is_some() || tile_height.is_some();
        let (block_width, block_height) = if tiled {
            (positive(tile_width, 322, "tile width")?, positive(tile_height, 323, "tile height")?)
        } else {
            (width, rows_per_strip.min(height))
        };
        let bands_per_block = if separate { 1 } else { bands };
        let block_bytes = bytes_of(block_width, block_height, bands_per_block, bits);
        // plain strips are cut into small pieces by readers
        let cut = compression == Compression::None && !tiled;
        if block_bytes > BLOCK_BYTES_MAX && !cut {
            return Err(HeaderFault::BlockTooLarge { bytes: block_bytes });
        }
        let planes = if separate { bands } else { 1 };
        let blocks = width.div_ceil(block_width) * height.div_ceil(block_height) * planes;
        if blocks > BLOCKS_MAX {
            return Err(HeaderFault::TooManyBlocks { blocks });
        }
        let table = |tiles: u16, strips: u16| {
            let preferred = if tiled { ifd.entries.get(&tiles) } else { None };
            preferred.or(ifd.entries.get(&strips)).copied()
        };
        let (offsets, byte_counts) = (table(324, 273), table(325, 279));
        Ok(Self { width, height, compression, subfile, blocks, block_bytes, offsets, byte_counts })
    }

    /// Whether this is an overview.
    pub fn is_reduced(&self) -> bool {
        self.subfile & 1 != 0
    }

    /// Whether this is a mask of full size.
    pub fn is_mask(&self) -> bool {
        self.subfile & 4 != 0 && !self.is_reduced()
    }

    /// Checks that every block lies inside the file, a block of no bytes being empty, and that all of them together
    /// do not decode to absurdly more than they are.
    pub fn check_blocks<R: Read + Seek>(&self, tiff: &mut Tiff<R>) -> Result<(), HeaderFault> {
        let offsets = self.offsets.ok_or(HeaderFault::Field { tag: 273, name: "block offsets" })?;
        if offsets.count < self.blocks {
            return Err(HeaderFault::Field { tag: 273, name: "block offsets" });
        }
        let Some(byte_counts) = self.byte_counts else {
            // lengths of plain blocks follow from the image
            if self.compression == Compression::None {
                return Ok(());
            }
            return Err(HeaderFault::Field { tag: 279, name: "block lengths" });
        };
        if byte_counts.count < self.blocks {
            return Err(HeaderFault::Field { tag: 279, name: "block lengths" });
        }
        let offsets = tiff.numbers(&offsets, self.blocks)?;
        let byte_counts = tiff.numbers(&byte_counts, self.blocks)?;
        let (mut held, mut packed) = (0_u64, 0_u64);
        for (block, (offset, bytes)) in (1..).zip(offsets.iter().zip(&byte_counts)) {
            let empty = *offset == 0 || *bytes == 0;
            if !empty && offset.checked_add(*bytes).is_none_or(|end| end > tiff.len) {
                return Err(HeaderFault::BlockBeyondEnd { block, blocks: self.blocks });
            }
            if !empty {
                held += 1;
                packed = packed.saturating_add(*bytes);
            }
        }
        // blocks may share their bytes: the file holds no more than it is long
        let packed = packed.min(tiff.len);
        let decoded = held.saturating_mul(self.block_bytes);
        if decoded > FREE_DECODED_BYTES && decoded / PACKED_RATIO_MAX > packed {
            return Err(HeaderFault::Bomb { decoded, packed });
        }
        Ok(())
    }
}

/// Checks a raster's size against the limits.
pub fn check_size(width: u64, height: u64, bands: u64, bits: u64) -> Result<(), HeaderFault> {
    if width > SIDE_MAX || height > SIDE_MAX || width * height > CELLS_MAX {
        return Err(HeaderFault::TooLarge { width, height });
    }
    if bands > BANDS_MAX {
        return Err(HeaderFault::TooManyBands { bands, max: BANDS_MAX });
    }
    if bits > 64 {
        return Err(HeaderFault::Field { tag: 258, name: "bits per sample" });
    }
    if bytes_of(width, height, bands, bits) > DECODED_BYTES_MAX {
        return Err(HeaderFault::TooLarge { width, height });
    }
    Ok(())
}

/// Bytes of a block, saturating.
fn bytes_of(width: u64, height: u64, bands: u64, bits: u64) -> u64 {
    width.saturating_mul(height).saturating_mul(bands).saturating_mul(bits).div_ceil(8)
}
