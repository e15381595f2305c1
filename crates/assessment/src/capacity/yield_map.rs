//! Peak yield of every cell from calibrated vegetation, mean over the years held.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::{Finding, NaturalZone, Severity, SoumCode};
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::calibration::{Pair, Relation, fit_zones};
use belcheer_vector_ingest::Reprojector;

use super::Basis;
use crate::error::AssessmentError;
use crate::frame::{Frame, grid_of, wgs84};
use crate::raster::StoredRaster;

/// Relation of one zone, and whether it is used.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoneCalibration {
    /// The zone.
    pub zone: NaturalZone,
    /// The relation, or why there is none.
    pub relation: Result<Relation, String>,
    /// Whether yields are taken from it: only where it predicts soums that it has not seen well enough.
    pub used: bool,
    /// Why they are not; empty when they are.
    pub unfit: String,
}

/// Yields by cell with what they stand on.
#[derive(Debug, Default)]
pub(super) struct YieldMap {
    pub yields: Vec<Option<f32>>,
    pub soums: BTreeSet<SoumCode>,
    pub zones: Vec<ZoneCalibration>,
}

/// Calibrates the vegetation by zone and applies it; empty without vegetation.
pub(super) fn calibrate(
    basis: &Basis<'_>,
    frame: &Frame,
    findings: &mut Vec<Finding>,
) -> Result<YieldMap, AssessmentError> {
    let Some((_, rasters)) = &basis.inputs.vegetation else { return Ok(YieldMap::default()) };
    let on_grid: BTreeMap<i32, &StoredRaster> =
        rasters.iter().filter(|(_, r)| grid_of(&r.meta).is_ok_and(|g| g == frame.grid)).map(|(y, r)| (*y, r)).collect();
    let mut pairs: BTreeMap<NaturalZone, Vec<Pair>> = BTreeMap::new();
    for (year, raster) in &on_grid {
        if basis.inputs.plots.iter().any(|p| p.year == *year) {
            pairs_of_year(basis, frame, *year, &raster.read_rows(1, 0, frame.grid.rows())?, &mut pairs)?;
        }
    }
    let relations = fit_zones(&pairs, &basis.sets.calibration);
    let rules = &basis.sets.calibration;
    let unfit: BTreeMap<NaturalZone, String> = relations
        .iter()
        .filter_map(|(zone, relation)| {
            let reasons = match relation {
                Ok(relation) => relation.unfit(rules).iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
                Err(error) => error.to_string(),
            };
            (!reasons.is_empty()).then_some((*zone, reasons))
        })
        .collect();
    let used: BTreeMap<NaturalZone, Relation> = relations
        .iter()
        .filter_map(|(zone, r)| r.as_ref().ok().filter(|_| !unfit.contains_key(zone)).map(|r| (*zone, *r)))
        .collect();
    for (zone, reasons) in &unfit {
        findings.push(Finding::new("calibration_not_used", Severity::Warning, "vegetation").at(zone.as_str()).text(
            format!("vegetation is not taken for biomass here by {}: {reasons}; yields are those of plots", rules.label()),
            format!("{} дүрмээр энэ бүсэд ургамлын индексээс ургац тооцсонгүй ({reasons}); талбайн хэмжилтийн ургацыг ашиглав", rules.label()),
        ));
    }
    let soums: BTreeSet<SoumCode> =
        basis.zones.iter().filter(|(_, zone)| used.contains_key(zone)).map(|(soum, _)| *soum).collect();
    let yields = if soums.is_empty() { Vec::new() } else { apply(basis, frame, &on_grid, &used)? };
    let zones = relations
        .into_iter()
        .map(|(zone, r)| ZoneCalibration {
            zone,
            used: used.contains_key(&zone),
            unfit: unfit.get(&zone).cloned().unwrap_or_default(),
            relation: r.map_err(|e| e.to_string()),
        })
        .collect();
    Ok(YieldMap { yields, soums, zones })
}

/// Pairs of plots with the median of the three by three cells around them.
fn pairs_of_year(
    basis: &Basis<'_>,
    frame: &Frame,
    year: i32,
    values: &[Option<f64>],
    pairs: &mut BTreeMap<NaturalZone, Vec<Pair>>,
) -> Result<(), AssessmentError> {
    let to_grid = Reprojector::between(&wgs84(), frame.crs())
        .map_err(|e| AssessmentError::Zones { name: "vegetation".to_owned(), reason: e.to_string() })?;
    let outlier = |flags: &[String]| flags.iter().any(|f| f == "biomass_outlier");
    for plot in basis.inputs.plots.iter().filter(|p| p.year == year && !outlier(&p.flags)) {
        let (Some(soum), Some(yield_kg_ha)) = (plot.au2, plot.biomass_kg_ha) else { continue };
        let Some(zone) = basis.zones.get(&soum) else { continue };
        let cell = to_grid.point(plot.lon, plot.lat).ok().and_then(|(x, y)| frame.grid.cell_at(x, y));
        if let Some(index) = cell.and_then(|(row, col)| median_around(frame, values, row, col)) {
            pairs.entry(*zone).or_default().push(Pair { soum, index, yield_kg_ha });
        }
    }
    Ok(())
}

fn median_around(frame: &Frame, values: &[Option<f64>], row: usize, col: usize) -> Option<f64> {
    let rows = row.saturating_sub(1)..=(row + 1).min(frame.grid.rows() - 1);
    let cols = col.saturating_sub(1)..=(col + 1).min(frame.grid.cols() - 1);
    let mut around: Vec<f64> = rows
        .flat_map(|r| cols.clone().map(move |c| r * frame.grid.cols() + c))
        .filter_map(|cell| values.get(cell).copied().flatten())
        .collect();
    around.sort_unstable_by(f64::total_cmp);
    let middle = around.len() / 2;
    match around.len() {
        0 => None,
        n if n % 2 == 1 => around.get(middle).copied(),
        _ => Some(around.get(middle - 1..=middle)?.iter().sum::<f64>() / 2.0),
    }
}

/// Mean of the predicted yields over the years, by cell; a cell belongs to the soum that covers half of it or more.
fn apply(
    basis: &Basis<'_>,
    frame: &Frame,
    rasters: &BTreeMap<i32, &StoredRaster>,
    used: &BTreeMap<NaturalZone, Relation>,
) -> Result<Vec<Option<f32>>, AssessmentError> {
    let cells = frame.grid.rows() * frame.grid.cols();
    let mut relation_of: Vec<Option<&Relation>> = vec![None; cells];
    for (soum, cover) in &frame.zones {
        let Some(relation) = basis.zones.get(soum).and_then(|zone| used.get(zone)) else { continue };
        for span in cover.iter().filter(|s| s.fraction >= 0.5) {
            let line = span.row as usize * frame.grid.cols();
            let cells = line + span.col_start as usize..line + span.col_end as usize;
            relation_of.get_mut(cells).unwrap_or_default().fill(Some(relation));
        }
    }
    let mut sums = vec![(0.0_f64, 0_u32); cells];
    for raster in rasters.values() {
        let values = raster.read_rows(1, 0, frame.grid.rows())?;
        for ((sum, relation), value) in sums.iter_mut().zip(&relation_of).zip(values) {
            if let Some(kg) = relation.zip(value).and_then(|(relation, index)| relation.yield_kg_ha(index)) {
                *sum = (sum.0 + kg, sum.1 + 1);
            }
        }
    }
    Ok(sums.into_iter().map(|(sum, n)| (n > 0).then(|| (sum / f64::from(n)) as f32)).collect())
}
