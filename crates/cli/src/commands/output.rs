//! The form of a table that a command writes, by the name of its file.

use std::path::Path;

use belcheer_assessment::{Table, write_geojson, write_geopackage};

use crate::failure::Failure;

/// The form of the output, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// CSV on standard output.
    StandardOutput,
    /// CSV.
    Csv,
    /// Parquet; with zones GeoParquet.
    Parquet,
    /// A layer of a GeoPackage.
    GeoPackage,
    /// GeoJSON.
    GeoJson,
    /// JSON, one object a row.
    Json,
}

impl Ending {
    /// The form that a name asks for.
    pub fn of(output: &str) -> Result<Self, Failure> {
        if output == "-" {
            return Ok(Self::StandardOutput);
        }
        match Path::new(output).extension().and_then(|e| e.to_str()) {
            Some("csv") => Ok(Self::Csv),
            Some("parquet") => Ok(Self::Parquet),
            Some("gpkg") => Ok(Self::GeoPackage),
            Some("geojson") => Ok(Self::GeoJson),
            Some("json") => Ok(Self::Json),
            _ => Err(Failure::Usage(format!(
                "the output {output} must end in .csv, .parquet, .gpkg, .geojson or .json, or be -"
            ))),
        }
    }
}

/// Writes a table in that form; `layer` names it in a GeoPackage.
pub fn write(table: &Table, layer: &str, ending: Ending, path: &Path) -> Result<(), Failure> {
    match ending {
        Ending::StandardOutput => table.write_csv(std::io::stdout().lock())?,
        Ending::Csv => table.write_csv(std::io::BufWriter::new(std::fs::File::create(path)?))?,
        Ending::Parquet => table.write_parquet(path)?,
        Ending::GeoPackage => write_geopackage(path, layer, table)?,
        Ending::GeoJson => write_geojson(path, table)?,
        Ending::Json => {
            let text = serde_json::to_vec_pretty(&table.to_json()).map_err(anyhow::Error::from)?;
            std::fs::write(path, text)?;
        }
    }
    Ok(())
}

/// Writes a table where and as its name says; `-` is standard output.
pub fn write_named(table: &Table, layer: &str, output: &str) -> Result<(), Failure> {
    let path = Path::new(output);
    let ending = Ending::of(output)?;
    if matches!(ending, Ending::GeoPackage | Ending::GeoJson) {
        return Err(Failure::Usage(format!("{output}: the table holds no shapes; use .csv, .parquet, .json or -")));
    }
    if ending != Ending::StandardOutput {
        super::folder_exists(path)?;
    }
    write(table, layer, ending, path)
}
