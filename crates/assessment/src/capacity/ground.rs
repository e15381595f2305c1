//! The working grid of the native method: what of each cell is accessible pasture, how far its water, how steep.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::{Crs, Finding, RasterMeta, Severity, SoumCode};
use belcheer_rangeland::access::PastureUse;
use belcheer_vector_ingest::Reprojector;
use geo_types::MultiPolygon;
use rstar::RTree;

use super::cells::Piece;
use super::layers::{LandLayers, LandPiece};
use super::yield_map::{self, ZoneCalibration};
use super::{Basis, Sets};
use crate::error::AssessmentError;
use crate::frame::{Frame, Membership, grid_of, wgs84};
use crate::inputs::Inputs;
use crate::land_cover::{mask_year, survey};
use crate::raster::StoredRaster;
use crate::watch::Watch;

/// Bytes that one cell of the working grid takes, all layers together.
pub(super) const BYTES_PER_CELL: u64 = 64;
/// Longest edge between two points that stand for a shore, degrees.
const SHORE_STEP_DEGREES: f64 = 0.005;
/// Mean radius of the earth, km.
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// The working grid with its layers; without rasters there is none, and each soum is one piece.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    pub frame: Option<Frame>,
    pub meta: Option<RasterMeta>,
    /// Accessible share of each cell.
    pub share: Vec<f32>,
    potential: Vec<f32>,
    distance_km: Vec<Option<f32>>,
    slope_degrees: Vec<Option<f32>>,
    /// Calibrated peak yield, kg/ha; empty without vegetation.
    pub yields: Vec<Option<f32>>,
    calibrated: BTreeSet<SoumCode>,
    pub has_land_use: bool,
    pub has_water: bool,
    pub has_slope: bool,
}

/// The raster whose grid is worked on: vegetation, else land cover.
pub(super) fn working_meta(inputs: &Inputs) -> Option<(&str, &RasterMeta)> {
    let series = inputs.vegetation.as_ref().or(inputs.land_cover.as_ref())?;
    series.1.values().next_back().map(|raster| (raster.name.as_str(), &raster.meta))
}

/// Names of the layers that are held and of those that are not.
pub(super) fn held_and_absent(inputs: &Inputs, layers: &LandLayers) -> (Vec<String>, Vec<String>) {
    let each = [
        ("vegetation", inputs.vegetation.is_some()),
        ("land cover", inputs.land_cover.is_some()),
        ("land use", !layers.land_use.is_empty()),
        ("protected areas", !layers.protected.is_empty()),
        ("exclusions", !layers.exclusion.is_empty()),
        ("water", !layers.water.is_empty()),
        ("slope", layers.slope.is_some()),
    ];
    let (held, absent): (Vec<_>, Vec<_>) = each.into_iter().partition(|(_, there)| *there);
    let names = |list: Vec<(&str, bool)>| list.into_iter().map(|(name, _)| name.to_owned()).collect();
    (names(held), names(absent))
}

/// Lays every layer on the working grid.
pub(super) fn lay(
    basis: &Basis<'_>,
    layers: &LandLayers,
    watch: &dyn Watch,
    findings: &mut Vec<Finding>,
) -> Result<(Ground, Vec<ZoneCalibration>), AssessmentError> {
    let Some((name, meta)) = working_meta(basis.inputs) else { return Ok((Ground::default(), Vec::new())) };
    let steps = 4;
    watch.step("ground", 0, steps);
    let frame = Frame::new(meta, name, &basis.inputs.shapes())?;
    let mut ground = Ground { meta: Some(meta.clone()), ..Ground::default() };
    ground.base_share(basis, layers, &frame, findings)?;
    for (pieces, what) in [(&layers.protected, "protected"), (&layers.exclusion, "exclusion")] {
        ground.without(&frame, pieces, what)?;
    }
    watch.step("ground", 1, steps);
    if !layers.water.is_empty() {
        ground.distance_km = distances(&frame, &layers.water, &ground.share)?;
        ground.has_water = true;
    }
    watch.step("ground", 2, steps);
    if let Some(slope) = &layers.slope {
        ground.slope_degrees = at_centres(slope, &frame)?;
        ground.has_slope = true;
    }
    watch.step("ground", 3, steps);
    let found = yield_map::calibrate(basis, &frame, findings)?;
    ground.yields = found.yields;
    ground.calibrated = found.soums;
    ground.frame = Some(frame);
    watch.step("ground", steps, steps);
    Ok((ground, found.zones))
}

