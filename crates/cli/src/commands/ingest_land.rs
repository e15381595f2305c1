//! `ingest landuse|water|protected|exclusion`: polygons of land that matter to capacity.

use belcheer_assessment::capacity::classify_pieces;
use belcheer_catalog::{Catalog, DatasetKind};
use belcheer_door::Refusal;
use belcheer_vector_ingest::{ZoneJob, read_zones};
use serde_json::json;

use super::ingest::{Kept, Taken, file_name, keep, refusal};
use crate::args::LandArgs;
use crate::failure::Failure;
use crate::workspace;

/// Reads the file and keeps its polygons on longitude and latitude.
pub(super) async fn land(catalog: &Catalog, args: &LandArgs, kind: DatasetKind) -> Result<Taken, Failure> {
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
        let field = args.code_field.as_deref().unwrap_or_default();
        return Err(Failure::from(&Refusal::new(
            "no_land_use_codes",
            name,
            format!("no feature has a land-use code of four digits in {field}; name the field with --code-field"),
            format!("{field} талбарт дөрвөн оронтой газар ашиглалтын код алга; --code-field-ээр талбарыг заана уу"),
        )));
    }
    let (blob, meta) = (catalog.put_json(&pieces).await?, json!({ "limited_use": args.limited_use }));
    let kept = Kept { kind, path: &args.file, blob, records: pieces.len(), what: "polygons", meta, findings };
    keep(catalog, kept).await
}
