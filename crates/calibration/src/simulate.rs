//! One made-up country with known truth, at the level of partials: what the engine would have read from rasters.
//!
//! Vegetation follows soil water, which remembers last year's rain and saturates; the weather records hold rain with a
//! station's error and know nothing of either. The estimator's linear model of ln rain is thus never the truth.

use std::collections::BTreeMap;

use belcheer_assessment::{AreaSums, Inputs, partials::Partial};
use belcheer_domain::records::{BiomassPlot, Jurisdiction, Level, PhotoPoint, SeasonWeather};
use belcheer_domain::{NaturalZone, RecoveryClass, SoumCode, Years};
use geo_types::MultiPolygon;

use crate::country::{Country, SHARED};
use crate::draw::Draw;
use crate::world::World;

/// A stack of 24 years.
pub const YEARS: Years = Years { first: 2000, last: 2023 };
pub const BASELINE: Years = Years { first: 2009, last: 2018 };
pub const REPORTING: Years = Years { first: 2019, last: 2023 };

/// Statistical cells of a soum.
const CELLS: i32 = 8;
/// Median over soums of the standard deviation of a soum-year that weather does not explain, ln, and its spread.
const NOISE_LN: (f64, f64) = (0.055, 0.22);
/// Plots of a soum, and standard deviations of their ln biomass: place, technician's year, visit.
const PLOTS: usize = 5;
const PLOT_SD: [f64; 3] = [0.5, 0.30, 0.55];
/// Photo points of a soum, and standard deviations of their latent condition: place, year, technician's year, visit.
const POINTS: usize = 14;
const POINT_SD: [f64; 4] = [1.0, 0.10, 0.15, 0.25];
/// Shift of a new technician: ln biomass, latent condition.
const TECHNICIAN_SD: [f64; 2] = [0.15, 0.20];

/// What is true of one soum.
#[derive(Debug, Clone, Copy)]
pub struct Truth {
    /// True change of vegetation, percent.
    pub change_percent: f64,
    /// Standard deviation of its yearly noise, ln.
    pub noise_ln: f64,
    /// True change of the share of points in recovery class I or II, points.
    pub condition_points: f64,
}

/// A simulated country.
pub struct Simulated {
    pub inputs: Inputs,
    pub partials: Vec<Partial>,
    pub truth: BTreeMap<SoumCode, Truth>,
    /// Plots' ln biomass by soum and year, for the design without images.
    pub plots_ln: BTreeMap<SoumCode, BTreeMap<i32, Vec<f64>>>,
}

/// Simulates one country of a kind.
pub fn simulate(world: &World, seed: u64) -> anyhow::Result<Simulated> {
    let mut draw = Draw::new(seed);
    let country = Country::new(&mut draw)?;
    let changes = assign(world, country.soums.len(), &mut draw);
    let water = Water::new(world, &country, &mut draw);
    let noise_ln: Vec<f64> = country.soums.iter().map(|_| NOISE_LN.0 * (NOISE_LN.1 * draw.normal()).exp()).collect();
    let noise = noise(world, &country, &noise_ln, &mut draw);
    let year_zone = zone_shocks(&mut draw);
    let mut made = Simulated {
        inputs: Inputs::default(),
        partials: Vec::new(),
        truth: BTreeMap::new(),
        plots_ln: BTreeMap::new(),
    };
    for (i, soum) in country.soums.iter().enumerate() {
        let past = world.past_shift * draw.normal();
        let level = match soum.zone {
            NaturalZone::Desert => -1.9,
            NaturalZone::DesertSteppe => -1.4,
            _ => -0.7,
        } + 0.15 * draw.normal();
        let change_ln = (1.0 + 0.01 * changes[i]).ln();
        let own: Vec<f64> = YEARS
            .iter()
            .enumerate()
            .map(|(t, year)| {
                let then = if year >= REPORTING.first { change_ln } else { 0.0 };
                let before = if year < BASELINE.first { past } else { 0.0 };
                level + water.response(i, t) + year_zone[&(soum.zone, year)] + noise[t][i] + then + before
            })
            .collect();
        partials_of(&mut made.partials, soum.code, &own, world.missing, &mut draw);
        weather_of(&mut made.inputs, soum.code, i, &water, &mut draw);
        let technician = if draw.uniform() < world.new_technicians { draw.normal() } else { 0.0 };
        plots_of(&mut made, soum, &own, level, technician, &mut draw);
        let condition_points = points_of(&mut made, soum, 4.0 * change_ln, technician, &mut draw);
        let truth = Truth { change_percent: changes[i], noise_ln: noise_ln[i], condition_points };
        made.truth.insert(soum.code, truth);
        made.inputs.soums.insert(soum.code, jurisdiction(soum.code));
    }
    Ok(made)
}

