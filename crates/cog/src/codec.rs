//! Decompression of one tile into a buffer of exactly the tile's size.
//!
//! DEFLATE (RFC 1950) by libdeflate, ZSTD by libzstd, LZW (TIFF 6.0 section 13, high bit first, early change) by
//! weezl. No decoder writes past the buffer: a longer stream is a fault, and so is one shorter than `needed`.

use libdeflater::{DecompressionError, Decompressor};
use weezl::{BitOrder, LzwStatus};

use crate::error::TileFault;

/// How tiles are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Deflate,
    Lzw,
    Zstd,
}

/// Decoders of one thread, made when first needed and used again for every tile.
#[derive(Default)]
pub(crate) struct Codecs {
    deflate: Option<Decompressor>,
    zstd: Option<zstd::bulk::Decompressor<'static>>,
    lzw: Option<weezl::decode::Decoder>,
}

impl Codecs {
    /// Decodes `stored` into the front of `tile`, which holds a whole tile of which `needed` bytes must come.
    pub(crate) fn decode(
        &mut self,
        compression: Compression,
        stored: &[u8],
        tile: &mut [u8],
        needed: usize,
    ) -> Result<(), TileFault> {
        let expected = tile.len();
        let found = match compression {
            Compression::None => copy(stored, tile),
            Compression::Deflate => {
                let decoder = self.deflate.get_or_insert_with(Decompressor::new);
                decoder.zlib_decompress(stored, tile).map_err(|error| match error {
                    DecompressionError::InsufficientSpace => TileFault::Overlong { expected },
                    DecompressionError::BadData => TileFault::Damaged,
                })?
            }
            Compression::Lzw => self.lzw(stored, tile)?,
            Compression::Zstd => self.zstd(stored, tile)?,
        };
        if found < needed { Err(TileFault::Short { found, expected: needed }) } else { Ok(()) }
    }

    fn zstd(&mut self, stored: &[u8], tile: &mut [u8]) -> Result<usize, TileFault> {
        let decoder = match &mut self.zstd {
            Some(decoder) => decoder,
            none => none.insert(zstd::bulk::Decompressor::new().map_err(|_| TileFault::Damaged)?),
        };
        decoder.decompress_to_buffer(stored, tile).map_err(|_| TileFault::Damaged)
    }

    fn lzw(&mut self, stored: &[u8], tile: &mut [u8]) -> Result<usize, TileFault> {
        // Streams start with the clear code 256; low bit first, that is a zero byte and an odd one.
        if matches!(stored, [0, second, ..] if second & 1 == 1) {
            return Err(TileFault::OldLzw);
        }
        let decoder = self.lzw.get_or_insert_with(|| {
            weezl::decode::Configuration::with_tiff_size_switch(BitOrder::Msb, 8)
                .with_yield_on_full_buffer(true)
                .build()
        });
        decoder.reset();
        let (mut read, mut written) = (0, 0);
        loop {
            let input = stored.get(read..).unwrap_or_default();
            let output = tile.get_mut(written..).unwrap_or_default();
            if output.is_empty() {
                return Ok(written);
            }
            let step = decoder.decode_bytes(input, output);
            read += step.consumed_in;
            written += step.consumed_out;
            match step.status {
                Ok(LzwStatus::Ok) if step.consumed_in + step.consumed_out > 0 => {}
                Ok(_) => return Ok(written),
                Err(_) => return Err(TileFault::Damaged),
            }
        }
    }
}

fn copy(stored: &[u8], tile: &mut [u8]) -> usize {
    let length = stored.len().min(tile.len());
    match (tile.get_mut(..length), stored.get(..length)) {
        (Some(to), Some(from)) => to.copy_from_slice(from),
        _ => return 0,
    }
    length
}
