//! Shapefiles whose lengths and counts lie, each packed in a zip as it would be uploaded.

use super::{BAIT, Class::Shapefile, Entry, Handed, HostileFile, Zip};

/// Longitude and latitude on the ellipsoid of GPS.
const PRJ: &str = "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],\
                   PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";

/// The members of a shapefile.
#[derive(Debug, Clone)]
pub(super) struct Set {
    pub(super) shp: Vec<u8>,
    pub(super) shx: Vec<u8>,
    pub(super) dbf: Vec<u8>,
    pub(super) prj: Vec<u8>,
}

impl Set {
    /// One square with a soum's code.
    pub(super) fn sound() -> Self {
        Self::of(&[(100.0, 46.0), (100.0, 47.0), (101.0, 47.0), (101.0, 46.0), (100.0, 46.0)])
    }

    /// One ring of these corners.
    pub(super) fn of(ring: &[(f64, f64)]) -> Self {
        let ints = |numbers: &[i32]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
        let doubles = |numbers: &[f64]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
        let points = i32::try_from(ring.len()).expect("a test's ring is short");
        let corners: Vec<f64> = ring.iter().flat_map(|(x, y)| [*x, *y]).collect();
        let bounds = doubles(&[100.0, 46.0, 101.0, 47.0]);
        let content = [ints(&[5]), bounds.clone(), ints(&[1, points, 0]), doubles(&corners)].concat();
        let words = |bytes: usize| i32::try_from(bytes / 2).expect("a test's file is short").to_be_bytes();
        let header = |bytes: usize| {
            let start = [9994_i32.to_be_bytes().as_slice(), &[0; 20], &words(bytes), &ints(&[1000, 5])].concat();
            [start, bounds.clone(), vec![0; 32]].concat()
        };
        let record = [1_i32.to_be_bytes().as_slice(), &words(content.len()), &content].concat();
        let index = [words(100), words(content.len())].concat();
        Self {
            shp: [header(100 + record.len()), record].concat(),
            shx: [header(108), index].concat(),
            dbf: dbf(1, 1),
            prj: PRJ.as_bytes().to_vec(),
        }
    }

    /// The set with some bytes of the `.shp` changed.
    fn changed(at: usize, bytes: [u8; 4]) -> Self {
        let mut set = Self::sound();
        set.shp[at..at + 4].copy_from_slice(&bytes);
        set
    }

    /// Its members as entries of a zip.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let members = [("s.shp", &self.shp), ("s.shx", &self.shx), ("s.dbf", &self.dbf), ("s.prj", &self.prj)];
        members.iter().map(|(name, bytes)| Entry::of(name, bytes)).collect()
    }

    fn zip(&self) -> Vec<u8> {
        Zip::of(self.entries()).bytes()
    }
}

/// A table of one text column with so many rows stated and so many held.
fn dbf(stated: u32, held: usize) -> Vec<u8> {
    let head = [&[3, 126, 1, 1][..], &stated.to_le_bytes(), &65_u16.to_le_bytes(), &6_u16.to_le_bytes()].concat();
    let field = [b"SOUM_CODE\0\0C".as_slice(), &[0; 4], &[5, 0], &[0; 14]].concat();
    [head, vec![0; 20], field, vec![0x0d], b" 06404".repeat(held), vec![0x1a]].concat()
}

pub(super) fn files() -> Vec<HostileFile> {
    let refused =
        |name, set: &Set| HostileFile::refused(Shapefile, Handed::Boundaries, name, "damaged_shapefile", set.zip());
    let other = |name, code, set: &Set| HostileFile::refused(Shapefile, Handed::Boundaries, name, code, set.zip());
    let prj = |text: String| Set { prj: text.into_bytes(), ..Set::sound() };
    let nan = Set::of(&[(100.0, 46.0), (f64::NAN, 47.0), (101.0, f64::INFINITY), (101.0, 46.0), (100.0, 46.0)]);
    let cut = |bytes: &[u8], at: usize| bytes.iter().copied().take(at).collect::<Vec<u8>>();
    let sound = Set::sound();
    let bow_tie = Set::of(&[(100.0, 46.0), (101.0, 47.0), (101.0, 46.0), (100.0, 47.0), (100.0, 46.0)]);
    vec![
        refused("file_length.zip", &Set::changed(24, i32::MAX.to_be_bytes())),
        refused("negative_file_length.zip", &Set::changed(24, (-1_i32).to_be_bytes())),
        refused("record_length.zip", &Set::changed(104, i32::MAX.to_be_bytes())),
        refused("negative_record_length.zip", &Set::changed(104, (-4_i32).to_be_bytes())),
        refused("parts_of_2_31.zip", &Set::changed(144, i32::MAX.to_le_bytes())),
        refused("negative_parts.zip", &Set::changed(144, (-1_i32).to_le_bytes())),
        refused("points_of_2_31.zip", &Set::changed(148, i32::MAX.to_le_bytes())),
        other("part_beyond_its_points.zip", "no_polygons", &Set::changed(152, 1000_i32.to_le_bytes())),
        refused("no_shapefile_inside.zip", &Set { shp: b"%PDF-1.7".to_vec(), ..Set::sound() }),
        refused("archive_inside.zip", &Set { shp: crate::made::zip(), ..Set::sound() }),
        refused("rows_of_2_32.zip", &Set { dbf: dbf(u32::MAX, 1), ..Set::sound() }),
        refused("more_rows_than_shapes.zip", &Set { dbf: dbf(2, 2), ..Set::sound() }),
        refused("table_of_nothing.zip", &Set { dbf: vec![0; 40], ..Set::sound() }),
        refused("cut_shapes.zip", &Set { shp: cut(&sound.shp, 130), ..Set::sound() }),
        other("no_numbers.zip", "no_polygons", &nan),
        other("system_at_an_address.zip", "missing_crs", &prj(format!("http://{BAIT}/crs.wkt"))),
        other(
            "system_as_entities.zip",
            "missing_crs",
            &prj("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;".to_owned()),
        ),
        other("system_nested.zip", "missing_crs", &prj("GEOGCS[".repeat(100_000))),
        HostileFile::found(
            Shapefile,
            Handed::Boundaries,
            "index_that_lies.zip",
            "ring_repaired",
            Set { shx: vec![0xff; 300], ..bow_tie }.zip(),
        ),
    ]
}
