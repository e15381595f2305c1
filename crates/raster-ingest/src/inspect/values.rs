//! Values: loss, nodata, scale and offset, as declared by the user, the file or the product, in this order.

use belcheer_domain::{PixelType, Severity};
use belcheer_door::Refusal;

use super::bands::Chosen;
use crate::{
    ConvertOptions, Product, ProductKind,
    notes::Notes,
    tiff_header::{Compression, TiffHeader},
};

/// Whether values are floating-point numbers.
fn is_float(pixel_type: PixelType) -> bool {
    matches!(pixel_type, PixelType::F32 | PixelType::F64)
}

/// Refuses classes that went through JPEG; other losses are noted.
pub fn check_loss(
    header: Option<&TiffHeader>,
    product: Option<&Product>,
    pixel_type: PixelType,
    declared: bool,
    notes: &mut Notes,
) -> Result<(), Refusal> {
    let categorical = product.is_some_and(|p| p.kind == ProductKind::Categorical);
    match header.map(|h| h.page.compression) {
        Some(Compression::Jpeg) if categorical || !declared => Err(notes.refuse(
            "lossy_class_data",
            "header",
            "JPEG compression changes class numbers; export without loss, or declare measurements with --product",
            "JPEG шахалт ангиллын дугаарыг өөрчилдөг; алдагдалгүй гаргах эсвэл хэмжилт бол --product гэж заана уу",
        )),
        Some(Compression::Jpeg) => {
            notes.add(
                "lossy_compression",
                Severity::Warning,
                "header",
                "JPEG compression has changed the values a little; use the original where there is one",
                "JPEG шахалт утгыг бага зэрэг өөрчилсөн; эх файл байвал түүнийг ашиглана уу",
            );
            Ok(())
        }
        Some(Compression::Lerc) if categorical || is_float(pixel_type) => {
            notes.add(
                "lerc_compression",
                Severity::Info,
                "header",
                "LERC compression may have changed the values within the tolerance chosen by its writer",
                "LERC шахалт бичигчийн сонгосон хүлцлийн дотор утгыг өөрчилсөн байж болно",
            );
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The raw value that means missing, as the sample type holds it; NaN where that is declared.
pub fn nodata(
    chosen: &Chosen,
    header: Option<&TiffHeader>,
    options: &ConvertOptions,
    product: Option<&Product>,
    notes: &mut Notes,
) -> Option<f64> {
    let text = header.and_then(|h| h.nodata_text.as_deref()).filter(|text| !text.is_empty());
    let unreadable = text.is_some_and(|text| parse_nodata(text).is_none());
    let of_file = if unreadable { None } else { text.and_then(parse_nodata).or(chosen.nodata) };
    if unreadable && options.nodata.is_none() {
        notes.add(
            "nodata_unreadable",
            Severity::Warning,
            "header",
            "the declared nodata is not a number and was ignored; give --nodata",
            "заасан nodata тоо биш тул үл тоосон; --nodata гэж өгнө үү",
        );
    }
    let of_product = product.and_then(|p| p.nodata).filter(|_| !is_float(chosen.pixel_type));
    let declared = options.nodata.or(of_file).or(of_product)?;
    let held = as_held(declared, chosen.pixel_type);
    if held.is_none() {
        notes.add(
            "nodata_out_of_range",
            Severity::Warning,
            "header",
            &format!("nodata {declared} cannot occur in the raster's type and was ignored; give --nodata"),
            &format!("nodata {declared} энэ төрлийн растерт байх боломжгүй тул үл тоосон; --nodata гэж өгнө үү"),
        );
    }
    held
}

/// A nodata text as a number; the spellings of NaN of older writers count.
fn parse_nodata(text: &str) -> Option<f64> {
    let lower = text.to_lowercase();
    if lower.contains("nan") || lower.contains("#ind") {
        return Some(f64::NAN);
    }
    lower.parse().ok()
}

/// The value as a sample type holds it; `None` when it cannot.
fn as_held(value: f64, pixel_type: PixelType) -> Option<f64> {
    let whole = |low: f64, high: f64| (value.fract() == 0.0 && (low..=high).contains(&value)).then_some(value);
    match pixel_type {
        PixelType::U8 => whole(0.0, f64::from(u8::MAX)),
        PixelType::I8 => whole(f64::from(i8::MIN), f64::from(i8::MAX)),
        PixelType::U16 => whole(0.0, f64::from(u16::MAX)),
        PixelType::I16 => whole(f64::from(i16::MIN), f64::from(i16::MAX)),
        PixelType::U32 => whole(0.0, f64::from(u32::MAX)),
        PixelType::I32 => whole(f64::from(i32::MIN), f64::from(i32::MAX)),
        PixelType::F64 => Some(value),
        PixelType::F32 => {
            let max = f64::from(f32::MAX);
            // decimal texts of the largest float are a little larger than it
            let near_max = value.is_finite() && value.abs() > max && value.abs() < max * (1.0 + 1e-6);
            let held = if near_max { max.copysign(value) } else { f64::from(value as f32) };
            (held.is_finite() || !value.is_finite()).then_some(held)
        }
    }
}

/// Scale and offset; `None` when integers are declared by nobody.
pub fn scale(
    chosen: &Chosen,
    options: &ConvertOptions,
    product: Option<&Product>,
    notes: &mut Notes,
) -> (Option<f64>, Option<f64>) {
    let sound = |v: &f64| v.is_finite();
    let mut of_file = chosen.scale.filter(sound).filter(|s| *s != 0.0).zip(Some(chosen.offset.unwrap_or(0.0)));
    of_file = of_file.filter(|(_, offset)| offset.is_finite());
    if chosen.scale.is_some() && of_file.is_none() {
        let text = (
            "the file's scale is zero or not a number and was ignored",
            "файлын scale тэг эсвэл тоо биш тул үл тоосон",
        );
        notes.add("scale_invalid", Severity::Warning, "header", text.0, text.1);
    }
    if options.scale.is_some() || options.offset.is_some() {
        let (file_scale, file_offset) = of_file.unwrap_or((1.0, 0.0));
        let used = (options.scale.unwrap_or(file_scale), options.offset.unwrap_or(file_offset));
        if let Some((scale, offset)) = of_file.filter(|own| *own != used) {
            notes.add(
                "scale_overridden",
                Severity::Info,
                "--scale",
                &format!("the file says scale {scale}, offset {offset}; {} and {} were used as given", used.0, used.1),
                &format!("файлд scale {scale}, offset {offset} гэсэн; өгсөн {}, {}-г хэрэглэсэн", used.0, used.1),
            );
        }
        return (Some(used.0), Some(used.1));
    }
    if let Some((scale, offset)) = of_file {
        return (Some(scale), Some(offset));
    }
    undeclared_scale(chosen.pixel_type, product, notes)
}

fn undeclared_scale(pixel_type: PixelType, product: Option<&Product>, notes: &mut Notes) -> (Option<f64>, Option<f64>) {
    if product.is_some_and(|p| p.kind == ProductKind::Categorical) {
        return (Some(1.0), Some(0.0));
    }
    if is_float(pixel_type) {
        let text = (
            "no scale is declared; floating-point values were taken as they are",
            "scale заагаагүй; бутархай утгыг байгаагаар нь авсан",
        );
        notes.add("scale_of_floats_assumed", Severity::Info, "header", text.0, text.1);
        return (Some(1.0), Some(0.0));
    }
    if let Some((scale, product)) = product.and_then(|p| Some((p.scale?, p))) {
        let offset = product.offset.unwrap_or(0.0);
        notes.add(
            "scale_from_product",
            Severity::Info,
            "header",
            &format!("the file declares no scale; {scale} and offset {offset} of {} were used", product.name),
            &format!("файлд scale заагаагүй; {}-ийн {scale}, offset {offset}-г хэрэглэсэн", product.name),
        );
        return (Some(scale), Some(offset));
    }
    notes.add(
        "missing_scale",
        Severity::Warning,
        "header",
        "integers without a declared scale: what a value of 1 means is unknown; give --scale and --offset",
        "бүхэл тоон утгын scale заагаагүй тул 1 гэдэг нь юу болох нь тодорхойгүй; --scale, --offset гэж өгнө үү",
    );
    (None, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodata_is_what_the_type_holds() {
        assert_eq!(as_held(255.0, PixelType::U8), Some(255.0));
        assert_eq!(as_held(-9999.0, PixelType::U8), None);
        assert_eq!(as_held(0.5, PixelType::I16), None);
        assert_eq!(as_held(f64::NAN, PixelType::I16), None);
        assert_eq!(as_held(-9999.9, PixelType::F32), Some(f64::from(-9999.9_f32)));
        assert_eq!(as_held(-3.402_823_466_385_288_6e38, PixelType::F32), Some(f64::from(f32::MIN)));
        assert_eq!(as_held(-1.797_693_134_862_315_7e308, PixelType::F32), None);
        assert!(as_held(f64::NAN, PixelType::F32).is_some_and(f64::is_nan));
        assert_eq!(as_held(f64::INFINITY, PixelType::F32), Some(f64::INFINITY));
    }

    #[test]
    fn nodata_texts_of_all_writers_are_read() {
        assert_eq!(parse_nodata("-3e+03"), Some(-3000.0));
        for nan in ["nan", "NaN", "-1.#IND", "1.#QNAN"] {
            assert!(parse_nodata(nan).is_some_and(f64::is_nan), "{nan}");
        }
        for none in ["none", "n/a", "", "-9999,0", "0x"] {
            assert_eq!(parse_nodata(none), None, "{none}");
        }
    }
}
