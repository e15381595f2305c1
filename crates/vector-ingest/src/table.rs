//! Tables of the agencies: which kinds there are, and the way from a file to draft records.

pub(crate) mod biomass;
pub(crate) mod cells;
pub(crate) mod condition;
pub(crate) mod delimited;
pub(crate) mod headings;
pub(crate) mod livestock;
pub(crate) mod livestock_checks;
pub(crate) mod lm2;
pub(crate) mod look;
pub(crate) mod losses;
pub(crate) mod photo;
pub(crate) mod presence;
pub(crate) mod reference;
pub(crate) mod rules;
pub(crate) mod season;
pub(crate) mod sheet;
pub(crate) mod weather;
pub(crate) mod workbook;

use std::{collections::BTreeMap, path::PathBuf, str::FromStr};

use belcheer_domain::{
    Finding,
    records::{
        AimagSpeciesCount, BiomassPlot, ClassArea, Instrument, LinePointHit, LivestockCount, LivestockLoss,
        MeasuredPoint, MonthWeather, PhotoPoint, PlantGap, ReferenceSample, SeasonPresence, SeasonWeather, Site,
    },
};
use belcheer_door::Refusal;
use serde::{Deserialize, Serialize};

use crate::{
    messages::{Log, refuse},
    source::input_name,
};
pub use look::TableLook;
pub use season::{SeasonOfUse, seasons_of};

/// What a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableKind {
    /// Peak biomass of monitoring plots by year.
    BiomassPlots,
    /// Photo-monitoring points with recovery class.
    PhotoPoints,
    /// Livestock of soums or aimags.
    Livestock,
    /// Weather of soums or stations, by growing season or month.
    Weather,
    /// Livestock lost from January to May.
    Losses,
    /// Otor and supplementary feed of soums by season.
    Presence,
    /// The land agency's LM2 export: a folder of JSON files, read as photo points.
    Lm2,
    /// What pins touched on lines of plots.
    LinePoints,
    /// Gaps between plants on lines of plots.
    Gaps,
    /// Natural zone, land form and soil score of plots.
    Sites,
    /// Sampled places with the class of a map and that of a reference.
    ReferenceSamples,
    /// Areas that a map gives its classes.
    ClassAreas,
    /// Places with a measured value.
    MeasuredPoints,
}

impl TableKind {
    /// The word used on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BiomassPlots => "biomass-plots",
            Self::PhotoPoints => "photo-points",
            Self::Livestock => "livestock",
            Self::Weather => "weather",
            Self::Losses => "losses",
            Self::Presence => "presence",
            Self::Lm2 => "lm2",
            Self::LinePoints => "line-points",
            Self::Gaps => "gaps",
            Self::Sites => "sites",
            Self::ReferenceSamples => "reference-samples",
            Self::ClassAreas => "class-areas",
            Self::MeasuredPoints => "measured-points",
        }
    }
}

impl FromStr for TableKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        use TableKind as K;
        let surveys = [K::LinePoints, K::Gaps, K::Sites, K::ReferenceSamples, K::ClassAreas, K::MeasuredPoints];
        [K::BiomassPlots, K::PhotoPoints, K::Livestock, K::Weather, K::Losses, K::Presence, K::Lm2]
            .into_iter()
            .chain(surveys)
            .find(|k| k.as_str() == text)
            .ok_or_else(|| format!("\"{text}\" is no kind of table read here"))
    }
}

/// What to read as a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableJob {
    /// CSV (comma, semicolon or tab; UTF-8 or Windows-1251) or XLSX.
    pub path: PathBuf,
    /// What it is about.
    pub kind: TableKind,
    /// Sheet of a workbook; the first when absent.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Field to heading or to column number (from 1), over the known headings. The fields `unit` (`kg_ha`, `c_ha`,
    /// `g_m2`, `head`, `thousand_head`) and `instrument` (`december_census`, `june_survey`, ...) state a value instead.
    #[serde(default)]
    pub map: BTreeMap<String, String>,
}

impl TableJob {
    /// A job with everything to be found out.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, kind: TableKind) -> Self {
        Self { path: path.into(), kind, sheet: None, map: BTreeMap::new() }
    }

    /// States a field's column.
    #[must_use]
    pub fn map(mut self, field: &str, column: &str) -> Self {
        self.map.insert(field.to_owned(), column.to_owned());
        self
    }
}

/// The records of a table, joined to soums.
#[derive(Debug, Clone, PartialEq)]
pub enum TableRecords {
    /// In the order of the file.
    BiomassPlots(Vec<BiomassPlot>),
    /// In the order of the file.
    PhotoPoints(Vec<PhotoPoint>),
    /// By soum, in the order of the file.
    Livestock(Vec<LivestockCount>),
    /// By aimag, in the order of the file: shares for [`rake`](crate::rake).
    AimagSpecies(Vec<AimagSpeciesCount>),
    /// By soum and year.
    Weather(Vec<SeasonWeather>),
    /// By soum, year and month.
    MonthlyWeather(Vec<MonthWeather>),
    /// In the order of the file.
    Losses(Vec<LivestockLoss>),
    /// In the order of the file.
    Presence(Vec<SeasonPresence>),
    /// In the order of the file.
    LinePoints(Vec<LinePointHit>),
    /// In the order of the file.
    Gaps(Vec<PlantGap>),
    /// In the order of the file.
    Sites(Vec<Site>),
    /// In the order of the file.
    ReferenceSamples(Vec<ReferenceSample>),
    /// In the order of the file.
    ClassAreas(Vec<ClassArea>),
    /// In the order of the file.
    MeasuredPoints(Vec<MeasuredPoint>),
}

