//! Other levels than the soum: bags and user groups within it, aimags and natural zones above it.
//!
//! A part of a soum never changes what is said of the soum, and has no status, score or claim of its own: its rows are
//! there for those who manage the land. Land that no part covers is told as a part, too, so that what is said of a soum
//! does not depend on who joins a group.

mod groups;
mod part_evidence;
mod parts;
mod small_areas;
mod table;

use std::collections::BTreeMap;

use belcheer_catalog::{Catalog, DatasetKind};
use belcheer_domain::records::{Jurisdiction, Level};
use belcheer_domain::{Finding, Indicator, NaturalZone, Severity, SoumCode};
use belcheer_verification::estimators::small_areas::Release;
use belcheer_verification::{TestSettings, WeatherPanel, benjamini_hochberg, decide};
use geo::{Contains, InteriorPoint};
use serde::{Deserialize, Serialize};

use crate::Request;
use crate::area_sums::AreaSums;
use crate::decide::{evidence, row};
use crate::error::AssessmentError;
use crate::evidence::{BySoum, Measured};
use crate::inputs::Inputs;
use crate::land_cover::Conversion;
use crate::parameters::ParameterSets;
use crate::regions::absent;
use crate::result::{IndicatorRow, StockingRow};
use crate::watch::Watch;
pub use table::zone_table;

/// Level and code of a zone.
pub type ZoneKey = (Level, String);

/// One indicator of one zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ZoneRow {
    /// Mongolian name.
    pub name_mn: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// Soums in it; 1 for a part of a soum.
    pub soums: u32,
    /// Assessed area, ha: rangeland, or the whole zone where no land cover is held.
    pub area_ha: Option<f64>,
    /// A part's share of its soum's assessed area.
    pub area_share: Option<f64>,
    /// How much better than the soum, times the share of the area: `a (effect - effect of the soum)`, in the unit.
    pub contribution: Option<f64>,
    /// How a small area's estimate was formed.
    pub small_area: Option<SmallArea>,
    /// What is said.
    pub row: IndicatorRow<Option<SoumCode>>,
}

/// What a small area's own points say, and how much they count (Fay and Herriot 1979).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SmallArea {
    /// Value over the reporting period by its own points alone.
    pub direct_value: Option<f64>,
    /// Change by its own re-visited points alone.
    pub direct_effect: Option<f64>,
    /// Weight of its own points in the value.
    pub weight: f64,
    /// Coefficient of variation of the value.
    pub cv: Option<f64>,
    /// Whether it may be told.
    pub release: Release,
}

/// The vegetation behind I1.
#[derive(Debug, Default)]
pub(crate) struct VegetationSums {
    /// By soum and year.
    pub(crate) soums: BTreeMap<SoumCode, BTreeMap<i32, AreaSums>>,
    /// By part and year.
    pub(crate) parts: BTreeMap<ZoneKey, BTreeMap<i32, AreaSums>>,
    /// The weather panel.
    pub(crate) panel: Option<WeatherPanel>,
}

/// What other levels are rolled from.
pub(crate) struct Roll<'a> {
    pub(crate) inputs: &'a Inputs,
    pub(crate) request: &'a Request,
    pub(crate) sets: &'a ParameterSets,
    pub(crate) settings: &'a TestSettings,
    /// Assessed area of each soum, ha.
    pub(crate) area_ha: &'a BTreeMap<SoumCode, f64>,
    pub(crate) zones: &'a BTreeMap<SoumCode, NaturalZone>,
    pub(crate) vegetation: &'a VegetationSums,
    /// Rangeland and what of it was converted, by soum and year, ha.
    pub(crate) converted_ha: Option<&'a BTreeMap<SoumCode, Conversion>>,
    pub(crate) stocking: &'a [StockingRow],
    /// Every indicator with its method, by soum.
    pub(crate) measured: &'a [(Indicator, &'static str, BySoum)],
    pub(crate) watch: &'a dyn Watch,
}

/// One zone measured on one indicator, before anything is decided.
struct Told {
    au2: Option<SoumCode>,
    id: String,
    names: (Option<String>, Option<String>),
    soums: u32,
    area_ha: Option<f64>,
    area_share: Option<f64>,
    soum_effect: Option<f64>,
    small_area: Option<SmallArea>,
    measured: Measured,
}

