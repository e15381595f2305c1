//! Features to units: one for each code, parts of one unit joined.

use std::collections::BTreeMap;

use belcheer_domain::{
    CodeForm, SoumCode,
    records::{Jurisdiction, Level},
};
use geo_types::MultiPolygon;

use super::{
    codes,
    fields::{Fields, KNOWN, names_of},
    value,
};
use crate::{
    geometry::{area::geodesic_ha, overlap, repair::united},
    limits::Limits,
    messages::Log,
    source::RawLayer,
};

/// A feature with its code, not yet joined with others of the same code.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    /// Position among the layer's features.
    pub(crate) feature: usize,
    pub(crate) code: String,
    pub(crate) au2: Option<SoumCode>,
    pub(crate) name_mn: Option<String>,
    pub(crate) name_en: Option<String>,
    pub(crate) polygons: MultiPolygon<f64>,
    pub(crate) area_ha: f64,
}

/// Reads the code of every feature that has polygons; what cannot be read is left out with a finding.
pub(crate) fn drafts(
    layer: &RawLayer,
    shapes: Vec<Option<MultiPolygon<f64>>>,
    fields: &Fields,
    level: Level,
    log: &mut Log,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (feature, polygons) in shapes.into_iter().enumerate() {
        let Some(polygons) = polygons else { continue };
        let text = value(layer, feature, Some(fields.code)).unwrap_or_default();
        let parent = value(layer, feature, fields.parent);
        let Some((code, au2)) = read_code(text, parent, level, log) else {
            log.record("code_unreadable", None, format!("feature {}", feature + 1), text);
            continue;
        };
        let (name_mn, name_en) = names_of(layer, feature, &fields.names);
        let area_ha = geodesic_ha(&polygons);
        drafts.push(Draft { feature, code, au2, name_mn, name_en, polygons, area_ha });
    }
    drafts
}

fn read_code(text: &str, parent: Option<&str>, level: Level, log: &mut Log) -> Option<(String, Option<SoumCode>)> {
    match level {
        Level::Soum => {
            let (code, form) = codes::soum(text)?;
            tell_form(code, form, log);
            if KNOWN.retired.codes.contains(&code.number()) {
                log.note_soum("code_retired", Some(code), code.to_string(), 1, "");
            }
            Some((code.to_string(), Some(code)))
        }
        Level::Aimag => codes::aimag(text).map(|number| (format!("{number:03}"), None)),
        Level::Zone => Some((text.trim().to_owned(), None)).filter(|(code, _)| !code.is_empty()),
        Level::Bag | Level::Pug => {
            let code = text.trim().trim_end_matches(".0").to_owned();
            let au2 = parent
                .and_then(codes::soum)
                .map(|(c, _)| c)
                .or_else(|| if level == Level::Bag { codes::soum_of_bag(&code) } else { None });
            (!code.is_empty()).then_some((code, au2))
        }
    }
}

/// A superseded code is used under its modern one, and told.
pub(crate) fn tell_form(code: SoumCode, form: CodeForm, log: &mut Log) {
    if let CodeForm::Alias(old) = form {
        log.note_soum("code_alias", Some(code), format!("{old}"), 1, &code.to_string());
    }
}

/// Joins the parts of each code and measures; overlaps between features are told first.
///
/// Two features of one code that overlap are two versions of one unit: the first is kept, the other left out.
pub(crate) fn finish(drafts: Vec<Draft>, level: Level, limits: &Limits, log: &mut Log) -> Vec<Jurisdiction> {
    let shapes: Vec<&MultiPolygon<f64>> = drafts.iter().map(|d| &d.polygons).collect();
    let (overlaps, unknown) = overlap::overlaps_within(&shapes);
    if unknown > 0 {
        log.note("overlap_unknown", "", unknown as u64, "");
    }
    let mut versions = Vec::new();
    for found in overlaps {
        let (first, second) = (&drafts[found.first], &drafts[found.second]);
        if first.code == second.code {
            versions.push(found.second);
        } else {
            let pair = format!("{} and {}", first.code, second.code);
            log.note_soum("units_overlap", first.au2, pair, 1, &format!("{:.2}", 100.0 * found.share));
        }
    }
    let mut units: BTreeMap<String, Draft> = BTreeMap::new();
    for (index, draft) in drafts.into_iter().enumerate() {
        match units.get_mut(&draft.code) {
            None => {
                units.insert(draft.code.clone(), draft);
            }
            Some(unit) if versions.contains(&index) => {
                log.note_soum("duplicate_code", unit.au2, draft.code, 1, "");
            }
            Some(unit) => {
                log.note_soum("unit_in_parts", unit.au2, draft.code.clone(), 1, "");
                join(unit, draft, limits);
            }
        }
    }
    units.into_values().map(|draft| jurisdiction(draft, level)).collect()
}

fn join(unit: &mut Draft, part: Draft, limits: &Limits) {
    unit.polygons = united(&unit.polygons, &part.polygons, limits).unwrap_or_else(|| {
        let mut all = std::mem::replace(&mut unit.polygons, MultiPolygon(vec![]));
        all.0.extend(part.polygons.0);
        all
    });
    unit.name_mn = unit.name_mn.take().or(part.name_mn);
    unit.name_en = unit.name_en.take().or(part.name_en);
    unit.area_ha = geodesic_ha(&unit.polygons);
}

fn jurisdiction(draft: Draft, level: Level) -> Jurisdiction {
    Jurisdiction {
        level,
        code: draft.code,
        au2: draft.au2,
        name_mn: draft.name_mn,
        name_en: draft.name_en,
        geometry: draft.polygons,
        area_ha: draft.area_ha,
    }
}
