//! Calls of Python's `exact_extract`, replayed.

use belcheer_zonal::{
    Accumulator, Block, Column, Coverage, Grid, Statistic, StatisticSet, Weights, coverage, zonal_statistics,
};
use geo_types::MultiPolygon;
use serde_json::Value;

use super::geometry::{from_geojson, from_wkt};
use super::oracle::{Checks, close, number, numbers};

/// Upstream computes with 32-bit coverage.
const TOLERANCE: f64 = 1e-6;

pub fn run(file: &Value, checks: &mut Checks) {
    for (index, call) in file["calls"].as_array().unwrap().iter().enumerate() {
        let name = format!("{} #{index}", file["test"].as_str().unwrap());
        if call["error"].is_string() {
            let refused = replay(call, |_, _, _| {}).is_err();
            checks.add(format!("{name}: error"), if refused { Ok(()) } else { Err("no error".to_owned()) });
            continue;
        }
        let recorded = replay(call, |zone, property, found| {
            let output = &call["output"];
            if !output.is_array() && !output.is_object() {
                return;
            }
            let outcome = match expected(output, zone, &property.name) {
                Some(expected) => found.and_then(|column| agree(&column, expected, property)),
                None => Err("is not in the recorded output".to_owned()),
            };
            checks.add(format!("{name}: zone {zone} {}", property.name), outcome);
        });
        if let Err(message) = recorded {
            checks.add(format!("{name}: all"), Err(message));
        } else if !call["output"].is_array() && !call["output"].is_object() {
            checks.add(format!("{name}: all"), Err("the output was not recorded".to_owned()));
        }
    }
}

/// A property of the output.
struct Property {
    name: String,
    /// A quantile of a raster of whole numbers, which upstream truncates.
    whole_numbers: bool,
}

/// One band of a raster.
struct Band {
    name: String,
    grid: Grid,
    values: Vec<f64>,
    valid: Vec<bool>,
    integer: bool,
}

/// Computes every operation for every band and zone; an error when the call as a whole cannot be made.
fn replay(call: &Value, mut see: impl FnMut(usize, &Property, Result<Column, String>)) -> Result<(), String> {
    let zones = zones(&call["features"])?;
    let values = bands(&call["raster"], "")?;
    let weights = if call["weights"].is_null() { vec![] } else { bands(&call["weights"], "weight_")? };
    let operations: Vec<&str> = match &call["ops"] {
        Value::Array(list) => list.iter().map(|op| op.as_str().unwrap()).collect(),
        op => vec![op.as_str().unwrap()],
    };
    let several = values.len() > 1 || weights.len() > 1;
    for pair in 0..values.len().max(weights.len()) {
        let band = &values[pair % values.len()];
        let weight = weights.get(pair % weights.len().max(1));
        if weight.is_some_and(|weight| weight.grid != band.grid) {
            return Err("weights are on another grid".to_owned());
        }
        for text in &operations {
            let operation = Operation::parse(text);
            if operation.statistic.as_ref().is_ok_and(Statistic::needs_weights) && weight.is_none() {
                return Err(format!("{text} needs weights"));
            }
            let prefix = if several { prefix(band, weight, &operation) } else { String::new() };
            let quantile = matches!(operation.statistic, Ok(Statistic::Median | Statistic::Quantile(_)));
            let property = Property { name: prefix + &operation.property, whole_numbers: band.integer && quantile };
            for (index, zone) in zones.iter().enumerate() {
                see(index, &property, operation.column(zone, band, weight));
            }
        }
    }
    Ok(())
}

fn prefix(band: &Band, weight: Option<&Band>, operation: &Operation) -> String {
    let weighted = operation.property.starts_with("weighted_");
    let weight = weight.filter(|weight| weighted && !weight.name.is_empty());
    format!("{}_{}", band.name, weight.map_or(String::new(), |weight| format!("{}_", weight.name)))
}

/// An operation with the arguments of upstream that are done before the statistic.
struct Operation {
    property: String,
    statistic: Result<Statistic, String>,
    min_coverage: f64,
    ignore_fraction: bool,
    default_value: Option<f64>,
    default_weight: Option<f64>,
}

