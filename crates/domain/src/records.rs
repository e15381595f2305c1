//! Harmonised records: what is left of a file once it is read, checked and joined.

use std::{fmt, str::FromStr};

use geo_types::MultiPolygon;
use serde::{Deserialize, Serialize};

use crate::{SoumCode, indicator::words};

words!(
    /// The five kinds of livestock of the census.
    Species { /// Тэмээ.
        Camel = "camel", /// Адуу.
        Horse = "horse", /// Үхэр, yak included.
        Cattle = "cattle", /// Хонь.
        Sheep = "sheep", /// Ямаа.
        Goat = "goat" }
);
words!(
    /// The natural zones by which yields and utilisation differ.
    NaturalZone { /// Өндөр уул.
        HighMountain = "high_mountain", /// Уулын тайга.
        MountainTaiga = "mountain_taiga", /// Ойт хээр.
        ForestSteppe = "forest_steppe", /// Хээр.
        Steppe = "steppe", /// Цөлөрхөг хээр.
        DesertSteppe = "desert_steppe", /// Цөл.
        Desert = "desert" }
);
words!(
    /// The level of a jurisdiction or user group.
    Level { /// Аймаг.
        Aimag = "aimag", /// Сум or district.
        Soum = "soum", /// Баг.
        Bag = "bag", /// Бэлчээр ашиглагчдын хэсэг.
        Pug = "pug", /// Байгалийн бүс: an ecological zone.
        Zone = "zone" }
);
words!(
    /// How animals were counted.
    Instrument { /// The official count of December.
        DecemberCensus = "december_census", /// The half-year count of June.
        JuneSurvey = "june_survey", /// Reported by herders.
        SelfReport = "self_report", /// Taken from a contract.
        Contract = "contract" }
);

impl NaturalZone {
    /// The zone named by a Mongolian or English text as the agencies write it; `None` when unknown.
    ///
    /// ```
    /// use belcheer_domain::NaturalZone;
    /// assert_eq!(NaturalZone::recognise("Цөлөрхөг хээрийн бүс"), Some(NaturalZone::DesertSteppe));
    /// assert_eq!(NaturalZone::recognise("Хээрийн бүс"), Some(NaturalZone::Steppe));
    /// ```
    #[must_use]
    pub fn recognise(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let has = |part: &str| text.contains(part);
        let named = |z: &Self| z.as_str() == text.replace([' ', '-'], "_");
        if let Some(zone) = Self::ALL.iter().copied().find(named) {
            return Some(zone);
        }
        if has("өндөр уул") || has("high mountain") {
            Some(Self::HighMountain)
        } else if has("тайг") || has("taiga") {
            Some(Self::MountainTaiga)
        } else if has("ойт хээр") || has("forest steppe") || has("forest-steppe") {
            Some(Self::ForestSteppe)
        } else if has("цөлөрхөг") || has("цөлжүү") || has("цөлийн хээр") || has("desert steppe")
        {
            Some(Self::DesertSteppe)
        } else if has("цөл") || has("говь") || has("desert") {
            Some(Self::Desert)
        } else if has("хээр") || has("steppe") {
            Some(Self::Steppe)
        } else {
            None
        }
    }
}

/// Recovery class I (reference) to V (fully degraded), сэргэх чадавхийн түвшин.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct RecoveryClass(u8);

impl RecoveryClass {
    /// The class of a number 1 to 5.
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (1..=5).contains(&number).then_some(Self(number))
    }

    /// 1 to 5.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for RecoveryClass {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        Self::new(number).ok_or_else(|| format!("recovery class {number} is not 1 to 5"))
    }
}

impl From<RecoveryClass> for u8 {
    fn from(class: RecoveryClass) -> Self {
        class.0
    }
}

/// Reads Roman (Latin or Cyrillic letters, any case) or Arabic numerals.
impl FromStr for RecoveryClass {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let upper: String = text.trim().to_uppercase().chars().map(|c| if c == 'І' { 'I' } else { c }).collect();
        let number = match upper.as_str() {
            "I" | "1" => 1,
            "II" | "2" => 2,
            "III" | "3" => 3,
            "IV" | "4" => 4,
            "V" | "5" => 5,
            _ => {
                return Err(format!(
                    "\"{}\" is not a recovery class I to V",
                    text.chars().take(20).collect::<String>()
                ));
            }
        };
        Ok(Self(number))
    }
}

impl fmt::Display for RecoveryClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(["I", "II", "III", "IV", "V"].get(usize::from(self.0) - 1).unwrap_or(&"?"))
    }
}

/// A soum, aimag, bag or user group with its area on the ellipsoid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Jurisdiction {
    /// Its level.
    pub level: Level,
    /// Its own code: `au2` for a soum, `au1` for an aimag, the source's text otherwise.
    pub code: String,
    /// The soum it is or lies in; `None` for an aimag.
    pub au2: Option<SoumCode>,
    /// Mongolian name, where the source has one.
    pub name_mn: Option<String>,
    /// English name, where the source has one.
    pub name_en: Option<String>,
    /// Longitude and latitude on WGS 84, rings closed, shells counter-clockwise, valid.
    pub geometry: MultiPolygon<f64>,
    /// Geodesic area (Karney) in hectares, computed, never taken from the source.
    pub area_ha: f64,
}

