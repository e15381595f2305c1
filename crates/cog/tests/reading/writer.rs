//! A small TIFF writer: any sample type, compression, predictor, layout and byte order that the reader knows.

use belcheer_domain::PixelType;
use weezl::BitOrder;

pub const TYPES: [PixelType; 8] = [
    PixelType::U8,
    PixelType::I8,
    PixelType::U16,
    PixelType::I16,
    PixelType::U32,
    PixelType::I32,
    PixelType::F32,
    PixelType::F64,
];
pub const NONE: u64 = 1;
pub const LZW: u64 = 5;
pub const DEFLATE: u64 = 8;
pub const ZSTD: u64 = 50000;

/// One image to write.
#[derive(Debug, Clone)]
pub struct Image {
    pub width: u32,
    pub height: u32,
    pub bands: u32,
    pub pixel_type: PixelType,
    /// Columns and rows of a tile; strips of that many rows if the columns are 0.
    pub tile: (u32, u32),
    pub compression: u64,
    pub predictor: u64,
    pub planes_apart: bool,
    pub subfile_type: u64,
    /// Stored as a mask of single bits rather than samples.
    pub bits: bool,
    /// Indices of tiles that are never written.
    pub unwritten: Vec<usize>,
    pub value: fn(PixelType, u32, u32, u32) -> f64,
    /// Further entries: tag, field type, values as 64-bit patterns.
    pub more: Vec<(u16, u16, Vec<u64>)>,
}

/// The container to write into.
#[derive(Debug, Clone, Copy, Default)]
pub struct Container {
    pub big_endian: bool,
    pub big_tiff: bool,
}

impl Default for Image {
    fn default() -> Self {
        Self {
            width: 37,
            height: 29,
            bands: 1,
            pixel_type: PixelType::U16,
            tile: (16, 16),
            compression: DEFLATE,
            predictor: 1,
            planes_apart: false,
            subfile_type: 0,
            bits: false,
            unwritten: Vec::new(),
            value: scrambled,
            more: Vec::new(),
        }
    }
}

