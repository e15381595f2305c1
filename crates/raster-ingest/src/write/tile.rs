//! One tile as stored: values, prepared by a predictor, compressed.
//!
//! - plain: as they are
//! - differences, for integers (TIFF 6.0 section 14): `v[i] - v[i - 1]` along a row, modulo the type's range
//! - byte planes, for floats (Adobe Photoshop TIFF Technical Note 3, 2005): a row's highest bytes first, then the next
//!   ones, and differences of bytes over all of it
//! - bits, for masks: eight cells in a byte, highest bit first

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor, Decompressor};
use zstd::bulk;

use super::sample::Sample;
use crate::options::Compression;

/// Level of libdeflate, measured on soum rasters; see `benches`.
const LEVEL: i32 = 1;

/// Level of Zstandard.
const ZSTD_LEVEL: i32 = 3;

/// How values are prepared before they are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Plain,
    Differences,
    BytePlanes,
    Bits,
}

/// How the tiles of an image are coded.
#[derive(Debug, Clone, Copy)]
pub struct TileCodec {
    pub coding: Coding,
    pub compression: Compression,
    /// Bytes of a sample, and TIFF's number of its format.
    pub sample: (usize, u16),
}

/// What a thread keeps between tiles.
struct Bench {
    compressor: Compressor,
    decompressor: Decompressor,
    /// Made when first needed.
    zstd: Option<bulk::Compressor<'static>>,
    unzstd: Option<bulk::Decompressor<'static>>,
    prepared: Vec<u8>,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::new(Bench {
        compressor: Compressor::new(CompressionLvl::new(LEVEL).unwrap_or_default()),
        decompressor: Decompressor::new(),
        zstd: None,
        unzstd: None,
        prepared: Vec::new(),
    });
}

/// A stored tile that does not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

impl TileCodec {
    /// The codec for values: classes are not differenced.
    pub fn values<T: Sample>(classes: bool, compression: Compression) -> Self {
        let coding = match (classes, T::FLOAT) {
            (true, _) => Coding::Plain,
            (_, true) => Coding::BytePlanes,
            (_, false) => Coding::Differences,
        };
        Self { coding, compression, sample: (size_of::<T>(), T::FORMAT) }
    }

    /// The codec for masks.
    pub fn mask() -> Self {
        Self { coding: Coding::Bits, compression: Compression::Deflate, sample: (1, 1) }
    }

    /// Most bytes that a tile of `raw` bytes takes.
    pub fn bytes_max(raw: usize) -> usize {
        // deflate stores blocks of at least 5000 bytes with 5 bytes each; Zstandard's own bound is larger
        raw + raw.div_ceil(256) + 128
    }

    /// Codes a tile of rows of `block` values.
    pub fn encode<T: Sample>(self, values: &[T], block: usize) -> Vec<u8> {
        BENCH.with_borrow_mut(|bench| {
            let Bench { compressor, zstd, prepared, .. } = bench;
            let raw: &[u8] = bytemuck::cast_slice(values);
            let prepared = match self.coding {
                Coding::Plain => raw,
                Coding::Differences => {
                    prepared.resize(raw.len(), 0);
                    for (row, out) in values.chunks(block).zip(prepared.chunks_mut(block * size_of::<T>())) {
                        T::differences(row, out);
                    }
                    prepared.as_slice()
                }
                Coding::BytePlanes => {
                    prepared.resize(raw.len(), 0);
                    let row_bytes = block * size_of::<T>();
                    for (row, out) in raw.chunks(row_bytes).zip(prepared.chunks_mut(row_bytes)) {
                        to_planes(row, size_of::<T>(), out);
                    }
                    prepared.as_slice()
                }
                Coding::Bits => {
                    prepared.clear();
                    let bit = |v: &T| u8::from(*v != T::default());
                    let byte = |eight: &[T]| eight.iter().fold(0, |byte, v| (byte << 1) | bit(v));
                    prepared.extend(values.chunks(8).map(byte));
                    prepared.as_slice()
                }
            };
            let mut out = vec![0; Self::bytes_max(prepared.len()).max(compressor.zlib_compress_bound(prepared.len()))];
            // the bound is never too small
            let bytes = match self.compression {
                Compression::Deflate => compressor.zlib_compress(prepared, &mut out).unwrap_or(0),
                Compression::Zstd => zstd_compressor(zstd)
                    .and_then(|zstd| zstd.compress_to_buffer(prepared, out.as_mut_slice()).ok())
                    .unwrap_or(0),
            };
            out.truncate(bytes);
            out
        })
    }

