//! The environment of a child: emptied, then the few variables that reading needs.

use std::ffi::OsString;

/// Kept from the parent where set: where libraries, datum grids and format tables lie.
const KEPT: [&str; 5] = ["PATH", "LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA"];

/// Set always. A handler that needs siblings of a file (shapefiles) overrides `GDAL_DISABLE_READDIR_ON_OPEN` in the
/// child through GDAL's configuration.
const SET: [(&str, &str); 16] = [
    // no sidecar files, no plug-ins, no network
    ("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR"),
    ("GDAL_PAM_ENABLED", "NO"),
    ("GDAL_DRIVER_PATH", "disable"),
    ("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".none"),
    ("GDAL_HTTP_TIMEOUT", "1"),
    ("PROJ_NETWORK", "OFF"),
    // a superseded coordinate system stays what the file says
    ("OSR_USE_NON_DEPRECATED", "NO"),
    // no raw bands by reference, no trust in a database's schema, no extensions
    ("GDAL_VRT_ENABLE_RAWRASTERBAND", "NO"),
    ("GDAL_VRT_ENABLE_PYTHON", "NO"),
    ("OGR_SQLITE_PRAGMA", "trusted_schema=0,cell_size_check=1,mmap_size=0"),
    ("SQLITE_USE_OGR_VFS", "NO"),
    // memory: block cache in megabytes, few allocator arenas (each reserves address space)
    ("GDAL_CACHEMAX", "256"),
    ("MALLOC_ARENA_MAX", "2"),
    ("GDAL_NUM_THREADS", "1"),
    // the same text for everyone
    ("LC_ALL", "C.UTF-8"),
    ("TZ", "UTC"),
];

/// Set to the child's own folder: where the standard library and GDAL put temporary files.
pub const TEMPORARY: [&str; 2] = ["TMPDIR", "CPL_TMPDIR"];

/// The child's environment but for [`TEMPORARY`].
pub fn variables() -> Vec<(OsString, OsString)> {
    let kept = KEPT.iter().filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)));
    kept.chain(SET.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)))).collect()
}
