//! Finds the soum of a record: by code, by aimag and name, by place. Never by a name alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use belcheer_domain::{
    CodeForm, SoumCode, aimag_of, aimags, fold_name,
    records::{Jurisdiction, Level},
};
use belcheer_zonal::PointIndex;
use geo::InteriorPoint;
use geo_types::MultiPolygon;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
struct Spellings {
    aimag: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
struct Variants {
    soum: BTreeMap<String, Vec<String>>,
}

/// Further spellings of soum names, by code.
static SOUM_NAMES: LazyLock<BTreeMap<SoumCode, Vec<String>>> = LazyLock::new(|| {
    let variants: Variants = toml::from_str(include_str!("../data/soum_names.toml")).unwrap_or_default();
    variants.soum.into_iter().filter_map(|(code, names)| Some((SoumCode::normalise(&code).ok()?.0, names))).collect()
});

/// A name folded until it changes no more, so that names written as special cases fold like plain ones.
fn folded(name: &str) -> String {
    fold_name(&fold_name(name))
}

/// Folded spelling to aimag number.
static AIMAG_NAMES: LazyLock<BTreeMap<String, u8>> = LazyLock::new(|| {
    let spellings: Spellings = toml::from_str(include_str!("../data/aimag_names.toml")).unwrap_or_default();
    let mut names = BTreeMap::new();
    for aimag in aimags() {
        names.insert(folded(aimag.mn), aimag.number);
        names.insert(folded(aimag.en), aimag.number);
    }
    for (number, others) in spellings.aimag {
        if let Ok(number) = number.parse::<u8>() {
            names.extend(others.iter().map(|name| (folded(name), number)));
        }
    }
    names
});

/// The aimag of a name in any known spelling, Mongolian or English.
pub(crate) fn aimag_named(name: &str) -> Option<u8> {
    AIMAG_NAMES.get(&folded(name)).copied()
}

/// How a record's soum was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// By its code, which the boundaries have.
    Code(SoumCode, CodeForm),
    /// By a code that the boundaries do not have.
    CodeAbsent(SoumCode, CodeForm),
    /// By aimag and name.
    Name(SoumCode),
    /// By the polygon around the point.
    Polygon(SoumCode),
    /// Not found.
    Unknown,
}

impl Place {
    /// The soum, where one was found.
    #[must_use]
    pub fn soum(self) -> Option<SoumCode> {
        match self {
            Self::Code(code, _) | Self::CodeAbsent(code, _) | Self::Name(code) | Self::Polygon(code) => Some(code),
            Self::Unknown => None,
        }
    }
}

/// The soums of a set of boundaries, ready to be joined to.
///
/// Built from jurisdictions of level soum; others are ignored.
#[derive(Debug, Clone)]
pub struct SoumIndex {
    /// Zones of the point index, rising.
    zones: Vec<SoumCode>,
    points: PointIndex,
    codes: BTreeSet<SoumCode>,
    names: BTreeMap<(u8, String), BTreeSet<SoumCode>>,
    own_names: BTreeMap<SoumCode, BTreeSet<String>>,
}

impl SoumIndex {
    /// An index of the soums among `units`.
    #[must_use]
    pub fn new(units: &[Jurisdiction]) -> Self {
        let mut shapes = Vec::new();
        let mut names: BTreeMap<(u8, String), BTreeSet<SoumCode>> = BTreeMap::new();
        let mut own_names: BTreeMap<SoumCode, BTreeSet<String>> = BTreeMap::new();
        for unit in units.iter().filter(|u| u.level == Level::Soum) {
            let Some(code) = unit.au2 else { continue };
            let variants = SOUM_NAMES.get(&code).into_iter().flatten();
            for name in [&unit.name_mn, &unit.name_en].into_iter().flatten().chain(variants) {
                let folded = folded(name);
                names.entry((code.aimag_number(), folded.clone())).or_default().insert(code);
                own_names.entry(code).or_default().insert(folded);
            }
            shapes.push((code, &unit.geometry));
        }
        shapes.sort_by_key(|(code, _)| *code);
        let points = PointIndex::new(shapes.iter().map(|(_, geometry)| *geometry));
        let zones: Vec<SoumCode> = shapes.iter().map(|(code, _)| *code).collect();
        Self { codes: zones.iter().copied().collect(), zones, points, names, own_names }
    }

    /// Number of soums.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no soum.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Whether the boundaries have this soum.
    #[must_use]
    pub fn holds(&self, code: SoumCode) -> bool {
        self.codes.contains(&code)
    }

    /// The soum around a point; on a shared border the one with the lowest code.
    #[must_use]
    pub fn at(&self, lon: f64, lat: f64) -> Option<SoumCode> {
        self.points.zone_at(lon, lat).and_then(|zone| self.zones.get(zone as usize)).copied()
    }

