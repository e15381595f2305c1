//! `summary.json`: what was asked, by which constants, and what came out; its areas are those of `areas.csv`.

use belcheer_domain::Finding;
use belcheer_rangeland::degradation::Layer;
use serde_json::{Value, json};

use super::areas::{Areas, TOLD};
use super::inputs::Inputs;
use super::{Constants, DegradationRequest, Mode};
use crate::error::AssessmentError;

pub(super) fn write(
    request: &DegradationRequest,
    constants: &Constants,
    inputs: &Inputs,
    areas: &[Areas],
    findings: &[Finding],
) -> Result<(), AssessmentError> {
    let index: Vec<&str> = inputs.index.iter().map(|raster| raster.name.as_str()).collect();
    let cover = inputs.land_cover.each_ref().map(|cover| cover.raster.name.as_str());
    let summary = json!({
        "method": request.mode.id(),
        "years": [request.years.first, request.years.last],
        "recent_years": request.recent_years,
        "years_min": request.years_min,
        "look_up_table": constants.lut.id,
        "land_cover_matrix": constants.matrices[0].id,
        "land_cover_other_matrix": constants.matrices[1].id,
        "parameter_sets": constants.labels(request),
        "inputs": { "index": index, "land_cover": cover },
        "reference_productivity": "90th percentile of each unit over the whole raster",
        "soil_organic_carbon": soil(request),
        "significance": match request.mode {
            Mode::Gpg => "two-sided, Z beyond 1.96",
            Mode::TrendsEarth => "the table of Trends.Earth, whose 95 percent is about 90 percent two-sided",
        },
        "climate_adjustment": match request.precipitation.as_slice() {
            [] => "none: the trend holds the weather",
            _ => "residual trend (RESTREND) where precipitation explains the index; elsewhere the trend as it is",
        },
        "areas": areas.iter().map(of_zone).collect::<Vec<_>>(),
        "findings": findings.iter().map(|f| json!({
            "code": f.code, "severity": f.severity.as_str(), "input": f.input, "count": f.count, "text": f.text_en,
        })).collect::<Vec<_>>(),
    });
    std::fs::write(request.output.join("summary.json"), serde_json::to_vec_pretty(&summary)?)?;
    Ok(())
}

fn soil(request: &DegradationRequest) -> Value {
    match request.soil_carbon.len() {
        0 => json!("not given; the indicator is productivity and land cover"),
        1 => json!("by land-cover change; where land cover did not change it says nothing about grazing"),
        _ => json!("difference of two stocks"),
    }
}

fn of_zone(areas: &Areas) -> Value {
    let (of_land, of_judged) = areas.shares(Layer::Indicator);
    let (other_of_land, _) = areas.shares(Layer::IndicatorOther);
    let layers: serde_json::Map<String, Value> = TOLD
        .iter()
        .zip(&areas.layers)
        .map(|(layer, [degraded, stable, improved, unknown])| {
            let of = json!({
                "degraded_ha": degraded, "stable_ha": stable, "improved_ha": improved, "unknown_ha": unknown,
            });
            (layer.as_str().to_owned(), of)
        })
        .collect();
    json!({
        "zone": areas.zone,
        "land_ha": areas.land_ha(),
        "water_ha": areas.water_ha,
        "degraded_land_fraction": of_land,
        "degraded_fraction_of_judged_land": of_judged,
        "degraded_land_fraction_other_matrix": other_of_land,
        "layers": layers,
        "climate_adjustment": areas.climate.map(|[adjusted, not, without]| json!({
            "adjusted_ha": adjusted, "relation_does_not_hold_ha": not, "no_precipitation_ha": without,
        })),
    })
}