    /// Decodes a tile into `values`.
    pub fn decode<T: Sample>(self, stored: &[u8], block: usize, values: &mut [T]) -> Result<(), Damaged> {
        BENCH.with_borrow_mut(|bench| {
            let Bench { decompressor, unzstd, prepared, .. } = bench;
            let mut inflate = |into: &mut [u8]| {
                let bytes = match self.compression {
                    Compression::Deflate => decompressor.zlib_decompress(stored, into).ok(),
                    Compression::Zstd => {
                        zstd_decompressor(unzstd).and_then(|zstd| zstd.decompress_to_buffer(stored, into).ok())
                    }
                };
                if bytes == Some(into.len()) { Ok(()) } else { Err(Damaged) }
            };
            match self.coding {
                Coding::Plain => inflate(bytemuck::cast_slice_mut(values))?,
                Coding::Differences => {
                    inflate(bytemuck::cast_slice_mut(values))?;
                    values.chunks_mut(block).for_each(T::sums);
                }
                Coding::BytePlanes => {
                    prepared.resize(size_of_val(values), 0);
                    inflate(prepared)?;
                    let row_bytes = block * size_of::<T>();
                    let raw: &mut [u8] = bytemuck::cast_slice_mut(values);
                    for (row, out) in prepared.chunks_mut(row_bytes).zip(raw.chunks_mut(row_bytes)) {
                        from_planes(row, size_of::<T>(), out);
                    }
                }
                Coding::Bits => {
                    prepared.resize(values.len().div_ceil(8), 0);
                    inflate(prepared)?;
                    for (byte, eight) in prepared.iter().zip(values.chunks_mut(8)) {
                        for (i, value) in eight.iter_mut().enumerate() {
                            *value = if (byte >> (7 - i)) & 1 == 1 { T::MASKED_IN } else { T::default() };
                        }
                    }
                }
            }
            Ok(())
        })
    }
}

fn zstd_compressor<'a>(kept: &'a mut Option<bulk::Compressor<'static>>) -> Option<&'a mut bulk::Compressor<'static>> {
    if kept.is_none() {
        *kept = bulk::Compressor::new(ZSTD_LEVEL).ok();
    }
    kept.as_mut()
}

fn zstd_decompressor<'a>(
    kept: &'a mut Option<bulk::Decompressor<'static>>,
) -> Option<&'a mut bulk::Decompressor<'static>> {
    if kept.is_none() {
        *kept = bulk::Decompressor::new().ok();
    }
    kept.as_mut()
}

/// Where the `plane`-th highest byte lies in a sample.
const fn place(plane: usize, sample_bytes: usize) -> usize {
    if cfg!(target_endian = "little") { sample_bytes - 1 - plane } else { plane }
}

fn to_planes(row: &[u8], sample_bytes: usize, out: &mut [u8]) {
    for (plane, out) in out.chunks_mut(row.len() / sample_bytes).enumerate() {
        for (byte, out) in row.iter().skip(place(plane, sample_bytes)).step_by(sample_bytes).zip(out) {
            *out = *byte;
        }
    }
    let mut before = 0_u8;
    for byte in out {
        (*byte, before) = (byte.wrapping_sub(before), *byte);
    }
}

