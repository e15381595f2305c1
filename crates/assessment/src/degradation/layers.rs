//! The rasters of a run and their styles for QGIS and for map servers.

use std::fmt::Write as _;

use belcheer_domain::{PixelType, RasterMeta};
use belcheer_rangeland::degradation::{Layer, LayerNumbers, Packed};
use belcheer_raster_ingest::write_classes_by_window;

use super::{Constants, DegradationRequest};
use crate::error::AssessmentError;
use crate::watch::Watch;

/// The number of a cell whose class is unknown.
const NODATA: i16 = i16::MIN;

type Legend = &'static [(i16, &'static str, &'static str)];

const THREE: Legend = &[(-1, "#9b2779", "degraded"), (0, "#ffffe0", "stable"), (1, "#006500", "improved")];
const FIVE: Legend = &[
    (1, "#9b2779", "declining"),
    (2, "#c0679f", "moderate decline"),
    (3, "#e3b9d2", "stressed"),
    (4, "#ffffe0", "stable"),
    (5, "#006500", "increasing"),
];
const SEVEN: Legend = &[
    (1, "#762a83", "persistent degradation"),
    (2, "#af8dc3", "recent degradation"),
    (3, "#e7d4e8", "baseline degradation"),
    (4, "#f7f7f7", "stability"),
    (5, "#d9f0d3", "baseline improvement"),
    (6, "#7fbf7b", "recent improvement"),
    (7, "#1b7837", "persistent improvement"),
];

const CLIMATE: Legend =
    &[(1, "#2c7fb8", "adjusted"), (2, "#c7e9b4", "relation does not hold"), (3, "#bdbdbd", "no precipitation")];

/// Writes every raster that the inputs give, each with a style beside it.
pub(super) fn write(
    request: &DegradationRequest,
    constants: &Constants,
    given: &RasterMeta,
    cells: &[Packed],
    watch: &dyn Watch,
) -> Result<(), AssessmentError> {
    let meta = given.computed(1, PixelType::I16, f64::from(NODATA));
    let layers = Layer::THREE_CLASS.into_iter().chain(Layer::OTHERS);
    let wanted: Vec<Layer> = layers.filter(|layer| is_given(*layer, request, constants)).collect();
    let cols = meta.width as usize;
    for (number, layer) in wanted.iter().enumerate() {
        let name = layer.as_str();
        watch.step("write rasters", number as u64, wanted.len() as u64);
        let path = request.output.join(format!("{name}.tif"));
        let numbers = LayerNumbers::new(*layer, NODATA);
        write_classes_by_window::<AssessmentError>(&path, &meta, &[name], |window, bands| {
            for band in bands {
                for row in window.row..window.row + window.rows {
                    let line = &cells[row * cols + window.col..row * cols + window.col + window.cols];
                    band.extend(line.iter().map(|cell| numbers.of(*cell)));
                }
            }
            Ok(())
        })?;
        let legend = legend(*layer);
        std::fs::write(path.with_extension("qml"), qml(legend))?;
        std::fs::write(path.with_extension("sld"), sld(name, legend))?;
        std::fs::write(path.with_extension("tif.aux.xml"), attribute_table(legend))?;
    }
    watch.step("write rasters", wanted.len() as u64, wanted.len() as u64);
    Ok(())
}

fn is_given(layer: Layer, request: &DegradationRequest, constants: &Constants) -> bool {
    match layer {
        Layer::Productivity5 => constants.lut.five_class.is_some(),
        Layer::SoilOrganicCarbon => !request.soil_carbon.is_empty(),
        Layer::Status7 | Layer::Status3 => request.baseline.is_some(),
        Layer::Climate => !request.precipitation.is_empty(),
        _ => true,
    }
}

fn legend(layer: Layer) -> Legend {
    match layer {
        Layer::Productivity5 => FIVE,
        Layer::Status7 => SEVEN,
        Layer::Climate => CLIMATE,
        _ => THREE,
    }
}

/// Class numbers with names and colours, as GDAL keeps them beside a raster: numbers below zero fit no palette.
fn attribute_table(legend: Legend) -> String {
    const FIELDS: [(&str, u8, u8); 5] =
        [("Value", 0, 5), ("Class", 2, 2), ("Red", 0, 6), ("Green", 0, 7), ("Blue", 0, 8)];
    let mut table = String::new();
    for (at, (name, kind, usage)) in FIELDS.iter().enumerate() {
        let _ = write!(
            table,
            "<FieldDefn index=\"{at}\"><Name>{name}</Name><Type>{kind}</Type><Usage>{usage}</Usage></FieldDefn>"
        );
    }
    for (row, (code, colour, label)) in legend.iter().enumerate() {
        let part = |at: usize| colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
        let (red, green, blue) = (part(1), part(3), part(5));
        let _ = write!(
            table,
            "<Row index=\"{row}\"><F>{code}</F><F>{label}</F><F>{red}</F><F>{green}</F><F>{blue}</F></Row>"
        );
    }
    format!(
        "<PAMDataset><PAMRasterBand band=\"1\"><GDALRasterAttributeTable tableType=\"thematic\">{table}</GDALRasterAttributeTable></PAMRasterBand></PAMDataset>\n"
    )
}

/// A style of QGIS.
fn qml(legend: Legend) -> String {
    let mut entries = String::new();
    for (code, colour, label) in legend {
        let _ =
            writeln!(entries, r#"        <paletteEntry value="{code}" color="{colour}" label="{label}" alpha="255"/>"#);
    }
    format!(
        r#"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <colorPalette>
{entries}      </colorPalette>
    </rasterrenderer>
  </pipe>
</qgis>
"#
    )
}

/// A style of the Open Geospatial Consortium's Styled Layer Descriptor 1.0.
fn sld(name: &str, legend: Legend) -> String {
    let mut entries = String::new();
    for (code, colour, label) in legend {
        let _ = writeln!(entries, r#"            <ColorMapEntry quantity="{code}" color="{colour}" label="{label}"/>"#);
    }
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld">
  <NamedLayer>
    <Name>{name}</Name>
    <UserStyle>
      <FeatureTypeStyle>
        <Rule>
          <RasterSymbolizer>
            <ColorMap type="values">
{entries}            </ColorMap>
          </RasterSymbolizer>
        </Rule>
      </FeatureTypeStyle>
    </UserStyle>
  </NamedLayer>
</StyledLayerDescriptor>
"#
    )
}
