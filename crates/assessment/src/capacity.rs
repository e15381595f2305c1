//! Forage, carrying capacity and stocking ratio of every soum, by the native method or as the land agency computes them.
//!
//! Factors that no layer of the workspace tells (land use, water, slope, vegetation) are left out, each with a finding
//! that says so; what is left out counts as 1. Nothing here enters an assessment.

mod cells;
mod ground;
mod layers;
mod lm2;
mod maps;
mod native;
mod tables;
mod variants;
mod yield_map;

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::records::{Instrument, SeasonPresence};
use belcheer_domain::{Finding, NaturalZone, Scheme, Severity, SoumCode, Species};
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::access::{LandUseRules, SlopeFactors, WaterFactors};
use belcheer_rangeland::calibration::CalibrationRules;
use belcheer_rangeland::sensitivity::Sensitivity;
use belcheer_rangeland::stocking::StockingClasses;
use geo::{Centroid, Distance, Haversine};
use geo_types::Point;
use rayon::prelude::*;
use serde::Serialize;

use crate::error::AssessmentError;
use crate::evidence::dominant_zones;
use crate::inputs::Inputs;
use crate::parameters::ParameterSets;
use crate::watch::Watch;
use crate::yields::soum_yields;

pub use layers::{LandLayers, LandPiece, classify_pieces};
pub use maps::write_maps;
pub use tables::write_tables;
pub use yield_map::ZoneCalibration;

/// How capacity is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CapacityMethod {
    /// Accessible pasture by season, with every factor that the workspace tells.
    Native,
    /// The land agency's LM2 arithmetic, with its whole soum area, unweighted means and 180 days.
    AlmgacLm2,
}

impl CapacityMethod {
    /// The method's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::AlmgacLm2 => "almgac_lm2",
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct CapacityRequest {
    /// The scheme whose parameter sets are used.
    pub scheme: Scheme,
    /// How capacity is computed.
    pub method: CapacityMethod,
    /// Year of the livestock; the last one held by most soums when absent.
    pub year: Option<i32>,
    /// Name of the set of water-distance factors.
    pub water: String,
    /// Name of the set of slope factors.
    pub slope: String,
    /// Name of the set of land-use rules.
    pub land_use: String,
    /// Name of the rules by which vegetation is calibrated to biomass.
    pub calibration: String,
}

/// Parameter sets of a run.
#[derive(Debug)]
pub(crate) struct Sets {
    pub common: ParameterSets,
    pub water: WaterFactors,
    pub slope: SlopeFactors,
    pub land_use: LandUseRules,
    pub calibration: CalibrationRules,
    pub agency_classes: StockingClasses,
}

/// Supply and demand of one soum in one season, or over the year.
#[derive(Debug, Clone, PartialEq)]
pub struct CapacityRow {
    /// The soum.
    pub au2: SoumCode,
    /// `summer_autumn`, `winter_spring`, or `use_period` of LM2.
    pub season: String,
    /// Livestock, sheep forage units.
    pub sfu: Option<f64>,
    /// Area that capacity stands on, ha.
    pub area_ha: f64,
    /// Of it remote, rugged or unwatered pasture, ha.
    pub potential_area_ha: Option<f64>,
    /// Peak yield, kg/ha.
    pub yield_kg_ha: Option<f64>,
    /// Whose yield it is.
    pub yield_source: Option<&'static str>,
    /// Share that may be grazed.
    pub utilisation: Option<f64>,
    /// Share left by distance to water; `None` = not applied.
    pub water_factor: Option<f64>,
    /// Share left by slope; `None` = not applied.
    pub slope_factor: Option<f64>,
    /// Share of the August yield still standing.
    pub carry_over: f64,
    /// Days of grazing.
    pub days: f64,
    /// Livestock that the forage feeds, SFU.
    pub capacity_sfu: Option<f64>,
    /// The same if water were near everywhere, SFU.
    pub capacity_if_watered_sfu: Option<f64>,
    /// Livestock over capacity.
    pub ratio: Option<f64>,
    /// Share of the standing forage that the year's demand takes.
    pub percent_use: Option<f64>,
    /// The agency's names of LM2: d1 and d2.
    pub d1_d2: Option<(f64, f64)>,
    /// Parameter sets by name.
    pub parameter_set: String,
    /// Why something is missing, and what was not known.
    pub reasons: Vec<&'static str>,
}

impl CapacityRow {
    /// Capacity less livestock, SFU.
    #[must_use]
    pub fn balance_sfu(&self) -> Option<f64> {
        Some(self.capacity_sfu? - self.sfu?)
    }
}

/// The year of one soum: the season that binds, and whether its class hangs on the parameter sets.
#[derive(Debug, Clone, PartialEq)]
pub struct SoumCapacity {
    /// The soum.
    pub au2: SoumCode,
    /// Natural zone of most of its plots and points.
    pub zone: Option<NaturalZone>,
    /// Season with the largest ratio.
    pub season: Option<String>,
    /// That ratio.
    pub ratio: Option<f64>,
    /// Livestock per hectare of the area.
    pub stocking_rate_sfu_ha: Option<f64>,
    /// Capacity per hectare of the area in that season.
    pub carrying_capacity_sfu_ha: Option<f64>,
    /// One of the meteorological agency's five classes.
    pub class_agency: Option<String>,
    /// Class of the scheme.
    pub class: Option<String>,
    /// The class under every combination of sets; of the native method.
    pub sensitivity: Option<Sensitivity>,
}

/// Capacity of every soum.
#[derive(Debug)]
pub struct CapacityResult {
    /// How it was computed.
    pub method: CapacityMethod,
    /// Year of the livestock.
    pub year: i32,
    /// One row a soum and season.
    pub rows: Vec<CapacityRow>,
    /// One row a soum.
    pub soums: Vec<SoumCapacity>,
    /// Calibration of vegetation to biomass by zone; empty without vegetation.
    pub calibration: Vec<ZoneCalibration>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    pub(crate) ground: ground::Ground,
    pub(crate) class_order: Vec<String>,
}

/// What a run would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CapacityPlan {
    /// Method.
    pub method: &'static str,
    /// Soums.
    pub soums: usize,
    /// Year of the livestock.
    pub livestock_year: i32,
    /// Soums with livestock of that year by species.
    pub soums_with_livestock: usize,
    /// Cells of the working grid; 0 without rasters.
    pub cells: usize,
    /// Layers that are held.
    pub layers: Vec<String>,
    /// Layers that are not, whose factors are left out.
    pub absent: Vec<String>,
    /// Memory, MiB.
    pub memory_mib: u64,
    /// Parameter sets.
    pub parameter_sets: Vec<String>,
}

