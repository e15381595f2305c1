//! `degradation`: SDG 15.3.1 of every cell.

use belcheer_assessment::degradation::{DegradationRequest, Mode, RasterBand, degradation, plan_degradation};
use belcheer_vector_ingest::ZoneJob;

use super::{Context, folder_exists, write_out};
use crate::args::{DegradationArgs, DegradationMode};
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Runs the command; no workspace is needed.
pub fn run(args: &DegradationArgs, context: &Context) -> Result<Outcome, Failure> {
    folder_exists(&args.output)?;
    let request = request(args)?;
    let scratch = tempfile::tempdir()?;
    let door = workspace::door()?;
    if args.dry_run {
        let plan = plan_degradation(&door, &request, scratch.path(), &context.progress)?;
        context.tell(&plan.findings);
        write_out(&format!(
            "{} cells, {} years, {}, look-up table {}, matrix {}\nmemory about {} MB\nresults would be written to {}\n",
            plan.cells,
            plan.years,
            request.mode.id(),
            request.lut,
            request.matrix,
            plan.memory_bytes / 1_000_000,
            request.output.display()
        ))?;
        return Ok(Outcome::of(&plan.findings));
    }
    let findings = degradation(&door, &request, scratch.path(), &context.progress)?;
    context.tell(&findings);
    context.say(&format!("results are in {}", request.output.display()));
    Ok(Outcome::of(&findings))
}

fn request(args: &DegradationArgs) -> Result<DegradationRequest, Failure> {
    let [first, last] = args.landcover.as_slice() else {
        return Err(Failure::Usage("--landcover takes two rasters, of the first and of the last year".to_owned()));
    };
    let optional = |text: &Option<String>| text.as_deref().map(raster).transpose();
    let (mode, lut, years_min) = match args.mode {
        DegradationMode::Gpg => (Mode::Gpg, "gpg_v2", 4),
        DegradationMode::TrendsEarth => (Mode::TrendsEarth, "trends_earth", 2),
    };
    Ok(DegradationRequest {
        index: args.vi.clone(),
        years: args.years,
        mode,
        lut: args.lut.clone().unwrap_or_else(|| lut.to_owned()),
        scale: args.scale,
        recent_years: usize::from(args.recent_years),
        years_min: args.min_years.unwrap_or(years_min),
        land_cover: [raster(first)?, raster(last)?],
        legend: args.legend.clone(),
        matrix: args.matrix.clone(),
        units: optional(&args.units)?,
        soil: optional(&args.soil)?,
        soil_carbon: args.soc.iter().map(|text| raster(text)).collect::<Result<_, _>>()?,
        precipitation: args.precipitation.clone(),
        climate: args.climate.clone(),
        water: optional(&args.water)?,
        baseline: optional(&args.baseline)?,
        zones: args.zones.as_ref().map(|path| ZoneJob {
            layer: args.layer.clone(),
            crs: args.crs.map(|n| format!("EPSG:{n}")),
            ..ZoneJob::new(path, args.id.as_deref(), None)
        }),
        crs_epsg: args.crs,
        output: args.output.clone(),
    })
}

/// A file; with `#N` its band N, with `#NAME` a layer of it, with `#NAME#N` a band of that.
pub fn raster(text: &str) -> Result<RasterBand, Failure> {
    let mut parts = text.split('#');
    let path = parts.next().unwrap_or_default().into();
    let (mut layer, mut band) = (None, 1);
    for (place, part) in parts.enumerate() {
        match part.parse() {
            Ok(number) => band = number,
            Err(_) if place == 0 && !part.is_empty() => layer = Some(part.to_owned()),
            Err(_) => {
                return Err(Failure::Usage(format!(
                    "after # in {text} comes a layer's name, or the number of a band, from 1"
                )));
            }
        }
    }
    Ok(RasterBand { path, layer, band })
}
