//! Which field holds the code, the names, the area: known names first, and only where the values fit.

use std::{collections::BTreeMap, sync::LazyLock};

use belcheer_domain::records::Level;
use belcheer_door::Refusal;
use serde::Deserialize;

use super::{BoundaryJob, codes};
use crate::{
    messages::refuse,
    source::RawLayer,
    text::{Script, fold_heading, script_of},
};

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Known {
    pub(crate) code: BTreeMap<String, Vec<String>>,
    pub(crate) parent: BTreeMap<String, Vec<String>>,
    pub(crate) name: BTreeMap<String, Vec<String>>,
    pub(crate) area: BTreeMap<String, Vec<String>>,
    pub(crate) retired: Retired,
    pub(crate) national: National,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Retired {
    pub(crate) codes: Vec<u16>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct National {
    pub(crate) area_km2: f64,
    pub(crate) soums: usize,
    pub(crate) tolerance: f64,
    pub(crate) area_tolerance: f64,
    pub(crate) window: [f64; 4],
}

/// The names and figures of `boundary_fields.toml`.
pub(crate) static KNOWN: LazyLock<Known> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/boundary_fields.toml")).unwrap_or_default());

/// Indices of the fields that are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fields {
    pub(crate) code: usize,
    pub(crate) parent: Option<usize>,
    pub(crate) names: Vec<usize>,
}

impl Fields {
    pub(crate) fn code_name(&self, layer: &RawLayer) -> String {
        layer.fields.get(self.code).cloned().unwrap_or_default()
    }
}

fn known(table: &BTreeMap<String, Vec<String>>, level: Level) -> &[String] {
    table.get(level.as_str()).map_or(&[], Vec::as_slice)
}

/// The index of the field that the user named: exactly, else with letters folded.
pub(crate) fn named(layer: &RawLayer, name: &str) -> Option<usize> {
    let exact = layer.fields.iter().position(|f| f == name);
    exact.or_else(|| layer.fields.iter().position(|f| fold_heading(f) == fold_heading(name)))
}

/// Indices of fields whose folded name is in the list, in the order of the list.
pub(crate) fn listed(layer: &RawLayer, names: &[String]) -> Vec<usize> {
    let folded: Vec<String> = layer.fields.iter().map(|f| fold_heading(f)).collect();
    let mut found = Vec::new();
    for name in names {
        let index = folded.iter().position(|f| *f == fold_heading(name));
        found.extend(index.filter(|i| !found.contains(i)));
    }
    found
}

/// Chooses the fields of a boundary layer.
pub(crate) fn choose(layer: &RawLayer, job: &BoundaryJob, input: &str) -> Result<Fields, Refusal> {
    let all = || layer.fields.join(", ");
    let wanted =
        |name: &String| named(layer, name).ok_or_else(|| refuse("no_such_field", input, format!("{name}; {}", all())));
    let code = match &job.code_field {
        Some(name) => wanted(name)?,
        None if layer.fields.is_empty() => return Err(refuse("no_codes_at_all", input, "")),
        None => best_code(layer, job.level).ok_or_else(|| refuse("no_code_field", input, all()))?,
    };
    let names = match &job.name_field {
        Some(name) => vec![wanted(name)?],
        None => listed(layer, known(&KNOWN.name, job.level)),
    };
    let parent = match job.level {
        Level::Bag | Level::Pug => listed(layer, known(&KNOWN.parent, Level::Soum)).first().copied(),
        Level::Soum | Level::Aimag | Level::Zone => None,
    };
    Ok(Fields { code, parent, names })
}

/// The first listed field of which nine tenths of the values read as codes; else the one with the largest share.
fn best_code(layer: &RawLayer, level: Level) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for index in listed(layer, known(&KNOWN.code, level)) {
        let values: Vec<&str> = layer.features.iter().filter_map(|f| f.values.get(index)?.as_deref()).collect();
        let readable = values.iter().filter(|v| codes::reads(v, level)).count();
        let share = readable as f64 / layer.features.len().max(1) as f64;
        if share >= 0.9 {
            return Some(index);
        }
        if share > best.map_or(0.0, |b| b.1) {
            best = Some((index, share));
        }
    }
    best.map(|b| b.0)
}

/// The Mongolian and the English name among a record's name fields, by script, first come first served.
pub(crate) fn names_of(layer: &RawLayer, feature: usize, fields: &[usize]) -> (Option<String>, Option<String>) {
    let (mut mongolian, mut english) = (None, None);
    for field in fields {
        let Some(text) = super::value(layer, feature, Some(*field)) else { continue };
        match script_of(text) {
            Script::Cyrillic if mongolian.is_none() => mongolian = Some(text.to_owned()),
            Script::Latin if english.is_none() => english = Some(text.to_owned()),
            _ => {}
        }
    }
    (mongolian, english)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_names_is_readable() {
        assert_eq!(KNOWN.national.soums, 300);
        assert!(known(&KNOWN.code, Level::Soum).contains(&"adm2pcode".to_owned()));
        assert_eq!(KNOWN.area.len(), 4);
    }
}
