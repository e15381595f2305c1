//! Tricks of JSON: depth, keys twice, numbers and letters that readers disagree about.

use super::{BAIT, Class::Json, Handed, HostileFile};
use crate::made::squares;

pub(super) fn files() -> Vec<HostileFile> {
    let bad = |name, text: Vec<u8>| HostileFile::refused(Json, Handed::Boundaries, name, "bad_json", text);
    let other = |name, code, text: Vec<u8>| HostileFile::refused(Json, Handed::Boundaries, name, code, text);
    let sound = String::from_utf8(squares(&[("6404", 100.0)])).expect("it is text");
    let with = |from: &str, to: &str| sound.replacen(from, to, 1).into_bytes();
    let nested = |depth: usize| [b"{\"a\":".repeat(depth), b"1".to_vec(), b"}".repeat(depth)].concat();
    let keys: Vec<String> = (0..3000).map(|n| format!("\"k{n}\":1")).collect();
    let system = |name: &str| {
        with(
            "\"type\":\"FeatureCollection\"",
            &format!(
                "\"type\":\"FeatureCollection\",\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"{name}\"}}}}"
            ),
        )
    };
    vec![
        bad("lists_in_lists.geojson", vec![b'['; 1 << 20]),
        bad("objects_in_objects.geojson", nested(100_000)),
        bad("seventeen_deep.geojson", nested(17)),
        bad("key_twice.geojson", with("\"soum_code\":\"6404\"", "\"soum_code\":\"6404\",\"soum_code\":\"6407\"")),
        bad(
            "key_twice_in_disguise.geojson",
            with("\"soum_code\":\"6404\"", "\"soum_code\":\"6404\",\"soum\\u005fcode\":\"6407\""),
        ),
        bad("keys.geojson", format!("{{{}}}", keys.join(",")).into_bytes()),
        bad("nan.geojson", with("101.0", "NaN")),
        bad("infinity.geojson", with("101.0", "-Infinity")),
        bad("beyond_numbers.geojson", with("101.0", "1e999")),
        bad("digits.geojson", with("101.0", &format!("1{}", "0".repeat(100_000)))),
        bad("hexadecimal.geojson", with("101.0", "0x65")),
        bad("leading_zero.geojson", with("101.0", "0101.0")),
        bad("comment.geojson", with("101.0", "101.0/*here*/")),
        bad("half_a_letter.geojson", with("6404", "\\ud800")),
        bad(
            "no_utf8.geojson",
            sound.replacen("6404", "?", 1).into_bytes().iter().map(|b| if *b == b'?' { 0xff } else { *b }).collect(),
        ),
        bad("control_letter.geojson", with("6404", "\0")),
        bad("two_texts.geojson", format!("{sound}{sound}").into_bytes()),
        bad("cut.geojson", sound.as_bytes()[..80].to_vec()),
        other("system_at_an_address.geojson", "unknown_crs", system(&format!("http://{BAIT}/crs"))),
        other("system_of_no_number.geojson", "unknown_crs", system("urn:ogc:def:crs:EPSG::999999")),
        other("list.geojson", "not_geojson", b"[1, 2, 3]".to_vec()),
        other("type_as_list.geojson", "not_geojson", b"{\"type\": [\"FeatureCollection\"], \"features\": []}".to_vec()),
        other("scripted_code.geojson", "no_code_field", with("6404", "<script>alert(1)</script>")),
    ]
}
