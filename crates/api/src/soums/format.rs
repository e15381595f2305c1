//! In which form a list of soums is written.

use axum::http::{HeaderMap, header};

use crate::problem::Problem;

/// The form of a list of soums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// The service's own JSON.
    Json,
    /// A feature collection with borders (RFC 7946).
    GeoJson,
    /// One line a soum.
    Csv,
}

impl Format {
    /// Its media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GeoJson => "application/geo+json",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// One letter of its own.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Json => 'j',
            Self::GeoJson => 'g',
            Self::Csv => 'c',
        }
    }

    /// The form that the parameter `f` names, or else the one that `Accept` weighs most.
    pub(crate) fn read(f: Option<&str>, headers: &HeaderMap) -> Result<Self, Problem> {
        match f {
            None => Ok(Self::accepted(headers)),
            Some("json") => Ok(Self::Json),
            Some("geojson") => Ok(Self::GeoJson),
            Some("csv") => Ok(Self::Csv),
            Some(other) => {
                let expected = ("json, geojson, csv аль нэг", "one of json, geojson, csv");
                Err(Problem::bad_parameter("f", other, expected))
            }
        }
    }

    /// The form that `Accept` weighs most, JSON where it names none of them or several alike.
    pub(crate) fn accepted(headers: &HeaderMap) -> Self {
        let mut best = (Self::Json, 0.0);
        for value in headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()) {
            for (format, weight) in value.split(',').filter_map(weighed) {
                if weight > best.1 || (weight == best.1 && format == Self::Json) {
                    best = (format, weight);
                }
            }
        }
        best.0
    }
}

fn weighed(range: &str) -> Option<(Format, f32)> {
    let mut parts = range.split(';').map(str::trim);
    let format = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/json" | "application/*" | "*/*" => Format::Json,
        "application/geo+json" => Format::GeoJson,
        "text/csv" => Format::Csv,
        _ => return None,
    };
    let weight = parts.find_map(|p| p.strip_prefix("q=")).map_or(Some(1.0), |q| q.trim().parse().ok())?;
    (weight > 0.0).then_some((format, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_form_wins() {
        for (accept, expected) in [
            ("application/geo+json", Format::GeoJson),
            ("text/csv;q=0.9, application/geo+json;q=0.3", Format::Csv),
            ("application/geo+json, application/json", Format::Json),
            ("application/geo+json, */*;q=0.1", Format::GeoJson),
            ("*/*", Format::Json),
            ("image/png", Format::Json),
            ("text/csv;q=0", Format::Json),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(Format::read(None, &headers).unwrap(), expected, "{accept}");
            assert_eq!(Format::read(Some("csv"), &headers).unwrap(), Format::Csv);
        }
        assert!(Format::read(Some("shp"), &HeaderMap::new()).is_err());
    }
}
