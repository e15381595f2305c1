//! The headers of a source: what each raster is, and that the years fit together.

use belcheer_cog::{Cog, CogError, Limits};
use belcheer_domain::{Finding, PixelType, RasterMeta, Severity, Years};
use belcheer_raster_ingest::Product;
use futures::{StreamExt, TryStreamExt};
use object_store::{GetOptions, GetRange};

use super::{Source, refused};
use crate::blocks::{Layer, Series};
use crate::error::AssessmentError;
use crate::storage::{Edition, Place, denied, reason_of};
use crate::zonal::source::{header, noticed};

/// Headers read at a time.
const AT_A_TIME: usize = 8;
/// By how much of a cell corners, and of itself the size of a cell, may differ between years.
const SAME: f64 = 1e-6;

impl Source {
    /// Opens the rasters of a resolved source: one series on one grid.
    ///
    /// # Errors
    /// Names the raster that cannot be opened, does not say what it is, or has another grid than the first.
    pub async fn open(&self, years: Years) -> Result<(Series, Vec<Finding>), AssessmentError> {
        let known = self.known_product()?;
        let wanted: Vec<_> = self.rasters.iter().filter(|(year, _)| years.contains(**year)).collect();
        let opened: Vec<(Layer, RasterMeta, Vec<Finding>)> = futures::stream::iter(wanted)
            .map(|(year, address)| self.year(known, *year, address))
            .buffered(AT_A_TIME)
            .try_collect()
            .await?;
        let Some((first, grid, _)) = opened.first() else {
            return Err(refused(format!("the source names no raster of {years}")));
        };
        for (layer, meta, _) in &opened {
            if let Some(differs) = difference(grid, meta) {
                let (one, other) = (&first.name, &layer.name);
                return Err(refused(format!(
                    "{other} has another grid than {one}: {differs}; bring the years to one grid first"
                )));
            }
        }
        let series = Series { grid: grid.clone(), layers: opened.iter().map(|(layer, ..)| layer.clone()).collect() };
        Ok((series, opened.into_iter().flat_map(|(.., findings)| findings).collect()))
    }

    async fn year(
        &self,
        known: &Product,
        year: i32,
        address: &str,
    ) -> Result<(Layer, RasterMeta, Vec<Finding>), AssessmentError> {
        let place = Place::of_address(address).map_err(refused)?;
        let name = if place.store.starts_with("file://") { place.path.clone() } else { address.to_owned() };
        let store = place.open().map_err(|reason| refused(format!("{name} cannot be opened: {reason}")))?;
        // by a range of one byte, since some servers tell more of an object with its bytes than without
        let first = GetOptions { range: Some(GetRange::Bounded(0..1)), ..GetOptions::default() };
        let first = store.get_opts(&place.location(), first).await;
        let edition = Edition::of(&first.map_err(|e| refused(unread(&place, &e)))?.meta);
        let opened = Cog::open(edition.guard(store), place.location(), Limits::default()).await;
        let cog = opened.map_err(|e| match &e {
            CogError::Store { source, .. } => refused(unread(&place, source)),
            _ => refused(format!("{place}: {}", reason_of(&e))),
        })?;
        let meta = header(&cog, None)
            .map_err(|e| refused(format!("{place}: {e}; bring it in with belcheer ingest raster")))?;
        let (scale, offset) = self.meaning(known, year, &cog, &meta).map_err(|e| refused(format!("{place}: {e}")))?;
        let mut findings = noticed(&cog, &RasterMeta { scale: Some(scale), ..meta.clone() }, &name);
        if edition.tag.is_empty() {
            findings.push(no_edition(&name));
        }
        let digest = edition.digest(&place);
        Ok((Layer { year, name, place, digest, edition: Some(edition), scale, offset }, meta, findings))
    }

    /// Scale and offset of a year; the error says what contradicts or is not known.
    fn meaning(&self, known: &Product, year: i32, cog: &Cog, meta: &RasterMeta) -> Result<(f64, f64), String> {
        if meta.bands != 1 {
            return Err(format!("it has {} bands; a year is one raster of one band", meta.bands));
        }
        if let Some(other) = cog.item("BELCHEER_PRODUCT").filter(|other| *other != self.product) {
            return Err(format!("it holds {other}, and the plan says {}", self.product));
        }
        if let Some(other) = meta.year().filter(|other| *other != year) {
            return Err(format!("it is of {other}, and the plan has it for {year}"));
        }
        let whole = !matches!(meta.pixel_type, PixelType::F32 | PixelType::F64);
        if let (true, None, false, Some(fill)) = (whole, meta.nodata, meta.has_mask, known.nodata) {
            return Err(format!(
                "it declares no nodata value, and that of {} is {fill}; write it into the file",
                self.product
            ));
        }
        let (scale, offset) = (cog.scale(0), cog.offset(0));
        for (what, in_file, in_plan) in [("scale", scale, self.scale), ("offset", offset, self.offset)] {
            if let Some((file, plan)) = in_file.zip(in_plan).filter(|(file, plan)| file != plan) {
                return Err(format!("it declares {what} {file}, and the plan says {plan}; take it out of the plan"));
            }
        }
        let fixed = known.scale.filter(|_| whole).or((!whole).then_some(1.0));
        let scale = scale.or(self.scale).or(fixed).ok_or(
            "whole numbers without a scale, so what a value of 1 means is not known; write scale (and offset) under [source] of the plan, or give --scale",
        )?;
        let offset = offset.or(self.offset).or(known.offset.filter(|_| whole));
        Ok((scale, offset.unwrap_or(0.0)))
    }
}

/// Why an object was not read, and what to do.
fn unread(place: &Place, error: &object_store::Error) -> String {
    let at_s3 = place.store.starts_with("s3://");
    match error {
        object_store::Error::NotFound { .. } => format!("{place} is not there; check the address"),
        _ if denied(error) && at_s3 => format!(
            "{place} may not be read with these credentials; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL ({})",
            reason_of(error)
        ),
        _ if denied(error) => format!("{place} may not be read: its server asks who you are; give an s3:// address"),
        _ => format!("{place} cannot be read: {}", reason_of(error)),
    }
}

/// In what two grids differ.
fn difference(one: &RasterMeta, other: &RasterMeta) -> Option<String> {
    if one.crs.epsg != other.crs.epsg {
        return Some(format!("{} and {}", other.crs.wkt, one.crs.wkt));
    }
    if (one.width, one.height) != (other.width, other.height) {
        return Some(format!("{} x {} cells and {} x {}", other.width, other.height, one.width, one.height));
    }
    let apart = |a: f64, b: f64, unit: f64| (a - b).abs() > SAME * unit;
    if apart(one.dx, other.dx, one.dx / f64::from(one.width)) || apart(one.dy, other.dy, one.dy / f64::from(one.height))
    {
        return Some(format!("cells of {} x {} and of {} x {}", other.dx, other.dy, one.dx, one.dy));
    }
    (apart(one.x_min, other.x_min, one.dx) || apart(one.y_max, other.y_max, one.dy))
        .then(|| format!("corner {}, {} and {}, {}", other.x_min, other.y_max, one.x_min, one.y_max))
}

fn no_edition(name: &str) -> Finding {
    Finding::new("edition_unknown", Severity::Warning, name).text(
        "its server tells neither ETag nor time of change, so a replaced file of the same length is not noticed; run without --resume",
        "сервер ETag болон өөрчилсөн хугацааг хэлдэггүй тул ижил хэмжээтэй файлаар солигдсоныг мэдэх боломжгүй; --resume-гүй ажиллуулна уу",
    )
}
