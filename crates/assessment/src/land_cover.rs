//! Land cover over the years: which land is rangeland, and how much of it is converted.

use std::collections::BTreeMap;

use belcheer_domain::SoumCode;
use belcheer_rangeland::degradation::{LandCover as LandCoverClass, LandCoverCrosswalk};
use belcheer_rangeland::rangeland_mask::{RangelandMask, is_converted, is_rangeland};
use rayon::prelude::*;

use crate::error::AssessmentError;
use crate::evidence::conversion::YearlyLoss;
use crate::frame::{CellsUnder, Frame, LandCover, Membership, grid_of};
use crate::raster::StoredRaster;

/// Cells of all years of a block that are held in memory at once.
const CELLS_IN_FLIGHT: usize = 1 << 24;

/// What the land-cover series says of each zone (soum, if nothing else is said).
#[derive(Debug)]
pub struct Cover<K = SoumCode> {
    /// Rangeland membership of every cell, from the raster of the mask year.
    pub mask: LandCover,
    /// Assessed rangeland of each zone, ha.
    pub rangeland_ha: BTreeMap<K, f64>,
    /// Area of each zone on the pixel ledger, ha.
    pub ledger_ha: BTreeMap<K, f64>,
    /// Rangeland of the year before and what of it is converted, ha, by year.
    pub converted_ha: BTreeMap<K, Conversion>,
}

/// Rangeland of the year before and what of it is converted, ha, by year.
pub type Conversion = BTreeMap<i32, (f64, f64)>;

#[derive(Debug, Default, Clone)]
struct ZoneSums {
    ledger: f64,
    rangeland: f64,
    years: Conversion,
}

impl Cover {
    /// Yearly loss of rangeland to conversion, percent of the rangeland of the year before.
    #[must_use]
    pub fn losses(&self) -> YearlyLoss {
        self.converted_ha.iter().map(|(soum, years)| (*soum, loss_percent(years))).collect()
    }
}

/// Share of the rangeland of the year before that is converted, percent; years without rangeland are absent.
#[must_use]
pub fn loss_percent(years: &Conversion) -> BTreeMap<i32, f64> {
    let share =
        |(year, (rangeland, lost)): (&i32, &(f64, f64))| (*rangeland > 0.0).then(|| (*year, 100.0 * lost / rangeland));
    years.iter().filter_map(share).collect()
}

/// The year whose land cover says what rangeland is: the last one not after the end of the baseline, else the first.
#[must_use]
pub fn mask_year(rasters: &BTreeMap<i32, StoredRaster>, baseline_end: i32) -> Option<i32> {
    rasters.range(..=baseline_end).next_back().or_else(|| rasters.iter().next()).map(|(year, _)| *year)
}

/// Reads the land-cover series block of rows by block of rows, all years of a block together.
///
/// A cell is lost in a year when it was rangeland the year before and is now in a class that counts as converted.
/// Years are compared with the year just before only.
///
/// # Errors
/// When a raster cannot be read.
pub fn survey<K: Ord + Clone + Send + Sync>(
    frame: &Frame<K>,
    rasters: &BTreeMap<i32, &StoredRaster>,
    mask_year: i32,
    classes: &RangelandMask,
) -> Result<Cover<K>, AssessmentError> {
    let Some(first_raster) = rasters.values().next() else {
        return Err(AssessmentError::Output("no land cover".to_owned()));
    };
    let mut sums: BTreeMap<K, ZoneSums> = frame.zones.keys().map(|c| (c.clone(), ZoneSums::default())).collect();
    let mut membership = Vec::with_capacity(frame.grid.rows() * frame.grid.cols());
    let band_rows = frame.rows_in_flight(CELLS_IN_FLIGHT / rasters.len().max(1));
    let mut first = 0;
    while first < frame.grid.rows() {
        let rows = band_rows.min(frame.grid.rows() - first);
        let mut years: Vec<(i32, Vec<Option<u8>>)> = Vec::with_capacity(rasters.len());
        for (year, raster) in rasters {
            let values = raster.read_rows(1, first, rows)?;
            years.push((*year, values.into_iter().map(|v| v.map(|class| class as u8)).collect()));
        }
        let of_mask = years.iter().find(|(year, _)| *year == mask_year).map(|(_, classes)| classes.as_slice());
        let band: Vec<Membership> = of_mask.unwrap_or_default().iter().map(|class| member(classes, *class)).collect();
        sums.par_iter_mut().for_each(|(code, total)| {
            if let Some(coverage) = frame.zones.get(code) {
                for span in coverage.spans_of_rows(first as u32, (first + rows) as u32) {
                    total.add(frame, first, span, &band, &years, classes);
                }
            }
        });
        membership.extend(band);
        first += rows;
    }
    Ok(Cover {
        mask: LandCover { grid: frame.grid, crs: first_raster.meta.crs.clone(), membership },
        rangeland_ha: sums.iter().map(|(code, s)| (code.clone(), s.rangeland)).collect(),
        ledger_ha: sums.iter().map(|(code, s)| (code.clone(), s.ledger)).collect(),
        converted_ha: sums.into_iter().map(|(code, s)| (code, s.years)).collect(),
    })
}

