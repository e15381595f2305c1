//! What GDAL writes beside the image: the nodata value, and scale and offset of each band.
//!
//! `GDAL_NODATA` (42113) is a number as text. `GDAL_METADATA` (42112) is XML; only
//! `<Item sample="BAND" role="scale|offset">NUMBER</Item>` is looked at, by a scan that knows no entities,
//! no document type and no nesting.

use crate::error::{CogError, malformed};

/// The nodata value in `text`: `None` for blank text, an error for text that is no number.
pub(crate) fn parse_nodata(text: &str) -> Result<Option<f64>, CogError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.contains("#QNAN") || text.contains("#IND") {
        return Ok(Some(f64::NAN));
    }
    text.parse().map(Some).map_err(|_| malformed("GDAL_NODATA", "it is not a number"))
}

/// Scale and offset of each band, where declared.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Scaling {
    pub(crate) scale: Option<f64>,
    pub(crate) offset: Option<f64>,
}

/// Scale and offset of `bands` bands as the items of `xml` declare them.
pub(crate) fn parse_scaling(xml: &str, bands: usize) -> Result<Vec<Scaling>, CogError> {
    let mut scaling = vec![Scaling::default(); bands];
    for item in xml.split("<Item ").skip(1) {
        let Some((attributes, rest)) = item.split_once('>') else { continue };
        let Some((text, _)) = rest.split_once("</Item>") else { continue };
        let role = attribute(attributes, "role");
        if !matches!(role, Some("scale" | "offset")) {
            continue;
        }
        let sample = attribute(attributes, "sample").map_or(Some(0), |s| s.parse::<usize>().ok());
        let Some(band) = sample.and_then(|s| scaling.get_mut(s)) else { continue };
        let value = text
            .trim()
            .parse::<f64>()
            .ok()
            .filter(|v| v.is_finite())
            .ok_or(malformed("GDAL_METADATA", "a scale or offset is not a finite number"))?;
        if role == Some("scale") {
            band.scale = Some(value);
        } else {
            band.offset = Some(value);
        }
    }
    Ok(scaling)
}

/// The value of `name="..."` among `attributes`.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        let (key, after) = rest.split_once("=\"")?;
        let (value, next) = after.split_once('"')?;
        if key.trim() == name {
            return Some(value);
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodata_is_a_number_or_refused() {
        assert_eq!(parse_nodata(" -9999 ").unwrap(), Some(-9999.0));
        assert!(parse_nodata("nan").unwrap().unwrap().is_nan());
        assert!(parse_nodata("-1.#IND").unwrap().unwrap().is_nan());
        assert_eq!(parse_nodata("").unwrap(), None);
        assert!(parse_nodata("none").is_err());
    }

    #[test]
    fn scaling_is_read_band_by_band() {
        let xml = r#"<GDALMetadata><Item name="units">1</Item>
            <Item name="OFFSET" sample="1" role="offset">-1</Item>
            <Item name="SCALE" sample="1" role="scale">0.0001</Item>
            <Item name="SCALE" sample="9" role="scale">7</Item></GDALMetadata>"#;
        let scaling = parse_scaling(xml, 2).unwrap();
        assert_eq!(scaling[0], Scaling::default());
        assert_eq!(scaling[1], Scaling { scale: Some(1e-4), offset: Some(-1.0) });
        assert!(parse_scaling(r#"<Item role="scale">x</Item>"#, 1).is_err());
        assert!(parse_scaling("<Item role=\"scale", 1).is_ok());
    }
}
