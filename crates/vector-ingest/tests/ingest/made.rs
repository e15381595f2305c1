//! Files made here: encodings, zips, headings, doubtful rows.

use std::{fs, path::Path};

use belcheer_domain::records::Level;
use belcheer_vector_ingest::{
    BoundaryJob, InProcess, SoumIndex, TableJob, TableKind, TableRecords, ZoneJob, read_boundaries, read_table,
    read_zones,
};
use gdal::{
    DriverManager,
    spatial_ref::SpatialRef,
    vector::{Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType},
};

use crate::shared::{count, found, refused};

/// Writes a shapefile of two soums with Mongolian names in an encoding.
pub fn shapefile(folder: &Path, encoding: &str, epsg: Option<u32>) {
    let driver = DriverManager::get_driver_by_name("ESRI Shapefile").unwrap();
    let mut dataset = driver.create_vector_only(folder.join("soums.shp")).unwrap();
    let system = epsg.map(|n| SpatialRef::from_epsg(n).unwrap());
    let option = format!("ENCODING={encoding}");
    let layer = dataset
        .create_layer(LayerOptions {
            name: "soums",
            srs: system.as_ref(),
            ty: OGRwkbGeometryType::wkbPolygon,
            options: Some(&[&option]),
        })
        .unwrap();
    layer.create_defn_fields(&[("CODE", OGRFieldType::OFTString), ("NAME", OGRFieldType::OFTString)]).unwrap();
    let definition = gdal::vector::Defn::from_layer(&layer);
    for (code, name, x) in [("6404", "Баян-Овоо", 100), ("6425", "Богд", 101)] {
        let mut feature = gdal::vector::Feature::new(&definition).unwrap();
        feature.set_field_string(0, code).unwrap();
        feature.set_field_string(1, name).unwrap();
        let wkt = format!("POLYGON (({x} 47, {} 47, {} 48, {x} 48, {x} 47))", x + 1, x + 1);
        feature.set_geometry(Geometry::from_wkt(&wkt).unwrap()).unwrap();
        feature.create(&layer).unwrap();
    }
    dataset.close().unwrap();
}

fn names(path: &Path) -> Vec<String> {
    let read = read_boundaries(&InProcess, &BoundaryJob::new(path, Level::Soum), None).unwrap();
    read.units.into_iter().map(|u| u.name_mn.unwrap_or_default()).collect()
}

