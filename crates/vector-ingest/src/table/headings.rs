//! Which row holds the headings, and which column holds which field.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use belcheer_door::Refusal;
use serde::Deserialize;

use super::{TableJob, TableKind, sheet::Sheet};
use crate::{messages::refuse, text::fold_heading};

#[derive(Debug, Default, Deserialize)]
struct Known {
    kind: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

static KNOWN: LazyLock<Known> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/headings.toml")).unwrap_or_default());

/// Rows from the top in which headings are looked for.
const ROWS_SEARCHED: usize = 15;
/// Fields that state a value, not a column.
const STATED: [&str; 2] = ["unit", "instrument"];

/// Where the fields of a table are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    /// Headings as written.
    pub(crate) headings: Vec<String>,
    /// Index into the sheet's rows of the first row below the headings.
    pub(crate) first_row: usize,
    /// Field to column.
    pub(crate) of: BTreeMap<String, usize>,
    /// Columns whose heading is a year.
    pub(crate) years: Vec<(usize, i32)>,
}

/// Finds the row that matches most known headings, and the columns in it.
pub(crate) fn find(sheet: &Sheet, job: &TableJob, input: &str) -> Result<Columns, Refusal> {
    let empty = BTreeMap::new();
    let known = KNOWN.kind.get(job.kind.as_str()).unwrap_or(&empty);
    if let Some(field) = job.map.keys().find(|f| !known.contains_key(*f) && !STATED.contains(&f.as_str())) {
        let fields = known.keys().cloned().collect::<Vec<_>>().join(", ");
        return Err(refuse("unknown_map_field", input, format!("{field}; {fields}")));
    }
    let overrides: BTreeMap<&String, &String> = job.map.iter().filter(|(f, _)| !STATED.contains(&f.as_str())).collect();
    let mut best: Option<(usize, Columns)> = None;
    for (index, (_, cells)) in sheet.rows.iter().take(ROWS_SEARCHED).enumerate() {
        let columns = columns_of(cells, index, known, &overrides);
        let score = columns.of.len() * 2 + usize::from(columns.years.len() >= 3);
        if best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, columns));
        }
    }
    let columns = best.map(|(_, c)| c).ok_or_else(|| refuse("empty_table", input, ""))?;
    if let Some((field, column)) = overrides.iter().find(|(f, _)| !columns.of.contains_key(**f)) {
        return Err(refuse("no_such_column", input, format!("{field}={column}; {}", columns.headings.join(", "))));
    }
    check_required(&columns, job.kind, input)?;
    if columns.first_row >= sheet.rows.len() {
        return Err(refuse("empty_table", input, ""));
    }
    Ok(columns)
}

fn columns_of(
    cells: &[String],
    index: usize,
    known: &BTreeMap<String, Vec<String>>,
    overrides: &BTreeMap<&String, &String>,
) -> Columns {
    let headings: Vec<String> = cells.iter().map(|c| c.trim().trim_start_matches('\u{FEFF}').to_owned()).collect();
    let folded: Vec<String> = headings.iter().map(|h| fold_heading(h)).collect();
    let position = |name: &str| {
        let name = fold_heading(name);
        folded.iter().position(|f| !f.is_empty() && *f == name)
    };
    let mut of = BTreeMap::new();
    for (field, names) in known {
        if let Some(column) = names.iter().find_map(|n| position(n)) {
            of.insert(field.clone(), column);
        }
    }
    for (field, column) in overrides {
        let numbered = column.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).filter(|n| *n < headings.len());
        match position(column).or(numbered) {
            Some(column) => of.insert((*field).clone(), column),
            None => of.remove(*field),
        };
    }
    let taken: BTreeSet<usize> = of.values().copied().collect();
    let years = headings.iter().enumerate().filter(|(i, _)| !taken.contains(i)).filter_map(|(i, h)| {
        let year = h.strip_suffix(".0").unwrap_or(h).parse::<i32>().ok()?;
        (1950..=2100).contains(&year).then_some((i, year))
    });
    Columns { years: years.collect(), headings, first_row: index + 1, of }
}

