//! Workbooks: zips of XML.

use super::{Class::Workbook, Entry, Handed, HostileFile, SECRET, Zip};

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
    </Types>";
const ROOT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const BOOK: &str = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
    <sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
const PARTS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
    <Relationship Id=\"r2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/>\
    </Relationships>";

/// A workbook with this sheet and these shared texts.
fn workbook(sheet: &[u8], shared: &[u8]) -> Vec<Entry> {
    vec![
        Entry::of("[Content_Types].xml", TYPES.as_bytes()),
        Entry::of("_rels/.rels", ROOT.as_bytes()),
        Entry::of("xl/workbook.xml", BOOK.as_bytes()),
        Entry::of("xl/_rels/workbook.xml.rels", PARTS.as_bytes()),
        Entry::of("xl/sharedStrings.xml", shared),
        Entry::of("xl/worksheets/sheet1.xml", sheet),
    ]
}

fn sheet(cells: &str) -> Vec<u8> {
    let start = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
    format!("{start}{cells}</sheetData></worksheet>").into_bytes()
}

fn text(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn table(plot: &str, biomass: &str) -> Vec<u8> {
    let row = |row: u32, cells: [&str; 6]| {
        let cells: Vec<String> =
            ('A'..='F').zip(cells).map(|(column, cell)| text(&format!("{column}{row}"), cell)).collect();
        format!("<row r=\"{row}\">{}</row>", cells.concat())
    };
    let headings = row(1, ["plot", "au2", "lon", "lat", "year", "biomass_kg_ha"]);
    sheet(&format!("{headings}{}", row(2, [plot, "06404", "100.5", "46.5", "2009", biomass])))
}

pub(super) fn files() -> Vec<HostileFile> {
    let of = |entries: Vec<Entry>| Zip::of(entries).bytes();
    let refused = |name, code, entries| HostileFile::refused(Workbook, Handed::Plots, name, code, of(entries));
    let found = |name, code, entries| HostileFile::found(Workbook, Handed::Plots, name, code, of(entries));
    let shared = |text: &[u8]| workbook(&table("1", "320"), text);
    let book = |entry: usize, change: &dyn Fn(&mut Entry)| {
        let mut entries = workbook(&table("1", "320"), b"<sst/>");
        change(&mut entries[entry]);
        entries
    };
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>";
    let outside = format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"file://{SECRET}\">]>");
    let declared = |declaration: &str, entity: &str| {
        let sheet = [declaration.as_bytes(), &table(entity, "320")].concat();
        workbook(&sheet, b"<sst/>")
    };
    let many = (0..513).map(|n| Entry::of(&format!("{n}.xml"), b"<x/>")).collect();
    let far = sheet(&text("XFD1048576", "1"));
    let count = b"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"4294967295\" uniqueCount=\"4294967295\"/>";
    vec![
        refused("bomb_of_texts.xlsx", "bad_zip", shared(&vec![b' '; 64 << 20])),
        refused(
            "bomb_that_lies.xlsx",
            "bad_zip",
            book(4, &|e| *e = Entry::of("xl/sharedStrings.xml", &vec![b' '; 64 << 20]).stating(4_000)),
        ),
        refused("entries.xlsx", "bad_zip", many),
        refused("slip.xlsx", "bad_zip", book(4, &|e| e.name = b"../sharedStrings.xml".to_vec())),
        refused("encrypted.xlsx", "bad_zip", book(4, &|e| e.flags = 1)),
        refused(
            "local_name_differs.xlsx",
            "bad_zip",
            book(5, &|e| e.local_name = Some(b"xl/worksheets/sheet2.xml".to_vec())),
        ),
        refused("far_cell.xlsx", "table_too_large", workbook(&far, b"<sst/>")),
        refused("no_workbook.xlsx", "unreadable_table", vec![Entry::of("a.txt", b"hello")]),
        refused("no_xml.xlsx", "unreadable_table", workbook(b"<worksheet><sheetData><row", b"<sst/>")),
        refused("nested_tags.xlsx", "unreadable_table", workbook("<a>".repeat(200_000).as_bytes(), b"<sst/>")),
        refused("laughs.xlsx", "unreadable_table", declared(laughs, "&c;")),
        refused("file_of_the_machine.xlsx", "unreadable_table", declared(&outside, "&e;")),
        found("texts_of_2_32.xlsx", "before_standard_method", shared(count)),
        found("formula.xlsx", "before_standard_method", workbook(&table("=cmd|calc!A0", "320"), b"<sst/>")),
    ]
}
