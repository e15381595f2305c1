//! The container: a little-endian TIFF or BigTIFF with all directories at its front.
//!
//! Every image's number of tiles is known before the first tile, so room for the directories is left at the front of
//! the file, tiles are appended in the order they come, and the directories are written last (TIFF 6.0, BigTIFF).

use std::{fs::File, io, os::unix::fs::FileExt, path::Path};

use super::tile::{Coding, TileCodec};
use crate::options::Compression;

/// TIFF field types.
const SHORT: u16 = 3;
const LONG: u16 = 4;
const LONG8: u16 = 16;
/// Tiles begin at multiples of this after the directories.
const ALIGNMENT: u64 = 16;
/// The numbers of compressions: Adobe deflate, and the one that GDAL gave Zstandard.
const DEFLATE: u64 = 8;
const ZSTD: u64 = 50000;

/// One field of a directory, in bytes as stored.
#[derive(Debug, Clone)]
pub struct Tag {
    pub tag: u16,
    pub kind: u16,
    pub count: u64,
    pub bytes: Vec<u8>,
}

impl Tag {
    fn numbers(tag: u16, kind: u16, values: &[u64]) -> Self {
        let size = match kind {
            SHORT => 2,
            LONG => 4,
            _ => 8,
        };
        let bytes = values.iter().flat_map(|v| v.to_le_bytes().into_iter().take(size)).collect();
        Self { tag, kind, count: values.len() as u64, bytes }
    }
}

/// What an image of the file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Values,
    Mask,
}

/// Place, length and check number of a stored tile.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stored {
    pub offset: u64,
    pub bytes: u32,
    /// Hash of the tile's values before coding.
    pub hash: u64,
}

/// One image: the raster, its mask, or an overview of either.
#[derive(Debug, Clone)]
pub struct Image {
    pub width: usize,
    pub height: usize,
    pub bands: usize,
    pub block: usize,
    pub role: Role,
    /// 0 for full size.
    pub level: usize,
    pub codec: TileCodec,
    /// Tiles: band by band, row by row.
    pub tiles: Vec<Stored>,
}

impl Image {
    /// An image without tiles yet.
    pub fn new(size: (usize, usize), bands: usize, block: usize, role: Role, codec: TileCodec) -> Self {
        let (width, height) = size;
        let tiles = width.div_ceil(block) * height.div_ceil(block) * bands;
        Self { width, height, bands, block, role, level: 0, codec, tiles: vec![Stored::default(); tiles] }
    }

    /// The same image at another level and size.
    pub fn overview(&self, level: usize, (width, height): (usize, usize)) -> Self {
        let tiles = width.div_ceil(self.block) * height.div_ceil(self.block) * self.bands;
        Self { width, height, level, tiles: vec![Stored::default(); tiles], ..self.clone() }
    }

    /// Tiles in a row.
    pub fn across(&self) -> usize {
        self.width.div_ceil(self.block)
    }

    /// Rows of tiles.
    pub fn down(&self) -> usize {
        self.height.div_ceil(self.block)
    }

    /// The place of a tile among [`Self::tiles`].
    pub fn index(&self, band: usize, col: usize, row: usize) -> usize {
        (band * self.down() + row) * self.across() + col
    }

    /// Columns and rows of a tile that lie inside the image.
    pub fn inside(&self, col: usize, row: usize) -> (usize, usize) {
        (self.block.min(self.width - col * self.block), self.block.min(self.height - row * self.block))
    }