/// For each kind the fields that must be there; of each group one is enough.
fn required(kind: TableKind) -> &'static [&'static [&'static str]] {
    match kind {
        TableKind::BiomassPlots => &[&["lon"], &["lat"], &["year", "years"], &["kg_ha", "c_ha", "biomass", "years"]],
        TableKind::PhotoPoints => &[&["point"], &["lon"], &["lat"], &["year"], &["recovery", "kg_ha"]],
        TableKind::Livestock => &[
            &["year"],
            &["soum_code", "nso_code", "soum", "aimag_code", "aimag"],
            &["total", "head", "thousand", "camel", "horse", "cattle", "sheep", "goat"],
        ],
        TableKind::Weather => &[&["soum_code", "soum", "lon"], &["year"], &["precipitation_mm"]],
        TableKind::Losses => &[&["soum_code", "soum"], &["year"], &["head", "thousand"]],
        TableKind::Presence => {
            &[&["soum_code", "soum"], &["year"], &["season"], &["out_sfu_days", "in_sfu_days", "feed_kg", "feed_t"]]
        }
        TableKind::LinePoints => &[&["plot"], &["point"], &["layer"], &["code"]],
        TableKind::Gaps => &[&["plot"], &["line_m"], &["gap_cm"]],
        TableKind::Sites => &[&["plot"], &["zone"], &["landform"]],
        TableKind::ReferenceSamples => &[&["map_class"], &["reference_class"]],
        TableKind::ClassAreas => &[&["class"], &["area_ha", "area_km2"]],
        TableKind::MeasuredPoints => &[&["lon"], &["lat"], &["value"]],
        TableKind::Lm2 => &[],
    }
}

fn check_required(columns: &Columns, kind: TableKind, input: &str) -> Result<(), Refusal> {
    let has = |field: &&str| {
        if *field == "years" { columns.years.len() >= 3 } else { columns.of.contains_key(*field) }
    };
    let missing: Vec<String> =
        required(kind).iter().filter(|group| !group.iter().any(has)).map(|group| group.join("/")).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let seen: Vec<&str> = columns.headings.iter().map(String::as_str).filter(|h| !h.is_empty()).take(40).collect();
    Err(refuse("missing_columns", input, format!("{}; {}", missing.join(", "), seen.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let rows = rows.iter().zip(1..).map(|(r, n)| (n, r.iter().map(|c| (*c).to_owned()).collect())).collect();
        Sheet { rows, ragged: true }
    }

    #[test]
    fn headings_below_a_title_are_found() {
        let sheet = sheet(&[
            &["Бэлчээрийн фото мониторинг"],
            &[],
            &["", "Уртраг ", "Өргөрөг ", "ID код", "Мониторинг хийсэн жил ", "Биомасс кг/га"],
            &["1", "105", "47", "4116001", "2022", "100"],
        ]);
        let columns = find(&sheet, &TableJob::new("x.csv", TableKind::PhotoPoints), "x.csv").unwrap();
        assert_eq!((columns.first_row, columns.of["lon"], columns.of["kg_ha"]), (3, 1, 5));
    }

    #[test]
    fn columns_can_be_stated() {
        let sheet = sheet(&[&["код", "он", "толгойтоо", "x"], &["6404", "2019", "5", ""]]);
        let job = TableJob::new("x.csv", TableKind::Livestock);
        assert_eq!(find(&sheet, &job, "x.csv").unwrap_err().code, "missing_columns");
        let stated = job.clone().map("total", "толгойтоо");
        assert_eq!(find(&sheet, &stated, "x.csv").unwrap().of["total"], 2);
        assert_eq!(find(&sheet, &job.clone().map("total", "3"), "x.csv").unwrap().of["total"], 2);
        assert_eq!(find(&sheet, &job.clone().map("total", "нийтдээ"), "x.csv").unwrap_err().code, "no_such_column");
        assert_eq!(find(&sheet, &job.map("colour", "он"), "x.csv").unwrap_err().code, "unknown_map_field");
    }
}
