//! TIFFs that ask for too much, loop, unpack without end, or lie nowhere.

use super::{
    Class::{Bomb, Directory as Loops, Disguise, Georeference, Size},
    Directory, Handed, HostileFile, Value, deflated,
    tiff::file,
};

pub(super) fn files() -> Vec<HostileFile> {
    [sizes(), bombs(), directories(), places()].concat()
}

fn refused(class: super::Class, name: &'static str, code: &'static str, bytes: Vec<u8>) -> HostileFile {
    HostileFile::refused(class, Handed::Raster, name, code, bytes)
}

fn read(class: super::Class, name: &'static str, bytes: Vec<u8>) -> HostileFile {
    HostileFile::found(class, Handed::Raster, name, "no_nodata_declared", bytes)
}

fn sized(width: u32, height: u32) -> Directory {
    Directory::sound().with(256, Value::Long(vec![width])).with(257, Value::Long(vec![height]))
}

fn tiled(side: u32) -> Directory {
    let tiles = Directory::sound().without(278).with(322, Value::Long(vec![side])).with(323, Value::Long(vec![side]));
    tiles.with(324, Value::Long(vec![8])).with(325, Value::Long(vec![16]))
}

fn sizes() -> Vec<HostileFile> {
    let with = |tag, value| Directory::sound().with(tag, value).bytes();
    let mut many_fields = Directory::sound().bytes();
    many_fields[8..10].copy_from_slice(&u16::MAX.to_le_bytes());
    let mut big = b"II+\0\x08\0\0\0".to_vec();
    big.extend([16_u64.to_le_bytes(), u64::MAX.to_le_bytes()].concat());
    vec![
        refused(Size, "wide.tif", "too_large", sized(1 << 31, 1).bytes()),
        refused(Size, "huge.tif", "too_large", sized(u32::MAX, u32::MAX).bytes()),
        refused(Size, "square.tif", "too_large", sized(199_999, 199_999).bytes()),
        refused(Size, "no_cells.tif", "header_damaged", sized(0, 0).bytes()),
        refused(Size, "bands.tif", "too_many_bands", with(277, Value::Short(vec![65_529]))),
        refused(Size, "bits.tif", "header_damaged", with(258, Value::Short(vec![65_535]))),
        refused(Size, "no_rows_in_a_strip.tif", "header_damaged", with(278, Value::Long(vec![0]))),
        refused(Size, "tile_of_2_30.tif", "block_too_large", tiled(1 << 30).bytes()),
        refused(Size, "tile_of_nothing.tif", "header_damaged", tiled(0).bytes()),
        refused(Size, "strip_of_gigabytes.tif", "block_too_large", strip_of_gigabytes()),
        refused(Size, "millions_of_strips.tif", "header_damaged", one_row_strips()),
        refused(Size, "fields.tif", "header_damaged", many_fields),
        refused(Size, "fields_of_2_64.tif", "header_damaged", big),
        refused(Size, "field_of_4_gib.tif", "header_damaged", with(42112, Value::Raw(2, u32::MAX, 8))),
        refused(Size, "width_as_text.tif", "header_damaged", with(256, Value::Ascii("4".to_owned()))),
        refused(Size, "short_table.tif", "header_damaged", with(278, Value::Long(vec![1]))),
    ]
}

fn strip_of_gigabytes() -> Vec<u8> {
    let rows = Value::Long(vec![50_000]);
    sized(50_000, 50_000).with(259, Value::Short(vec![8])).with(278, rows).cells(deflated(&[0; 1000])).bytes()
}

fn one_row_strips() -> Vec<u8> {
    // a strip for each row and band, all of them said to be in one place
    let bands = sized(200, 190_000).with(277, Value::Short(vec![32])).with(284, Value::Short(vec![2]));
    bands.with(278, Value::Long(vec![1])).bytes()
}

fn bombs() -> Vec<HostileFile> {
    let packed = |compression, cells: Vec<u8>| {
        Directory::sound().with(259, Value::Short(vec![compression])).cells(cells).bytes()
    };
    let metadata = format!("<GDALMetadata>{}</GDALMetadata>", "<Item name=\"a\">b</Item>".repeat(50_000));
    let entities = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                    <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><GDALMetadata><Item name=\"x\">&c;</Item></GDALMetadata>";
    vec![
        refused(Bomb, "sixteen_gigabytes.tif", "packed_too_densely", shared_tiles()),
        read(Bomb, "strip_that_goes_on.tif", packed(8, deflated(&vec![7; 64 << 20]))),
        refused(Bomb, "strip_that_ends_early.tif", "cells_damaged", packed(8, deflated(&[1, 2]))),
        refused(Bomb, "no_deflate.tif", "cells_damaged", packed(8, vec![0xff; 40])),
        refused(Bomb, "no_lzw.tif", "cells_damaged", packed(5, vec![0xff; 40])),
        refused(Bomb, "no_zstd.tif", "cells_damaged", packed(50_000, vec![0xff; 40])),
        refused(Bomb, "webp.tif", "compression_not_read", packed(50_001, vec![0xff; 40])),
        refused(Bomb, "jpeg_2000.tif", "compression_not_read", packed(34_712, vec![0xff; 40])),
        read(Bomb, "metadata.tif", Directory::sound().with(42112, Value::Ascii(metadata)).bytes()),
        read(Bomb, "metadata_entities.tif", Directory::sound().with(42112, Value::Ascii(entities.to_owned())).bytes()),
    ]
}

