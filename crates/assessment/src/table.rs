//! A small typed table: what every tidy output is before it becomes CSV, Parquet, JSON or a map layer.

mod geoparquet;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, Float64Array, Int64Array, RecordBatch, StringArray};
use geo_types::MultiPolygon;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use crate::error::AssessmentError;

/// The values of one column; `None` is missing and becomes an empty cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Text.
    Text(Vec<Option<String>>),
    /// Real numbers; never NaN.
    Float(Vec<Option<f64>>),
    /// Whole numbers.
    Int(Vec<Option<i64>>),
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The column's name, its unit last.
    pub name: String,
    /// One value a row.
    pub values: Values,
}

/// Columns of equal length, with a polygon a row where the table is a map layer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The columns, in output order.
    pub columns: Vec<Column>,
    /// Longitude and latitude on WGS 84, one a row.
    pub geometry: Option<Vec<MultiPolygon<f64>>>,
}

impl Table {
    /// Adds a column of texts.
    #[must_use]
    pub fn text<T: Into<String>>(mut self, name: &str, values: impl IntoIterator<Item = Option<T>>) -> Self {
        let values = Values::Text(values.into_iter().map(|v| v.map(Into::into)).collect());
        self.columns.push(Column { name: name.to_owned(), values });
        self
    }

    /// Adds a column of real numbers; what is not finite becomes missing, and negative zero becomes zero.
    #[must_use]
    pub fn float(mut self, name: &str, values: impl IntoIterator<Item = Option<f64>>) -> Self {
        let values = Values::Float(values.into_iter().map(|v| v.filter(|v| v.is_finite()).map(|v| v + 0.0)).collect());
        self.columns.push(Column { name: name.to_owned(), values });
        self
    }

    /// Adds a column of whole numbers.
    #[must_use]
    pub fn int(mut self, name: &str, values: impl IntoIterator<Item = Option<i64>>) -> Self {
        let values = Values::Int(values.into_iter().collect());
        self.columns.push(Column { name: name.to_owned(), values });
        self
    }

    /// Adds the rows of another table of the same columns below.
    #[must_use]
    pub fn below(mut self, other: Self) -> Self {
        for (own, more) in self.columns.iter_mut().zip(other.columns) {
            match (&mut own.values, more.values) {
                (Values::Text(own), Values::Text(more)) => own.extend(more),
                (Values::Float(own), Values::Float(more)) => own.extend(more),
                (Values::Int(own), Values::Int(more)) => own.extend(more),
                _ => {}
            }
        }
        self
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |c| match &c.values {
            Values::Text(v) => v.len(),
            Values::Float(v) => v.len(),
            Values::Int(v) => v.len(),
        })
    }

    /// Writes the table as CSV with a heading line; missing is an empty cell.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write_csv(&self, writer: impl std::io::Write) -> Result<(), AssessmentError> {
        let mut csv = csv::Writer::from_writer(writer);
        csv.write_record(self.columns.iter().map(|c| c.name.as_str()))?;
        for row in 0..self.rows() {
            csv.write_record(self.columns.iter().map(|c| c.cell(row)))?;
        }
        csv.flush()?;
        Ok(())
    }

    /// Writes the table as Parquet (zstd); with geometry as GeoParquet 1.1.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_parquet(&self, path: &Path) -> Result<(), AssessmentError> {
        self.write_parquet_told(path, None)
    }

    /// As [`Table::write_parquet`], with a description of the columns under the key `csvw`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_parquet_told(&self, path: &Path, csvw: Option<&serde_json::Value>) -> Result<(), AssessmentError> {
        let mut arrays: Vec<(String, ArrayRef, bool)> =
            self.columns.iter().map(|c| (c.name.clone(), c.array(), true)).collect();
        let mut told: Vec<KeyValue> =
            csvw.map(|t| KeyValue::new("csvw".to_owned(), t.to_string())).into_iter().collect();
        if let Some(shapes) = &self.geometry {
            let bytes: BinaryArray = shapes.iter().map(|shape| Some(geoparquet::wkb(shape))).collect();
            arrays.push((geoparquet::COLUMN.to_owned(), Arc::new(bytes), true));
            told.push(KeyValue::new("geo".to_owned(), geoparquet::metadata(shapes)));
        }
        let batch = RecordBatch::try_from_iter_with_nullable(arrays)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_created_by("belcheer".to_owned())
            .set_key_value_metadata((!told.is_empty()).then_some(told))
            .build();
        let file = std::fs::File::create(path)?;
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties))?;
        writer.write(&batch)?;
        writer.close()?;
        Ok(())
    }

    /// The table as a JSON array of objects; missing is `null`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        (0..self.rows())
            .map(|row| {
                let object = self.columns.iter().map(|c| (c.name.clone(), c.json(row))).collect();
                serde_json::Value::Object(object)
            })
            .collect()
    }
}

impl Column {
    fn cell(&self, row: usize) -> String {
        match &self.values {
            Values::Text(v) => v.get(row).cloned().flatten().map(|text| neutral_text(&text)),
            Values::Float(v) => v.get(row).copied().flatten().map(|x| x.to_string()),
            Values::Int(v) => v.get(row).copied().flatten().map(|x| x.to_string()),
        }
        .unwrap_or_default()
    }

    fn json(&self, row: usize) -> serde_json::Value {
        match &self.values {
            Values::Text(v) => v.get(row).cloned().flatten().into(),
            Values::Float(v) => v.get(row).copied().flatten().into(),
            Values::Int(v) => v.get(row).copied().flatten().into(),
        }
    }

    fn array(&self) -> ArrayRef {
        match &self.values {
            Values::Text(v) => Arc::new(StringArray::from(v.clone())),
            Values::Float(v) => Arc::new(Float64Array::from(v.clone())),
            Values::Int(v) => Arc::new(Int64Array::from(v.clone())),
        }
    }
}

/// Text that a spreadsheet would run as a formula gets an apostrophe before it.
fn neutral_text(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_is_an_empty_cell_and_formulas_are_neutral() {
        let table = Table::default()
            .text("name", [Some("Ө,Ү"), Some("=1+1")])
            .float("area_ha", [Some(0.1), Some(f64::NAN)])
            .int("n", [None, Some(3)]);
        let mut bytes = Vec::new();
        table.write_csv(&mut bytes).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "name,area_ha,n\n\"Ө,Ү\",0.1,\n'=1+1,,3\n");
        assert_eq!(table.to_json()[1]["area_ha"], serde_json::Value::Null);
    }
}
