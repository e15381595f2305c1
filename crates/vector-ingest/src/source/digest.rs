//! The digest of a source: of the file's bytes, or of all members of a shapefile.

use std::{fs::File, path::Path};

use belcheer_domain::Digest;
use belcheer_door::Refusal;

use super::{input_name, shapefile};
use crate::messages::refuse;

/// SHA-256 of a file's bytes; of a shapefile that of the lines `ending digest`, one a member, by ending;
/// of an LM2 export that of the lines `name digest`.
///
/// # Errors
/// When a file cannot be read.
pub fn source_digest(path: &Path) -> Result<Digest, Refusal> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if path.is_dir() && path.join("pointdetailvalue.json").is_file() {
        let names = ["point.json", "pointdetail.json", "pointdetailvalue.json"];
        let lines: Result<Vec<String>, Refusal> =
            names.iter().map(|name| Ok(format!("{name} {}\n", of_file(&path.join(name))?))).collect();
        return Ok(Digest::of(lines?.concat().as_bytes()));
    }
    if !path.is_dir() && !shapefile::MEMBERS.contains(&ending.as_str()) {
        return of_file(path);
    }
    let mut lines = String::new();
    for (ending, file) in shapefile::members_of(path)?.1 {
        lines.push_str(&format!("{ending} {}\n", of_file(&file)?));
    }
    Ok(Digest::of(lines.as_bytes()))
}

fn of_file(path: &Path) -> Result<Digest, Refusal> {
    let file = File::open(path).map_err(|_| refuse("not_found", input_name(path), ""))?;
    Digest::of_reader(file).map_err(|_| refuse("unreadable", input_name(path), ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_counts_and_any_member_names_the_set() {
        let folder = tempfile::tempdir().unwrap();
        for ending in ["shp", "shx", "dbf", "prj"] {
            std::fs::write(folder.path().join(format!("soums.{ending}")), ending).unwrap();
        }
        let whole = source_digest(folder.path()).unwrap();
        assert_eq!(source_digest(&folder.path().join("soums.dbf")).unwrap(), whole);
        std::fs::write(folder.path().join("soums.dbf"), "other names").unwrap();
        assert_ne!(source_digest(&folder.path().join("soums.shp")).unwrap(), whole);
        std::fs::write(folder.path().join("a.csv"), "a,b\n").unwrap();
        assert_eq!(source_digest(&folder.path().join("a.csv")).unwrap(), Digest::of(b"a,b\n"));
        assert_eq!(source_digest(&folder.path().join("none.csv")).unwrap_err().code, "not_found");
    }
}
