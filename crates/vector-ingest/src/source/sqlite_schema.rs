//! The schema of a SQLite file, read from its bytes before any database engine opens it.
//!
//! A view or trigger runs when the engine first looks at the table it stands for, so they are found here, where nothing
//! runs. Only the tree of page 1 is walked: the list of what the database holds. Format: sqlite.org/fileformat2.html.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

/// One thing that a database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// `table`, `index`, `view` or `trigger`.
    pub(crate) kind: String,
    /// Its name.
    pub(crate) name: String,
    /// The statement that made it, as far as it lies on the page.
    pub(crate) statement: String,
}

/// Most pages of the list; a GeoPackage has two or three.
const PAGES_MAX: usize = 1_000;

const LEAF: u8 = 0x0d;
const INTERIOR: u8 = 0x05;

/// Reads the list; `None` when the file is no sound database.
pub(crate) fn read(path: &Path) -> Option<Vec<Item>> {
    let mut file = File::open(path).ok()?;
    let mut header = [0_u8; 100];
    file.read_exact(&mut header).ok()?;
    let size = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        n if n >= 512 && n.is_power_of_two() => usize::from(n),
        _ => return None,
    };
    let usable = size.checked_sub(usize::from(header[20])).filter(|n| *n >= 480)?;
    let (mut open, mut seen, mut items) = (vec![1_u32], BTreeSet::new(), Vec::new());
    while let Some(number) = open.pop() {
        if !seen.insert(number) || seen.len() > PAGES_MAX {
            return None;
        }
        let mut page = vec![0; size];
        file.seek(SeekFrom::Start(u64::from(number.checked_sub(1)?) * size as u64)).ok()?;
        file.read_exact(&mut page).ok()?;
        let start = if number == 1 { 100 } else { 0 };
        let cells = usize::from(half(&page, start + 3)?);
        let kind = *page.get(start)?;
        let pointers = start + if kind == INTERIOR { 12 } else { 8 };
        for cell in 0..cells {
            let at = usize::from(half(&page, pointers + 2 * cell)?);
            match kind {
                LEAF => items.push(item(&page, at, usable)?),
                INTERIOR => open.push(word(&page, at)?),
                _ => return None,
            }
        }
        if kind == INTERIOR {
            open.push(word(&page, start + 8)?);
        } else if kind != LEAF {
            return None;
        }
    }
    Some(items)
}

fn half(page: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(page.get(at..at + 2)?.try_into().ok()?))
}

fn word(page: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(page.get(at..at + 4)?.try_into().ok()?))
}

/// A number of one to nine bytes and where it ends.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for step in 0..9 {
        let byte = *bytes.get(at.checked_add(step)?)?;
        if step == 8 {
            return Some((value << 8 | u64::from(byte), at + 9));
        }
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + step + 1));
        }
    }
    None
}

/// The row at a place of a leaf: type, name, table, page, statement.
fn item(page: &[u8], at: usize, usable: usize) -> Option<Item> {
    let (length, at) = varint(page, at)?;
    let (_, at) = varint(page, at)?;
    let length = usize::try_from(length).ok()?;
    // a long row goes on elsewhere; what matters stands at its beginning
    let (most, least) = (usable - 35, (usable - 12) * 32 / 255 - 23);
    let here = if length <= most {
        length
    } else {
        let kept = least + (length - least) % (usable - 4);
        if kept <= most { kept } else { least }
    };
    let row = page.get(at..at.checked_add(here)?)?;
    let (header, mut at) = varint(row, 0)?;
    let header = usize::try_from(header).ok()?;
    let mut lengths = Vec::new();
    while at < header && lengths.len() < 5 {
        let (kind, next) = varint(row, at)?;
        lengths.push(value_length(kind)?);
        at = next;
    }
    let mut from = header;
    let mut values = Vec::new();
    for length in lengths {
        let to = from.checked_add(length)?;
        values.push(String::from_utf8_lossy(row.get(from..to.min(row.len()))?).into_owned());
        from = to.min(row.len());
    }
    let [kind, name, _, _, statement] = <[String; 5]>::try_from(values).ok()?;
    Some(Item { kind, name, statement })
}

/// Bytes of a value of a serial type.
fn value_length(kind: u64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => usize::try_from(kind).ok(),
        5 => Some(6),
        6 | 7 => Some(8),
        10 | 11 => None,
        _ => usize::try_from((kind - 12) / 2).ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("set.gpkg");
        crate::write_geopackage(&path, "pastures", &[], &[]).unwrap();
        std::fs::read(path).unwrap()
    }

    fn list(bytes: &[u8]) -> Option<Vec<Item>> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        read(file.path())
    }

    #[test]
    fn everything_in_a_geopackage_is_listed() {
        let items = list(&sample()).unwrap();
        let has = |kind: &str, name: &str| items.iter().any(|i| i.kind == kind && i.name == name);
        assert!(has("table", "gpkg_contents") && has("table", "pastures"), "{items:?}");
        assert!(items.iter().any(|i| i.kind == "trigger"));
        assert!(items.iter().any(|i| i.statement.starts_with("CREATE VIRTUAL TABLE")));
    }

    #[test]
    fn a_loop_of_pages_and_a_cut_file_are_no_database() {
        let bytes = sample();
        assert_eq!(list(&bytes[..100]), None);
        assert_eq!(list(b"SQLite format 3\0"), None);
        let mut looped = bytes.clone();
        let size = usize::from(u16::from_be_bytes([looped[16], looped[17]]));
        looped[100] = INTERIOR;
        looped[103..105].fill(0);
        looped[108..112].copy_from_slice(&1_u32.to_be_bytes());
        assert!(size >= 512);
        assert_eq!(list(&looped), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(changes in proptest::collection::vec((0_usize..8192, any::<u8>()), 1..60)) {
            static SAMPLE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(sample);
            let mut bytes = SAMPLE.clone();
            for (at, byte) in changes {
                let length = bytes.len();
                bytes[at % length] = byte;
            }
            drop(list(&bytes));
        }
    }
}
