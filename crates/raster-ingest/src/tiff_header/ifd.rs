//! Directories of a TIFF or BigTIFF: entries and their values, never beyond the end of the file.

use std::{
    collections::BTreeMap,
    io::{Read, Seek, SeekFrom},
};

use super::HeaderFault;

/// Most entries in one directory.
pub const ENTRIES_MAX: u64 = 4096;
/// Longest value other than a block table, bytes.
pub const VALUE_BYTES_MAX: u64 = 16 << 20;
/// Tags of the block tables, whose length follows from the image.
const BLOCK_TABLES: [u16; 4] = [273, 279, 324, 325];
/// Longest block table, bytes: 2^24 blocks of 8 bytes.
const TABLE_BYTES_MAX: u64 = 8 << 24;

/// An open TIFF.
pub struct Tiff<R> {
    reader: R,
    /// Length of the file, bytes.
    pub len: u64,
    big_endian: bool,
    big: bool,
    /// Where the first directory lies.
    pub first_ifd: u64,
}

/// One entry: where its values lie.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    kind: u16,
    /// How many values.
    pub count: u64,
    at: u64,
}

/// One directory.
pub struct Ifd {
    /// Entries by tag; the first of equal tags counts.
    pub entries: BTreeMap<u16, Entry>,
    /// Where the next directory lies, or 0.
    pub next: u64,
}

/// Bytes of one value of a TIFF type.
fn value_bytes(kind: u16) -> Option<u64> {
    match kind {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16 | 17 | 18 => Some(8),
        _ => None,
    }
}

impl<R: Read + Seek> Tiff<R> {
    /// Reads the first bytes, which the caller knows to be a TIFF's.
    pub fn open(mut reader: R) -> Result<Self, HeaderFault> {
        let len = reader.seek(SeekFrom::End(0))?;
        let mut tiff = Self { reader, len, big_endian: false, big: false, first_ifd: 0 };
        let start = tiff.bytes(0, 8)?;
        tiff.big_endian = start.first() == Some(&b'M');
        tiff.big = tiff.number(start.get(2..4).unwrap_or_default()) == 43;
        tiff.first_ifd = if tiff.big {
            let offset = tiff.bytes(8, 8)?;
            tiff.number(&offset)
        } else {
            tiff.number(start.get(4..8).unwrap_or_default())
        };
        Ok(tiff)
    }

    fn bytes(&mut self, at: u64, n: u64) -> Result<Vec<u8>, HeaderFault> {
        if at.checked_add(n).is_none_or(|end| end > self.len) {
            return Err(HeaderFault::Incomplete);
        }
        self.reader.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![0; usize::try_from(n).map_err(|_| HeaderFault::Incomplete)?];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// An unsigned number of up to 8 bytes in the file's byte order.
    fn number(&self, bytes: &[u8]) -> u64 {
        let fold = |value: u64, byte: &u8| (value << 8) | u64::from(*byte);
        if self.big_endian { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) }
    }

    /// Reads the directory at an offset.
    pub fn ifd(&mut self, at: u64) -> Result<Ifd, HeaderFault> {
        let (count_bytes, entry_bytes, word) = if self.big { (8, 20, 8) } else { (2, 12, 4) };
        let count = self.bytes(at, count_bytes)?;
        let count = self.number(&count);
        if count > ENTRIES_MAX {
            return Err(HeaderFault::Field { tag: 0, name: "number of fields" });
        }
        let table_at = at + count_bytes;
        let table = self.bytes(table_at, count * entry_bytes + word)?;
        let mut entries = BTreeMap::new();
        for (i, raw) in (0..count).zip(table.chunks(entry_bytes as usize)) {
            let part = |from: usize, n: usize| self.number(raw.get(from..from + n).unwrap_or_default());
            let (tag, kind, values) = (part(0, 2) as u16, part(2, 2) as u16, part(4, word as usize));
            let inline_at = table_at + i * entry_bytes + 4 + word;
            let pointed = part(4 + word as usize, word as usize);
            // readers skip fields of types they do not know
            let Some(size) = value_bytes(kind) else { continue };
            let bytes = values.checked_mul(size).ok_or(HeaderFault::FieldTooLong { tag, bytes: u64::MAX })?;
            let max = if BLOCK_TABLES.contains(&tag) { TABLE_BYTES_MAX } else { VALUE_BYTES_MAX };
            if bytes > max {
                return Err(HeaderFault::FieldTooLong { tag, bytes });
            }
            let at = if bytes <= word { inline_at } else { pointed };
            if at.checked_add(bytes).is_none_or(|end| end > self.len) {
                return Err(HeaderFault::Incomplete);
            }
            entries.entry(tag).or_insert(Entry { kind, count: values, at });
        }
        let next = self.number(table.get((count * entry_bytes) as usize..).unwrap_or_default());
        Ok(Ifd { entries, next })
    }

    /// The unsigned numbers of an entry, at most `max`; none when its type is not of unsigned numbers.
    pub fn numbers(&mut self, entry: &Entry, max: u64) -> Result<Vec<u64>, HeaderFault> {
        let size = match entry.kind {
            1 | 3 | 4 | 13 | 16 | 18 => value_bytes(entry.kind).unwrap_or(1),
            _ => return Ok(Vec::new()),
        };
        let bytes = self.bytes(entry.at, entry.count.min(max) * size)?;
        Ok(bytes.chunks(size as usize).map(|raw| self.number(raw)).collect())
    }

    /// The type number and stored bytes of an entry.
    pub fn raw(&mut self, entry: &Entry) -> Result<(u16, Vec<u8>), HeaderFault> {
        let bytes = self.bytes(entry.at, entry.count * value_bytes(entry.kind).unwrap_or(1))?;
        Ok((entry.kind, bytes))
    }

    /// The text of an entry, without its closing NUL.
    pub fn text(&mut self, entry: &Entry) -> Result<String, HeaderFault> {
        let bytes = self.bytes(entry.at, entry.count.min(256))?;
        let text = bytes.split(|b| *b == 0).next().unwrap_or_default();
        Ok(String::from_utf8_lossy(text).trim().to_owned())
    }
}
