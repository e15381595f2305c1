//! The user's own rasters: read in place where `cog` fully understands the file, converted at the door otherwise.
//!
//! Both ways give the same values: what the door would decide in another way than the file's header says plainly
//! (an alpha band, a scale of zero, a product's nodata) is left to the door.

use std::path::Path;
use std::sync::Arc;

use belcheer_cog::{Cog, Limits};
use belcheer_domain::{Crs, Finding, PixelType, RasterMeta, Severity};
use belcheer_door::Door;
use belcheer_raster_ingest::{ConvertOptions, IngestRasterError, Purpose, convert};
use object_store::local::LocalFileSystem;

use crate::error::AssessmentError;
use crate::raster::{StoredRaster, wait};

/// Geographic systems whose units or meridian are their own (EPSG 4801 to 4904): degrees are not certain there.
const OWN_UNITS: std::ops::RangeInclusive<u32> = 4801..=4904;
/// By how much a grid in degrees may reach beyond the globe, cells.
const BEYOND_CELLS: f64 = 0.5;

/// Opens a raster of the user, or a layer of a container, for reading; what must be written for it goes to `scratch`.
///
/// # Errors
/// When the file is refused, or cannot be converted.
pub(crate) fn open(
    door: &Door,
    (path, layer): (&Path, Option<&str>),
    crs_epsg: Option<u32>,
    (scratch, stem): (&Path, &str),
    findings: &mut Vec<Finding>,
) -> Result<StoredRaster, AssessmentError> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    if layer.is_some() {
        return converted(door, (path, layer), crs_epsg, (scratch, stem), &name, findings);
    }
    match in_place(path, crs_epsg, (scratch, stem), &name) {
        Ok((raster, noticed)) => {
            findings.extend(noticed);
            Ok(raster)
        }
        Err(reason) => {
            let raster = converted(door, (path, None), crs_epsg, (scratch, stem), &name, findings)?;
            findings.push(Finding::new("read_through_conversion", Severity::Info, &name).text(
                format!("not read in place but converted first, which takes longer: {reason}"),
                format!("шууд уншаагүй, эхлээд хөрвүүлсэн тул удаан: {reason}"),
            ));
            Ok(raster)
        }
    }
}

/// Opens the file where it lies; the error says why it cannot be read so.
fn in_place(
    path: &Path,
    crs_epsg: Option<u32>,
    (scratch, stem): (&Path, &str),
    name: &str,
) -> Result<(StoredRaster, Vec<Finding>), String> {
    // a folder cannot be read, a pipe could keep us waiting for ever
    let file = path.canonicalize().map_err(|_| "it cannot be found")?;
    if !file.metadata().is_ok_and(|known| known.is_file()) {
        return Err("it is no file".to_owned());
    }
    // under a name of our own: no text of the user becomes a place in a store
    let own_name = format!("{stem}-given.tif");
    std::os::unix::fs::symlink(&file, scratch.join(&own_name)).map_err(|_| "it cannot be reached")?;
    let folder = LocalFileSystem::new_with_prefix(scratch).map_err(|_| "it cannot be reached")?;
    let location = object_store::path::Path::from(own_name);
    let cog = wait(Cog::open(Arc::new(folder), location, Limits::default())).map_err(|e| e.to_string())?;
    let meta = understood(&cog, crs_epsg)?;
    let noticed = noticed(&cog, &meta, name);
    Ok((StoredRaster::of(name, meta, cog), noticed))
}

/// What is known of a raster whose header says all; the error names what it does not.
fn understood(cog: &Cog, crs_epsg: Option<u32>) -> Result<RasterMeta, &'static str> {
    let meta = header(cog, crs_epsg)?;
    if cog.has_item("BELCHEER_PRODUCT") && (meta.scale.is_none() || cog.nodata().is_none()) {
        return Err("its product may say what the file does not");
    }
    Ok(meta)
}

/// What the header of a raster says, where it leaves nothing open but scale and nodata.
pub(crate) fn header(cog: &Cog, crs_epsg: Option<u32>) -> Result<RasterMeta, &'static str> {
    let grid = cog.grid().ok_or("it does not say where it lies")?;
    let (epsg, geographic) =
        cog.epsg().zip(cog.is_geographic()).ok_or("its coordinate system is not a registered one")?;
    if crs_epsg.is_some_and(|given| given != epsg) {
        return Err("another coordinate system was given");
    }
    if geographic && OWN_UNITS.contains(&epsg) {
        return Err("its coordinate system may not be in degrees");
    }
    let (width, height) = (cog.width(), cog.height());
    let (x_max, y_min) = (grid.x_min + grid.dx * f64::from(width), grid.y_max - grid.dy * f64::from(height));
    let on_globe = grid.x_min >= -360.0 - BEYOND_CELLS * grid.dx
        && x_max <= 360.0 + BEYOND_CELLS * grid.dx
        && y_min >= -90.0 - BEYOND_CELLS * grid.dy
        && grid.y_max <= 90.0 + BEYOND_CELLS * grid.dy;
    let vanishes = grid.x_min + grid.dx == grid.x_min || grid.y_max - grid.dy == grid.y_max;
    if !(x_max.is_finite() && y_min.is_finite()) || vanishes || (geographic && !on_globe) {
        return Err("its corners are no coordinates");
    }
    let (scale, offset) = scaling(cog)?;
    if cog.nodata().is_some_and(|nodata| !held(nodata, cog.pixel_type())) {
        return Err("its nodata value cannot occur in its type");
    }
    Ok(RasterMeta {
        width,
        height,
        bands: cog.bands(),
        pixel_type: cog.pixel_type(),
        crs: Crs { epsg: Some(epsg), wkt: format!("EPSG:{epsg}"), geographic },
        x_min: grid.x_min,
        y_max: grid.y_max,
        dx: grid.dx,
        dy: grid.dy,
        nodata: cog.nodata().filter(|nodata| !nodata.is_nan()),
        has_mask: cog.has_mask(),
        scale,
        offset,
        product: None,
        date: cog.item("BELCHEER_DATE").map(str::to_owned),
    })
}

