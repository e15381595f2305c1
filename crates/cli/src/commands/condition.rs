//! `condition`: cover, gaps and recovery class of surveyed plots.

use std::collections::BTreeMap;
use std::path::Path;

use belcheer_assessment::field_condition::{Survey, plot_conditions, rules_of};
use belcheer_vector_ingest::{TableKind, TableRecords};

use super::ingest::read_alone;
use super::output::{Ending, write};
use super::{Context, folder_exists};
use crate::args::ConditionArgs;
use crate::failure::{Failure, Outcome};

/// Runs the command; no workspace is needed.
pub fn run(args: &ConditionArgs, context: &Context) -> Result<Outcome, Failure> {
    let ending = Ending::of(&args.output)?;
    if matches!(ending, Ending::GeoPackage | Ending::GeoJson) {
        return Err(Failure::Usage(format!(
            "plots have no shape; the output {} must end in .csv, .parquet or .json",
            args.output
        )));
    }
    if ending != Ending::StandardOutput {
        folder_exists(Path::new(&args.output))?;
    }
    let mut findings = Vec::new();
    let mut survey = Survey::default();
    for (file, kind) in
        [(&args.line_points, TableKind::LinePoints), (&args.gaps, TableKind::Gaps), (&args.sites, TableKind::Sites)]
    {
        let Some(file) = file else { continue };
        match read_alone(file, kind, BTreeMap::new(), &mut findings)? {
            TableRecords::LinePoints(hits) => survey.hits = hits,
            TableRecords::Gaps(gaps) => survey.gaps = gaps,
            TableRecords::Sites(sites) => survey.sites = sites,
            _ => return Err(Failure::refused(format!("{}: not a survey of condition", file.display()))),
        }
    }
    if let Some(path) = &args.rules {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::refused(format!("{name}: the rules cannot be read: {e}")))?;
        survey.rules = Some(rules_of(&text, &name)?);
    }
    let found = plot_conditions(&survey)?;
    findings.extend(found.findings.iter().cloned());
    context.tell(&findings);
    write(&found.table(), "condition", ending, Path::new(&args.output))?;
    Ok(Outcome::of(&findings))
}
