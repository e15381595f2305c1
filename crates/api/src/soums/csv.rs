//! A page of soums as comma-separated values.

use axum::body::Bytes;
use belcheer_assessment::result::SoumRow;

use crate::links;
use crate::problem::Problem;
use crate::soums::list::SoumRows;

const COLUMNS: [&str; 14] = [
    "au2",
    "name_mn",
    "name_en",
    "aimag",
    "area_km2",
    "rangeland_area_ha",
    "status",
    "score",
    "score_ci90_low",
    "score_ci90_high",
    "indicators_used",
    "findings",
    "cycle",
    "verification_href",
];

/// Writes a page of soums, one line each, headings first.
pub(crate) fn write(rows: &SoumRows<'_>) -> Result<Bytes, Problem> {
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "a table cannot be written");
        Problem::internal()
    };
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(COLUMNS).map_err(|e| failed(&e))?;
    let cycle = rows.heading.cycle.as_deref().unwrap_or("");
    for row in &rows.rows {
        table.write_record(record(row, cycle)).map_err(|e| failed(&e))?;
    }
    table.into_inner().map(Bytes::from).map_err(|e| failed(&e))
}

fn record(row: &SoumRow, cycle: &str) -> [String; 14] {
    let text = |text: Option<&str>| inert(text.unwrap_or(""));
    let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    [
        row.au2.to_string(),
        text(row.name_mn.as_deref()),
        text(row.name_en.as_deref()),
        text(Some(&row.aimag)),
        row.area_km2.to_string(),
        number(row.rangeland_area_ha),
        row.status.as_str().to_owned(),
        number(row.score),
        number(row.score_ci90.map(|c| c.0)),
        number(row.score_ci90.map(|c| c.1)),
        row.indicators_used.to_string(),
        row.findings.to_string(),
        cycle.to_owned(),
        links::verification(row.au2, cycle),
    ]
}

/// A text that no spreadsheet takes for a formula.
fn inert(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_formula() {
        assert_eq!(inert("=1+1"), "'=1+1");
        assert_eq!(inert("Баян-Өндөр"), "Баян-Өндөр");
    }
}
