//! The export of an assessment: a folder of tidy tables that every program opens.

use std::collections::BTreeMap;
use std::path::Path;

use belcheer_domain::{Finding, SoumCode};
use geo_types::MultiPolygon;

use crate::error::AssessmentError;
use crate::levels::ZoneRow;
use crate::partials::Partial;
use crate::result::{AssessmentResult, IndicatorRow, SoumRow, StockingRow};
use crate::series::{condition_table, year_table};
use crate::table::Table;

/// A tidy table of every export, whether of a country or of one soum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportTable {
    /// One row per soum.
    Soums,
    /// One row per soum and indicator.
    Indicators,
    /// One row per soum, indicator and year.
    Years,
    /// One row per soum and year: drought, dzud and the herd.
    Conditions,
    /// One row per soum, year and season.
    Stocking,
    /// One row per finding.
    Findings,
}

impl ExportTable {
    /// All of them, in the order in which they are read.
    pub const ALL: [Self; 6] =
        [Self::Soums, Self::Indicators, Self::Years, Self::Conditions, Self::Stocking, Self::Findings];

    /// The table's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Soums => "soums",
            Self::Indicators => "indicators",
            Self::Years => "years",
            Self::Conditions => "conditions",
            Self::Stocking => "stocking",
            Self::Findings => "findings",
        }
    }

    /// The name of its file of comma-separated values.
    #[must_use]
    pub fn csv_name(self) -> String {
        format!("{}.csv", self.as_str())
    }

    fn has_parquet(self) -> bool {
        matches!(self, Self::Soums | Self::Indicators | Self::Years)
    }

    /// Its rows in a result.
    #[must_use]
    pub fn of(self, result: &AssessmentResult) -> Table {
        match self {
            Self::Soums => soum_table(&result.soums, &result.manifest.cycle),
            Self::Indicators => indicator_table(result),
            Self::Years => year_table(&result.years, &result.indicators),
            Self::Conditions => condition_table(&result.conditions),
            Self::Stocking => stocking_table(&result.stocking),
            Self::Findings => finding_table(&result.findings),
        }
    }
}

/// A table of a result as comma-separated values.
///
/// # Errors
/// When it cannot be written.
pub fn csv(result: &AssessmentResult, table: ExportTable) -> Result<Vec<u8>, AssessmentError> {
    let mut bytes = Vec::new();
    table.of(result).write_csv(&mut bytes)?;
    Ok(bytes)
}

/// Every table of one soum as a GeoPackage: its border with the verdict as a layer, the others as tables beside it.
///
/// # Errors
/// When the file cannot be written.
pub fn geopackage(result: &AssessmentResult, border: MultiPolygon<f64>) -> Result<Vec<u8>, AssessmentError> {
    let mut tables = ExportTable::ALL.map(|kind| (kind.as_str(), kind.of(result)));
    if let Some((_, soums)) = tables.first_mut() {
        soums.geometry = Some(vec![border; soums.rows()]);
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("soum.gpkg");
    crate::layer::write_geopackage_of(&path, &tables)?;
    Ok(std::fs::read(path)?)
}

/// How a run went: the only part of an export that may differ between equal runs.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Run {
    /// The engine, `local`.
    pub engine: String,
    /// Threads used.
    pub threads: usize,
    /// Wall time, seconds.
    pub seconds: f64,
    /// Program version.
    pub program: String,
}

/// Writes an assessment into a folder, which is made if it is missing.
///
/// # Errors
/// When a file cannot be written.
pub fn export(
    folder: &Path,
    result: &AssessmentResult,
    partials: &[Partial],
    geometry: &BTreeMap<SoumCode, MultiPolygon<f64>>,
    run: &Run,
) -> Result<(), AssessmentError> {
    std::fs::create_dir_all(folder)?;
    let cycle = &result.manifest.cycle;
    let manifest = manifest_json(result, Some(run))?;
    std::fs::write(folder.join("manifest.json"), manifest)?;
    for kind in ExportTable::ALL {
        let table = kind.of(result);
        write_csv(&folder.join(kind.csv_name()), &table)?;
        if kind.has_parquet() {
            table.write_parquet(&folder.join(kind.as_str()).with_extension("parquet"))?;
        }
    }
    let mut soums = soum_table(&result.soums, cycle);
    let shapes = result.soums.iter().map(|s| geometry.get(&s.au2).cloned().unwrap_or(MultiPolygon(Vec::new())));
    soums.geometry = Some(shapes.collect());
    crate::layer::write_geopackage(&folder.join("soums.gpkg"), "soums", &soums)?;
    write_csv(&folder.join("review.csv"), &crate::review::review_table(result))?;
    if !result.zones.is_empty() {
        write_csv(&folder.join("zones.csv"), &crate::levels::zone_table(&result.zones))?;
    }
    partial_table(partials).write_parquet(&folder.join("partials.parquet"))
}

