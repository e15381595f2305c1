//! The country's tables and vector layers, as an agency would send them.

use std::collections::BTreeMap;
use std::path::Path;

use belcheer_domain::{NaturalZone, Species};
use geo::{BoundingRect, Contains};
use geo_types::{Coord, MultiPolygon, Point, Polygon};

use super::CHANGE_YEAR;
use super::country::{Country, SampleSoum, Truth};
use super::dissolve::joined;
use super::fields::{Fields, base_yield_kg_ha};
use super::noise::Noise;
use crate::error::AssessmentError;
use crate::table::Table;

const PLOTS_PER_SOUM: u64 = 5;
const PHOTO_POINTS_PER_SOUM: u64 = 40;
/// First year of plots and of photo points.
const FIRST_PLOT_YEAR: i32 = 2007;
const FIRST_PHOTO_YEAR: i32 = 2010;

/// Writes `truth.csv`: what really happened to each soum.
///
/// # Errors
/// When the file cannot be written.
pub fn write_truth(country: &Country, path: &Path) -> Result<(), AssessmentError> {
    let soums = &country.soums;
    let table = Table::default()
        .text("au2", soums.iter().map(|s| Some(s.code.to_string())))
        .text("truth", soums.iter().map(|s| Some(s.truth.as_str())))
        .float("vegetation_change_percent", soums.iter().map(|s| Some(100.0 * s.vegetation_change_ln.exp_m1())))
        .int("change_year", soums.iter().map(|_| Some(i64::from(CHANGE_YEAR))))
        .text("zone", soums.iter().map(|s| Some(s.zone.as_str())));
    table.write_csv(std::fs::File::create(path)?)
}

/// Writes plots, photo points, livestock with its losses, and weather as CSV.
///
/// # Errors
/// When a file cannot be written.
pub fn write_tables(country: &Country, folder: &Path) -> Result<(), AssessmentError> {
    let save = |name: &str, table: &Table| table.write_csv(std::fs::File::create(folder.join(name))?);
    save("biomass_plots.csv", &plots(country))?;
    save("photo_points.csv", &photo_points(country))?;
    save("livestock.csv", &livestock(country))?;
    save("losses.csv", &losses(country))?;
    save("weather.csv", &weather(country))
}

/// Writes soums, aimags, bags, user groups, natural zones, land use and water as GeoPackages.
///
/// # Errors
/// When a file cannot be written.
pub fn write_vectors(country: &Country, folder: &Path) -> Result<(), AssessmentError> {
    let soums = &country.soums;
    let mut layer = Table::default()
        .text("au2", soums.iter().map(|s| Some(s.code.to_string())))
        .text("name_mn", soums.iter().map(|s| Some(s.name_mn.clone())))
        .text("name_en", soums.iter().map(|s| Some(s.name_en.clone())));
    layer.geometry = Some(soums.iter().map(|s| s.shape.clone()).collect());
    crate::layer::write_geopackage(&folder.join("soums.gpkg"), "soums", &layer)?;
    write_levels(country, folder)?;
    let groups: Vec<(String, &SampleSoum, MultiPolygon<f64>)> = soums
        .iter()
        .flat_map(|s| {
            s.pugs.iter().enumerate().map(move |(k, shape)| (format!("{}-{}", s.code, k + 1), s, shape.clone()))
        })
        .collect();
    let mut layer = Table::default()
        .text("pug_code", groups.iter().map(|g| Some(g.0.clone())))
        .text("au2", groups.iter().map(|g| Some(g.1.code.to_string())))
        .text("name_mn", groups.iter().map(|g| Some(format!("{} {}-р хэсэг", g.1.name_mn, &g.0[6..]))));
    layer.geometry = Some(groups.iter().map(|g| g.2.clone()).collect());
    crate::layer::write_geopackage(&folder.join("pugs.gpkg"), "pugs", &layer)?;
    // ALMGAC land-use codes: 1101 winter-spring pasture, 1102 summer-autumn pasture
    let mut layer = Table::default()
        .text("land_use_code", groups.iter().map(|g| Some(if g.0.ends_with('1') { "1101" } else { "1102" })))
        .text("au2", groups.iter().map(|g| Some(g.1.code.to_string())));
    layer.geometry = Some(groups.iter().map(|g| g.2.clone()).collect());
    crate::layer::write_geopackage(&folder.join("land_use.gpkg"), "land_use", &layer)?;
    let wells: Vec<MultiPolygon<f64>> = soums.iter().flat_map(|s| (0..3).map(|k| well(country, s, k))).collect();
    let mut layer = Table::default().text("kind", wells.iter().map(|_| Some("well")));
    layer.geometry = Some(wells);
    crate::layer::write_geopackage(&folder.join("water.gpkg"), "water", &layer)
}

