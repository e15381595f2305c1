//! Whether two tables of zonal statistics agree.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// How far numbers may differ, relative to the larger; both sides round to what they write.
pub const TOLERANCE: f64 = 1e-9;

/// A statistic of each zone, by the zone's id; missing where there is no value.
type Table = BTreeMap<String, BTreeMap<String, Option<f64>>>;

/// Reads a table with a column `id` and a column a statistic.
///
/// # Errors
/// When it is no CSV with such columns.
fn read(path: &Path) -> Result<Table> {
    let mut reader = csv::Reader::from_path(path).with_context(|| path.display().to_string())?;
    let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let mut table = Table::new();
    for record in reader.records() {
        let record = record?;
        let row: BTreeMap<String, &str> = names.iter().cloned().zip(record.iter()).collect();
        let Some(id) = row.get("id") else { bail!("{} has no column id", path.display()) };
        let number = |text: &&str| text.parse::<f64>().ok().filter(|n| n.is_finite());
        table.insert((*id).to_owned(), row.iter().map(|(name, text)| (name.clone(), number(text))).collect());
    }
    Ok(table)
}

/// Whether our table agrees with a peer's in the statistics that the peer has, and by how much it differs at most.
///
/// With `floored`, the peer rounds the median of whole numbers down, so it is ours rounded down that must equal it.
///
/// # Errors
/// When one of the tables cannot be read.
pub fn zonal(ours: &Path, theirs: &Path, statistics: &[&str], floored: bool) -> Result<(bool, String)> {
    let (ours, theirs) = (read(ours)?, read(theirs)?);
    if ours.keys().ne(theirs.keys()) || ours.is_empty() {
        return Ok((false, format!("{} zones, but {} of the peer", ours.len(), theirs.len())));
    }
    let mut worst = (0.0, String::from("none"));
    let mut compared = 0;
    for ((id, mine), other) in ours.iter().zip(theirs.values()) {
        for &name in statistics {
            let Some(&their) = other.get(name) else { continue };
            let mine = mine.get(name).copied().flatten();
            compared += 1;
            let difference = match (mine, their) {
                (Some(mine), Some(their)) if floored && name == "median" => (mine.floor() - their).abs(),
                (Some(mine), Some(their)) => (mine - their).abs() / mine.abs().max(their.abs()).max(1e-300),
                // a count of nothing is 0 to some and missing to others
                (None, Some(0.0)) | (Some(0.0), None) | (None, None) => 0.0,
                _ => f64::INFINITY,
            };
            if difference > worst.0 {
                worst = (difference, format!("{name} of zone {id}"));
            }
        }
    }
    let text =
        format!("{} zones, {compared} numbers, largest relative difference {:.1e}: {}", ours.len(), worst.0, worst.1);
    Ok((worst.0 <= TOLERANCE && compared > 0, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let ours = write("a.csv", "id,mean,median\n1,2.5,3.5\n2,,\n");
        let same = write("b.csv", "mean,id,median\n2.5,1,3\n,2,\n");
        let other = write("c.csv", "id,mean\n1,2.6\n2,1\n");
        let fewer = write("d.csv", "id,mean\n1,2.5\n");
        let all = ["mean", "median"];
        assert!(zonal(&ours, &same, &all, true).unwrap().0);
        assert!(!zonal(&ours, &same, &all, false).unwrap().0);
        assert!(!zonal(&ours, &other, &all, true).unwrap().0);
        assert!(!zonal(&ours, &fewer, &all, true).unwrap().0);
        assert!(!zonal(&ours, &same, &["variety"], true).unwrap().0);
    }
}