fn write_csv(path: &Path, table: &Table) -> Result<(), AssessmentError> {
    table.write_csv(std::io::BufWriter::new(std::fs::File::create(path)?))
}

/// The manifest as JSON, with the id and, where given, how the run went.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn manifest_json(result: &AssessmentResult, run: Option<&Run>) -> Result<Vec<u8>, AssessmentError> {
    let mut manifest = serde_json::to_value(&result.manifest)?;
    if let Some(object) = manifest.as_object_mut() {
        object.insert("id".to_owned(), serde_json::to_value(result.manifest.id())?);
        if let Some(run) = run {
            object.insert("run".to_owned(), serde_json::to_value(run)?);
        }
    }
    let mut bytes = serde_json::to_vec_pretty(&manifest)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// One row per soum and indicator, and below them one per zone of every other level asked for.
#[must_use]
pub fn indicator_table(result: &AssessmentResult) -> Table {
    let by_code: BTreeMap<_, &SoumRow> = result.soums.iter().map(|s| (s.au2, s)).collect();
    let soum = |r: &IndicatorRow| -> Named {
        let row = by_code.get(&r.au2);
        (
            Some(r.au2),
            row.and_then(|s| s.name_mn.clone()),
            row.and_then(|s| s.name_en.clone()),
            row.map(|s| s.aimag.clone()),
        )
    };
    let soums = result.indicators.iter().map(|r| (soum(r), r)).collect::<Vec<_>>();
    let zone = |z: &ZoneRow| -> Named {
        let aimag = z.row.au2.and_then(|au2| by_code.get(&au2)).map(|s| s.aimag.clone());
        (z.row.au2, z.name_mn.clone(), z.name_en.clone(), aimag)
    };
    let zones = result.zones.iter().map(|z| (zone(z), &z.row)).collect::<Vec<_>>();
    indicator_columns(&soums).below(indicator_columns(&zones))
}

/// Soum, names and aimag of a zone.
type Named = (Option<SoumCode>, Option<String>, Option<String>, Option<String>);