/// Sheep forage units by species.
pub(crate) type Herd = BTreeMap<Species, f64>;

/// What every method needs of the inputs.
pub(crate) struct Basis<'a> {
    pub inputs: &'a Inputs,
    pub sets: &'a Sets,
    pub zones: BTreeMap<SoumCode, NaturalZone>,
    /// Soums whose zone is that of a neighbour.
    pub borrowed: BTreeSet<SoumCode>,
    pub heads: BTreeMap<SoumCode, BTreeMap<Species, f64>>,
    /// Otor and feed of the livestock's year.
    pub presence: Presence,
}

/// Otor and feed by soum and season.
pub(crate) type Presence = BTreeMap<(SoumCode, String), SeasonPresence>;

fn sets(request: &CapacityRequest) -> Result<Sets, AssessmentError> {
    fn named<T: ParameterSet>(name: &str) -> Result<T, AssessmentError> {
        T::by_name(name).map_err(|e| AssessmentError::ParameterSet(e.to_string()))
    }
    Ok(Sets {
        common: ParameterSets::of(&request.scheme)?,
        water: named(&request.water)?,
        slope: named(&request.slope)?,
        land_use: named(&request.land_use)?,
        calibration: named(&request.calibration)?,
        agency_classes: named("namem_news_2025")?,
    })
}

/// The year asked for, or the last of those that most soums have.
fn livestock_year(inputs: &Inputs, asked: Option<i32>) -> Result<i32, AssessmentError> {
    let mut soums: BTreeMap<i32, BTreeSet<SoumCode>> = BTreeMap::new();
    for count in inputs.livestock.iter().filter(|c| c.species.is_some() && is_census(c.instrument)) {
        soums.entry(count.year).or_default().insert(count.au2);
    }
    let most = soums.values().map(BTreeSet::len).max().unwrap_or(0);
    let usual = soums.iter().rev().find(|(_, s)| s.len() == most).map(|(year, _)| *year);
    match asked {
        Some(year) if soums.contains_key(&year) => Ok(year),
        Some(year) => {
            let held = soums.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            Err(AssessmentError::Refused(format!("no livestock by species is held for {year}; years held: {held}")))
        }
        None => usual.ok_or_else(|| {
            AssessmentError::Refused(
                "the workspace holds no livestock by species; run: belcheer ingest table FILE --kind livestock"
                    .to_owned(),
            )
        }),
    }
}

