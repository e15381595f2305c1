//! Computes SDG 15.3.1 of every cell in memory on one thread, as Trends.Earth defines it: STACK.npy NODATA UNITS.tif.
//!
//! The second file has the bands unit, land cover before and after, soil stock before and after, water. Prints the
//! processor time of the arithmetic as JSON, and how many cells are in each class, for the comparison with others.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use belcheer_benches::numpy::stack_of;
use belcheer_cog::{Cog, Limits, Samples, Window};
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::degradation::{
    Integration, LandCover, LandCoverCrosswalk, LandCoverMatrix, Layer, MISSING, Packed, Performance,
    ProductivityBlock, ProductivityLut, ReferenceProductivity, SubIndicators, TrendsEarthBlock, TrendsEarthRules,
    state_class, trend_class,
};
use belcheer_rangeland::soil_organic_carbon::SocFactors;
use belcheer_rangeland::trend::KendallTable;
use object_store::local::LocalFileSystem;

/// Cells computed at a time, as in a tile.
const BLOCK: usize = 512 * 512;
/// Rows read at a time, those of a tile.
const ROWS: u32 = 512;
/// Years at the end whose mean is compared with those before.
const RECENT: usize = 3;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [stack, nodata, units] = arguments.as_slice() else { bail!("name a stack, nodata and the units") };
    let nodata: i16 = nodata.parse()?;
    let bytes = std::fs::read(stack)?;
    let (years, values) = stack_of(&bytes)?;
    let values: Vec<i16> = values.iter().map(|value| if *value == nodata { MISSING } else { *value }).collect();
    drop(bytes);
    let cells = values.len() / years;
    let given: Vec<Vec<i32>> = (0..6).map(|band| band_of(units, band)).collect::<Result<_>>()?;
    if given.iter().any(|band| band.len() != cells) {
        bail!("{units} has another number of cells than {stack}");
    }
    let before = Instant::now();
    let places = indicator(&values, years, &given)?;
    let kernel_cpu_s = before.elapsed().as_secs_f64();
    let mut classes: BTreeMap<String, u64> = BTreeMap::new();
    for place in &places {
        for layer in [Layer::Productivity5, Layer::Indicator] {
            let number = place.number(layer).map_or_else(|| "unknown".to_owned(), |number| number.to_string());
            *classes.entry(format!("{layer:?} {number}")).or_default() += 1;
        }
    }
    writeln!(std::io::stdout(), "{}", serde_json::json!({ "kernel_cpu_s": kernel_cpu_s, "classes": classes }))?;
    Ok(())
}

/// All classes of every cell.
fn indicator(values: &[i16], years: usize, given: &[Vec<i32>]) -> Result<Vec<Packed>> {
    let rules = TrendsEarthRules::by_name("trends_earth")?;
    let table = KendallTable::by_name(&rules.kendall_table)?;
    let matrices = [LandCoverMatrix::by_name("unccd_default")?, LandCoverMatrix::by_name("mn_pastoral")?];
    let legend = LandCoverCrosswalk::by_name("unccd")?.table();
    let soil = SocFactors::by_name("soc_unccd_1")?;
    let labels: Vec<i32> = (2001..).take(years).collect();
    let block = TrendsEarthBlock::new(&labels, RECENT, 2, &rules, &table)?;
    let [unit, cover_before, cover_after, stock_before, stock_after, water] = given else { bail!("six bands") };
    let cells = unit.len();
    let (mut places, mut means) = (Vec::with_capacity(cells), Vec::with_capacity(cells));
    let mut found = ProductivityBlock::default();
    for start in (0..cells).step_by(BLOCK) {
        let end = cells.min(start + BLOCK);
        let planes: Vec<&[i16]> = (0..years).map(|year| &values[year * cells + start..year * cells + end]).collect();
        block.run(&planes, &mut found)?;
        for at in 0..end - start {
            let cell = start + at;
            let class = |code: i32| legend.get(usize::try_from(code).ok()?).copied().flatten();
            let (from, to): (Option<LandCover>, _) = (class(cover_before[cell]), class(cover_after[cell]));
            let (stock, later) = (f64::from(stock_before[cell]), f64::from(stock_after[cell]));
            let percent = (stock > 0.0 && later >= 0.0).then(|| (later - stock) / stock * 100.0);
            places.push(Packed::of(&SubIndicators {
                trend: trend_class(found.trend[at]),
                state: state_class(found.state[at], &rules),
                land_cover: matrices[0].transition(from, to),
                land_cover_other: matrices[1].transition(from, to),
                soil_organic_carbon: percent.map(|percent| soil.class_of_percent(percent)),
                water: water[cell] != 0,
                ..SubIndicators::default()
            }));
            means.push(found.mean(at).map_or(f32::NAN, |mean| mean as f32));
        }
    }
    let mut reference = ReferenceProductivity::default();
    for (unit, mean) in unit.iter().zip(&means) {
        if let Ok(unit) = u16::try_from(*unit) {
            reference.add(unit, *mean);
        }
    }
    let best = reference.percentiles(rules.performance_whole_reference);
    let integration = Integration::new(&ProductivityLut::by_name("te_5class")?, true);
    for ((place, mean), unit) in places.iter_mut().zip(&means).zip(unit) {
        let p90 = usize::try_from(*unit).ok().and_then(|unit| best.get(unit).copied().flatten());
        let performance = p90.and_then(|p90| Performance::of(f64::from(*mean), p90, rules.performance_ratio));
        *place = integration.finish(*place, performance.map(|performance| performance.degraded));
    }
    Ok(places)
}

/// A band as whole numbers, row by row.
fn band_of(raster: &str, band: u32) -> Result<Vec<i32>> {
    let location = object_store::path::Path::from_filesystem_path(raster)?;
    futures::executor::block_on(async {
        let cog = Cog::open(Arc::new(LocalFileSystem::new()), location, Limits::default()).await?;
        let (rows, cols) = (cog.height(), cog.width());
        let mut values = Vec::new();
        for row in (0..rows).step_by(ROWS as usize) {
            let found = cog.read_window(band, Window { row, col: 0, rows: ROWS.min(rows - row), cols }).await?;
            match found.samples {
                Samples::I16(line) => values.extend(line.into_iter().map(i32::from)),
                Samples::U16(line) => values.extend(line.into_iter().map(i32::from)),
                Samples::U8(line) => values.extend(line.into_iter().map(i32::from)),
                Samples::F32(line) => values.extend(line.into_iter().map(|value| value as i32)),
                _ => return Err(anyhow::anyhow!("band {band} of {raster} has another type of number")),
            }
        }
        Ok::<_, anyhow::Error>(values)
    })
    .with_context(|| raster.to_owned())
}
