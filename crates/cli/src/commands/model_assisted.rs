//! `model-assisted`: means of a map over zones, put right by measured points.

use std::collections::BTreeMap;

use belcheer_assessment::model_assisted::{ModelAssistedRequest, model_assisted};
use belcheer_vector_ingest::{TableKind, TableRecords};

use super::Context;
use super::ingest::{file_name, read_alone};
use super::output::write_named;
use crate::args::ModelAssistedArgs;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Runs the command; no workspace is needed.
pub fn run(args: &ModelAssistedArgs, context: &Context) -> Result<Outcome, Failure> {
    let stated = [("value", &args.value), ("group", &args.group), ("lon", &args.lon), ("lat", &args.lat)];
    let map: BTreeMap<String, String> =
        stated.into_iter().filter_map(|(field, column)| Some((field.to_owned(), column.clone()?))).collect();
    let mut findings = Vec::new();
    let TableRecords::MeasuredPoints(points) = read_alone(&args.points, TableKind::MeasuredPoints, map, &mut findings)?
    else {
        return Err(Failure::refused(format!("{}: no table of points", args.points.display())));
    };
    let request = ModelAssistedRequest {
        points: (points, file_name(&args.points)),
        map: args.map.clone(),
        zones: args.zones.job(),
        crs_epsg: args.zones.crs,
        by_group: args.group.is_some(),
    };
    let scratch = tempfile::tempdir()?;
    let found = model_assisted(&workspace::door()?, &request, scratch.path(), &context.progress)?;
    findings.extend(found.findings.iter().cloned());
    context.tell(&findings);
    write_named(&found.table(), "model_assisted", &args.output)?;
    Ok(Outcome::of(&findings))
}