fn indicator_columns<Z>(lines: &[(Named, &IndicatorRow<Z>)]) -> Table {
    let rows: Vec<&IndicatorRow<Z>> = lines.iter().map(|(_, row)| *row).collect();
    let table = Table::default()
        .text("au2", lines.iter().map(|((au2, ..), _)| au2.map(|code| code.to_string())))
        .text("name_mn", lines.iter().map(|((_, name, ..), _)| name.clone()))
        .text("name_en", lines.iter().map(|((_, _, name, _), _)| name.clone()))
        .text("aimag", lines.iter().map(|((.., aimag), _)| aimag.clone()))
        .text("indicator", rows.iter().map(|r| Some(r.indicator.as_str())))
        .text("unit", rows.iter().map(|r| Some(r.unit.as_str())))
        .text("zone_level", rows.iter().map(|r| Some(r.zone_level.as_str())))
        .text("zone_id", rows.iter().map(|r| Some(r.zone_id.as_str())))
        .float("baseline_value", rows.iter().map(|r| r.baseline_value))
        .float("reporting_value", rows.iter().map(|r| r.reporting_value))
        .float("level_score", rows.iter().map(|r| r.level_score))
        .float("effect", rows.iter().map(|r| r.effect))
        .float("ci90_low", rows.iter().map(|r| r.ci90.map(|c| c.0)))
        .float("ci90_high", rows.iter().map(|r| r.ci90.map(|c| c.1)))
        .float("p", rows.iter().map(|r| r.p))
        .float("p_bh", rows.iter().map(|r| r.p_bh))
        .float("mdc", rows.iter().map(|r| r.mdc))
        .float("epsilon", rows.iter().map(|r| Some(r.epsilon)))
        .text("class", rows.iter().map(|r| Some(r.class.as_str())))
        .text("reasons", rows.iter().map(|r| joined(&r.reasons)))
        .text("tier", rows.iter().map(|r| Some(r.tier.as_str())))
        .float("coverage", rows.iter().map(|r| r.coverage))
        .int("n_plots", rows.iter().map(|r| r.n_plots.map(i64::from)))
        .float("n_eff", rows.iter().map(|r| r.n_eff))
        .text("method_id", rows.iter().map(|r| Some(r.method_id.as_str())))
        .text("value_unit", rows.iter().map(|r| Some(r.value_unit.as_str())))
        .float("raw_effect", rows.iter().map(|r| r.raw_effect))
        .text("resolution_en", rows.iter().map(|r| r.resolution.as_ref().map(|t| t.0.as_str())))
        .text("resolution_mn", rows.iter().map(|r| r.resolution.as_ref().map(|t| t.1.as_str())))
        .float("p_by", rows.iter().map(|r| r.sensitivity.p_by))
        .float("noise_floor", rows.iter().map(|r| r.sensitivity.noise_floor))
        .text("worst_baseline", rows.iter().map(|r| windows(r).map(|w| w.worst.to_string())))
        .float("worst_baseline_effect", rows.iter().map(|r| windows(r).map(|w| w.worst_estimate.effect)))
        .float("best_baseline_effect", rows.iter().map(|r| windows(r).map(|w| w.best_estimate.effect)))
        .float("year_band90_low", rows.iter().map(|r| r.sensitivity.year_band90.map(|b| b.0)))
        .float("year_band90_high", rows.iter().map(|r| r.sensitivity.year_band90.map(|b| b.1)))
        .int("baselines_tried", rows.iter().map(|r| windows(r).and_then(|w| i64::try_from(w.windows).ok())))
        .float("years_ci90_low", rows.iter().map(|r| r.sensitivity.bootstraps.years.map(|c| c.0)))
        .float("years_ci90_high", rows.iter().map(|r| r.sensitivity.bootstraps.years.map(|c| c.1)))
        .float("places_ci90_low", rows.iter().map(|r| r.sensitivity.bootstraps.space.map(|c| c.0)))
        .float("places_ci90_high", rows.iter().map(|r| r.sensitivity.bootstraps.space.map(|c| c.1)))
        .float("worst_table_effect", rows.iter().map(|r| r.sensitivity.facts.by_table.map(|t| t.0)))
        .float("best_table_effect", rows.iter().map(|r| r.sensitivity.facts.by_table.map(|t| t.1)));
    crate::contributions::columns(table, &rows)
}

fn windows<Z>(row: &IndicatorRow<Z>) -> Option<&belcheer_verification::BaselineWindows> {
    row.sensitivity.baseline_windows.as_ref()
}

/// One row per soum.
#[must_use]
pub fn soum_table(rows: &[SoumRow], cycle: &str) -> Table {
    Table::default()
        .text("au2", rows.iter().map(|r| Some(r.au2.to_string())))
        .text("name_mn", rows.iter().map(|r| r.name_mn.clone()))
        .text("name_en", rows.iter().map(|r| r.name_en.clone()))
        .text("aimag", rows.iter().map(|r| Some(r.aimag.as_str())))
        .float("area_km2", rows.iter().map(|r| Some(r.area_km2)))
        .float("rangeland_area_ha", rows.iter().map(|r| r.rangeland_area_ha))
        .text("status", rows.iter().map(|r| Some(r.status.as_str())))
        .float("score", rows.iter().map(|r| r.score))
        .float("score_ci90_low", rows.iter().map(|r| r.score_ci90.map(|c| c.0)))
        .float("score_ci90_high", rows.iter().map(|r| r.score_ci90.map(|c| c.1)))
        .int("indicators_used", rows.iter().map(|r| Some(i64::from(r.indicators_used))))
        .int("findings", rows.iter().map(|r| Some(i64::from(r.findings))))
        .text("cycle", rows.iter().map(|_| Some(cycle)))
        .text("reasons", rows.iter().map(|r| joined(&r.reasons)))
        .text("sentence_en", rows.iter().map(|r| Some(r.sentence_en.as_str())))
        .text("sentence_mn", rows.iter().map(|r| Some(r.sentence_mn.as_str())))
        .float("score_weights90_low", rows.iter().map(|r| r.standing.score_weights90.map(|c| c.0)))
        .float("score_weights90_high", rows.iter().map(|r| r.standing.score_weights90.map(|c| c.1)))
        .int("rank", rows.iter().map(|r| r.standing.rank.map(i64::from)))
        .int("rank_ci90_low", rows.iter().map(|r| r.standing.rank_ci90.map(|c| i64::from(c.0))))
        .int("rank_ci90_high", rows.iter().map(|r| r.standing.rank_ci90.map(|c| i64::from(c.1))))
        .int("rank_weights90_low", rows.iter().map(|r| r.standing.rank_weights90.map(|c| i64::from(c.0))))
        .int("rank_weights90_high", rows.iter().map(|r| r.standing.rank_weights90.map(|c| i64::from(c.1))))
        .text("contribution_evidence", rows.iter().map(|r| Some(r.standing.contribution_evidence.as_str())))
        .text("baseline_digest", rows.iter().map(|r| r.standing.baseline_digest.map(|d| d.to_string())))
        .int("baseline_version", rows.iter().map(|r| r.standing.baseline_version.map(i64::from)))
        .text("would_change_en", rows.iter().map(|r| text(&r.standing.would_change_en)))
        .text("would_change_mn", rows.iter().map(|r| text(&r.standing.would_change_mn)))
}

