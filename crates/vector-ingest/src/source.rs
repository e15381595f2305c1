//! Vector files from outside: which kind they are, and their layers in one common form.

pub(crate) mod digest;
pub(crate) mod geojson;
pub(crate) mod geopackage;
pub(crate) mod reader;
pub(crate) mod shapefile;
pub(crate) mod shp;
pub(crate) mod sqlite_schema;
pub(crate) mod strict_json;
pub(crate) mod zip;
pub(crate) mod zip_directory;

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::Once,
};

use belcheer_domain::Crs;
use belcheer_door::{Reach, Refusal};

use crate::{
    crs,
    geometry::foreign::Shape,
    limits::Limits,
    messages::{Log, refuse},
    text::{clean::clean, is_lost, mojibake},
};

/// One record of a layer, as read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawFeature {
    /// Counted from 1 in the order of the file.
    pub(crate) number: u64,
    /// One for each field of the layer.
    pub(crate) values: Vec<Option<String>>,
    pub(crate) shape: Shape,
}

/// A layer, as read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RawLayer {
    pub(crate) name: String,
    pub(crate) fields: Vec<String>,
    pub(crate) crs: Option<Crs>,
    pub(crate) features: Vec<RawFeature>,
    /// Encoding of the texts and whether it was guessed, where the format leaves it open.
    pub(crate) encoding: Option<(&'static str, bool)>,
}

/// What is asked of a vector file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted<'a> {
    pub(crate) layer: Option<&'a str>,
    /// Coordinate system the user states, which overrides the file's.
    pub(crate) crs: Option<&'a str>,
}

/// The name of a file as the user knows it.
pub(crate) fn input_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "input".to_owned(), |n| n.to_string_lossy().into_owned())
}

/// The files that reading `path` touches: itself, or the members of the shapefile that it names.
///
/// Where they cannot be told, none is in reach: the reader will say so without opening any.
pub(crate) fn reach_of(path: &Path) -> Reach {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let whole = path.is_dir();
    if !whole && !shapefile::MEMBERS.contains(&ending.as_str()) {
        return Reach::default().read(path);
    }
    let listed = Reach::default().list(if whole { path } else { folder_of(path) });
    match shapefile::members_of(path) {
        Ok((_, members)) => members.into_values().fold(listed, Reach::read),
        Err(_) => listed,
    }
}

/// The folder that a file lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Reads one layer, with its texts mended and its coordinate system known.
pub(crate) fn read_layer(path: &Path, wanted: &Wanted<'_>, log: &mut Log) -> Result<RawLayer, Refusal> {
    quiet_reader();
    let input = input_name(path);
    let limits = Limits::DEFAULT;
    let mut layer = match kind_of(path, &limits)? {
        Kind::GeoPackage => geopackage::read(path, wanted.layer, &limits)?,
        Kind::GeoJson => geojson::read(path, &limits)?,
        Kind::Shapefile => shapefile::read_set(&shapefile::from_folder(path, &limits)?, &input, &limits)?,
        Kind::Zip => shapefile::read_set(&zip::shapefile_set(path, wanted.layer, &limits)?, &input, &limits)?,
    };
    settle_crs(&mut layer, wanted.crs, &input, log)?;
    mend_texts(&mut layer, log);
    Ok(layer)
}

/// The user's system over the file's; refused when neither is known.
fn settle_crs(layer: &mut RawLayer, user: Option<&str>, input: &str, log: &mut Log) -> Result<(), Refusal> {
    if let Some(text) = user {
        let stated = crs::from_user(text, input)?;
        if let Some(own) = &layer.crs
            && own.epsg != stated.epsg
        {
            log.note("crs_overridden", "", 1, &format!("{} -> {}", label(own), label(&stated)));
        }
        layer.crs = Some(stated);
    }
    match &layer.crs {
        None => Err(refuse("missing_crs", input, "")),
        Some(known) => crs::check_datum(known, input),
    }
}