fn is_census(instrument: Instrument) -> bool {
    instrument == Instrument::DecemberCensus
}

/// Says what a run would do; reads no raster.
///
/// # Errors
/// When a parameter set is unknown, or no livestock is held.
pub fn capacity_plan(
    inputs: &Inputs,
    layers: &LandLayers,
    request: &CapacityRequest,
) -> Result<CapacityPlan, AssessmentError> {
    let sets = sets(request)?;
    let year = livestock_year(inputs, request.year)?;
    let cells = ground::working_meta(inputs).map_or(0, |(_, meta)| meta.width as usize * meta.height as usize);
    let (held, absent) = ground::held_and_absent(inputs, layers);
    let heads = heads(inputs, year);
    let mut parameter_sets = sets.common.names();
    parameter_sets.extend([sets.water.label(), sets.slope.label(), sets.land_use.label(), sets.calibration.label()]);
    Ok(CapacityPlan {
        method: request.method.as_str(),
        soums: inputs.soums.len(),
        livestock_year: year,
        soums_with_livestock: heads.len(),
        cells,
        layers: held,
        absent,
        memory_mib: 64 + (cells as u64 * ground::BYTES_PER_CELL).div_ceil(1 << 20),
        parameter_sets,
    })
}

fn heads(inputs: &Inputs, year: i32) -> BTreeMap<SoumCode, BTreeMap<Species, f64>> {
    let mut heads: BTreeMap<SoumCode, BTreeMap<Species, f64>> = BTreeMap::new();
    for count in inputs.livestock.iter().filter(|c| c.year == year && is_census(c.instrument)) {
        if let Some(species) = count.species {
            *heads.entry(count.au2).or_default().entry(species).or_default() += count.head;
        }
    }
    heads
}

/// Otor and feed of one year; where a soum and season stands twice, the record read last counts.
fn presence(layers: &LandLayers, year: i32) -> Presence {
    let of_year = layers.presence.iter().filter(|p| p.year == year);
    of_year.map(|p| ((p.au2, p.season.clone()), p.clone())).collect()
}

/// The natural zone of every soum; where no plot or photo point names one, that of the nearest soum with one.
fn zones_of_all(inputs: &Inputs) -> (BTreeMap<SoumCode, NaturalZone>, BTreeSet<SoumCode>) {
    let mut zones = dominant_zones(inputs);
    let centre = |soum: &SoumCode| inputs.soums.get(soum).and_then(|s| s.geometry.centroid());
    let named: Vec<(Point<f64>, NaturalZone)> =
        zones.iter().filter_map(|(soum, zone)| Some((centre(soum)?, *zone))).collect();
    let mut borrowed = BTreeSet::new();
    for soum in inputs.soums.keys() {
        let Some(at) = centre(soum).filter(|_| !zones.contains_key(soum)) else { continue };
        let distance = |p: &Point<f64>| Haversine.distance(at, *p);
        if let Some((_, zone)) = named.iter().min_by(|a, b| distance(&a.0).total_cmp(&distance(&b.0))) {
            zones.insert(*soum, *zone);
            borrowed.insert(*soum);
        }
    }
    (zones, borrowed)
}

