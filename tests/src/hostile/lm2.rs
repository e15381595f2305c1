//! The land agency's export: three files of records, and files of persons.

use super::{Class::Lm2, Handed, HostileFile};

const POINT: &str =
    r#"[{"point_detail_id":"06404001","geometry":"{\"type\":\"Point\",\"coordinates\":[100.5,47.25]}"}]"#;
const DETAIL: &str = r#"[{"point_detail_id":"06404001","au2":"06404"}]"#;
const VALUE: &str = r#"[{"point_detail_id":"06404001","monitoring_year":2019,"rc_id":3,"biomass":320.5}]"#;

/// The file of values is the one handed in; the others lie beside it.
fn export(
    name: &'static str,
    expected: super::Expected,
    files: [&str; 3],
    more: &[(&'static str, &str)],
) -> HostileFile {
    let [value, point, detail] = files.map(|text| text.as_bytes().to_vec());
    let more = more.iter().map(|(name, text)| (*name, text.as_bytes().to_vec()));
    let beside = [("point.json", point), ("pointdetail.json", detail)].into_iter().chain(more).collect();
    HostileFile { name, class: Lm2, bytes: value, beside, handed: Handed::Lm2, expected }
}

pub(super) fn files() -> Vec<HostileFile> {
    use super::Expected::{Finding, Refused};
    let value = |name, expected, value: &str| export(name, expected, [value, POINT, DETAIL], &[]);
    let bad = Refused("bad_json");
    let twice = VALUE.replace("\"rc_id\":3", "\"rc_id\":3,\"rc_id\":1");
    let place = POINT.replace("100.5,47.25", "1e999,47.25");
    let deep = POINT.replace("[100.5,47.25]", &format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)));
    let person = DETAIL.replace("\"au2\"", "\"person_register\"");
    vec![
        export("person_file", Refused("personal_file"), [VALUE, POINT, DETAIL], &[("person.json", "[]")]),
        export("person_field", Refused("personal_field"), [VALUE, POINT, &person], &[]),
        value("key_twice", bad, &twice),
        value("beyond_numbers", bad, &VALUE.replace("320.5", "1e400")),
        value("no_list", Refused("lm2_no_list"), "{\"a\": 1}"),
        value("list_of_lists", Refused("lm2_no_list"), "[[1], [2]]"),
        value("deep", bad, &"[".repeat(100_000)),
        value("half_a_letter", bad, &VALUE.replace("06404001", "\\udfff")),
        value("no_records", Refused("no_usable_rows"), "[]"),
        export("place_beyond_numbers", Refused("no_usable_rows"), [VALUE, &place, DETAIL], &[]),
        export("place_without_end", Refused("no_usable_rows"), [VALUE, &deep, DETAIL], &[]),
        value("year_beyond_calendars", Refused("no_usable_rows"), &VALUE.replace("2019", "1e15")),
        value(
            "negative",
            Finding("negative_value"),
            &format!("[{},{}]", inner(VALUE), inner(VALUE).replace("320.5", "-1e300")),
        ),
    ]
}

/// The one record of a list.
fn inner(list: &str) -> &str {
    list.trim_start_matches('[').trim_end_matches(']')
}
