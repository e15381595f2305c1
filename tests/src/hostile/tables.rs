//! Tables of text that a spreadsheet, a log or a page would fall for.

use super::{Class::Table, Handed, HostileFile};

const HEADINGS: &str = "plot,au2,lon,lat,year,biomass_kg_ha,zone\n";

fn rows(rows: &[&str]) -> Vec<u8> {
    format!("{HEADINGS}{}\n", rows.join("\n")).into_bytes()
}

pub(super) fn files() -> Vec<HostileFile> {
    let refused = |name, code, bytes| HostileFile::refused(Table, Handed::Plots, name, code, bytes);
    let found = |name, code, bytes| HostileFile::found(Table, Handed::Plots, name, code, bytes);
    let sound = "1,06404,100.5,46.5,2015,320,Хээр";
    let columns = |n: usize| format!("{}\n{}\n", vec!["a"; n].join(","), vec!["1"; n].join(",")).into_bytes();
    let wide: Vec<u16> = format!("{HEADINGS}{sound}\n").encode_utf16().collect();
    vec![
        refused("nul.csv", "unknown_table_format", rows(&["1,06404,100.5,46.5,2015,3\u{0}20,x"])),
        refused(
            "long_cell.csv",
            "cell_too_long",
            rows(&[&format!("{},06404,100.5,46.5,2015,320,x", "a".repeat(70_000))]),
        ),
        refused("open_quote.csv", "cell_too_long", rows(&[&format!("\"{}", "1,2\n".repeat(30_000))])),
        refused("columns.csv", "table_too_large", columns(1_001)),
        refused("headings_alone.csv", "empty_table", HEADINGS.as_bytes().to_vec()),
        refused("blank.csv", "empty_table", b"\n\n , ,\n".to_vec()),
        refused("no_headings.csv", "missing_columns", b"1,2,3\n4,5,6\n".to_vec()),
        refused("formula_for_all.csv", "shifted_columns", rows(&["1,06404,=100+0.5,46.5,2015,320,x"])),
        refused("years_without_end.csv", "shifted_columns", rows(&["1,06404,100.5,46.5,1e308,320,x"])),
        found(
            "formula_in_a_value.csv",
            "not_a_number",
            rows(&["1,06404,100.5,46.5,2015,\"=cmd|' /C calc'!A0\",x", sound]),
        ),
        found(
            "formula_in_a_name.csv",
            "before_standard_method",
            rows(&["\"=HYPERLINK(\"\"http://127.0.0.1:47113\"\")\",06404,100.5,46.5,2009,320,x"]),
        ),
        found("bidi.csv", "text_cleaned", rows(&["\u{202e}1\u{202c},06404,100.5,46.5,2015,320,x"])),
        found("hidden_letters.csv", "text_cleaned", rows(&["1\u{200b}\u{feff},06404,100.5,46.5,2015,320,x"])),
        found("no_number.csv", "bad_coordinates", rows(&["1,06404,NaN,inf,2015,320,x", sound])),
        found("hexadecimal.csv", "not_a_number", rows(&["1,06404,100.5,46.5,2015,0x1p10,x", sound])),
        found("negative.csv", "negative_value", rows(&["1,06404,100.5,46.5,2015,-1e300,x", sound])),
        found("utf16.csv", "encoding_guessed", wide.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        found("twice.csv", "duplicate_record", rows(&[sound, sound])),
    ]
}
