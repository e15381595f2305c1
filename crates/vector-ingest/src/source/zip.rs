//! A shapefile in a zip: checked first, then unpacked member by member under fixed names.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

use belcheer_door::Refusal;
use zip::ZipArchive;

use super::{
    input_name,
    shapefile::{MEMBERS, ShapefileSet, check_complete},
    zip_directory,
};
use crate::{limits::Limits, messages::refuse};

/// Unpacks the one shapefile of a zip, or the one whose name is `layer`.
pub(crate) fn shapefile_set(path: &Path, layer: Option<&str>, limits: &Limits) -> Result<ShapefileSet, Refusal> {
    let input = input_name(path);
    let bad = |reason: String| refuse("bad_zip", input.clone(), reason);
    zip_directory::check(path, limits.zip_entries, limits).map_err(bad)?;
    let file = File::open(path).map_err(|_| refuse("not_found", input.clone(), ""))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| bad(e.to_string()))?;
    let mut sets: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for index in 0..archive.len() {
        let Some(name) = archive.name_for_index(index) else { continue };
        let name = name.to_lowercase();
        let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
        if name.starts_with("__macosx") || base.starts_with('.') {
            continue;
        }
        let Some((stem, ending)) = base.rsplit_once('.') else { continue };
        let wanted = layer.is_none_or(|l| l.to_lowercase() == stem);
        if MEMBERS.contains(&ending) && wanted {
            let repeated = sets.entry(stem.to_owned()).or_default().insert(ending.to_owned(), index);
            if repeated.is_some() {
                return Err(bad(format!("{base} is there twice")));
            }
        }
    }
    if sets.len() > 1 {
        return Err(refuse("choose_layer", input, sets.into_keys().collect::<Vec<_>>().join(", ")));
    }
    let (stem, members) = sets.pop_first().ok_or_else(|| refuse("no_shapefile", input.clone(), ""))?;
    check_complete(&members.keys().cloned().collect::<Vec<_>>(), &stem, &input)?;
    let set = ShapefileSet::new(&stem, &input)?;
    for (ending, index) in members {
        unpack(&mut archive, index, &set.member(&ending), limits).map_err(bad)?;
    }
    Ok(set)
}

fn unpack(
    archive: &mut ZipArchive<BufReader<File>>,
    index: usize,
    target: &Path,
    limits: &Limits,
) -> Result<(), String> {
    let entry = archive.by_index(index).map_err(|e| e.to_string())?;
    let stated = entry.size();
    if stated > limits.file_bytes {
        return Err(format!("a member is larger than {} MiB", limits.file_bytes >> 20));
    }
    let mut out = File::create(target).map_err(|_| "there is no space for it".to_owned())?;
    let written = io::copy(&mut entry.take(stated + 1), &mut out).map_err(|e| e.to_string())?;
    if written == stated { Ok(()) } else { Err("a member is not as long as stated".to_owned()) }
}