impl Operation {
    fn parse(text: &str) -> Self {
        let (alias, body) = match text.split_once('=') {
            Some((alias, body)) if !alias.contains('(') => (Some(alias), body),
            _ => (None, text),
        };
        let (name, arguments) = body.strip_suffix(')').and_then(|body| body.split_once('(')).unwrap_or((body, ""));
        let mut operation = Self {
            property: alias.unwrap_or(name).trim_start_matches("<python function ").trim_end_matches('>').to_owned(),
            statistic: name.parse::<Statistic>().map_err(|error| error.to_string()),
            min_coverage: 0.0,
            ignore_fraction: false,
            default_value: None,
            default_weight: None,
        };
        for (key, value) in arguments.split(',').filter_map(|argument| argument.split_once('=')) {
            match (key.trim(), value) {
                ("q", _) => operation.statistic = body.parse::<Statistic>().map_err(|error| error.to_string()),
                ("min_coverage_frac", _) => operation.min_coverage = value.parse().unwrap(),
                ("coverage_weight", "none") => operation.ignore_fraction = true,
                ("default_value", _) => operation.default_value = Some(value.parse().unwrap()),
                ("default_weight", _) => operation.default_weight = Some(value.parse().unwrap()),
                _ => operation.statistic = Err(format!("no argument {key}={value}")),
            }
        }
        if let (None, Ok(statistic @ Statistic::Quantile(_))) = (alias, &operation.statistic) {
            operation.property = statistic.column_name();
        }
        operation
    }

    fn column(&self, zone: &MultiPolygon<f64>, band: &Band, weight: Option<&Band>) -> Result<Column, String> {
        let statistic = self.statistic.clone()?;
        let mut cover = coverage(&band.grid, zone).map_err(|error| error.to_string())?.at_least(self.min_coverage);
        if self.ignore_fraction {
            cover = cover.whole_cells();
        }
        let set = StatisticSet::new([statistic]).map_err(|error| error.to_string())?;
        Ok(self.accumulate(&set, &cover, band, weight).column(&statistic))
    }

    fn accumulate(&self, set: &StatisticSet, cover: &Coverage, band: &Band, weight: Option<&Band>) -> Accumulator {
        let (values, valid) = filled(band, self.default_value);
        let values = Block::whole(&band.grid, &values, Some(&valid)).unwrap();
        let Some(weight) = weight else { return zonal_statistics(set, cover, &values, Weights::None) };
        let (weights, valid) = filled(weight, self.default_weight);
        let weights = Block::whole(&weight.grid, &weights, Some(&valid)).unwrap();
        zonal_statistics(set, cover, &values, Weights::Cells(&weights))
    }
}

/// The values of a band with a default in place of missing ones.
fn filled(band: &Band, default: Option<f64>) -> (Vec<f64>, Vec<bool>) {
    match default {
        None => (band.values.clone(), band.valid.clone()),
        Some(default) => {
            let fill = |(&value, &valid): (&f64, &bool)| if valid && !value.is_nan() { value } else { default };
            (band.values.iter().zip(&band.valid).map(fill).collect(), vec![true; band.valid.len()])
        }
    }
}

fn zones(features: &Value) -> Result<Vec<MultiPolygon<f64>>, String> {
    let list = features.as_array().or_else(|| features["features"].as_array()).ok_or("the zones were not recorded")?;
    list.iter()
        .map(|feature| match feature["wkt"].as_str() {
            Some(wkt) => from_wkt(wkt),
            None => from_geojson(&feature["geometry"]),
        })
        .collect()
}

/// The bands of one raster or several, named as upstream names output columns.
fn bands(raster: &Value, several_prefix: &str) -> Result<Vec<Band>, String> {
    let rasters: Vec<&Value> = raster.as_array().map_or(vec![raster], |list| list.iter().collect());
    let mut bands = Vec::new();
    for raster in &rasters {
        let Some(data) = raster["data"].as_array() else { return Err("the raster was not recorded".to_owned()) };
        let planes: Vec<&Value> = if data[0][0].is_array() { data.iter().collect() } else { vec![&raster["data"]] };
        let file = raster["name"].as_str().unwrap_or_default();
        let file = file.strip_suffix(".tif").unwrap_or(file);
        for (index, plane) in planes.iter().enumerate() {
            let numbered = format!("{several_prefix}band_{}", index + 1);
            let name = match (planes.len() > 1, rasters.len() > 1) {
                (true, true) => format!("{file}_{numbered}"),
                (true, false) => numbered,
                (false, _) => file.to_owned(),
            };
            bands.push(band(raster, plane, index, name)?);
        }
    }
    Ok(bands)
}

