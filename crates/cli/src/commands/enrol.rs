//! `enrol`: freezes baselines; the audit trail holds the list.

use std::collections::BTreeMap;

use belcheer_assessment::AssessmentResult;
use belcheer_assessment::baselines::{FrozenBaseline, freeze};
use belcheer_catalog::Catalog;

use super::{Context, publication};
use crate::args::{EnrolArgs, Soums};
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Under what the audit trail holds the list.
const SUBJECT: &str = "baselines";

/// Every frozen baseline, by soum and version.
pub(super) async fn held(catalog: &Catalog) -> Result<Vec<FrozenBaseline>, Failure> {
    let newest = catalog.audit_trail(Some(SUBJECT), 1).await?.pop();
    let list = newest.map(|entry| serde_json::from_value(entry.detail)).transpose();
    Ok(list.map_err(anyhow::Error::from)?.unwrap_or_default())
}

/// Freezes the baselines of soums as an assessment has them.
pub async fn run(args: &EnrolArgs, context: &Context) -> Result<Outcome, Failure> {
    let catalog = workspace::open(&context.workspace).await?;
    let record = publication::find(&catalog, args.assessment).await?;
    let result: AssessmentResult = catalog.get_json(record.result).await?;
    let asked = |code| match &args.soums {
        Soums::All => true,
        Soums::Some(codes) => codes.contains(code),
    };
    let soums: BTreeMap<_, _> = result
        .soums
        .iter()
        .filter(|s| asked(&s.au2))
        .filter_map(|s| Some((s.au2, s.standing.baseline_digest?)))
        .collect();
    if soums.is_empty() {
        return Err(Failure::refused("the assessment holds no baseline of these soums"));
    }
    let mut list = held(&catalog).await?;
    let added = freeze(&mut list, &soums, result.manifest.baseline, record.id, args.new_version).map_err(|others| {
        let codes: Vec<String> = others.iter().map(ToString::to_string).collect();
        Failure::refused(format!(
            "enrolled on other baseline years: {}; register these years with --new-version and run both for one cycle",
            codes.join(",")
        ))
    })?;
    if !added.is_empty() {
        let detail = serde_json::to_value(&list).map_err(anyhow::Error::from)?;
        catalog.audit(&workspace::actor(), "freeze_baselines", SUBJECT, &detail, &workspace::now()).await?;
    }
    context.say(&format!("{} baselines frozen, {} held", added.len(), list.len()));
    Ok(Outcome::Done)
}
