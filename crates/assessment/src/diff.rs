//! The difference between two assessments: what changed, by how much, because of which input.
//!
//! A change of an indicator is put down to the inputs that feed it and differ. Records of the soum itself come first
//! (`own`), then what all soums share, such as a raster (`shared`), then records of other soums (`others`): they act
//! through yields of a zone, zone-wide years and the adjustment of p over all soums.

mod inputs;

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::records::Level;
use belcheer_domain::{Indicator, SoumCode};

use crate::result::{AssessmentResult, IndicatorRow, SoumRow};
use crate::table::Table;

pub use inputs::input_changes;

/// One input that differs between two assessments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputChange {
    /// Its kind, such as `raster` or `livestock`.
    pub kind: String,
    /// What to call it: the source file's name, or the product of a raster.
    pub name: String,
    /// `added`, `removed` or `changed`.
    pub how: &'static str,
    /// The soums whose records differ, with their years; empty where the input concerns all.
    pub soums: BTreeMap<SoumCode, BTreeSet<i32>>,
    /// Years of the records that differ, or of the raster.
    pub years: BTreeSet<i32>,
}

impl InputChange {
    /// Whether the input feeds an indicator.
    fn feeds(&self, indicator: Indicator) -> bool {
        use Indicator::{I1, I2, I3, I4, I5};
        let land_cover = self.name.contains("landcover") || self.name.contains("igbp");
        match self.kind.as_str() {
            "boundaries" => true,
            "raster" if land_cover => indicator != I2,
            "raster" => matches!(indicator, I1 | I4),
            "weather" => matches!(indicator, I1 | I4),
            "biomass_plots" => matches!(indicator, I1 | I3 | I4),
            "photo_points" => indicator != I5,
            "livestock" | "aimag_species" => indicator == I3,
            "scheme" | "periods" | "parameters" | "methods" | "seed" => true,
            _ => matches!(indicator, I1 | I2 | I3 | I4 | I5) && self.soums.is_empty() && self.kind != "baselines",
        }
    }

    /// How the change is told for one soum: `livestock 2022 of this soum`.
    fn told(&self, soum: SoumCode) -> (u8, String) {
        let years = |set: &BTreeSet<i32>| set.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let of = |set: &BTreeSet<i32>| if set.is_empty() { String::new() } else { format!(" {}", years(set)) };
        match self.soums.get(&soum) {
            Some(own) => (0, format!("own {} {}{}", self.kind, self.how, of(own))),
            None if self.soums.is_empty() => {
                (1, format!("shared {} {} {}{}", self.kind, self.name, self.how, of(&self.years)))
            }
            None => (2, format!("others {} {}{} in {} soums", self.kind, self.how, of(&self.years), self.soums.len())),
        }
    }
}

/// One value that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct DiffRow {
    /// The soum.
    pub au2: SoumCode,
    /// The indicator; `None` for what is said of the soum as a whole.
    pub indicator: Option<Indicator>,
    /// The column.
    pub field: &'static str,
    /// Before; `None` = missing.
    pub before: Option<String>,
    /// After.
    pub after: Option<String>,
    /// After less before, for numbers.
    pub difference: Option<f64>,
    /// Because of which inputs, nearest first.
    pub because: Vec<String>,
}

/// What differs of the ways two assessments were made, apart from their inputs.
#[must_use]
pub fn setting_changes(before: &AssessmentResult, after: &AssessmentResult) -> Vec<InputChange> {
    let (a, b) = (&before.manifest, &after.manifest);
    let change = |kind: &str, name: String| InputChange {
        kind: kind.to_owned(),
        name,
        how: "changed",
        soums: BTreeMap::new(),
        years: BTreeSet::new(),
    };
    let mut found = Vec::new();
    if a.scheme_digest != b.scheme_digest {
        found.push(change("scheme", format!("{} to {}", a.scheme, b.scheme)));
    }
    if (a.baseline, a.reporting) != (b.baseline, b.reporting) {
        let periods = format!("{}/{} to {}/{}", a.baseline, a.reporting, b.baseline, b.reporting);
        found.push(change("periods", periods));
    }
    if a.levels != b.levels {
        let told = |levels: &[Level]| levels.iter().map(|l| l.as_str()).collect::<Vec<_>>().join(",");
        found.push(change("levels", format!("{} to {}", told(&a.levels), told(&b.levels))));
    }
    if a.seed != b.seed {
        found.push(change("seed", format!("{} to {}", a.seed, b.seed)));
    }
    for (kind, old, new) in [("parameters", &a.parameter_sets, &b.parameter_sets), ("methods", &a.methods, &b.methods)]
    {
        let (old, new): (BTreeSet<&String>, BTreeSet<&String>) = (old.iter().collect(), new.iter().collect());
        let names: Vec<&str> = old.symmetric_difference(&new).map(|s| s.as_str()).collect();
        if !names.is_empty() {
            found.push(change(kind, names.join(" ")));
        }
    }
    found
}