/// Writes aimags and natural zones, joined from their soums, and two bags a soum, joined from its user groups.
fn write_levels(country: &Country, folder: &Path) -> Result<(), AssessmentError> {
    let soums = &country.soums;
    let mut aimags: BTreeMap<String, Vec<&MultiPolygon<f64>>> = BTreeMap::new();
    let mut zones: BTreeMap<NaturalZone, Vec<&MultiPolygon<f64>>> = BTreeMap::new();
    for soum in soums {
        aimags.entry(format!("0{}", soum.code.number() / 100)).or_default().push(&soum.shape);
        zones.entry(soum.zone).or_default().push(&soum.shape);
    }
    let mut layer = Table::default()
        .text("au1", aimags.keys().map(Some))
        .text("name_mn", aimags.keys().map(|code| Some(format!("{code}-р аймаг"))));
    layer.geometry = Some(aimags.values().map(|parts| joined(parts)).collect());
    crate::layer::write_geopackage(&folder.join("aimags.gpkg"), "aimags", &layer)?;
    let mut layer = Table::default()
        .text("zone", zones.keys().map(|zone| Some(zone.as_str())))
        .text("name_mn", zones.keys().map(|zone| Some(zone_mn(*zone))));
    layer.geometry = Some(zones.values().map(|parts| joined(parts)).collect());
    crate::layer::write_geopackage(&folder.join("zones.gpkg"), "zones", &layer)?;
    let bags = soums.iter().flat_map(|s| [(s, 1, joined(&[&s.pugs[0], &s.pugs[1]])), (s, 2, s.pugs[2].clone())]);
    let bags: Vec<(&SampleSoum, u8, MultiPolygon<f64>)> = bags.collect();
    let mut layer = Table::default()
        .text("bag_code", bags.iter().map(|(s, k, _)| Some(format!("{}{k:02}", s.code))))
        .text("au2", bags.iter().map(|(s, ..)| Some(s.code.to_string())))
        .text("name_mn", bags.iter().map(|(_, k, _)| Some(format!("{k}-р баг"))));
    layer.geometry = Some(bags.into_iter().map(|(.., shape)| shape).collect());
    crate::layer::write_geopackage(&folder.join("bags.gpkg"), "bags", &layer)
}

/// A fenced well: a square of about 20 m.
fn well(country: &Country, soum: &SampleSoum, number: u64) -> MultiPolygon<f64> {
    let at = place(Noise::new(country.options.seed, "wells"), soum, number);
    let half = 0.0001;
    let rectangle = geo_types::Rect::new(
        Coord { x: at.x() - half, y: at.y() - half },
        Coord { x: at.x() + half, y: at.y() + half },
    );
    MultiPolygon(vec![Polygon::from(rectangle)])
}

/// A place inside the soum that depends only on its number.
fn place(noise: Noise, soum: &SampleSoum, number: u64) -> Point<f64> {
    let code = u64::from(soum.code.number());
    let Some(bounds) = soum.shape.bounding_rect() else { return Point::new(0.0, 0.0) };
    let mut at = Point::from(bounds.center());
    for attempt in 0..64 {
        let x = bounds.min().x + bounds.width() * noise.uniform(&[code, number, attempt, 1]);
        let y = bounds.min().y + bounds.height() * noise.uniform(&[code, number, attempt, 2]);
        at = Point::new((x * 1e6).round() / 1e6, (y * 1e6).round() / 1e6);
        if soum.shape.contains(&at) {
            break;
        }
    }
    at
}

