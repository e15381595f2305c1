//! One image of the file: its size, sample type and the places of its tiles.
//!
//! A strip is read as a tile as wide as the image. All sizes are checked against [`Limits`] before the tile index
//! is loaded, and the index against the number of tiles before it is used.

use std::ops::Range;

use belcheer_domain::PixelType;

use crate::{
    codec::Compression,
    error::{CogError, TileFault, malformed, unsupported, within},
    ifd::{ByteOrder, Directory},
    limits::Limits,
    predictor::Predictor,
    source::Source,
    tags,
};

/// What an image is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Values,
    Mask,
}

/// How one sample is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stored {
    Typed(PixelType),
    Bit,
}

impl Stored {
    pub(crate) const fn bits(self) -> u64 {
        match self {
            Self::Bit => 1,
            Self::Typed(PixelType::U8 | PixelType::I8) => 8,
            Self::Typed(PixelType::U16 | PixelType::I16) => 16,
            Self::Typed(PixelType::U32 | PixelType::I32 | PixelType::F32) => 32,
            Self::Typed(PixelType::F64) => 64,
        }
    }
}

/// One image of the file.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) bands: u32,
    pub(crate) stored: Stored,
    pub(crate) order: ByteOrder,
    pub(crate) compression: Compression,
    pub(crate) predictor: Predictor,
    /// Columns and rows of a tile.
    pub(crate) tile_cols: u32,
    pub(crate) tile_rows: u32,
    pub(crate) tiles_across: u32,
    pub(crate) tiles_down: u32,
    pub(crate) tiled: bool,
    /// Samples of one cell that lie together in a tile: 1, or all bands where they are interleaved.
    pub(crate) interleaved: u32,
    /// Bytes of one row of a tile.
    pub(crate) row_bytes: usize,
    offsets: Vec<u64>,
    byte_counts: Option<Vec<u64>>,
    file_bytes: u64,
}

impl Layer {
    pub(crate) async fn read(
        directory: &Directory,
        source: &mut Source,
        limits: &Limits,
        role: Role,
    ) -> Result<Self, CogError> {
        let width = side(directory, source, tags::IMAGE_WIDTH, limits).await?;
        let height = side(directory, source, tags::IMAGE_LENGTH, limits).await?;
        within("number of cells", u64::from(width) * u64::from(height), limits.cells)?;
        let bands = directory.number(source, tags::SAMPLES_PER_PIXEL).await?.unwrap_or(1);
        let bands = within("number of bands", bands, u64::from(limits.bands))? as u32;
        if bands == 0 {
            return Err(malformed("SamplesPerPixel", "it is zero"));
        }
        refuse_colour_models(directory, source).await?;
        let stored = stored_as(directory, source, role).await?;
        let compression = match directory.number(source, tags::COMPRESSION).await?.unwrap_or(1) {
            1 => Compression::None,
            5 => Compression::Lzw,
            8 | 32946 => Compression::Deflate,
            50000 => Compression::Zstd,
            other => return Err(unsupported(compression_name(other))),
        };
        let predictor = predictor(directory, source, compression, stored).await?;
        let interleaved = match directory.number(source, tags::PLANAR_CONFIGURATION).await?.unwrap_or(1) {
            1 => bands,
            2 => 1,
            other => return Err(unsupported(format!("planar configuration {other}"))),
        };
        let shape = Shape::read(directory, source, width, height, limits).await?;
        let row_bytes = (u64::from(shape.cols) * u64::from(interleaved) * stored.bits()).div_ceil(8);
        let tile_bytes = row_bytes.saturating_mul(u64::from(shape.rows));
        within("size of a tile in bytes", tile_bytes, limits.tile_bytes)?;
        let tiles_across = width.div_ceil(shape.cols);
        let tiles_down = height.div_ceil(shape.rows);
        let planes = u64::from(bands / interleaved);
        let tiles = u64::from(tiles_across).saturating_mul(u64::from(tiles_down)).saturating_mul(planes);
        let index = Index::read(directory, source, limits, shape.tiled, tiles, compression).await?;
        Ok(Self {
            width,
            height,
            bands,
            stored,
            order: directory.order,
            compression,
            predictor,
            tile_cols: shape.cols,
            tile_rows: shape.rows,
            tiles_across,
            tiles_down,
            tiled: shape.tiled,
            interleaved,
            row_bytes: row_bytes as usize,
            offsets: index.offsets,
            byte_counts: index.byte_counts,
            file_bytes: source.file_bytes(),
        })
    }

    /// Bytes of one decoded tile.
    pub(crate) const fn tile_bytes(&self) -> usize {
        self.row_bytes * self.tile_rows as usize
    }

