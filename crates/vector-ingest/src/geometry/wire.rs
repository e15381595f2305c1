//! Polygons as they pass from the child: numbers in their own bytes, as base64, since text takes longer to make and read
//! than all else that is done to a polygon.
//!
//! Little-endian: the number of polygons; for each the number of rings; for each ring its number of vertices and their
//! coordinates. Counts have 4 bytes, coordinates 8.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

type Ring = Vec<[f64; 2]>;

/// The nested lists of a multipolygon, `[[[[x, y], ...], ...], ...]` as in GeoJSON.
pub(crate) fn nested(polygons: &MultiPolygon<f64>) -> Vec<Vec<Ring>> {
    let ring = |r: &LineString<f64>| -> Ring { r.0.iter().map(|c| [c.x, c.y]).collect() };
    polygons.iter().map(|p| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect()).collect()
}

/// Writes polygons; counts beyond 32 bits do not occur within the limits on a file.
pub(crate) fn serialize<S: Serializer>(polygons: &MultiPolygon<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut bytes: Vec<u8> = Vec::new();
    let count = |bytes: &mut Vec<u8>, n: usize| bytes.extend((n as u32).to_le_bytes());
    count(&mut bytes, polygons.0.len());
    for polygon in polygons {
        count(&mut bytes, polygon.interiors().len() + 1);
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            count(&mut bytes, ring.0.len());
            bytes.reserve(16 * ring.0.len());
            for c in &ring.0 {
                bytes.extend(c.x.to_le_bytes());
                bytes.extend(c.y.to_le_bytes());
            }
        }
    }
    serializer.serialize_str(&STANDARD_NO_PAD.encode(bytes))
}

/// Reads what [`serialize`] wrote.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MultiPolygon<f64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = STANDARD_NO_PAD.decode(text).map_err(D::Error::custom)?;
    let mut rest = bytes.as_slice();
    let polygons = read(&mut rest).filter(|_| rest.is_empty());
    polygons.ok_or_else(|| D::Error::custom("polygons that end too early or too late"))
}

fn read(rest: &mut &[u8]) -> Option<MultiPolygon<f64>> {
    // no count is trusted with memory: lists grow as their content is found
    let mut polygons = Vec::new();
    for _ in 0..count(rest)? {
        let mut rings = Vec::new();
        for _ in 0..count(rest)? {
            rings.push(ring(rest)?);
        }
        let mut rings = rings.into_iter();
        polygons.push(Polygon::new(rings.next().unwrap_or(LineString(vec![])), rings.collect()));
    }
    Some(MultiPolygon(polygons))
}

fn count(rest: &mut &[u8]) -> Option<u32> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(u32::from_le_bytes(*head))
}

fn ring(rest: &mut &[u8]) -> Option<LineString<f64>> {
    let bytes = usize::try_from(count(rest)?).ok()?.checked_mul(16)?;
    let (vertices, tail) = rest.split_at_checked(bytes)?;
    *rest = tail;
    let vertex = |bytes: &[u8]| {
        let (x, tail) = bytes.split_first_chunk()?;
        let (y, _) = tail.split_first_chunk()?;
        Some(Coord { x: f64::from_le_bytes(*x), y: f64::from_le_bytes(*y) })
    };
    vertices.chunks_exact(16).map(vertex).collect::<Option<Vec<_>>>().map(LineString)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;
    use serde::Serialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sent(#[serde(with = "super")] MultiPolygon<f64>);

    #[test]
    fn polygons_pass_to_the_last_bit() {
        let ground = polygon!(
            exterior: [(x: 0.1, y: -1e-300), (x: 4.0, y: 1.0 / 3.0), (x: 2.0, y: 9.0)],
            interiors: [[(x: 1.0, y: 1.0), (x: 1.5, y: 1.0), (x: 1.0, y: 1.25)]],
        );
        for polygons in [vec![], vec![ground.clone()], vec![ground.clone(), ground]] {
            let sent = Sent(MultiPolygon(polygons));
            let text = serde_json::to_string(&sent).unwrap();
            assert_eq!(serde_json::from_str::<Sent>(&text).unwrap(), sent);
        }
    }

    #[test]
    fn what_is_cut_or_lies_about_its_length_is_refused() {
        let whole =
            serde_json::to_string(&Sent(MultiPolygon(vec![polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 1.0)]]))).unwrap();
        assert!(serde_json::from_str::<Sent>(&format!("{}\"", &whole[..whole.len() - 9])).is_err());
        for bytes in [vec![1, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255], vec![255; 4], vec![0; 5], vec![]] {
            let text = format!("\"{}\"", STANDARD_NO_PAD.encode(bytes));
            assert!(serde_json::from_str::<Sent>(&text).is_err(), "{text}");
        }
    }
}
