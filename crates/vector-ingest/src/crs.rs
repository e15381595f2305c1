//! Coordinate systems as files and users name them.

use belcheer_domain::Crs;
use belcheer_door::Refusal;
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};

use crate::messages::refuse;

/// Longitude and latitude on WGS 84.
pub(crate) const WGS84: u32 = 4326;

/// The EPSG number in `32647`, `EPSG:32647` or `urn:ogc:def:crs:EPSG::32647`; CRS84 is taken for 4326.
pub(crate) fn epsg_of(text: &str) -> Option<u32> {
    let text = text.trim();
    let upper = text.to_uppercase();
    if upper.ends_with("CRS84") || upper.ends_with("WGS84") {
        return Some(WGS84);
    }
    let number = match upper.strip_prefix("URN:OGC:DEF:CRS:EPSG:") {
        Some(rest) => rest.rsplit(':').next().unwrap_or_default(),
        None => upper.strip_prefix("EPSG:").unwrap_or(&upper),
    };
    number.parse().ok().filter(|n| *n > 0)
}

/// The system that a user named by number or by WKT.
pub(crate) fn from_user(text: &str, input: &str) -> Result<Crs, Refusal> {
    let bad = || refuse("unknown_crs", input, text.chars().take(60).collect::<String>());
    match epsg_of(text) {
        Some(number) => from_epsg(number).ok_or_else(bad),
        None if text.contains('[') => SpatialRef::from_wkt(text).ok().and_then(|s| describe(&s)).ok_or_else(bad),
        None => Err(bad()),
    }
}

/// The system of an EPSG number, if there is one.
pub(crate) fn from_epsg(number: u32) -> Option<Crs> {
    let system = SpatialRef::from_epsg(number).ok()?;
    let mut crs = describe(&system)?;
    crs.epsg = Some(number);
    Some(crs)
}

/// What a reader's spatial reference says; `None` when it says nothing usable.
pub(crate) fn describe(system: &SpatialRef) -> Option<Crs> {
    if !system.is_geographic() && !system.is_projected() {
        return None;
    }
    let mut identified = system.clone();
    let named = |s: &SpatialRef| {
        (s.auth_name().as_deref() == Some("EPSG"))
            .then(|| s.auth_code().ok().and_then(|c| u32::try_from(c).ok()))
            .flatten()
    };
    let mut epsg = named(&identified);
    if epsg.is_none() && identified.auto_identify_epsg().is_ok() {
        epsg = named(&identified);
    }
    if epsg.is_none() && system.auth_name().as_deref() == Some("OGC") {
        epsg = system.to_wkt().is_ok_and(|w| w.contains("CRS84")).then_some(WGS84);
    }
    Some(Crs { epsg, wkt: system.to_wkt().ok()?, geographic: system.is_geographic() })
}

/// The reader's spatial reference of a system, in longitude-latitude (easting-northing) order.
pub(crate) fn to_gdal(crs: &Crs) -> Option<SpatialRef> {
    let mut system = match crs.epsg {
        Some(number) => SpatialRef::from_epsg(number).ok()?,
        None => SpatialRef::from_wkt(&crs.wkt).ok()?,
    };
    system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    Some(system)
}

/// Refuses the national systems whose datum shift must not be guessed, when no EPSG number says which one it is.
pub(crate) fn check_datum(crs: &Crs, input: &str) -> Result<(), Refusal> {
    let wkt = crs.wkt.to_uppercase();
    let national = ["PULKOVO", "MONREF", "S_1942", "KRASOVSKY", "KRASSOWSKY"].iter().find(|n| wkt.contains(**n));
    match (crs.epsg, national) {
        (None, Some(_)) => Err(refuse("crs_needs_epsg", input, "")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_every_form() {
        for (text, number) in [
            ("32647", Some(32647)),
            ("EPSG:4326", Some(4326)),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", Some(4326)),
            ("urn:ogc:def:crs:EPSG::3857", Some(3857)),
            ("UTM", None),
            ("-4", None),
        ] {
            assert_eq!(epsg_of(text), number, "{text}");
        }
        assert!(from_user("999999", "x.shp").is_err());
        assert_eq!(from_user("EPSG:32647", "x.shp").map(|c| c.geographic), Ok(false));
    }

    #[test]
    fn a_zone_of_the_old_datum_needs_its_number() {
        let mut crs = from_epsg(28416).unwrap();
        assert!(check_datum(&crs, "x.shp").is_ok());
        crs.epsg = None;
        assert_eq!(check_datum(&crs, "x.shp").unwrap_err().code, "crs_needs_epsg");
    }
}