#[test]
fn names_come_right_whatever_the_declared_encoding() {
    for (encoding, declared) in [
        ("CP1251", Some("1251")),
        ("CP1251", None),
        ("CP1251", Some("UTF-8")),
        ("CP1251", Some("ISO-8859-1")),
        ("UTF-8", Some("UTF-8")),
        ("UTF-8", None),
        ("UTF-8", Some("1251")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        shapefile(folder.path(), encoding, Some(4326));
        let cpg = folder.path().join("soums.cpg");
        match declared {
            Some(label) => fs::write(&cpg, label).unwrap(),
            None => drop(fs::remove_file(&cpg)),
        }
        let found = names(&folder.path().join("soums.shp"));
        assert_eq!(found, ["Баян-Овоо", "Богд"], "{encoding} declared {declared:?}");
    }
}

/// Packs files of a folder into a stored zip under the given names.
pub fn zip_of(folder: &Path, names: &[(&str, &str)]) -> std::path::PathBuf {
    use std::io::Write;
    let path = folder.join("upload.zip");
    let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (file, name) in names {
        writer.start_file(*name, options).unwrap();
        writer.write_all(&fs::read(folder.join(file)).unwrap()).unwrap();
    }
    writer.finish().unwrap();
    path
}

#[test]
fn a_zipped_shapefile_is_read_and_an_incomplete_one_named() {
    let folder = tempfile::tempdir().unwrap();
    shapefile(folder.path(), "CP1251", Some(4326));
    let whole = [
        ("soums.shp", "a/Soums.SHP"),
        ("soums.shx", "a/soums.shx"),
        ("soums.dbf", "a/soums.dbf"),
        ("soums.prj", "a/soums.prj"),
    ];
    assert_eq!(names(&zip_of(folder.path(), &whole)), ["Баян-Овоо", "Богд"]);
    for (missing, ending) in whole.iter().take(3) {
        let part: Vec<_> = whole.iter().filter(|(f, _)| f != missing).copied().collect();
        let path = zip_of(folder.path(), &part);
        let error = read_boundaries(&InProcess, &BoundaryJob::new(&path, Level::Soum), None).unwrap_err().to_string();
        assert!(error.to_lowercase().contains(&ending.to_lowercase()[ending.len() - 4..]), "{error}");
    }
    let without_prj = zip_of(folder.path(), &whole[..3]);
    let mut job = BoundaryJob::new(&without_prj, Level::Soum);
    assert_eq!(refused(read_boundaries(&InProcess, &job, None)), "missing_crs");
    job.crs = Some("4326".to_owned());
    assert_eq!(read_boundaries(&InProcess, &job, None).unwrap().units.len(), 2);
}

#[test]
fn a_file_without_system_is_refused_unless_told() {
    let folder = tempfile::tempdir().unwrap();
    shapefile(folder.path(), "UTF-8", None);
    let path = folder.path().join("soums.shp");
    let mut job = ZoneJob::new(&path, Some("CODE"), Some("EPSG:32647"));
    assert_eq!(refused(read_zones(&InProcess, &job)), "missing_crs");
    job.crs = Some("EPSG:4326".to_owned());
    let zones = read_zones(&InProcess, &job).unwrap();
    assert_eq!((zones.zones.len(), zones.crs.epsg), (2, Some(32647)));
    job.id_field = Some("NOTHING".to_owned());
    assert_eq!(refused(read_zones(&InProcess, &job)), "no_such_field");
}

#[test]
fn a_national_system_without_its_number_is_not_guessed() {
    let folder = tempfile::tempdir().unwrap();
    shapefile(folder.path(), "UTF-8", Some(4326));
    let wkt = "PROJCS[\"local\",GEOGCS[\"GCS_Pulkovo_1942\",DATUM[\"D_Pulkovo_1942\",SPHEROID[\"Krasovsky_1940\",6378245.0,298.3]],\
        PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],\
        PARAMETER[\"False_Easting\",500000.0],PARAMETER[\"Central_Meridian\",104.3],PARAMETER[\"Scale_Factor\",1.0],UNIT[\"Meter\",1.0]]";
    fs::write(folder.path().join("soums.prj"), wkt).unwrap();
    let job = ZoneJob::new(folder.path().join("soums.shp"), Some("CODE"), None);
    assert_eq!(refused(read_zones(&InProcess, &job)), "crs_needs_epsg");
    let told = ZoneJob { crs: Some("4326".to_owned()), ..job };
    let zones = read_zones(&InProcess, &told).unwrap();
    assert_eq!((zones.zones.len(), found(&zones.findings, "crs_overridden").len()), (2, 1));
}

fn geojson(folder: &Path, features: &str) -> std::path::PathBuf {
    let path = folder.join("set.geojson");
    fs::write(&path, format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#)).unwrap();
    path
}

fn feature(code: &str, ring: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"soum_code":{code},"area_km2":9000}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
    )
}

#[test]
fn overlaps_duplicates_and_bad_codes_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let square = |x: f64| format!("[[{x},47],[{0},47],[{0},48],[{x},48],[{x},47]]", x + 1.0);
    let features = [
        feature("6404", &square(100.0)),
        feature("6425", &square(100.5)),
        feature("\"06404\"", &square(105.0)),
        feature("6404", &square(100.01)),
        feature("null", &square(110.0)),
        feature("4443", &square(112.0)),
        feature("6449", "[[50,47],[51,47],[51,48],[50,48],[50,47]]"),
        feature("6407", "[[108,47],[109,48],[109,47],[108,48],[108,47]]"),
        feature("6410", "[[118,47],[119,48]]"),
    ];
    let path = geojson(folder.path(), &features.join(","));
    let read = read_boundaries(&InProcess, &BoundaryJob::new(&path, Level::Soum), None).unwrap();
    let codes: Vec<&str> = read.units.iter().map(|u| u.code.as_str()).collect();
    assert_eq!(codes, ["04443", "06404", "06407", "06425", "06449"]);
    let overlap = found(&read.findings, "units_overlap");
    assert!(overlap.iter().any(|f| f.place == "06404 and 06425" && f.text_en.contains("50.00")), "{overlap:?}");
    assert_eq!((count(&read.findings, "duplicate_code"), count(&read.findings, "unit_in_parts")), (1, 1));
    for code in ["code_unreadable", "code_retired", "outside_country", "ring_repaired", "ring_dropped", "area_differs"]
    {
        assert_eq!(found(&read.findings, code).len(), 1, "{code}");
    }
    let joined = read.units.iter().find(|u| u.code == "06404").unwrap();
    assert_eq!(joined.geometry.0.len(), 2);
}