/// Every value that differs between two assessments; `changes` are their inputs and settings that differ.
#[must_use]
pub fn diff(before: &AssessmentResult, after: &AssessmentResult, changes: &[InputChange]) -> Vec<DiffRow> {
    let mut rows = Vec::new();
    let old: BTreeMap<SoumCode, &SoumRow> = before.soums.iter().map(|s| (s.au2, s)).collect();
    let new: BTreeMap<SoumCode, &SoumRow> = after.soums.iter().map(|s| (s.au2, s)).collect();
    let key = |r: &IndicatorRow| (r.au2, r.indicator);
    let old_rows: BTreeMap<_, &IndicatorRow> = before.indicators.iter().map(|r| (key(r), r)).collect();
    let new_rows: BTreeMap<_, &IndicatorRow> = after.indicators.iter().map(|r| (key(r), r)).collect();
    for soum in old.keys().chain(new.keys()).copied().collect::<BTreeSet<_>>() {
        let mut of_soum = Vec::new();
        for indicator in Indicator::ALL {
            let (a, b) = (old_rows.get(&(soum, *indicator)), new_rows.get(&(soum, *indicator)));
            of_soum.extend(indicator_diff(soum, *indicator, a.copied(), b.copied(), changes));
        }
        let causes: BTreeSet<String> =
            of_soum.iter().filter_map(|r: &DiffRow| r.indicator.map(|i| format!("{i} {}", r.field))).collect();
        let causes: Vec<String> =
            causes.into_iter().filter(|c| c.ends_with("class") || c.ends_with("effect")).collect();
        rows.extend(soum_diff(soum, old.get(&soum).copied(), new.get(&soum).copied(), &causes));
        rows.extend(of_soum);
    }
    rows
}

fn soum_diff(soum: SoumCode, a: Option<&SoumRow>, b: Option<&SoumRow>, causes: &[String]) -> Vec<DiffRow> {
    let text = |f: fn(&SoumRow) -> String| (a.map(f), b.map(f));
    let number = |f: fn(&SoumRow) -> Option<f64>| (a.and_then(f), b.and_then(f));
    let texts = [
        ("status", text(|s| s.status.as_str().to_owned())),
        ("contribution_evidence", text(|s| s.standing.contribution_evidence.as_str().to_owned())),
        ("baseline_digest", text(|s| s.standing.baseline_digest.map_or_else(String::new, |d| d.to_string()))),
    ];
    let numbers = [
        ("score", number(|s| s.score)),
        ("rank", number(|s| s.standing.rank.map(f64::from))),
        ("rangeland_area_ha", number(|s| s.rangeland_area_ha)),
    ];
    let of_text = texts.into_iter().filter_map(|(field, pair)| text_row(soum, None, field, pair, causes));
    let of_number = numbers.into_iter().filter_map(|(field, pair)| number_row(soum, None, field, pair, causes));
    of_text.chain(of_number).collect()
}

fn indicator_diff(
    soum: SoumCode,
    indicator: Indicator,
    a: Option<&IndicatorRow>,
    b: Option<&IndicatorRow>,
    changes: &[InputChange],
) -> Vec<DiffRow> {
    let mut because: Vec<(u8, String)> = changes.iter().filter(|c| c.feeds(indicator)).map(|c| c.told(soum)).collect();
    because.sort();
    let because: Vec<String> = because.into_iter().map(|(_, text)| text).collect();
    let text = |f: fn(&IndicatorRow) -> String| (a.map(f), b.map(f));
    let number = |f: fn(&IndicatorRow) -> Option<f64>| (a.and_then(f), b.and_then(f));
    let texts = [
        ("class", text(|r| r.class.as_str().to_owned())),
        ("tier", text(|r| r.tier.as_str().to_owned())),
        ("reasons", text(|r| r.reasons.join(";"))),
    ];
    let numbers = [
        ("effect", number(|r| r.effect)),
        ("raw_effect", number(|r| r.raw_effect)),
        ("baseline_value", number(|r| r.baseline_value)),
        ("reporting_value", number(|r| r.reporting_value)),
        ("ci90_low", number(|r| r.ci90.map(|c| c.0))),
        ("ci90_high", number(|r| r.ci90.map(|c| c.1))),
        ("p_bh", number(|r| r.p_bh)),
        ("mdc", number(|r| r.mdc)),
        ("epsilon", number(|r| Some(r.epsilon))),
        ("coverage", number(|r| r.coverage)),
    ];
    let some = Some(indicator);
    let of_text = texts.into_iter().filter_map(|(field, pair)| text_row(soum, some, field, pair, &because));
    let of_number = numbers.into_iter().filter_map(|(field, pair)| number_row(soum, some, field, pair, &because));
    of_text.chain(of_number).collect()
}

fn text_row(
    au2: SoumCode,
    indicator: Option<Indicator>,
    field: &'static str,
    (before, after): (Option<String>, Option<String>),
    because: &[String],
) -> Option<DiffRow> {
    let same = before == after;
    (!same).then(|| DiffRow { au2, indicator, field, before, after, difference: None, because: because.to_vec() })
}

fn number_row(
    au2: SoumCode,
    indicator: Option<Indicator>,
    field: &'static str,
    (before, after): (Option<f64>, Option<f64>),
    because: &[String],
) -> Option<DiffRow> {
    // results of equal inputs are equal to the last bit, so any difference is one
    if before.map(f64::to_bits) == after.map(f64::to_bits) {
        return None;
    }
    Some(DiffRow {
        au2,
        indicator,
        field,
        before: before.map(|v| v.to_string()),
        after: after.map(|v| v.to_string()),
        difference: before.zip(after).map(|(a, b)| b - a),
        because: because.to_vec(),
    })
}

/// The differences as a table.
#[must_use]
pub fn diff_table(rows: &[DiffRow]) -> Table {
    Table::default()
        .text("au2", rows.iter().map(|r| Some(r.au2.to_string())))
        .text("indicator", rows.iter().map(|r| r.indicator.map(|i| i.as_str())))
        .text("field", rows.iter().map(|r| Some(r.field)))
        .text("before", rows.iter().map(|r| r.before.clone().filter(|t| !t.is_empty())))
        .text("after", rows.iter().map(|r| r.after.clone().filter(|t| !t.is_empty())))
        .float("difference", rows.iter().map(|r| r.difference))
        .text("because", rows.iter().map(|r| Some(r.because.join("; ")).filter(|t| !t.is_empty())))
}
