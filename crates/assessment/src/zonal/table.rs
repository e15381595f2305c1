//! The tidy table of an answer: a row for each zone, raster and band.

use std::collections::BTreeMap;

use belcheer_zonal::{Column, StatisticSet};

use crate::table::Table;

/// One row before it becomes part of the table.
pub(super) struct Row {
    pub zone: usize,
    pub raster: String,
    pub band: u32,
    pub values: Vec<Column>,
}

/// The table; `several` says whether rows need a raster and a band to be told apart.
pub(super) fn table(statistics: &StatisticSet, ids: &[String], rows: &[Row], several: bool) -> Table {
    let mut table = Table::default().text("id", rows.iter().map(|r| ids.get(r.zone).cloned()));
    if several {
        table = table
            .text("raster", rows.iter().map(|r| Some(r.raster.clone())))
            .int("band", rows.iter().map(|r| Some(i64::from(r.band))));
    }
    for (at, statistic) in statistics.statistics().iter().enumerate() {
        let name = statistic.column_name();
        let column = |row: &Row| row.values.get(at).cloned().unwrap_or(Column::Missing);
        if rows.iter().any(|r| matches!(column(r), Column::Shares(_))) {
            // one column a distinct value, over all zones; a value that a zone lacks has share 0 there
            let mut classes: BTreeMap<i64, f64> = BTreeMap::new();
            for row in rows {
                if let Column::Shares(shares) = column(row) {
                    classes.extend(shares.iter().map(|(value, _)| (order(*value), *value)));
                }
            }
            for value in classes.values() {
                let share = |row: &Row| match column(row) {
                    Column::Shares(shares) if !shares.is_empty() => {
                        Some(shares.iter().find(|(v, _)| v == value).map_or(0.0, |(_, share)| *share))
                    }
                    _ => None,
                };
                table = table.float(&format!("{name}_{value}"), rows.iter().map(share));
            }
        } else if rows.iter().any(|r| matches!(column(r), Column::List(_))) {
            table = table.text(&name, rows.iter().map(|r| list_text(&column(r))));
        } else {
            table = table.float(
                &name,
                rows.iter().map(|r| match column(r) {
                    Column::Number(value) => Some(value),
                    _ => None,
                }),
            );
        }
    }
    table
}

/// A whole number that sorts as the real number does.
fn order(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    if bits < 0 { i64::MIN.wrapping_sub(bits).wrapping_sub(1) } else { bits }
}

/// A list of numbers in one cell, by semicolon; a missing one is empty.
fn list_text(column: &Column) -> Option<String> {
    match column {
        Column::List(values) => {
            let words: Vec<String> = values.iter().map(|v| v.map(|x| x.to_string()).unwrap_or_default()).collect();
            Some(words.join(";"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn classes_sort_as_numbers() {
        let mut values = [3.0, -2.5, 0.0, 11.0, -7.0];
        values.sort_by_key(|v| order(*v));
        assert_eq!(values, [-7.0, -2.5, 0.0, 3.0, 11.0]);
    }
}