    /// The directory's fields in order of their tags.
    fn fields(&self, place: &[Tag], big: bool) -> Vec<Tag> {
        let bits = if self.role == Role::Mask { 1 } else { self.codec.sample.0 as u64 * 8 };
        let purpose = u64::from(self.level > 0) | if self.role == Role::Mask { 4 } else { 0 };
        let photometric = if self.role == Role::Mask { 4 } else { 1 };
        let predictor = match self.codec.coding {
            Coding::Plain | Coding::Bits => 1,
            Coding::Differences => 2,
            Coding::BytePlanes => 3,
        };
        let compression = match self.codec.compression {
            Compression::Deflate => DEFLATE,
            Compression::Zstd => ZSTD,
        };
        let offsets: Vec<u64> = self.tiles.iter().map(|t| t.offset).collect();
        let byte_counts: Vec<u64> = self.tiles.iter().map(|t| u64::from(t.bytes)).collect();
        let side = self.block as u64;
        let mut fields = vec![
            Tag::numbers(254, LONG, &[purpose]),
            Tag::numbers(256, LONG, &[self.width as u64]),
            Tag::numbers(257, LONG, &[self.height as u64]),
            Tag::numbers(258, SHORT, &vec![bits; self.bands]),
            Tag::numbers(259, SHORT, &[compression]),
            Tag::numbers(262, SHORT, &[photometric]),
            Tag::numbers(277, SHORT, &[self.bands as u64]),
            Tag::numbers(284, SHORT, &[if self.bands > 1 { 2 } else { 1 }]),
            Tag::numbers(317, SHORT, &[predictor]),
            Tag::numbers(322, LONG, &[side]),
            Tag::numbers(323, LONG, &[side]),
            Tag::numbers(324, if big { LONG8 } else { LONG }, &offsets),
            Tag::numbers(325, LONG, &byte_counts),
        ];
        if self.bands > 1 {
            fields.push(Tag::numbers(338, SHORT, &vec![0; self.bands - 1]));
        }
        if self.role == Role::Values {
            fields.push(Tag::numbers(339, SHORT, &vec![u64::from(self.codec.sample.1); self.bands]));
            let kept = place.iter().filter(|t| self.level == 0 || t.tag == super::geo_tags::NODATA);
            fields.extend(kept.cloned());
        }
        fields
    }
}

/// A file being written.
#[derive(Debug)]
pub struct TiffFile {
    file: File,
    place: Vec<Tag>,
    big: bool,
    end: u64,
}

impl TiffFile {
    /// Starts a file that will hold `images`; `place` are the tags of the full image.
    pub fn create(path: &Path, images: &[Image], place: Vec<Tag>) -> io::Result<Self> {
        let tile_bytes =
            |i: &Image| (i.tiles.len() as u64) * TileCodec::bytes_max(i.block * i.block * i.codec.sample.0) as u64;
        let most: u64 = images.iter().map(tile_bytes).sum::<u64>() + directories(images, &place, true).len() as u64;
        let big = most > u64::from(u32::MAX);
        let end = (directories(images, &place, big).len() as u64).next_multiple_of(ALIGNMENT);
        let file = File::options().read(true).write(true).create_new(true).open(path)?;
        Ok(Self { file, place, big, end })
    }

    /// Appends a coded tile.
    pub fn append(&mut self, bytes: &[u8], hash: u64) -> io::Result<Stored> {
        self.file.write_all_at(bytes, self.end)?;
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        let stored = Stored { offset: self.end, bytes: length, hash };
        self.end += bytes.len() as u64;
        Ok(stored)
    }

    /// Reads a stored tile.
    pub fn read(&self, tile: Stored, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.resize(tile.bytes as usize, 0);
        self.file.read_exact_at(bytes, tile.offset)
    }

    /// Writes the directories.
    pub fn finish(self, images: &[Image]) -> io::Result<()> {
        self.file.write_all_at(&directories(images, &self.place, self.big), 0)
    }
}

/// The front of the file: its first bytes and all directories. Its length does not depend on where tiles lie.
fn directories(images: &[Image], place: &[Tag], big: bool) -> Vec<u8> {
    let word = |value: u64| value.to_le_bytes().into_iter().take(if big { 8 } else { 4 });
    let (field_bytes, word_bytes) = if big { (20, 8) } else { (12, 4) };
    let mut out: Vec<u8> = if big { b"II+\0\x08\0\0\0".to_vec() } else { b"II*\0".to_vec() };
    out.extend(word(if big { 16 } else { 8 }));
    for (i, image) in images.iter().enumerate() {
        let fields = image.fields(place, big);
        let count_bytes = if big { 8 } else { 2 };
        out.extend((fields.len() as u64).to_le_bytes().into_iter().take(count_bytes));
        let mut values_at = out.len() + fields.len() * field_bytes + word_bytes;
        let mut values = Vec::new();
        for field in &fields {
            out.extend(field.tag.to_le_bytes());
            out.extend(field.kind.to_le_bytes());
            out.extend(word(field.count));
            if field.bytes.len() <= word_bytes {
                out.extend(field.bytes.iter().copied().chain(std::iter::repeat(0)).take(word_bytes));
            } else {
                out.extend(word(values_at as u64));
                values.extend(&field.bytes);
                values.resize(values.len().next_multiple_of(8), 0);
                values_at += field.bytes.len().next_multiple_of(8);
            }
        }
        let last = i + 1 == images.len();
        let next = (out.len() + word_bytes + values.len()).next_multiple_of(8);
        out.extend(word(if last { 0 } else { next as u64 }));
        out.extend(values);
        out.resize(next, 0);
    }
    out
}
