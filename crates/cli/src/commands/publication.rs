//! `publish` and `withdraw`: which assessment the service answers with.

use belcheer_catalog::{AssessmentRecord, Catalog, CatalogError};

use super::Context;
use crate::args::{AssessmentName, PublicationArgs};
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Publishes an assessment for its cycle.
pub async fn publish(args: &PublicationArgs, context: &Context) -> Result<Outcome, Failure> {
    let catalog = workspace::open(&context.workspace).await?;
    let record = find(&catalog, args.assessment).await?;
    let cycle = args.cycle.clone().unwrap_or_else(|| record.cycle.clone());
    let published = catalog.publish(record.id, &cycle, &workspace::actor(), &workspace::now()).await;
    let superseded = published.map_err(told)?;
    context.say(&format!("cycle {cycle} now answers with {}", record.id));
    if let Some(earlier) = superseded {
        context.say(&format!("it supersedes {earlier}, which stays in the history"));
    }
    Ok(Outcome::Done)
}

/// Takes a published assessment back.
pub async fn withdraw(args: &PublicationArgs, context: &Context) -> Result<Outcome, Failure> {
    let catalog = workspace::open(&context.workspace).await?;
    let record = find(&catalog, args.assessment).await?;
    let cycles = catalog.withdraw(record.id, &workspace::actor(), &workspace::now()).await.map_err(told)?;
    context.say(&format!("{} is withdrawn from cycle {}", record.id, cycles.join(", ")));
    Ok(Outcome::Done)
}

/// What the user asked for and cannot have is refused; the rest is ours.
fn told(error: CatalogError) -> Failure {
    match error {
        CatalogError::NotPublished { .. } | CatalogError::CycleName { .. } | CatalogError::UnknownAssessment { .. } => {
            Failure::refused(error.to_string())
        }
        other => other.into(),
    }
}

pub(super) async fn find(catalog: &Catalog, name: AssessmentName) -> Result<AssessmentRecord, Failure> {
    let found = match name {
        AssessmentName::Latest => catalog.assessments().await?.pop(),
        AssessmentName::Id(id) => catalog.assessment(id).await?,
    };
    found.ok_or_else(|| Failure::refused("no such assessment in the workspace; make one with belcheer assess"))
}
