//! One granule: its date, and the index of its usable cells.

use belcheer_rangeland::quality::{landsat, mod13, sentinel2};
use belcheer_raster_ingest::CellWindow;
use chrono::{Datelike, NaiveDate};

use super::{CompositeRequest, Index, Sensor};
use crate::degradation::RasterBand;
use crate::degradation::inputs::{CodeRaster, NO_CODE, Opener};
use crate::error::AssessmentError;
use crate::raster::StoredRaster;

/// Stored numbers of MOD13 that are an index, in 1/10,000.
const MOD13_VALID: std::ops::RangeInclusive<i32> = -2000..=10_000;
const MOD13_SCALE: f64 = 0.0001;
/// Reflectance outside is no surface's.
const REFLECTANCE_VALID: std::ops::RangeInclusive<f64> = 0.0..=1.0;

/// An opened granule.
pub(super) struct Granule {
    pub year: i32,
    /// Day of the year, from 1.
    pub day: u16,
    sensor: Sensor,
    index: Index,
    parts: Vec<CodeRaster>,
    processing: sentinel2::Processing,
}

impl Granule {
    pub fn open(
        opener: &mut Opener<'_>,
        request: &CompositeRequest,
        parts: &[RasterBand],
        grid: Option<&StoredRaster>,
    ) -> Result<Self, AssessmentError> {
        let quality = match request.sensor {
            Sensor::Mod13 => "quality",
            Sensor::Sentinel2 => "scene-classification",
            Sensor::Landsat => "QA_PIXEL",
        };
        let of_index = if request.sensor == Sensor::Mod13 { &["index"] } else { request.index.bands() };
        let names: Vec<&str> = of_index.iter().chain([&quality]).copied().collect();
        let first = parts.first().map(|part| part.path.display().to_string()).unwrap_or_default();
        let both = match (request.sensor, parts) {
            (Sensor::Mod13, [file]) if file.layer.is_none() => Some(layers_of_mod13(file, request)?),
            _ => None,
        };
        let parts = both.as_ref().map_or(parts, |both| both.as_slice());
        if parts.len() != names.len() {
            return refused(format!(
                "the granule {first} has {} parts; give {}, joined by commas",
                parts.len(),
                names.join(",")
            ));
        }
        let mut opened: Vec<CodeRaster> = Vec::new();
        for part in parts {
            let raster = opener.codes(part, grid.or(opened.first().map(|first| &first.raster)))?;
            opened.push(raster);
        }
        let name = opened[0].raster.name.clone();
        let declared = opened[0].raster.meta.date.as_deref().and_then(date_of_item);
        let Some(date) = declared.or_else(|| date_in_name(&name)) else {
            return refused(format!(
                "the date of {name} is not known; set BELCHEER_DATE in the file or keep the date in its name"
            ));
        };
        let baseline = request.processing_baseline.or_else(|| baseline_in_name(&name));
        let processing = match (request.sensor, baseline) {
            (_, Some(baseline)) => sentinel2::Processing::Baseline(baseline),
            // a scene of before 2022 may have been processed anew since, with the offset
            (Sensor::Sentinel2, None) => {
                return refused(format!(
                    "the processing baseline of {name} is not known, so neither is whether 1000 was added to its \
                     numbers; give --processing-baseline"
                ));
            }
            (_, None) => sentinel2::Processing::Recorded(date.year(), date.month() as u8, date.day() as u8),
        };
        Ok(Self {
            year: date.year(),
            day: date.ordinal() as u16,
            sensor: request.sensor,
            index: request.index,
            parts: opened,
            processing,
        })
    }

    pub fn first(&self) -> &CodeRaster {
        &self.parts[0]
    }

    /// The index of a part; NaN where nothing usable was observed.
    pub fn index(&self, tile: CellWindow, into: &mut Vec<f32>) -> Result<(), AssessmentError> {
        let mut codes = vec![Vec::new(); self.parts.len()];
        for (raster, codes) in self.parts.iter().zip(&mut codes) {
            raster.codes(tile, codes)?;
        }
        into.clear();
        let cells = codes[0].len();
        into.extend((0..cells).map(|cell| {
            let of = |part: usize| Some(codes[part][cell]).filter(|code| *code != NO_CODE);
            self.index_of(of).map_or(f32::NAN, |index| index as f32)
        }));
        Ok(())
    }

