//! The country's soums: mosaic of borders, names, zones and truths.

use belcheer_domain::{NaturalZone, SoumCode, Years};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::noise::Noise;

/// What kind of country to make.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleOptions {
    /// Pixel size of the yearly vegetation rasters, degrees.
    pub resolution_deg: f64,
    /// Years of data.
    pub years: Years,
    /// Seed of everything.
    pub seed: u64,
    /// How many soums, 1 to 360.
    pub soums: usize,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self { resolution_deg: 0.02, years: Years { first: 2001, last: 2024 }, seed: 1, soums: 24 }
    }
}

/// What truly happens in a soum from the change year on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// Vegetation, condition and stocking get better.
    Improving,
    /// They get worse, and pasture is ploughed.
    Declining,
    /// Nothing but more rain.
    RainOnly,
    /// Nothing.
    Stable,
}

impl Truth {
    /// The word used in `truth.csv`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Improving => "improving",
            Self::Declining => "declining",
            Self::RainOnly => "rain_only",
            Self::Stable => "stable",
        }
    }
}

/// One made-up soum.
#[derive(Debug, Clone)]
pub struct SampleSoum {
    /// Its code, in aimags 91 to 98, which no real list uses.
    pub code: SoumCode,
    /// Mongolian name.
    pub name_mn: String,
    /// English name.
    pub name_en: String,
    /// Natural zone.
    pub zone: NaturalZone,
    /// What happens to it.
    pub truth: Truth,
    /// True change of ln vegetation index from the change year on.
    pub vegetation_change_ln: f64,
    /// Border.
    pub shape: MultiPolygon<f64>,
    /// Its three user groups, tiling it exactly.
    pub pugs: [MultiPolygon<f64>; 3],
}

/// A made-up country.
#[derive(Debug, Clone)]
pub struct Country {
    /// How it was made.
    pub options: SampleOptions,
    /// Its soums, by code.
    pub soums: Vec<SampleSoum>,
    /// West, south, east and north of everything, degrees.
    pub extent: [f64; 4],
}

const SOUM_WIDTH_DEG: f64 = 0.8;
const SOUM_HEIGHT_DEG: f64 = 0.6;
const WEST_DEG: f64 = 96.0;
const NORTH_DEG: f64 = 49.2;
const SOUMS_PER_AIMAG_MAX: usize = 45;
/// Pieces of each border between two corners; a multiple of three, for the user groups.
const BORDER_PIECES: usize = 9;

const FIRST_WORDS: [(&str, &str); 8] = [
    ("Баян", "Bayan"),
    ("Цагаан", "Tsagaan"),
    ("Улаан", "Ulaan"),
    ("Хөх", "Khukh"),
    ("Шар", "Shar"),
    ("Алтан", "Altan"),
    ("Өндөр", "Undur"),
    ("Их", "Ikh"),
];
const SECOND_WORDS: [(&str, &str); 7] = [
    ("гол", "gol"),
    ("нуур", "nuur"),
    ("хайрхан", "khairkhan"),
    ("булаг", "bulag"),
    ("толгой", "tolgoi"),
    ("тал", "tal"),
    ("үзүүр", "uzuur"),
];

impl Country {
    /// Makes the country.
    #[must_use]
    pub fn new(options: SampleOptions) -> Self {
        let count = options.soums.clamp(1, 8 * SOUMS_PER_AIMAG_MAX);
        let columns = ((count as f64 * 1.5).sqrt().ceil() as usize).clamp(1, count);
        let rows = count.div_ceil(columns);
        let aimags = count.div_ceil(SOUMS_PER_AIMAG_MAX).max(2.min(count));
        let per_aimag = count.div_ceil(aimags);
        let mosaic = Mosaic { noise: Noise::new(options.seed, "borders"), columns, rows };
        let draw = Noise::new(options.seed, "truth");
        let soums: Vec<SampleSoum> = (0..count)
            .filter_map(|i| {
                let number = 9100 + 100 * (i / per_aimag) + i % per_aimag + 1;
                let code = SoumCode::new(u16::try_from(number).ok()?)?;
                let (row, column) = (i / columns, i % columns);
                let within = i % per_aimag;
                let (first, second) = (FIRST_WORDS[within % 8], SECOND_WORDS[(within + within / 8) % 7]);
                let truth = truth_of(i, columns);
                let size = 0.12 + 0.06 * draw.uniform(&[i as u64]);
                let vegetation_change_ln = match truth {
                    Truth::Improving => size,
                    Truth::Declining => -size,
                    Truth::RainOnly | Truth::Stable => 0.0,
                };
                Some(SampleSoum {
                    code,
                    name_mn: format!("{}{}", first.0, second.0),
                    name_en: format!("{}{}", first.1, second.1),
                    zone: zone_of(row, rows),
                    truth,
                    vegetation_change_ln,
                    shape: mosaic.soum(row, column),
                    pugs: mosaic.pugs(row, column),
                })
            })
            .collect();
        let extent = [
            WEST_DEG - 0.1,
            NORTH_DEG - rows as f64 * SOUM_HEIGHT_DEG - 0.1,
            WEST_DEG + columns as f64 * SOUM_WIDTH_DEG + 0.1,
            NORTH_DEG + 0.1,
        ];
        Self { options, soums, extent }
    }
}

