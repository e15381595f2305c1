//! The tables of a capacity run.

use std::collections::BTreeMap;
use std::path::Path;

use belcheer_domain::SoumCode;
use belcheer_domain::records::RecoveryClass;
use belcheer_rangeland::calibration::Form;
use belcheer_rangeland::condition::condition;

use super::{CapacityResult, SoumCapacity};
use crate::error::AssessmentError;
use crate::export::finding_table;
use crate::inputs::Inputs;
use crate::table::Table;

/// Confidence of the intervals of condition shares.
const CONFIDENCE: f64 = 0.9;

/// The class that a soum has in a set of classes.
type ClassOf = fn(&SoumCapacity) -> Option<&str>;

impl CapacityResult {
    /// One row a soum and season.
    #[must_use]
    pub fn season_table(&self) -> Table {
        let rows = &self.rows;
        let per_ha = |value: Option<f64>, area: f64| value.filter(|_| area > 0.0).map(|v| v / area);
        Table::default()
            .text("au2", rows.iter().map(|r| Some(r.au2.to_string())))
            .int("year", rows.iter().map(|_| Some(i64::from(self.year))))
            .text("method", rows.iter().map(|_| Some(self.method.as_str())))
            .text("season", rows.iter().map(|r| Some(r.season.as_str())))
            .float("sfu", rows.iter().map(|r| r.sfu))
            .float("area_ha", rows.iter().map(|r| Some(r.area_ha)))
            .float("potential_area_ha", rows.iter().map(|r| r.potential_area_ha))
            .float("yield_kg_ha", rows.iter().map(|r| r.yield_kg_ha))
            .text("yield_source", rows.iter().map(|r| r.yield_source))
            .float("utilisation", rows.iter().map(|r| r.utilisation))
            .float("water_factor", rows.iter().map(|r| r.water_factor))
            .float("slope_factor", rows.iter().map(|r| r.slope_factor))
            .float("carry_over", rows.iter().map(|r| Some(r.carry_over)))
            .float("days", rows.iter().map(|r| Some(r.days)))
            .float("capacity_sfu", rows.iter().map(|r| r.capacity_sfu))
            .float("capacity_if_watered_sfu", rows.iter().map(|r| r.capacity_if_watered_sfu))
            .float("stocking_rate_sfu_ha", rows.iter().map(|r| per_ha(r.sfu, r.area_ha)))
            .float("carrying_capacity_sfu_ha", rows.iter().map(|r| per_ha(r.capacity_sfu, r.area_ha)))
            .float("ratio", rows.iter().map(|r| r.ratio))
            .float("percent_use", rows.iter().map(|r| r.percent_use.map(|p| 100.0 * p)))
            .float("balance_sfu", rows.iter().map(super::CapacityRow::balance_sfu))
            .float("d1", rows.iter().map(|r| r.d1_d2.map(|d| d.0)))
            .float("d1_100ga", rows.iter().map(|r| r.d1_d2.map(|d| 100.0 * d.0)))
            .float("d2", rows.iter().map(|r| r.d1_d2.map(|d| d.1)))
            .text("parameter_set", rows.iter().map(|r| Some(r.parameter_set.as_str())))
            .text("reasons", rows.iter().map(|r| (!r.reasons.is_empty()).then(|| r.reasons.join(";"))))
    }