/// Scale and offset that all bands have in common.
fn scaling(cog: &Cog) -> Result<(Option<f64>, Option<f64>), &'static str> {
    let of = |band| (cog.scale(band), cog.offset(band));
    let first = of(0);
    if (1..cog.bands()).any(|band| of(band) != first) {
        return Err("its bands differ in scale or offset");
    }
    match first {
        (None, None) if is_float(cog.pixel_type()) => Ok((Some(1.0), Some(0.0))),
        (None, None) => Ok((None, None)),
        (Some(0.0), _) => Err("its scale is zero"),
        (scale, offset) => Ok((Some(scale.unwrap_or(1.0)), Some(offset.unwrap_or(0.0)))),
    }
}

fn is_float(pixel_type: PixelType) -> bool {
    matches!(pixel_type, PixelType::F32 | PixelType::F64)
}

/// Whether a sample can equal a declared value.
fn held(value: f64, pixel_type: PixelType) -> bool {
    let whole = |low: f64, high: f64| value.fract() == 0.0 && (low..=high).contains(&value);
    match pixel_type {
        PixelType::U8 => whole(0.0, f64::from(u8::MAX)),
        PixelType::I8 => whole(f64::from(i8::MIN), f64::from(i8::MAX)),
        PixelType::U16 => whole(0.0, f64::from(u16::MAX)),
        PixelType::I16 => whole(f64::from(i16::MIN), f64::from(i16::MAX)),
        PixelType::U32 => whole(0.0, f64::from(u32::MAX)),
        PixelType::I32 => whole(f64::from(i32::MIN), f64::from(i32::MAX)),
        PixelType::F32 => value.is_nan() || f64::from(value as f32) == value,
        PixelType::F64 => true,
    }
}

/// What the door would say about the header, too.
pub(crate) fn noticed(cog: &Cog, meta: &RasterMeta, name: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note = |code: &str, severity, place: &str, english: String, mongolian: String| {
        findings.push(Finding::new(code, severity, name).at(place).text(english, mongolian));
    };
    let pages = cog.pages_ignored();
    if pages > 0 {
        note(
            "further_images_ignored",
            Severity::Warning,
            "pages",
            format!("the file holds {pages} more images; only the first was read"),
            format!("файлд өөр {pages} зураг байна; зөвхөн эхнийхийг уншсан"),
        );
    }
    if cog.is_pixel_point() {
        note(
            "pixel_is_point",
            Severity::Info,
            "header",
            "positions are of cell centres; cells were taken to reach half a cell beyond them".to_owned(),
            "байршил нь нүдний төвийнх; нүд тал хэмжээгээр нь түүнээс гадагш үргэлжилнэ гэж үзсэн".to_owned(),
        );
    }
    if meta.scale.is_none() {
        note(
            "missing_scale",
            Severity::Warning,
            "header",
            "integers without a declared scale: what a value of 1 means is unknown; raw values were used".to_owned(),
            "бүхэл тоон утгын scale заагаагүй тул 1 гэдэг нь юу болох нь тодорхойгүй; түүхий утгыг хэрэглэсэн"
                .to_owned(),
        );
    }
    if cog.nodata().is_none() && !meta.has_mask && !is_float(meta.pixel_type) {
        note(
            "no_nodata_declared",
            Severity::Warning,
            "header",
            "neither a nodata value nor a mask is declared, so every cell counts".to_owned(),
            "nodata утга ч, маск ч заагаагүй тул бүх нүдийг тооцно".to_owned(),
        );
    }
    findings
}

/// Converts the file at the door and opens the result.
///
/// # Errors
/// When the file is refused, or cannot be converted.
pub(crate) fn converted(
    door: &Door,
    (path, layer): (&Path, Option<&str>),
    crs_epsg: Option<u32>,
    (scratch, stem): (&Path, &str),
    name: &str,
    findings: &mut Vec<Finding>,
) -> Result<StoredRaster, AssessmentError> {
    let out = scratch.join(format!("{stem}.tif"));
    let layer = layer.map(str::to_owned);
    let options = ConvertOptions { purpose: Purpose::ReadOnce, crs_epsg, layer, ..ConvertOptions::default() };
    let done = convert(door, path, &out, &options).map_err(|error| match error {
        IngestRasterError::Refused(refusal) => AssessmentError::Refused(refusal.to_string()),
        unread @ IngestRasterError::Source { .. } => AssessmentError::Refused(unread.to_string()),
        other => AssessmentError::Output(other.to_string()),
    })?;
    findings.extend(done.findings);
    let folder = LocalFileSystem::new_with_prefix(scratch).map_err(|e| AssessmentError::Output(e.to_string()))?;
    let location = object_store::path::Path::from(format!("{stem}.tif"));
    StoredRaster::open(Arc::new(folder), location, name, done.output_digest, done.meta)
}
