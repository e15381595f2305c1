//! Small files made byte by byte, sound ones and such as say what is not so.

use serde_json::{Value, json};

/// A zip archive with one stored file, `a.txt`, that says hello.
///
/// # Panics
/// Never: it is far from 4 GiB.
#[must_use]
pub fn zip() -> Vec<u8> {
    let crc = 0x3610_A686_u32.to_le_bytes();
    let sizes = [5, 0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0];
    let entry = [&[10, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &crc, &sizes].concat();
    let local = [b"PK\x03\x04", &entry[..], b"a.txthello"].concat();
    let directory = [b"PK\x01\x02\x14\0", &entry[..], &[0; 14], b"a.txt"].concat();
    let (at, length) =
        (u32::try_from(local.len()).expect("it is small"), u32::try_from(directory.len()).expect("it is small"));
    let places = [length.to_le_bytes(), at.to_le_bytes()].concat();
    [&local[..], &directory, b"PK\x05\x06\0\0\0\0\x01\0\x01\0", &places, &[0, 0]].concat()
}

/// What a small TIFF says of itself.
#[derive(Debug, Clone)]
pub struct Tiff {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Size of a cell, degrees.
    pub cell: f64,
    /// Longitude and latitude of the north-western corner.
    pub corner: [f64; 2],
    /// Coordinate system.
    pub epsg: u16,
    /// The code of the compression; 1 = none.
    pub compression: u16,
    /// The bytes of the one strip, whether or not they fit the size.
    pub cells: Vec<u8>,
}

impl Tiff {
    /// Four by four cells of half a degree in Mongolia.
    #[must_use]
    pub fn sound() -> Self {
        let (cells, corner) = ((1..=16).collect(), [100.0, 48.0]);
        Self { width: 4, height: 4, cell: 0.5, corner, epsg: 4326, compression: 1, cells }
    }

    /// The file: header, one directory, what it points to.
    ///
    /// # Panics
    /// When it has 4 GiB of cells.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let count = 12_u16;
        let scale = 8 + 2 + 12 * u32::from(count) + 4;
        let (tie, keys) = (scale + 24, scale + 24 + 48);
        let cells = keys + 32;
        let entries: [(u16, u16, u32, u32); 12] = [
            (256, 4, 1, self.width),
            (257, 4, 1, self.height),
            (258, 3, 1, 8),
            (259, 3, 1, self.compression.into()),
            (262, 3, 1, 1),
            (273, 4, 1, cells),
            (277, 3, 1, 1),
            (278, 4, 1, self.height),
            (279, 4, 1, u32::try_from(self.cells.len()).expect("it is small")),
            (33550, 12, 3, scale),
            (33922, 12, 6, tie),
            (34735, 3, 16, keys),
        ];
        let mut file = [b"II*\0".as_slice(), &8_u32.to_le_bytes(), &count.to_le_bytes()].concat();
        for (tag, kind, length, value) in entries {
            file.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            file.extend([length.to_le_bytes(), value.to_le_bytes()].concat());
        }
        file.extend([0; 4]);
        let numbers = [self.cell, self.cell, 0.0, 0.0, 0.0, 0.0, self.corner[0], self.corner[1], 0.0];
        file.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
        let keys = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, self.epsg];
        file.extend(keys.iter().flat_map(|n| n.to_le_bytes()));
        file.extend(&self.cells);
        file
    }
}

/// Squares of one degree at 46 north as GeoJSON: code and western edge of each.
#[must_use]
pub fn squares(units: &[(&str, f64)]) -> Vec<u8> {
    let square = |x: f64| json!([[[x, 46], [x + 1.0, 46], [x + 1.0, 47], [x, 47], [x, 46]]]);
    let features: Vec<Value> = units
        .iter()
        .map(|(code, x)| {
            let geometry = json!({ "type": "Polygon", "coordinates": square(*x) });
            json!({ "type": "Feature", "properties": { "soum_code": code }, "geometry": geometry })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string().into_bytes()
}

/// The same GeoJSON with a soum code in every feature.
#[must_use]
pub fn with_codes(mut root: Value) -> Value {
    let coded = |feature: &mut Value, code: usize| {
        if let Some(feature) = feature.as_object_mut() {
            let properties = feature.entry("properties").or_insert_with(|| json!({}));
            match properties.as_object_mut() {
                Some(properties) => drop(properties.insert("soum_code".to_owned(), json!(code))),
                None => *properties = json!({ "soum_code": code }),
            }
        }
    };
    if let Some(features) = root.get_mut("features").and_then(Value::as_array_mut) {
        features.iter_mut().zip((6401..).step_by(3)).for_each(|(feature, code)| coded(feature, code));
        return root;
    }
    if root["type"] != "Feature" {
        root = json!({ "type": "Feature", "geometry": root });
    }
    coded(&mut root, 6401);
    root
}

/// A GeoTIFF of one byte a cell in strips of 64 rows, not compressed: `width` times `height` bytes and a little more.
///
/// # Panics
/// When it has 4 GiB of cells.
#[must_use]
pub fn large_tiff(width: u32, height: u32, cell: f64, corner: [f64; 2]) -> Vec<u8> {
    const ROWS: u32 = 64;
    let strips = height.div_ceil(ROWS);
    let count = 12_u32;
    let offsets = 8 + 2 + 12 * count + 4;
    let counts = offsets + 4 * strips;
    let scale = counts + 4 * strips;
    let (tie, keys) = (scale + 24, scale + 24 + 48);
    let cells = keys + 32;
    let entries: [(u16, u16, u32, u32); 12] = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, strips, offsets),
        (277, 3, 1, 1),
        (278, 4, 1, ROWS),
        (279, 4, strips, counts),
        (33550, 12, 3, scale),
        (33922, 12, 6, tie),
        (34735, 3, 16, keys),
    ];
    let mut file = [b"II*\0".as_slice(), &8_u32.to_le_bytes(), &(count as u16).to_le_bytes()].concat();
    for (tag, kind, length, value) in entries {
        file.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        file.extend([length.to_le_bytes(), value.to_le_bytes()].concat());
    }
    file.extend([0; 4]);
    file.extend((0..strips).flat_map(|s| (cells + s * ROWS * width).to_le_bytes()));
    file.extend((0..strips).flat_map(|s| ((height - s * ROWS).min(ROWS) * width).to_le_bytes()));
    let numbers = [cell, cell, 0.0, 0.0, 0.0, 0.0, corner[0], corner[1], 0.0];
    file.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
    let keys = [1_u16, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];
    file.extend(keys.iter().flat_map(|n| n.to_le_bytes()));
    file.extend((0..height).flat_map(|y| (0..width).map(move |x| ((x / 9 + y / 7) % 200) as u8)));
    file
}
