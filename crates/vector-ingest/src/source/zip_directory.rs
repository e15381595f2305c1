//! The table of contents of a zip, read by hand: what it claims must agree with what lies in the file.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use zip::ZipArchive;

use crate::limits::Limits;

const END: [u8; 4] = *b"PK\x05\x06";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at + 2).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 4).map(|b| u64::from(u32::from_le_bytes([b[0], b[1], b[2], b[3]])))
}

/// Checks a zip before it is unpacked; the error says what is wrong.
///
/// Refused: more than `entries_max` entries, duplicate names, names that leave the archive, links, devices, encryption,
/// methods other than stored and deflate, entries that overlap, local headers that disagree with the table,
/// large files packed more than a hundredfold, and archives of the 64-bit form.
pub(crate) fn check(path: &Path, entries_max: usize, limits: &Limits) -> Result<(), String> {
    let mut file = File::open(path).map_err(|_| "it cannot be opened".to_owned())?;
    let size = file.metadata().map_err(|_| "it cannot be opened".to_owned())?.len();
    let tail_at = size.saturating_sub(65_557);
    let tail = bytes_at(&mut file, tail_at, size - tail_at)?;
    let end = tail.windows(4).rposition(|w| w == END).ok_or("its table of contents is missing")?;
    let field = |at: usize| u16_at(&tail, end + at).ok_or("its table of contents is cut");
    let (entries, on_disk) = (field(10)?, field(8)?);
    let table_size = u32_at(&tail, end + 12).ok_or("its table of contents is cut")?;
    let table_at = u32_at(&tail, end + 16).ok_or("its table of contents is cut")?;
    if entries != on_disk || entries == 0xFFFF || table_at == 0xFFFF_FFFF {
        return Err("it is split or of the 64-bit form".to_owned());
    }
    if entries > entries_max {
        return Err(format!("it has {entries} entries; {entries_max} are allowed"));
    }
    if table_at + table_size > size || table_size > 4 << 20 {
        return Err("its table of contents lies outside the file".to_owned());
    }
    // nothing between the table and its end, nothing behind: every reader finds the same table
    if table_at + table_size != tail_at + end as u64 || end + 22 + field(20)? != tail.len() {
        return Err("its table of contents is not at its end".to_owned());
    }
    let table = bytes_at(&mut file, table_at, table_size)?;
    let (mut at, mut names, mut spans, mut unpacked) = (0, BTreeSet::new(), Vec::new(), 0_u64);
    for _ in 0..entries {
        let entry = Entry::read(&table, at).ok_or("its table of contents is cut")?;
        entry.check(limits)?;
        spans.push((entry.local_at, entry.check_local(&mut file, table_at)?));
        unpacked += entry.unpacked;
        at += entry.table_bytes;
        if !names.insert(entry.name.to_ascii_lowercase()) {
            return Err("two entries have the same name".to_owned());
        }
    }
    if unpacked > limits.zip_bytes {
        return Err(format!("it unpacks to more than {} MiB", limits.zip_bytes >> 20));
    }
    spans.sort_unstable();
    if spans.first().is_some_and(|(start, _)| *start != 0) {
        return Err("it begins with something else".to_owned());
    }
    if spans.windows(2).any(|w| w[0].1 > w[1].0) {
        return Err("its entries overlap".to_owned());
    }
    Ok(())
}

/// Unpacks every entry of a checked zip into nothing, counting: none may be longer or shorter than it states.
pub(crate) fn measure(path: &Path) -> Result<(), String> {
    let file = File::open(path).map_err(|_| "it cannot be opened".to_owned())?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| e.to_string())?;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|e| e.to_string())?;
        let stated = entry.size();
        let counted = io::copy(&mut entry.take(stated + 1), &mut io::sink()).map_err(|e| e.to_string())?;
        if counted != stated {
            return Err("an entry is not as long as stated".to_owned());
        }
    }
    Ok(())
}

fn bytes_at(file: &mut File, at: u64, length: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at)).map_err(|_| "it is cut".to_owned())?;
    file.take(length).read_to_end(&mut bytes).map_err(|_| "it is cut".to_owned())?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err("it is cut".to_owned()) }
}

struct Entry {
    flags: usize,
    method: usize,
    packed: u64,
    unpacked: u64,
    local_at: u64,
    mode: u64,
    name: Vec<u8>,
    table_bytes: usize,
}

impl Entry {
    fn read(table: &[u8], at: usize) -> Option<Self> {
        if table.get(at..at + 4)? != CENTRAL {
            return None;
        }
        let (name, extra, comment) = (u16_at(table, at + 28)?, u16_at(table, at + 30)?, u16_at(table, at + 32)?);
        Some(Self {
            flags: u16_at(table, at + 8)?,
            method: u16_at(table, at + 10)?,
            packed: u32_at(table, at + 20)?,
            unpacked: u32_at(table, at + 24)?,
            mode: u32_at(table, at + 38)? >> 16,
            local_at: u32_at(table, at + 42)?,
            name: table.get(at + 46..at + 46 + name)?.to_vec(),
            table_bytes: 46 + name + extra + comment,
        })
    }

    fn check(&self, limits: &Limits) -> Result<(), String> {
        let name = String::from_utf8_lossy(&self.name);
        let leaves = name.starts_with(['/', '\\'])
            || name.contains(':')
            || name.contains('\0')
            || name.split(['/', '\\']).any(|part| part == "..");
        if leaves {
            return Err("an entry's name leaves the archive".to_owned());
        }
        let kind = self.mode & 0o170_000;
        if ![0, 0o100_000, 0o040_000].contains(&kind) {
            return Err("it holds a link or a device".to_owned());
        }
        if self.flags & 1 != 0 {
            return Err("it is encrypted".to_owned());
        }
        if self.method != 0 && self.method != 8 {
            return Err("it is packed by an unusual method".to_owned());
        }
        if self.packed == 0xFFFF_FFFF || self.unpacked == 0xFFFF_FFFF {
            return Err("it is of the 64-bit form".to_owned());
        }
        if self.unpacked > 1 << 20 && self.unpacked > limits.zip_ratio * self.packed.max(1) {
            return Err(format!("an entry is packed more than {}-fold", limits.zip_ratio));
        }
        Ok(())
    }

    /// Gives where the entry's bytes end.
    fn check_local(&self, file: &mut File, table_at: u64) -> Result<u64, String> {
        let disagree = || "a local header disagrees with its table of contents".to_owned();
        let head = bytes_at(file, self.local_at, 30 + self.name.len() as u64)?;
        let streamed = self.flags & 8 != 0;
        let same_sizes =
            streamed || (u32_at(&head, 18) == Some(self.packed) && u32_at(&head, 22) == Some(self.unpacked));
        // the local header has further fields of its own, of which the table knows nothing
        let further = u16_at(&head, 28).ok_or_else(disagree)? as u64;
        let end = self.local_at + 30 + self.name.len() as u64 + further + self.packed;
        let agrees = head.starts_with(&LOCAL)
            && u16_at(&head, 8) == Some(self.method)
            && u16_at(&head, 26) == Some(self.name.len())
            && head.get(30..) == Some(self.name.as_slice())
            && same_sizes
            && end <= table_at;
        if agrees { Ok(end) } else { Err(disagree()) }
    }
}
