//! Bands: which are read, of which type, and where their mask lies.

use belcheer_domain::{PixelType, Severity};
use belcheer_door::Refusal;
use gdal::{
    Dataset, Metadata,
    raster::{ColorInterpretation, GdalDataType, RasterBand},
};

use crate::{
    ConvertOptions,
    notes::Notes,
    tiff_header::{HeaderFault, check_size},
};

/// Where a mask is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaskSource {
    /// The mask of the dataset: 0 is missing.
    OfDataset,
    /// An alpha band, from 1: 0 is missing.
    Alpha(usize),
}

/// The bands to read and what they have in common.
#[derive(Debug)]
pub struct Chosen {
    pub bands: Vec<usize>,
    pub pixel_type: PixelType,
    pub signed_bytes: bool,
    pub mask: Option<MaskSource>,
    pub nodata: Option<f64>,
    pub scale: Option<f64>,
    pub offset: Option<f64>,
}

/// What must be equal among bands; bits, so that NaN equals itself.
#[derive(PartialEq)]
struct Common {
    data_type: GdalDataType,
    signed_bytes: bool,
    numbers: [Option<u64>; 3],
}

impl Common {
    fn of(band: &RasterBand) -> Self {
        let numbers = [band.no_data_value(), band.scale(), band.offset()].map(|v| v.map(f64::to_bits));
        let signed = band.metadata_item("PIXELTYPE", "IMAGE_STRUCTURE");
        Self { data_type: band.band_type(), signed_bytes: signed.is_some_and(|v| v == "SIGNEDBYTE"), numbers }
    }
}

/// Chooses the bands; an alpha band becomes the mask.
pub fn choose(dataset: &Dataset, options: &ConvertOptions, notes: &mut Notes) -> Result<Chosen, Refusal> {
    let count = dataset.raster_count();
    if count == 0 {
        return Err(notes.refuse("no_band", "header", "the file holds no band", "файлд суваг алга"));
    }
    let (width, height) = dataset.raster_size();
    let size_fault = |fault: HeaderFault| fault.refusal(notes);
    check_size(width as u64, height as u64, count as u64, 8).map_err(size_fault)?;
    let damaged = |_| notes.refuse("unreadable", "bands", "a band cannot be read", "суваг уншигдахгүй байна");
    let all: Vec<RasterBand> = dataset.rasterbands().collect::<Result<_, _>>().map_err(damaged)?;
    let alpha = alpha_band(&all);
    let chosen = chosen_numbers(count, alpha, options.band, notes)?;
    let band = |number: &usize| all.get(number.saturating_sub(1));
    let mut kinds = chosen.iter().filter_map(band).map(Common::of);
    let Some(common) = kinds.next() else {
        return Err(notes.refuse("unreadable", "bands", "a band cannot be read", "суваг уншигдахгүй байна"));
    };
    if kinds.any(|other| other != common) {
        return Err(notes.refuse(
            "bands_differ",
            "bands",
            "its bands differ in type, nodata, scale or offset; give one of them with --band N",
            "сувгуудын төрөл, nodata, scale эсвэл offset ялгаатай; нэгийг нь --band N гэж сонгоно уу",
        ));
    }
    let pixel_type = pixel_type(&common, notes)?;
    let of_dataset = chosen.first().and_then(band).and_then(|b| b.mask_flags().ok()).is_some_and(|flags| {
        flags.is_per_dataset() && !flags.is_alpha() && !flags.is_nodata() && !flags.is_all_valid()
    });
    let mask = alpha.map(MaskSource::Alpha).or(of_dataset.then_some(MaskSource::OfDataset));
    let [nodata, scale, offset] = common.numbers.map(|v| v.map(f64::from_bits));
    Ok(Chosen { bands: chosen, pixel_type, signed_bytes: common.signed_bytes, mask, nodata, scale, offset })
}

/// The last alpha band among several bands.
fn alpha_band(all: &[RasterBand]) -> Option<usize> {
    let has_alpha = all.first()?.mask_flags().ok()?.is_alpha();
    if !has_alpha || all.len() < 2 {
        return None;
    }
    all.iter().rposition(|b| b.color_interpretation() == ColorInterpretation::AlphaBand).map(|i| i + 1)
}

fn chosen_numbers(
    count: usize,
    alpha: Option<usize>,
    wanted: Option<u32>,
    notes: &mut Notes,
) -> Result<Vec<usize>, Refusal> {
    let values: Vec<usize> = (1..=count).filter(|n| Some(*n) != alpha).collect();
    if alpha.is_some() {
        let text = ("its alpha band became the mask", "alpha сувгийг маск болгосон");
        notes.add("alpha_as_mask", Severity::Info, "bands", text.0, text.1);
    }
    let Some(wanted) = wanted else { return Ok(values) };
    if values.contains(&(wanted as usize)) {
        return Ok(vec![wanted as usize]);
    }
    Err(notes.refuse(
        "band_number",
        "--band",
        &format!("there is no band {wanted} of values; the file has {}", values.len()),
        &format!("{wanted} дугаар суваг алга; файл {} сувагтай", values.len()),
    ))
}

fn pixel_type(common: &Common, notes: &mut Notes) -> Result<PixelType, Refusal> {
    Ok(match common.data_type {
        GdalDataType::UInt8 if common.signed_bytes => {
            let text = (
                "signed bytes were widened to 16 bits; values are unchanged",
                "тэмдэгт байтыг 16 бит болгосон; утга хэвээр",
            );
            notes.add("signed_bytes_widened", Severity::Info, "header", text.0, text.1);
            PixelType::I16
        }
        GdalDataType::UInt8 => PixelType::U8,
        GdalDataType::UInt16 => PixelType::U16,
        GdalDataType::Int16 => PixelType::I16,
        GdalDataType::UInt32 => PixelType::U32,
        GdalDataType::Int32 => PixelType::I32,
        GdalDataType::Float32 => PixelType::F32,
        GdalDataType::Float64 => PixelType::F64,
        _ => {
            return Err(notes.refuse(
                "pixel_type",
                "header",
                "its values are 64-bit integers or complex numbers, which are not read; write them as Int32 or Float64",
                "утга нь 64 бит бүхэл эсвэл комплекс тоо; Int32 эсвэл Float64 болгон бичнэ үү",
            ));
        }
    })
}
