//! Shapefiles: a set of files that only together mean something.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use belcheer_door::Refusal;
use encoding_rs::Encoding;
use gdal::{
    Dataset,
    config::{clear_thread_local_config_option, set_thread_local_config_option},
};
use tempfile::TempDir;

use super::{RawLayer, check_size, folder_of, input_name, reader, shp};
use crate::{
    limits::Limits,
    messages::refuse,
    text::{encoding, mojibake::latin_bytes},
};

/// The members of one shapefile under fixed names in a private folder, gone when dropped.
pub(crate) struct ShapefileSet {
    folder: TempDir,
    /// Name of the set as the user knows it.
    pub(crate) stem: String,
}

/// Members that are looked for; the index is required for completeness, though it is made anew.
pub(crate) const MEMBERS: [&str; 5] = ["shp", "shx", "dbf", "prj", "cpg"];

impl ShapefileSet {
    pub(crate) fn new(stem: &str, input: &str) -> Result<Self, Refusal> {
        let folder = tempfile::tempdir().map_err(|_| refuse("no_temporary_space", input, ""))?;
        Ok(Self { folder, stem: stem.to_owned() })
    }

    /// Where a member lies, or is to be put.
    pub(crate) fn member(&self, ending: &str) -> PathBuf {
        self.folder.path().join(format!("layer.{ending}"))
    }
}

/// Names the missing members of a set, of which `.prj` may be given by the user instead.
pub(crate) fn check_complete(present: &[String], stem: &str, input: &str) -> Result<(), Refusal> {
    let missing: Vec<String> = ["shp", "shx", "dbf", "prj"]
        .iter()
        .filter(|m| !present.iter().any(|p| p == *m))
        .map(|m| format!(".{m}"))
        .collect();
    let hard = missing.iter().any(|m| m != ".prj");
    if hard { Err(refuse("incomplete_shapefile", input, format!("{stem}: {}", missing.join(", ")))) } else { Ok(()) }
}

/// The sets of files in a folder: members by ending, by stem in small letters.
type Sets = BTreeMap<String, BTreeMap<String, PathBuf>>;

/// The shapefiles in a folder, complete or not.
fn sets_in(folder: &Path) -> std::io::Result<Sets> {
    let mut sets = Sets::new();
    for file in fs::read_dir(folder)?.flatten().map(|e| e.path()).filter(|p| p.is_file()) {
        let text = |s: Option<&std::ffi::OsStr>| s.map(|s| s.to_string_lossy().to_lowercase()).unwrap_or_default();
        let (name, ending) = (text(file.file_stem()), text(file.extension()));
        if MEMBERS.contains(&ending.as_str()) {
            sets.entry(name).or_default().insert(ending, file);
        }
    }
    Ok(sets)
}

/// The stem and the members by ending of the set that `path` belongs to: any member of it, or a folder with one set.
pub(crate) fn members_of(path: &Path) -> Result<(String, BTreeMap<String, PathBuf>), Refusal> {
    let input = input_name(path);
    let (folder, stem) = if path.is_dir() {
        (path, None)
    } else {
        (folder_of(path), path.file_stem().map(|s| s.to_string_lossy().to_lowercase()))
    };
    let mut sets = sets_in(folder).map_err(|_| refuse("not_found", input.clone(), ""))?;
    sets.retain(|name, _| stem.as_ref().is_none_or(|s| s == name));
    if sets.len() > 1 {
        return Err(refuse("choose_layer", input, sets.into_keys().collect::<Vec<_>>().join(", ")));
    }
    let absent = if path.is_dir() { "no_shapefile_in_folder" } else { "not_found" };
    sets.pop_first().ok_or_else(|| refuse(absent, input, ""))
}

/// Copies the complete set that `path` belongs to into a private folder.
pub(crate) fn from_folder(path: &Path, limits: &Limits) -> Result<ShapefileSet, Refusal> {
    let input = input_name(path);
    let (stem, files) = members_of(path)?;
    check_complete(&files.keys().cloned().collect::<Vec<_>>(), &stem, &input)?;
    let set = ShapefileSet::new(&stem, &input)?;
    for (ending, file) in files {
        check_size(&file, limits.file_bytes)?;
        fs::copy(&file, set.member(&ending)).map_err(|_| refuse("unreadable", input.clone(), ""))?;
    }
    Ok(set)
}

/// Reads a complete set: lengths checked, index made anew, texts decoded by what they look like.
pub(crate) fn read_set(set: &ShapefileSet, input: &str, limits: &Limits) -> Result<RawLayer, Refusal> {
    let damaged =
        |member: &str, reason: String| refuse("damaged_shapefile", input, format!("{}.{member}: {reason}", set.stem));
    let walked = shp::walk(&set.member("shp"), limits).map_err(|e| damaged("shp", e))?;
    let (rows, language) = shp::check_dbf(&set.member("dbf"), limits).map_err(|e| damaged("dbf", e))?;
    if rows != walked.records {
        let reason = format!("{rows} rows for {} shapes", walked.records);
        return Err(damaged("dbf", reason));
    }
    fs::write(set.member("shx"), &walked.index).map_err(|_| refuse("no_temporary_space", input, ""))?;
    let declared = fs::read_to_string(set.member("cpg"))
        .ok()
        .and_then(|label| encoding::named(&label))
        .or_else(|| encoding::of_language_byte(language));
    drop(fs::remove_file(set.member("cpg")));
    // the reader is told a single-byte page, so that the bytes can be had back and decoded here
    let dataset = open_with_members(&set.member("shp"), input)?;
    let mut chosen = reader::pick(&dataset, None, input)?;
    let mut layer = reader::read(&mut chosen, input, limits)?;
    layer.name.clone_from(&set.stem);
    decode_texts(&mut layer, declared);
    Ok(layer)
}

/// Opens a `.shp` whose other members lie beside it, whatever the process forbids of folders in general.
fn open_with_members(path: &Path, input: &str) -> Result<Dataset, Refusal> {
    const FOLDERS: &str = "GDAL_DISABLE_READDIR_ON_OPEN";
    let failed = |_| refuse("unreadable", input, "");
    set_thread_local_config_option(FOLDERS, "TRUE").map_err(failed)?;
    let opened = reader::open(path, "ESRI Shapefile", &["ENCODING=ISO-8859-1"], input);
    clear_thread_local_config_option(FOLDERS).map_err(failed)?;
    opened
}

fn decode_texts(layer: &mut RawLayer, declared: Option<&'static Encoding>) {
    let bytes_of = |text: &str| latin_bytes(text).unwrap_or_else(|| text.as_bytes().to_vec());
    let mut all: Vec<u8> = Vec::new();
    for text in layer.features.iter().flat_map(|f| f.values.iter().flatten()).filter(|t| !t.is_ascii()) {
        all.extend(bytes_of(text));
        all.push(b' ');
        if all.len() > 4 << 20 {
            break;
        }
    }
    let choice = encoding::choose(&all, declared);
    if all.is_empty() {
        return;
    }
    let texts = layer.features.iter_mut().flat_map(|f| f.values.iter_mut().flatten());
    for text in texts.chain(layer.fields.iter_mut()).filter(|t| !t.is_ascii()) {
        *text = choice.decode(&bytes_of(text));
    }
    layer.encoding = Some((choice.encoding.name(), choice.guessed));
}
