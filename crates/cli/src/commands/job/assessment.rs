//! Assessments, and their tables as one file.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use belcheer_api::requests::{AssessmentRequest, ExportRequest};
use belcheer_assessment::export::Run;
use belcheer_assessment::partials::Partial;
use belcheer_assessment::{AssessmentResult, Inputs, NATIONAL_SCHEME, Request, read_scheme};
use belcheer_domain::{Digest, Scheme, Status};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use super::Desk;
use crate::args::{EngineName, RunArgs};
use crate::commands::assess::{beside_the_soum, make};
use crate::failure::Failure;

/// Makes an assessment; partial sums that an interrupted run kept are used.
pub async fn assess(desk: &Desk<'_>) -> Result<Value, Failure> {
    let asked: AssessmentRequest = desk.request()?;
    let scheme = match &asked.scheme {
        None => Scheme::from_toml(NATIONAL_SCHEME).map_err(|e| Failure::refused(e.to_string()))?,
        Some(document) => read_scheme(document).map_err(|e| Failure::refused(format!("the scheme: {e}")))?,
    };
    let request = Request {
        scheme,
        baseline: asked.baseline,
        reporting: asked.reporting,
        cycle: asked.cycle.unwrap_or_else(|| asked.reporting.last.to_string()),
        soums: asked.soums,
        levels: beside_the_soum(&asked.levels),
        seed: asked.seed,
        enrolled: Vec::new(),
    };
    let how = RunArgs { engine: EngineName::Local, scheduler: None, resume: true, memory: None };
    let made = make(&desk.catalog, request, asked.baseline_boundaries, &how, &desk.context, desk.extras).await?;
    let result = &made.assessed.result;
    let counts: serde_json::Map<String, Value> = Status::ALL
        .iter()
        .map(|status| (status.to_string(), json!(result.soums.iter().filter(|s| s.status == *status).count())))
        .collect();
    Ok(json!({
        "assessment": result.manifest.id(), "cycle": result.manifest.cycle, "soums": result.soums.len(),
        "statuses": counts, "findings": result.findings.len(),
    }))
}

/// Writes the tables of an assessment, as `assess -o` does, into one zip file.
pub async fn export(desk: &Desk<'_>) -> Result<Value, Failure> {
    let asked: ExportRequest = desk.request()?;
    let record = desk.catalog.assessment(asked.assessment).await?;
    let record = record.ok_or_else(|| Failure::refused(format!("no assessment {} is held", asked.assessment)))?;
    let result: AssessmentResult = desk.catalog.get_json(record.result).await?;
    let partials = record.manifest.get("partials").and_then(Value::as_str).and_then(|d| d.parse::<Digest>().ok());
    let partials: Vec<Partial> = match partials {
        Some(digest) => desk.catalog.get_json(digest).await?,
        None => Vec::new(),
    };
    desk.step("exporting", 0, 2);
    let inputs = Inputs::load(&desk.catalog).await?;
    let folder = tempfile::tempdir()?;
    let run = Run {
        engine: "local".to_owned(),
        threads: desk.context.threads,
        seconds: 0.0,
        program: concat!("belcheer ", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    belcheer_assessment::export::export(folder.path(), &result, &partials, &inputs.shapes(), &run)?;
    desk.step("exporting", 1, 2);
    let packed = desk.catalog.temp_file()?;
    pack(folder.path(), packed.path())?;
    let short = asked.assessment.hex();
    let name = format!("assessment-{}.zip", short.get(..12).unwrap_or(&short));
    let file = desk.keep(packed.path(), &name, "application/zip").await?;
    desk.step("exporting", 2, 2);
    Ok(json!({ "files": [file] }))
}

/// Packs the files of a folder, by name.
pub fn pack(folder: &Path, target: &Path) -> Result<(), Failure> {
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<std::io::Result<_>>()?;
    names.sort();
    let mut archive = zip::ZipWriter::new(BufWriter::new(File::create(target)?));
    // no times: the same tables give the same bytes
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default()).large_file(true);
    for name in names {
        archive.start_file(name.as_str(), options).map_err(anyhow::Error::from)?;
        std::io::copy(&mut File::open(folder.join(&name))?, &mut archive)?;
    }
    archive.finish().map_err(anyhow::Error::from)?.flush()?;
    Ok(())
}
