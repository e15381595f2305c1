//! `assess`: inputs of the workspace to a recorded assessment and its tables.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use belcheer_assessment::blocks::{BlockEngine, Execution};
use belcheer_assessment::{
    Assessed, AssessmentResult, Inputs, NATIONAL_SCHEME, Request, Run, assess, dry_run, export, read_scheme,
};
use belcheer_catalog::{AssessmentRecord, Catalog};
use belcheer_domain::records::Level;
use belcheer_domain::{Class, Digest, Scheme, Status};

use super::cluster::no_cluster;
use super::{Context, write_out};
use crate::args::{AssessArgs, EngineName, RunArgs, Soums};
use crate::extras::Extras;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// An assessment that was made and recorded.
pub struct Made {
    /// The result with its partials.
    pub assessed: Assessed,
    /// What it was made of.
    pub inputs: Inputs,
    /// How the run went.
    pub run: Run,
}

/// Runs the command.
pub async fn run(args: AssessArgs, context: &Context, extras: &Extras) -> Result<Outcome, Failure> {
    let request = request(&args)?;
    let catalog = workspace::open(&context.workspace).await?;
    if args.dry_run {
        let (request, inputs) = gather(&catalog, request, args.baseline_boundaries).await?;
        let plan = dry_run(&inputs, &request, context.threads, args.run.resume)?;
        let text = serde_json::to_string_pretty(&plan).map_err(anyhow::Error::from)?;
        write_out(&format!("{text}\n"))?;
        return Ok(Outcome::Done);
    }
    let made = make(&catalog, request, args.baseline_boundaries, &args.run, context, extras).await?;
    if let Some(folder) = &args.output {
        let assessed = &made.assessed;
        export::export(folder, &assessed.result, &assessed.partials, &made.inputs.shapes(), &made.run)?;
    }
    write_out(&table(&made.assessed.result))?;
    summary(context, &made.inputs, &made.assessed.result, made.run.seconds);
    Ok(Outcome::of(&made.assessed.result.findings))
}

/// Makes an assessment and records it in the workspace.
pub async fn make(
    catalog: &Catalog,
    request: Request,
    baseline_boundaries: Option<Digest>,
    how: &RunArgs,
    context: &Context,
    extras: &Extras,
) -> Result<Made, Failure> {
    let started = Instant::now();
    let (request, inputs) = gather(catalog, request, baseline_boundaries).await?;
    let engine = engine(how, context, extras)?;
    let execution = execution(&*engine, how);
    let assessed = assess(&inputs, &request, &execution, &context.progress)?;
    record(catalog, &assessed).await?;
    let run = Run {
        engine: engine.name().to_owned(),
        threads: context.threads,
        seconds: started.elapsed().as_secs_f64(),
        program: concat!("belcheer ", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    Ok(Made { assessed, inputs, run })
}

/// What an assessment reads.
async fn gather(
    catalog: &Catalog,
    mut request: Request,
    baseline_boundaries: Option<Digest>,
) -> Result<(Request, Inputs), Failure> {
    request.enrolled = super::enrol::held(catalog).await?;
    let mut inputs = Inputs::load(catalog).await?;
    if let Some(digest) = baseline_boundaries {
        inputs.carry_from(catalog, digest, request.baseline.last).await?;
    }
    inputs.load_levels(catalog, &request.levels).await?;
    Ok((request, inputs))
}

/// The engine asked for.
pub fn engine(args: &RunArgs, context: &Context, extras: &Extras) -> Result<Box<dyn BlockEngine>, Failure> {
    match (args.engine, &args.scheduler) {
        (EngineName::Ballista, Some(scheduler)) => Ok(extras.ballista.ok_or_else(no_cluster)?(scheduler)?),
        _ => Ok(Box::new(belcheer_plan::Embedded { threads: context.threads })),
    }
}

/// How blocks are run.
pub fn execution<'a>(engine: &'a dyn BlockEngine, args: &RunArgs) -> Execution<'a> {
    Execution { engine, resume: args.resume, memory_mib: args.memory.or_else(free_memory_mib) }
}

/// Memory that the system says is available, MiB, where it says so.
fn free_memory_mib() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kib| kib / 1024)
}

fn request(args: &AssessArgs) -> Result<Request, Failure> {
    Ok(Request {
        scheme: scheme(args.scheme.as_deref())?,
        baseline: args.baseline,
        reporting: args.reporting,
        cycle: args.cycle.clone().unwrap_or_else(|| args.reporting.last.to_string()),
        soums: match &args.soums {
            Soums::All => Vec::new(),
            Soums::Some(codes) => codes.clone(),
        },
        levels: beside_the_soum(&args.level),
        seed: args.seed,
        enrolled: Vec::new(),
    })
}

