//! Descriptions of the methods that results name.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::lang::Text;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};

/// The described methods.
static METHODS: LazyLock<Vec<Entry>> = LazyLock::new(|| match toml::from_str::<Document>(DOCUMENT) {
    Ok(document) => document.method,
    Err(error) => {
        tracing::error!(%error, "the descriptions of methods cannot be read");
        Vec::new()
    }
});

const DOCUMENT: &str = include_str!("../data/methods.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    method: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    title_en: String,
    title_mn: String,
    description_en: String,
    description_mn: String,
    equation: String,
    source: Vec<String>,
}

/// A method in one version; the version rises whenever its results can change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MethodDescription {
    /// Method and version.
    #[schema(example = "i1.weather_adjusted_productivity@2")]
    id: String,
    /// What it is called.
    title: Text,
    /// What it does.
    description: Text,
    /// Its equation, as text.
    equation: String,
    /// Where it comes from.
    source: Vec<String>,
}

/// A method: what it does, its equation and its source.
#[utoipa::path(get, path = "/v1/methods/{id}", tag = "method",
    params(("id" = String, Path, description = "Method and version", example = "i1.weather_adjusted_productivity@2")),
    responses((status = 200, body = MethodDescription), Refusals))]
pub(crate) async fn show_method(
    Path(id): Path<String>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Json<MethodDescription>, Problem> {
    let Some(entry) = METHODS.iter().find(|m| m.id == id) else {
        let known: Vec<&str> = METHODS.iter().map(|m| m.id.as_str()).collect();
        return Err(Problem::unknown_method(&id, &known.join(", ")));
    };
    Ok(Json(MethodDescription {
        id,
        title: Text::new(&entry.title_mn, &entry.title_en),
        description: Text::new(&entry.description_mn, &entry.description_en),
        equation: entry.equation.trim().to_owned(),
        source: entry.source.clone(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_indicator_and_the_coverage_have_a_description() {
        let ids: Vec<&str> = METHODS.iter().map(|m| m.id.as_str()).collect();
        for start in ["i1.", "i2.", "i3.", "i4.", "i5.", "zonal."] {
            assert!(ids.iter().any(|id| id.starts_with(start)), "{start}");
        }
        for entry in METHODS.iter() {
            assert!(entry.id.contains('@') && !entry.equation.trim().is_empty() && !entry.source.is_empty());
        }
    }
}
