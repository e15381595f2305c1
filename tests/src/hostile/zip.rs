//! Zips entry by entry, so that any header can lie.

use std::io::Write;

use flate2::{
    Compression, Crc,
    write::{DeflateEncoder, ZlibEncoder},
};

/// One entry, as its table and its local header tell it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name in the table.
    pub name: Vec<u8>,
    /// The name in the local header; `None` for the same.
    pub local_name: Option<Vec<u8>>,
    /// Flags; bit 0 is encryption.
    pub flags: u16,
    /// 0 = stored, 8 = deflated.
    pub method: u16,
    /// The bytes in the archive.
    pub packed: Vec<u8>,
    /// How many bytes they are said to unpack to in the table.
    pub stated: u32,
    /// The same in the local header.
    pub local_stated: u32,
    /// Checksum.
    pub crc: u32,
    /// File mode of Unix; 0o120777 is a link.
    pub mode: u32,
    /// Further bytes in the local header.
    pub further: Vec<u8>,
    /// Where the local header is said to lie; `None` for where it does.
    pub at: Option<u32>,
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("a test's file is short")
}

impl Entry {
    /// A deflated file of these bytes.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        let mut crc = Crc::new();
        crc.update(bytes);
        let (packed, stated) = (raw_deflated(bytes), length(bytes));
        Self {
            name: name.as_bytes().to_vec(),
            local_name: None,
            flags: 0,
            method: 8,
            packed,
            stated,
            local_stated: stated,
            crc: crc.sum(),
            mode: 0o100_644,
            further: Vec::new(),
            at: None,
        }
    }

    /// The same with both stated sizes changed.
    #[must_use]
    pub fn stating(mut self, bytes: u32) -> Self {
        (self.stated, self.local_stated) = (bytes, bytes);
        self
    }

    fn common(&self, stated: u32) -> Vec<u8> {
        let head = [20, self.flags, self.method, 0, 0].map(u16::to_le_bytes).concat();
        [head, [self.crc, length(&self.packed), stated].map(u32::to_le_bytes).concat()].concat()
    }
}

fn half(n: usize) -> [u8; 2] {
    u16::try_from(n).expect("a test's names are short").to_le_bytes()
}

/// An archive.
#[derive(Debug, Clone, Default)]
pub struct Zip {
    /// Its entries in order.
    pub entries: Vec<Entry>,
    /// Bytes before the first entry.
    pub before: Vec<u8>,
    /// The comment at the end.
    pub comment: Vec<u8>,
    /// How many entries it states; `None` for as many as there are.
    pub count: Option<u16>,
}

impl Zip {
    /// An archive of these entries.
    #[must_use]
    pub fn of(entries: Vec<Entry>) -> Self {
        Self { entries, ..Self::default() }
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut file = self.before.clone();
        let mut table = Vec::new();
        for entry in &self.entries {
            let at = entry.at.unwrap_or(length(&file));
            let name = entry.local_name.as_ref().unwrap_or(&entry.name);
            file.extend([b"PK\x03\x04".as_slice(), &entry.common(entry.local_stated)].concat());
            file.extend([half(name.len()), half(entry.further.len())].concat());
            file.extend([name.as_slice(), &entry.further, &entry.packed].concat());
            table.extend(
                [b"PK\x01\x02\x14\x03".as_slice(), &entry.common(entry.stated), &half(entry.name.len())].concat(),
            );
            table.extend([0; 8]);
            table.extend([(entry.mode << 16).to_le_bytes(), at.to_le_bytes()].concat());
            table.extend(&entry.name);
        }
        let at = length(&file);
        let count = self.count.unwrap_or(u16::try_from(self.entries.len()).expect("few entries")).to_le_bytes();
        file.extend(&table);
        file.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count].concat());
        file.extend([length(&table).to_le_bytes(), at.to_le_bytes()].concat());
        file.extend([half(self.comment.len()).as_slice(), &self.comment].concat());
        file
    }
}

/// Bytes deflated as TIFFs have them, with the header of zlib.
///
/// # Panics
/// Never: it writes to memory.
#[must_use]
pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// Bytes deflated as zips have them.
fn raw_deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}
