//! `area`: areas and accuracies of mapped classes from a reference sample.

use std::collections::BTreeMap;

use belcheer_assessment::map_accuracy::map_accuracy;
use belcheer_vector_ingest::{TableKind, TableRecords};

use super::Context;
use super::ingest::{field_map, file_name, read_alone};
use super::output::write_named;
use crate::args::AreaArgs;
use crate::failure::{Failure, Outcome};

/// Fields of the table of areas; all others are of the sample.
const OF_AREAS: [&str; 3] = ["class", "area_ha", "area_km2"];

/// Runs the command; no workspace is needed.
pub fn run(args: &AreaArgs, context: &Context) -> Result<Outcome, Failure> {
    let (of_areas, of_sample): (BTreeMap<String, String>, BTreeMap<String, String>) =
        field_map(&args.map)?.into_iter().partition(|(field, _)| OF_AREAS.contains(&field.as_str()));
    let mut findings = Vec::new();
    let (sample, areas) = (
        read_alone(&args.sample, TableKind::ReferenceSamples, of_sample, &mut findings)?,
        read_alone(&args.strata, TableKind::ClassAreas, of_areas, &mut findings)?,
    );
    let (TableRecords::ReferenceSamples(samples), TableRecords::ClassAreas(classes)) = (sample, areas) else {
        return Err(Failure::refused("the files are no sample and no table of areas"));
    };
    let names = (file_name(&args.sample), file_name(&args.strata));
    let found = map_accuracy(&samples, classes, (&names.0, &names.1))?;
    findings.extend(found.findings.iter().cloned());
    context.tell(&findings);
    write_named(&found.table(), "area", &args.output)?;
    Ok(Outcome::of(&findings))
}