/// Every level asked for beside the soum, by level, soum, code and indicator.
pub(crate) fn roll(from: &Roll<'_>, findings: &mut Vec<Finding>) -> Result<Vec<ZoneRow>, AssessmentError> {
    let mut rows = Vec::new();
    for level in &from.request.levels {
        let told = match level {
            Level::Soum => Vec::new(),
            Level::Bag | Level::Pug => part_evidence::measure(from, *level, findings)?,
            Level::Aimag | Level::Zone => groups::measure(from, *level),
        };
        for (indicator, method, zones) in told {
            rows.extend(decided(from, *level, (indicator, method), zones)?);
        }
    }
    let key = |r: &ZoneRow| (r.row.zone_level.clone(), r.row.au2, r.row.zone_id.clone(), r.row.indicator);
    rows.sort_by_key(key);
    Ok(rows)
}

/// Decides one indicator over all zones of a level at once: p is adjusted over them (Benjamini and Hochberg 1995).
fn decided(
    from: &Roll<'_>,
    level: Level,
    (indicator, method): (Indicator, &str),
    zones: Vec<Told>,
) -> Result<Vec<ZoneRow>, AssessmentError> {
    let scheme = &from.request.scheme;
    let rule = scheme.rule(indicator)?;
    let p: Vec<Option<f64>> = zones.iter().map(|z| z.measured.estimate.and_then(|e| e.p)).collect();
    let judged = zones.into_iter().zip(benjamini_hochberg(&p)).map(|(zone, p_bh)| {
        let found = &zone.measured;
        let verdict = decide(&evidence(found, p_bh), rule, &scheme.decision, &from.sets.verification);
        let effect = found.estimate.map(|e| e.effect);
        let better = effect.zip(zone.soum_effect).map(|(own, soum)| own - soum);
        ZoneRow {
            contribution: better.zip(zone.area_share).map(|(better, share)| share * better),
            row: row((zone.au2, level.as_str(), zone.id), (indicator, method), found, &verdict, p_bh, rule),
            name_mn: zone.names.0,
            name_en: zone.names.1,
            soums: zone.soums,
            area_ha: zone.area_ha,
            area_share: zone.area_share,
            small_area: zone.small_area,
        }
    });
    Ok(judged.collect())
}

impl Inputs {
    /// Reads the boundaries of the parts of soums that a list of levels asks for.
    ///
    /// A level of which no boundaries are held is told as a finding; so is a part that lies in no soum.
    ///
    /// # Errors
    /// When a stored blob is missing or damaged.
    pub async fn load_levels(&mut self, catalog: &Catalog, levels: &[Level]) -> Result<(), AssessmentError> {
        for level in levels.iter().filter(|level| matches!(level, Level::Bag | Level::Pug)) {
            let Some(held) = catalog.latest(DatasetKind::Boundaries, Some(*level)).await? else {
                self.findings.push(absent(*level));
                continue;
            };
            let zones: Vec<Jurisdiction> = catalog.get_json(held.blob).await?;
            for zone in zones {
                let au2 = zone.au2.filter(|au2| self.soums.contains_key(au2)).or_else(|| self.soum_around(&zone));
                if au2.is_some() {
                    self.parts.insert((*level, zone.code.clone()), Jurisdiction { au2, ..zone });
                } else {
                    self.findings.push(
                        Finding::new("zone_without_soum", Severity::Warning, &held.source_name).at(zone.code).text(
                            "it names no soum that is held and lies in none, so it is left out; give the soum code in a column au2",
                            "сумын код нь байхгүй, аль ч сумд багтахгүй тул орхив; au2 баганад сумын кодыг бичнэ үү",
                        ),
                    );
                }
            }
            self.used(&held);
        }
        self.refs.sort();
        self.refs.dedup();
        Ok(())
    }

    /// The soum in which a zone's inner point lies.
    fn soum_around(&self, zone: &Jurisdiction) -> Option<SoumCode> {
        let point = zone.geometry.interior_point()?;
        self.soums.iter().find(|(_, soum)| soum.geometry.contains(&point)).map(|(code, _)| *code)
    }
}
