//! Maps of a capacity run: GeoTIFF with colour table and styles for QGIS (QML) and web map servers (SLD).

use std::fmt::Write as _;
use std::path::Path;

use belcheer_domain::{PixelType, RasterMeta};
use belcheer_raster_ingest::{BandToWrite, Samples, write_geotiff};

use super::CapacityResult;
use crate::error::AssessmentError;

/// Colours of the classes from low to high pressure, red, green and blue.
const CLASS_COLOURS: [[u8; 3]; 5] = [[26, 152, 80], [166, 217, 106], [254, 224, 139], [244, 109, 67], [165, 0, 38]];
/// Colours of yield from low to high.
const YIELD_COLOURS: [[u8; 3]; 5] = [[255, 255, 204], [194, 230, 153], [120, 198, 121], [49, 163, 84], [0, 104, 55]];
/// Where the yield colours stand, kg/ha.
const YIELD_STOPS_KG_HA: [f64; 5] = [0.0, 100.0, 250.0, 500.0, 1000.0];

/// A colour with the value it stands at and its label.
struct Stop {
    value: f64,
    colour: [u8; 3],
    label: String,
}

/// Writes `capacity_class.tif` (class of the soum on its accessible pasture, 0 elsewhere) and `yield_kg_ha.tif`, each with
/// `.qml` and `.sld`; nothing without a working grid.
///
/// # Errors
/// When a file cannot be written.
pub fn write_maps(folder: &Path, result: &CapacityResult) -> Result<(), AssessmentError> {
    let ground = &result.ground;
    let (Some(frame), Some(meta)) = (&ground.frame, &ground.meta) else { return Ok(()) };
    let cells = frame.grid.rows() * frame.grid.cols();
    let (mut classes, mut yields) = (vec![0_u8; cells], vec![f32::NAN; cells]);
    for soum in &result.soums {
        let place = soum.class_agency.as_ref().and_then(|c| result.class_order.iter().position(|id| id == c));
        let class = place.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(0);
        let own = result.rows.iter().find(|r| r.au2 == soum.au2).and_then(|r| r.yield_kg_ha);
        let calibrated = ground.yield_of(soum.au2);
        for span in frame.zones.get(&soum.au2).into_iter().flat_map(|c| c.iter()).filter(|s| s.fraction >= 0.5) {
            let line = span.row as usize * frame.grid.cols();
            for cell in line + span.col_start as usize..line + span.col_end as usize {
                if ground.share.get(cell).is_none_or(|share| *share <= 0.0) {
                    continue;
                }
                let value = ground.yields.get(cell).copied().flatten().filter(|_| calibrated);
                if let (Some(class_of), Some(yield_of)) = (classes.get_mut(cell), yields.get_mut(cell)) {
                    *class_of = class;
                    *yield_of = value.or(own.map(|kg| kg as f32)).unwrap_or(f32::NAN);
                }
            }
        }
    }
    let stops: Vec<Stop> = result
        .class_order
        .iter()
        .zip(CLASS_COLOURS)
        .zip(1..)
        .map(|((id, colour), value)| Stop { value: f64::from(value), colour, label: id.clone() })
        .collect();
    let year = Some(result.year.to_string());
    let of = |pixel_type, nodata| RasterMeta { date: year.clone(), ..meta.computed(1, pixel_type, nodata) };
    save(folder, "capacity_class", &of(PixelType::U8, 0.0), Samples::U8(&classes))?;
    std::fs::write(folder.join("capacity_class.tif.aux.xml"), colour_table(&stops))?;
    styles(folder, "capacity_class", &stops, true)?;
    save(folder, "yield_kg_ha", &of(PixelType::F32, f64::NAN), Samples::F32(&yields))?;
    let ramp = YIELD_STOPS_KG_HA.into_iter().zip(YIELD_COLOURS);
    let ramp: Vec<Stop> = ramp.map(|(value, colour)| Stop { value, colour, label: format!("{value} kg/ha") }).collect();
    styles(folder, "yield_kg_ha", &ramp, false)
}

fn save(folder: &Path, name: &str, meta: &RasterMeta, samples: Samples<'_>) -> Result<(), AssessmentError> {
    let band = BandToWrite { description: name, samples };
    Ok(write_geotiff(&folder.join(format!("{name}.tif")), meta, &[band])?)
}

/// The colour table as GDAL keeps it beside a raster.
fn colour_table(stops: &[Stop]) -> String {
    let mut entries = String::from("<Entry c1=\"0\" c2=\"0\" c3=\"0\" c4=\"0\"/>");
    for Stop { colour: [r, g, b], .. } in stops {
        let _ = write!(entries, "<Entry c1=\"{r}\" c2=\"{g}\" c3=\"{b}\" c4=\"255\"/>");
    }
    format!(
        "<PAMDataset><PAMRasterBand band=\"1\"><ColorInterp>Palette</ColorInterp><ColorTable>{entries}</ColorTable></PAMRasterBand></PAMDataset>\n"
    )
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn styles(folder: &Path, name: &str, stops: &[Stop], classes: bool) -> Result<(), AssessmentError> {
    let (mut qml, mut sld) = (String::new(), String::new());
    for Stop { value, colour, label } in stops {
        let colour = hex(*colour);
        let element = if classes { "paletteEntry" } else { "item" };
        let _ = write!(qml, "<{element} value=\"{value}\" color=\"{colour}\" alpha=\"255\" label=\"{label}\"/>");
        let _ = write!(sld, "<ColorMapEntry color=\"{colour}\" quantity=\"{value}\" label=\"{label}\"/>");
    }
    let renderer = if classes {
        format!(
            "<rasterrenderer type=\"paletted\" band=\"1\" opacity=\"1\"><colorPalette>{qml}</colorPalette></rasterrenderer>"
        )
    } else {
        format!(
            "<rasterrenderer type=\"singlebandpseudocolor\" band=\"1\" opacity=\"1\"><rastershader><colorrampshader colorRampType=\"INTERPOLATED\">{qml}</colorrampshader></rastershader></rasterrenderer>"
        )
    };
    std::fs::write(
        folder.join(format!("{name}.qml")),
        format!(
            "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22\"><pipe>{renderer}</pipe></qgis>\n"
        ),
    )?;
    let kind = if classes { "values" } else { "ramp" };
    std::fs::write(
        folder.join(format!("{name}.sld")),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<StyledLayerDescriptor version=\"1.0.0\" xmlns=\"http://www.opengis.net/sld\"><NamedLayer><Name>{name}</Name><UserStyle><FeatureTypeStyle><Rule><RasterSymbolizer><ColorMap type=\"{kind}\">{sld}</ColorMap></RasterSymbolizer></Rule></FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>\n"
        ),
    )?;
    Ok(())
}
