//! GDAL made small: one driver to read, one to write, errors to the log.

use std::io::Write;

use belcheer_door::Refusal;
use gdal::{Dataset, DatasetOptions, DriverManager, GdalOpenFlags, Metadata, config, errors::GdalError};

use crate::{magic::FileKind, notes::Notes};

/// Our files are written with it.
pub const WRITER: &str = "GTiff";

/// Views of a file in another coordinate system are made with it.
pub const VIEWS: &str = "VRT";

/// Blocks of the source that GDAL keeps, megabytes: a row of blocks of a wide raster.
const CACHE_MEGABYTES: &str = "128";

/// GDAL's number for a failed allocation.
const CPLE_OUT_OF_MEMORY: i32 = 2;

/// Removes every driver but those needed for `kind`, and for `views` if they are; for the child only.
///
/// The error handler comes first: messages go to the log, since they name paths of ours.
pub fn lock_down(kind: FileKind, views: bool) {
    config::set_error_handler(|class, number, message| {
        // a closed log is no reason to stop
        drop(writeln!(std::io::stderr(), "gdal {class:?} {number}: {message}"));
    });
    // the default is a share of the machine's memory; failing to set it harms nobody
    drop(config::set_config_option("GDAL_CACHEMAX", CACHE_MEGABYTES));
    let is_kept =
        |name: &str| [WRITER, "MEM"].contains(&name) || kind.drivers().contains(&name) || views && name == VIEWS;
    let unneeded: Vec<_> = DriverManager::all().filter(|d| !is_kept(&d.short_name())).collect();
    for driver in &unneeded {
        DriverManager::deregister_driver(driver);
    }
}

/// Opens our private copy read-only with its own drivers: the file itself, or the layer of it that is named or alone.
pub fn open(path: &std::path::Path, kind: FileKind, layer: Option<&str>, notes: &Notes) -> Result<Dataset, Refusal> {
    if let Some(absent) = kind.drivers().iter().find(|name| DriverManager::get_driver_by_name(name).is_err()) {
        return Err(notes.refuse(
            "driver_absent",
            "",
            &format!(
                "the GDAL of this system has no driver {absent}; convert the file to GeoTIFF elsewhere, or install it"
            ),
            &format!("энэ системийн GDAL-д {absent} драйвер алга; файлыг GeoTIFF болгох эсвэл драйверыг суулгана уу"),
        ));
    }
    let file = open_one(path, kind, notes)?;
    let layers = if kind == FileKind::Tiff { Vec::new() } else { layers(&file) };
    let whole = file.raster_count() > 0;
    let names = || layers.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join(", ");
    let chosen = match layer {
        None if whole || layers.is_empty() => return Ok(file),
        None if layers.len() == 1 => layers.first(),
        None => None,
        Some(wanted) => named(&layers, wanted),
    };
    match chosen {
        Some((name, _)) => open_one(std::path::Path::new(name), kind, notes),
        None => Err(notes.refuse(
            "layer_needed",
            layer.unwrap_or_default(),
            &format!("name one of its layers, as FILE#LAYER or by --layer; it holds: {}", names()),
            &format!("нэг давхаргыг FILE#LAYER эсвэл --layer гэж заана уу; файлд буй давхарга: {}", names()),
        )),
    }
}

/// The layers of a container: GDAL's name of each, and the one that its maker gave.
fn layers(file: &Dataset) -> Vec<(String, String)> {
    let entries = file.metadata_domain("SUBDATASETS").unwrap_or_default();
    let name = |entry: &String| entry.split_once("_NAME=").map(|(_, name)| name.to_owned());
    let label = |name: &str| name.rsplit(':').next().unwrap_or(name).trim_matches('"').to_owned();
    entries.iter().filter_map(name).map(|name| (name.clone(), label(&name))).collect()
}

/// The layer of a name, else the only one whose name ends with it; letters' case does not matter.
fn named<'a>(layers: &'a [(String, String)], wanted: &str) -> Option<&'a (String, String)> {
    let wanted = wanted.to_lowercase();
    let mut ending = layers.iter().filter(|(_, label)| label.to_lowercase().ends_with(&wanted));
    let first = ending.next();
    let same = layers.iter().find(|(_, label)| label.to_lowercase() == wanted);
    same.or(first.filter(|_| ending.next().is_none()))
}

fn open_one(path: &std::path::Path, kind: FileKind, notes: &Notes) -> Result<Dataset, Refusal> {
    let internal = ["GEOREF_SOURCES=INTERNAL"];
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_RASTER | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR,
        allowed_drivers: Some(kind.drivers()),
        open_options: (kind == FileKind::Tiff).then_some(&internal),
        sibling_files: None,
    };
    Dataset::open_ex(path, options).map_err(|error| {
        if is_out_of_memory(&error) {
            return notes.refuse(
                "reader_out_of_memory",
                "",
                "the file asks for more memory than a file may; it is damaged or built of too large blocks",
                "файл хэт их санах ой шаардаж байна; гэмтсэн эсвэл хэт том блоктой",
            );
        }
        notes.refuse(
            "unreadable",
            "",
            "the file's header is damaged or of a form that is not read; export it again as GeoTIFF",
            "файлын толгой гэмтсэн эсвэл уншдаггүй хэлбэртэй; GeoTIFF болгон дахин гаргана уу",
        )
    })
}

/// Whether GDAL failed for want of memory.
pub fn is_out_of_memory(error: &GdalError) -> bool {
    matches!(error, GdalError::CplError { number, .. } if *number == CPLE_OUT_OF_MEMORY)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn layers_are_named_whole_or_by_their_end() {
        let layers: Vec<(String, String)> = ["250m 16 days NDVI", "250m 16 days EVI", "NDVI"]
            .map(|label| (format!("HDF4_EOS:x:{label}"), label.to_owned()))
            .into();
        let found = |wanted: &str| named(&layers, wanted).map(|(_, label)| label.as_str());
        assert_eq!(found("ndvi"), Some("NDVI"));
        assert_eq!(found("days ndvi"), Some("250m 16 days NDVI"));
        assert_eq!(found("evi"), Some("250m 16 days EVI"));
        assert_eq!(found("vi"), None, "two end so");
        assert_eq!(found("red"), None);
    }
}
