//! The weather of a growing season from monthly grids: May to August, in every cell that has all four months.

use std::path::{Path, PathBuf};

use belcheer_domain::{Finding, PixelType, RasterMeta};
use belcheer_door::Door;
use belcheer_rangeland::drought::SUMMER_MONTHS;
use belcheer_raster_ingest::write_geotiff_by_window;

use super::granule::date_of;
use crate::degradation::RasterBand;
use crate::degradation::inputs::{CodeRaster, Opener};
use crate::error::AssessmentError;
use crate::watch::Watch;

/// What is made of the months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeasonWeatherKind {
    /// Sum, of precipitation in mm.
    Precipitation,
    /// Mean, of temperature in degrees Celsius.
    Temperature,
}

impl SeasonWeatherKind {
    /// The product of the result.
    #[must_use]
    pub fn product(self) -> &'static str {
        match self {
            Self::Precipitation => "precipitation_may_aug",
            Self::Temperature => "temperature_may_aug",
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct SeasonWeatherRequest {
    /// Monthly grids: files, layers or bands with a date.
    pub grids: Vec<RasterBand>,
    /// What is made of them.
    pub kind: SeasonWeatherKind,
    /// The year.
    pub year: i32,
    /// Coordinate system of grids that declare none.
    pub crs_epsg: Option<u32>,
    /// The raster to write.
    pub output: PathBuf,
}

/// Writes the season's raster of one year; what must be written on the way goes to `scratch`.
///
/// # Errors
/// When a grid is refused, has no date, lies on another grid, or a month of the season is missing or given twice.
pub fn season_weather(
    door: &Door,
    request: &SeasonWeatherRequest,
    scratch: &Path,
    watch: &dyn Watch,
) -> Result<Vec<Finding>, AssessmentError> {
    let mut opener = Opener::new(door, request.crs_epsg, scratch);
    let mut months: Vec<Option<CodeRaster>> = SUMMER_MONTHS.iter().map(|_| None).collect();
    let total = request.grids.len() as u64;
    for (number, given) in request.grids.iter().enumerate() {
        watch.step("open grids", number as u64, total);
        let first = months.iter().flatten().next().map(|grid: &CodeRaster| &grid.raster);
        let grid = opener.codes(given, first)?;
        let (year, month) = date_of(&grid.raster).ok_or_else(|| {
            AssessmentError::Refused(format!(
                "the month of {} is not known; keep it in the file's name, as in _202007, or give a band of a file a year",
                grid.raster.name
            ))
        })?;
        let Some(place) =
            SUMMER_MONTHS.iter().position(|of_season| *of_season == month).filter(|_| year == request.year)
        else {
            continue;
        };
        if let Some(twice) = months[place].replace(grid) {
            return Err(AssessmentError::Refused(format!(
                "month {month} of {year} is given twice, the second time as {}",
                twice.raster.name
            )));
        }
    }
    watch.step("open grids", total, total);
    let missing: Vec<String> = SUMMER_MONTHS
        .iter()
        .zip(&months)
        .filter(|(_, grid)| grid.is_none())
        .map(|(month, _)| month.to_string())
        .collect();
    if !missing.is_empty() {
        return Err(AssessmentError::Refused(format!(
            "no grid of month {} of {}; a season needs May to August",
            missing.join(", "),
            request.year
        )));
    }
    let grids: Vec<CodeRaster> = months.into_iter().flatten().collect();
    let findings = crate::trend::series::once_each(opener.findings);
    let Some(first) = grids.first() else { return Err(crate::trend::series::no_raster()) };
    let meta = RasterMeta {
        scale: Some(1.0),
        offset: Some(0.0),
        product: Some(request.kind.product().to_owned()),
        date: Some(format!("{:04}", request.year)),
        ..first.raster.meta.computed(1, PixelType::F32, f64::NAN)
    };
    let divisor = match request.kind {
        SeasonWeatherKind::Precipitation => 1.0,
        SeasonWeatherKind::Temperature => grids.len() as f32,
    };
    let mut values = Vec::new();
    write_geotiff_by_window(&request.output, &meta, &[request.kind.product()], |window, bands| {
        let Some(sums) = bands.first_mut() else { return Ok(()) };
        sums.resize(window.rows * window.cols, 0.0);
        for grid in &grids {
            grid.values(window, &mut values)?;
            // a month that is missing leaves the season without a value
            sums.iter_mut().zip(&values).for_each(|(sum, value)| *sum += value);
        }
        sums.iter_mut().for_each(|sum| *sum /= divisor);
        Ok::<_, AssessmentError>(())
    })?;
    Ok(findings)
}
