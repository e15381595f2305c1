//! Where the soums lie: what is left of the boundaries once they are read.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use belcheer_domain::{Digest, SoumCode, records::Jurisdiction};
use geo::{BoundingRect, Centroid};

/// A soum's names, size and place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    /// Mongolian name.
    pub(crate) name_mn: Option<String>,
    /// English name.
    pub(crate) name_en: Option<String>,
    /// Geodesic area, ha.
    pub(crate) area_ha: f64,
    /// West, south, east, north in degrees.
    pub(crate) bbox: Option<[f64; 4]>,
    /// Longitude and latitude of the centroid, degrees.
    pub(crate) centroid: Option<[f64; 2]>,
}

/// The soums of one set of boundaries.
pub(crate) type Places = BTreeMap<SoumCode, Place>;

/// The places read last, with the digest of their boundaries.
#[derive(Debug, Default)]
pub(crate) struct PlacesHeld {
    held: RwLock<Option<(Digest, Arc<Places>)>>,
}

impl PlacesHeld {
    /// The places of a set of boundaries, if they are the ones kept.
    pub(crate) fn get(&self, boundaries: Digest) -> Option<Arc<Places>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|(digest, _)| *digest == boundaries).map(|(_, places)| Arc::clone(places))
    }

    /// Keeps the places of a set of boundaries instead of others.
    pub(crate) fn keep(&self, boundaries: Digest, places: Arc<Places>) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some((boundaries, places));
    }
}

/// The places of soums; of two boundaries with one code the first counts.
pub(crate) fn places(boundaries: &[Jurisdiction]) -> Places {
    let mut places = Places::new();
    for soum in boundaries {
        if let Some(au2) = soum.au2 {
            places.entry(au2).or_insert_with(|| place(soum));
        }
    }
    places
}

fn place(soum: &Jurisdiction) -> Place {
    let corner = |r: geo::Rect<f64>| [r.min().x, r.min().y, r.max().x, r.max().y];
    Place {
        name_mn: soum.name_mn.clone(),
        name_en: soum.name_en.clone(),
        area_ha: soum.area_ha,
        bbox: soum.geometry.bounding_rect().map(corner),
        centroid: soum.geometry.centroid().map(|p| [p.x(), p.y()]),
    }
}
