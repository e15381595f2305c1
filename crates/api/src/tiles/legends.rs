//! The colours of rasters, from `data/legends.toml`.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use belcheer_raster_ingest::{ProductKind, product};
use belcheer_tiles::{Legend, Rgb, Stop};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::lang::Text;

static LEGENDS: LazyLock<HashMap<String, Arc<Colours>>> = LazyLock::new(|| match read(DOCUMENT) {
    Ok(legends) => legends,
    Err(error) => {
        tracing::error!(%error, "the legends cannot be read");
        HashMap::new()
    }
});

const DOCUMENT: &str = include_str!("../../data/legends.toml");

/// Viridis, five of its colours from low to high.
const VIRIDIS: [Rgb; 5] = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

/// A legend with its words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Colours {
    pub(super) title: Option<Text>,
    pub(super) legend: Legend,
    pub(super) stops: Vec<LegendStop>,
    pub(super) classes: bool,
}

/// A value and its colour.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct LegendStop {
    /// The value, in the raster's unit.
    value: f64,
    /// Red, green and blue as hexadecimal digits.
    #[schema(example = "#78c679")]
    color: String,
    /// What a class is; absent for measurements.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "version")]
    _version: String,
    legend: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    products: Vec<String>,
    title_en: String,
    title_mn: String,
    #[serde(default)]
    classes: bool,
    stops: Vec<StopEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StopEntry {
    value: f64,
    color: String,
    en: Option<String>,
    mn: Option<String>,
}

/// The colours of a product; none of classes that nobody named, and of what has no range.
pub(super) fn colours(name: &str) -> Option<Arc<Colours>> {
    LEGENDS.get(name).cloned().or_else(|| over_the_range(name).map(Arc::new))
}

fn over_the_range(name: &str) -> Option<Colours> {
    let known = product(name).filter(|p| p.kind == ProductKind::Continuous)?;
    let [low, high] = known.valid?;
    let steps = (VIRIDIS.len() - 1) as f64;
    let stops: Vec<Stop> = VIRIDIS
        .into_iter()
        .enumerate()
        .map(|(place, color)| Stop { value: low + (high - low) * place as f64 / steps, color })
        .collect();
    let legend = Legend::continuous(&stops).ok()?;
    let told = |stop: &Stop| LegendStop { value: stop.value, color: written(stop.color), label: None };
    Some(Colours { title: None, legend, stops: stops.iter().map(told).collect(), classes: false })
}

fn read(document: &str) -> Result<HashMap<String, Arc<Colours>>, String> {
    let document: Document = toml::from_str(document).map_err(|e| e.to_string())?;
    let mut legends = HashMap::new();
    for entry in document.legend {
        let stops: Vec<Stop> = entry
            .stops
            .iter()
            .map(|s| Some(Stop { value: s.value, color: parsed(&s.color)? }))
            .collect::<Option<_>>()
            .ok_or_else(|| format!("a colour of {} is none", entry.title_en))?;
        let made = if entry.classes { Legend::classes(&stops) } else { Legend::continuous(&stops) };
        let legend = made.map_err(|e| format!("{}: {e}", entry.title_en))?;
        let told = |s: StopEntry| LegendStop {
            value: s.value,
            color: s.color,
            label: s.en.zip(s.mn).map(|(en, mn)| Text::new(mn, en)),
        };
        let colours = Arc::new(Colours {
            title: Some(Text::new(entry.title_mn, entry.title_en)),
            legend,
            stops: entry.stops.into_iter().map(told).collect(),
            classes: entry.classes,
        });
        legends.extend(entry.products.into_iter().map(|name| (name, Arc::clone(&colours))));
    }
    Ok(legends)
}

fn parsed(color: &str) -> Option<Rgb> {
    let digits = color.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let channel = |place: usize| u8::from_str_radix(digits.get(place..place + 2)?, 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

fn written([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use belcheer_raster_ingest::products;

    #[test]
    fn every_legend_is_of_a_known_product() {
        let legends = read(DOCUMENT).unwrap();
        for name in legends.keys() {
            assert!(product(name).is_some(), "{name}");
        }
        for known in products().iter().filter(|p| p.kind == ProductKind::Continuous && p.valid.is_some()) {
            assert!(colours(&known.name).is_some(), "{}", known.name);
        }
        assert!(colours("nothing").is_none());
        assert_eq!(parsed("#0a0b0c").map(written).as_deref(), Some("#0a0b0c"));
        assert_eq!((parsed("#0a0b0"), parsed("0a0b0c"), parsed("#ӨӨӨ")), (None, None, None));
    }
}