    /// One row a soum, with its border.
    #[must_use]
    pub fn soum_table(&self, inputs: &Inputs) -> Table {
        let rows = &self.soums;
        let soum = |r: &SoumCapacity| inputs.soums.get(&r.au2);
        let mut table = Table::default()
            .text("au2", rows.iter().map(|r| Some(r.au2.to_string())))
            .text("name_mn", rows.iter().map(|r| soum(r).and_then(|s| s.name_mn.clone())))
            .text("name_en", rows.iter().map(|r| soum(r).and_then(|s| s.name_en.clone())))
            .float("area_km2", rows.iter().map(|r| soum(r).map(|s| s.area_ha / 100.0)))
            .int("year", rows.iter().map(|_| Some(i64::from(self.year))))
            .text("method", rows.iter().map(|_| Some(self.method.as_str())))
            .text("zone", rows.iter().map(|r| r.zone.map(|z| z.as_str())))
            .text("season", rows.iter().map(|r| r.season.clone()))
            .float("ratio", rows.iter().map(|r| r.ratio))
            .float("stocking_rate_sfu_ha", rows.iter().map(|r| r.stocking_rate_sfu_ha))
            .float("carrying_capacity_sfu_ha", rows.iter().map(|r| r.carrying_capacity_sfu_ha))
            .text("class", rows.iter().map(|r| r.class.clone()))
            .text("class_namem", rows.iter().map(|r| r.class_agency.clone()))
            .int("sets_tried", rows.iter().map(|r| r.sensitivity.as_ref().map(|s| s.combinations as i64)))
            .float("class_invariant_percent", rows.iter().map(|r| r.sensitivity.as_ref().map(|s| s.invariant_percent)))
            .float("ratio_lowest", rows.iter().map(|r| r.sensitivity.as_ref().map(|s| s.lowest.0)))
            .text("sets_lowest", rows.iter().map(|r| r.sensitivity.as_ref().map(|s| s.lowest.1.clone())))
            .float("ratio_highest", rows.iter().map(|r| r.sensitivity.as_ref().map(|s| s.highest.0)))
            .text("sets_highest", rows.iter().map(|r| r.sensitivity.as_ref().map(|s| s.highest.1.clone())));
        table.geometry = Some(
            rows.iter()
                .map(|r| soum(r).map_or_else(|| geo_types::MultiPolygon(vec![]), |s| s.geometry.clone()))
                .collect(),
        );
        table
    }

    /// Soums and area of the country by class.
    #[must_use]
    pub fn national_table(&self, inputs: &Inputs) -> Table {
        let area = |soum: SoumCode| inputs.soums.get(&soum).map_or(0.0, |s| s.area_ha / 100.0);
        let total: f64 = self.soums.iter().map(|r| area(r.au2)).sum();
        let schemes: [(&str, ClassOf); 2] =
            [("namem_news_2025", |r| r.class_agency.as_deref()), ("scheme", |r| r.class.as_deref())];
        let mut rows: Vec<(&str, String, i64, f64)> = Vec::new();
        for (scheme, class_of) in schemes {
            let mut sums: BTreeMap<&str, (i64, f64)> = BTreeMap::new();
            for soum in &self.soums {
                let sum = sums.entry(class_of(soum).unwrap_or("unknown")).or_default();
                *sum = (sum.0 + 1, sum.1 + area(soum.au2));
            }
            rows.extend(sums.into_iter().map(|(class, (soums, km2))| (scheme, class.to_owned(), soums, km2)));
        }
        Table::default()
            .text("classes", rows.iter().map(|r| Some(r.0)))
            .text("class", rows.iter().map(|r| Some(r.1.as_str())))
            .int("soums", rows.iter().map(|r| Some(r.2)))
            .float("area_km2", rows.iter().map(|r| Some(r.3)))
            .float("area_percent", rows.iter().map(|r| Some(100.0 * r.3 / total)))
    }