/// A value of the type that depends on the place and uses the type's whole range.
pub fn scrambled(pixel_type: PixelType, band: u32, row: u32, col: u32) -> f64 {
    let mut bits = (u64::from(band) << 40) ^ (u64::from(row) << 20) ^ u64::from(col);
    // Smooth in one half of the image, noise in the other.
    if col % 32 >= 8 {
        bits = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits ^= bits >> 29;
        bits = bits.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    match pixel_type {
        PixelType::U8 => f64::from(bits as u8),
        PixelType::I8 => f64::from(bits as i8),
        PixelType::U16 => f64::from(bits as u16),
        PixelType::I16 => f64::from(bits as i16),
        PixelType::U32 => f64::from(bits as u32),
        PixelType::I32 => f64::from(bits as i32),
        PixelType::F32 => f64::from(bits as i32 as f32 / 1024.0),
        PixelType::F64 => bits as i64 as f64 / 4096.0,
    }
}

impl Image {
    pub fn tile_size(&self) -> (u32, u32) {
        if self.tile.0 == 0 { (self.width, self.tile.1.min(self.height)) } else { self.tile }
    }

    fn sample_bits(&self) -> u64 {
        match self.pixel_type {
            _ if self.bits => 1,
            PixelType::U8 | PixelType::I8 => 8,
            PixelType::U16 | PixelType::I16 => 16,
            PixelType::U32 | PixelType::I32 | PixelType::F32 => 32,
            PixelType::F64 => 64,
        }
    }

    fn format(&self) -> u64 {
        match self.pixel_type {
            PixelType::U8 | PixelType::U16 | PixelType::U32 => 1,
            PixelType::I8 | PixelType::I16 | PixelType::I32 => 2,
            PixelType::F32 | PixelType::F64 => 3,
        }
    }

    /// The stored tiles in index order; `None` for those that are never written.
    fn tiles(&self, big_endian: bool) -> Vec<Option<Vec<u8>>> {
        let (cols, rows) = self.tile_size();
        let planes = if self.planes_apart { self.bands } else { 1 };
        let mut tiles = Vec::new();
        for plane in 0..planes {
            let bands = if self.planes_apart { plane..plane + 1 } else { 0..self.bands };
            for top in (0..self.height).step_by(rows as usize) {
                for left in (0..self.width).step_by(cols as usize) {
                    let rows = if self.tile.0 == 0 { rows.min(self.height - top) } else { rows };
                    let raw: Vec<u8> = (top..top + rows)
                        .flat_map(|row| self.row(row, left..left + cols, bands.clone(), big_endian))
                        .collect();
                    tiles.push((!self.unwritten.contains(&tiles.len())).then(|| compress(self.compression, &raw)));
                }
            }
        }
        tiles
    }

    fn row(&self, row: u32, cols: std::ops::Range<u32>, bands: std::ops::Range<u32>, big_endian: bool) -> Vec<u8> {
        let lag = bands.len();
        let values: Vec<f64> =
            cols.flat_map(|col| bands.clone().map(move |band| (self.value)(self.pixel_type, band, row, col))).collect();
        if self.bits {
            return values
                .chunks(8)
                .map(|eight| eight.iter().enumerate().fold(0, |byte, (i, v)| byte | (u8::from(*v != 0.0) << (7 - i))))
                .collect();
        }
        let words: Vec<u64> = values.iter().map(|value| self.pattern(*value)).collect();
        let bytes = self.sample_bits() as usize / 8;
        match self.predictor {
            2 => {
                let words: Vec<u64> = (0..words.len())
                    .map(|i| if i < lag { words[i] } else { words[i].wrapping_sub(words[i - lag]) })
                    .collect();
                ordered(&words, bytes, big_endian)
            }
            3 => {
                let big = ordered(&words, bytes, true);
                let planes: Vec<u8> =
                    (0..bytes).flat_map(|byte| big.iter().skip(byte).step_by(bytes)).copied().collect();
                (0..planes.len())
                    .map(|i| if i < lag { planes[i] } else { planes[i].wrapping_sub(planes[i - lag]) })
                    .collect()
            }
            _ => ordered(&words, bytes, big_endian),
        }
    }

    fn pattern(&self, value: f64) -> u64 {
        match self.pixel_type {
            PixelType::U8 => value as u8 as u64,
            PixelType::I8 => value as i8 as u64,
            PixelType::U16 => value as u16 as u64,
            PixelType::I16 => value as i16 as u64,
            PixelType::U32 => value as u32 as u64,
            PixelType::I32 => value as i32 as u64,
            PixelType::F32 => u64::from((value as f32).to_bits()),
            PixelType::F64 => value.to_bits(),
        }
    }

    fn entries(&self, offsets: Vec<u64>, byte_counts: Vec<u64>, long: u16) -> Vec<(u16, u16, Vec<u64>)> {
        let (cols, rows) = self.tile_size();
        let mut entries = vec![
            (254, 4, vec![self.subfile_type]),
            (256, 4, vec![u64::from(self.width)]),
            (257, 4, vec![u64::from(self.height)]),
            (258, 3, vec![self.sample_bits(); self.bands as usize]),
            (259, 3, vec![self.compression]),
            (262, 3, vec![if self.subfile_type & 4 != 0 { 4 } else { 1 }]),
            (277, 3, vec![u64::from(self.bands)]),
            (284, 3, vec![if self.planes_apart { 2 } else { 1 }]),
            (317, 3, vec![self.predictor]),
            (339, 3, vec![if self.bits { 1 } else { self.format() }; self.bands as usize]),
        ];
        if self.tile.0 == 0 {
            entries.extend([(273, long, offsets), (278, 4, vec![u64::from(rows)]), (279, 4, byte_counts)]);
        } else {
            entries.extend([(322, 3, vec![u64::from(cols)]), (323, 3, vec![u64::from(rows)])]);
            entries.extend([(324, long, offsets), (325, 4, byte_counts)]);
        }
        entries.extend(self.more.clone());
        entries.sort_by_key(|(tag, ..)| *tag);
        entries
    }
}

fn compress(compression: u64, raw: &[u8]) -> Vec<u8> {
    match compression {
        LZW => weezl::encode::Encoder::with_tiff_size_switch(BitOrder::Msb, 8).encode(raw).unwrap(),
        DEFLATE | 32946 => {
            let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
            let mut out = vec![0; compressor.zlib_compress_bound(raw.len())];
            let length = compressor.zlib_compress(raw, &mut out).unwrap();
            out.truncate(length);
            out
        }
        ZSTD => zstd::bulk::compress(raw, 3).unwrap(),
        _ => raw.to_vec(),
    }
}

/// The low `bytes` bytes of each word, in the given order.
fn ordered(words: &[u64], bytes: usize, big_endian: bool) -> Vec<u8> {
    let one = |word: &u64| {
        let little = word.to_le_bytes();
        let mut kept = little[..bytes].to_vec();
        if big_endian {
            kept.reverse();
        }
        kept
    };
    words.iter().flat_map(one).collect()
}

pub fn text(value: &str) -> Vec<u64> {
    value.bytes().chain([0]).map(u64::from).collect()
}

pub fn doubles(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// The file that holds `images`: tiles first, directories after them.
pub fn write(images: &[Image], container: Container) -> Vec<u8> {
    let Container { big_endian, big_tiff } = container;
    let number = |value: u64, bytes: usize| ordered(&[value], bytes, big_endian);
    let pointer = if big_tiff { 8 } else { 4 };
    let mut file = if big_endian { b"MM".to_vec() } else { b"II".to_vec() };
    file.extend(number(if big_tiff { 43 } else { 42 }, 2));
    if big_tiff {
        file.extend([number(8, 2), number(0, 2)].concat());
    }
    let mut link = file.len();
    file.extend(number(0, pointer));
    for image in images {
        let (mut offsets, mut byte_counts) = (Vec::new(), Vec::new());
        for tile in image.tiles(big_endian) {
            let tile = tile.unwrap_or_default();
            offsets.push(if tile.is_empty() { 0 } else { file.len() as u64 });
            byte_counts.push(tile.len() as u64);
            file.extend(tile);
        }
        let mut table = Vec::new();
        let entries = image.entries(offsets, byte_counts, if big_tiff { 16 } else { 4 });
        for (tag, field_type, values) in &entries {
            let width = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8][usize::from(*field_type)];
            let mut bytes = ordered(values, width, big_endian);
            if bytes.len() > pointer {
                let place = file.len() as u64;
                file.extend(bytes);
                bytes = number(place, pointer);
            }
            bytes.resize(pointer, 0);
            table.extend([number(u64::from(*tag), 2), number(u64::from(*field_type), 2)].concat());
            table.extend([number(values.len() as u64, pointer), bytes].concat());
        }
        let place = number(file.len() as u64, pointer);
        file[link..link + pointer].copy_from_slice(&place);
        file.extend(number(entries.len() as u64, if big_tiff { 8 } else { 2 }));
        file.extend(table);
        link = file.len();
        file.extend(number(0, pointer));
    }
    file
}
