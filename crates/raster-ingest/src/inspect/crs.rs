//! The coordinate system: the file's or the user's, never guessed.

use belcheer_domain::{Crs, Severity};
use belcheer_door::Refusal;
use gdal::{Dataset, spatial_ref::SpatialRef};

use crate::notes::Notes;

/// Radians in a degree, as coordinate systems write it.
const DEGREE: f64 = 0.017_453_292_519_943_295;

/// WGS 84.
const WGS84: u32 = 4326;

/// Reads the coordinate system; `given` by the user goes before the file's.
pub fn read(dataset: &Dataset, given: Option<u32>, notes: &mut Notes) -> Result<Crs, Refusal> {
    let of_file = dataset.spatial_ref().ok().filter(|s| (s.is_projected() || s.is_geographic()) && !is_made_up(s));
    let Some(number) = given else {
        return match of_file {
            Some(system) => describe(system, notes),
            None => Err(notes.refuse(
                "missing_crs",
                "header",
                "the raster has no coordinate system; give --crs EPSG, such as --crs 32648",
                "растерт солбицлын систем заагаагүй; --crs EPSG гэж өгнө үү, жишээ нь --crs 32648",
            )),
        };
    };
    let system = SpatialRef::from_epsg(number).ok().filter(|s| s.is_projected() || s.is_geographic());
    let Some(system) = system else {
        return Err(notes.refuse(
            "crs_unknown",
            "--crs",
            &format!("EPSG:{number} is not a known map or geographic coordinate system; look it up at epsg.org"),
            &format!("EPSG:{number} гэсэн солбицлын систем алга; epsg.org-оос шалгана уу"),
        ));
    };
    match of_file.map(|s| registered(&s)) {
        Some(own) if own == Some(number) => {}
        Some(_) => notes.add(
            "crs_overridden",
            Severity::Warning,
            "--crs",
            &format!("the file names another coordinate system; EPSG:{number} was used as given"),
            &format!("файлд өөр солбицлын систем заасан; өгсөн EPSG:{number}-г хэрэглэсэн"),
        ),
        None => notes.add(
            "crs_given",
            Severity::Info,
            "--crs",
            &format!("the file names no coordinate system; EPSG:{number} was used as given"),
            &format!("файлд солбицлын систем заагаагүй; өгсөн EPSG:{number}-г хэрэглэсэн"),
        ),
    }
    finish(&system, Some(number), notes)
}

fn describe(system: SpatialRef, notes: &mut Notes) -> Result<Crs, Refusal> {
    if let Some(number) = registered(&system) {
        return finish(&system, Some(number), notes);
    }
    if system.is_geographic()
        && has_no_datum(&system)
        && let Ok(wgs84) = SpatialRef::from_epsg(WGS84)
    {
        notes.add(
            "crs_not_registered",
            Severity::Warning,
            "header",
            "degrees on a datum that is not named, as MODIS climate grids have; treated as WGS 84 (EPSG:4326)",
            "датум нь тодорхойгүй градусын тор (MODIS CMG адил); WGS 84 (EPSG:4326) гэж үзсэн",
        );
        return finish(&wgs84, Some(WGS84), notes);
    }
    notes.add(
        "crs_not_registered",
        Severity::Info,
        "header",
        "the coordinate system has no EPSG number; it was used as the file defines it",
        "солбицлын систем EPSG дугааргүй; файлд тодорхойлсноор хэрэглэсэн",
    );
    finish(&system, None, notes)
}

fn finish(system: &SpatialRef, epsg: Option<u32>, notes: &Notes) -> Result<Crs, Refusal> {
    let geographic = system.is_geographic();
    if geographic && (system.angular_units() - DEGREE).abs() > 1e-9 {
        return Err(notes.refuse(
            "crs_units",
            "header",
            "its geographic coordinates are not degrees; warp the raster to EPSG:4326 first",
            "газарзүйн солбицол нь градус биш; эхлээд EPSG:4326 руу хөрвүүлнэ үү",
        ));
    }
    let Ok(wkt) = system.to_wkt() else {
        return Err(notes.refuse(
            "crs_unknown",
            "header",
            "its coordinate system is damaged; give --crs EPSG",
            "солбицлын систем гэмтсэн; --crs EPSG гэж өгнө үү",
        ));
    };
    Ok(Crs { epsg, wkt, geographic })
}

/// The EPSG number of a system, where it has one.
fn registered(system: &SpatialRef) -> Option<u32> {
    let number = |s: &SpatialRef| s.authority().ok()?.strip_prefix("EPSG:")?.parse().ok();
    number(system).or_else(|| {
        let mut copy = system.clone();
        copy.auto_identify_epsg().ok()?;
        number(&copy)
    })
}

/// Whether a geographic system names no datum, only an ellipsoid, on the meridian of Greenwich.
fn has_no_datum(system: &SpatialRef) -> bool {
    let part = |path: &str, child| system.get_attr_value(path, child).ok().flatten();
    let unnamed = part("DATUM", 0).is_none_or(|name| name.to_lowercase().contains("unknown"));
    let meridian = part("PRIMEM", 1).and_then(|degrees| degrees.parse::<f64>().ok()).unwrap_or(0.0);
    unnamed && meridian == 0.0
}

/// Whether the header names no system that exists, in which case the reader puts WGS 84 there of its own accord.
fn is_made_up(system: &SpatialRef) -> bool {
    system.get_attr_value("SPHEROID", 0).ok().flatten().is_some_and(|name| name.contains("unretrievable"))
}
