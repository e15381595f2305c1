//! Files that lie: refused or read with findings, never a panic.

use std::fs;

use belcheer_domain::records::Level;
use belcheer_vector_ingest::{
    BoundaryJob, InProcess, IngestError, TableJob, TableKind, ZoneJob, read_boundaries, read_table, read_zones,
};

use crate::{
    made::{shapefile, zip_of},
    shared::{file, found, refused},
};

#[test]
fn bad_geojson_is_refused_or_told() {
    let Some(folder) = file("bad/geojsonhint_bad") else { return };
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "geojson"));
    files.sort();
    assert!(files.len() >= 40);
    // sound polygons that only run the wrong way, or repeat a position with a height, are read
    let readable = [
        "bad-polygon-interiorring-rhr.geojson",
        "different-first-last.geojson",
        "different-first-size.geojson",
        "featurecollection_changed_semantics.geojson",
        "polygon_winding_order.geojson",
        "short-linearring.geojson",
    ];
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let result = read_zones(&InProcess, &ZoneJob::new(&path, None, None));
        match (readable.contains(&name.as_str()), result) {
            (true, Ok(zones)) => assert!(!zones.zones.is_empty(), "{name}"),
            (false, Err(IngestError::Refused(r))) => assert!(!r.text_en.contains(['/', '\\']), "{name} {}", r.text_en),
            (_, other) => panic!("{name} {other:?}"),
        }
    }
}

#[test]
fn real_invalid_polygons_are_repaired_by_name() {
    let Some(path) = file("bad/real_invalid_polygons.geojson") else { return };
    let zones = read_zones(&InProcess, &ZoneJob::new(&path, Some("NAME"), None)).unwrap();
    assert_eq!(zones.zones.len(), 7);
    let places: Vec<&str> = found(&zones.findings, "ring_repaired").iter().map(|f| f.place.as_str()).collect();
    assert_eq!((places.len(), places[0], places[6]), (7, "feature 1 (Renchinlxu'mbe)", "feature 7 (MV-00000211)"));
}

#[test]
fn a_disguised_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, code) in [
        ("a.gpkg", b"<OGRVRTDataSource/>".as_slice(), "unknown_vector_format"),
        ("a.geojson", b"SQLite format 3\0", "wrong_ending"),
        ("a.gpkg", b"{\"type\":\"Polygon\"}", "wrong_ending"),
        ("a.gpkg", b"SQLite format 3\0 and then nothing", "unreadable"),
        ("a.zip", b"PK\x03\x04", "bad_zip"),
        ("a.geojson", b"", "empty_file"),
        ("a.geojson", b"{\"type\":\"Polygon\",\"coordinates\":[[[1e999,2]]]}", "bad_json"),
        ("a.geojson", b"{\"type\":\"Polygon\",\"coordinates\":[[[NaN,2]]]}", "bad_json"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        assert_eq!(refused(read_zones(&InProcess, &ZoneJob::new(&path, None, None))), code, "{name}");
    }
    let missing = folder.path().join("none.gpkg");
    assert_eq!(refused(read_zones(&InProcess, &ZoneJob::new(missing, None, None))), "not_found");
}

