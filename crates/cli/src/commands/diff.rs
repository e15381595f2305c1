//! `diff`: two assessments, what differs, and because of which input.

use belcheer_assessment::AssessmentResult;
use belcheer_assessment::diff::{diff, diff_table, input_changes, setting_changes};

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