/// Peak biomass of one plot in one year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BiomassPlot {
    /// The plot's identifier in the source.
    pub plot: String,
    /// The soum it is counted in.
    pub au2: Option<SoumCode>,
    /// Longitude, WGS 84 degrees.
    pub lon: f64,
    /// Latitude, WGS 84 degrees.
    pub lat: f64,
    /// Calendar year.
    pub year: i32,
    /// Standing biomass at its yearly peak, kg dry matter per hectare; `None` = not measured.
    pub biomass_kg_ha: Option<f64>,
    /// Natural zone, where the source names one.
    pub zone: Option<NaturalZone>,
    /// Codes of the findings that concern this record, such as `biomass_outlier`.
    pub flags: Vec<String>,
}

/// A photo-monitoring point in one year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoPoint {
    /// The point's identifier, digits only.
    pub point: String,
    /// The soum it is counted in.
    pub au2: Option<SoumCode>,
    /// Pasture user group, where named.
    pub pug: Option<String>,
    /// Season of use as written, trimmed.
    pub season: Option<String>,
    /// Natural zone, where named.
    pub zone: Option<NaturalZone>,
    /// Longitude, WGS 84 degrees.
    pub lon: f64,
    /// Latitude, WGS 84 degrees.
    pub lat: f64,
    /// Calendar year.
    pub year: i32,
    /// Biomass, kg dry matter per hectare, where measured.
    pub biomass_kg_ha: Option<f64>,
    /// Recovery class; `None` = not assessed, never taken for good.
    pub recovery_class: Option<RecoveryClass>,
    /// Codes of the findings that concern this record.
    pub flags: Vec<String>,
}

/// Livestock of one soum in one year, by species or in total.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LivestockCount {
    /// The user group counted, where it is not the whole soum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pug: Option<String>,
    /// The soum.
    pub au2: SoumCode,
    /// Calendar year of the count.
    pub year: i32,
    /// How they were counted.
    pub instrument: Instrument,
    /// The species; `None` = all species together.
    pub species: Option<Species>,
    /// Head; fractional only when estimated.
    pub head: f64,
    /// Whether the number was raked from totals and shares rather than counted.
    pub estimated: bool,
}

/// Livestock of one aimag in one year and species, thousand head: shares for raking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AimagSpeciesCount {
    /// Aimag number, two digits.
    pub aimag: u8,
    /// Calendar year.
    pub year: i32,
    /// The species.
    pub species: Species,
    /// Thousand head.
    pub thousand_head: f64,
}

/// Weather of one soum over one growing season.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeasonWeather {
    /// The soum.
    pub au2: SoumCode,
    /// Calendar year.
    pub year: i32,
    /// Precipitation from May to August, mm.
    pub precipitation_mm: f64,
    /// Mean temperature from May to August, degrees Celsius, where known.
    pub temperature_c: Option<f64>,
}

/// Weather of one soum in one month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthWeather {
    /// The soum.
    pub au2: SoumCode,
    /// Calendar year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// Precipitation, mm.
    pub precipitation_mm: f64,
    /// Mean temperature, degrees Celsius, where known.
    pub temperature_c: Option<f64>,
    /// Potential evapotranspiration, mm, where known.
    pub evapotranspiration_mm: Option<f64>,
}

/// Grown livestock that one soum lost from January to May (зүй бус хорогдол).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LivestockLoss {
    /// The soum.
    pub au2: SoumCode,
    /// Calendar year.
    pub year: i32,
    /// Head of all species.
    pub head: f64,
}

/// What one pin of a line-point intercept touched in one layer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LinePointHit {
    /// The plot and its visit.
    pub plot: String,
    /// The line.
    pub line: String,
    /// The point on the line.
    pub point: String,
    /// `TopCanopy`, `Lower1`, `Lower2`, ... or `SoilSurface`.
    pub layer: String,
    /// Species, growth form or surface, by the survey's codes.
    pub code: String,
}

/// One gap between plants on a line, or a line without any.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlantGap {
    /// The plot and its visit.
    pub plot: String,
    /// The line.
    pub line: String,
    /// Length of the line, m.
    pub line_m: f64,
    /// Length of the gap, cm; `None` where the line has none.
    pub gap_cm: Option<f64>,
}

/// A sampled place: the class of the map and the class that a better source gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReferenceSample {
    /// Class of the map.
    pub mapped: String,
    /// Class of the reference.
    pub reference: String,
}

/// The area that a map gives a class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassArea {
    /// The class.
    pub class: String,
    /// Its area, ha.
    pub area_ha: f64,
}

/// A place with a measured value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredPoint {
    /// Longitude, degrees on WGS 84.
    pub lon: f64,
    /// Latitude, degrees on WGS 84.
    pub lat: f64,
    /// What was measured, in the map's unit.
    pub value: f64,
    /// What it shares errors with, such as its soum.
    pub group: Option<String>,
}

/// Where a plot lies, as far as rules of condition ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Site {
    /// The plot and its visit.
    pub plot: String,
    /// Natural zone as written.
    pub zone: String,
    /// Land form as written.
    pub landform: String,
    /// Soil score, where there is one.
    pub soil_score: Option<f64>,
}

/// Where the livestock of one soum grazed in a season, and what it was fed besides pasture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeasonPresence {
    /// The soum.
    pub au2: SoumCode,
    /// Calendar year in which the season begins.
    pub year: i32,
    /// `summer_autumn` or `winter_spring`.
    pub season: String,
    /// Days that registered livestock grazed elsewhere (otor), in sheep forage units times days, where known.
    pub out_sfu_days: Option<f64>,
    /// The same of livestock of elsewhere that grazed here.
    pub in_sfu_days: Option<f64>,
    /// Hay and fodder fed, kg of dry matter, where known.
    pub feed_kg: Option<f64>,
}