    /// The soum around each of many points `(lon, lat)`, as [`Self::at`] finds it; on all cores.
    #[must_use]
    pub fn assign(&self, points: &[(f64, f64)]) -> Vec<Option<SoumCode>> {
        let code = |zone: Option<u32>| zone.and_then(|zone| self.zones.get(zone as usize)).copied();
        self.points.assign(points).into_iter().map(code).collect()
    }

    /// The soum around a point that surely lies inside the polygons.
    #[must_use]
    pub fn around(&self, polygons: &MultiPolygon<f64>) -> Option<SoumCode> {
        let inside = polygons.interior_point()?;
        self.at(inside.x(), inside.y())
    }

    /// The one soum of this name in this aimag; both in any known spelling.
    #[must_use]
    pub fn named(&self, aimag: &str, soum: &str) -> Option<SoumCode> {
        let found = self.names.get(&(aimag_named(aimag)?, folded(soum)))?;
        if found.len() == 1 { found.first().copied() } else { None }
    }

    /// Whether a name is one of this soum's own.
    #[must_use]
    pub fn is_name_of(&self, code: SoumCode, name: &str) -> bool {
        self.own_names.get(&code).is_some_and(|names| names.contains(&folded(name)))
    }

    /// Finds the soum of a record without a place: by its code, else by aimag and name.
    #[must_use]
    pub fn find(&self, code: Option<&str>, aimag: Option<&str>, soum: Option<&str>) -> Place {
        if let Some((code, form)) = code.and_then(|c| SoumCode::normalise(c).ok())
            && aimag_of(code).is_some()
        {
            return if self.holds(code) { Place::Code(code, form) } else { Place::CodeAbsent(code, form) };
        }
        match (aimag, soum) {
            (Some(aimag), Some(soum)) => self.named(aimag, soum).map_or(Place::Unknown, Place::Name),
            _ => Place::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Rect, coord};

    fn soum(code: u16, name: &str, x: f64) -> Jurisdiction {
        let code = SoumCode::new(code).unwrap();
        Jurisdiction {
            level: Level::Soum,
            code: code.to_string(),
            au2: Some(code),
            name_mn: Some(name.to_owned()),
            name_en: None,
            geometry: MultiPolygon(vec![
                Rect::new(coord! { x: x, y: 47.0 }, coord! { x: x + 1.0, y: 48.0 }).to_polygon(),
            ]),
            area_ha: 1.0,
        }
    }

    #[test]
    fn a_point_on_a_border_belongs_to_the_lower_code() {
        let index = SoumIndex::new(&[soum(6425, "Богд", 101.0), soum(6404, "Баян-Овоо", 100.0)]);
        let code = |x| index.at(x, 47.5).map(SoumCode::number);
        assert_eq!((code(100.5), code(101.0), code(101.5), code(103.0)), (Some(6404), Some(6404), Some(6425), None));
        assert_eq!(index.at(f64::NAN, 47.5), None);
        let all = index.assign(&[(101.0, 47.5), (101.5, 47.5), (99.0, 47.5)]);
        assert_eq!(all, [SoumCode::new(6404), SoumCode::new(6425), None]);
    }

    #[test]
    fn names_join_only_within_their_aimag() {
        let index = SoumIndex::new(&[soum(6425, "Богд", 101.0), soum(6207, "Богд", 102.0)]);
        assert_eq!(index.named("Баянхонгор", "Богд сум").map(SoumCode::number), Some(6425));
        assert_eq!(index.named("Öwörchangai", "Богд").map(SoumCode::number), Some(6207));
        assert_eq!(index.named("Увс", "Богд"), None);
        assert_eq!(index.find(None, None, Some("Богд")), Place::Unknown);
    }

    #[test]
    fn codes_in_every_form_join() {
        let index = SoumIndex::new(&[soum(8337, "Цэнгэл", 88.0)]);
        for code in ["8337", "8340", "MN48337", "08337", "8337.0"] {
            assert_eq!(index.find(Some(code), None, None).soum().map(SoumCode::number), Some(8337), "{code}");
        }
        assert!(matches!(index.find(Some("6404"), None, None), Place::CodeAbsent(..)));
        assert_eq!(index.find(Some("9999"), None, None), Place::Unknown);
    }

    #[test]
    fn aimags_in_many_spellings() {
        for (name, number) in [
            ("Öwörchangai", 62),
            ("Xo'vsgol", 67),
            ("To'v", 41),
            ("O'mnogovi", 46),
            ("Хэнтий аймаг", 23),
            ("Нийслэл", 11),
        ] {
            assert_eq!(aimag_named(name), Some(number), "{name}");
        }
        assert_eq!(aimag_named("Central region"), None);
        assert_eq!(aimag_named("Төвийн бүс"), None);
    }
}
