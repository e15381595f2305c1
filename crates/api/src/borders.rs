//! Borders of soums as text of GeoJSON geometries, written once for each set of boundaries.

mod ring;
mod shared;
mod text;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use belcheer_domain::{Digest, SoumCode, records::Jurisdiction};

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
        Self { full: written(&units, text::FULL_DIGITS), simplified: written(&simplified, text::SIMPLIFIED_DIGITS) }
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