fn years_from(country: &Country, first: i32) -> impl Iterator<Item = i32> + Clone {
    let years = country.options.years;
    years.first.max(first)..=years.last
}

fn plots(country: &Country) -> Table {
    let fields = Fields::new(country);
    let noise = Noise::new(country.options.seed, "plots");
    let mut rows: Vec<(String, &SampleSoum, Point<f64>, i32, f64)> = Vec::new();
    for soum in &country.soums {
        for number in 0..PLOTS_PER_SOUM {
            let at = place(noise, soum, number);
            let site = 0.3 * noise.normal(&[u64::from(soum.code.number()), number]);
            for year in years_from(country, FIRST_PLOT_YEAR) {
                let ln = 1.3 * fields.soum_year_ln(soum, year)
                    + site
                    + 0.35 * noise.normal(&[u64::from(soum.code.number()), number, year as u64]);
                let yield_kg_ha = (base_yield_kg_ha(soum.zone) * ln.exp()).round();
                rows.push((format!("{}-{}", soum.code, number + 1), soum, at, year, yield_kg_ha));
            }
        }
    }
    Table::default()
        .text("plot", rows.iter().map(|r| Some(r.0.clone())))
        .text("au2", rows.iter().map(|r| Some(r.1.code.to_string())))
        .float("lon", rows.iter().map(|r| Some(r.2.x())))
        .float("lat", rows.iter().map(|r| Some(r.2.y())))
        .int("year", rows.iter().map(|r| Some(i64::from(r.3))))
        .float("biomass_kg_ha", rows.iter().map(|r| Some(r.4)))
        .text("zone", rows.iter().map(|r| Some(zone_mn(r.1.zone))))
}

fn photo_points(country: &Country) -> Table {
    let noise = Noise::new(country.options.seed, "photo");
    let mut rows: Vec<(String, &SampleSoum, Point<f64>, i32, u8)> = Vec::new();
    for soum in &country.soums {
        let code = u64::from(soum.code.number());
        for number in 0..PHOTO_POINTS_PER_SOUM {
            let at = place(noise, soum, number);
            let own = noise.normal(&[code, number]);
            for year in years_from(country, FIRST_PHOTO_YEAR) {
                let shift = match soum.truth {
                    Truth::Improving if year >= CHANGE_YEAR => -0.9,
                    Truth::Declining if year >= CHANGE_YEAR => 0.9,
                    _ => 0.0,
                };
                let seen = own + shift + 0.2 * noise.normal(&[code, number, year as u64]);
                let class = [-0.7, 0.2, 1.0, 1.8].iter().filter(|cut| seen > **cut).count() as u8 + 1;
                rows.push((format!("{}{:03}", soum.code.number(), number + 1), soum, at, year, class));
            }
        }
    }
    let roman = ["I", "II", "III", "IV", "V"];
    let pug = |r: &(String, &SampleSoum, Point<f64>, i32, u8)| {
        let group = r.1.pugs.iter().position(|p| p.contains(&r.2))?;
        Some(format!("{}-{}", r.1.code, group + 1))
    };
    Table::default()
        .text("point", rows.iter().map(|r| Some(r.0.clone())))
        .text("au2", rows.iter().map(|r| Some(r.1.code.to_string())))
        .text("pug", rows.iter().map(pug))
        .text("season", rows.iter().map(|_| Some("Зун-Намар")))
        .text("zone", rows.iter().map(|r| Some(zone_mn(r.1.zone))))
        .float("lon", rows.iter().map(|r| Some(r.2.x())))
        .float("lat", rows.iter().map(|r| Some(r.2.y())))
        .int("year", rows.iter().map(|r| Some(i64::from(r.3))))
        .text("recovery_class", rows.iter().map(|r| roman.get(usize::from(r.4) - 1).copied()))
}

