//! Polygons from one coordinate system to another, edges densified first.

use belcheer_domain::Crs;
use geo::MapCoords;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use proj::Proj;

/// Why polygons could not be brought into another system.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReprojectError {
    /// PROJ knows no way from one system to the other.
    #[error("no transformation from {from} to {to}: {reason}; check the coordinate systems of both inputs")]
    NoTransformation {
        /// The system of the polygons.
        from: String,
        /// The wanted system.
        to: String,
        /// What PROJ says.
        reason: String,
    },
    /// A vertex has no image in the wanted system.
    #[error(
        "the point ({x}, {y}) cannot be expressed in the wanted coordinate system; check that the declared system is the true one"
    )]
    Point {
        /// First coordinate, shortened.
        x: String,
        /// Second coordinate, shortened.
        y: String,
    },
    /// Densifying would make more vertices than are ever needed.
    #[error("edges of {segment} units would give more than {limit} vertices; give longer segments")]
    TooFine {
        /// The wanted longest segment.
        segment: String,
        /// The bound on vertices.
        limit: usize,
    },
}

/// Longest segment before a transformation, in degrees of a geographic system: sagitta below 2 cm at 47 N.
pub const SEGMENT_DEGREES: f64 = 0.01;
/// Longest segment before a transformation, in metres of a projected system.
pub const SEGMENT_METRES: f64 = 1000.0;
const VERTICES_MAX: usize = 20_000_000;

/// A transformation between two stored coordinate systems, easting (longitude) first on both sides.
///
/// Equal systems are the identity: not one bit of a coordinate changes. Not `Send`; make one per thread.
///
/// ```
/// use belcheer_vector_ingest::Reprojector;
/// let utm = Reprojector::new("EPSG:4326", "EPSG:32648").unwrap();
/// let (x, y) = utm.point(105.0, 47.0).unwrap();
/// assert!((x - 500_000.0).abs() < 1e-6 && (y - 5_205_164.1).abs() < 1.0);
/// ```
pub struct Reprojector {
    transformation: Option<Proj>,
}

impl Reprojector {
    /// From one definition to another: `EPSG:n`, WKT or a PROJ string.
    ///
    /// # Errors
    /// When PROJ knows no transformation between them.
    pub fn new(from: &str, to: &str) -> Result<Self, ReprojectError> {
        if from == to {
            return Ok(Self { transformation: None });
        }
        let short = |s: &str| s.chars().take(60).collect::<String>();
        let transformation = Proj::new_known_crs(from, to, None).map_err(|e| ReprojectError::NoTransformation {
            from: short(from),
            to: short(to),
            reason: e.to_string(),
        })?;
        Ok(Self { transformation: Some(transformation) })
    }

    /// Between two stored systems; by EPSG number where both have one, else by WKT.
    ///
    /// # Errors
    /// As [`Reprojector::new`].
    pub fn between(from: &Crs, to: &Crs) -> Result<Self, ReprojectError> {
        if same(from, to) {
            return Ok(Self { transformation: None });
        }
        Self::new(&from.definition(), &to.definition())
    }

    /// Whether coordinates stay as they are.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.transformation.is_none()
    }

    /// One point.
    ///
    /// # Errors
    /// When the point has no finite image.
    pub fn point(&self, x: f64, y: f64) -> Result<(f64, f64), ReprojectError> {
        let Some(transformation) = &self.transformation else {
            return Ok((x, y));
        };
        let failed = || ReprojectError::Point { x: format!("{x:.6}"), y: format!("{y:.6}") };
        let (u, v): (f64, f64) = transformation.convert((x, y)).map_err(|_| failed())?;
        if u.is_finite() && v.is_finite() { Ok((u, v)) } else { Err(failed()) }
    }

    /// Polygons, after cutting edges longer than `segment_max` (units of the first system) into equal parts.
    ///
    /// # Errors
    /// When a vertex has no finite image, or the segments are so short that vertices would exceed twenty million.
    pub fn polygons(
        &self,
        polygons: &MultiPolygon<f64>,
        segment_max: Option<f64>,
    ) -> Result<MultiPolygon<f64>, ReprojectError> {
        if self.transformation.is_none() {
            return Ok(polygons.clone());
        }
        let dense = match segment_max {
            Some(segment) if segment > 0.0 => densify(polygons, segment)?,
            _ => polygons.clone(),
        };
        dense.try_map_coords(|c| self.point(c.x, c.y).map(|(x, y)| Coord { x, y }))
    }
}

/// Polygons from one definition to another, with edges no longer than `segment_max` before the change.
///
/// # Errors
/// As [`Reprojector::new`] and [`Reprojector::polygons`].
pub fn reproject(
    polygons: &MultiPolygon<f64>,
    from: &str,
    to: &str,
    segment_max: Option<f64>,
) -> Result<MultiPolygon<f64>, ReprojectError> {
    Reprojector::new(from, to)?.polygons(polygons, segment_max)
}

