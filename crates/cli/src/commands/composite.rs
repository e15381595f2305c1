//! `composite`: an annual metric from the granules of one year.

use belcheer_assessment::composite::{
    CompositeRequest, Metric, SeasonWeatherKind, SeasonWeatherRequest, Sensor, composite, season_weather,
};

use super::degradation::raster;
use super::{Context, folder_exists};
use crate::args::{CompositeArgs, SeasonName, SensorName};
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Runs the command; no workspace is needed.
pub fn run(args: &CompositeArgs, context: &Context) -> Result<Outcome, Failure> {
    let ending = args.output.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    if !matches!(ending.as_str(), "tif" | "tiff") {
        return Err(Failure::Usage(format!("the output {} must end in .tif", args.output.display())));
    }
    folder_exists(&args.output)?;
    let scratch = tempfile::tempdir()?;
    let door = workspace::door()?;
    let findings = match (vegetation(args)?, weather(args)?) {
        (Some(request), _) => composite(&door, &request, scratch.path(), &context.progress)?,
        (None, Some(request)) => season_weather(&door, &request, scratch.path(), &context.progress)?,
        (None, None) => {
            return Err(Failure::Usage(
                "the seasons total_may_aug and mean_may_aug are those of --sensor weather, the others those of satellites"
                    .to_owned(),
            ));
        }
    };
    context.tell(&findings);
    Ok(Outcome::of(&findings))
}

/// What a satellite's granules are asked for; `None` of weather.
fn vegetation(args: &CompositeArgs) -> Result<Option<CompositeRequest>, Failure> {
    let sensor = match args.sensor {
        SensorName::Mod13 => Sensor::Mod13,
        SensorName::Sentinel2 => Sensor::Sentinel2,
        SensorName::Landsat => Sensor::Landsat,
        SensorName::Weather => return Ok(None),
    };
    let metric = match args.season {
        SeasonName::Peak => Metric::Peak,
        SeasonName::MeanGs => Metric::MeanGrowingSeason,
        SeasonName::IntegralGs => Metric::IntegralGrowingSeason { base: args.soil_index },
        SeasonName::TeAnnual => Metric::TrendsEarthAnnual,
        SeasonName::TotalMayAug | SeasonName::MeanMayAug => return Ok(None),
    };
    let parts = |granule: &String| granule.split(',').map(raster).collect::<Result<Vec<_>, _>>();
    Ok(Some(CompositeRequest {
        granules: args.granules.iter().map(parts).collect::<Result<_, _>>()?,
        sensor,
        index: args.index,
        metric,
        year: args.year,
        processing_baseline: args.processing_baseline,
        crs_epsg: args.crs,
        output: args.output.clone(),
    }))
}

/// What monthly weather grids are asked for; `None` of satellites.
fn weather(args: &CompositeArgs) -> Result<Option<SeasonWeatherRequest>, Failure> {
    let kind = match (args.sensor, args.season) {
        (SensorName::Weather, SeasonName::TotalMayAug) => SeasonWeatherKind::Precipitation,
        (SensorName::Weather, SeasonName::MeanMayAug) => SeasonWeatherKind::Temperature,
        _ => return Ok(None),
    };
    Ok(Some(SeasonWeatherRequest {
        grids: args.granules.iter().map(|text| raster(text)).collect::<Result<_, _>>()?,
        kind,
        year: args.year,
        crs_epsg: args.crs,
        output: args.output.clone(),
    }))
}