/// One row per soum, year and season.
#[must_use]
pub fn stocking_table(rows: &[StockingRow]) -> Table {
    Table::default()
        .text("au2", rows.iter().map(|r| Some(r.au2.to_string())))
        .int("year", rows.iter().map(|r| Some(i64::from(r.year))))
        .text("season", rows.iter().map(|r| Some(r.season.as_str())))
        .float("sfu", rows.iter().map(|r| Some(r.sfu)))
        .float("area_ha", rows.iter().map(|r| r.area_ha))
        .float("yield_kg_ha", rows.iter().map(|r| r.yield_kg_ha))
        .float("utilisation", rows.iter().map(|r| r.utilisation))
        .float("capacity_sfu", rows.iter().map(|r| r.capacity_sfu))
        .float("stocking_rate_sfu_ha", rows.iter().map(|r| r.stocking_rate_sfu_ha))
        .float("ratio", rows.iter().map(|r| r.ratio))
        .float("ratio_ci90_low", rows.iter().map(|r| r.ratio_ci90.map(|c| c.0)))
        .float("ratio_ci90_high", rows.iter().map(|r| r.ratio_ci90.map(|c| c.1)))
        .text("class", rows.iter().map(|r| r.class.as_deref()))
        .float("balance_sfu", rows.iter().map(|r| r.balance_sfu))
        .text("parameter_set", rows.iter().map(|r| Some(r.parameter_set.as_str())))
}

/// One row per finding.
#[must_use]
pub fn finding_table(rows: &[Finding]) -> Table {
    Table::default()
        .text("code", rows.iter().map(|r| Some(r.code.as_str())))
        .text("severity", rows.iter().map(|r| Some(r.severity.as_str())))
        .text("au2", rows.iter().map(|r| r.au2.map(|c| c.to_string())))
        .text("input", rows.iter().map(|r| Some(r.input.as_str())))
        .text("place", rows.iter().map(|r| Some(r.place.as_str()).filter(|p| !p.is_empty())))
        .int("count", rows.iter().map(|r| i64::try_from(r.count).ok()))
        .text("text_en", rows.iter().map(|r| Some(r.text_en.as_str())))
        .text("text_mn", rows.iter().map(|r| Some(r.text_mn.as_str())))
}

/// One row per zone, measure, year and statistical cell.
#[must_use]
pub fn partial_table(rows: &[Partial]) -> Table {
    Table::default()
        .text("zone", rows.iter().map(|r| Some(r.zone.to_string())))
        .text("measure", rows.iter().map(|r| Some(r.measure.as_str())))
        .int("year", rows.iter().map(|r| Some(i64::from(r.year))))
        .int("cell_x", rows.iter().map(|r| Some(i64::from(r.cell.0))))
        .int("cell_y", rows.iter().map(|r| Some(i64::from(r.cell.1))))
        .float("sum_w", rows.iter().map(|r| Some(r.sums.sum_w)))
        .float("sum_wx", rows.iter().map(|r| Some(r.sums.sum_wx)))
        .float("sum_wxx", rows.iter().map(|r| Some(r.sums.sum_wxx)))
        .float("missing_w", rows.iter().map(|r| Some(r.sums.missing_w)))
        .int("n", rows.iter().map(|r| i64::try_from(r.sums.n).ok()))
}

fn text(text: &str) -> Option<&str> {
    Some(text).filter(|t| !t.is_empty())
}

fn joined(words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(";"))
}
