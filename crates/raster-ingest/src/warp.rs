//! Another coordinate system, when the user asks for it: GDAL's warper behind a view that is read window by window.
//!
//! Measurements are interpolated bilinearly; classes, and values of which nothing is declared, take their nearest cell.
//! The new grid has square cells that keep the length of the raster's diagonal in cells, as gdalwarp's does. Nothing is
//! stored between: the view is opened over our private copy.

use std::path::Path;

use belcheer_domain::{Crs, Severity};
use belcheer_door::Refusal;
use gdal::{
    Dataset, DatasetOptions, GdalOpenFlags,
    errors::GdalError,
    spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef},
};

use crate::{
    Product, ProductKind,
    gdal_setup::VIEWS,
    inspect::{Source, check_warped},
    notes::Notes,
};

/// Points per side on which the extent is measured.
const SAMPLES: usize = 33;
/// Largest error of the interpolated transformation, cells; gdalwarp's own.
const ERROR_CELLS: f64 = 0.125;
/// Side of the view's blocks.
const BLOCK: usize = 512;

/// A north-up grid.
struct Grid {
    size: (u32, u32),
    x_min: f64,
    y_max: f64,
    cell: f64,
}

/// Opens a view of the source in the system `epsg`, and says what it is; `None` where it already is in it.
pub fn warp(
    dataset: &Dataset,
    path: &Path,
    source: &Source,
    epsg: u32,
    notes: &mut Notes,
) -> Result<Option<(Dataset, Source)>, Refusal> {
    if source.meta.crs.epsg == Some(epsg) {
        return Ok(None);
    }
    let nodata = if source.nodata_is_nan { Some(f64::NAN) } else { source.meta.nodata };
    let (Some(nodata), None, false) = (nodata, source.mask, source.signed_bytes) else {
        return Err(notes.refuse(
            "warp_needs_nodata",
            "--to-crs",
            "corners without values appear when a raster is turned; give --nodata, and a mask as nodata",
            "растерыг хөрвүүлэхэд утгагүй булан үүснэ; --nodata өгч, маскыг nodata болгоно уу",
        ));
    };
    let unknown = |_| {
        notes.refuse(
            "crs_unknown",
            "--to-crs",
            &format!(
                "EPSG:{epsg} is not a coordinate system that this raster can be brought into; look it up at epsg.org"
            ),
            &format!("растерыг EPSG:{epsg} рүү хөрвүүлэх боломжгүй; epsg.org-оос шалгана уу"),
        )
    };
    let (from, to) = systems(&source.meta.crs, epsg).map_err(unknown)?;
    let grid = grid(source, &from, &to).map_err(unknown)?;
    let view = view(dataset, path, source, nodata, &grid, (&from, &to)).map_err(unknown)?;
    let options = DatasetOptions {
        open_flags: GdalOpenFlags::GDAL_OF_RASTER | GdalOpenFlags::GDAL_OF_VERBOSE_ERROR,
        allowed_drivers: Some(&[VIEWS]),
        ..DatasetOptions::default()
    };
    let warped = Dataset::open_ex(Path::new(&view), options).map_err(unknown)?;
    let mut meta = source.meta.clone();
    (meta.width, meta.height) = grid.size;
    (meta.x_min, meta.y_max, meta.dx, meta.dy) = (grid.x_min, grid.y_max, grid.cell, grid.cell);
    meta.crs = Crs { epsg: Some(epsg), wkt: to.to_wkt().map_err(unknown)?, geographic: to.is_geographic() };
    let result = Source { bands: (1..=source.bands.len()).collect(), meta, south_up: false, ..source.clone() };
    check_warped(&result, notes)?;
    let english = format!("brought into EPSG:{epsg} by the {} rule", rule(source.product).to_lowercase());
    notes.add("warped", Severity::Info, "--to-crs", &english, &format!("EPSG:{epsg} рүү хөрвүүлсэн"));
    Ok(Some((warped, result)))
}

fn rule(product: Option<&Product>) -> &'static str {
    if product.is_some_and(|p| p.kind == ProductKind::Continuous) { "Bilinear" } else { "NearestNeighbour" }
}

fn systems(own: &Crs, epsg: u32) -> Result<(SpatialRef, SpatialRef), GdalError> {
    let mut from = match own.epsg {
        Some(number) => SpatialRef::from_epsg(number)?,
        None => SpatialRef::from_wkt(&own.wkt)?,
    };
    let mut to = SpatialRef::from_epsg(epsg)?;
    if !to.is_projected() && !to.is_geographic() {
        return Err(GdalError::BadArgument("neither projected nor geographic".to_owned()));
    }
    for system in [&mut from, &mut to] {
        system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    }
    Ok((from, to))
}