fn from_planes(row: &mut [u8], sample_bytes: usize, out: &mut [u8]) {
    let mut sum = 0_u8;
    for byte in row.iter_mut() {
        sum = sum.wrapping_add(*byte);
        *byte = sum;
    }
    for (plane, bytes) in row.chunks(row.len() / sample_bytes).enumerate() {
        for (out, byte) in out.iter_mut().skip(place(plane, sample_bytes)).step_by(sample_bytes).zip(bytes) {
            *out = *byte;
        }
    }
}

/// A check number of a tile's values: four lanes of multiply and xor over 64-bit words.
pub fn hash<T: Sample>(values: &[T]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let bytes: &[u8] = bytemuck::cast_slice(values);
    let mut lanes = [1_u64, 2, 3, 4];
    let mut add = |chunk: &[u8]| {
        for (lane, word) in lanes.iter_mut().zip(chunk.chunks(8)) {
            let mut eight = [0; 8];
            eight.iter_mut().zip(word).for_each(|(to, from)| *to = *from);
            *lane = (*lane ^ u64::from_le_bytes(eight)).wrapping_mul(FACTOR).rotate_left(29);
        }
    };
    let chunks = bytes.chunks_exact(32);
    let rest = chunks.remainder();
    chunks.for_each(&mut add);
    add(rest);
    lanes.iter().fold(bytes.len() as u64, |hash, lane| (hash ^ lane).wrapping_mul(FACTOR).rotate_left(31))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn comes_back<T: Sample + std::fmt::Debug>(codec: TileCodec, values: &[T]) {
        if codec.coding != Coding::Bits && codec.compression == Compression::Deflate {
            comes_back(TileCodec { compression: Compression::Zstd, ..codec }, values);
        }
        let stored = codec.encode(values, 8);
        assert!(stored.len() <= TileCodec::bytes_max(size_of_val(values)));
        let mut back = vec![T::default(); values.len()];
        assert_eq!(codec.decode(&stored, 8, &mut back), Ok(()));
        assert_eq!(hash(&back), hash(values));
        let bytes = |v: &[T]| bytemuck::cast_slice::<T, u8>(v).to_vec();
        assert_eq!(bytes(&back), bytes(values));
    }

    proptest! {
        #[test]
        fn tiles_come_back(bits in proptest::collection::vec(any::<u64>(), 64), classes: bool) {
            let as_all = |f: fn(u64) -> f64| bits.iter().map(|b| f(*b)).collect::<Vec<f64>>();
            comes_back(TileCodec::values::<f64>(classes, Compression::Deflate), &as_all(f64::from_bits));
            macro_rules! whole {
                ($($type:ty),*) => {$(
                    let values: Vec<$type> = bits.iter().map(|b| *b as $type).collect();
                    comes_back(TileCodec::values::<$type>(classes, Compression::Deflate), &values);
                )*};
            }
            whole!(u8, u16, i16, u32, i32);
            let floats: Vec<f32> = bits.iter().map(|b| f32::from_bits(*b as u32)).collect();
            comes_back(TileCodec::values::<f32>(classes, Compression::Deflate), &floats);
            let mask: Vec<u8> = bits.iter().map(|b| if b & 1 == 1 { 255 } else { 0 }).collect();
            comes_back(TileCodec::mask(), &mask);
        }
    }

    #[test]
    fn damage_and_difference_are_seen() {
        for compression in [Compression::Deflate, Compression::Zstd] {
            let codec = TileCodec::values::<i16>(false, compression);
            let stored = codec.encode(&[7_i16; 64], 8);
            assert_eq!(codec.decode(&stored, 8, &mut [0_i16; 65]), Err(Damaged));
            assert_eq!(codec.decode(&stored[..stored.len() - 1], 8, &mut [0_i16; 64]), Err(Damaged));
        }
        assert_ne!(hash(&[1_i16, 2]), hash(&[2_i16, 1]));
        assert_ne!(hash(&[0_u8; 3]), hash(&[0_u8; 4]));
    }
}