impl Ground {
    /// Whether the yield of a soum is that of its calibrated vegetation.
    pub(super) fn yield_of(&self, soum: SoumCode) -> bool {
        self.calibrated.contains(&soum)
    }

    /// The accessible pieces of a soum; the whole soum without a grid.
    pub(super) fn pieces(&self, soum: SoumCode, whole_ha: f64, own_kg_ha: Option<f64>) -> Vec<Piece> {
        let fallback = own_kg_ha.unwrap_or(0.0);
        let Some(frame) = &self.frame else {
            return vec![Piece {
                area_ha: whole_ha,
                potential_ha: 0.0,
                yield_kg_ha: fallback,
                distance_km: None,
                slope_degrees: None,
            }];
        };
        let calibrated = self.yield_of(soum);
        let value = |layer: &[Option<f32>], cell: usize| layer.get(cell).copied().flatten().map(f64::from);
        let mut pieces = Vec::new();
        for span in frame.zones.get(&soum).into_iter().flat_map(|cover| cover.iter()) {
            let row = span.row as usize;
            let weight = frame.cell_area_ha(row) * span.fraction;
            for col in span.col_start as usize..span.col_end as usize {
                let cell = row * frame.grid.cols() + col;
                let share = self.share.get(cell).copied().map_or(0.0, f64::from);
                if share <= 0.0 {
                    continue;
                }
                let potential = self.potential.get(cell).copied().map_or(0.0, f64::from);
                let own = if calibrated { value(&self.yields, cell) } else { None };
                pieces.push(Piece {
                    area_ha: weight * share,
                    potential_ha: weight * potential.min(share),
                    yield_kg_ha: own.unwrap_or(fallback),
                    distance_km: value(&self.distance_km, cell),
                    slope_degrees: value(&self.slope_degrees, cell),
                });
            }
        }
        pieces
    }

    /// The accessible share before protected and excluded land: by land use, else by land cover, else all.
    fn base_share(
        &mut self,
        basis: &Basis<'_>,
        layers: &LandLayers,
        frame: &Frame,
        findings: &mut Vec<Finding>,
    ) -> Result<(), AssessmentError> {
        let cells = frame.grid.rows() * frame.grid.cols();
        if layers.land_use.is_empty() {
            self.share = land_cover_share(basis, frame)?.unwrap_or_else(|| vec![1.0; cells]);
            return Ok(());
        }
        self.has_land_use = true;
        self.share = vec![0.0; cells];
        self.potential = vec![0.0; cells];
        let mut unknown = BTreeSet::new();
        for piece in &layers.land_use {
            match use_of(basis.sets, piece) {
                Some(PastureUse::Potential) => {
                    add(&mut self.share, frame, &piece.geometry, 1.0, "land use")?;
                    add(&mut self.potential, frame, &piece.geometry, 1.0, "land use")?;
                }
                Some(meaning) => {
                    let share = meaning.share(piece.limited_use) as f32;
                    if share > 0.0 {
                        add(&mut self.share, frame, &piece.geometry, share, "land use")?;
                    }
                }
                None => drop(unknown.insert(piece.code)),
            }
        }
        if let Some(code) = unknown.first() {
            let n = unknown.len() as u64;
            let code = code.map_or_else(|| "none".to_owned(), |c| c.to_string());
            findings.push(
                Finding::new("land_use_code_outside_legend", Severity::Warning, "land use").at(code).count(n).text(
                    format!(
                        "{n} land-use codes are outside the legend {}; their land does not count as pasture",
                        basis.sets.land_use.id
                    ),
                    format!(
                        "{n} газар ашиглалтын код {} жагсаалтад байхгүй тул бэлчээрт тооцсонгүй",
                        basis.sets.land_use.id
                    ),
                ),
            );
        }
        Ok(())
    }

