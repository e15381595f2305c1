//! Files that want something: nothing leaks, nothing crashes the parent, everything is told.

use std::{fs, path::PathBuf};

use belcheer_raster_ingest::{ConvertOptions, IngestRasterError, convert};

use crate::support::{Made, codes, counting, door, ingest, make, refused};

/// A file of the given bytes and name.
fn file(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn disguised_files_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let secret = file(&folder, "secret.bin", b"TOPSECRET");
    let vrt = format!(
        "<VRTDataset rasterXSize=\"3\" rasterYSize=\"3\"><VRTRasterBand dataType=\"Byte\" band=\"1\" \
         subClass=\"VRTRawRasterBand\"><SourceFilename>{}</SourceFilename></VRTRasterBand></VRTDataset>",
        secret.display()
    );
    for (name, bytes, word) in [
        ("a.tif", vrt.as_bytes(), "VRT"),
        ("b.tif", b"hello, I am text", "starts with \"hello, I"),
        ("c.tif", b"PK\x03\x04....", "zip"),
        ("d.tif", b"SQLite format 3\0", "GeoPackage"),
        ("e.tif", b"%PDF-1.7", "PDF"),
        ("f.tif", b"/vsicurl/http://127.0.0.1/", "starts with"),
    ] {
        let refusal = refused(&file(&folder, name, bytes), &ConvertOptions::default());
        assert_eq!((refusal.code.as_str(), refusal.place.as_str()), ("not_a_raster", name));
        assert!(refusal.text_en.contains(word), "{}", refusal.text_en);
    }
    assert_eq!(refused(&file(&folder, "empty.tif", b""), &ConvertOptions::default()).code, "empty_file");
    assert_eq!(refused(folder.path(), &ConvertOptions::default()).code, "not_a_file");
    let nowhere = refused(&folder.path().join("none.tif"), &ConvertOptions::default());
    assert_eq!((nowhere.code.as_str(), nowhere.place.as_str()), ("not_found", "none.tif"));
}

#[test]
fn neighbours_of_a_file_are_never_seen() {
    let folder = tempfile::tempdir().unwrap();
    let source = make::<u8>(&folder, &Made { epsg: None, ..Made::default() }, &counting(24));
    let injected = "<PAMDataset><SRS>EPSG:4326</SRS><PAMRasterBand band=\"1\"><NoDataValue>5</NoDataValue>\
                    <Scale>9</Scale></PAMRasterBand></PAMDataset>";
    file(&folder, "made.tif.aux.xml", injected.as_bytes());
    file(&folder, "made.tfw", b"9\n0\n0\n-9\n9\n9\n");
    let (converted, _) =
        ingest(&folder, &source, &ConvertOptions { crs_epsg: Some(4326), ..Default::default() }).unwrap();
    let meta = &converted.meta;
    assert_eq!((meta.nodata, meta.scale, meta.x_min, meta.dx), (None, None, 100.0, 0.5));
    assert!(codes(&converted).contains(&"crs_given"), "the sidecar's system is not seen either");
}

#[test]
fn every_cut_of_a_file_is_refused_or_read() {
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<u16> = (0..200 * 100).map(|i| (i * 7 % 1009) as u16).collect();
    let made = Made {
        size: (200, 100),
        transform: Some([100.0, 0.01, 0.0, 48.0, 0.0, -0.01]),
        options: &["COMPRESS=LZW"],
        ..Made::default()
    };
    let bytes = fs::read(make::<u16>(&folder, &made, &many)).unwrap();
    let mut refusals = 0;
    for part in 1..12 {
        let cut = file(&folder, "cut.tif", &bytes[..bytes.len() * part / 12]);
        match ingest(&folder, &cut, &ConvertOptions::default()) {
            Err(IngestRasterError::Refused(refusal)) => {
                assert!(
                    ["incomplete_file", "header_damaged", "cells_damaged"].contains(&refusal.code.as_str()),
                    "{refusal:?}"
                );
                refusals += 1;
            }
            other => assert!(other.is_ok(), "{other:?}"),
        }
    }
    assert_eq!(refusals, 11, "a file cut short is never taken for whole");
}

#[test]
fn damaged_cells_are_told_with_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<u16> = (0..200 * 100).map(|i| (i * 7 % 1009) as u16).collect();
    let made = Made {
        size: (200, 100),
        transform: Some([100.0, 0.01, 0.0, 48.0, 0.0, -0.01]),
        options: &["COMPRESS=DEFLATE"],
        ..Made::default()
    };
    let source = make::<u16>(&folder, &made, &many);
    let mut bytes = fs::read(&source).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0xff);
    let refusal = refused(&file(&folder, "hole.tif", &bytes), &ConvertOptions::default());
    assert_eq!((refusal.code.as_str(), refusal.place.as_str()), ("cells_damaged", "hole.tif, band 1, rows 1 to 100"));
}

#[test]
fn changed_bytes_of_a_header_never_crash_the_parent() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(make::<u8>(&folder, &Made::default(), &counting(24))).unwrap();
    let mut answered = 0;
    for at in (4..bytes.len().min(400)).step_by(9) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x81;
        let changed = file(&folder, "changed.tif", &changed);
        let out = folder.path().join("out.tif");
        let outcome = convert(&door(), &changed, &out, &ConvertOptions::default());
        assert!(matches!(outcome, Ok(_) | Err(IngestRasterError::Refused(_))), "byte {at}: {outcome:?}");
        answered += 1;
    }
    assert!(answered > 20);
}