/// The new grid.
fn grid(source: &Source, from: &SpatialRef, to: &SpatialRef) -> Result<Grid, GdalError> {
    let transform = CoordTransform::new(from, to)?;
    let meta = &source.meta;
    let (columns, rows) = (f64::from(meta.width), f64::from(meta.height));
    let share = |i: usize| i as f64 / (SAMPLES - 1) as f64;
    let places = (0..SAMPLES * SAMPLES).map(|i| (share(i % SAMPLES), share(i / SAMPLES)));
    let (mut x, mut y): (Vec<f64>, Vec<f64>) =
        places.map(|(u, v)| (meta.x_min + u * columns * meta.dx, meta.y_max - v * rows * meta.dy)).unzip();
    transform.transform_coords(&mut x, &mut y, &mut [])?;
    let bounds = |values: &[f64]| {
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)))
    };
    let ((x_min, x_max), (y_min, y_max)) = (bounds(&x), bounds(&y));
    let ends = |values: &[f64]| values.last().zip(values.first()).map_or(f64::NAN, |(last, first)| last - first);
    let cell = ends(&x).hypot(ends(&y)) / columns.hypot(rows);
    let count = |extent: f64| ((extent / cell).round().max(1.0)) as u32;
    let sound = [x_min, x_max, y_min, y_max].iter().all(|v| v.is_finite()) && cell.is_finite() && cell > 0.0;
    if !sound {
        return Err(GdalError::BadArgument("the raster reaches beyond the system".to_owned()));
    }
    Ok(Grid { size: (count(x_max - x_min), count(y_max - y_min)), x_min, y_max, cell })
}

/// GDAL's description of the view.
fn view(
    dataset: &Dataset,
    path: &Path,
    source: &Source,
    nodata: f64,
    grid: &Grid,
    (from, to): (&SpatialRef, &SpatialRef),
) -> Result<String, GdalError> {
    let [left, dx, _, top, _, step] = dataset.geo_transform()?;
    let forth = |x: f64, dx: f64, y: f64, dy: f64| format!("{x:?},{dx:?},0,{y:?},0,{dy:?}");
    let back =
        |x: f64, dx: f64, y: f64, dy: f64| format!("{:?},{:?},0,{:?},0,{:?}", -x / dx, 1.0 / dx, -y / dy, 1.0 / dy);
    let (from, to, path) = (escaped(&from.to_wkt()?), escaped(&to.to_wkt()?), escaped(&path.to_string_lossy()));
    let band_type = dataset.rasterband(source.bands.first().copied().unwrap_or(1))?.band_type().name();
    let bands: String = (1..=source.bands.len())
        .map(|number| {
            format!(
                "<VRTRasterBand dataType=\"{band_type}\" band=\"{number}\" subClass=\"VRTWarpedRasterBand\">\
                 <NoDataValue>{nodata:?}</NoDataValue></VRTRasterBand>"
            )
        })
        .collect();
    let mapping: String = (1..)
        .zip(&source.bands)
        .map(|(number, own)| {
            format!(
                "<BandMapping src=\"{own}\" dst=\"{number}\"><SrcNoDataReal>{nodata:?}</SrcNoDataReal>\
                 <SrcNoDataImag>0</SrcNoDataImag><DstNoDataReal>{nodata:?}</DstNoDataReal>\
                 <DstNoDataImag>0</DstNoDataImag></BandMapping>"
            )
        })
        .collect();
    let (width, height) = grid.size;
    let (x, y, cell, resampling) = (grid.x_min, grid.y_max, grid.cell, rule(source.product));
    let geometry = [
        ("SrcGeoTransform", forth(left, dx, top, step)),
        ("SrcInvGeoTransform", back(left, dx, top, step)),
        ("DstGeoTransform", forth(x, cell, y, -cell)),
        ("DstInvGeoTransform", back(x, cell, y, -cell)),
    ]
    .map(|(name, text)| format!("<{name}>{text}</{name}>"))
    .concat();
    Ok(format!(
        "<VRTDataset rasterXSize=\"{width}\" rasterYSize=\"{height}\" subClass=\"VRTWarpedDataset\"><SRS>{to}</SRS>\
         <GeoTransform>{}</GeoTransform>{bands}<BlockXSize>{BLOCK}</BlockXSize><BlockYSize>{BLOCK}</BlockYSize>\
         <GDALWarpOptions><WarpMemoryLimit>6.7e7</WarpMemoryLimit><ResampleAlg>{resampling}</ResampleAlg>\
         <WorkingDataType>{band_type}</WorkingDataType><Option name=\"INIT_DEST\">NO_DATA</Option>\
         <Option name=\"UNIFIED_SRC_NODATA\">NO</Option>\
         <Option name=\"ERROR_OUT_IF_EMPTY_SOURCE_WINDOW\">FALSE</Option>\
         <SourceDataset relativeToVRT=\"0\">{path}</SourceDataset><Transformer><ApproxTransformer>\
         <MaxError>{ERROR_CELLS}</MaxError><BaseTransformer><GenImgProjTransformer>{geometry}<ReprojectTransformer>\
         <ReprojectionTransformer><SourceSRS>{from}</SourceSRS><TargetSRS>{to}</TargetSRS></ReprojectionTransformer>\
         </ReprojectTransformer></GenImgProjTransformer></BaseTransformer></ApproxTransformer></Transformer>\
         <BandList>{mapping}</BandList></GDALWarpOptions></VRTDataset>",
        forth(x, cell, y, -cell)
    ))
}

/// A text inside XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
