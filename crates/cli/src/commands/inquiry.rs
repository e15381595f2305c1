//! `placebo` and `power`: what the tests are worth on the data that is loaded.

use belcheer_assessment::blocks::Execution;
use belcheer_assessment::placebo::{placebo as run_placebo, placebo_table};
use belcheer_assessment::power::{PowerRequest, power as run_power, power_table};
use belcheer_assessment::{Inputs, Request};

use super::Context;
use super::output;
use crate::args::{InquiryArgs, PlaceboArgs, PowerArgs};
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Rejection rates where nothing can have changed.
pub async fn placebo(args: &PlaceboArgs, context: &Context) -> Result<Outcome, Failure> {
    let (inputs, request) = prepare(&args.inquiry, context).await?;
    let rows = run_placebo(&inputs, &request, args.draws, &execution(&engine(context)), &context.progress)?;
    output::write_named(&placebo_table(&rows), "placebo", &args.inquiry.output)?;
    Ok(Outcome::Done)
}

/// What a given change would need.
pub async fn power(args: &PowerArgs, context: &Context) -> Result<Outcome, Failure> {
    if !(0.0..1.0).contains(&args.map_r2) || args.change.is_some_and(|c| c.is_nan() || c <= 0.0) {
        return Err(Failure::Usage("--map-r2 must be from 0 to below 1, --change positive".to_owned()));
    }
    let (inputs, request) = prepare(&args.inquiry, context).await?;
    let asked = PowerRequest { change: args.change, indicator: args.indicator, map_r2: args.map_r2 };
    let rows = run_power(&inputs, &request, &asked, &execution(&engine(context)), &context.progress)?;
    output::write_named(&power_table(&rows), "power", &args.inquiry.output)?;
    Ok(Outcome::Done)
}

fn engine(context: &Context) -> belcheer_plan::Embedded {
    belcheer_plan::Embedded { threads: context.threads }
}

/// Sums of blocks that the workspace already holds are used again: an inquiry follows an assessment.
fn execution(engine: &belcheer_plan::Embedded) -> Execution<'_> {
    Execution { engine, resume: true, memory_mib: None }
}

async fn prepare(args: &InquiryArgs, context: &Context) -> Result<(Inputs, Request), Failure> {
    let scheme = super::assess::scheme(args.scheme.as_deref())?;
    let catalog = workspace::open(&context.workspace).await?;
    let request = Request {
        scheme,
        baseline: args.baseline,
        reporting: args.reporting,
        cycle: args.reporting.last.to_string(),
        soums: Vec::new(),
        levels: Vec::new(),
        seed: args.seed,
        enrolled: Vec::new(),
    };
    Ok((Inputs::load(&catalog).await?, request))
}
