//! The country's hidden fields: weather, vegetation, land cover, as functions of place and year.

use belcheer_domain::NaturalZone;

use super::CHANGE_YEAR;
use super::country::{Country, SampleSoum, Truth};
use super::noise::Noise;

/// Land-cover classes of the sample: the seven of UNCCD.
pub const GRASS: u8 = 2;
/// Cropland.
pub const CROP: u8 = 3;
/// Bare or sparse.
pub const BARE: u8 = 6;
/// Water.
pub const WATER: u8 = 7;

/// Response of ln vegetation index to ln precipitation.
const RAIN_RESPONSE: f64 = 0.35;
/// Response of ln vegetation index to a degree of summer warmth.
const WARMTH_RESPONSE: f64 = -0.02;

/// The fields of a country.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    rain: Noise,
    warmth: Noise,
    relief: Noise,
    year_effect: Noise,
    pixel: Noise,
    ploughed: Noise,
}

impl Fields {
    /// The fields that belong to a country's seed.
    #[must_use]
    pub fn new(country: &Country) -> Self {
        let seed = country.options.seed;
        Self {
            rain: Noise::new(seed, "rain"),
            warmth: Noise::new(seed, "warmth"),
            relief: Noise::new(seed, "relief"),
            year_effect: Noise::new(seed, "year"),
            pixel: Noise::new(seed, "pixel"),
            ploughed: Noise::new(seed, "ploughed"),
        }
    }

    /// May to August precipitation of a soum, mm.
    #[must_use]
    pub fn precipitation_mm(&self, soum: &SampleSoum, year: i32) -> f64 {
        let (normal, _) = climate(soum.zone);
        let key = year as u64;
        let anomaly = 0.22 * self.rain.normal(&[key, soum.zone as u64])
            + 0.15 * self.rain.normal(&[key, u64::from(soum.code.number())]);
        let bonus = if soum.truth == Truth::RainOnly && year >= CHANGE_YEAR { 0.35 } else { 0.0 };
        normal * (anomaly + bonus).exp()
    }

    /// May to August mean temperature of a soum, degrees Celsius.
    #[must_use]
    pub fn temperature_c(&self, soum: &SampleSoum, year: i32) -> f64 {
        let (_, normal) = climate(soum.zone);
        let key = year as u64;
        normal + 0.8 * self.warmth.normal(&[key]) + 0.5 * self.warmth.normal(&[key, u64::from(soum.code.number())])
    }

    /// What a soum and year add to ln vegetation index everywhere in the soum.
    #[must_use]
    pub fn soum_year_ln(&self, soum: &SampleSoum, year: i32) -> f64 {
        let (rain, warmth) = climate(soum.zone);
        let weather = RAIN_RESPONSE * (self.precipitation_mm(soum, year) / rain).ln()
            + WARMTH_RESPONSE * (self.temperature_c(soum, year) - warmth);
        let change = if year >= CHANGE_YEAR { soum.vegetation_change_ln } else { 0.0 };
        let unexplained = 0.04 * self.year_effect.normal(&[year as u64, soum.zone as u64])
            + 0.02 * self.year_effect.normal(&[year as u64, u64::from(soum.code.number())]);
        weather + change + unexplained
    }

    /// Peak vegetation index of a pixel, or `None` where it is missing that year.
    #[must_use]
    pub fn vegetation(&self, soum: &SampleSoum, soum_year_ln: f64, year: i32, lon: f64, lat: f64) -> Option<f64> {
        let key = [pixel_key(lon), pixel_key(lat), year as u64];
        if self.pixel.uniform(&[key[0], key[1], key[2], 1]) < 0.01 {
            return None;
        }
        let relief = 0.18 * self.relief.smooth(lon * 5.0, lat * 5.0);
        let noise = 0.04 * self.pixel.normal(&key);
        Some((base_index(soum.zone).ln() + relief + soum_year_ln + noise).exp().min(0.98))
    }

    /// Land cover of a pixel in a year; ploughed pasture stays ploughed.
    #[must_use]
    pub fn land_cover(&self, soum: &SampleSoum, year: i32, first_year: i32, lon: f64, lat: f64) -> u8 {
        if self.relief.smooth(lon * 3.0 + 400.0, lat * 3.0) > 0.82 {
            return WATER;
        }
        let field = self.relief.smooth(lon * 6.0 + 900.0, lat * 6.0);
        if field > 0.80 && soum.zone != NaturalZone::DesertSteppe {
            return CROP;
        }
        let draw = self.ploughed.uniform(&[pixel_key(lon), pixel_key(lat)]);
        if draw < ploughed_share(soum, year, first_year) {
            return CROP;
        }
        if soum.zone == NaturalZone::DesertSteppe && field < -0.3 { BARE } else { GRASS }
    }
}

/// Share of the first year's pasture that is ploughed by a year.
fn ploughed_share(soum: &SampleSoum, year: i32, first_year: i32) -> f64 {
    let since_change = f64::from((year - CHANGE_YEAR + 1).max(0));
    let fast = if soum.truth == Truth::Declining { 0.005 } else { 0.0 };
    0.0001 * f64::from((year - first_year).max(0)) + fast * since_change
}

/// Normal May to August precipitation (mm) and temperature (degrees Celsius) of a zone.
fn climate(zone: NaturalZone) -> (f64, f64) {
    match zone {
        NaturalZone::ForestSteppe => (240.0, 13.0),
        NaturalZone::Steppe => (180.0, 15.5),
        _ => (100.0, 18.0),
    }
}

/// Peak vegetation index of a zone in a normal year.
#[must_use]
pub fn base_index(zone: NaturalZone) -> f64 {
    match zone {
        NaturalZone::ForestSteppe => 0.55,
        NaturalZone::Steppe => 0.38,
        _ => 0.20,
    }
}

/// Peak yield of a zone in a normal year, kg/ha: the order of the NAMEM plots of 2007 to 2020.
#[must_use]
pub fn base_yield_kg_ha(zone: NaturalZone) -> f64 {
    match zone {
        NaturalZone::ForestSteppe => 534.0,
        NaturalZone::Steppe => 395.0,
        _ => 193.0,
    }
}

fn pixel_key(degrees: f64) -> u64 {
    (degrees * 1e7).round() as i64 as u64
}