/// Computes forage, capacity and stocking ratio of every soum.
///
/// # Errors
/// When a parameter set is unknown, no livestock is held, or a raster cannot be read.
pub fn capacity(
    inputs: &Inputs,
    layers: &LandLayers,
    request: &CapacityRequest,
    watch: &dyn Watch,
) -> Result<CapacityResult, AssessmentError> {
    let sets = sets(request)?;
    let year = livestock_year(inputs, request.year)?;
    let (zones, borrowed) = zones_of_all(inputs);
    let mut findings = Vec::new();
    if !borrowed.is_empty() {
        findings
            .push(Finding::new("zone_of_neighbour", Severity::Warning, "workspace").count(borrowed.len() as u64).text(
            "no plot or photo point names the natural zone of these soums; that of the nearest soum with one is taken",
            "эдгээр сумын байгалийн бүсийг нэрлэсэн цэг алга тул хамгийн ойрын сумынхыг авав",
        ));
    }
    note_absent(inputs, layers, request.method, &mut findings);
    let basis =
        Basis { inputs, sets: &sets, zones, borrowed, heads: heads(inputs, year), presence: presence(layers, year) };
    let yields = soum_yields(&inputs.plots, &basis.zones);
    let (ground, calibration) = match request.method {
        CapacityMethod::Native => ground::lay(&basis, layers, watch, &mut findings)?,
        CapacityMethod::AlmgacLm2 => (ground::Ground::default(), Vec::new()),
    };
    let codes: Vec<SoumCode> = inputs.soums.keys().copied().collect();
    watch.step("capacity", 0, codes.len() as u64);
    let computed: Vec<(Vec<CapacityRow>, Option<Sensitivity>)> = codes
        .par_iter()
        .map(|soum| match request.method {
            CapacityMethod::Native => native::soum(&basis, &ground, &yields, *soum),
            CapacityMethod::AlmgacLm2 => (vec![lm2::soum(&basis, *soum)], None),
        })
        .collect();
    watch.step("capacity", codes.len() as u64, codes.len() as u64);
    let soums = codes.iter().zip(&computed).map(|(soum, (rows, found))| year_of(&basis, *soum, rows, found)).collect();
    Ok(CapacityResult {
        method: request.method,
        year,
        rows: computed.into_iter().flat_map(|(rows, _)| rows).collect(),
        soums,
        calibration,
        findings,
        ground,
        class_order: sets.agency_classes.class.iter().map(|c| c.id.clone()).collect(),
    })
}

/// The season that binds: the largest ratio; nothing when a season has none.
fn year_of(basis: &Basis<'_>, soum: SoumCode, rows: &[CapacityRow], found: &Option<Sensitivity>) -> SoumCapacity {
    let ratios: Option<Vec<(f64, &CapacityRow)>> = rows.iter().map(|r| Some((r.ratio?, r))).collect();
    let binding = ratios.and_then(|all| all.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)));
    let per_ha = |value: Option<f64>, area: f64| value.filter(|_| area > 0.0).map(|v| v / area);
    let class = |classes: &StockingClasses| {
        binding.and_then(|(ratio, _)| classes.classify(ratio)).map(|class| class.id.clone())
    };
    SoumCapacity {
        au2: soum,
        zone: basis.zones.get(&soum).copied(),
        season: binding.map(|(_, row)| row.season.clone()),
        ratio: binding.map(|(ratio, _)| ratio),
        stocking_rate_sfu_ha: binding.and_then(|(_, row)| per_ha(row.sfu, row.area_ha)),
        carrying_capacity_sfu_ha: binding.and_then(|(_, row)| per_ha(row.capacity_sfu, row.area_ha)),
        class_agency: class(&basis.sets.agency_classes),
        class: class(&basis.sets.common.stocking),
        sensitivity: found.clone(),
    }
}

/// Tells each factor that is left out, and why.
fn note_absent(inputs: &Inputs, layers: &LandLayers, method: CapacityMethod, findings: &mut Vec<Finding>) {
    if method == CapacityMethod::AlmgacLm2 {
        findings.push(Finding::new("lm2_whole_area", Severity::Info, "workspace").count(inputs.soums.len() as u64).text(
            "almgac_lm2 counts the whole area of a soum as pasture, averages points without weights and takes 180 days, as the land agency does",
            "almgac_lm2 арга нь газрын албаны адил сумын нийт нутгийг бэлчээр гэж үзэж, цэгүүдийг жингүй дундажлан 180 хоногоор тооцно",
        ));
        return;
    }
    for layer in ground::held_and_absent(inputs, layers).1 {
        findings.push(Finding::new("factor_absent", Severity::Info, "workspace").at(layer.as_str()).text(
            format!("the workspace holds no {layer}, so its factor is left out and counts as 1"),
            format!("{layer} давхарга ажлын санд байхгүй тул түүний итгэлцүүрийг 1 гэж тооцов"),
        ));
    }
}