pub(crate) fn label(crs: &Crs) -> String {
    crs.epsg.map_or_else(|| crs.wkt.chars().take(40).collect(), |n| format!("EPSG:{n}"))
}

/// Takes hidden characters out of texts, mends garbled ones, and drops those whose letters are lost.
fn mend_texts(layer: &mut RawLayer, log: &mut Log) {
    if let Some((encoding, true)) = layer.encoding {
        log.note("encoding_guessed", "", 1, encoding);
    }
    for feature in &mut layer.features {
        for (field, value) in layer.fields.iter().zip(&mut feature.values) {
            let Some(text) = value else { continue };
            let (plain, hidden) = clean(text);
            if hidden {
                log.note("text_cleaned", format!("field {field}"), 1, "");
            }
            *value = if plain.is_empty() {
                None
            } else if is_lost(&plain) {
                log.note("text_lost", format!("field {field}"), 1, &plain);
                None
            } else if let Some(mended) = mojibake::mend(&plain) {
                log.note("encoding_repaired", format!("field {field}"), 1, &format!("{plain} -> {mended}"));
                Some(mended)
            } else {
                Some(plain)
            };
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    GeoPackage,
    GeoJson,
    Shapefile,
    Zip,
}

/// The kind of a file by its first bytes, which must agree with its ending.
fn kind_of(path: &Path, limits: &Limits) -> Result<Kind, Refusal> {
    let input = input_name(path);
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if path.is_dir() || shapefile::MEMBERS.contains(&ending.as_str()) {
        return Ok(Kind::Shapefile);
    }
    let head = first_bytes(path, &input)?;
    let (kind, endings): (Kind, &[&str]) = if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        (Kind::Zip, &["zip"])
    } else if head.starts_with(b"SQLite format 3\0") {
        (Kind::GeoPackage, &["gpkg"])
    } else {
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
        match text.iter().find(|b| !b.is_ascii_whitespace()) {
            Some(b'{' | b'[') => (Kind::GeoJson, &["geojson", "json"]),
            _ => return Err(refuse("unknown_vector_format", input, "")),
        }
    };
    if !endings.contains(&ending.as_str()) {
        return Err(refuse("wrong_ending", input, endings.join(" or .")));
    }
    let bound = if kind == Kind::GeoJson { limits.json_bytes } else { limits.file_bytes };
    check_size(path, bound)?;
    Ok(kind)
}

fn first_bytes(path: &Path, input: &str) -> Result<Vec<u8>, Refusal> {
    let mut head = Vec::new();
    check_is_file(path)?;
    let file = File::open(path).map_err(|_| refuse("not_found", input, ""))?;
    file.take(512).read_to_end(&mut head).map_err(|_| refuse("unreadable", input, ""))?;
    if head.is_empty() { Err(refuse("empty_file", input, "")) } else { Ok(head) }
}

/// Refuses what is not there, and folders and devices, which could keep a reader waiting for ever.
pub(crate) fn check_is_file(path: &Path) -> Result<(), Refusal> {
    match std::fs::metadata(path) {
        Err(_) => Err(refuse("not_found", input_name(path), "")),
        Ok(known) if !known.is_file() => Err(refuse("not_a_file", input_name(path), "")),
        Ok(_) => Ok(()),
    }
}

/// Refuses a file of more than `bound` bytes.
pub(crate) fn check_size(path: &Path, bound: u64) -> Result<u64, Refusal> {
    let input = input_name(path);
    let size = std::fs::metadata(path).map_err(|_| refuse("not_found", input.clone(), ""))?.len();
    if size > bound {
        return Err(refuse("too_large", input, format!("{} MiB", bound >> 20)));
    }
    Ok(size)
}

/// Absolute form of a path, so that no name can be taken for a scheme of the reader.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Refusal> {
    path.canonicalize().map_err(|_| refuse("not_found", input_name(path), ""))
}

/// Keeps the reader's own messages off the error stream; they may name paths.
pub(crate) fn quiet_reader() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| gdal::config::set_error_handler(|_, _, _| {}));
}
