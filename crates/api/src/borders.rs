//! Borders of soums: as text of GeoJSON geometries, and as zones for vector tiles; made once for each set of boundaries.

mod ring;
mod shared;
mod text;
mod world;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use belcheer_domain::{Digest, SoumCode, records::Jurisdiction};
use belcheer_tiles::ZoneSet;

/// How far a simplified border may lie from the true one, degrees: about 0.4 to 0.6 km.
pub(crate) const TOLERANCE_DEGREES: f64 = 0.005;

/// How exactly borders are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// Fewer points, for maps of the country; neighbours keep their border in common.
    Simplified,
    /// Every point.
    Full,
}

/// The geometry of every soum as text, in both details.
#[derive(Debug, Default)]
pub(crate) struct Borders {
    full: BTreeMap<SoumCode, Box<[u8]>>,
    simplified: BTreeMap<SoumCode, Box<[u8]>>,
    codes: Vec<SoumCode>,
    units: Vec<ring::Unit>,
    bands: [OnceLock<ZoneSet>; world::BANDS.len()],
}

impl Borders {
    /// Writes the borders of soums; of two with one code the first counts.
    pub(crate) fn of(boundaries: &[Jurisdiction]) -> Self {
        let mut first = BTreeMap::new();
        for soum in boundaries {
            if let Some(au2) = soum.au2 {
                first.entry(au2).or_insert(&soum.geometry);
            }
        }
        let units: Vec<ring::Unit> = first.values().map(|geometry| ring::unit(geometry)).collect();
        let simplified = shared::simplified(&units, ring::steps(TOLERANCE_DEGREES));
        let written = |units: &[ring::Unit], digits| {
            let texts = units.iter().map(|unit| text::geometry(unit, digits));
            first.keys().copied().zip(texts).collect()
        };
        let (full, simplified) = (written(&units, text::FULL_DIGITS), written(&simplified, text::SIMPLIFIED_DIGITS));
        Self { full, simplified, codes: first.keys().copied().collect(), units, bands: Default::default() }
    }

    /// The zones that tiles of a zoom are drawn from; the first call of a zoom takes tenths of a second.
    pub(crate) fn zones(&self, zoom: u8) -> &ZoneSet {
        let band = world::band(zoom);
        let draw = || ZoneSet::new(world::zones(&self.codes, &self.units, band));
        self.bands.get(band).unwrap_or(&self.bands[0]).get_or_init(draw)
    }

    /// Whether the zones of a zoom are there already.
    pub(crate) fn is_drawn(&self, zoom: u8) -> bool {
        self.bands.get(world::band(zoom)).is_some_and(|band| band.get().is_some())
    }

    /// The soum of a zone by its place.
    pub(crate) fn code(&self, place: usize) -> Option<SoumCode> {
        self.codes.get(place).copied()
    }

    /// The polygons of a soum, longitude and latitude on WGS 84.
    pub(crate) fn shape(&self, au2: SoumCode) -> Option<geo::MultiPolygon<f64>> {
        let place = self.codes.binary_search(&au2).ok()?;
        self.units.get(place).map(ring::shape)
    }

    /// The geometry of a soum.
    pub(crate) fn get(&self, au2: SoumCode, detail: Detail) -> Option<&[u8]> {
        let texts = match detail {
            Detail::Simplified => &self.simplified,
            Detail::Full => &self.full,
        };
        texts.get(&au2).map(AsRef::as_ref)
    }
}

/// The borders written last, with the digest of their boundaries.
#[derive(Debug, Default)]
pub(crate) struct BordersHeld {
    held: RwLock<Option<(Digest, Arc<Borders>)>>,
    /// Whoever writes them; others wait instead of writing them, too.
    pub(crate) writing: tokio::sync::Mutex<()>,
}

impl BordersHeld {
    /// The borders of a set of boundaries, if they are the ones kept.
    pub(crate) fn get(&self, boundaries: Digest) -> Option<Arc<Borders>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|(digest, _)| *digest == boundaries).map(|(_, borders)| Arc::clone(borders))
    }

    /// Keeps the borders of a set of boundaries instead of others.
    pub(crate) fn keep(&self, boundaries: Digest, borders: Arc<Borders>) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some((boundaries, borders));
    }
}
