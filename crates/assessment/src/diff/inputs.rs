//! Inputs of two assessments, compared record by record.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_catalog::{Catalog, DatasetKind};
use belcheer_domain::SoumCode;
use serde_json::Value;

use super::InputChange;
use crate::error::AssessmentError;
use crate::result::InputRef;

/// Inputs that differ; tables are compared record by record.
///
/// # Errors
/// When a stored blob is missing or damaged.
pub async fn input_changes(
    catalog: &Catalog,
    before: &[InputRef],
    after: &[InputRef],
) -> Result<Vec<InputChange>, AssessmentError> {
    let (old, new): (BTreeSet<&InputRef>, BTreeSet<&InputRef>) = (before.iter().collect(), after.iter().collect());
    let mut found = Vec::new();
    let mut tables = BTreeSet::new();
    for input in old.symmetric_difference(&new) {
        let how = if new.contains(input) { "added" } else { "removed" };
        let record = catalog.dataset(input.digest).await?;
        match record {
            Some(r) if r.kind == DatasetKind::Raster => {
                let year = r.date.as_deref().and_then(|d| d.get(..4)).and_then(|y| y.parse().ok());
                found.push(InputChange {
                    kind: input.kind.clone(),
                    name: r.product.unwrap_or_else(|| input.name.clone()),
                    how,
                    soums: BTreeMap::new(),
                    years: year.into_iter().collect(),
                });
            }
            Some(r) if !matches!(r.kind, DatasetKind::Boundaries | DatasetKind::AimagSpecies) => {
                tables.insert(input.kind.clone());
            }
            _ => found.push(InputChange {
                kind: input.kind.clone(),
                name: input.name.clone(),
                how,
                soums: BTreeMap::new(),
                years: BTreeSet::new(),
            }),
        }
    }
    for kind in tables {
        let (a, b) = (records(catalog, before, &kind).await?, records(catalog, after, &kind).await?);
        let mut soums: BTreeMap<SoumCode, BTreeSet<i32>> = BTreeMap::new();
        let mut years = BTreeSet::new();
        for (soum, year, _) in a.symmetric_difference(&b) {
            years.insert(*year);
            if let Some(soum) = soum {
                soums.entry(*soum).or_default().insert(*year);
            }
        }
        found.push(InputChange { name: kind.clone(), kind, how: "changed", soums, years });
    }
    found.sort();
    Ok(found)
}

/// Every record of one kind of table with its soum and year.
async fn records(
    catalog: &Catalog,
    inputs: &[InputRef],
    kind: &str,
) -> Result<BTreeSet<(Option<SoumCode>, i32, String)>, AssessmentError> {
    let mut all = BTreeSet::new();
    for input in inputs.iter().filter(|i| i.kind == kind) {
        let Some(dataset) = catalog.dataset(input.digest).await? else { continue };
        let values: Vec<Value> = catalog.get_json(dataset.blob).await?;
        for value in values.iter().filter(|value| !of_a_group(kind, value)) {
            let soum = value.get("au2").and_then(|v| serde_json::from_value(v.clone()).ok());
            let year = value.get("year").and_then(Value::as_i64).and_then(|y| i32::try_from(y).ok()).unwrap_or(0);
            all.insert((soum, year, value.to_string()));
        }
    }
    Ok(all)
}

/// Whether a record is a count of a user group's animals, which says nothing of its soum.
fn of_a_group(kind: &str, record: &Value) -> bool {
    kind == DatasetKind::Livestock.as_str() && record.get("pug").is_some_and(|group| !group.is_null())
}
