//! `trend`: Theil-Sen slope and Mann-Kendall test of every cell.

use belcheer_assessment::trend::{TREND_BANDS, TrendRequest, trend_raster};

use super::{Context, folder_exists};
use crate::args::TrendArgs;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Runs the command; no workspace is needed.
pub fn run(args: &TrendArgs, context: &Context) -> Result<Outcome, Failure> {
    let ending = args.output.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    if !matches!(ending.as_str(), "tif" | "tiff") {
        return Err(Failure::Usage(format!("the output {} must end in .tif", args.output.display())));
    }
    folder_exists(&args.output)?;
    let place = |name: &String| {
        let place = TREND_BANDS.iter().position(|band| band == name);
        place.ok_or_else(|| Failure::Usage(format!("there is no band {name}; there are {}", TREND_BANDS.join(", "))))
    };
    let request = TrendRequest {
        rasters: args.rasters.clone(),
        years: args.years,
        years_min: args.min_years,
        crs_epsg: args.crs,
        bands: args.bands.iter().map(place).collect::<Result<_, _>>()?,
        output: args.output.clone(),
    };
    let scratch = tempfile::tempdir()?;
    let findings = trend_raster(&workspace::door()?, &request, scratch.path(), &context.progress)?;
    context.tell(&findings);
    Ok(Outcome::of(&findings))
}