    /// Bytes that a decoded tile of tile row `row` must have at least: a last strip may be short.
    pub(crate) fn needed_bytes(&self, row: u32) -> usize {
        if self.tiled {
            return self.tile_bytes();
        }
        let rows_left = self.height.saturating_sub(row.saturating_mul(self.tile_rows));
        self.row_bytes * rows_left.min(self.tile_rows) as usize
    }

    /// Where the tile at `(row, col)` of `band` is stored; `None` where it never was.
    pub(crate) fn tile_range(&self, band: u32, row: u32, col: u32) -> Result<Option<Range<u64>>, TileFault> {
        let plane = u64::from(if self.interleaved == 1 { band } else { 0 });
        let place =
            (plane * u64::from(self.tiles_down) + u64::from(row)) * u64::from(self.tiles_across) + u64::from(col);
        let place = usize::try_from(place).map_err(|_| TileFault::PastEnd)?;
        let offset = self.offsets.get(place).copied().ok_or(TileFault::PastEnd)?;
        let stored = match &self.byte_counts {
            Some(counts) => counts.get(place).copied().ok_or(TileFault::PastEnd)?,
            None if offset == 0 => 0,
            None => self.needed_bytes(row) as u64,
        };
        if stored == 0 {
            return Ok(None);
        }
        if offset == 0 {
            return Err(TileFault::NoOffset);
        }
        // The worst case of every codec here is below twice the decoded size.
        let most = 2 * self.tile_bytes() as u64 + 4096;
        if stored > most {
            return Err(TileFault::TooLong { stored, most });
        }
        let end = offset.checked_add(stored).filter(|end| *end <= self.file_bytes).ok_or(TileFault::PastEnd)?;
        Ok(Some(offset..end))
    }
}

/// Size of the tiles, or of the strips.
struct Shape {
    cols: u32,
    rows: u32,
    tiled: bool,
}

impl Shape {
    async fn read(
        directory: &Directory,
        source: &mut Source,
        width: u32,
        height: u32,
        limits: &Limits,
    ) -> Result<Self, CogError> {
        let tiled = directory.has(tags::TILE_OFFSETS) || directory.has(tags::TILE_WIDTH);
        let (cols, rows) = if tiled {
            let cols = directory.number(source, tags::TILE_WIDTH).await?;
            let rows = directory.number(source, tags::TILE_LENGTH).await?;
            cols.zip(rows).ok_or(malformed("tile size", "its width or length is missing"))?
        } else {
            let rows = directory.number(source, tags::ROWS_PER_STRIP).await?.unwrap_or(u64::from(height));
            (u64::from(width), rows.min(u64::from(height)))
        };
        if cols == 0 || rows == 0 {
            return Err(malformed("tile size", "it is zero"));
        }
        within("number of cells in a tile", cols.saturating_mul(rows), limits.tile_cells)?;
        // Within the product's limit neither side is above it; a limit beyond 2^32 changes nothing here.
        match (u32::try_from(cols), u32::try_from(rows)) {
            (Ok(cols), Ok(rows)) => Ok(Self { cols, rows, tiled }),
            _ => Err(malformed("tile size", "it does not fit in 32 bits")),
        }
    }
}

/// Places and lengths of the tiles.
struct Index {
    offsets: Vec<u64>,
    byte_counts: Option<Vec<u64>>,
}

impl Index {
    async fn read(
        directory: &Directory,
        source: &mut Source,
        limits: &Limits,
        tiled: bool,
        tiles: u64,
        compression: Compression,
    ) -> Result<Self, CogError> {
        let (offset_tag, count_tag) = if tiled && directory.has(tags::TILE_OFFSETS) {
            (tags::TILE_OFFSETS, tags::TILE_BYTE_COUNTS)
        } else {
            (tags::STRIP_OFFSETS, tags::STRIP_BYTE_COUNTS)
        };
        within("size of the tile index in bytes", tiles.saturating_mul(16), limits.header_bytes)?;
        let offsets = directory.numbers(source, offset_tag, limits.header_bytes).await?;
        let offsets = offsets.ok_or(malformed("tile index", "the offsets are missing"))?;
        let byte_counts = directory.numbers(source, count_tag, limits.header_bytes).await?;
        if byte_counts.is_none() && compression != Compression::None {
            return Err(malformed("tile index", "the byte counts are missing"));
        }
        let shortest = byte_counts.as_ref().map_or(offsets.len(), |counts| counts.len().min(offsets.len()));
        if (shortest as u64) < tiles {
            return Err(malformed("tile index", "it has fewer entries than the image has tiles"));
        }
        Ok(Self { offsets, byte_counts })
    }
}

