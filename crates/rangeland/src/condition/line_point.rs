//! Cover from a line-point intercept, percent of the points (Herrick et al. 2017).
//!
//! At every point the pin notes what it touches from the top to the soil surface. `foliar` is the share of points with a
//! plant in the top layer, `bare soil` that of points with soil at the surface and nothing above it, `litter` that of
//! points where litter is touched in any layer, the ground covers that of points where they are touched first.

use std::collections::{BTreeMap, BTreeSet};

use crate::sets::{Fault, parameter_set};

parameter_set!(
    /// What the codes of a pin mean.
    LinePointCodes, "line-point code", "line_point_codes.toml" {
        /// Nothing was touched.
        none: Vec<String>,
        /// Bare soil.
        soil: Vec<String>,
        /// Litter, herbaceous and woody, embedded too.
        litter: Vec<String>,
        /// Rock fragments and bedrock.
        rock: Vec<String>,
        /// Moss.
        moss: Vec<String>,
        /// Lichen.
        lichen: Vec<String>,
        /// Duff, crusts, water: neither plant nor one of the above.
        other_ground: Vec<String>,
    }
);

impl LinePointCodes {
    fn first_fault(&self) -> Result<(), Fault> {
        let Self { none, soil, litter, rock, moss, lichen, other_ground, .. } = self;
        let all: Vec<&String> = [none, soil, litter, rock, moss, lichen, other_ground].into_iter().flatten().collect();
        let distinct: BTreeSet<&String> = all.iter().copied().collect();
        Fault::unless("codes", all.len() as f64, distinct.len() == all.len(), "different from each other")
    }

    fn is_in(list: &[String], code: &str) -> bool {
        list.iter().any(|c| c == code)
    }

    fn is_none(&self, code: &str) -> bool {
        Self::is_in(&self.none, code)
    }

    /// Whether a code is neither nothing nor a cover of the ground.
    fn is_plant(&self, code: &str) -> bool {
        let Self { none, soil, litter, rock, moss, lichen, other_ground, .. } = self;
        ![none, soil, litter, rock, moss, lichen, other_ground].into_iter().any(|list| Self::is_in(list, code))
    }
}

/// What one pin touched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Point {
    /// Codes of the canopy layers, from the top down; a code of nothing may stand at the top.
    pub canopy: Vec<String>,
    /// Code of the soil surface; a species there is its base.
    pub surface: String,
}

/// Covers of a plot, percent of its points.
#[derive(Debug, Clone, PartialEq)]
pub struct Cover {
    /// Points.
    pub points: usize,
    /// Points with a plant in the top layer.
    pub foliar_percent: f64,
    /// Points of bare soil with nothing above.
    pub bare_soil_percent: f64,
    /// Points with litter in any layer.
    pub litter_percent: f64,
    /// Points whose first hit is rock.
    pub rock_percent: f64,
    /// Points whose first hit is moss.
    pub moss_percent: f64,
    /// Points whose first hit is lichen.
    pub lichen_percent: f64,
    /// Points where each plant is touched in any layer, by its code; they overlap and may sum to more than 100.
    pub plant_percent: BTreeMap<String, f64>,
}

/// Why a plot has no cover.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinePointError {
    /// There is no point.
    #[error("the plot has no point; cover needs at least one")]
    NoPoints,
    /// A point has no soil surface.
    #[error("point {number} has no soil surface; complete it, or leave the point out")]
    NoSurface {
        /// Counted from 1.
        number: usize,
    },
}

/// Covers of a plot from its points.
///
/// # Errors
/// Without a point, or when a point has no soil surface.
///
/// ```
/// use belcheer_rangeland::{ParameterSet, condition::{LinePointCodes, Point, cover}};
/// let codes = LinePointCodes::by_name("line_point_herrick")?;
/// let point = |canopy: &[&str], surface: &str| Point {
///     canopy: canopy.iter().map(|c| c.to_string()).collect(),
///     surface: surface.to_string(),
/// };
/// // grass over litter, bare soil, stone, litter alone
/// let points = [point(&["STKR", "L"], "S"), point(&["None"], "S"), point(&[], "R"), point(&["L"], "S")];
/// let plot = cover(&points, &codes)?;
/// assert_eq!((plot.foliar_percent, plot.bare_soil_percent, plot.litter_percent), (25.0, 25.0, 50.0));
/// assert_eq!((plot.rock_percent, plot.plant_percent["STKR"]), (25.0, 25.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cover(points: &[Point], codes: &LinePointCodes) -> Result<Cover, LinePointError> {
    if points.is_empty() {
        return Err(LinePointError::NoPoints);
    }
    if let Some(at) = points.iter().position(|p| codes.is_none(&p.surface)) {
        return Err(LinePointError::NoSurface { number: at + 1 });
    }
    let percent = |count: usize| 100.0 * count as f64 / points.len() as f64;
    let share = |touched: &dyn Fn(&Point) -> bool| percent(points.iter().filter(|p| touched(p)).count());
    let hits = |p: &'_ Point| -> Vec<String> {
        p.canopy.iter().chain([&p.surface]).filter(|c| !codes.is_none(c)).cloned().collect()
    };
    let first_in = |list: &[String]| share(&|p| hits(p).first().is_some_and(|c| LinePointCodes::is_in(list, c)));
    let mut plants: BTreeMap<String, usize> = BTreeMap::new();
    for point in points {
        let touched: BTreeSet<String> = hits(point).into_iter().filter(|c| codes.is_plant(c)).collect();
        for plant in touched {
            *plants.entry(plant).or_default() += 1;
        }
    }
    Ok(Cover {
        points: points.len(),
        foliar_percent: share(&|p| p.canopy.first().is_some_and(|c| codes.is_plant(c))),
        bare_soil_percent: first_in(&codes.soil),
        litter_percent: share(&|p| hits(p).iter().any(|c| LinePointCodes::is_in(&codes.litter, c))),
        rock_percent: first_in(&codes.rock),
        moss_percent: first_in(&codes.moss),
        lichen_percent: first_in(&codes.lichen),
        plant_percent: plants.into_iter().map(|(plant, count)| (plant, percent(count))).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    #[test]
    fn a_plant_that_is_only_at_the_base_is_no_foliar_cover() {
        let codes = LinePointCodes::by_name("line_point_herrick").unwrap();
        let base = Point { canopy: vec!["None".to_owned()], surface: "STKR".to_owned() };
        let plot = cover(&[base], &codes).unwrap();
        assert_eq!((plot.foliar_percent, plot.bare_soil_percent, plot.plant_percent["STKR"]), (0.0, 0.0, 100.0));
    }

    #[test]
    fn an_incomplete_point_is_refused_by_number() {
        let codes = LinePointCodes::by_name("line_point_herrick").unwrap();
        let whole = Point { canopy: vec![], surface: "S".to_owned() };
        let open = Point { canopy: vec!["STKR".to_owned()], surface: "NA".to_owned() };
        assert_eq!(cover(&[whole, open], &codes), Err(LinePointError::NoSurface { number: 2 }));
        assert_eq!(cover(&[], &codes), Err(LinePointError::NoPoints));
    }
}
