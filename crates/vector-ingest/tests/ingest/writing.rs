//! Our own files: the same bytes twice, and read back the same.

use std::fs;

use belcheer_domain::records::Level;
use belcheer_vector_ingest::{
    BoundaryJob, Column, ColumnType, InProcess, Row, Value, ZoneJob, read_boundaries, read_zones, write_geojson,
    write_geopackage,
};
use geo_types::{MultiPolygon, Rect, coord};

fn columns() -> Vec<Column> {
    vec![
        Column::new("au2", ColumnType::Text),
        Column::new("name_mn", ColumnType::Text),
        Column::new("n_plots", ColumnType::Integer),
        Column::new("score", ColumnType::Real),
    ]
}

fn rows() -> Vec<Row> {
    let square =
        |x: f64| MultiPolygon(vec![Rect::new(coord! { x: x, y: 47.0 }, coord! { x: x + 0.7, y: 47.9 }).to_polygon()]);
    vec![
        Row {
            values: vec![
                Value::Text("06404".into()),
                Value::Text("Баян-Овоо".into()),
                Value::Integer(5),
                Value::Real(0.1 + 0.2),
            ],
            geometry: Some(square(100.1)),
        },
        Row {
            values: vec![Value::Text("06425".into()), Value::Null, Value::Null, Value::Real(f64::NAN)],
            geometry: Some(square(101.3)),
        },
    ]
}

#[test]
fn a_geopackage_is_the_same_twice_and_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a.gpkg"), folder.path().join("b.gpkg"));
    write_geopackage(&a, "soums", &columns(), &rows()).unwrap();
    write_geopackage(&b, "soums", &columns(), &rows()).unwrap();
    write_geopackage(&b, "soums", &columns(), &rows()).unwrap();
    assert_eq!(fs::read(&a).unwrap(), fs::read(&b).unwrap());
    let zones = read_zones(&InProcess, &ZoneJob::new(&a, Some("au2"), None)).unwrap();
    assert_eq!((zones.zones.len(), zones.crs.epsg, zones.findings.len()), (2, Some(4326), 0));
    assert_eq!(zones.zones[0].geometry, rows()[0].geometry.clone().unwrap());
}

#[test]
fn geojson_is_the_same_twice_and_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.geojson");
    write_geojson(&path, &columns(), &rows()).unwrap();
    let first = fs::read_to_string(&path).unwrap();
    write_geojson(&path, &columns(), &rows()).unwrap();
    assert_eq!(first, fs::read_to_string(&path).unwrap());
    assert!(first.contains("0.30000000000000004") && first.contains("\"score\":null"));
    let read = read_boundaries(&InProcess, &BoundaryJob::new(&path, Level::Soum), None).unwrap();
    assert_eq!(read.units.len(), 2);
    assert_eq!(read.units[0].geometry, rows()[0].geometry.clone().unwrap());
    assert_eq!(read.units[0].name_mn.as_deref(), Some("Баян-Овоо"));
}

#[test]
fn a_row_that_does_not_fit_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = rows();
    rows[1].values[2] = Value::Text("five".into());
    let error = write_geojson(&folder.path().join("a.geojson"), &columns(), &rows).unwrap_err();
    assert!(error.to_string().contains("row 2"), "{error}");
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}