async fn side(directory: &Directory, source: &mut Source, tag: u16, limits: &Limits) -> Result<u32, CogError> {
    let side = directory.number(source, tag).await?.ok_or(malformed(tags::name(tag), "it is missing"))?;
    match within(tags::name(tag), side, u64::from(limits.side))? {
        0 => Err(malformed(tags::name(tag), "it is zero")),
        side => Ok(side as u32),
    }
}

/// Refuses samples that are not plain numbers in the order of the bands.
async fn refuse_colour_models(directory: &Directory, source: &mut Source) -> Result<(), CogError> {
    match directory.number(source, tags::PHOTOMETRIC).await?.unwrap_or(1) {
        0..=5 => {}
        6 => return Err(unsupported("the YCbCr colour model")),
        other => return Err(unsupported(format!("photometric interpretation {other}"))),
    }
    let extra = directory.numbers(source, tags::EXTRA_SAMPLES, 1 << 16).await?;
    if extra.is_some_and(|kinds| kinds.iter().any(|kind| matches!(kind, 1 | 2))) {
        // Alpha is a mask under another name; taking its band for values would hide what is missing.
        return Err(unsupported("an alpha band"));
    }
    match directory.number(source, tags::FILL_ORDER).await?.unwrap_or(1) {
        1 => Ok(()),
        other => Err(unsupported(format!("fill order {other}"))),
    }
}

async fn stored_as(directory: &Directory, source: &mut Source, role: Role) -> Result<Stored, CogError> {
    let bits = uniform(directory, source, tags::BITS_PER_SAMPLE).await?;
    let format = uniform(directory, source, tags::SAMPLE_FORMAT).await?;
    let stored = match (format, bits) {
        (1 | 4, 1) if role == Role::Mask => Stored::Bit,
        (1 | 4, 8) => Stored::Typed(PixelType::U8),
        (1, 16) if role == Role::Values => Stored::Typed(PixelType::U16),
        (1, 32) if role == Role::Values => Stored::Typed(PixelType::U32),
        (2, 8) if role == Role::Values => Stored::Typed(PixelType::I8),
        (2, 16) if role == Role::Values => Stored::Typed(PixelType::I16),
        (2, 32) if role == Role::Values => Stored::Typed(PixelType::I32),
        (3, 32) if role == Role::Values => Stored::Typed(PixelType::F32),
        (3, 64) if role == Role::Values => Stored::Typed(PixelType::F64),
        (1 | 4, bits) => return Err(unsupported(format!("{bits}-bit unsigned integer samples"))),
        (2, bits) => return Err(unsupported(format!("{bits}-bit signed integer samples"))),
        (3, bits) => return Err(unsupported(format!("{bits}-bit floating-point samples"))),
        (5 | 6, bits) => return Err(unsupported(format!("{bits}-bit complex samples"))),
        (other, _) => return Err(unsupported(format!("sample format {other}"))),
    };
    Ok(stored)
}

/// The one value that `tag` gives for all bands; 1 without the tag.
async fn uniform(directory: &Directory, source: &mut Source, tag: u16) -> Result<u64, CogError> {
    let Some(values) = directory.numbers(source, tag, 1 << 16).await? else { return Ok(1) };
    match values.split_first() {
        Some((first, rest)) if rest.iter().all(|value| value == first) => Ok(*first),
        Some(_) => Err(unsupported(format!("{} that differs between bands", tags::name(tag)))),
        None => Err(malformed(tags::name(tag), "it holds no value")),
    }
}

async fn predictor(
    directory: &Directory,
    source: &mut Source,
    compression: Compression,
    stored: Stored,
) -> Result<Predictor, CogError> {
    let code = directory.number(source, tags::PREDICTOR).await?.unwrap_or(1);
    // The predictor belongs to the compressor: uncompressed tiles have none whatever the tag says.
    if compression == Compression::None {
        return Ok(Predictor::None);
    }
    match (code, stored) {
        (1, _) => Ok(Predictor::None),
        (2, Stored::Typed(_)) => Ok(Predictor::Horizontal),
        (3, Stored::Typed(PixelType::F32 | PixelType::F64)) => Ok(Predictor::FloatingPoint),
        (other, _) => Err(unsupported(format!("predictor {other} for this sample type"))),
    }
}

fn compression_name(code: u64) -> String {
    let name = match code {
        2..=4 => "CCITT fax",
        6 | 7 => "JPEG",
        32773 => "PackBits",
        33003 | 33005 | 34712 => "JPEG 2000",
        34887 => "LERC",
        34925 => "LZMA",
        50001 => "WebP",
        50002 => "JPEG XL",
        _ => return format!("compression {code}"),
    };
    format!("{name} compression")
}
