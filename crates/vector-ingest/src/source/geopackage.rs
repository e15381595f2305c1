//! GeoPackage: a database from outside, opened read-only and immutable, with nothing in it that could run.

use std::path::Path;

use super::{
    RawLayer, input_name, reader,
    sqlite_schema::{self, Item},
};
use crate::{limits::Limits, messages::refuse};
use belcheer_door::Refusal;

/// Reads one layer of a GeoPackage.
pub(crate) fn read(path: &Path, layer: Option<&str>, limits: &Limits) -> Result<RawLayer, Refusal> {
    let input = input_name(path);
    check_schema(path, &input)?;
    let dataset = reader::open(path, "GPKG", &["IMMUTABLE=YES", "LIST_ALL_TABLES=NO"], &input)?;
    let mut layer = reader::pick(&dataset, layer, &input)?;
    reader::read(&mut layer, &input, limits)
}

/// Refuses what could run when the database is opened: views, triggers other than those that every writer of the
/// format makes, and tables of modules other than its spatial index.
///
/// The engine goes by the statement of an item and not by its stated kind, so both are looked at.
fn check_schema(path: &Path, input: &str) -> Result<(), Refusal> {
    let items = sqlite_schema::read(path).ok_or_else(|| refuse("unreadable", input, ""))?;
    match items.iter().find(|item| !is_passive(item)) {
        Some(item) => Err(refuse("active_database", input, format!("{} {}", item.kind, item.name))),
        None => Ok(()),
    }
}

/// Whether an item of a database can do nothing when the database is read.
fn is_passive(item: &Item) -> bool {
    const USUAL: [&str; 5] =
        ["gpkg_", "rtree_", "trigger_insert_feature_count_", "trigger_delete_feature_count_", "feature_count_"];
    let made =
        |start: &str| item.statement.get(..start.len()).filter(|text| text.eq_ignore_ascii_case(start)).is_some();
    match item.kind.as_str() {
        "table" => made("CREATE TABLE ") || made("CREATE VIRTUAL TABLE ") && is_spatial_index(item),
        "index" => item.statement.is_empty() || made("CREATE INDEX ") || made("CREATE UNIQUE INDEX "),
        "trigger" => made("CREATE TRIGGER ") && USUAL.iter().any(|usual| item.name.starts_with(usual)),
        _ => false,
    }
}

/// Whether a table of a module is of the one module that the format uses.
fn is_spatial_index(item: &Item) -> bool {
    let name = &item.name;
    let rest = item.statement.get("CREATE VIRTUAL TABLE ".len()..).unwrap_or_default();
    let quoted = [format!("\"{name}\""), format!("'{name}'"), format!("[{name}]"), format!("`{name}`"), name.clone()];
    let after = quoted.iter().find_map(|name| rest.strip_prefix(name.as_str())).unwrap_or_default();
    after.trim_start().to_ascii_uppercase().starts_with("USING RTREE(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_do_nothing_passes() {
        let passes = |kind: &str, name: &str, statement: &str| {
            is_passive(&Item { kind: kind.to_owned(), name: name.to_owned(), statement: statement.to_owned() })
        };
        assert!(passes("table", "a", "CREATE TABLE \"a\" (b)"));
        assert!(passes("index", "sqlite_autoindex_a_1", ""));
        assert!(passes("trigger", "rtree_a_geom_insert", "CREATE TRIGGER \"rtree_a_geom_insert\" AFTER INSERT"));
        assert!(passes("table", "rtree_a_geom", "CREATE VIRTUAL TABLE \"rtree_a_geom\" USING rtree(id, minx)"));
        assert!(!passes("table", "rtree_a", "CREATE VIRTUAL TABLE rtree_a USING fts5(word)"));
        assert!(!passes("table", "a using rtree(", "CREATE VIRTUAL TABLE [a using rtree(] USING fts5(word)"));
        assert!(!passes("table", "a", "CREATE VIEW a AS SELECT 1"), "the statement counts");
        assert!(!passes("view", "a", "CREATE TABLE a (b)"));
        assert!(!passes("trigger", "mine", "CREATE TRIGGER mine AFTER INSERT"));
        assert!(!passes("table", "a", "CREATE/**/VIEW a AS SELECT 1"));
    }
}
