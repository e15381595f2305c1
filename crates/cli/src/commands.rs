//! One module a command.

mod access;
mod area;
mod assess;
mod backup;
mod capacity;
mod climate;
mod cluster;
mod composite;
mod condition;
mod degradation;
mod diff;
mod enrol;
mod ingest;
mod ingest_land;
mod inquiry;
mod job;
mod model_assisted;
mod output;
mod publication;
mod regions;
mod report;
mod sample;
mod serve;
mod trend;
mod zonal_stats;

use std::path::Path;

use belcheer_domain::{Finding, Severity};

use crate::args::{Arguments, Command};
use crate::extras::Extras;
use crate::failure::{Failure, Outcome};
use crate::progress::Progress;
use crate::workspace;

/// What every command is given.
pub struct Context {
    /// The workspace's folder.
    pub workspace: std::path::PathBuf,
    /// Whether summaries are left out.
    pub quiet: bool,
    /// Threads in use.
    pub threads: usize,
    /// Who is told of progress.
    pub progress: Progress,
}

/// Runs one command.
pub fn run(arguments: Arguments, extras: &Extras) -> Result<Outcome, Failure> {
    if matches!(arguments.command, Command::IngestWorker) {
        return worker();
    }
    let threads = if arguments.threads == 0 { num_threads() } else { arguments.threads };
    // a second call in one process keeps the pool of the first, which is the same
    drop(rayon::ThreadPoolBuilder::new().num_threads(threads).build_global());
    if matches!(arguments.command, Command::JobWorker) {
        return job::run(arguments.workspace, threads, extras);
    }
    let context = Context {
        workspace: arguments.workspace,
        quiet: arguments.quiet,
        threads,
        progress: Progress::new(arguments.quiet, arguments.json_progress),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.command {
            Command::Init { dir } => init(&dir, &context).await,
            Command::Sample(args) => sample::run(&args, &context).await,
            Command::Ingest(args) => ingest::run(args, &context).await,
            Command::ZonalStats(args) => zonal_stats::run(&args, &context),
            Command::Trend(args) => trend::run(&args, &context),
            Command::Capacity(args) => capacity::run(args, &context).await,
            Command::Climate(args) => climate::run(args, &context, extras).await,
            Command::Condition(args) => condition::run(&args, &context),
            Command::Area(args) => area::run(&args, &context),
            Command::ModelAssisted(args) => model_assisted::run(&args, &context),
            Command::Degradation(args) => degradation::run(&args, &context),
            Command::Composite(args) => composite::run(&args, &context),
            Command::Assess(args) => assess::run(args, &context, extras).await,
            Command::Placebo(args) => inquiry::placebo(&args, &context).await,
            Command::Power(args) => inquiry::power(&args, &context).await,
            Command::Diff(args) => diff::run(&args, &context).await,
            Command::Enrol(args) => enrol::run(&args, &context).await,
            Command::Publish(args) => publication::publish(&args, &context).await,
            Command::Withdraw(args) => publication::withdraw(&args, &context).await,
            Command::Report(args) => report::run(&args, &context).await,
            Command::Serve(args) => serve::run(&args, &context).await,
            Command::User(command) => access::user(command, &context).await,
            Command::Key(command) => access::key(command, &context).await,
            Command::Backup { folder } => backup::backup(&folder, &context).await,
            Command::Restore { folder } => backup::restore(&folder, &context).await,
            Command::Doctor => doctor(&context).await,
            Command::Regions(args) => regions::run(&args, &context, extras).await,
            Command::Cluster(command) => cluster::run(command, &context, extras).await,
            // both were answered above
            Command::IngestWorker | Command::JobWorker => Ok(Outcome::Done),
        }
    })
}

fn num_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// The child's side of the door.
fn worker() -> Result<Outcome, Failure> {
    belcheer_door::serve(std::io::stdin().lock(), std::io::stdout(), |kind, body| match kind.split_once('.') {
        Some(("raster", _)) => belcheer_raster_ingest::handle(kind, body),
        _ => belcheer_vector_ingest::handle(kind, body),
    })
    .map_err(|e| Failure::Internal(e.into()))?;
    Ok(Outcome::Done)
}

async fn init(dir: &Path, context: &Context) -> Result<Outcome, Failure> {
    belcheer_catalog::Catalog::init_in(dir, &belcheer_catalog::Storage::from_env()).await?.close().await;
    context.say(&format!(
        "workspace {} is ready; next: belcheer --workspace {} ingest ...",
        dir.display(),
        dir.display()
    ));
    Ok(Outcome::Done)
}

async fn doctor(context: &Context) -> Result<Outcome, Failure> {
    let catalog = workspace::open(&context.workspace).await?;
    let report = catalog.doctor().await?;
    write_out(&format!("{} of everything held\n{} blobs\n", report.digest, report.blobs))?;
    let lists = [
        ("missing", report.missing.iter().map(ToString::to_string).collect::<Vec<_>>()),
        ("corrupt", report.corrupt.iter().map(ToString::to_string).collect()),
        ("altered", report.altered.clone()),
        ("database", report.database.clone()),
        ("orphan", report.orphans.iter().map(ToString::to_string).collect()),
        ("leftover", report.leftovers.clone()),
    ];
    for (what, items) in lists {
        for item in items {
            write_out(&format!("{what} {item}\n"))?;
        }
    }
    write_out(&format!("fence of readers: {}\n", workspace::fence()?))?;
    Ok(if report.is_whole() { Outcome::Done } else { Outcome::DoneWithErrors })
}

/// Refuses an output whose folder is not there; told before anything is computed, not after.
pub fn folder_exists(output: &Path) -> Result<(), Failure> {
    match output.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !folder.is_dir() => {
            Err(Failure::Usage(format!("there is no folder {} for the output; make it first", folder.display())))
        }
        _ => Ok(()),
    }
}

/// Writes data to standard output.
pub fn write_out(text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

impl Context {
    /// Tells the user something on standard error, unless quiet.
    #[expect(clippy::print_stderr, reason = "messages go to standard error")]
    pub fn say(&self, text: &str) {
        if !self.quiet {
            eprintln!("{text}");
        }
    }

    /// Tells the user what was noticed; warnings and errors also when quiet is not asked for.
    pub fn tell(&self, findings: &[Finding]) {
        for finding in findings {
            let place = if finding.place.is_empty() { String::new() } else { format!(", {}", finding.place) };
            let times = if finding.count > 1 { format!(" ({} times)", finding.count) } else { String::new() };
            self.say(&format!(
                "{}: {}{place}: {}{times} [{}]",
                finding.severity.as_str(),
                finding.input,
                finding.text_en,
                finding.code
            ));
        }
        let errors = findings.iter().filter(|f| f.severity == Severity::Error).count();
        if errors > 0 {
            self.say(&format!("{errors} findings of severity error"));
        }
    }
}
