//! `capacity`: forage, carrying capacity and stocking ratio of every soum.

use std::path::Path;

use belcheer_assessment::capacity::{
    CapacityMethod, CapacityRequest, CapacityResult, LandLayers, capacity, capacity_plan, write_maps, write_tables,
};
use belcheer_assessment::{Inputs, NATIONAL_SCHEME};
use belcheer_domain::Scheme;

use super::{Context, write_out};
use crate::args::{CapacityArgs, CapacityWay};
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Runs the command.
pub async fn run(args: CapacityArgs, context: &Context) -> Result<Outcome, Failure> {
    let document = match &args.scheme {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|e| Failure::refused(format!("{}: the scheme document cannot be read: {e}", path.display())))?,
        None => NATIONAL_SCHEME.to_owned(),
    };
    let request = CapacityRequest {
        scheme: Scheme::from_toml(&document).map_err(|e| Failure::refused(e.to_string()))?,
        method: match args.method {
            CapacityWay::Native => CapacityMethod::Native,
            CapacityWay::AlmgacLm2 => CapacityMethod::AlmgacLm2,
        },
        year: args.year,
        water: args.water_factors.clone(),
        slope: args.slope_factors.clone(),
        land_use: args.land_use_rules.clone(),
        calibration: args.calibration_rules.clone(),
    };
    let catalog = workspace::open(&context.workspace).await?;
    let inputs = Inputs::load(&catalog).await?;
    let layers = LandLayers::load(&catalog).await?;
    if args.dry_run {
        let plan = capacity_plan(&inputs, &layers, &request)?;
        let text = serde_json::to_string_pretty(&plan).map_err(anyhow::Error::from)?;
        write_out(&format!("{text}\n"))?;
        return Ok(Outcome::Done);
    }
    let result = capacity(&inputs, &layers, &request, &context.progress)?;
    context.tell(&result.findings);
    if args.output == "-" {
        result.season_table().write_csv(std::io::stdout().lock())?;
    } else {
        let folder = Path::new(&args.output);
        write_tables(folder, &result, &inputs)?;
        write_maps(folder, &result)?;
    }
    summary(&result, context);
    Ok(Outcome::of(&result.findings))
}

fn summary(result: &CapacityResult, context: &Context) {
    let with_ratio = result.soums.iter().filter(|s| s.ratio.is_some()).count();
    context.say(&format!(
        "{}: {with_ratio} of {} soums have capacity and ratio for the livestock of {}",
        result.method.as_str(),
        result.soums.len(),
        result.year
    ));
}