    /// One row a zone: the relation of vegetation and biomass.
    #[must_use]
    pub fn calibration_table(&self) -> Table {
        let rows = &self.calibration;
        let of = |pick: fn(&belcheer_rangeland::calibration::Relation) -> Option<f64>| {
            rows.iter().map(move |r| r.relation.as_ref().ok().and_then(pick)).collect::<Vec<_>>()
        };
        let log = |pick: fn(f64, f64, f64) -> f64| {
            rows.iter()
                .map(move |r| match r.relation.as_ref().ok()?.form {
                    Form::LogLinear { intercept, slope, smearing, .. } => Some(pick(intercept, slope, smearing)),
                    Form::ThroughMeans { .. } => None,
                })
                .collect::<Vec<_>>()
        };
        Table::default()
            .text("zone", rows.iter().map(|r| Some(r.zone.as_str())))
            .int("pairs", rows.iter().map(|r| r.relation.as_ref().ok().map(|r| r.pairs as i64)))
            .float("intercept", log(|a, _, _| a))
            .float("slope", log(|_, b, _| b))
            .float("smearing", log(|_, _, s| s))
            .float("r2_soum_left_out", of(|r| r.validation.map(|v| v.r2)))
            .float("rmse_kg_ha", of(|r| r.validation.map(|v| v.rmse_kg_ha)))
            .float("bias_kg_ha", of(|r| r.validation.map(|v| v.bias_kg_ha)))
            .int("soums", rows.iter().map(|r| Some(r.relation.as_ref().ok()?.validation?.soums as i64)))
            .text("used", rows.iter().map(|r| Some(if r.used { "yes" } else { "no" })))
            .text("reason", rows.iter().map(|r| Some(r.unfit.clone()).filter(|text| !text.is_empty())))
    }
}

/// One row a soum and year of photo points: healthy and severe share together.
fn condition_table(inputs: &Inputs) -> Table {
    let mut points: BTreeMap<(SoumCode, i32), Vec<Option<RecoveryClass>>> = BTreeMap::new();
    for point in &inputs.photo_points {
        if let Some(soum) = point.au2 {
            points.entry((soum, point.year)).or_default().push(point.recovery_class);
        }
    }
    let rows: Vec<_> = points
        .into_iter()
        .filter_map(|((soum, year), classes)| condition(classes, 1.0, CONFIDENCE).map(|c| (soum, year, c)))
        .collect();
    let mut table = Table::default()
        .text("au2", rows.iter().map(|r| Some(r.0.to_string())))
        .int("year", rows.iter().map(|r| Some(i64::from(r.1))))
        .int("points", rows.iter().map(|r| Some(r.2.assessed as i64)))
        .int("not_assessed", rows.iter().map(|r| Some(r.2.not_assessed as i64)));
    for (at, class) in ["i", "ii", "iii", "iv", "v"].into_iter().enumerate() {
        let share =
            |r: &(SoumCode, i32, belcheer_rangeland::condition::Condition)| r.2.shares.shares().get(at).copied();
        table = table.float(&format!("class_{class}_fraction"), rows.iter().map(share));
    }
    table
        .float("healthy_fraction", rows.iter().map(|r| Some(r.2.healthy.share)))
        .float("healthy_ci90_low", rows.iter().map(|r| Some(r.2.healthy.low)))
        .float("healthy_ci90_high", rows.iter().map(|r| Some(r.2.healthy.high)))
        .float("severe_fraction", rows.iter().map(|r| Some(r.2.severe.share)))
        .float("severe_ci90_low", rows.iter().map(|r| Some(r.2.severe.low)))
        .float("severe_ci90_high", rows.iter().map(|r| Some(r.2.severe.high)))
        .float("mean_class_index", rows.iter().map(|r| Some(r.2.mean_class_index)))
}

/// Writes every table into a folder: `capacity.csv`, `soums.csv` and `.gpkg`, `national.csv`, `condition.csv`,
/// `findings.csv`, and `calibration.csv` where vegetation is held.
///
/// # Errors
/// When a file cannot be written.
pub fn write_tables(folder: &Path, result: &CapacityResult, inputs: &Inputs) -> Result<(), AssessmentError> {
    std::fs::create_dir_all(folder)?;
    let save = |name: &str, table: &Table| table.write_csv(std::fs::File::create(folder.join(name))?);
    save("capacity.csv", &result.season_table())?;
    let soums = result.soum_table(inputs);
    save("soums.csv", &soums)?;
    crate::layer::write_geopackage(&folder.join("soums.gpkg"), "capacity", &soums)?;
    save("national.csv", &result.national_table(inputs))?;
    save("condition.csv", &condition_table(inputs))?;
    save("findings.csv", &finding_table(&result.findings))?;
    if !result.calibration.is_empty() {
        save("calibration.csv", &result.calibration_table())?;
    }
    Ok(())
}
