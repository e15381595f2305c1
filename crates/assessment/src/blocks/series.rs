//! From the inputs of a workspace to a job: a series of years, zones of some levels, the mask.

use std::collections::BTreeMap;

use belcheer_domain::RasterMeta;
use geo_types::MultiPolygon;

use super::job::{BlockJob, Layer, MaskSource, SlopeJob, Zone, ZoneSet};
use crate::error::AssessmentError;
use crate::frame::carry;
use crate::inputs::Inputs;
use crate::land_cover::mask_year;
use crate::parameters::ParameterSets;
use crate::raster::StoredRaster;
use crate::storage::{Place, folder_address};

/// Folder of the workspace that pieces are kept in.
const PIECES: &str = "partials";

/// A job with its zones, before the zones are stored.
#[derive(Debug)]
pub struct Prepared {
    job: BlockJob,
    zones: ZoneSet,
}

impl Prepared {
    /// The zones; rows of the job name them by their number.
    #[must_use]
    pub fn zones(&self) -> &[Zone] {
        &self.zones.0
    }

    /// What would be read and needed, without doing it.
    ///
    /// # Errors
    /// When an input cannot be opened.
    pub fn estimate(&self, threads: usize) -> Result<super::BlockPlan, AssessmentError> {
        Ok(crate::raster::wait(super::estimate(&self.job, self.zones.clone(), threads))?)
    }

    /// Stores the zones beside the pieces; what comes back any machine can run that reaches the workspace.
    ///
    /// # Errors
    /// When the workspace cannot be written.
    pub fn store(&self) -> Result<BlockJob, AssessmentError> {
        let (zones, zones_digest) = crate::raster::wait(self.zones.store(&self.job.pieces))?;
        Ok(BlockJob { zones, zones_digest, ..self.job.clone() })
    }
}

/// The years of one product on one grid, wherever they lie.
#[derive(Debug, Clone)]
pub struct Series {
    /// The grid and coordinate system of all years.
    pub grid: RasterMeta,
    /// The years, ascending.
    pub layers: Vec<Layer>,
}

/// The series that rasters of the workspace make, all on the grid of the first.
///
/// # Errors
/// When there are none, or one is not held by the workspace.
pub fn held_series(inputs: &Inputs, rasters: &BTreeMap<i32, &StoredRaster>) -> Result<Series, AssessmentError> {
    let (Some(first), Some(blobs)) = (rasters.values().next(), &inputs.blobs) else {
        return Err(AssessmentError::Output("there is no series of rasters in a workspace".to_owned()));
    };
    let layers = rasters.iter().map(|(year, raster)| layer(blobs, *year, raster)).collect::<Result<_, _>>()?;
    Ok(Series { grid: first.meta.clone(), layers })
}

/// A job over the years of a series.
///
/// `zones` are in longitude and latitude by level and code; `baseline_end` chooses the year of the mask, without it all
/// land counts.
///
/// # Errors
/// When the zones cannot be carried to the grid, or the workspace cannot be written.
pub fn prepare(
    inputs: &Inputs,
    series: Series,
    zones: &BTreeMap<(String, String), MultiPolygon<f64>>,
    mask: Option<MaskSource>,
    slope: Option<SlopeJob>,
    resume: bool,
) -> Result<Prepared, AssessmentError> {
    let (Some(first), Some(workspace)) = (series.layers.first(), &inputs.workspace) else {
        return Err(AssessmentError::Output("there is no series of rasters, or no workspace".to_owned()));
    };
    let failed = |reason: String| AssessmentError::Zones { name: first.name.clone(), reason };
    let carried = carry(zones, &series.grid.crs).map_err(failed)?;
    let zones = carried.into_iter().map(|((level, id), shape)| Zone { level, id, shape });
    let pieces = workspace.join(PIECES);
    std::fs::create_dir_all(&pieces)?;
    let pieces = folder_address(&pieces);
    let job = BlockJob {
        program: BlockJob::program(),
        grid: series.grid,
        layers: series.layers,
        mask,
        zones: Place { store: pieces.clone(), path: String::new() },
        zones_digest: belcheer_domain::Digest::of(b""),
        slope,
        pieces,
        resume,
    };
    Ok(Prepared { job, zones: ZoneSet(zones.collect()) })
}

/// The raster that says which land is rangeland; `None` without land cover.
///
/// # Errors
/// When the scheme has no mask for the legend.
pub fn mask_source(
    inputs: &Inputs,
    sets: &ParameterSets,
    baseline_end: i32,
) -> Result<Option<MaskSource>, AssessmentError> {
    let (Some((legend, rasters)), Some(blobs)) = (&inputs.land_cover, &inputs.blobs) else { return Ok(None) };
    let Some(raster) = mask_year(rasters, baseline_end).and_then(|year| rasters.get(&year)) else { return Ok(None) };
    let Some(classes) = sets.mask(legend) else {
        return Err(AssessmentError::ParameterSet(format!("no rangeland mask for land cover of legend {legend}")));
    };
    let held = layer(blobs, 0, raster)?;
    Ok(Some(MaskSource {
        name: held.name,
        place: held.place,
        digest: held.digest,
        meta: raster.meta.clone(),
        classes: classes.rangeland.iter().filter_map(|class| u8::try_from(*class).ok()).collect(),
    }))
}

fn layer(blobs: &Place, year: i32, raster: &StoredRaster) -> Result<Layer, AssessmentError> {
    let reason = "it is not held by the workspace; ingest it first".to_owned();
    let source = raster.digest.ok_or(AssessmentError::Raster { name: raster.name.clone(), reason })?;
    // a blob is named by its own digest, which tells more than that of the file it was made from
    let digest = raster.cog().path().filename().and_then(|hex| format!("sha256:{hex}").parse().ok()).unwrap_or(source);
    Ok(Layer {
        year,
        name: raster.name.clone(),
        place: blobs.within(raster.cog().path().as_ref()),
        digest,
        edition: None,
        scale: raster.meta.scale.unwrap_or(1.0),
        offset: raster.meta.offset.unwrap_or(0.0),
    })
}
