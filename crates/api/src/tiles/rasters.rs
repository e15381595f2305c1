//! Rasters as pictures: the nearest cell, coloured by the product's legend; what is masked is transparent.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use belcheer_catalog::{DatasetKind, DatasetRecord, DatasetState, Visibility};
use belcheer_cog::{Cog, Limits, Window};
use belcheer_domain::{Crs, Digest, RasterMeta};
use belcheer_tiles::{Picture, RasterGrid, RasterView, TileId};
use belcheer_vector_ingest::Reprojector;
use quick_cache::sync::Cache;

use super::legends::{Colours, colours};
use super::tile_of;
use crate::datasets::dataset_digest;
use crate::desk::terms::usual_visibility;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, NoQuery};
use crate::state::ApiState;

/// Rasters kept open: their directories, not their values.
const KEPT: usize = 64;

/// Most cells of a raster read for one tile: four times those of a tile whose raster has overviews.
const CELLS_MAX: u64 = 4 << 20;

thread_local! {
    /// From longitude and latitude into the systems of rasters; PROJ's transformations stay with their thread.
    static INTO: RefCell<HashMap<String, Reprojector>> = RefCell::default();
}

/// Rasters that are open.
#[derive(Debug)]
pub(crate) struct OpenRasters(Cache<Digest, Arc<OpenRaster>>);

impl Default for OpenRasters {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

#[derive(Debug)]
struct OpenRaster {
    cog: Cog,
    crs: Crs,
    grid: RasterGrid,
    scale: f64,
    offset: f64,
    colours: Arc<Colours>,
}

/// Whether pictures of a raster are shown: it may be used, has colours, and is not private.
pub(super) async fn shown(
    state: &ApiState,
    record: &DatasetRecord,
) -> Result<Option<(RasterMeta, Arc<Colours>)>, Problem> {
    if record.kind != DatasetKind::Raster || record.state != DatasetState::Ready {
        return Ok(None);
    }
    let Some(colours) = record.product.as_deref().and_then(colours) else { return Ok(None) };
    let terms = state.catalog().terms(record.digest).await?;
    if terms.map_or_else(|| usual_visibility(record.kind), |terms| terms.visibility) == Visibility::Private {
        return Ok(None);
    }
    let meta = serde_json::from_value(record.meta.clone()).map_err(|error| {
        tracing::error!(%error, dataset = %record.digest, "a raster's record cannot be read");
        Problem::internal()
    })?;
    Ok(Some((meta, colours)))
}

async fn open(state: &ApiState, digest: Digest) -> Result<Arc<OpenRaster>, Problem> {
    let record = state.catalog().dataset(digest).await?.ok_or_else(Problem::unknown_dataset)?;
    // asked every time: terms may have changed
    let (meta, colours) = shown(state, &record).await?.ok_or_else(Problem::no_pictures)?;
    if let Some(held) = state.open_rasters().0.get(&digest) {
        return Ok(held);
    }
    let location = state.catalog().blob_location(record.blob);
    let cog = Cog::open(state.catalog().store(), location, Limits::default()).await.map_err(|e| broken(&e, digest))?;
    let levels = (0..cog.levels()).filter_map(|level| cog.level_size(level)).map(|size| (size.rows, size.cols));
    let grid = RasterGrid { x_min: meta.x_min, y_max: meta.y_max, dx: meta.dx, dy: meta.dy, levels: levels.collect() };
    let (scale, offset) = (meta.scale.unwrap_or(1.0), meta.offset.unwrap_or(0.0));
    let opened = Arc::new(OpenRaster { cog, crs: meta.crs, grid, scale, offset, colours });
    state.open_rasters().0.insert(digest, Arc::clone(&opened));
    Ok(opened)
}

fn broken(error: &dyn std::fmt::Display, digest: Digest) -> Problem {
    tracing::error!(%error, dataset = %digest, "a stored raster cannot be read");
    Problem::internal()
}

impl OpenRaster {
    /// What a tile shows; blocks on PROJ for a system other than longitude and latitude.
    fn view(&self, tile: TileId) -> Option<RasterView> {
        INTO.with_borrow_mut(|into| {
            let name = self.crs.definition();
            if !into.contains_key(&name) {
                into.insert(name.clone(), Reprojector::new("EPSG:4326", &name).ok()?);
            }
            let reprojector = into.get(&name)?;
            RasterView::new(tile, &self.grid, |longitude, latitude| reprojector.point(longitude, latitude).ok())
        })
    }

    async fn picture(&self, tile: TileId) -> Result<Picture, belcheer_cog::CogError> {
        let Some(view) = self.view(tile) else { return Ok(Picture::empty()) };
        let window = Window { row: view.row, col: view.col, rows: view.rows, cols: view.cols };
        if window.cells() > CELLS_MAX {
            // a raster without overviews seen from afar
            return Ok(Picture::empty());
        }
        let read = self.cog.read_window_at(view.level, 0, window).await?;
        let values = read.to_f64(self.scale, self.offset);
        let valid = read.valid.as_deref();
        Ok(view.paint(&self.colours.legend, |place| {
            valid.is_none_or(|valid| valid.get(place).copied().unwrap_or(false)).then_some(())?;
            values.get(place).copied()
        }))
    }
}

/// A picture of a raster's first band, 256 cells to a side, transparent where nothing is known.
#[utoipa::path(get, path = "/collections/{collection}/map/tiles/WebMercatorQuad/{zoom}/{row}/{column}", tag = "tiles",
    params(("collection" = String, Path, description = "A raster's digest, from /v1/rasters", pattern = "^(sha256:)?[0-9a-f]{64}$"),
        ("zoom" = u8, Path, description = "0 to 22", maximum = 22),
        ("row" = u32, Path, description = "From the north"),
        ("column" = u32, Path, description = "From the west")),
    responses((status = 200, description = "The picture", content_type = "image/png", body = Vec<u8>), Refusals))]
pub(crate) async fn raster_tile(
    State(state): State<ApiState>,
    Path((collection, zoom, row, column)): Path<(String, String, String, String)>,
    Checked(NoQuery {}): Checked<NoQuery>,
) -> Result<Response, Problem> {
    let tile = tile_of(&zoom, &row, &column)?;
    let digest = dataset_digest(&collection)?;
    let raster = open(&state, digest).await?;
    let picture = raster.picture(tile).await.map_err(|error| broken(&error, digest))?;
    let bytes = picture.to_png(&raster.colours.legend).map_err(|error| broken(&error, digest))?;
    Ok(([(header::CONTENT_TYPE, "image/png")], bytes).into_response())
}
