//! The ground of an assessment: one grid a series, and which land is rangeland.

use std::collections::BTreeMap;

use belcheer_domain::{Finding, Severity, SoumCode};
use belcheer_rangeland::rangeland_mask::RangelandMask;
use geo_types::MultiPolygon;

use super::Request;
use crate::error::AssessmentError;
use crate::frame::Frame;
use crate::inputs::Inputs;
use crate::land_cover::{Cover, mask_year, survey};
use crate::parameters::ParameterSets;
use crate::raster::StoredRaster;
use crate::watch::Watch;

/// The one denominator: which land is rangeland, and how much of it each soum has.
pub(super) struct Ground {
    /// What the land-cover series says, where one is held.
    pub(super) cover: Option<Cover>,
    /// Grazed area of each soum, ha: rangeland, or the whole soum without land cover.
    pub(super) area_ha: BTreeMap<SoumCode, f64>,
}

/// Reads the land-cover series; without one the whole soum counts.
pub(super) fn survey_ground(
    inputs: &Inputs,
    request: &Request,
    sets: &ParameterSets,
    watch: &dyn Watch,
    findings: &mut Vec<Finding>,
) -> Result<Ground, AssessmentError> {
    let whole = inputs.soums.iter().map(|(code, j)| (*code, j.area_ha)).collect();
    let Some(series) = CoverSeries::held(inputs, request, sets, findings)? else {
        findings.push(Finding::new("no_rangeland_mask", Severity::Warning, "workspace").count(inputs.soums.len() as u64).text(
            "no land cover is held, so the whole soum counts as grazed area; ingest a land-cover raster",
            "газрын бүрхэвчийн растер алга тул сумын нийт талбайг бэлчээр гэж үзэв; газрын бүрхэвчийн растер оруулна уу",
        ));
        return Ok(Ground { cover: None, area_ha: whole });
    };
    watch.step("land cover", 0, 1);
    let cover = series.survey(&inputs.shapes())?;
    watch.step("land cover", 1, 1);
    let (year, first) = (series.year, series.first);
    if year > request.baseline.last {
        findings.push(Finding::new("rangeland_mask_late", Severity::Warning, &first.name).at(year.to_string()).text(
            format!("the rangeland mask is of {year}, after the baseline; land ploughed before then is not assessed"),
            format!(
                "бэлчээрийн зааг {year} оных буюу суурь хугацаанаас хойшхи тул түүнээс өмнө хагалсан газрыг үнэлээгүй"
            ),
        ));
    }
    ledger_findings(inputs, &cover, &first.name, findings);
    let area_ha = cover.rangeland_ha.clone();
    Ok(Ground { cover: Some(cover), area_ha })
}

/// The land-cover rasters on the grid of the mask year, and what counts as rangeland.
pub(crate) struct CoverSeries<'a> {
    year: i32,
    classes: &'a RangelandMask,
    first: &'a StoredRaster,
    rasters: BTreeMap<i32, &'a StoredRaster>,
}

impl<'a> CoverSeries<'a> {
    /// The series that the inputs hold; `None` without land cover.
    pub(crate) fn held(
        inputs: &'a Inputs,
        request: &Request,
        sets: &'a ParameterSets,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Self>, AssessmentError> {
        let Some((legend, rasters)) = &inputs.land_cover else { return Ok(None) };
        let (Some(year), Some(classes)) = (mask_year(rasters, request.baseline.last), sets.mask(legend)) else {
            return Err(AssessmentError::ParameterSet(format!("no rangeland mask for land cover of legend {legend}")));
        };
        let rasters = one_grid(rasters, year, findings);
        let first = rasters.get(&year).copied();
        Ok(first.map(|first| Self { year, classes, first, rasters }))
    }

    /// Reads the series by zones.
    pub(crate) fn survey<K: Ord + Clone + Send + Sync>(
        &self,
        zones: &BTreeMap<K, MultiPolygon<f64>>,
    ) -> Result<Cover<K>, AssessmentError> {
        let frame = Frame::new(&self.first.meta, &self.first.name, zones)?;
        survey(&frame, &self.rasters, self.year, self.classes)
    }
}

/// The rasters that share the grid of the mask year; others are left out with a finding.
pub(crate) fn one_grid<'a>(
    rasters: &'a BTreeMap<i32, StoredRaster>,
    year: i32,
    findings: &mut Vec<Finding>,
) -> BTreeMap<i32, &'a StoredRaster> {
    let Some(like) = rasters.get(&year) else { return BTreeMap::new() };
    let shape = |r: &StoredRaster| {
        let m = &r.meta;
        (m.width, m.height, m.x_min.to_bits(), m.y_max.to_bits(), m.dx.to_bits(), m.dy.to_bits(), m.crs.wkt.clone())
    };
    let mut same = BTreeMap::new();
    for (other, raster) in rasters {
        if shape(raster) == shape(like) {
            same.insert(*other, raster);
        } else {
            findings.push(Finding::new("grid_differs", Severity::Warning, &raster.name).at(other.to_string()).text(
                "its grid differs from the other years of the series, so it is left out; bring it to one grid first",
                "бусад жилийн растерын тортой таарахгүй тул ашиглаагүй; эхлээд нэг торонд шилжүүлнэ үү",
            ));
        }
    }
    same
}

/// Pixel ledger against geodesic area: a difference above 1e-4 is told, soum by soum.
fn ledger_findings(inputs: &Inputs, cover: &Cover, input: &str, findings: &mut Vec<Finding>) {
    for (code, soum) in &inputs.soums {
        let Some(ledger) = cover.ledger_ha.get(code) else { continue };
        let ratio = ledger / soum.area_ha;
        if (ratio - 1.0).abs() > 1e-4 {
            let percent = 100.0 * (ratio - 1.0);
            findings.push(Finding::new("ledger_differs", Severity::Info, input).soum(*code).text(
                format!("cells of the land-cover grid inside the soum sum to {percent:+.3} % of its geodesic area"),
                format!(
                    "газрын бүрхэвчийн торны нүднүүдийн нийлбэр сумын геодезийн талбайгаас {percent:+.3} % зөрүүтэй"
                ),
            ));
        }
    }
}
