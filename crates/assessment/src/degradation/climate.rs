//! Precipitation of the years on its own grid, and which of its cells each cell of the index lies in.

use belcheer_domain::{Crs, Finding, Severity};
use belcheer_raster_ingest::CellWindow;
use belcheer_vector_ingest::Reprojector;
use belcheer_zonal::Grid;

use super::areas::Areas;
use super::{DegradationRequest, note};
use crate::error::AssessmentError;
use crate::frame::grid_of;
use crate::raster::StoredRaster;
use crate::trend::series;
use crate::watch::Watch;

/// Most values that are held: precipitation is coarse, and finer than this something is wrong.
const VALUES_MAX: u64 = 100_000_000;
/// Land without precipitation from which a zone is named, share.
const LOST_MIN: f64 = 0.01;

/// Precipitation by year on its own grid, mm.
pub(super) struct Precipitation {
    grid: Grid,
    crs: Crs,
    /// By year of the index series; a year without a raster has none.
    years: Vec<Option<Vec<f32>>>,
}

impl Precipitation {
    /// Reads the rasters for the years of the index; years without one are left out of the relation and told.
    pub fn read(
        rasters: &[StoredRaster],
        request: &DegradationRequest,
        years: &[i32],
        watch: &dyn Watch,
        findings: &mut Vec<Finding>,
    ) -> Result<Self, AssessmentError> {
        let first = rasters.first().ok_or_else(series::no_raster)?;
        let values = u64::from(first.meta.width) * u64::from(first.meta.height) * years.len() as u64;
        if values > VALUES_MAX {
            return Err(AssessmentError::Refused(format!(
                "{} is too fine for precipitation ({values} values); bring it to its product's own grid",
                first.name
            )));
        }
        let bands = series::assign(rasters, request.years, findings)?;
        let grid = grid_of(&first.meta)
            .map_err(|e| AssessmentError::Zones { name: first.name.clone(), reason: e.to_string() })?;
        let mut read = Vec::with_capacity(years.len());
        let mut negative = 0;
        for (number, year) in years.iter().enumerate() {
            watch.step("precipitation", number as u64, years.len() as u64);
            let Some(of) = bands.iter().find(|of| of.year == *year) else {
                read.push(None);
                continue;
            };
            let mut rain = Vec::with_capacity(grid.rows() * grid.cols());
            for value in of.raster.read_rows(of.band + 1, 0, grid.rows())? {
                negative += u64::from(value.is_some_and(|mm| mm < 0.0));
                rain.push(value.filter(|mm| *mm >= 0.0).map_or(f32::NAN, |mm| mm as f32));
            }
            read.push(Some(rain));
        }
        watch.step("precipitation", years.len() as u64, years.len() as u64);
        if negative > 0 {
            findings.push(note(
                "precipitation_negative",
                Severity::Warning,
                &first.name,
                negative,
                "negative precipitation was taken for missing".to_owned(),
                "сөрөг хур тунадасыг дутуу утга гэж үзсэн".to_owned(),
            ));
        }
        Ok(Self { grid, crs: first.meta.crs.clone(), years: read })
    }

    /// The northern end of the grid, in its own units.
    pub fn north(&self) -> f64 {
        self.grid.row_edges(0).1
    }

    /// The precipitation cell that holds the centre of each cell of a part.
    pub fn cells_of(&self, index: &Grid, crs: &Crs, part: CellWindow) -> Result<Vec<Option<u32>>, AssessmentError> {
        let failed = |reason: String| AssessmentError::Zones { name: "precipitation".to_owned(), reason };
        let carried = Reprojector::between(crs, &self.crs).map_err(|e| failed(e.to_string()))?;
        let mut cells = Vec::with_capacity(part.rows * part.cols);
        for row in part.row..part.row + part.rows {
            for col in part.col..part.col + part.cols {
                let (x, y) = index.cell_centre(row, col);
                let at = carried.point(x, y).ok().and_then(|(x, y)| self.grid.cell_at(x, y));
                cells.push(at.map(|(row, col)| (row * self.grid.cols() + col) as u32));
            }
        }
        Ok(cells)
    }

    /// The years of one cell; all missing outside the grid.
    pub fn series(&self, cell: Option<u32>, into: &mut Vec<Option<f64>>) {
        into.clear();
        into.extend(self.years.iter().map(|year| {
            let mm = *year.as_ref()?.get(cell? as usize)?;
            mm.is_finite().then_some(f64::from(mm))
        }));
    }
}

/// Names the zones that lose the adjustment for want of precipitation.
pub(super) fn tell_lost(areas: &[Areas], name: &str, north: f64, findings: &mut Vec<Finding>) {
    for zone in areas {
        let Some([_, _, without]) = zone.climate else { continue };
        let land = zone.land_ha();
        if land <= 0.0 || without < LOST_MIN * land || zone.is_rest() {
            continue;
        }
        let percent = 100.0 * without / land;
        let found = note(
            "climate_adjustment_lost",
            Severity::Warning,
            name,
            1,
            format!(
                "{percent:.0} % of the land has no precipitation (the data ends at {north:.2} in the north); its trend holds the weather"
            ),
            format!(
                "газрын {percent:.0} % -д хур тунадасын мэдээ алга (хойд зах {north:.2}); хандлага нь цаг агаарын нөлөөг агуулна"
            ),
        );
        findings.push(found.at(&zone.zone));
    }
}
