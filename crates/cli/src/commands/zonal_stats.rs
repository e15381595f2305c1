//! `zonal-stats`: statistics of rasters over zones.

use std::path::Path;

use belcheer_assessment::zonal::{Weighting, ZonalRequest, zonal_statistics};
use belcheer_zonal::CoverRule;

use super::output::{Ending, write};
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
        zones: args.zones.job(),
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
        crs_epsg: args.zones.crs,
        with_shapes: matches!(ending, Ending::GeoPackage | Ending::GeoJson | Ending::Parquet),
    };
    let scratch = tempfile::tempdir()?;
    let answer = zonal_statistics(&workspace::door()?, &request, scratch.path(), &context.progress)?;
    context.tell(&answer.findings);
    write(&answer.table, "zonal_statistics", ending, Path::new(&args.output))?;
    Ok(Outcome::of(&answer.findings))
}
