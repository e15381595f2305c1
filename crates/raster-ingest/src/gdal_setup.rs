//! GDAL made small: one driver to read, one to write, errors to the log.

use std::io::Write;

use belcheer_door::Refusal;
use gdal::{Dataset, DatasetOptions, DriverManager, GdalOpenFlags, config, errors::GdalError};

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
    let kept = [WRITER, "MEM", kind.driver()];
    let is_kept = |name: &str| kept.contains(&name) || views && name == VIEWS;
    let unneeded: Vec<_> = DriverManager::all().filter(|d| !is_kept(&d.short_name())).collect();
    for driver in &unneeded {
        DriverManager::deregister_driver(driver);
    }
}

/// Opens our private copy read-only with its one driver.
pub fn open(path: &std::path::Path, kind: FileKind, notes: &Notes) -> Result<Dataset, Refusal> {
    let internal = ["GEOREF_SOURCES=INTERNAL"];
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_RASTER | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR,
        allowed_drivers: Some(&[kind.driver()]),
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