    /// Takes land away from the accessible share, but where the law allows grazing.
    fn without(&mut self, frame: &Frame, pieces: &[LandPiece], what: &str) -> Result<(), AssessmentError> {
        let mut taken = vec![0.0_f32; self.share.len()];
        for piece in pieces.iter().filter(|p| !p.limited_use) {
            add(&mut taken, frame, &piece.geometry, 1.0, what)?;
        }
        self.share.iter_mut().zip(taken).for_each(|(share, taken)| *share *= 1.0 - taken);
        Ok(())
    }
}

fn use_of(sets: &Sets, piece: &LandPiece) -> Option<PastureUse> {
    let code = piece.code?.to_string().parse().ok()?;
    sets.land_use.rule_of(code).map(|rule| rule.pasture_use)
}

/// Adds the covered share of every cell, at most 1.
fn add(
    shares: &mut [f32],
    frame: &Frame,
    shape: &MultiPolygon<f64>,
    times: f32,
    what: &str,
) -> Result<(), AssessmentError> {
    let failed = |reason: String| AssessmentError::Zones { name: what.to_owned(), reason };
    let shape = carried(shape, frame.crs()).map_err(&failed)?;
    let cover = belcheer_zonal::coverage(&frame.grid, &shape).map_err(|e| failed(e.to_string()))?;
    for span in cover.iter() {
        let line = span.row as usize * frame.grid.cols();
        let cells = line + span.col_start as usize..line + span.col_end as usize;
        for share in shares.get_mut(cells).unwrap_or_default() {
            *share = (*share + times * span.fraction as f32).min(1.0);
        }
    }
    Ok(())
}

fn is_lonlat(crs: &Crs) -> bool {
    crs.epsg == Some(4326) || (crs.geographic && crs.epsg.is_none())
}

fn carried(shape: &MultiPolygon<f64>, crs: &Crs) -> Result<MultiPolygon<f64>, String> {
    if is_lonlat(crs) {
        return Ok(shape.clone());
    }
    let transform = Reprojector::between(&wgs84(), crs).map_err(|e| e.to_string())?;
    transform.polygons(shape, Some(0.01)).map_err(|e| e.to_string())
}

/// 1 where the land cover of the last year held is rangeland; `None` without land cover.
fn land_cover_share(basis: &Basis<'_>, frame: &Frame) -> Result<Option<Vec<f32>>, AssessmentError> {
    let Some((legend, rasters)) = &basis.inputs.land_cover else { return Ok(None) };
    let Some((year, raster)) = mask_year(rasters, i32::MAX).and_then(|y| Some((y, rasters.get(&y)?))) else {
        return Ok(None);
    };
    let classes =
        basis.sets.common.mask(legend).ok_or_else(|| {
            AssessmentError::ParameterSet(format!("no rangeland mask for land cover of legend {legend}"))
        })?;
    let own = Frame::<SoumCode>::new(&raster.meta, &raster.name, &BTreeMap::new())?;
    let cover = survey(&own, &BTreeMap::from([(year, raster)]), year, classes)?;
    let transform = Reprojector::between(frame.crs(), &raster.meta.crs)
        .map_err(|e| AssessmentError::Zones { name: raster.name.clone(), reason: e.to_string() })?;
    let share = centres(frame).map(|(x, y)| {
        let inside = transform.point(x, y).is_ok_and(|(x, y)| cover.mask.membership_at(x, y) == Membership::Inside);
        f32::from(u8::from(inside))
    });
    Ok(Some(share.collect()))
}

