//! `diff`: two assessments, what differs, and because of which input.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_assessment::AssessmentResult;
use belcheer_assessment::diff::{InputChange, diff, diff_table, setting_changes};
use belcheer_assessment::result::InputRef;
use belcheer_catalog::{Catalog, DatasetKind};
use belcheer_domain::SoumCode;
use serde_json::Value;

use super::{Context, output, publication};
use crate::args::DiffArgs;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Runs the command.
pub async fn run(args: &DiffArgs, context: &Context) -> Result<Outcome, Failure> {
    let catalog = workspace::open(&context.workspace).await?;
    let before = publication::find(&catalog, args.before).await?;
    let after = publication::find(&catalog, args.after).await?;
    let a: AssessmentResult = catalog.get_json(before.result).await?;
    let b: AssessmentResult = catalog.get_json(after.result).await?;
    let mut changes = setting_changes(&a, &b);
    changes.extend(input_changes(&catalog, &a.manifest.inputs, &b.manifest.inputs).await?);
    for change in &changes {
        let soums = if change.soums.is_empty() { String::new() } else { format!(", {} soums", change.soums.len()) };
        context.say(&format!("{} {} {}{soums}", change.kind, change.name, change.how));
    }
    let rows = diff(&a, &b, &changes);
    output::write_named(&diff_table(&rows), "diff", &args.output)?;
    context.say(&format!("{} values differ", rows.len()));
    Ok(Outcome::Done)
}

/// Inputs that differ; tables are compared record by record.
async fn input_changes(
    catalog: &Catalog,
    before: &[InputRef],
    after: &[InputRef],
) -> Result<Vec<InputChange>, Failure> {
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
) -> Result<BTreeSet<(Option<SoumCode>, i32, String)>, Failure> {
    let mut all = BTreeSet::new();
    for input in inputs.iter().filter(|i| i.kind == kind) {
        let Some(dataset) = catalog.dataset(input.digest).await? else { continue };
        let values: Vec<Value> = catalog.get_json(dataset.blob).await?;
        for value in values {
            let soum = value.get("au2").and_then(|v| serde_json::from_value(v.clone()).ok());
            let year = value.get("year").and_then(Value::as_i64).and_then(|y| i32::try_from(y).ok()).unwrap_or(0);
            all.insert((soum, year, value.to_string()));
        }
    }
    Ok(all)
}
