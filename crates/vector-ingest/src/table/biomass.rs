//! Biomass plots: standing biomass at its peak, kg dry matter per hectare.
//!
//! Long tables have one row for each plot and year; wide ones a column for each year. The unit is the heading's, or
//! stated by the user; it is never guessed. A table that mixes fresh and dry mass, or is of fresh mass, is refused. Values are kept as they are and flagged.

use std::collections::BTreeSet;

use belcheer_domain::records::{BiomassPlot, NaturalZone};
use belcheer_door::Refusal;
use belcheer_rangeland::mass_basis::MassBasis;

use super::{
    Drafts, Keyed, TableJob,
    cells::{Cells, Fault, RowCells},
    rules::RULES,
};
use crate::messages::{Log, refuse};

/// Kilogram per hectare in one unit.
fn unit_kg_ha(unit: &str) -> Option<f64> {
    match unit {
        "kg_ha" => Some(1.0),
        "c_ha" => Some(100.0),
        "g_m2" => Some(10.0),
        _ => None,
    }
}

/// Reads the plots of a table.
pub(crate) fn read(table: &Cells<'_>, job: &TableJob, log: &mut Log) -> Result<Drafts, Refusal> {
    let stated = match job.map.get("unit") {
        Some(unit) => Some(unit_kg_ha(unit).ok_or_else(|| refuse("unknown_unit", table.input, unit))?),
        None => None,
    };
    let wide = !table.has("year");
    let unitless = wide || !(table.has("kg_ha") || table.has("c_ha"));
    if unitless && stated.is_none() {
        return Err(refuse("unit_unknown", table.input, ""));
    }
    let mut bases = Vec::new();
    let rows = table.read(log, |row, log| {
        bases.extend(row.text("basis").as_deref().and_then(MassBasis::recognise));
        if wide { wide_row(row, stated.unwrap_or(1.0), log) } else { Ok(vec![long_row(row, stated, log)?]) }
    })?;
    match MassBasis::common(bases) {
        Err(mixed) => return Err(refuse("mass_bases_mixed", table.input, mixed.to_string())),
        Ok(Some(MassBasis::Fresh)) => return Err(refuse("mass_fresh", table.input, "")),
        Ok(_) => {}
    }
    let mut plots: Vec<Keyed<BiomassPlot>> = rows.into_iter().flatten().collect();
    without_duplicates(&mut plots, log);
    for plot in &mut plots {
        judge(plot, log);
    }
    Ok(Drafts::BiomassPlots(plots))
}

fn draft(row: RowCells<'_>, year: i32, kg_ha: Option<f64>) -> Result<Keyed<BiomassPlot>, Fault> {
    let (lon, lat) = row.lonlat()?;
    let key = row.place()?;
    let plot = row.text("plot").unwrap_or_else(|| {
        let parts = ["aimag", "soum", "bagh", "plot_name"].iter().filter_map(|f| row.text(f));
        let named = parts.collect::<Vec<_>>().join("/");
        if named.is_empty() { format!("{lon:.5} {lat:.5}") } else { named }
    });
    let zone = row.text("zone").as_deref().and_then(NaturalZone::recognise);
    let value = BiomassPlot { plot, au2: None, lon, lat, year, biomass_kg_ha: kg_ha, zone, flags: Vec::new() };
    Ok(Keyed { row: row.number, key, value })
}

fn long_row(row: RowCells<'_>, stated: Option<f64>, log: &mut Log) -> Result<Keyed<BiomassPlot>, Fault> {
    let kg = row.amount("kg_ha", false)?;
    let centner = row.amount("c_ha", false)?.map(|c| c * 100.0);
    let other = row.amount("biomass", false)?.zip(stated).map(|(value, unit)| value * unit);
    if let (Some(kg), Some(centner)) = (kg, centner)
        && (kg - centner).abs() > 0.01 * kg.max(centner)
    {
        log.row("unit_conflict", row.number, &format!("{kg} / {centner}"));
    }
    let mut plot = draft(row, row.year()?, kg.or(centner).or(other))?;
    if let Some(remark) = row.text("flag") {
        let subject = format!("plot {} in {}", plot.value.plot, plot.value.year);
        log.note("source_flag", subject, 1, &remark);
        plot.value.flags.push("source_flag".to_owned());
    }
    Ok(plot)
}

fn wide_row(row: RowCells<'_>, unit: f64, log: &mut Log) -> Result<Vec<Keyed<BiomassPlot>>, Fault> {
    let mut plots = Vec::new();
    for (column, year) in row.years() {
        let Some(value) = row.number_at(*column, "year column", false)? else { continue };
        if value < 0.0 {
            return Err(("negative_value", format!("{year}: {value}")));
        }
        plots.push(draft(row, *year, Some(value * unit))?);
    }
    if plots.is_empty() {
        log.row("biomass_missing", row.number, "");
    }
    Ok(plots)
}

/// Keeps the first record of each plot and year.
fn without_duplicates(plots: &mut Vec<Keyed<BiomassPlot>>, log: &mut Log) {
    let mut seen = BTreeSet::new();
    plots.retain(|p| {
        let at = |degrees: f64| (degrees * 1e6).round().to_bits();
        let first = seen.insert((p.value.plot.clone(), p.value.year, at(p.value.lon), at(p.value.lat)));
        if !first {
            log.row("duplicate_record", p.row, &p.value.plot);
        }
        first
    });
}

/// Flags stand-ins for zero, values hardly possible, and years before the standard method.
fn judge(plot: &mut Keyed<BiomassPlot>, log: &mut Log) {
    let value = &mut plot.value;
    let mut flag = |code: &'static str, detail: String| {
        log.row(code, plot.row, &detail);
        value.flags.push(code.to_owned());
    };
    if let Some(kg_ha) = value.biomass_kg_ha {
        if kg_ha > 0.0 && kg_ha < RULES.trace_kg_ha {
            flag("trace_value", format!("{kg_ha}"));
        }
        if kg_ha > RULES.outlier_kg_ha {
            flag("biomass_outlier", format!("{kg_ha}"));
        }
    } else {
        log.row("biomass_missing", plot.row, "");
    }
    if value.year < RULES.standard_method_from {
        log.row("before_standard_method", plot.row, &RULES.standard_method_from.to_string());
    }
}
