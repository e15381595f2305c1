//! Theil-Sen slopes of the cells of a block.

use belcheer_cog::{Samples, WindowSamples};
use belcheer_rangeland::trend::{BlockTrend, Plane, RawValue, TrendBlock};

use super::job::Layer;

/// Slopes in physical units a year, and which cells have one.
///
/// Years of one type and scale are taken as stored; others as physical values.
pub(super) fn slopes(
    layers: &[Layer],
    years: &[WindowSamples],
    years_min: u16,
) -> Result<(Vec<f64>, Vec<bool>), String> {
    let numbers: Vec<i32> = layers.iter().map(|layer| layer.year).collect();
    let trend = BlockTrend::new(&numbers, years_min).map_err(|e| e.to_string())?;
    let scale = layers.first().map_or(1.0, |layer| layer.scale);
    let alike = layers.windows(2).all(|two| (two[0].scale, two[0].offset) == (two[1].scale, two[1].offset));
    let mut found = TrendBlock::default();
    macro_rules! stored {
        ($($variant:ident),*) => {
            match years.first().map(|year| &year.samples) {
                $(Some(Samples::$variant(_)) if alike && years.iter().all(|y| matches!(y.samples, Samples::$variant(_))) => {
                    let planes = years.iter().filter_map(|year| match &year.samples {
                        Samples::$variant(values) => Some(plane(values, year)),
                        _ => None,
                    });
                    trend.run(&planes.collect::<Vec<_>>(), &mut found).map_err(|e| e.to_string())?;
                    scale
                })*
                _ => {
                    let physical: Vec<Vec<f64>> =
                        years.iter().zip(layers).map(|(year, layer)| year.to_f64(layer.scale, layer.offset)).collect();
                    let planes = physical.iter().zip(years).map(|(values, year)| plane(values, year));
                    trend.run(&planes.collect::<Vec<_>>(), &mut found).map_err(|e| e.to_string())?;
                    1.0
                }
            }
        };
    }
    let unit = stored!(U8, I8, U16, I16, U32, I32, F32);
    let known = (0..found.n.len()).map(|pixel| found.is_known(pixel)).collect();
    Ok((found.slope_per_year.iter().map(|slope| slope * unit).collect(), known))
}

fn plane<'a, T: RawValue>(values: &'a [T], year: &'a WindowSamples) -> Plane<'a, T> {
    Plane { values, nodata: None, valid: year.valid.as_deref() }
}