/// Deals the true changes over the soums at random.
fn assign(world: &World, soums: usize, draw: &mut Draw) -> Vec<f64> {
    let one = |u: f64| {
        let mut upto = 0.0;
        for (share, percent) in world.changes {
            upto += share;
            if u < upto {
                return *percent;
            }
        }
        0.0
    };
    (0..soums).map(|_| one(draw.uniform())).collect()
}

/// Rain and soil water by year and soum.
struct Water {
    rain_mm: Vec<Vec<f64>>,
    warmth_c: Vec<Vec<f64>>,
}

impl Water {
    fn new(world: &World, country: &Country, draw: &mut Draw) -> Self {
        let (mut rain_mm, mut warmth_c) = (Vec::new(), Vec::new());
        for year in YEARS.iter() {
            let (national, region) = (0.15 * draw.normal(), country.smooth(draw));
            let warm = (0.8 * draw.normal(), country.smooth(draw));
            let more = if REPORTING.contains(year) { world.rain_reporting } else { 1.0 };
            let of = |i: usize, local: f64| {
                let mean = 260.0 - 0.16 * country.soums[i].y_km;
                more * mean * (national + 0.20 * region[i] + 0.10 * local).exp()
            };
            rain_mm.push((0..region.len()).map(|i| of(i, draw.normal())).collect());
            warmth_c.push(warm.1.iter().map(|r| 14.0 + warm.0 + 0.6 * r + 0.2 * draw.normal()).collect());
        }
        Self { rain_mm, warmth_c }
    }

    /// What water and warmth do to ln vegetation: a saturating response to this and last year's rain.
    fn response(&self, soum: usize, t: usize) -> f64 {
        let last = self.rain_mm[t.saturating_sub(1)][soum];
        let water = 0.75 * self.rain_mm[t][soum] + 0.25 * last;
        let dry = (self.warmth_c[t][soum] - 14.0).max(-1.0);
        0.9 * (water / (water + 120.0)).ln() - 0.012 * dry - 0.006 * dry * dry
    }
}

/// Yearly noise of each soum, correlated in space as measured on plots.
fn noise(world: &World, country: &Country, noise_ln: &[f64], draw: &mut Draw) -> Vec<Vec<f64>> {
    let fresh = |draw: &mut Draw| -> Vec<f64> {
        let smooth = country.smooth(draw);
        let local = |draw: &mut Draw| if world.heavy_tails { draw.heavy() } else { draw.normal() };
        smooth.iter().map(|s| SHARED.sqrt() * s + (1.0 - SHARED).sqrt() * local(draw)).collect()
    };
    let phi = world.persistence;
    let mut state = fresh(draw);
    let mut driver = country.smooth(draw);
    let mut years = Vec::new();
    for year in YEARS.iter() {
        let factor = if REPORTING.contains(year) { world.reporting_noise } else { 1.0 };
        let next = fresh(draw);
        state.iter_mut().zip(next).for_each(|(s, n)| *s = phi * *s + (1.0 - phi * phi).sqrt() * n);
        let region = country.smooth(draw);
        driver.iter_mut().zip(region).for_each(|(d, n)| *d = 0.5 * *d + 0.75_f64.sqrt() * n);
        let of = |i: usize| factor * noise_ln[i] * state[i] + world.unseen_driver * driver[i];
        years.push((0..state.len()).map(of).collect());
    }
    years
}

/// Shocks that all soums of a zone share in a year.
fn zone_shocks(draw: &mut Draw) -> BTreeMap<(NaturalZone, i32), f64> {
    let mut shocks = BTreeMap::new();
    for year in YEARS.iter() {
        let national = 0.05 * draw.normal();
        for zone in NaturalZone::ALL {
            shocks.insert((*zone, year), national + 0.05 * draw.normal());
        }
    }
    shocks
}

fn partials_of(partials: &mut Vec<Partial>, zone: SoumCode, own: &[f64], missing: f64, draw: &mut Draw) {
    let cells: Vec<(f64, f64)> =
        (0..CELLS).map(|_| (20_000.0 * (0.4 + draw.uniform()), 0.10 * draw.normal())).collect();
    for (t, year) in YEARS.iter().enumerate() {
        let unseen = if draw.uniform() < missing { 0.5 } else { 0.03 * draw.uniform() };
        for (at, (area_ha, place)) in cells.iter().enumerate() {
            let value = (own[t] + place).exp();
            let seen = area_ha * (1.0 - unseen);
            let spread = 0.2 * value;
            partials.push(Partial {
                zone,
                measure: "vegetation".to_owned(),
                year,
                cell: (i32::from(zone.number()), at as i32),
                sums: AreaSums {
                    sum_w: seen,
                    sum_wx: seen * value,
                    sum_wxx: seen * (value * value + spread * spread),
                    missing_w: area_ha - seen,
                    n: 5000,
                },
            });
        }
    }
}

