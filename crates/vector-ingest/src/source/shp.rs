//! The `.shp` member of a shapefile, walked before anything trusts it: lengths, counts, record order.
//!
//! The walk gives a fresh `.shx` index, so the one that came with the file is never read.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use crate::limits::Limits;

/// A walked `.shp`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Walked {
    /// Number of records.
    pub(crate) records: u32,
    /// Bytes of an index made from the walk.
    pub(crate) index: Vec<u8>,
}

const HEADER_BYTES: u64 = 100;
const MAGIC: i32 = 9994;

fn big(bytes: &[u8], at: usize) -> i32 {
    bytes.get(at..at + 4).map_or(0, |b| i32::from_be_bytes([b[0], b[1], b[2], b[3]]))
}

fn little(bytes: &[u8], at: usize) -> i32 {
    bytes.get(at..at + 4).map_or(0, |b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// Walks all record headers; the error says what lies.
pub(crate) fn walk(path: &Path, limits: &Limits) -> Result<Walked, String> {
    let file = File::open(path).map_err(|_| "it cannot be opened".to_owned())?;
    let size = file.metadata().map_err(|_| "it cannot be opened".to_owned())?.len();
    let mut reader = BufReader::new(file);
    let mut header = [0_u8; 100];
    reader.read_exact(&mut header).map_err(|_| "it is shorter than its header".to_owned())?;
    if big(&header, 0) != MAGIC || little(&header, 28) != 1000 {
        return Err("it does not begin as a .shp".to_owned());
    }
    let stated = u64::try_from(big(&header, 24)).unwrap_or(0) * 2;
    if stated < HEADER_BYTES || stated > size {
        return Err(format!("it states {stated} bytes and has {size}"));
    }
    let mut entries: Vec<u8> = Vec::new();
    let (mut at, mut vertices, mut records) = (HEADER_BYTES, 0_usize, 0_u32);
    while at + 8 <= stated {
        let mut head = [0_u8; 8];
        reader.read_exact(&mut head).map_err(|_| "a record header is cut".to_owned())?;
        let length = u64::try_from(big(&head, 4)).map_err(|_| "a record has a negative length".to_owned())? * 2;
        if length < 4 || at + 8 + length > stated {
            return Err(format!("record {} reaches beyond the end", records + 1));
        }
        vertices += record(&mut reader, length, limits).map_err(|e| format!("record {} {e}", records + 1))?;
        if vertices > limits.file_vertices {
            return Err(format!("it has more than {} vertices", limits.file_vertices));
        }
        entries.extend_from_slice(&i32::try_from(at / 2).unwrap_or(i32::MAX).to_be_bytes());
        entries.extend_from_slice(&head[4..8]);
        at += 8 + length;
        records += 1;
        if u64::from(records) > limits.features {
            return Err(format!("it has more than {} records", limits.features));
        }
    }
    let mut index = header.to_vec();
    let words = i32::try_from((HEADER_BYTES as usize + entries.len()) / 2).unwrap_or(i32::MAX);
    index.splice(24..28, words.to_be_bytes());
    index.extend_from_slice(&entries);
    Ok(Walked { records, index })
}

/// Checks one record's counts against its length and skips it; gives its number of vertices.
fn record(reader: &mut BufReader<File>, length: u64, limits: &Limits) -> Result<usize, String> {
    let mut head = [0_u8; 44];
    let held = usize::try_from(length.min(44)).unwrap_or(44);
    reader.read_exact(&mut head[..held]).map_err(|_| "is cut".to_owned())?;
    let kind = little(&head, 0);
    let parted = [3, 5, 13, 15, 23, 25].contains(&kind);
    let mut vertices = 0;
    if parted {
        let count = |at| usize::try_from(little(&head, at)).map_err(|_| "has a negative count".to_owned());
        let (parts, points) = if held == 44 { (count(36)?, count(40)?) } else { return Err("is too short".to_owned()) };
        if parts > limits.feature_rings || points > limits.feature_vertices {
            return Err("has too many parts or points".to_owned());
        }
        if 44 + 4 * parts as u64 + 16 * points as u64 > length {
            return Err("states more points than it holds".to_owned());
        }
        vertices = points;
    }
    let rest = i64::try_from(length - held as u64).unwrap_or(i64::MAX);
    reader
        .seek_relative(rest)
        .or_else(|_| reader.seek(SeekFrom::Current(rest)).map(|_| ()))
        .map_err(|_| "is cut".to_owned())?;
    Ok(vertices)
}

/// Checks a `.dbf` header against the file; gives the number of rows and the language byte.
pub(crate) fn check_dbf(path: &Path, limits: &Limits) -> Result<(u32, u8), String> {
    let mut file = File::open(path).map_err(|_| "it cannot be opened".to_owned())?;
    let size = file.metadata().map_err(|_| "it cannot be opened".to_owned())?.len();
    let mut header = [0_u8; 32];
    file.read_exact(&mut header).map_err(|_| "it is shorter than its header".to_owned())?;
    let rows = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
    let head = u64::from(u16::from_le_bytes([header[8], header[9]]));
    let row = u64::from(u16::from_le_bytes([header[10], header[11]]));
    if head < 33 || row == 0 || head + u64::from(rows) * row > size {
        return Err(format!("it states {rows} rows of {row} bytes and has {size} bytes"));
    }
    if (head - 32) / 32 > limits.columns as u64 || u64::from(rows) > limits.features {
        return Err("it has too many columns or rows".to_owned());
    }
    Ok((rows, header[29]))
}
