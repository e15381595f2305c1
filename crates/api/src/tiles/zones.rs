//! Soums as vector tiles: alone, or with what is published of them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use belcheer_domain::{Digest, SoumCode};
use belcheer_tiles::Property;
use quick_cache::sync::Cache;
use serde::Deserialize;
use utoipa::IntoParams;

use super::tile_of;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, given};
use crate::state::{ApiState, Published};

/// The media type of Mapbox vector tiles.
const MVT: &str = "application/vnd.mapbox-vector-tile";

/// Assessments whose words are kept.
const KEPT: usize = 8;

/// What tiles tell of a soum.
type Told = Vec<(&'static str, Property)>;

/// What tiles tell of the soums of assessments; an assessment never changes, so neither does this.
#[derive(Debug)]
pub(crate) struct ZonesTold(Cache<Digest, Arc<HashMap<SoumCode, Told>>>);

impl Default for ZonesTold {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl ZonesTold {
    fn of(&self, published: &Published) -> Arc<HashMap<SoumCode, Told>> {
        let id = published.cycle.assessment;
        if let Some(told) = self.0.get(&id) {
            return told;
        }
        let told = Arc::new(told(published));
        self.0.insert(id, Arc::clone(&told));
        told
    }
}

fn told(published: &Published) -> HashMap<SoumCode, Told> {
    let mut told: HashMap<SoumCode, Told> = HashMap::new();
    for row in &published.result.soums {
        let mut words = named(row.au2, row.name_mn.as_deref(), row.name_en.as_deref());
        words.push(("aimag", Property::Text(row.aimag.clone())));
        words.push(("status", Property::Text(row.status.as_str().to_owned())));
        words.extend(row.score.map(|score| ("score", Property::Number(score))));
        told.insert(row.au2, words);
    }
    for row in &published.result.indicators {
        if let Some(words) = told.get_mut(&row.au2) {
            words.push((row.indicator.as_str(), Property::Text(row.class.as_str().to_owned())));
        }
    }
    told
}

fn named(au2: SoumCode, mn: Option<&str>, en: Option<&str>) -> Told {
    let mut words = vec![("au2", Property::Text(au2.to_string()))];
    words.extend(mn.map(|name| ("name_mn", Property::Text(name.to_owned()))));
    words.extend(en.map(|name| ("name_en", Property::Text(name.to_owned()))));
    words
}

/// Which cycle a tile is of.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ZoneTileQuery {
    /// The cycle; the latest when absent.
    #[param(example = "2024")]
    cycle: Option<String>,
}

/// A vector tile of soums. Its layer has the collection's name. Of `soums` it tells code and names; of `verification`
/// also aimag, status, score and the class of each indicator. 204 where no soum lies.
#[utoipa::path(get, path = "/collections/{collection}/tiles/WebMercatorQuad/{zoom}/{row}/{column}", tag = "tiles",
    params(("collection" = String, Path, description = "soums or verification", pattern = "^(soums|verification)$"),
        ("zoom" = u8, Path, description = "0 to 22", maximum = 22),
        ("row" = u32, Path, description = "From the north"),
        ("column" = u32, Path, description = "From the west"),
        ZoneTileQuery),
    responses((status = 200, description = "The tile", content_type = "application/vnd.mapbox-vector-tile", body = Vec<u8>),
        (status = 204, description = "No soum lies in it"), Refusals))]
pub(crate) async fn zone_tile(
    State(state): State<ApiState>,
    Path((collection, zoom, row, column)): Path<(String, String, String, String)>,
    Checked(query): Checked<ZoneTileQuery>,
) -> Result<Response, Problem> {
    let tile = tile_of(&zoom, &row, &column)?;
    let (layer, told) = match collection.as_str() {
        "soums" => ("soums", None),
        "verification" => {
            let published = state.published(given(query.cycle.as_ref())).await?;
            ("verification", Some(state.zones_told().of(&published)))
        }
        _ => return Err(Problem::unknown_collection(&collection)),
    };
    let (places, borders) = (state.places().await?, state.drawn_borders(tile.zoom()).await?);
    let set = borders.zones(tile.zoom());
    let bytes = set.draw(tile, layer, |place| {
        let Some(au2) = borders.code(place) else { return Vec::new() };
        if let Some(words) = told.as_ref().and_then(|told| told.get(&au2)) {
            return words.clone();
        }
        let known = places.get(&au2);
        named(au2, known.and_then(|p| p.name_mn.as_deref()), known.and_then(|p| p.name_en.as_deref()))
    });
    if bytes.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(([(header::CONTENT_TYPE, MVT)], bytes).into_response())
}
