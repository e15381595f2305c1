//! Rows seen through their fields, and the faults that make a row unusable.

use belcheer_door::Refusal;

use super::{PlaceKey, headings::Columns, rules::RULES, sheet::Sheet};
use crate::{
    messages::{Log, refuse},
    text::number::{Number, parse_number},
};

/// A sheet with its columns known.
pub(crate) struct Cells<'a> {
    sheet: &'a Sheet,
    pub(crate) columns: &'a Columns,
    pub(crate) input: &'a str,
}

/// One row seen through its fields.
#[derive(Clone, Copy)]
pub(crate) struct RowCells<'a> {
    pub(crate) number: u64,
    cells: &'a [String],
    columns: &'a Columns,
}

/// Why a row is left out: the finding's code and the value concerned.
pub(crate) type Fault = (&'static str, String);

impl<'a> Cells<'a> {
    /// Refuses a table without any row below its headings.
    pub(crate) fn new(sheet: &'a Sheet, columns: &'a Columns, input: &'a str) -> Result<Self, Refusal> {
        let filled = |(_, cells): &(u64, Vec<String>)| cells.iter().any(|c| !c.is_empty());
        if sheet.rows.iter().skip(columns.first_row).any(filled) {
            Ok(Self { sheet, columns, input })
        } else {
            Err(refuse("empty_table", input, ""))
        }
    }

    pub(crate) fn has(&self, field: &str) -> bool {
        self.columns.of.contains_key(field)
    }

    /// Reads every row; empty rows are counted, rows of another width than the headings and rows with a fault are left
    /// out with findings, and a table in which they are the majority is refused as shifted.
    pub(crate) fn read<T>(
        &self,
        log: &mut Log,
        mut one: impl FnMut(RowCells<'_>, &mut Log) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Refusal> {
        let width = self.columns.headings.len();
        let (mut records, mut faults, mut rows) = (Vec::new(), 0_usize, 0_usize);
        let mut first: Option<(u64, Fault)> = None;
        for (number, cells) in self.sheet.rows.iter().skip(self.columns.first_row) {
            if cells.iter().all(String::is_empty) {
                log.row("empty_row", *number, "");
                continue;
            }
            rows += 1;
            let row = RowCells { number: *number, cells, columns: self.columns };
            let beyond = cells.iter().skip(width).any(|c| !c.is_empty());
            let read = if self.sheet.ragged && (cells.len() < width || beyond) {
                Err(("row_width", format!("{} / {width}", cells.len())))
            } else {
                one(row, log)
            };
            match read {
                Ok(record) => records.push(record),
                Err((code, detail)) => {
                    faults += 1;
                    log.record(code, None, format!("row {number}"), &detail);
                    first = first.or(Some((*number, (code, detail))));
                }
            }
        }
        match first {
            Some((row, (code, detail))) if faults * 2 > rows => {
                let detail = format!("{faults} / {rows}; row {row}: {code} {detail}");
                Err(refuse("shifted_columns", self.input, detail))
            }
            _ => Ok(records),
        }
    }
}

impl RowCells<'_> {
    pub(crate) fn column(&self, field: &str) -> Option<usize> {
        self.columns.of.get(field).copied()
    }

    pub(crate) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// Columns whose heading is a year.
    pub(crate) fn years(&self) -> &[(usize, i32)] {
        &self.columns.years
    }

    /// The text of a field, if there is any.
    pub(crate) fn text(&self, field: &str) -> Option<String> {
        let cell = self.cell(*self.columns.of.get(field)?);
        let plain = cell.trim().trim_matches('"').trim();
        (!plain.is_empty()).then(|| plain.to_owned())
    }

    /// The name in a field; a number there means that columns are shifted.
    pub(crate) fn name(&self, field: &str) -> Result<Option<String>, Fault> {
        match self.text(field) {
            Some(text) if matches!(parse_number(&text, true), Number::Value(_)) => {
                Err(("shifted_row", format!("{field}: {text}")))
            }
            other => Ok(other),
        }
    }

    /// The number in a field; `None` when nothing is there.
    pub(crate) fn number(&self, field: &str, counts: bool) -> Result<Option<f64>, Fault> {
        let Some(column) = self.columns.of.get(field) else { return Ok(None) };
        self.number_at(*column, field, counts)
    }

    pub(crate) fn number_at(&self, column: usize, field: &str, counts: bool) -> Result<Option<f64>, Fault> {
        let cell = self.cell(column);
        match parse_number(cell, counts) {
            Number::Missing => Ok(None),
            Number::Value(value) => Ok(Some(value)),
            Number::Bad => Err(("not_a_number", format!("{field}: {}", cell.chars().take(40).collect::<String>()))),
        }
    }

    /// The number in a field, which must not be negative.
    pub(crate) fn amount(&self, field: &str, counts: bool) -> Result<Option<f64>, Fault> {
        match self.number(field, counts)? {
            Some(value) if value < 0.0 => Err(("negative_value", format!("{field}: {value}"))),
            other => Ok(other),
        }
    }

    pub(crate) fn year(&self) -> Result<i32, Fault> {
        let value = self.number("year", false)?.ok_or(("year_unreadable", String::new()))?;
        whole_year(value).ok_or(("year_unreadable", value.to_string()))
    }

    /// Longitude and latitude in degrees.
    pub(crate) fn lonlat(&self) -> Result<(f64, f64), Fault> {
        let bad = || ("bad_coordinates", String::new());
        let (lon, lat) = (self.number("lon", false)?.ok_or_else(bad)?, self.number("lat", false)?.ok_or_else(bad)?);
        if lon.abs() > 180.0 || lat.abs() > 90.0 {
            return Err(("bad_coordinates", format!("{lon}, {lat}")));
        }
        Ok((lon, lat))
    }

    /// What the row says about its soum.
    pub(crate) fn place(&self) -> Result<PlaceKey, Fault> {
        let code = self.text("soum_code").or_else(|| self.text("nso_code"));
        let at = if self.text("lon").is_some() { Some(self.lonlat()?) } else { None };
        Ok(PlaceKey { code, aimag: self.name("aimag")?, soum: self.name("soum")?, at })
    }
}

/// A year out of a number such as `2019` or `2019.0`.
pub(crate) fn whole_year(value: f64) -> Option<i32> {
    let [first, last] = RULES.years;
    let fits = value.fract() == 0.0 && value >= f64::from(first) && value <= f64::from(last);
    #[expect(clippy::cast_possible_truncation, reason = "checked against the range of years")]
    fits.then_some(value as i32)
}