#[test]
fn every_cut_and_many_flips_of_a_shapefile_end_well() {
    let folder = tempfile::tempdir().unwrap();
    shapefile(folder.path(), "CP1251", Some(4326));
    for member in ["soums.shp", "soums.dbf"] {
        let path = folder.path().join(member);
        let whole = fs::read(&path).unwrap();
        let tries = (0..whole.len()).step_by(5).map(|n| whole[..n].to_vec()).chain((0..whole.len()).map(|n| {
            let mut flipped = whole.clone();
            flipped[n] ^= 0xFF;
            flipped
        }));
        for bytes in tries {
            fs::write(&path, bytes).unwrap();
            match read_boundaries(&InProcess, &BoundaryJob::new(folder.path().join("soums.shp"), Level::Soum), None) {
                Ok(read) => assert!(read.units.len() <= 2),
                Err(IngestError::Refused(_)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        fs::write(&path, whole).unwrap();
    }
}

#[test]
fn a_shapefile_that_states_too_much_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    shapefile(folder.path(), "UTF-8", Some(4326));
    let path = folder.path().join("soums.shp");
    let whole = fs::read(&path).unwrap();
    // record 1 begins at 100; its numbers of parts and points stand at 144 and 148
    for (at, value) in [
        (24, 0x7FFF_FFFF_u32.to_be_bytes()),
        (104, 0x7FFF_FFFF_u32.to_be_bytes()),
        (144, 0x7FFF_FFFF_u32.to_le_bytes()),
        (148, 0x0001_0000_u32.to_le_bytes()),
    ] {
        let mut lying = whole.clone();
        lying[at..at + 4].copy_from_slice(&value);
        fs::write(&path, lying).unwrap();
        assert_eq!(refused(read_zones(&InProcess, &ZoneJob::new(&path, None, None))), "damaged_shapefile", "{at}");
    }
}

#[test]
fn doubtful_zips_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    shapefile(folder.path(), "UTF-8", Some(4326));
    let whole = [("soums.shp", "s.shp"), ("soums.shx", "s.shx"), ("soums.dbf", "s.dbf"), ("soums.prj", "s.prj")];
    let read = |path: &std::path::Path| refused(read_zones(&InProcess, &ZoneJob::new(path, None, None)));
    let path = zip_of(folder.path(), &whole);
    assert_eq!(read(&path), "accepted");
    let bytes = fs::read(&path).unwrap();
    let slipping = zip_of(folder.path(), &[whole[0], whole[1], whole[2], ("soums.prj", "../s.prj")]);
    assert_eq!(read(&slipping), "bad_zip");
    let many: Vec<(String, String)> = (0..65).map(|n| ("soums.prj".to_owned(), format!("{n}.txt"))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(read(&zip_of(folder.path(), &many)), "bad_zip");
    assert_eq!(read(&zip_of(folder.path(), &[("soums.prj", "a.txt")])), "no_shapefile");
    let two = [whole.as_slice(), &[("soums.shp", "t.shp")]].concat();
    assert_eq!(read(&zip_of(folder.path(), &two)), "choose_layer");
    fs::write(folder.path().join("zeros"), vec![0_u8; 8 << 20]).unwrap();
    assert_eq!(read(&zip_of(folder.path(), &[("zeros", "s.shp"), whole[1], whole[2], whole[3]])), "bad_zip");
    // every cut and every flipped byte ends well
    for n in (0..bytes.len()).step_by(7) {
        fs::write(&path, &bytes[..n]).unwrap();
        read(&path);
        let mut flipped = bytes.clone();
        flipped[n] ^= 0xFF;
        fs::write(&path, flipped).unwrap();
        read(&path);
    }
}

#[test]
fn a_database_with_a_view_or_trigger_is_refused() {
    use gdal::{Dataset, DatasetOptions, GdalOpenFlags, vector::sql::Dialect};
    for statement in ["CREATE VIEW v AS SELECT 1", "CREATE TRIGGER t AFTER INSERT ON set_ BEGIN SELECT 1; END"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("set.gpkg");
        belcheer_vector_ingest::write_geopackage(&path, "set_", &[], &[]).unwrap();
        let options = DatasetOptions {
            open_flags: GdalOpenFlags::GDAL_OF_UPDATE | GdalOpenFlags::GDAL_OF_VECTOR,
            ..Default::default()
        };
        let dataset = Dataset::open_ex(&path, options).unwrap();
        drop(dataset.execute_sql(statement, None, Dialect::DEFAULT).unwrap());
        dataset.close().unwrap();
        assert_eq!(refused(read_zones(&InProcess, &ZoneJob::new(&path, None, None))), "active_database", "{statement}");
    }
}

#[test]
fn a_damaged_geopackage_ends_well() {
    let Some(good) = file("boundaries/region_cod_v3.gpkg") else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set.gpkg");
    let bytes = fs::read(good).unwrap();
    for n in 0..60 {
        let mut damaged = bytes.clone();
        for k in 0..40 {
            let at = (n * 7919 + k * 104_729 + 100) % damaged.len();
            damaged[at] ^= 0xA5;
        }
        damaged.truncate(damaged.len() - n * 97);
        fs::write(&path, damaged).unwrap();
        match read_zones(&InProcess, &ZoneJob::new(&path, None, None)) {
            Ok(_) | Err(IngestError::Refused(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn cuts_and_flips_of_a_workbook_end_well() {
    let Some(good) = file("field/orig/bel_PM_2022_husnegt.xlsx") else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.xlsx");
    let bytes = fs::read(good).unwrap();
    for n in (0..bytes.len()).step_by(80_021) {
        let mut damaged = bytes.clone();
        damaged[n] ^= 0xFF;
        for damaged in [damaged, bytes[..n].to_vec()] {
            fs::write(&path, damaged).unwrap();
            match read_table(&InProcess, &TableJob::new(&path, TableKind::PhotoPoints), None) {
                Ok(_) | Err(IngestError::Refused(_)) => {}
                Err(other) => panic!("{other}"),
            }
        }
    }
}

#[test]
fn too_large_files_are_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let size = belcheer_vector_ingest::Limits::DEFAULT.file_bytes + 1;
    for (name, head) in [("a.gpkg", b"SQLite format 3\0".as_slice()), ("a.geojson", b"{"), ("a.csv", b"a,b")] {
        let path = folder.path().join(name);
        fs::write(&path, head).unwrap();
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(size).unwrap();
        let code = if name.ends_with("csv") {
            refused(read_table(&InProcess, &TableJob::new(&path, TableKind::Weather), None))
        } else {
            refused(read_zones(&InProcess, &ZoneJob::new(&path, None, None)))
        };
        assert_eq!(code, "too_large", "{name}");
    }
}