#[test]
fn latitude_first_and_metres_as_degrees_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (ring, code) in [
        ("[[47,100],[48,100],[48,101],[47,100]]", "latitude_first"),
        ("[[500000,5200000],[510000,5200000],[510000,5210000],[500000,5200000]]", "coordinates_out_of_range"),
    ] {
        let path = geojson(folder.path(), &feature("6404", ring));
        assert_eq!(refused(read_boundaries(&InProcess, &BoundaryJob::new(&path, Level::Soum), None)), code);
    }
}

#[test]
fn user_groups_of_the_agencys_export_find_their_soum() {
    let folder = tempfile::tempdir().unwrap();
    let soums = geojson(folder.path(), &feature("6404", "[[100,47],[101,47],[101,48],[100,48],[100,47]]"));
    let soums = read_boundaries(&InProcess, &BoundaryJob::new(&soums, Level::Soum), None).unwrap();
    let index = SoumIndex::new(&soums.units);
    let path = folder.path().join("pug.json");
    let geometry = r#"{\"type\":\"Polygon\",\"coordinates\":[[[100.2,47.2],[100.4,47.2],[100.4,47.4],[100.2,47.2]]]}"#;
    let record = |au2: &str, no: u32| {
        format!(r#"{{"group_no":{no},"group_name":"Цагаан шанд","au2":{au2},"geometry":"{geometry}"}}"#)
    };
    fs::write(&path, format!("[{},{}]", record("null", 7), record("\"06425\"", 8))).unwrap();
    let read = read_boundaries(&InProcess, &BoundaryJob::new(&path, Level::Pug), Some(&index)).unwrap();
    let of = |code: &str| read.units.iter().find(|u| u.code == code).unwrap().au2.unwrap().to_string();
    assert_eq!((of("7"), of("8")), ("06404".to_owned(), "06425".to_owned()));
    assert_eq!(read.units[0].name_mn.as_deref(), Some("Цагаан шанд"));
    assert_eq!(found(&read.findings, "unit_outside_soum").len(), 1);
    let persons = folder.path().join("person.json");
    fs::write(&persons, r#"[{"person_register":"AA00112233","first_name":"Бат"}]"#).unwrap();
    assert_eq!(refused(read_boundaries(&InProcess, &BoundaryJob::new(&persons, Level::Pug), None)), "not_geojson");
}

fn table(name: &str, bytes: &[u8], kind: TableKind) -> Result<(TableRecords, Vec<belcheer_domain::Finding>), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    match read_table(&InProcess, &TableJob::new(&path, kind), None) {
        Ok(read) => Ok(read),
        Err(belcheer_vector_ingest::IngestError::Refused(r)) => Err(r.code),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn livestock_as_a_soum_office_writes_it() {
    let text = "Богд сумын мал;;;\n;;;\nСумын код;Он;Бүгд;\n\"06425\";2019;154 001;\n6404;2019,0;52 892;\n";
    // the Windows code page has no Mongolian letters; its fonts put them on Ukrainian ones
    let font = text.replace('ү', "ї");
    let (windows, _, _) = encoding_rs::WINDOWS_1251.encode(&font);
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
    for bytes in [text.as_bytes(), &windows, &utf16, &marked] {
        let (records, _) = table("mal.csv", bytes, TableKind::Livestock).unwrap();
        let TableRecords::Livestock(counts) = records else { panic!() };
        let heads: Vec<_> = counts.iter().map(|c| (c.au2.number(), c.head)).collect();
        assert_eq!(heads, [(6425, 154_001.0), (6404, 52_892.0)]);
    }
}

#[test]
fn species_tables_wide_and_long() {
    let wide = "soum_code,year,head_total,camel,horse,cattle,sheep,goat\n6404,2019,100,10,20,5,45,20\n6425,2019,100,10,20,5,45,40\n";
    let (records, findings) = table("wide.csv", wide.as_bytes(), TableKind::Livestock).unwrap();
    assert_eq!((records.len(), count(&findings, "total_differs")), (10, 1));
    let long = "au2\tyear\tspecies\thead\n06404\t2019\tХонь\t45\n06404\t2019\tЯмаа\t20\n06404\t2019\tЯмаа\t21\n06404\t2019\tгахай\t1\n";
    let (records, findings) = table("long.tsv", long.as_bytes(), TableKind::Livestock).unwrap();
    assert_eq!((records.len(), count(&findings, "duplicate_record"), count(&findings, "species_unknown")), (2, 1, 1));
}

#[test]
fn rows_that_do_not_fit_are_left_out_or_the_table_is_refused() {
    let head = "aimag,soum,soum_code,year,head_total\n";
    let good = "Увс,Тэс,8501,2019,10\nУвс,Тариалан,8531,2019,10\nУвс,Сагил,8528,2019,20\n";
    let bad = format!("{head}{good}12,Тэс,8504,2019,10\nУвс,Тэс\nУвс,Тэс,8507,2019,-4\n");
    let (records, findings) = table("x.csv", bad.as_bytes(), TableKind::Livestock).unwrap();
    assert_eq!(records.len(), 3);
    for code in ["shifted_row", "row_width", "negative_value"] {
        assert_eq!(count(&findings, code), 1, "{code}");
    }
    let shifted = format!("{head}2019,Увс,Тэс,8501,10\n2019,Увс,Тариалан,8531,10\nУвс,Сагил,8528,2019,20\n");
    assert_eq!(table("x.csv", shifted.as_bytes(), TableKind::Livestock).unwrap_err(), "shifted_columns");
    assert_eq!(table("x.csv", b"", TableKind::Livestock).unwrap_err(), "empty_file");
    assert_eq!(table("x.csv", head.as_bytes(), TableKind::Livestock).unwrap_err(), "empty_table");
    assert_eq!(table("x.csv", b"\n\n , ,\n", TableKind::Livestock).unwrap_err(), "empty_table");
    assert_eq!(table("x.csv", b"a,b\n1,2\n", TableKind::Livestock).unwrap_err(), "missing_columns");
    assert_eq!(table("x.xlsx", b"PK\x03\x04nothing", TableKind::Livestock).unwrap_err(), "bad_zip");
    assert_eq!(table("x.pdf", b"%PDF-1.4", TableKind::Livestock).unwrap_err(), "unknown_table_format");
}

#[test]
fn a_region_among_aimags_is_left_out() {
    let text = "aimag,year,camel,horse,cattle,sheep,goat\nУвс,2019,18,91,180,1500,1200\nCentral region,2019,1,2,3,4,5\nO'vorxangai,2019,30,260,270,2200,1900\n";
    let (records, findings) = table("x.csv", text.as_bytes(), TableKind::Livestock).unwrap();
    assert_eq!((records.len(), count(&findings, "aimag_unknown")), (10, 1));
}

#[test]
fn plots_without_coordinates_are_left_out() {
    let text = "gid,lon,lat,year,bms\n1,101.5,47.1,2012,3\n2,NaN,47.1,2012,3\n3,101.5,,2012,3\n4,12.5,47.1,2012,3\n5,101.5,47.2,2012,\n6,101.6,47.2,2012,1\n1,101.5,47.1,2012,4\n";
    let (records, findings) = table("x.csv", text.as_bytes(), TableKind::BiomassPlots).unwrap();
    let TableRecords::BiomassPlots(plots) = records else { panic!() };
    assert_eq!((plots.len(), plots[0].biomass_kg_ha), (4, Some(300.0)));
    for (code, n) in [("bad_coordinates", 2), ("outside_country", 1), ("biomass_missing", 1), ("duplicate_record", 1)] {
        assert_eq!(count(&findings, code), n, "{code}");
    }
}

#[test]
fn empty_rows_of_a_wide_table_are_told() {
    let text = "plot,lon,lat,2007,2008,2009,unit\nA,101.5,47.1,3,,4,\nB,101.6,47.1,,,,\n,,,,,,\n,,,,,,\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.csv");
    fs::write(&path, text).unwrap();
    let job = TableJob::new(&path, TableKind::BiomassPlots);
    assert_eq!(refused(read_table(&InProcess, &job, None)), "unit_unknown");
    let (records, findings) = read_table(&InProcess, &job.map("unit", "g_m2"), None).unwrap();
    let TableRecords::BiomassPlots(plots) = records else { panic!() };
    let values: Vec<_> = plots.iter().map(|p| (p.year, p.biomass_kg_ha)).collect();
    assert_eq!(values, [(2007, Some(30.0)), (2009, Some(40.0))]);
    assert_eq!((count(&findings, "biomass_missing"), count(&findings, "empty_row")), (1, 2));
    assert_eq!(found(&findings, "empty_column").len(), 2);
}

#[test]
fn weather_rows_join_by_code_alone() {
    let text = "au2,year,precipitation_mm,temperature_c\n06404,2019,\"120,5\",14\n06425,2019,90,99\n06425,2020,9999,14\nBogd,2020,90,14\n06449,2020,90,14\n";
    let (records, findings) = table("x.csv", text.as_bytes(), TableKind::Weather).unwrap();
    let TableRecords::Weather(rows) = records else { panic!() };
    assert_eq!((rows.len(), rows[0].precipitation_mm, rows[1].temperature_c), (3, 120.5, None));
    for code in ["weather_out_of_range", "temperature_out_of_range", "record_without_soum"] {
        assert_eq!(count(&findings, code), 1, "{code}");
    }
}

#[test]
fn swapped_codes_and_garbled_names_of_photo_points() {
    let folder = tempfile::tempdir().unwrap();
    let set = [
        feature("6425", "[[101,44],[102,44],[102,45],[101,45],[101,44]]"),
        feature("6449", "[[102,44],[103,44],[103,45],[102,45],[102,44]]"),
    ];
    let set: Vec<String> = set
        .iter()
        .zip(["Богд", "Өлзийт"])
        .map(|(f, n)| f.replace("\"area_km2\":9000", &format!("\"name_mn\":\"{n}\"")))
        .collect();
    let units =
        read_boundaries(&InProcess, &BoundaryJob::new(geojson(folder.path(), &set.join(",")), Level::Soum), None)
            .unwrap()
            .units;
    let path = folder.path().join("points.csv");
    let mojibake: String = "Богд".bytes().map(char::from).collect();
    fs::write(&path, format!("id_raw,aimag,soum,lon,lat,year,recovery\n\"06449001\"\"\",Баянхонгор,Богд,101.5,44.5,2022,II\n6425001,Баянхонгор,Өлзийт,102.5,44.5,2022,iv\n6425002,Баянхонгор,{mojibake},101.6,44.5,2022,VII\n")).unwrap();
    let (records, findings) =
        read_table(&InProcess, &TableJob::new(&path, TableKind::PhotoPoints), Some(&SoumIndex::new(&units))).unwrap();
    let TableRecords::PhotoPoints(points) = records else { panic!() };
    let places: Vec<_> = points.iter().map(|p| (p.point.as_str(), p.au2.unwrap().number())).collect();
    assert_eq!(places, [("06449001", 6425), ("06425001", 6449), ("06425002", 6425)]);
    assert_eq!((count(&findings, "point_outside_soum"), count(&findings, "code_name_differ")), (2, 2));
    assert_eq!((count(&findings, "encoding_repaired"), count(&findings, "recovery_unreadable")), (1, 1));
    assert_eq!(count(&findings, "id_repaired"), 1);
}
