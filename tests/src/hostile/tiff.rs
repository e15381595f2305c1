//! TIFFs field by field, so that any field can lie.

use std::collections::BTreeMap;

/// The values of a field.
#[derive(Debug, Clone)]
pub enum Value {
    /// Numbers of 16 bits.
    Short(Vec<u16>),
    /// Numbers of 32 bits.
    Long(Vec<u32>),
    /// Numbers of 64 bits with a fraction.
    Double(Vec<f64>),
    /// Text.
    Ascii(String),
    /// Any type, count and four bytes, true or not.
    Raw(u16, u32, u32),
}

impl Value {
    fn parts(&self) -> (u16, u32, Vec<u8>) {
        let count = |n: usize| u32::try_from(n).expect("a test's field is short");
        match self {
            Self::Short(v) => (3, count(v.len()), v.iter().flat_map(|n| n.to_le_bytes()).collect()),
            Self::Long(v) => (4, count(v.len()), v.iter().flat_map(|n| n.to_le_bytes()).collect()),
            Self::Double(v) => (12, count(v.len()), v.iter().flat_map(|n| n.to_le_bytes()).collect()),
            Self::Ascii(text) => (2, count(text.len() + 1), [text.as_bytes(), b"\0"].concat()),
            Self::Raw(kind, n, value) => (*kind, *n, value.to_le_bytes().to_vec()),
        }
    }
}

/// A directory of one page with the bytes it describes.
#[derive(Debug, Clone)]
pub struct Directory {
    pub(super) fields: BTreeMap<u16, Value>,
    /// The bytes of the cells, put at the end of the page.
    pub cells: Vec<u8>,
    /// Where the next directory is said to lie; `None` for the next of the file, or none.
    pub next: Option<u32>,
}

impl Directory {
    /// Four by four cells of half a degree in Mongolia, in one strip.
    #[must_use]
    pub fn sound() -> Self {
        let fields = [
            (256, Value::Long(vec![4])),
            (257, Value::Long(vec![4])),
            (258, Value::Short(vec![8])),
            (259, Value::Short(vec![1])),
            (262, Value::Short(vec![1])),
            (277, Value::Short(vec![1])),
            (278, Value::Long(vec![4])),
            (279, Value::Long(vec![16])),
            (33550, Value::Double(vec![0.5, 0.5, 0.0])),
            (33922, Value::Double(vec![0.0, 0.0, 0.0, 100.0, 48.0, 0.0])),
            (34735, Value::Short(vec![1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326])),
        ];
        Self { fields: fields.into(), cells: (1..=16).collect(), next: None }
    }

    /// The same with a field set.
    #[must_use]
    pub fn with(mut self, tag: u16, value: Value) -> Self {
        self.fields.insert(tag, value);
        self
    }

    /// The same without a field.
    #[must_use]
    pub fn without(mut self, tag: u16) -> Self {
        self.fields.remove(&tag);
        self
    }

    /// The same with other cells, whose number of bytes is told.
    ///
    /// # Panics
    /// When there are 4 GiB of them.
    #[must_use]
    pub fn cells(mut self, cells: Vec<u8>) -> Self {
        let bytes = u32::try_from(cells.len()).expect("a test's cells are few");
        self.cells = cells;
        self.with(279, Value::Long(vec![bytes]))
    }

    /// A file of this one page.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        file(std::slice::from_ref(self))
    }
}

/// A file of pages; a page's own `next` goes before the place of the following page.
pub(super) fn file(pages: &[Directory]) -> Vec<u8> {
    let place = |n: usize| u32::try_from(n).expect("a test's file is short").to_le_bytes();
    let mut file = [b"II*\0".as_slice(), &place(8)].concat();
    for (index, page) in pages.iter().enumerate() {
        let mut fields = page.fields.clone();
        // the strip lies behind all values, unless the page says where
        let values = |fields: &BTreeMap<u16, Value>| -> usize {
            fields.values().map(|v| v.parts().2.len()).filter(|n| *n > 4).sum()
        };
        let tables = |n: usize| file.len() + 2 + 12 * n + 4;
        if !fields.contains_key(&273) && !fields.contains_key(&324) {
            let cells_at = tables(fields.len() + 1) + values(&fields);
            fields.insert(273, Value::Long(vec![u32::try_from(cells_at).expect("a test's file is short")]));
        }
        let mut values_at = tables(fields.len());
        let mut entries = u16::try_from(fields.len()).expect("a test's fields are few").to_le_bytes().to_vec();
        let mut behind = Vec::new();
        for (tag, value) in &fields {
            let (kind, count, bytes) = value.parts();
            entries.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            entries.extend(count.to_le_bytes());
            if bytes.len() > 4 {
                entries.extend(place(values_at));
                values_at += bytes.len();
                behind.extend(bytes);
            } else {
                entries.extend([bytes.as_slice(), &[0; 4]].concat().iter().take(4));
            }
        }
        let end = values_at + page.cells.len();
        let following = if index + 1 < pages.len() { place(end) } else { [0; 4] };
        entries.extend(page.next.map_or(following, u32::to_le_bytes));
        file.extend([entries, behind, page.cells.clone()].concat());
    }
    file
}