fn band(raster: &Value, plane: &Value, index: usize, name: String) -> Result<Band, String> {
    let extent = numbers(&raster["extent"]);
    let cells: Vec<&Value> = plane.as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap()).collect();
    let rows = plane.as_array().unwrap().len();
    let (dx, dy) = ((extent[2] - extent[0]) / (cells.len() / rows) as f64, (extent[3] - extent[1]) / rows as f64);
    let grid =
        Grid::from_bounds(extent[0], extent[1], extent[2], extent[3], dx, dy).map_err(|error| error.to_string())?;
    let mask = if raster["mask"][0][0].is_array() { &raster["mask"][index] } else { &raster["mask"] };
    let masked: Vec<bool> = match mask.as_array() {
        Some(rows) => rows.iter().flat_map(|row| row.as_array().unwrap()).map(|m| m.as_i64() == Some(1)).collect(),
        None => vec![false; cells.len()],
    };
    let nodata = &raster["nodata"];
    // Whole numbers beyond 2^53 differ only as written.
    let same = |cell: &Value| {
        cell == nodata
            || (cell.as_u64().is_none() && cell.as_f64() == nodata.as_f64())
            || (nodata.is_f64() && cell.as_f64() == nodata.as_f64())
    };
    let one = |single: &str, list: &str, default: f64| {
        raster[single].as_f64().or(raster[list][index].as_f64()).unwrap_or(default)
    };
    let (scale, offset) = (one("scale", "scales", 1.0), one("offset", "offsets", 0.0));
    Ok(Band {
        name,
        grid,
        values: cells.iter().map(|cell| number(cell) * scale + offset).collect(),
        valid: cells.iter().zip(&masked).map(|(cell, masked)| !masked && (nodata.is_null() || !same(cell))).collect(),
        integer: raster["dtype"].as_str().is_some_and(|dtype| dtype.contains("int")),
    })
}

/// The recorded value of a property, out of features or out of a table.
fn expected<'a>(output: &'a Value, zone: usize, property: &str) -> Option<&'a Value> {
    match output {
        Value::Array(features) => features.get(zone)?["properties"].get(property),
        Value::Object(table) => table.get(property)?.get(zone),
        _ => None,
    }
}

fn agree(found: &Column, expected: &Value, property: &Property) -> Result<(), String> {
    let same = match (found, expected) {
        (Column::Missing, Value::Object(shares)) => shares.values().all(|share| number(share).is_nan()),
        (Column::Missing, expected) => expected.is_null() || expected == "NaN",
        (Column::Number(x), Value::Number(_)) if property.whole_numbers => x.floor() == number(expected),
        (Column::Number(x), Value::Number(_)) => close(Some(*x), number(expected), TOLERANCE),
        (Column::List(list), Value::Array(_)) if property.name == "unique" => {
            same_numbers(list, &sorted(numbers(expected)))
        }
        (Column::List(list), Value::Array(_)) => same_numbers(list, &numbers(expected)),
        // Upstream lists distinct values and their shares in no order.
        (Column::Shares(shares), Value::Array(_)) => {
            let found: Vec<Option<f64>> = sorted(shares.iter().map(|s| s.1).collect()).into_iter().map(Some).collect();
            same_numbers(&found, &sorted(numbers(expected)))
        }
        (Column::Shares(shares), Value::Object(map)) => {
            shares.len() == map.len()
                && shares.iter().all(|(value, share)| {
                    map.get(&value.to_string()).is_some_and(|e| close(Some(*share), number(e), TOLERANCE))
                })
        }
        _ => false,
    };
    if same { Ok(()) } else { Err(format!("{found:?}, not {expected}")) }
}

fn sorted(mut list: Vec<f64>) -> Vec<f64> {
    list.sort_by(f64::total_cmp);
    list
}

fn same_numbers(found: &[Option<f64>], expected: &[f64]) -> bool {
    found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| close(*found, *expected, TOLERANCE))
}
