//! Other things under the names of rasters, layers and tables.

use super::{BAIT, Class::Disguise, Directory, Handed, HostileFile, SECRET, Zip};
use crate::made::squares;

pub(super) fn files() -> Vec<HostileFile> {
    [rasters(), endings(), layers(), tables()].concat()
}

fn rasters() -> Vec<HostileFile> {
    let not_a_raster =
        |name, text: String| HostileFile::refused(Disguise, Handed::Raster, name, "not_a_raster", text.into_bytes());
    let damaged =
        |name, bytes: &[u8]| HostileFile::refused(Disguise, Handed::Raster, name, "unreadable", bytes.to_vec());
    let vrt = |source: &str| {
        format!(
            "<VRTDataset rasterXSize=\"4\" rasterYSize=\"4\"><VRTRasterBand dataType=\"Byte\" band=\"1\" \
             subClass=\"VRTRawRasterBand\"><SourceFilename relativeToVRT=\"0\">{source}</SourceFilename>\
             <ImageOffset>0</ImageOffset></VRTRasterBand></VRTDataset>"
        )
    };
    let index = "<GDALTileIndexDataset><IndexDataset>/vsicurl/http://BAIT/i.gpkg</IndexDataset></GDALTileIndexDataset>";
    let wms = "<GDAL_WMS><Service name=\"WMS\"><ServerUrl>http://BAIT/</ServerUrl></Service></GDAL_WMS>";
    vec![
        not_a_raster("vrt_of_a_local_file.tif", vrt(SECRET)),
        not_a_raster("vrt_of_an_address.tif", vrt(&format!("/vsicurl/http://{BAIT}/x.tif"))),
        not_a_raster("vrt_behind_xml.tif", format!("<?xml version=\"1.0\"?>{}", vrt(SECRET))),
        not_a_raster("tile_index.tif", index.replace("BAIT", BAIT)),
        not_a_raster("map_service.tif", wms.replace("BAIT", BAIT)),
        not_a_raster("map_service_in_short.tif", format!("WMS:http://{BAIT}/wms")),
        not_a_raster("address.tif", format!("/vsicurl/http://{BAIT}/x.tif")),
        not_a_raster("memory.tif", "MEM:::DATAPOINTER=4096,PIXELS=100,LINES=100,DATATYPE=Byte".to_owned()),
        not_a_raster("zarr.tif", "{\"zarr_format\": 2}".to_owned()),
        not_a_raster("document.tif", "%PDF-1.7\n1 0 obj".to_owned()),
        not_a_raster("grib.tif", "GRIB\0\0\0\u{2}".to_owned()),
        not_a_raster("entities.tif", format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"file://{SECRET}\">]><x>&e;</x>")),
        damaged("classic.nc", b"CDF\x01\xff\xff\xff\xff\0\0\0\x0a\xff\xff\xff\xff"),
        damaged("hdf5.nc", &[b"\x89HDF\r\n\x1a\n".as_slice(), &[0xff; 600]].concat()),
        damaged("hdf4.hdf", &[b"\x0e\x03\x13\x01".as_slice(), &[0xff; 600]].concat()),
    ]
}

fn endings() -> Vec<HostileFile> {
    let wrong = |handed, name, bytes| HostileFile::refused(Disguise, handed, name, "wrong_ending", bytes);
    let tiff = || Directory::sound().bytes();
    vec![
        wrong(Handed::Raster, "tiff.nc", tiff()),
        wrong(Handed::Raster, "tiff.png", tiff()),
        wrong(Handed::Raster, "tiff.tif.exe", tiff()),
        wrong(Handed::Raster, "tiff", tiff()),
        wrong(Handed::Boundaries, "geojson.gpkg", squares(&[("6404", 100.0)])),
        wrong(Handed::Boundaries, "database.geojson", b"SQLite format 3\0".to_vec()),
        wrong(Handed::Boundaries, "zip.gpkg", crate::made::zip()),
        wrong(Handed::Plots, "workbook.csv", crate::made::zip()),
        // both a TIFF and a zip: read as what the name says, or not at all
        HostileFile::found(Disguise, Handed::Raster, "two_in_one.tif", "no_nodata_declared", two_in_one()),
        HostileFile::refused(Disguise, Handed::Boundaries, "two_in_one.zip", "unknown_vector_format", two_in_one()),
    ]
}

fn two_in_one() -> Vec<u8> {
    [Directory::sound().bytes(), Zip::default().bytes()].concat()
}

fn layers() -> Vec<HostileFile> {
    let unknown = |name, text: String| {
        HostileFile::refused(Disguise, Handed::Boundaries, name, "unknown_vector_format", text.into_bytes())
    };
    let vrt = format!(
        "<OGRVRTDataSource><OGRVRTLayer name=\"x\"><SrcDataSource>{SECRET}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    );
    vec![
        unknown("vrt.gpkg", vrt.clone()),
        unknown("vrt.geojson", vrt),
        unknown("service.geojson", format!("WFS:http://{BAIT}/wfs")),
        unknown("database_address.gpkg", format!("PG:host={BAIT} dbname=x")),
        unknown("placemarks.geojson", "<kml><NetworkLink/></kml>".to_owned()),
        unknown("tiff.geojson", String::from_utf8_lossy(&Directory::sound().bytes()).into_owned()),
    ]
}

fn tables() -> Vec<HostileFile> {
    let refused = |name, code, bytes: &[u8]| HostileFile::refused(Disguise, Handed::Plots, name, code, bytes.to_vec());
    vec![
        refused("old_workbook.xlsx", "unknown_table_format", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0"),
        refused("text.xlsx", "unknown_table_format", b"plot,lon,lat,year,biomass\n"),
        refused("program.csv", "unknown_table_format", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"),
        refused("page.csv", "missing_columns", b"<html><script>alert(1)</script></html>\n<p>1</p>\n"),
        refused("table.vrt", "unknown_table_format", b"<OGRVRTDataSource/>"),
    ]
}