/// The longest segment worth keeping before a transformation from this system.
pub(crate) fn usual_segment(from: &Crs) -> f64 {
    if from.geographic { SEGMENT_DEGREES } else { SEGMENT_METRES }
}

fn same(a: &Crs, b: &Crs) -> bool {
    match (a.epsg, b.epsg) {
        (Some(a), Some(b)) => a == b,
        _ => a.wkt == b.wkt,
    }
}

/// Cuts edges longer than `segment` into equal parts; shared edges of neighbours get the same new vertices, because
/// each edge is cut from its lower end.
fn densify(polygons: &MultiPolygon<f64>, segment: f64) -> Result<MultiPolygon<f64>, ReprojectError> {
    let rings = || polygons.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let wanted: f64 = rings().flat_map(LineString::lines).map(|l| parts(l.start, l.end, segment)).sum();
    if wanted > VERTICES_MAX as f64 {
        return Err(ReprojectError::TooFine { segment: format!("{segment}"), limit: VERTICES_MAX });
    }
    let dense = |ring: &LineString<f64>| densify_ring(ring, segment);
    Ok(polygons.iter().map(|p| Polygon::new(dense(p.exterior()), p.interiors().iter().map(dense).collect())).collect())
}

fn parts(a: Coord<f64>, b: Coord<f64>, segment: f64) -> f64 {
    ((b.x - a.x).hypot(b.y - a.y) / segment).ceil().max(1.0)
}

fn densify_ring(ring: &LineString<f64>, segment: f64) -> LineString<f64> {
    let mut out: Vec<Coord<f64>> = Vec::with_capacity(ring.0.len());
    for line in ring.lines() {
        let (a, b) = (line.start, line.end);
        let n = parts(a, b, segment);
        let forward = (a.x, a.y) <= (b.x, b.y);
        let (low, high) = if forward { (a, b) } else { (b, a) };
        out.push(a);
        let mut k = 1.0;
        while k < n {
            let t = if forward { k } else { n - k } / n;
            out.push(Coord { x: low.x + (high.x - low.x) * t, y: low.y + (high.y - low.y) * t });
            k += 1.0;
        }
    }
    out.extend(ring.0.last());
    LineString(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::GeodesicArea;
    use geo_types::polygon;

    fn degree() -> MultiPolygon<f64> {
        MultiPolygon(vec![polygon![(x: 104.0, y: 47.0), (x: 106.0, y: 47.0), (x: 106.0, y: 48.0), (x: 104.0, y: 48.0)]])
    }

    #[test]
    fn there_and_back_is_the_same_place() {
        let utm = reproject(&degree(), "EPSG:4326", "EPSG:32648", None).unwrap();
        let back = reproject(&utm, "EPSG:32648", "EPSG:4326", None).unwrap();
        for (a, b) in degree().0[0].exterior().coords().zip(back.0[0].exterior().coords()) {
            assert!((a.x - b.x).abs() < 1e-9 && (a.y - b.y).abs() < 1e-9);
        }
    }

    #[test]
    fn densified_edges_follow_the_parallel() {
        let coarse = reproject(&degree(), "EPSG:4326", "EPSG:32648", None).unwrap();
        let fine = reproject(&degree(), "EPSG:4326", "EPSG:32648", Some(0.01)).unwrap();
        assert!(fine.0[0].exterior().0.len() >= 600);
        let area = |m: &MultiPolygon<f64>| geo::Area::unsigned_area(m);
        let truth = degree().geodesic_area_unsigned();
        assert!((area(&fine) / area(&coarse) - 1.0).abs() > 1e-5);
        assert!((area(&fine) / truth - 1.0).abs() < 1e-3);
    }

    #[test]
    fn neighbours_share_their_new_vertices() {
        let edge = [Coord { x: 0.1, y: 0.2 }, Coord { x: 7.3, y: 3.9 }];
        let there = densify_ring(&LineString(edge.to_vec()), 0.7);
        let mut back = densify_ring(&LineString(vec![edge[1], edge[0]]), 0.7);
        back.0.reverse();
        assert_eq!(there, back);
    }

    #[test]
    fn what_cannot_be_done_is_told() {
        assert!(matches!(Reprojector::new("EPSG:4326", "EPSG:999999"), Err(ReprojectError::NoTransformation { .. })));
        assert!(matches!(
            reproject(&degree(), "EPSG:4326", "EPSG:32648", Some(1e-12)),
            Err(ReprojectError::TooFine { .. })
        ));
        let same = Reprojector::new("EPSG:4326", "EPSG:4326").unwrap();
        assert!(same.is_identity() && same.polygons(&degree(), Some(0.1)) == Ok(degree()));
        let far = Reprojector::new("EPSG:32648", "EPSG:4326").unwrap();
        assert!(far.point(f64::NAN, 0.0).is_err());
    }
}
