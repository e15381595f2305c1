//! The national scheme, wrong schemes, and the written form of both.

use serde_json::Value;

use super::*;

const NATIONAL: &str = include_str!("../../../../schemes/mn-national-1.toml");
const SCHEMA: &str = include_str!("../../../../schemes/scheme.schema.json");

fn refusal(document: &str) -> String {
    Scheme::from_toml(document).unwrap_err().to_string()
}

/// The line that holds a text, counted from 1.
fn line(text: &str) -> usize {
    NATIONAL.lines().position(|l| l.starts_with(text)).unwrap() + 1
}

#[test]
fn the_national_scheme_is_valid_and_its_digest_ignores_comments() {
    let scheme = Scheme::from_toml(NATIONAL).unwrap();
    let commented = Scheme::from_toml(&format!("# a remark\n{NATIONAL}")).unwrap();
    assert_eq!(scheme.digest(), commented.digest());
    let other = Scheme::from_toml(&NATIONAL.replacen("epsilon = 5.0", "epsilon = 6.0", 1)).unwrap();
    assert_ne!(scheme.digest(), other.digest());
}

#[test]
fn a_wrong_document_is_refused_with_its_line() {
    let unknown = refusal(&format!("colour = 1\n{NATIONAL}"));
    assert!(unknown.contains("colour") && unknown.contains("line 1"), "{unknown}");
    let broken = refusal(&NATIONAL.replacen("[score]", "[score", 1));
    assert!(broken.contains(&format!("line {}", line("[score]"))), "{broken}");
    for (was, wrong, field) in [
        ("confidence = 0.90", "confidence = 90.0", "decision.confidence"),
        ("key_indicators = [\"I1\", \"I2\"]", "key_indicators = []", "decision.key_indicators"),
        ("declined_tier_min = \"T1\"", "declined_tier_min = \"T3\"", "decision.declined_tier_min"),
        ("window_years_max = 12", "window_years_max = 5", "baseline.window_years_max"),
        ("epsilon = 5.0", "epsilon = -5.0", "indicators.I1.epsilon"),
        ("level = [[0.0, 0.0], [50.0", "level = [[60.0, 0.0], [50.0", "indicators.I2.level"),
        ("version = ", "version = \"\" #", "version"),
    ] {
        let message = refusal(&NATIONAL.replacen(was, wrong, 1));
        assert!(message.contains(field), "{message}");
        assert!(message.starts_with(&format!("line {}: ", line(was))), "{was}: {message}");
    }
    let misspelt = refusal(&NATIONAL.replacen("noise_floor = true", "noise_flor = true", 1));
    assert!(
        misspelt.contains("noise_flor") && misspelt.contains(&format!("line {}", line("noise_floor ="))),
        "{misspelt}"
    );
    let without = NATIONAL.split("[indicators.I5]").next().unwrap();
    let missing = refusal(&format!("{without}\n[claim_rules]{}", NATIONAL.split("[claim_rules]").nth(1).unwrap()));
    assert!(missing.contains("[indicators.I5]"), "{missing}");
}

#[test]
fn claims_are_bound_to_status_and_tier() {
    let scheme = Scheme::from_toml(NATIONAL).unwrap();
    let of = |status, tier| scheme.claims.iter().filter(|c| c.allowed(status, tier)).count();
    assert!(of(crate::Status::VerifiedImproving, Tier::T3) > of(crate::Status::VerifiedImproving, Tier::T1));
    assert!(
        !scheme.claims.iter().any(|c| c.family == "performance" && c.allowed(crate::Status::NotVerified, Tier::T4))
    );
}

/// Whether a value follows a schema, as far as this project's schema needs the words of JSON Schema.
fn follows(root: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{place}: {what}"));
    let number = |key: &str| schema[key].as_f64();
    match schema["type"].as_str() {
        Some("object") => {
            let object = value.as_object().ok_or(format!("{place}: no object"))?;
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !object.contains_key(name) {
                    return wrong(&format!("no {name}"));
                }
            }
            for (name, inner) in object {
                let Some(own) = schema["properties"].get(name) else { return wrong(&format!("{name} is unknown")) };
                let own = own["$ref"].as_str().map_or(own, |r| &root["$defs"][r.trim_start_matches("#/$defs/")]);
                follows(root, own, inner, &format!("{place}.{name}"))?;
            }
        }
        Some("array") => {
            for (at, inner) in value.as_array().ok_or(format!("{place}: no array"))?.iter().enumerate() {
                follows(root, &schema["items"], inner, &format!("{place}[{at}]"))?;
            }
        }
        Some("string") if !value.is_string() => return wrong("no text"),
        Some("boolean") if !value.is_boolean() => return wrong("no truth value"),
        Some("integer") if !value.is_u64() => return wrong("no whole number"),
        Some("number") if !value.is_number() => return wrong("no number"),
        _ => {}
    }
    if schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) {
        return wrong("not one of the words");
    }
    let Some(found) = value.as_f64() else { return Ok(()) };
    let low = number("minimum").is_some_and(|m| found < m) || number("exclusiveMinimum").is_some_and(|m| found <= m);
    let high = number("maximum").is_some_and(|m| found > m) || number("exclusiveMaximum").is_some_and(|m| found >= m);
    if low || high { wrong("out of range") } else { Ok(()) }
}

#[test]
fn the_written_form_and_the_program_agree() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let follows = |value: &Value| follows(&schema, &schema, value, "scheme");
    let as_json = |document: &str| serde_json::to_value(toml::from_str::<toml::Value>(document).unwrap()).unwrap();
    let national = as_json(NATIONAL);
    assert_eq!(follows(&national), Ok(()));
    // what the program writes out again follows the form too, so the form names every field
    let written = serde_json::to_value(Scheme::from_toml(NATIONAL).unwrap()).unwrap();
    assert_eq!(follows(&written), Ok(()));
    for wrong in [
        ("confidence = 0.90", "confidence = 90.0"),
        ("epsilon = 5.0", "epsilon = -5.0"),
        ("noise_floor = true", "noise_flor = true"),
        ("key_indicators = [\"I1\", \"I2\"]", "key_indicators = [\"I9\"]"),
    ] {
        let document = NATIONAL.replacen(wrong.0, wrong.1, 1);
        assert!(follows(&as_json(&document)).is_err(), "{wrong:?}");
        assert!(Scheme::from_toml(&document).is_err(), "{wrong:?}");
    }
}
