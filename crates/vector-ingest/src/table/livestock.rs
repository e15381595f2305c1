//! Livestock tables: soum totals, soum counts by species, aimag counts by species; wide or long.
//!
//! Soum counts are head. Aimag counts are thousand head; a table with larger numbers than any aimag could have in
//! thousands is taken for head, and either reading is told.

use std::collections::BTreeSet;

use belcheer_domain::{
    Species,
    records::{AimagSpeciesCount, Instrument},
};
use belcheer_door::Refusal;

use super::{
    Drafts, Heads, Keyed, TableJob,
    cells::{Cells, Fault, RowCells},
    livestock_checks,
    rules::RULES,
};
use crate::{
    boundaries::codes,
    messages::{Log, refuse},
    soum_index::aimag_named,
    text::fold_heading,
};

/// Reads a livestock table; soums when any row could name one, else aimags.
pub(crate) fn read(table: &Cells<'_>, job: &TableJob, log: &mut Log) -> Result<Drafts, Refusal> {
    let unit = match job.map.get("unit").map(String::as_str) {
        None => None,
        Some("head") => Some(1.0),
        Some("thousand_head") => Some(1000.0),
        Some(other) => return Err(refuse("unknown_unit", table.input, other)),
    };
    let instrument = match job.map.get("instrument") {
        None => Instrument::DecemberCensus,
        Some(word) => Instrument::ALL
            .iter()
            .copied()
            .find(|i| i.as_str() == word)
            .ok_or_else(|| refuse("unknown_instrument", table.input, word))?,
    };
    if ["soum_code", "nso_code", "soum"].iter().any(|f| table.has(f)) {
        soums(table, unit.unwrap_or(1.0), instrument, log)
    } else {
        aimags(table, unit, log)
    }
}

/// The species named in a cell.
fn species_named(text: &str) -> Option<Species> {
    let folded = fold_heading(text);
    let is = |names: &[&str]| names.contains(&folded.as_str());
    if is(&["camel", "camels", "тэмээ"]) {
        Some(Species::Camel)
    } else if is(&["horse", "horses", "адуу"]) {
        Some(Species::Horse)
    } else if is(&["cattle", "cow", "үхэр", "yak"]) {
        Some(Species::Cattle)
    } else if is(&["sheep", "хонь"]) {
        Some(Species::Sheep)
    } else if is(&["goat", "goats", "ямаа"]) {
        Some(Species::Goat)
    } else {
        None
    }
}

/// The counts of one row: species and number; `None` is all species together.
fn counts(row: RowCells<'_>) -> Result<Vec<(Option<Species>, f64)>, Fault> {
    if let Some(text) = row.text("species") {
        let all = ["total", "all", "бүгд", "нийт"].contains(&text.to_lowercase().as_str());
        let species = species_named(&text);
        if species.is_none() && !all {
            return Err(("species_unknown", text));
        }
        let head = row.amount("head", true)?.or(row.amount("total", true)?);
        let thousand = row.amount("thousand", false)?.map(|t| t * 1000.0);
        return Ok(head.or(thousand).map(|n| (species, n)).into_iter().collect());
    }
    let mut found = Vec::new();
    for species in Species::ALL {
        if let Some(number) = row.amount(species.as_str(), true)? {
            found.push((Some(*species), number));
        }
    }
    let total = match row.amount("total", true)? {
        Some(total) => Some(total),
        None => row.amount("head", true)?.or(row.amount("thousand", false)?.map(|t| t * 1000.0)),
    };
    found.extend(total.map(|t| (None, t)));
    Ok(found)
}

fn soums(table: &Cells<'_>, unit: f64, instrument: Instrument, log: &mut Log) -> Result<Drafts, Refusal> {
    let estimated = table.input.to_lowercase().contains("estimated");
    let rows = table.read(log, |row, log| {
        let (key, year) = (row.place()?, row.year()?);
        let mut found = counts(row)?;
        if found.is_empty() {
            return Err(("count_missing", String::new()));
        }
        check_total(row, &mut found, log);
        let pug = row.text("pug");
        let keyed = |(species, number): (Option<Species>, f64)| Keyed {
            row: row.number,
            key: key.clone(),
            value: Heads { pug: pug.clone(), year, instrument, species, head: number * unit, estimated },
        };
        Ok(found.into_iter().map(keyed).collect::<Vec<_>>())
    })?;
    let mut heads: Vec<Keyed<Heads>> = rows.into_iter().flatten().collect();
    if estimated {
        log.note("estimated_counts", "", heads.len() as u64, "");
    }
    let mut seen = BTreeSet::new();
    heads.retain(|h| {
        let name = |t: &Option<String>| t.clone().unwrap_or_default();
        let place = (name(&h.key.code), name(&h.key.aimag), name(&h.key.soum), name(&h.value.pug));
        let first = seen.insert((place, h.value.year, h.value.species));
        if !first {
            log.row("duplicate_record", h.row, &name(&h.key.code));
        }
        first
    });
    Ok(Drafts::Heads(heads))
}

/// Where a row has all species and a total, the total only serves as a check.
fn check_total(row: RowCells<'_>, found: &mut Vec<(Option<Species>, f64)>, log: &mut Log) {
    let species: f64 = found.iter().filter(|(s, _)| s.is_some()).map(|(_, n)| n).sum();
    let total = found.iter().find(|(s, _)| s.is_none()).map(|(_, n)| *n);
    if found.len() < 6 {
        return;
    }
    if let Some(total) = total {
        if (species - total).abs() > 5.0 {
            log.row("total_differs", row.number, &format!("{species} / {total}"));
        }
        found.retain(|(s, _)| s.is_some());
    }
}

fn aimags(table: &Cells<'_>, unit: Option<f64>, log: &mut Log) -> Result<Drafts, Refusal> {
    let in_thousands = table.has("thousand");
    let rows = table.read(log, |row, _| {
        let named = row.text("aimag_code").as_deref().and_then(codes::aimag);
        let name = row.name("aimag")?;
        let aimag = named.or_else(|| name.as_deref().and_then(aimag_named));
        let aimag = aimag.ok_or_else(|| ("aimag_unknown", name.unwrap_or_default()))?;
        let year = row.year()?;
        let found = counts(row)?;
        Ok(found.into_iter().filter_map(|(s, n)| Some((aimag, year, s?, n))).collect::<Vec<_>>())
    })?;
    let all: Vec<_> = rows.into_iter().flatten().collect();
    let largest = all.iter().map(|(.., n)| *n).fold(0.0, f64::max);
    // numbers per thousand head
    let per_thousand = match unit {
        Some(unit) => 1000.0 / unit,
        None if in_thousands || largest > RULES.thousand_head_max => 1000.0,
        None => 1.0,
    };
    if unit.is_none() && !in_thousands {
        let word = if per_thousand > 1.0 { "head" } else { "thousand head" };
        log.note("unit_assumed", "", all.len() as u64, word);
    }
    let mut seen = BTreeSet::new();
    let mut counts: Vec<AimagSpeciesCount> = Vec::with_capacity(all.len());
    for (aimag, year, species, number) in all {
        if seen.insert((aimag, year, species)) {
            counts.push(AimagSpeciesCount { aimag, year, species, thousand_head: number / per_thousand });
        } else {
            log.record("duplicate_record", None, format!("aimag {aimag:03} in {year}"), species.as_str());
        }
    }
    livestock_checks::check(&counts, log);
    Ok(Drafts::AimagSpecies(counts))
}
