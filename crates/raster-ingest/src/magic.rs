//! The kind of a file by its first bytes, with which its ending must agree.

use belcheer_door::Refusal;
use serde::{Deserialize, Serialize};

/// How many first bytes tell the kind.
pub const MAGIC_BYTES: usize = 16;

/// Kinds of raster files that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// TIFF or BigTIFF.
    Tiff,
    /// Classic netCDF.
    NetCdf,
    /// netCDF 4, which is HDF5 inside.
    NetCdf4,
    /// HDF4, as of MODIS granules.
    Hdf4,
}

impl FileKind {
    /// The GDAL drivers that may open it and its layers.
    pub fn drivers(self) -> &'static [&'static str] {
        match self {
            Self::Tiff => &["GTiff"],
            Self::NetCdf | Self::NetCdf4 => &["netCDF"],
            Self::Hdf4 => &["HDF4", "HDF4Image"],
        }
    }

    /// The endings that files of this kind have, the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Tiff => &["tif", "tiff", "gtiff", "btf", "tf8"],
            Self::NetCdf => &["nc", "nc3", "cdf", "netcdf"],
            Self::NetCdf4 => &["nc", "nc4", "h5", "hdf5", "he5", "hdf", "netcdf"],
            Self::Hdf4 => &["hdf", "hdf4", "h4", "he4"],
        }
    }

    /// Refuses a file whose name promises another kind; `input` is its name.
    pub fn check_ending(self, input: &str) -> Result<(), Refusal> {
        let ending = input.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
        if self.endings().contains(&ending.as_str()) {
            return Ok(());
        }
        let wanted = self.ending();
        Err(Refusal::new(
            "wrong_ending",
            input,
            format!("the content does not fit the file's ending; rename the file to .{wanted} or give another"),
            format!("агуулга өргөтгөлтэйгөө таарахгүй байна; нэрийг нь .{wanted} болгох эсвэл өөр файл өгнө үү"),
        ))
    }

    /// The ending of our private copy.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Tiff => "tif",
            Self::NetCdf | Self::NetCdf4 => "nc",
            Self::Hdf4 => "hdf",
        }
    }
}

/// Starts of files that people take for rasters, with what they are and what to do.
const OTHERS: [(&[u8], &str, &str); 18] = [
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000; convert it to GeoTIFF first", "JPEG 2000; GeoTIFF болгоно уу"),
    (b"\xff\x4f\xff\x51", "JPEG 2000; convert it to GeoTIFF first", "JPEG 2000; GeoTIFF болгоно уу"),
    (b"<VRTDataset", "a VRT, which only points to other files; give those files", "VRT; заасан файлуудыг нь өгнө үү"),
    (b"<?xml", "XML; give the raster itself", "XML; растер файлыг өгнө үү"),
    (b"<", "XML or HTML text; give the raster itself", "XML эсвэл HTML текст; растер файлыг өгнө үү"),
    (b"\x89PNG", "a PNG picture without values", "PNG зураг; утга агуулаагүй"),
    (b"\xff\xd8\xff", "a JPEG picture without values", "JPEG зураг; утга агуулаагүй"),
    (b"GIF8", "a GIF picture without values", "GIF зураг; утга агуулаагүй"),
    (b"PK\x03\x04", "a zip archive; unpack it first", "zip архив; эхлээд задлана уу"),
    (b"\x1f\x8b", "a gzip archive; unpack it first", "gzip архив; эхлээд задлана уу"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first", "7z архив; эхлээд задлана уу"),
    (b"%PDF", "a PDF document", "PDF баримт"),
    (b"GRIB", "GRIB; convert it to GeoTIFF first", "GRIB; GeoTIFF болгоно уу"),
    (
        b"SQLite format 3",
        "a SQLite or GeoPackage file; ingest it as a vector",
        "SQLite эсвэл GeoPackage; вектороор оруулна уу",
    ),
    (b"\x00\x00\x27\x0a", "a shapefile; ingest it as a vector", "shapefile; вектороор оруулна уу"),
    (b"RDX", "an R data file", "R програмын файл"),
    (b"ncols", "an ASCII grid; convert it to GeoTIFF first", "ASCII grid; GeoTIFF болгоно уу"),
    (b"{", "JSON text; ingest it as a vector or table", "JSON текст; вектор эсвэл хүснэгтээр оруулна уу"),
];

/// Tells the kind of a file from its first bytes.
pub fn sniff(first: &[u8], input: &str) -> Result<FileKind, Refusal> {
    match first {
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => return Ok(FileKind::Tiff),
        [b'C', b'D', b'F', 1 | 2 | 5, ..] => return Ok(FileKind::NetCdf),
        [0x89, b'H', b'D', b'F', 0x0d, 0x0a, 0x1a, 0x0a, ..] => return Ok(FileKind::NetCdf4),
        [0x0e, 0x03, 0x13, 0x01, ..] => return Ok(FileKind::Hdf4),
        [] => {
            return Err(Refusal::new(
                "empty_file",
                input,
                "the file is empty; copy or download it again",
                "файл хоосон байна; дахин хуулж эсвэл татаж авна уу",
            ));
        }
        _ => {}
    }
    let known = OTHERS.iter().find(|(start, ..)| first.starts_with(start));
    let (english, mongolian) = match known {
        Some((_, english, mongolian)) => (format!("it is {english}"), format!("энэ нь {mongolian}")),
        None => {
            let start: String = first.iter().take(8).flat_map(|b| b.escape_ascii()).map(char::from).collect();
            (format!("it starts with \"{start}\""), format!("\"{start}\" гэж эхэлж байна"))
        }
    };
    Err(Refusal::new(
        "not_a_raster",
        input,
        format!("this is not a raster file Belcheer reads: {english}; give a GeoTIFF, netCDF or HDF4 file"),
        format!("энэ нь уншиж чадах растер файл биш: {mongolian}; GeoTIFF, netCDF эсвэл HDF4 файл өгнө үү"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_bytes() {
        for tiff in [b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0"] {
            assert_eq!(sniff(tiff, "a").unwrap(), FileKind::Tiff);
        }
        assert_eq!(sniff(b"CDF\x01\0\0", "a").unwrap(), FileKind::NetCdf);
        assert_eq!(sniff(b"\x0e\x03\x13\x01", "a").unwrap(), FileKind::Hdf4);
        assert_eq!(sniff(b"\x89HDF\r\n\x1a\n", "a").unwrap(), FileKind::NetCdf4);
    }

    #[test]
    fn the_ending_agrees_with_the_content() {
        for (kind, name) in [(FileKind::Tiff, "a.TIF"), (FileKind::NetCdf4, "a.b.h5"), (FileKind::Hdf4, "MOD13.hdf")] {
            assert!(kind.check_ending(name).is_ok(), "{name}");
        }
        for name in ["a.nc", "a.png", "tif", "a.tif.exe", ""] {
            assert_eq!(FileKind::Tiff.check_ending(name).unwrap_err().code, "wrong_ending", "{name}");
        }
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        let text = |bytes: &[u8]| sniff(bytes, "a.tif").unwrap_err().text_en;
        assert!(text(b"hello world").contains("starts with \"hello wo\""));
        assert!(text(b"<VRTDataset rast").contains("VRT"));
        assert!(text(b"GRIB....").contains("GRIB"));
        assert!(text(b"\x00\xff\x00\xff").contains("\\x00\\xff"));
        assert_eq!(sniff(b"", "a").unwrap_err().code, "empty_file");
        assert!(sniff(b"II", "a").is_err());
    }
}
