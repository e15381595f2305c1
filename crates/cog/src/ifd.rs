//! The TIFF container: byte order, the chain of image file directories, and the values of their entries.
//!
//! Source: TIFF 6.0 (Adobe 1992) section 2; BigTIFF as read by libtiff 4. The chain is followed once and never
//! recursed into: a directory met twice, too many directories or entries, or a value that leaves the file
//! refuse the file.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use crate::{
    error::{CogError, malformed, within},
    limits::Limits,
    source::Source,
    tags,
};

/// Order of the bytes within a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// Whether numbers in the file must be turned round on this machine.
    pub(crate) const fn differs(self) -> bool {
        matches!(self, Self::Little) != cfg!(target_endian = "little")
    }

    /// The unsigned number that all of `bytes` (at most eight) make.
    fn number(self, bytes: &[u8]) -> u64 {
        let join = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
        match self {
            Self::Little => bytes.iter().rev().fold(0, join),
            Self::Big => bytes.iter().fold(0, join),
        }
    }

    fn number_at(self, bytes: &[u8], at: usize, length: usize) -> Option<u64> {
        Some(self.number(bytes.get(at..at.checked_add(length)?)?))
    }
}

/// Widths of the container's own fields.
#[derive(Debug, Clone, Copy)]
struct Container {
    order: ByteOrder,
    first: u64,
    count_bytes: u64,
    entry_bytes: u64,
    pointer_bytes: u64,
}

/// Where one entry's values lie, whether inside the entry or elsewhere in the file.
#[derive(Debug, Clone, Copy)]
struct Entry {
    field_type: u16,
    count: u64,
    offset: u64,
    bytes: u64,
}

/// One image file directory.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    pub(crate) order: ByteOrder,
    entries: BTreeMap<u16, Entry>,
}

/// Reads the header and all directories of the chain, in file order.
pub(crate) async fn read_directories(source: &mut Source, limits: &Limits) -> Result<Vec<Directory>, CogError> {
    let container = read_container(source).await?;
    let mut directories = Vec::new();
    let mut visited = BTreeSet::new();
    let mut offset = container.first;
    while offset != 0 {
        if !visited.insert(offset) {
            return Err(malformed("directory chain", "it returns to a directory already read"));
        }
        within("number of directories", visited.len() as u64, u64::from(limits.directories))?;
        let (directory, next) = read_directory(source, container, offset, limits).await?;
        directories.push(directory);
        offset = next;
    }
    Ok(directories)
}

async fn read_container(source: &mut Source) -> Result<Container, CogError> {
    let length = source.file_bytes().min(16);
    let head = source.bytes("TIFF header", 0, length).await?;
    let order = match head.get(..2) {
        Some(b"II") => ByteOrder::Little,
        Some(b"MM") => ByteOrder::Big,
        _ => return Err(CogError::NotTiff),
    };
    let truncated = CogError::Truncated { what: "TIFF header", end: 16, file_bytes: length };
    match order.number_at(&head, 2, 2) {
        Some(42) => {
            let first = order.number_at(&head, 4, 4).ok_or(truncated)?;
            Ok(Container { order, first, count_bytes: 2, entry_bytes: 12, pointer_bytes: 4 })
        }
        Some(43) if order.number_at(&head, 4, 2) == Some(8) => {
            let first = order.number_at(&head, 8, 8).ok_or(truncated)?;
            Ok(Container { order, first, count_bytes: 8, entry_bytes: 20, pointer_bytes: 8 })
        }
        _ => Err(CogError::NotTiff),
    }
}

