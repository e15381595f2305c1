//! Which raster, and which of its bands, stands for which year.

use std::collections::BTreeMap;

use belcheer_domain::{Finding, RasterMeta, Severity, Years};

use crate::error::AssessmentError;
use crate::raster::StoredRaster;

/// By how much the grids of two rasters may differ, cells.
const SHIFT_MAX_CELLS: f64 = 1e-6;

/// The values of one year.
#[derive(Debug, Clone, Copy)]
pub(crate) struct YearBand<'a> {
    pub year: i32,
    pub raster: &'a StoredRaster,
    /// From 0.
    pub band: u32,
}

pub(crate) fn no_raster() -> AssessmentError {
    AssessmentError::Refused("no raster was given; name one a year, or one with a band a year".to_owned())
}

/// Refuses a raster that does not lie on the grid of the first.
pub(crate) fn on_one_grid(first: Option<&StoredRaster>, raster: &StoredRaster) -> Result<(), AssessmentError> {
    let Some(first) = first else { return Ok(()) };
    match difference(&first.meta, &raster.meta) {
        None => Ok(()),
        Some(what) => Err(AssessmentError::Refused(format!(
            "{} and {} differ in {what}; bring all rasters to one grid first",
            first.name, raster.name
        ))),
    }
}

fn difference(a: &RasterMeta, b: &RasterMeta) -> Option<&'static str> {
    let same_crs = match (a.crs.epsg, b.crs.epsg) {
        (Some(one), Some(other)) => one == other,
        _ => a.crs.wkt == b.crs.wkt,
    };
    let (width, height) = (f64::from(a.width.max(1)), f64::from(a.height.max(1)));
    let shifted = |one: f64, other: f64, cell: f64| (one - other).abs() > SHIFT_MAX_CELLS * cell;
    if !same_crs {
        Some("coordinate system")
    } else if (a.width, a.height) != (b.width, b.height) {
        Some("number of rows or columns")
    } else if shifted(a.dx * width, b.dx * width, a.dx) || shifted(a.dy * height, b.dy * height, a.dy) {
        Some("cell size")
    } else if shifted(a.x_min, b.x_min, a.dx) || shifted(a.y_max, b.y_max, a.dy) {
        Some("position")
    } else {
        None
    }
}

/// Findings with the same code once, with their number.
pub(crate) fn once_each(findings: Vec<Finding>) -> Vec<Finding> {
    let mut by_code: BTreeMap<String, Finding> = BTreeMap::new();
    for finding in findings {
        match by_code.get_mut(&finding.code) {
            Some(known) => known.count += finding.count,
            None => drop(by_code.insert(finding.code.clone(), finding)),
        }
    }
    by_code.into_values().collect()
}

/// The series in the order of years.
///
/// One raster with a band a year; or one raster a year, told by the dates that the files carry; or, where files carry
/// none and are as many as the years, by their order.
pub(crate) fn assign<'a>(
    rasters: &'a [StoredRaster],
    years: Years,
    findings: &mut Vec<Finding>,
) -> Result<Vec<YearBand<'a>>, AssessmentError> {
    let span = years.len();
    if let [raster] = rasters {
        let bands = raster.meta.bands;
        if bands as usize == span {
            return Ok(years.iter().zip(0..).map(|(year, band)| YearBand { year, raster, band }).collect());
        }
        return refused(format!(
            "{} alone was given, with {bands} of the bands of the {span} years {}..{}; give a band or a raster for each year",
            raster.name, years.first, years.last
        ));
    }
    if let Some(several) = rasters.iter().find(|raster| raster.meta.bands != 1) {
        return refused(format!(
            "{} has {} bands; give rasters of one band, one a year, or a single raster with a band a year",
            several.name, several.meta.bands
        ));
    }
    if rasters.iter().all(|raster| raster.meta.year().is_some()) {
        return by_date(rasters, years, findings);
    }
    if rasters.len() != span {
        return refused(format!(
            "{} rasters for the {span} years {}..{}, and not all carry a date; give one a year in order, or set \
             BELCHEER_DATE in the files",
            rasters.len(),
            years.first,
            years.last
        ));
    }
    let in_order: Vec<YearBand<'a>> =
        years.iter().zip(rasters).map(|(year, raster)| YearBand { year, raster, band: 0 }).collect();
    if let Some(odd) = in_order.iter().find(|of| of.raster.meta.year().is_some_and(|year| year != of.year)) {
        return refused(format!(
            "{} stands in the place of {} but carries another date; give the rasters in the order of years",
            odd.raster.name, odd.year
        ));
    }
    let (first, last) = (years.first, years.last);
    findings.push(Finding::new("years_by_order", Severity::Info, &rasters[0].name).text(
        format!("the files carry no dates; they were taken for {first} to {last} in the order given"),
        format!("файлууд огноогүй тул өгсөн дарааллаар нь {first}-{last} он гэж үзсэн"),
    ));
    Ok(in_order)
}

fn by_date<'a>(
    rasters: &'a [StoredRaster],
    years: Years,
    findings: &mut Vec<Finding>,
) -> Result<Vec<YearBand<'a>>, AssessmentError> {
    let mut by_year: BTreeMap<i32, &StoredRaster> = BTreeMap::new();
    let mut outside = Vec::new();
    for raster in rasters {
        let Some(year) = raster.meta.year() else { continue };
        if !years.contains(year) {
            outside.push(raster);
        } else if let Some(other) = by_year.insert(year, raster) {
            return refused(format!("{} and {} are both of {year}; give one raster a year", other.name, raster.name));
        }
    }
    if let Some(first) = outside.first() {
        findings.push(
            Finding::new("year_outside_span", Severity::Warning, &first.name).count(outside.len() as u64).text(
                format!("rasters of years outside {}..{} were left out", years.first, years.last),
                format!("{}..{} оноос гадуурх растерыг оруулаагүй", years.first, years.last),
            ),
        );
    }
    let missing: Vec<String> =
        years.iter().filter(|year| !by_year.contains_key(year)).map(|year| year.to_string()).collect();
    if let Some(first) = missing.first() {
        findings.push(
            Finding::new("years_without_raster", Severity::Warning, &rasters[0].name)
                .at(first)
                .count(missing.len() as u64)
                .text(
                    format!("no raster for {}; slopes keep the true time between the others", missing.join(", ")),
                    format!(
                        "{} оны растер алга; налалтыг үлдсэн жилүүдийн бодит хугацаагаар бодсон",
                        missing.join(", ")
                    ),
                ),
        );
    }
    Ok(by_year.into_iter().map(|(year, raster)| YearBand { year, raster, band: 0 }).collect())
}

fn refused<T>(text: String) -> Result<T, AssessmentError> {
    Err(AssessmentError::Refused(text))
}
