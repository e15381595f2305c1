//! JSON read strictly: no duplicate keys, bounded depth, finite numbers.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A JSON value with its keys in the order of the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Whole(i64),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A member of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "coordinates are far below 2^53")]
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            Self::Whole(value) => Some(*value as f64),
            _ => None,
        }
    }

    /// The value as one cell of a table; lists and objects have none.
    pub(crate) fn cell(&self) -> Option<String> {
        match self {
            Self::Bool(b) => Some(b.to_string()),
            Self::Whole(n) => Some(n.to_string()),
            Self::Number(n) => Some(n.to_string()),
            Self::Text(t) => Some(t.clone()),
            _ => None,
        }
    }
}

/// Reads one JSON text of nesting up to `depth`.
pub(crate) fn parse(bytes: &[u8], depth: u32) -> Result<Json, String> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth }.deserialize(&mut deserializer).map_err(|e| e.to_string())?;
    deserializer.end().map_err(|e| e.to_string())?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Strict {
    depth: u32,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        self.depth.checked_sub(1).map(|depth| Self { depth }).ok_or_else(|| E::custom("nested too deeply"))
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Whole(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers beyond i64 are no codes or coordinates")]
    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or(Json::Number(value as f64), Json::Whole))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        if value.is_finite() { Ok(Json::Number(value)) } else { Err(E::custom("number is not finite")) }
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let deeper = self.deeper()?;
        let mut list = Vec::new();
        while let Some(value) = access.next_element_seed(deeper)? {
            list.push(value);
        }
        list.shrink_to_fit();
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let deeper = self.deeper()?;
        let mut members: Vec<(String, Json)> = Vec::new();
        while let Some(key) = access.next_key::<String>()? {
            if members.iter().any(|(k, _)| *k == key) {
                return Err(A::Error::custom(format!("the key \"{key}\" is written twice")));
            }
            if members.len() >= 2000 {
                return Err(A::Error::custom("an object has more than 2000 members"));
            }
            members.push((key, access.next_value_seed(deeper)?));
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubtful_json_is_refused() {
        assert!(parse(br#"{"type":"A","type":"B"}"#, 16).unwrap_err().contains("twice"));
        assert!(parse(b"[[[[1]]]]", 3).is_err());
        assert!(parse(b"[1e999]", 3).is_err());
        assert!(parse(b"[1] []", 3).is_err());
        assert!(parse(b"[1,]", 3).is_err());
        assert!(parse("[".repeat(100_000).as_bytes(), 16).is_err());
    }

    #[test]
    fn values_keep_their_form() {
        let json = parse(br#"{"code": 4625, "x": 1.5, "name": "a", "none": null}"#, 2).unwrap();
        assert_eq!(json.get("code").and_then(Json::cell).as_deref(), Some("4625"));
        assert_eq!(json.get("x").and_then(Json::number), Some(1.5));
        assert_eq!(json.get("none").and_then(Json::cell), None);
    }
}