/// Every fifth soum improves, every fifth declines, one in seven only has rain.
fn truth_of(index: usize, columns: usize) -> Truth {
    // the shift by row keeps the kinds from lining up in columns
    match (index + index / columns) % 10 {
        1 | 6 => Truth::Improving,
        3 | 8 => Truth::Declining,
        5 => Truth::RainOnly,
        _ => Truth::Stable,
    }
}

/// Forest steppe in the north, then steppe, then desert steppe; a small country has fewer zones.
fn zone_of(row: usize, rows: usize) -> NaturalZone {
    let zones = [NaturalZone::ForestSteppe, NaturalZone::Steppe, NaturalZone::DesertSteppe];
    let used = rows.div_ceil(2).clamp(1, zones.len());
    zones[(row * used / rows.max(1)).min(used - 1)]
}

/// A lattice of corners moved by noise, and wavy borders between them that neighbours share to the last bit.
struct Mosaic {
    noise: Noise,
    columns: usize,
    rows: usize,
}

impl Mosaic {
    fn corner(&self, row: usize, column: usize) -> Coord<f64> {
        let inner = |v: usize, last: usize| if v == 0 || v == last { 0.0 } else { 1.0 };
        let (r, c) = (row as u64, column as u64);
        let shift_x = 0.22 * (self.noise.uniform(&[r, c, 1]) - 0.5) * inner(column, self.columns);
        let shift_y = 0.18 * (self.noise.uniform(&[r, c, 2]) - 0.5) * inner(row, self.rows);
        Coord {
            x: WEST_DEG + (column as f64 + shift_x) * SOUM_WIDTH_DEG,
            y: NORTH_DEG - (row as f64 + shift_y) * SOUM_HEIGHT_DEG,
        }
    }

    /// Points from one corner to the next one east (`down` false) or south (`down` true), both included.
    fn border(&self, row: usize, column: usize, down: bool) -> Vec<Coord<f64>> {
        let from = self.corner(row, column);
        let to = if down { self.corner(row + 1, column) } else { self.corner(row, column + 1) };
        (0..=BORDER_PIECES)
            .map(|k| {
                let t = k as f64 / BORDER_PIECES as f64;
                let keys = [row as u64, column as u64, u64::from(down), k as u64];
                let wave = if k == 0 || k == BORDER_PIECES { 0.0 } else { 0.04 * (self.noise.uniform(&keys) - 0.5) };
                Coord {
                    x: from.x + (to.x - from.x) * t + if down { wave } else { 0.0 },
                    y: from.y + (to.y - from.y) * t + if down { 0.0 } else { wave },
                }
            })
            .collect()
    }

    fn soum(&self, row: usize, column: usize) -> MultiPolygon<f64> {
        ring(&[
            reversed(self.border(row, column, false)),
            self.border(row, column, true),
            self.border(row + 1, column, false),
            reversed(self.border(row, column + 1, true)),
        ])
    }

    fn pugs(&self, row: usize, column: usize) -> [MultiPolygon<f64>; 3] {
        let (north, south) = (self.border(row, column, false), self.border(row + 1, column, false));
        let third = BORDER_PIECES / 3;
        let part = |k: usize| {
            let span = k * third..=(k + 1) * third;
            let west = if k == 0 { self.border(row, column, true) } else { vec![north[k * third], south[k * third]] };
            let east = if k == 2 {
                self.border(row, column + 1, true)
            } else {
                vec![north[(k + 1) * third], south[(k + 1) * third]]
            };
            ring(&[reversed(north[span.clone()].to_vec()), west, south[span].to_vec(), reversed(east)])
        };
        [part(0), part(1), part(2)]
    }
}

fn reversed(mut points: Vec<Coord<f64>>) -> Vec<Coord<f64>> {
    points.reverse();
    points
}

fn ring(sides: &[Vec<Coord<f64>>]) -> MultiPolygon<f64> {
    let mut points: Vec<Coord<f64>> = sides.concat();
    points.dedup();
    MultiPolygon(vec![Polygon::new(LineString(points), Vec::new())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, Validation};

    #[test]
    fn soums_and_their_groups_tile_the_country() {
        let country = Country::new(SampleOptions { soums: 30, ..SampleOptions::default() });
        assert_eq!(country.soums.len(), 30);
        let whole: f64 = country.soums.iter().map(|s| s.shape.unsigned_area()).sum();
        assert!((whole - 30.0 * SOUM_WIDTH_DEG * SOUM_HEIGHT_DEG).abs() < 0.2, "{whole}");
        for soum in &country.soums {
            assert!(soum.shape.is_valid(), "{}", soum.code);
            let parts: f64 = soum.pugs.iter().map(Area::unsigned_area).sum();
            assert!((parts - soum.shape.unsigned_area()).abs() < 1e-12);
        }
        let kinds = |t| country.soums.iter().filter(|s| s.truth == t).count();
        assert!(kinds(Truth::Improving) >= 4 && kinds(Truth::Declining) >= 4 && kinds(Truth::RainOnly) >= 2);
    }
}