fn weather_of(inputs: &mut Inputs, au2: SoumCode, i: usize, water: &Water, draw: &mut Draw) {
    for (t, year) in YEARS.iter().enumerate() {
        let precipitation_mm = water.rain_mm[t][i] * (0.08 * draw.normal()).exp();
        let temperature_c = Some(water.warmth_c[t][i] + 0.2 * draw.normal());
        inputs.weather.push(SeasonWeather { au2, year, precipitation_mm, temperature_c });
    }
}

fn plots_of(
    made: &mut Simulated,
    soum: &crate::country::Soum,
    own: &[f64],
    level: f64,
    technician: f64,
    draw: &mut Draw,
) {
    let places: Vec<f64> = (0..PLOTS).map(|_| PLOT_SD[0] * draw.normal()).collect();
    for (t, year) in YEARS.iter().enumerate().skip(8) {
        let mut observer = PLOT_SD[1] * draw.normal();
        if REPORTING.contains(year) {
            observer += TECHNICIAN_SD[0] * technician;
        }
        for (n, place) in places.iter().enumerate() {
            let ln_kg = 6.0 + (own[t] - level) + place + observer + PLOT_SD[2] * draw.normal();
            made.plots_ln.entry(soum.code).or_default().entry(year).or_default().push(ln_kg);
            made.inputs.plots.push(BiomassPlot {
                plot: format!("{}-{n}", soum.code),
                au2: Some(soum.code),
                lon: 100.0,
                lat: 47.0,
                year,
                biomass_kg_ha: Some(ln_kg.exp()),
                zone: Some(soum.zone),
                flags: Vec::new(),
            });
        }
    }
}

/// Photo points of a soum; the true change of the share in class I or II, points.
fn points_of(made: &mut Simulated, soum: &crate::country::Soum, shift: f64, technician: f64, draw: &mut Draw) -> f64 {
    let middle = 0.4 * draw.normal();
    let places: Vec<f64> = (0..POINTS).map(|_| POINT_SD[0] * draw.normal()).collect();
    for year in YEARS.iter().skip(11) {
        let reporting = REPORTING.contains(year);
        let mut common = middle + POINT_SD[1] * draw.normal() + POINT_SD[2] * draw.normal();
        if reporting {
            common += shift + TECHNICIAN_SD[1] * technician;
        }
        for (n, place) in places.iter().enumerate() {
            let latent = common + place + POINT_SD[3] * draw.normal();
            let class = [1.2, 0.0, -0.8, -1.6].iter().filter(|t| latent < **t).count() as u8 + 1;
            made.inputs.photo_points.push(PhotoPoint {
                point: format!("{}{n:02}", soum.code),
                au2: Some(soum.code),
                pug: None,
                season: None,
                zone: Some(soum.zone),
                lon: 100.0,
                lat: 47.0,
                year,
                biomass_kg_ha: None,
                recovery_class: RecoveryClass::new(class),
                flags: Vec::new(),
            });
        }
    }
    let spread: f64 = POINT_SD.iter().skip(1).map(|s| s * s).sum::<f64>().sqrt();
    let share = |mean: f64| places.iter().map(|p| normal_cdf((mean + p) / spread)).sum::<f64>() / POINTS as f64;
    100.0 * (share(middle + shift) - share(middle))
}

/// The standard normal distribution function by Simpson's rule; the generator shares no statistics with the estimator.
pub fn normal_cdf(x: f64) -> f64 {
    let x = x.clamp(-8.0, 8.0);
    let density = |t: f64| (-0.5 * t * t).exp() / std::f64::consts::TAU.sqrt();
    let steps = 64;
    let h = x / f64::from(steps);
    let weight = |i: i32| {
        if i == 0 || i == steps {
            1.0
        } else if i % 2 == 1 {
            4.0
        } else {
            2.0
        }
    };
    0.5 + h / 3.0 * (0..=steps).map(|i| weight(i) * density(f64::from(i) * h)).sum::<f64>()
}

fn jurisdiction(code: SoumCode) -> Jurisdiction {
    Jurisdiction {
        level: Level::Soum,
        code: code.to_string(),
        au2: Some(code),
        name_mn: None,
        name_en: None,
        geometry: MultiPolygon(Vec::new()),
        area_ha: 470_000.0,
    }
}
