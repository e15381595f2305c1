//! `climate`: drought, dzud and residual trends of every soum.

use belcheer_assessment::climate::{ClimateRequest, climate, write_climate};
use belcheer_assessment::{Inputs, NATIONAL_SCHEME};
use belcheer_domain::Scheme;

use super::Context;
use super::assess::{engine, execution};
use crate::args::ClimateArgs;
use crate::extras::Extras;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Runs the command.
pub async fn run(args: ClimateArgs, context: &Context, extras: &Extras) -> Result<Outcome, Failure> {
    let request = ClimateRequest {
        scheme: Scheme::from_toml(NATIONAL_SCHEME).map_err(|e| Failure::refused(e.to_string()))?,
        baseline: args.baseline,
    };
    let catalog = workspace::open(&context.workspace).await?;
    let inputs = Inputs::load(&catalog).await?;
    let engine = engine(&args.run, context, extras)?;
    let result = climate(&inputs, &request, &execution(&*engine, &args.run), &context.progress)?;
    context.tell(&result.findings);
    if args.output == "-" {
        result.drought_table(&inputs).write_csv(std::io::stdout().lock())?;
    } else {
        write_climate(std::path::Path::new(&args.output), &result, &inputs)?;
    }
    let dzud = result.years.iter().filter(|row| row.involuntary_destocking == Some(true)).count();
    let valid = result.trends.iter().filter(|trend| trend.reasons.is_empty()).count();
    context.say(&format!(
        "{} soum-years, {dzud} with more than a tenth of the livestock lost; {valid} of {} residual trends hold",
        result.years.len(),
        result.trends.len()
    ));
    Ok(Outcome::of(&result.findings))
}