/// 16 GB of cells in tiles that all have the same few bytes.
fn shared_tiles() -> Vec<u8> {
    let cells = deflated(&vec![0; 2048 * 2048 * 8]);
    let bytes = u32::try_from(cells.len()).expect("they are few");
    let tiles = 490;
    let page = |at: u32| {
        let page = sized(20_000, 100_000).without(278).without(279).with(258, Value::Short(vec![64]));
        let page = page.with(339, Value::Short(vec![3])).with(259, Value::Short(vec![8]));
        let page = page.with(322, Value::Long(vec![2048])).with(323, Value::Long(vec![2048]));
        let page = page.with(324, Value::Long(vec![at; tiles])).with(325, Value::Long(vec![bytes; tiles]));
        page.with(33550, Value::Double(vec![1e-4, 1e-4, 0.0])).bytes()
    };
    let at = u32::try_from(page(0).len() - 16).expect("it is short");
    let mut file = page(at);
    file.truncate(file.len() - 16);
    file.extend(cells);
    file
}

fn directories() -> Vec<HostileFile> {
    let sound = Directory::sound;
    let looped = |next| Directory { next: Some(next), ..sound() };
    let second = |page: Directory| file(&[sound(), page]);
    let mut nowhere = sound().bytes();
    nowhere[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut none = sound().bytes();
    none[4..8].copy_from_slice(&[0; 4]);
    vec![
        refused(Loops, "page_after_itself.tif", "header_damaged", looped(8).bytes()),
        refused(Loops, "pages_in_a_ring.tif", "header_damaged", second(looped(8))),
        refused(Loops, "page_beyond_the_end.tif", "incomplete_file", looped(1 << 30).bytes()),
        refused(Loops, "no_page_there.tif", "incomplete_file", nowhere),
        refused(Loops, "no_page.tif", "header_damaged", none),
        refused(Loops, "page_in_the_header.tif", "incomplete_file", looped(2).bytes()),
        refused(Loops, "pages.tif", "too_many_pages", file(&vec![sound(); 65])),
        refused(Loops, "hostile_second_page.tif", "too_large", second(sized(1 << 31, 1 << 31))),
        read(Loops, "sub_page_is_the_page.tif", sound().with(330, Value::Long(vec![8])).bytes()),
        refused(
            Loops,
            "sub_page_beyond_the_end.tif",
            "incomplete_file",
            sound().with(330, Value::Long(vec![1 << 30])).bytes(),
        ),
        read(Loops, "strip_over_the_header.tif", sound().with(273, Value::Long(vec![0x8])).bytes()),
        refused(
            Loops,
            "strip_beyond_the_end.tif",
            "incomplete_file",
            sound().with(273, Value::Long(vec![1 << 30])).bytes(),
        ),
        refused(
            Loops,
            "strip_around_the_end.tif",
            "incomplete_file",
            sound().with(273, Value::Long(vec![u32::MAX])).bytes(),
        ),
        refused(
            Loops,
            "values_beyond_the_end.tif",
            "incomplete_file",
            sound().with(33550, Value::Raw(12, 3, 1 << 30)).bytes(),
        ),
    ]
}

fn places() -> Vec<HostileFile> {
    let cell = |x, y| Directory::sound().with(33550, Value::Double(vec![x, y, 0.0])).bytes();
    let corner = |x, y| Directory::sound().with(33922, Value::Double(vec![0.0, 0.0, 0.0, x, y, 0.0])).bytes();
    let matrix = |m: [f64; 6]| {
        let [a, b, c, d, e, f] = m;
        let rows = vec![a, b, 0.0, c, d, e, 0.0, f, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        Directory::sound().without(33550).without(33922).with(34264, Value::Double(rows)).bytes()
    };
    let keys = |keys: Vec<u16>| Directory::sound().with(34735, Value::Short(keys)).bytes();
    let nodata = |text: &str| Directory::sound().with(42113, Value::Ascii(text.to_owned())).bytes();
    vec![
        refused(Georeference, "nan_cell.tif", "cell_size", cell(f64::NAN, 0.5)),
        refused(Georeference, "endless_cell.tif", "cell_size", cell(f64::INFINITY, 0.5)),
        refused(Georeference, "no_cell.tif", "cell_size", cell(1e-300, 0.5)),
        refused(Georeference, "nan_corner.tif", "cell_size", corner(f64::NAN, 48.0)),
        refused(Georeference, "off_globe.tif", "extent_off_globe", corner(100.0, 4_800.0)),
        refused(Georeference, "far_corner.tif", "cell_size", corner(1e308, 48.0)),
        refused(Georeference, "rotated.tif", "rotated_grid", matrix([0.3, 0.3, 100.0, 0.3, -0.3, 48.0])),
        refused(Georeference, "flat.tif", "rotated_grid", matrix([0.5, 0.5, 100.0, 0.5, 0.5, 48.0])),
        refused(Georeference, "keys_that_lie.tif", "missing_crs", keys(vec![1, 1, 0, 60_000, 1024, 0, 1, 2])),
        refused(
            Georeference,
            "no_such_system.tif",
            "missing_crs",
            keys(vec![1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 9_999]),
        ),
        read(Georeference, "nodata_as_words.tif", nodata("no data at all")),
        read(Georeference, "nodata_beyond_numbers.tif", nodata("1e999")),
        read(Disguise, "nodata_as_a_path.tif", nodata("/etc/passwd")),
    ]
}