/// Levels other than the soum, each once.
pub(super) fn beside_the_soum(levels: &[Level]) -> Vec<Level> {
    let others: BTreeSet<Level> = levels.iter().copied().filter(|level| *level != Level::Soum).collect();
    others.into_iter().collect()
}

/// The scheme of a document, or the national one; a refusal names file and line.
pub(super) fn scheme(path: Option<&Path>) -> Result<Scheme, Failure> {
    let Some(path) = path else {
        return Scheme::from_toml(NATIONAL_SCHEME).map_err(|e| Failure::refused(e.to_string()));
    };
    let document = std::fs::read_to_string(path)
        .map_err(|e| Failure::refused(format!("{}: the scheme document cannot be read: {e}", path.display())))?;
    read_scheme(&document).map_err(|e| Failure::refused(format!("{}: {e}", path.display())))
}

/// Stores the result and its partials in the workspace.
async fn record(catalog: &Catalog, assessed: &Assessed) -> Result<(), Failure> {
    let result = catalog.put_json(&assessed.result).await?;
    let partials = catalog.put_json(&assessed.partials).await?;
    let manifest = &assessed.result.manifest;
    let mut value = serde_json::to_value(manifest).map_err(anyhow::Error::from)?;
    if let Some(object) = value.as_object_mut() {
        object.insert("partials".to_owned(), serde_json::Value::String(partials.to_string()));
    }
    let scheme_id = manifest.scheme.split('@').next().unwrap_or_default().to_owned();
    let record = AssessmentRecord {
        id: manifest.id(),
        cycle: manifest.cycle.clone(),
        scheme_id,
        scheme_digest: manifest.scheme_digest,
        manifest: value,
        result,
        created_at: workspace::now(),
    };
    Ok(catalog.add_assessment(&record).await?)
}

/// One line a soum: code, status, score, the class of each indicator, name.
fn table(result: &AssessmentResult) -> String {
    let mut text = format!(
        "{:<6} {:<22} {:>5}  {:<13}{:<13}{:<13}{:<13}{:<13}{}\n",
        "au2", "status", "score", "I1", "I2", "I3", "I4", "I5", "name"
    );
    for soum in &result.soums {
        let classes: String = result
            .indicators
            .iter()
            .filter(|r| r.au2 == soum.au2)
            .map(|r| format!("{:<13}", if r.class == Class::Insufficient { "-" } else { r.class.as_str() }))
            .collect();
        let score = soum.score.map_or_else(|| "-".to_owned(), |s| format!("{s:.0}"));
        let name = soum.name_mn.as_deref().or(soum.name_en.as_deref()).unwrap_or_default().replace(' ', "_");
        text += &format!("{:<6} {:<22} {score:>5}  {classes}{name}\n", soum.au2, soum.status.as_str());
    }
    text
}

fn summary(context: &Context, inputs: &Inputs, result: &AssessmentResult, seconds: f64) {
    let area: f64 = result.soums.iter().map(|s| s.area_km2).sum();
    context.say(&format!("{} soums, {area:.0} km2; assessment {}", result.soums.len(), result.manifest.id()));
    let mut years: Vec<i32> = inputs.livestock.iter().map(|c| c.year).collect();
    years.sort_unstable();
    years.dedup();
    for year in years.iter().rev().take(3).rev() {
        let of_year = inputs.livestock.iter().filter(|c| c.year == *year);
        let (mut by_species, mut in_total) = (0.0, 0.0);
        for count in of_year {
            if count.species.is_some() { by_species += count.head } else { in_total += count.head }
        }
        let sfu: f64 =
            result.stocking.iter().filter(|r| r.year == *year && r.season == "winter_spring").map(|r| r.sfu).sum();
        context.say(&format!(
            "livestock {year}: {in_total:.0} head counted in total, {by_species:.0} by species; {sfu:.0} SFU in the stocking table"
        ));
    }
    context.say(&format!("{} plot-years, {} photo-point visits", inputs.plots.len(), inputs.photo_points.len()));
    for status in Status::ALL {
        let n = result.soums.iter().filter(|s| s.status == *status).count();
        context.say(&format!("{n:>5} {status}"));
    }
    context.say(&format!("{} findings; {seconds:.1} s", result.findings.len()));
}
