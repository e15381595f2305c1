//! `zonal-stats`: statistics of rasters over zones.

use std::path::Path;

use belcheer_assessment::zonal::{Weighting, ZonalRequest, zonal_statistics};
use belcheer_assessment::{Table, write_geojson, write_geopackage};
use belcheer_vector_ingest::ZoneJob;
use belcheer_zonal::CoverRule;

use super::{Context, folder_exists};
use crate::args::{Where, ZonalArgs};
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Runs the command; no workspace is needed.
pub fn run(args: &ZonalArgs, context: &Context) -> Result<Outcome, Failure> {
    let statistics = args.stats.parse().map_err(|e: belcheer_zonal::StatisticError| Failure::Usage(e.to_string()))?;
    let ending = Ending::of(&args.output)?;
    folder_exists(Path::new(&args.output))?;
    let request = ZonalRequest {
        rasters: args.rasters.clone(),
        zones: ZoneJob {
            layer: args.layer.clone(),
            crs: args.crs.map(|n| format!("EPSG:{n}")),
            ..ZoneJob::new(&args.zones, Some(&args.id), None)
        },
        statistics,
        weighting: match args.weights.as_deref() {
            None => Weighting::None,
            Some("area") => Weighting::Area,
            Some(path) => Weighting::Raster(path.into()),
        },
        rule: match args.rule {
            Where::Cover => CoverRule::Exact,
            Where::Centre => CoverRule::Centre,
            Where::AllTouched => CoverRule::AllTouched,
        },
        crs_epsg: args.crs,
        with_shapes: matches!(ending, Ending::GeoPackage | Ending::GeoJson | Ending::Parquet),
    };
    let scratch = tempfile::tempdir()?;
    let answer = zonal_statistics(&workspace::door()?, &request, scratch.path(), &context.progress)?;
    context.tell(&answer.findings);
    write(&answer.table, ending, Path::new(&args.output))?;
    Ok(Outcome::of(&answer.findings))
}

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

/// Writes a table in that form.
pub fn write(table: &Table, ending: Ending, path: &Path) -> Result<(), Failure> {
    match ending {
        Ending::StandardOutput => table.write_csv(std::io::stdout().lock())?,
        Ending::Csv => table.write_csv(std::io::BufWriter::new(std::fs::File::create(path)?))?,
        Ending::Parquet => table.write_parquet(path)?,
        Ending::GeoPackage => write_geopackage(path, "zonal_statistics", table)?,
        Ending::GeoJson => write_geojson(path, table)?,
        Ending::Json => {
            let text = serde_json::to_vec_pretty(&table.to_json()).map_err(anyhow::Error::from)?;
            std::fs::write(path, text)?;
        }
    }
    Ok(())
}