fn member(classes: &RangelandMask, class: Option<u8>) -> Membership {
    match class.map(|c| is_rangeland(classes, u16::from(c))) {
        Some(Some(true)) => Membership::Inside,
        Some(Some(false)) => Membership::Outside,
        Some(None) | None => Membership::Unknown,
    }
}

impl ZoneSums {
    fn add<K: Ord + Clone + Send + Sync>(
        &mut self,
        frame: &Frame<K>,
        first: usize,
        span: &belcheer_zonal::Span,
        band: &[Membership],
        years: &[(i32, Vec<Option<u8>>)],
        classes: &RangelandMask,
    ) {
        let row = span.row as usize;
        let weight = frame.cell_area_ha(row) * span.fraction;
        let line = (row - first) * frame.grid.cols();
        let cells = line + span.col_start as usize..line + span.col_end as usize;
        self.ledger += weight * cells.len() as f64;
        let inside = band.get(cells.clone()).unwrap_or_default().iter().filter(|m| **m == Membership::Inside).count();
        self.rangeland += weight * inside as f64;
        for pair in years.windows(2) {
            let [(before, old), (year, new)] = pair else { continue };
            if *year != before + 1 {
                continue;
            }
            let (old, new) = (old.get(cells.clone()).unwrap_or_default(), new.get(cells.clone()).unwrap_or_default());
            let total = self.years.entry(*year).or_default();
            for (was, is) in old.iter().zip(new) {
                let (Some(was), Some(is)) = (was, is) else { continue };
                if is_rangeland(classes, u16::from(*was)) == Some(true) {
                    total.0 += weight;
                    if is_converted(classes, u16::from(*was), u16::from(*is)) == Some(true) {
                        total.1 += weight;
                    }
                }
            }
        }
    }
}

/// Land cover of one year in the classes of UNCCD, one value for each cell of another grid.
#[derive(Debug)]
pub struct ClassGrid(Vec<Option<LandCoverClass>>);

impl ClassGrid {
    /// Reads a land-cover raster, folds its legend, and takes the class at the centre of each cell of `frame`.
    ///
    /// # Errors
    /// When the raster cannot be read, or there is no way from the frame's coordinate system to its own.
    pub fn read(raster: &StoredRaster, legend: &LandCoverCrosswalk, frame: &Frame) -> Result<Self, AssessmentError> {
        let failed = |reason: String| AssessmentError::Zones { name: raster.name.clone(), reason };
        let grid = grid_of(&raster.meta).map_err(|e| failed(e.to_string()))?;
        let under = CellsUnder::new((&frame.grid, frame.crs()), (&grid, &raster.meta.crs)).map_err(failed)?;
        let values = raster.read_rows(1, 0, grid.rows())?;
        let class_at = |(row, col): (usize, usize)| {
            let (row, col) = under.at(row, col)?;
            values.get(row * grid.cols() + col).copied().flatten().and_then(|class| legend.fold(class as u16))
        };
        let (rows, cols) = (frame.grid.rows(), frame.grid.cols());
        Ok(Self((0..rows).flat_map(|row| (0..cols).map(move |col| (row, col))).map(class_at).collect()))
    }

    /// The class of a cell, counted row by row; `None` where none is known.
    #[must_use]
    pub fn class_of(&self, cell: usize) -> Option<LandCoverClass> {
        self.0.get(cell).copied().flatten()
    }
}