async fn read_directory(
    source: &mut Source,
    container: Container,
    offset: u64,
    limits: &Limits,
) -> Result<(Directory, u64), CogError> {
    let Container { order, count_bytes, entry_bytes, pointer_bytes, .. } = container;
    let count = order.number(&source.bytes("directory", offset, count_bytes).await?);
    within("number of directory entries", count, u64::from(limits.entries))?;
    let start = offset.saturating_add(count_bytes);
    let table = source.bytes("directory", start, count * entry_bytes + pointer_bytes).await?;
    let mut entries = BTreeMap::new();
    let mut at = 0usize;
    for index in 0..count {
        let field = |from: usize, length: u64| {
            order.number_at(&table, at + from, length as usize).ok_or(malformed("directory", "it is too short"))
        };
        let tag = field(0, 2)? as u16;
        let field_type = field(2, 2)? as u16;
        let values = field(4, pointer_bytes)?;
        let inline = start + index * entry_bytes + 4 + pointer_bytes;
        let pointer = field(4 + pointer_bytes as usize, pointer_bytes)?;
        at += entry_bytes as usize;
        // Entries of unknown types are to be skipped (TIFF 6.0 section 2).
        if let Some(bytes) = tags::field_bytes(field_type) {
            let bytes = values.saturating_mul(bytes);
            let value_offset = if bytes <= pointer_bytes { inline } else { pointer };
            let entry = Entry { field_type, count: values, offset: value_offset, bytes };
            entries.entry(tag).or_insert(entry);
        }
    }
    let next = order.number_at(&table, at, pointer_bytes as usize).ok_or(malformed("directory", "it is too short"))?;
    Ok((Directory { order, entries }, next))
}

impl Directory {
    /// Whether there is an entry for `tag`.
    pub(crate) fn has(&self, tag: u16) -> bool {
        self.entries.contains_key(&tag)
    }

    /// The unsigned numbers of `tag`, held in memory as 8 bytes each; `None` without an entry.
    pub(crate) async fn numbers(
        &self,
        source: &mut Source,
        tag: u16,
        most_bytes: u64,
    ) -> Result<Option<Vec<u64>>, CogError> {
        let Some(entry) = self.entries.get(&tag) else { return Ok(None) };
        let width = match entry.field_type {
            1 => 1,
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return Err(malformed(tags::name(tag), "its values are not unsigned integers")),
        };
        source.spend(entry.count.saturating_mul(8))?;
        let bytes = value_bytes(source, tag, entry, most_bytes).await?;
        Ok(Some(bytes.chunks_exact(width).map(|value| self.order.number(value)).collect()))
    }

    /// The first unsigned number of `tag`.
    pub(crate) async fn number(&self, source: &mut Source, tag: u16) -> Result<Option<u64>, CogError> {
        match self.numbers(source, tag, 1 << 16).await? {
            None => Ok(None),
            Some(values) => match values.first() {
                Some(value) => Ok(Some(*value)),
                None => Err(malformed(tags::name(tag), "it holds no value")),
            },
        }
    }

    /// The floating-point numbers of `tag`.
    pub(crate) async fn floats(
        &self,
        source: &mut Source,
        tag: u16,
        most_bytes: u64,
    ) -> Result<Option<Vec<f64>>, CogError> {
        let Some(entry) = self.entries.get(&tag) else { return Ok(None) };
        let bytes = value_bytes(source, tag, entry, most_bytes).await?;
        let order = self.order;
        match entry.field_type {
            11 => Ok(Some(bytes.chunks_exact(4).map(|v| f64::from(f32::from_bits(order.number(v) as u32))).collect())),
            12 => Ok(Some(bytes.chunks_exact(8).map(|v| f64::from_bits(order.number(v))).collect())),
            _ => Err(malformed(tags::name(tag), "its values are not floating-point numbers")),
        }
    }

    /// The text of `tag` up to its first NUL, with bytes that are not UTF-8 replaced.
    pub(crate) async fn text(
        &self,
        source: &mut Source,
        tag: u16,
        most_bytes: u64,
    ) -> Result<Option<String>, CogError> {
        let Some(entry) = self.entries.get(&tag) else { return Ok(None) };
        if !matches!(entry.field_type, 1 | 2 | 7) {
            return Err(malformed(tags::name(tag), "it is not text"));
        }
        let bytes = value_bytes(source, tag, entry, most_bytes).await?;
        let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        Ok(Some(String::from_utf8_lossy(text).into_owned()))
    }
}

async fn value_bytes(source: &mut Source, tag: u16, entry: &Entry, most_bytes: u64) -> Result<Bytes, CogError> {
    within(tags::name(tag), entry.bytes, most_bytes)?;
    source.bytes(tags::name(tag), entry.offset, entry.bytes).await
}