fn centres(frame: &Frame) -> impl Iterator<Item = (f64, f64)> {
    let grid = frame.grid;
    (0..grid.rows()).flat_map(move |row| (0..grid.cols()).map(move |col| grid.cell_centre(row, col)))
}

/// The value of a raster at the centre of every cell of the frame.
fn at_centres(raster: &StoredRaster, frame: &Frame) -> Result<Vec<Option<f32>>, AssessmentError> {
    let failed = |reason: String| AssessmentError::Zones { name: raster.name.clone(), reason };
    let grid = grid_of(&raster.meta).map_err(|e| failed(e.to_string()))?;
    let transform = Reprojector::between(frame.crs(), &raster.meta.crs).map_err(|e| failed(e.to_string()))?;
    let values = raster.read_rows(1, 0, grid.rows())?;
    let value = |x: f64, y: f64| {
        let (x, y) = transform.point(x, y).ok()?;
        let (row, col) = grid.cell_at(x, y)?;
        values.get(row * grid.cols() + col).copied().flatten().map(|v| v as f32)
    };
    Ok(centres(frame).map(|(x, y)| value(x, y)).collect())
}

/// Distance of every accessible cell's centre to the nearest shore, km.
fn distances(frame: &Frame, water: &[LandPiece], share: &[f32]) -> Result<Vec<Option<f32>>, AssessmentError> {
    let shores =
        RTree::bulk_load(water.iter().flat_map(|p| shore(&p.geometry)).map(|(x, y)| on_sphere(x, y)).collect());
    let transform = if is_lonlat(frame.crs()) {
        None
    } else {
        let between = Reprojector::between(frame.crs(), &wgs84());
        Some(between.map_err(|e| AssessmentError::Zones { name: "water".to_owned(), reason: e.to_string() })?)
    };
    let distance = |x: f64, y: f64| {
        let (lon, lat) = transform.as_ref().map_or(Some((x, y)), |t| t.point(x, y).ok())?;
        let at = on_sphere(lon, lat);
        let near: &[f64; 3] = shores.nearest_neighbor(&at)?;
        let chord = at.iter().zip(near).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
        Some((2.0 * EARTH_RADIUS_KM * (chord / 2.0).min(1.0).asin()) as f32)
    };
    Ok(centres(frame).zip(share).map(|((x, y), share)| if *share > 0.0 { distance(x, y) } else { None }).collect())
}

/// Points along the rings, close enough together.
fn shore(shape: &MultiPolygon<f64>) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for ring in shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
        for line in ring.lines() {
            let steps = (line.dx().hypot(line.dy()) / SHORE_STEP_DEGREES).ceil().clamp(1.0, 1e6) as u32;
            points.extend((0..steps).map(|k| {
                let part = f64::from(k) / f64::from(steps);
                (line.start.x + part * line.dx(), line.start.y + part * line.dy())
            }));
        }
    }
    points
}

fn on_sphere(lon: f64, lat: f64) -> [f64; 3] {
    let (lon, lat) = (lon.to_radians(), lat.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shore_is_no_farther_than_its_nearest_point() {
        let square = geo_types::Rect::new((100.0, 47.0), (100.015625, 47.015625)).to_polygon();
        let points = shore(&MultiPolygon(vec![square]));
        assert_eq!(points.len(), 16);
        let tree = RTree::bulk_load(points.into_iter().map(|(x, y)| on_sphere(x, y)).collect());
        let at = on_sphere(100.0078125, 46.92);
        let near: &[f64; 3] = tree.nearest_neighbor(&at).unwrap();
        let km = EARTH_RADIUS_KM * at.iter().zip(near).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
        // 0.08 degrees of latitude on the sphere
        assert!((km - 0.08_f64.to_radians() * EARTH_RADIUS_KM).abs() < 0.01, "{km}");
    }
}