/// Head by soum, year and species at the December census; herds follow capacity, grow where the soum declines, shrink
/// where it improves.
fn herds(country: &Country) -> Vec<(&SampleSoum, i32, Species, f64)> {
    let noise = Noise::new(country.options.seed, "livestock");
    let shares = |zone: NaturalZone| match zone {
        NaturalZone::ForestSteppe => [0.002, 0.06, 0.10, 0.45, 0.388],
        NaturalZone::Steppe => [0.005, 0.07, 0.06, 0.47, 0.395],
        _ => [0.03, 0.05, 0.02, 0.35, 0.55],
    };
    let mut rows: Vec<(&SampleSoum, i32, Species, f64)> = Vec::new();
    for soum in &country.soums {
        let code = u64::from(soum.code.number());
        // about 4000 km2 of pasture at 40 % use, 1.4 kg a day: a herd near winter capacity
        let sheep_units = 400_000.0 * base_yield_kg_ha(soum.zone) * 0.4 * 0.6 / (1.4 * 215.0);
        let level = 0.75 + 0.4 * noise.uniform(&[code]);
        for year in country.options.years.iter() {
            let change: f64 = match soum.truth {
                Truth::Improving if year >= CHANGE_YEAR => -0.25,
                Truth::Declining if year >= CHANGE_YEAR => 0.30,
                _ => 0.0,
            };
            let herd = sheep_units * level * (change + 0.05 * noise.normal(&[code, year as u64])).exp();
            for (species, share) in Species::ALL.iter().zip(shares(soum.zone)) {
                rows.push((soum, year, *species, (herd * share / 1.7).round()));
            }
        }
    }
    rows
}

/// Grown livestock lost from January to May: no winter is a dzud, one to three of a hundred die.
fn losses(country: &Country) -> Table {
    let noise = Noise::new(country.options.seed, "losses");
    let mut counted: BTreeMap<(u32, i32), (&SampleSoum, f64)> = BTreeMap::new();
    for (soum, year, _, head) in herds(country) {
        counted.entry((u32::from(soum.code.number()), year)).or_insert((soum, 0.0)).1 += head;
    }
    let years = country.options.years;
    let rows: Vec<(&SampleSoum, i32, f64)> = counted
        .into_iter()
        .filter(|((_, year), _)| *year < years.last)
        .map(|((code, year), (soum, head))| {
            let share = 0.01 + 0.02 * noise.uniform(&[u64::from(code), year as u64]);
            (soum, year + 1, (head * share).round())
        })
        .collect();
    Table::default()
        .text("au2", rows.iter().map(|r| Some(r.0.code.to_string())))
        .int("year", rows.iter().map(|r| Some(i64::from(r.1))))
        .float("lost_head", rows.iter().map(|r| Some(r.2)))
}

fn livestock(country: &Country) -> Table {
    let rows = herds(country);
    Table::default()
        .text("au2", rows.iter().map(|r| Some(r.0.code.to_string())))
        .int("year", rows.iter().map(|r| Some(i64::from(r.1))))
        .text("species", rows.iter().map(|r| Some(r.2.as_str())))
        .float("head", rows.iter().map(|r| Some(r.3)))
}

fn weather(country: &Country) -> Table {
    let fields = Fields::new(country);
    let rows: Vec<(&SampleSoum, i32)> =
        country.soums.iter().flat_map(|s| country.options.years.iter().map(move |y| (s, y))).collect();
    let tenth = |v: f64| Some((v * 10.0).round() / 10.0);
    Table::default()
        .text("au2", rows.iter().map(|r| Some(r.0.code.to_string())))
        .int("year", rows.iter().map(|r| Some(i64::from(r.1))))
        .float("precipitation_mm", rows.iter().map(|r| tenth(fields.precipitation_mm(r.0, r.1))))
        .float("temperature_c", rows.iter().map(|r| tenth(fields.temperature_c(r.0, r.1))))
}

fn zone_mn(zone: NaturalZone) -> &'static str {
    match zone {
        NaturalZone::ForestSteppe => "Ойт хээрийн бүс",
        NaturalZone::Steppe => "Хээрийн бүс",
        _ => "Цөлөрхөг хээрийн бүс",
    }
}
