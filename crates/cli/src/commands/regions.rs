//! `regions`: the vegetation series by zones of several levels.

use std::path::Path;

use belcheer_assessment::Inputs;
use belcheer_assessment::regions::{RegionPlan, csvw, lay};

use super::output::{Ending, write};
use super::{Context, assess, folder_exists, write_out};
use crate::args::RegionArgs;
use crate::extras::Extras;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Runs the command.
pub async fn run(args: &RegionArgs, context: &Context, extras: &Extras) -> Result<Outcome, Failure> {
    let ending = Ending::of(&args.output)?;
    let output = Path::new(&args.output);
    folder_exists(output)?;
    if matches!(ending, Ending::GeoPackage | Ending::GeoJson) {
        return Err(Failure::Usage(format!(
            "write the table as .csv, .parquet or .json, and the map with --map {}",
            args.output
        )));
    }
    let map = args.map.as_deref().map(|path| Ok::<_, Failure>((map_ending(path)?, path))).transpose()?;
    let plan = plan(args)?;
    let catalog = workspace::open(&context.workspace).await?;
    let inputs = Inputs::load(&catalog).await?;
    let regions = lay(&catalog, &inputs, &plan, args.run.resume).await?;
    context.tell(&regions.findings);
    if let Some(path) = &args.write_plan {
        std::fs::write(path, regions.plan.to_toml()?)?;
    }
    if args.dry_run {
        let told = serde_json::json!({ "plan": regions.plan, "blocks": regions.estimate(context.threads)? });
        let text = serde_json::to_string_pretty(&told).map_err(anyhow::Error::from)?;
        write_out(&format!("{text}\n"))?;
        return Ok(Outcome::Done);
    }
    let engine = assess::engine(&args.run, context, extras)?;
    let answer = regions.run(&assess::execution(&*engine, &args.run), &context.progress)?;
    let file = output.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match ending {
        Ending::Parquet => answer.table.write_parquet_told(output, Some(&csvw(&file)))?,
        _ => write(&answer.table, "regions", ending, output)?,
    }
    if ending == Ending::Csv {
        let text = serde_json::to_vec_pretty(&csvw(&file)).map_err(anyhow::Error::from)?;
        std::fs::write(output.with_file_name(format!("{file}-metadata.json")), text)?;
    }
    if let Some((ending, path)) = map {
        write(&answer.map, "regions", ending, path)?;
    }
    Ok(Outcome::of(&regions.findings))
}

/// The form of a map, by its name.
fn map_ending(path: &Path) -> Result<Ending, Failure> {
    folder_exists(path)?;
    match Ending::of(&path.to_string_lossy())? {
        ending @ (Ending::GeoPackage | Ending::GeoJson | Ending::Parquet) => Ok(ending),
        _ => Err(Failure::Usage(format!("the map {} must end in .gpkg, .geojson or .parquet", path.display()))),
    }
}

fn plan(args: &RegionArgs) -> Result<RegionPlan, Failure> {
    if let Some(path) = &args.plan {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::refused(format!("{}: the plan cannot be read: {e}", path.display())))?;
        return Ok(RegionPlan::from_toml(&text)?);
    }
    let Some(years) = args.years else { return Err(Failure::Usage("name --years A..B or a --plan".to_owned())) };
    let slope_years_min = args.trend.then_some(args.years_min);
    let source = args.source.named(years)?;
    Ok(RegionPlan { years, levels: args.level.clone(), slope_years_min, source })
}
