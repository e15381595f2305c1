//! The child's side: check the header, open, inspect, write, verify.

use std::{fs::File, io::BufReader};

use belcheer_domain::{RasterState, Severity};
use belcheer_door::Refusal;

use crate::{
    ConvertOptions, Product, Purpose, gdal_setup,
    inspect::{self, Source},
    job::{ConvertJob, ConvertReply},
    magic::FileKind,
    notes::Notes,
    product,
    tiff_header::{self, TiffHeader},
    warp,
    write::{self, Tally},
};

/// Converts our private copy.
pub fn convert(job: &ConvertJob) -> Result<ConvertReply, Refusal> {
    let mut notes = Notes::about(&job.input);
    let header = match job.file_kind {
        FileKind::Tiff => Some(check_header(job, &mut notes)?),
        FileKind::NetCdf | FileKind::NetCdf4 | FileKind::Hdf4 => None,
    };
    gdal_setup::lock_down(job.file_kind, job.options.to_crs.is_some());
    // in a process that already has its threads, those are used
    drop(rayon::ThreadPoolBuilder::new().num_threads(job.threads).build_global());
    let dataset = gdal_setup::open(&job.source, job.file_kind, job.options.layer.as_deref(), &notes)?;
    let (width, height) = dataset.raster_size();
    if header.as_ref().is_some_and(|h| (h.page.width, h.page.height) != (width as u64, height as u64)) {
        let text = (
            "its header can be read in two ways; export it again",
            "толгойг хоёр янзаар уншиж болж байна; дахин гаргана уу",
        );
        return Err(notes.refuse("header_damaged", "header", text.0, text.1));
    }
    let mut source = inspect::inspect(&dataset, header.as_ref(), &job.options, &mut notes)?;
    if job.options.purpose == Purpose::Look {
        let state = state_of(&source, &job.options, &dataset, &mut notes);
        return Ok(ConvertReply { meta: source.meta, state, findings: notes.findings });
    }
    let mut view = None;
    if let Some(epsg) = job.options.to_crs
        && let Some((warped, result)) = warp::warp(&dataset, &job.source, &source, epsg, &mut notes)?
    {
        (view, source) = (Some(warped), result);
    }
    let tallies = write::write_source(view.as_ref().unwrap_or(&dataset), &source, &job.output, &job.options, &notes)?;
    note_values(&source, &tallies, &mut notes);
    source.meta.has_mask = source.mask.is_some();
    let state = state_of(&source, &job.options, &dataset, &mut notes);
    Ok(ConvertReply { meta: source.meta, state, findings: notes.findings })
}

fn check_header(job: &ConvertJob, notes: &mut Notes) -> Result<TiffHeader, Refusal> {
    let file = File::open(&job.source).map_err(tiff_header::HeaderFault::from);
    let header = file.and_then(|file| tiff_header::check(BufReader::new(file))).map_err(|f| f.refusal(notes))?;
    if header.further_images > 0 {
        notes.add(
            "further_images_ignored",
            Severity::Warning,
            "pages",
            &format!("the file holds {} more images; only the first was read", header.further_images),
            &format!("файлд өөр {} зураг байна; зөвхөн эхнийхийг уншсан", header.further_images),
        );
    }
    Ok(header)
}

/// Findings about the values themselves.
fn note_values(source: &Source, tallies: &[Tally], notes: &mut Notes) {
    let sum = |count: fn(&Tally) -> u64| tallies.iter().map(count).sum::<u64>();
    if sum(|t| t.valid) == 0 {
        let text = ("no cell holds a value", "утгатай нүд алга");
        notes.add_counted("no_valid_values", Severity::Warning, sum(|t| t.missing), text.0, text.1);
    }
    let nan = sum(|t| t.nan);
    if nan > 0 && source.meta.nodata.is_some() {
        let text = (
            "NaN cells are missing, besides the declared nodata",
            "NaN утгатай нүдийг nodata-гийн адил хоосон гэж үзсэн",
        );
        notes.add_counted("nan_means_missing", Severity::Info, nan, text.0, text.1);
    }
    if sum(|t| t.infinite) > 0 {
        let text = (
            "infinite values; they are kept and will spoil every mean",
            "төгсгөлгүй утгууд байна; дундажийг гажуудуулна",
        );
        notes.add_counted("infinite_values", Severity::Warning, sum(|t| t.infinite), text.0, text.1);
    }
    let declared = source.meta.nodata.is_some() || source.nodata_is_nan || source.mask.is_some();
    if !declared && nan == 0 {
        notes.add(
            "no_nodata_declared",
            Severity::Warning,
            "header",
            "neither a nodata value nor a mask is declared, so every cell counts; give --nodata if some are missing",
            "nodata утга ч, маск ч заагаагүй тул бүх нүдийг тооцно; хоосон нүд байвал --nodata гэж өгнө үү",
        );
    }
    let outside = sum(|t| t.out_of_range);
    if let Some(([low, high], product)) = source.product.and_then(|p| Some((p.valid?, p)))
        && outside > 0
    {
        notes.add_counted(
            "values_out_of_range",
            Severity::Warning,
            outside,
            &format!("values outside {low} to {high}, the range of {}; check scale, offset and nodata", product.name),
            &format!("{}-ийн {low}..{high} хязгаараас гарсан утгууд; scale, offset, nodata-г шалгана уу", product.name),
        );
    }
}

/// Whether the raster may be assessed, with a finding of what is missing.
fn state_of(source: &Source, options: &ConvertOptions, dataset: &gdal::Dataset, notes: &mut Notes) -> RasterState {
    let meta = &source.meta;
    let mut missing = Vec::new();
    for (absent, what) in [
        (meta.product.is_none(), ("--product", "product", "бүтээгдэхүүн")),
        (meta.date.is_none(), ("--date", "date", "огноо")),
        (
            meta.scale.is_none() || meta.offset.is_none(),
            ("--scale, --offset", "scale and offset", "үржүүлэгч, нэмэгдэхүүн"),
        ),
    ] {
        if absent {
            missing.push(what);
        }
    }
    if missing.is_empty() {
        return RasterState::Ready;
    }
    if options.purpose != Purpose::ReadOnce {
        let joined = |pick: fn(&(&'static str, &'static str, &'static str)) -> &'static str| -> String {
            missing.iter().map(pick).collect::<Vec<_>>().join(", ")
        };
        let (flags, english, mongolian) = (joined(|m| m.0), joined(|m| m.1), joined(|m| m.2));
        let hint = inspect::date_hint(dataset).map(|date| format!(" (the file says DATE={date})")).unwrap_or_default();
        let hint = if meta.date.is_none() { hint } else { String::new() };
        notes.add(
            "needs_metadata",
            Severity::Warning,
            "header",
            &format!("{english} not told ({flags}){hint}; until then only zonal statistics can use it"),
            &format!("{mongolian} хэлээгүй ({flags}){hint}; хэлэх хүртэл зөвхөн бүсийн статистикт ашиглана"),
        );
    }
    RasterState::NeedsMetadata
}

/// The declared product, if it is a known one; an unknown one is noted.
pub fn known_product(name: Option<&str>, notes: &mut Notes) -> Option<&'static Product> {
    let name = name?;
    let known = product(name);
    if known.is_none() {
        notes.add(
            "product_unknown",
            Severity::Info,
            "product",
            &format!("product {name} is not in the product table; its values are taken as measurements of any range"),
            &format!("{name} бүтээгдэхүүний жагсаалтад алга; хязгааргүй хэмжилт гэж үзнэ"),
        );
    }
    known
}