impl TableRecords {
    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::BiomassPlots(r) => r.len(),
            Self::PhotoPoints(r) => r.len(),
            Self::Livestock(r) => r.len(),
            Self::AimagSpecies(r) => r.len(),
            Self::Weather(r) => r.len(),
            Self::MonthlyWeather(r) => r.len(),
            Self::Losses(r) => r.len(),
            Self::Presence(r) => r.len(),
            Self::LinePoints(r) => r.len(),
            Self::Gaps(r) => r.len(),
            Self::Sites(r) => r.len(),
            Self::ReferenceSamples(r) => r.len(),
            Self::ClassAreas(r) => r.len(),
            Self::MeasuredPoints(r) => r.len(),
        }
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a row says about its soum, before the join.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct PlaceKey {
    pub(crate) code: Option<String>,
    pub(crate) aimag: Option<String>,
    pub(crate) soum: Option<String>,
    /// Longitude and latitude of a station.
    pub(crate) at: Option<(f64, f64)>,
}

/// A record whose soum is still to be found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Keyed<T> {
    pub(crate) row: u64,
    pub(crate) key: PlaceKey,
    pub(crate) value: T,
}

/// Livestock of one soum and year before the join.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Heads {
    pub(crate) pug: Option<String>,
    pub(crate) year: i32,
    pub(crate) instrument: Instrument,
    pub(crate) species: Option<belcheer_domain::Species>,
    pub(crate) head: f64,
    pub(crate) estimated: bool,
}

/// Weather of one place and season or month before the join.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rain {
    pub(crate) year: i32,
    pub(crate) month: Option<u8>,
    pub(crate) precipitation_mm: f64,
    pub(crate) temperature_c: Option<f64>,
    pub(crate) evapotranspiration_mm: Option<f64>,
}

/// Livestock lost by one soum in one year before the join.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lost {
    pub(crate) year: i32,
    pub(crate) head: f64,
}

/// Otor and feed of one soum and season before the join.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Presence {
    pub(crate) year: i32,
    pub(crate) season: String,
    pub(crate) out_sfu_days: Option<f64>,
    pub(crate) in_sfu_days: Option<f64>,
    pub(crate) feed_kg: Option<f64>,
}

/// What the child hands back of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Drafts {
    BiomassPlots(Vec<Keyed<BiomassPlot>>),
    PhotoPoints(Vec<Keyed<PhotoPoint>>),
    Heads(Vec<Keyed<Heads>>),
    AimagSpecies(Vec<AimagSpeciesCount>),
    Weather(Vec<Keyed<Rain>>),
    Losses(Vec<Keyed<Lost>>),
    Presence(Vec<Keyed<Presence>>),
    LinePoints(Vec<LinePointHit>),
    Gaps(Vec<PlantGap>),
    Sites(Vec<Site>),
    ReferenceSamples(Vec<ReferenceSample>),
    ClassAreas(Vec<ClassArea>),
    MeasuredPoints(Vec<MeasuredPoint>),
}

impl Drafts {
    fn is_empty(&self) -> bool {
        match self {
            Self::BiomassPlots(r) => r.is_empty(),
            Self::PhotoPoints(r) => r.is_empty(),
            Self::Heads(r) => r.is_empty(),
            Self::AimagSpecies(r) => r.is_empty(),
            Self::Weather(r) => r.is_empty(),
            Self::Losses(r) => r.is_empty(),
            Self::Presence(r) => r.is_empty(),
            Self::LinePoints(r) => r.is_empty(),
            Self::Gaps(r) => r.is_empty(),
            Self::Sites(r) => r.is_empty(),
            Self::ReferenceSamples(r) => r.is_empty(),
            Self::ClassAreas(r) => r.is_empty(),
            Self::MeasuredPoints(r) => r.is_empty(),
        }
    }
}

/// Draft records with what was noticed while reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DraftTable {
    pub(crate) drafts: Drafts,
    pub(crate) findings: Vec<Finding>,
}

/// Reads a table in this process; the gate is elsewhere.
pub(crate) fn read(job: &TableJob) -> Result<DraftTable, Refusal> {
    let input = input_name(&job.path);
    let mut log = Log::new(&input);
    if job.kind == TableKind::Lm2 {
        let drafts = lm2::read(job, &mut log)?;
        if drafts.is_empty() {
            return Err(refuse("no_usable_rows", input, ""));
        }
        return Ok(DraftTable { drafts, findings: log.finish() });
    }
    let mut sheet = sheet::read(&job.path, job.sheet.as_deref(), &mut log)?;
    let columns = headings::find(&sheet, job, &input)?;
    sheet::prepare(&mut sheet, &columns, &mut log);
    let table = cells::Cells::new(&sheet, &columns, &input)?;
    let drafts = match job.kind {
        TableKind::BiomassPlots => biomass::read(&table, job, &mut log)?,
        TableKind::PhotoPoints => photo::read(&table, &mut log)?,
        TableKind::Livestock => livestock::read(&table, job, &mut log)?,
        TableKind::Weather => weather::read(&table, &mut log)?,
        TableKind::Losses => losses::read(&table, &mut log)?,
        TableKind::Presence => presence::read(&table, &mut log)?,
        TableKind::Lm2 => lm2::read(job, &mut log)?,
        TableKind::LinePoints => condition::line_points(&table, &mut log)?,
        TableKind::Gaps => condition::gaps(&table, &mut log)?,
        TableKind::Sites => condition::sites(&table, &mut log)?,
        TableKind::ReferenceSamples => reference::samples(&table, &mut log)?,
        TableKind::ClassAreas => reference::areas(&table, &mut log)?,
        TableKind::MeasuredPoints => reference::points(&table, &mut log)?,
    };
    if drafts.is_empty() {
        return Err(refuse("no_usable_rows", input, ""));
    }
    Ok(DraftTable { drafts, findings: log.finish() })
}