    fn index_of(&self, of: impl Fn(usize) -> Option<i32>) -> Option<f64> {
        let number = |part| u16::try_from(of(part)?).ok();
        let quality = number(self.parts.len() - 1)?;
        let kept = match self.sensor {
            Sensor::Mod13 => {
                let stored = of(0).filter(|stored| MOD13_VALID.contains(stored))?;
                return mod13::Quality::of(quality).is_kept().then_some(f64::from(stored) * MOD13_SCALE);
            }
            Sensor::Sentinel2 => sentinel2::Scene::of(u8::try_from(quality).ok()?)?.is_kept(false),
            Sensor::Landsat => landsat::is_kept(quality),
        };
        let mut reflectance = [0.0; 4];
        let bands = self.index.bands().len();
        for (band, value) in reflectance[..bands].iter_mut().enumerate().filter(|_| kept) {
            *value = match self.sensor {
                Sensor::Landsat => landsat::reflectance(number(band)?)?,
                _ => self.processing.reflectance(number(band)?)?,
            };
            if !REFLECTANCE_VALID.contains(value) {
                return None;
            }
        }
        if kept { self.index.of(&reflectance[..bands]) } else { None }
    }
}

/// Index and quality of a MOD13 file as it is published, by the ends of their layers' names.
fn layers_of_mod13(file: &RasterBand, request: &CompositeRequest) -> Result<[RasterBand; 2], AssessmentError> {
    if !matches!(request.index, Index::Ndvi | Index::Evi) {
        return refused(format!("MOD13 holds NDVI and EVI, not {}", request.index.as_str()));
    }
    let layer = |name: String| RasterBand { layer: Some(name), ..file.clone() };
    Ok([layer(format!("days {}", request.index.as_str())), layer("vi quality".to_owned())])
}

/// Year and month of a monthly grid: declared, or `_202007` or a day in its name.
pub(super) fn date_of(raster: &StoredRaster) -> Option<(i32, u8)> {
    let declared = raster.meta.date.as_deref().and_then(month_of_text);
    declared.or_else(|| date_in_name(&raster.name).map(month_of)).or_else(|| month_in_name(&raster.name))
}

fn month_of(date: NaiveDate) -> (i32, u8) {
    (date.year(), date.month() as u8)
}

/// `YYYY-MM`, or the month of a day.
fn month_of_text(text: &str) -> Option<(i32, u8)> {
    let mut parts = text.split('-');
    date(parts.next()?, parts.next()?, "1").map(month_of)
}

/// Six digits in a name that are a year and a month.
fn month_in_name(name: &str) -> Option<(i32, u8)> {
    let mut groups = name.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 6);
    groups.find_map(|digits| date(&digits[..4], &digits[4..], "1").map(month_of))
}

fn refused<T>(text: String) -> Result<T, AssessmentError> {
    Err(AssessmentError::Refused(text))
}

/// A date of the years in which satellites looked.
fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let found = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    found.filter(|date| (1970..2200).contains(&date.year()))
}

/// A date `YYYY-MM-DD`.
fn date_of_item(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let found = date(parts.next()?, parts.next()?, parts.next()?);
    found.filter(|_| parts.next().is_none())
}

/// A date in a file name: `.A2020193.` of MODIS, or eight digits `_20200712` of Sentinel-2 and Landsat, the first that
/// is one.
fn date_in_name(name: &str) -> Option<NaiveDate> {
    let groups: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    groups.iter().find_map(|group| {
        if let Some(digits) = group.strip_prefix('A').filter(|digits| digits.len() == 7) {
            let (year, day) = (digits.get(..4)?.parse().ok()?, digits.get(4..)?.parse().ok()?);
            return NaiveDate::from_yo_opt(year, day);
        }
        let digits = group.get(..8)?;
        date(digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?)
    })
}

/// The processing baseline in a name of Sentinel-2: `_N0509_` is 509.
fn baseline_in_name(name: &str) -> Option<u16> {
    let digits = name.split('_').find_map(|group| group.strip_prefix('N').filter(|digits| digits.len() == 4))?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_from_names() {
        assert_eq!(date_in_name("MOD13Q1.A2020193.h25v04.061.tif"), NaiveDate::from_ymd_opt(2020, 7, 11));
        assert_eq!(date_in_name("S2A_MSIL2A_20230801T034541_N0509_R104.tif"), NaiveDate::from_ymd_opt(2023, 8, 1));
        assert_eq!(date_in_name("LC08_L2SP_131027_20200712_20200912_02_T1.tif"), NaiveDate::from_ymd_opt(2020, 7, 12));
        assert_eq!(date_in_name("ndvi_99999999.tif"), None);
        assert_eq!(month_in_name("era5_land_total_202007.tif"), Some((2020, 7)));
        assert_eq!(month_in_name("tile_123456.tif"), None);
        assert_eq!(month_of_text("2020-07"), Some((2020, 7)));
        assert_eq!(date_of_item("2021-02-29"), None);
        assert_eq!(date_of_item("2020-02-29"), NaiveDate::from_ymd_opt(2020, 2, 29));
        assert_eq!(date_of_item("2020"), None);
        assert_eq!(baseline_in_name("S2A_MSIL2A_20230801T034541_N0509_R104.tif"), Some(509));
    }
}
