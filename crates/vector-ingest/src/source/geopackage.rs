//! GeoPackage: a database from outside, opened read-only and immutable, with nothing in it that could run.

use std::path::Path;

use belcheer_door::Refusal;
use gdal::{
    Dataset,
    vector::{LayerAccess, sql::Dialect},
};

use super::{RawLayer, input_name, reader};
use crate::{limits::Limits, messages::refuse};

/// Reads one layer of a GeoPackage.
pub(crate) fn read(path: &Path, layer: Option<&str>, limits: &Limits) -> Result<RawLayer, Refusal> {
    let input = input_name(path);
    let dataset = reader::open(path, "GPKG", &["IMMUTABLE=YES", "LIST_ALL_TABLES=NO"], &input)?;
    check_schema(&dataset, &input)?;
    let mut layer = reader::pick(&dataset, layer, &input)?;
    reader::read(&mut layer, &input, limits)
}

/// Refuses views, and triggers other than those that every writer of the format makes.
fn check_schema(dataset: &Dataset, input: &str) -> Result<(), Refusal> {
    const QUERY: &str = "SELECT type, name FROM sqlite_master WHERE type IN ('view', 'trigger')";
    const USUAL: [&str; 5] =
        ["gpkg_", "rtree_", "trigger_insert_feature_count_", "trigger_delete_feature_count_", "feature_count_"];
    let unreadable = || refuse("unreadable", input, "");
    let Some(mut rows) = dataset.execute_sql(QUERY, None, Dialect::DEFAULT).map_err(|_| unreadable())? else {
        return Ok(());
    };
    for row in rows.features() {
        let text = |i| row.field_as_string(i).ok().flatten().unwrap_or_default();
        let (kind, name) = (text(0), text(1));
        if kind == "view" || !USUAL.iter().any(|usual| name.starts_with(usual)) {
            return Err(refuse("active_database", input, format!("{kind} {name}")));
        }
    }
    Ok(())
}
