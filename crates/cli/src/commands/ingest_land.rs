//! `ingest landuse|water|protected|exclusion`: polygons of land that matter to capacity.

use belcheer_assessment::capacity::classify_pieces;
use belcheer_catalog::{Catalog, DatasetKind, DatasetState, NewDataset};
use belcheer_vector_ingest::{ZoneJob, read_zones};
use serde_json::json;

use super::Context;
use super::ingest::{file_name, refusal, source_digest};
use crate::args::LandArgs;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Reads the file and keeps its polygons on longitude and latitude.
pub(super) async fn land(
    catalog: &Catalog,
    args: &LandArgs,
    kind: DatasetKind,
    context: &Context,
) -> Result<Outcome, Failure> {
    let coded = kind == DatasetKind::LandUse;
    if coded && args.code_field.is_none() {
        return Err(Failure::Usage("land use needs --code-field, the field with the land-use code".to_owned()));
    }
    let job = ZoneJob {
        layer: args.layer.clone(),
        crs: args.crs.map(|n| format!("EPSG:{n}")),
        points_as_squares: kind == DatasetKind::Water,
        ..ZoneJob::new(&args.file, args.code_field.as_deref(), Some("EPSG:4326"))
    };
    let zones = read_zones(&workspace::door()?, &job).map_err(|e| refusal(e, &args.file))?;
    let name = file_name(&args.file);
    let (pieces, findings) = classify_pieces(zones, &name, coded, args.limited_use);
    if pieces.is_empty() {
        return Err(Failure::refused(format!(
            "{name}: no feature has a land-use code of four digits in {}; name the field with --code-field",
            args.code_field.as_deref().unwrap_or_default()
        )));
    }
    let dataset = NewDataset {
        kind,
        level: None,
        product: None,
        date: None,
        state: DatasetState::Ready,
        source_name: name.clone(),
        source_digest: source_digest(&args.file)?,
        blob: catalog.put_json(&pieces).await?,
        records: pieces.len() as u64,
        meta: json!({ "limited_use": args.limited_use }),
        findings: findings.clone(),
        created_at: workspace::now(),
    };
    let digest = catalog.add_dataset(&dataset).await?;
    context.tell(&findings);
    context.say(&format!("{name}: {} polygons, {digest}", pieces.len()));
    Ok(Outcome::of(&findings))
}
