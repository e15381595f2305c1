//! What an assessment is made from: the harmonised records and rasters of the workspace.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_catalog::{Catalog, DatasetKind, DatasetRecord, DatasetState, Filter};
use belcheer_domain::records::{
    AimagSpeciesCount, BiomassPlot, Instrument, Jurisdiction, Level, LivestockCount, LivestockLoss, MonthWeather,
    PhotoPoint, SeasonWeather,
};
use belcheer_domain::{Finding, RasterMeta, Severity, SoumCode};
use belcheer_rangeland::drought::SUMMER_MONTHS;
use geo_types::MultiPolygon;
use serde::de::DeserializeOwned;

use crate::composite::SeasonWeatherKind;
use crate::error::AssessmentError;
use crate::levels::ZoneKey;
use crate::raster::StoredRaster;
use crate::result::InputRef;
use crate::storage::Place;
use crate::weather_grids::area_means;

/// Products that measure vegetation once a year, best first.
pub const VEGETATION_PRODUCTS: [&str; 2] = ["ndvi_peak", "ndvi_mean_gs"];

/// Land-cover products and the class scheme each is written in, best first.
pub const LAND_COVER_PRODUCTS: [(&str, &str); 2] = [("unccd_landcover", "unccd"), ("mcd12c1_igbp", "igbp")];

/// A product, or the legend of one, and its rasters by year.
pub type YearlyRasters = (String, BTreeMap<i32, StoredRaster>);

/// Everything an assessment reads.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Folder of the workspace they are held in.
    pub workspace: Option<std::path::PathBuf>,
    /// Where the workspace keeps its rasters.
    pub blobs: Option<Place>,
    /// Soums by code.
    pub soums: BTreeMap<SoumCode, Jurisdiction>,
    /// Aimag names by number, where aimag boundaries were ingested.
    pub aimag_names: BTreeMap<String, String>,
    /// Plots, one record a plot and year.
    pub plots: Vec<BiomassPlot>,
    /// Photo points, one record a point and year.
    pub photo_points: Vec<PhotoPoint>,
    /// Livestock by soum, year and species, raked ones marked.
    pub livestock: Vec<LivestockCount>,
    /// Season weather, from tables of seasons and, where those are silent, of months.
    pub weather: Vec<SeasonWeather>,
    /// Livestock of user groups by year and species.
    pub livestock_of_groups: Vec<LivestockCount>,
    /// Bags and user groups, where an assessment asks for them, each within one soum.
    pub parts: BTreeMap<ZoneKey, Jurisdiction>,
    /// Weather of months.
    pub months: Vec<MonthWeather>,
    /// Grown livestock lost from January to May, percent of those counted in the December before.
    pub losses_percent: BTreeMap<(SoumCode, i32), f64>,
    /// Vegetation product in use and its rasters by year.
    pub vegetation: Option<YearlyRasters>,
    /// Land-cover class scheme in use and its rasters by year.
    pub land_cover: Option<YearlyRasters>,
    /// Every dataset used.
    pub refs: Vec<InputRef>,
    /// What was noticed about them.
    pub findings: Vec<Finding>,
}

impl Inputs {
    /// Borders by soum.
    #[must_use]
    pub fn shapes(&self) -> BTreeMap<SoumCode, MultiPolygon<f64>> {
        self.soums.iter().map(|(code, j)| (*code, j.geometry.clone())).collect()
    }

    /// Keeps only some soums.
    pub fn keep(&mut self, soums: &[SoumCode]) {
        self.soums.retain(|code, _| soums.contains(code));
    }

    /// Reads what the catalog holds.
    ///
    /// # Errors
    /// When there are no soum boundaries, or a stored blob is missing or damaged.
    pub async fn load(catalog: &Catalog) -> Result<Self, AssessmentError> {
        let (store, path) = catalog.store_address();
        let mut inputs = Self {
            workspace: Some(catalog.root().to_path_buf()),
            blobs: Some(Place { store, path }),
            ..Self::default()
        };
        let soums =
            catalog.latest(DatasetKind::Boundaries, Some(Level::Soum)).await?.ok_or(AssessmentError::NoSoums)?;
        let records: Vec<Jurisdiction> = catalog.get_json(soums.blob).await?;
        inputs.soums = records.into_iter().filter_map(|j| j.au2.map(|code| (code, j))).collect();
        inputs.used(&soums);
        inputs.note_other_versions(catalog, &soums).await?;
        if let Some(aimags) = catalog.latest(DatasetKind::Boundaries, Some(Level::Aimag)).await? {
            let records: Vec<Jurisdiction> = catalog.get_json(aimags.blob).await?;
            inputs.aimag_names = records.into_iter().filter_map(|j| Some((j.code, j.name_mn.or(j.name_en)?))).collect();
            inputs.used(&aimags);
        }
        inputs.plots = inputs
            .table(catalog, DatasetKind::BiomassPlots, |p: &BiomassPlot| (p.plot.clone(), p.year.to_string()))
            .await?;
        inputs.photo_points = inputs
            .table(catalog, DatasetKind::PhotoPoints, |p: &PhotoPoint| (p.point.clone(), p.year.to_string()))
            .await?;
        let key = |c: &LivestockCount| {
            (c.au2.to_string(), format!("{} {} {:?} {:?}", c.year, c.instrument, c.species, c.pug))
        };
        let counted = inputs.table(catalog, DatasetKind::Livestock, key).await?;
        let (of_groups, counted) = counted.into_iter().partition(|c: &LivestockCount| c.pug.is_some());
        inputs.livestock_of_groups = of_groups;
        let key = |c: &AimagSpeciesCount| (c.aimag.to_string(), format!("{} {}", c.year, c.species));
        let shares = inputs.table(catalog, DatasetKind::AimagSpecies, key).await?;
        inputs.livestock = inputs.with_raked_species(counted, &shares);
        inputs.weather = inputs
            .table(catalog, DatasetKind::Weather, |w: &SeasonWeather| (w.au2.to_string(), w.year.to_string()))
            .await?;
        let key = |w: &MonthWeather| (w.au2.to_string(), format!("{} {}", w.year, w.month));
        inputs.months = inputs.table(catalog, DatasetKind::MonthlyWeather, key).await?;
        inputs.add_seasons_of_months();
        let key = |l: &LivestockLoss| (l.au2.to_string(), l.year.to_string());
        let losses = inputs.table(catalog, DatasetKind::Losses, key).await?;
        inputs.losses_percent = inputs.losses_in_percent(&losses);
        inputs.rasters(catalog).await?;
        inputs.add_weather_of_grids(catalog).await?;
        inputs.refs.sort();
        inputs.refs.dedup();
        Ok(inputs)
    }

    /// Tells when an earlier version of the soum boundaries has other soums.
    async fn note_other_versions(&mut self, catalog: &Catalog, used: &DatasetRecord) -> Result<(), AssessmentError> {
        let filter = Filter { kind: Some(DatasetKind::Boundaries), level: Some(Level::Soum), ..Filter::default() };
        for record in catalog.datasets(&filter).await?.iter().filter(|record| record.digest != used.digest) {
            let units: Vec<Jurisdiction> = catalog.get_json(record.blob).await?;
            let codes: BTreeSet<SoumCode> = units.iter().filter_map(|unit| unit.au2).collect();
            let differing = codes.iter().filter(|code| !self.soums.contains_key(code)).count()
                + self.soums.keys().filter(|code| !codes.contains(code)).count();
            if differing > 0 {
                let digest = record.digest;
                self.findings.push(
                    Finding::new("boundaries_changed", Severity::Warning, &record.source_name).count(differing as u64).text(
                        format!("{differing} soums are in one of two versions of the boundaries only; if the baseline was counted in this one, assess with --baseline-boundaries {digest}"),
                        format!("{differing} сум хилийн хоёр хувилбарын зөвхөн нэгэнд нь байна; суурь үеийг энэ хилээр тоолсон бол --baseline-boundaries {digest} гэж үнэлнэ үү"),
                    ),
                );
            }
        }
        Ok(())
    }

    /// Seasons of soums and years that only tables of months tell; a season lacks when one of its months does.
    fn add_seasons_of_months(&mut self) {
        let told: BTreeSet<(SoumCode, i32)> = self.weather.iter().map(|w| (w.au2, w.year)).collect();
        let mut seasons: BTreeMap<(SoumCode, i32), Vec<&MonthWeather>> = BTreeMap::new();
        for month in self.months.iter().filter(|w| SUMMER_MONTHS.contains(&w.month)) {
            seasons.entry((month.au2, month.year)).or_default().push(month);
        }
        let whole =
            seasons.into_iter().filter(|(key, months)| months.len() == SUMMER_MONTHS.len() && !told.contains(key));
        let seasons: Vec<SeasonWeather> = whole
            .map(|((au2, year), months)| SeasonWeather {
                au2,
                year,
                precipitation_mm: months.iter().map(|w| w.precipitation_mm).sum(),
                temperature_c: months
                    .iter()
                    .map(|w| w.temperature_c)
                    .sum::<Option<f64>>()
                    .map(|sum| sum / months.len() as f64),
            })
            .collect();
        self.weather.extend(seasons);
    }

    /// Losses against the December count of the year before; a soum without one has no share, and a finding says so.
    fn losses_in_percent(&mut self, losses: &[LivestockLoss]) -> BTreeMap<(SoumCode, i32), f64> {
        let [mut total, mut by_species]: [BTreeMap<(SoumCode, i32), f64>; 2] = Default::default();
        for count in self.livestock.iter().filter(|c| c.instrument == Instrument::DecemberCensus) {
            let held = if count.species.is_none() { &mut total } else { &mut by_species };
            *held.entry((count.au2, count.year)).or_default() += count.head;
        }
        let percent = |loss: &LivestockLoss| {
            let before = (loss.au2, loss.year - 1);
            let before = total.get(&before).or(by_species.get(&before)).filter(|head| **head > 0.0)?;
            Some(((loss.au2, loss.year), 100.0 * loss.head / before))
        };
        let found: BTreeMap<_, _> = losses.iter().filter_map(percent).collect();
        let unknown = losses.len() - found.len();
        if unknown > 0 {
            self.findings.push(
                Finding::new("losses_without_census", Severity::Warning, "losses").count(unknown as u64).text(
                    "losses of livestock are not compared: no census of the December before is held",
                    "малын хорогдлыг харьцуулаагүй: өмнөх 12-р сарын тооллого алга",
                ),
            );
        }
        found
    }

    /// Counts by species where there are any; totals of other soums and years raked with their aimag's shares.
    fn with_raked_species(
        &mut self,
        counted: Vec<LivestockCount>,
        shares: &[AimagSpeciesCount],
    ) -> Vec<LivestockCount> {
        let by_species: BTreeSet<(SoumCode, i32)> =
            counted.iter().filter(|c| c.species.is_some()).map(|c| (c.au2, c.year)).collect();
        let (to_rake, mut livestock): (Vec<_>, Vec<_>) =
            counted.into_iter().partition(|c| c.species.is_none() && !by_species.contains(&(c.au2, c.year)));
        let (raked, findings) = belcheer_vector_ingest::rake(&to_rake, shares, "livestock");
        self.findings.extend(findings);
        if !raked.is_empty() {
            let soums = raked.iter().map(|c| (c.au2, c.year)).collect::<BTreeSet<_>>().len();
            self.findings.push(Finding::new("livestock_species_estimated", Severity::Warning, "livestock").count(soums as u64).text(
                "species of a soum are its total times the shares of its aimag, an estimate and not a count; ingest counts by species",
                "сумын төрлийн тоог нийт тоо ба аймгийн бүтцээр тооцсон (тооллого биш, тооцоо); төрлөөр тоолсон дүнг оруулна уу",
            ));
        }
        livestock.extend(to_rake);
        livestock.extend(raked);
        livestock
    }

    pub(crate) fn used(&mut self, record: &DatasetRecord) {
        self.refs.push(InputRef {
            kind: record.kind.as_str().to_owned(),
            name: record.source_name.clone(),
            digest: record.digest,
        });
        self.findings.extend(record.findings.iter().cloned());
    }

    /// All records of one kind; where two datasets hold the same key, the later one counts and a finding says so.
    async fn table<T: DeserializeOwned + Send + 'static>(
        &mut self,
        catalog: &Catalog,
        kind: DatasetKind,
        key: impl Fn(&T) -> (String, String),
    ) -> Result<Vec<T>, AssessmentError> {
        let filter = Filter { kind: Some(kind), state: Some(DatasetState::Ready), ..Filter::default() };
        let mut datasets = catalog.datasets(&filter).await?;
        datasets.sort_by_key(|d| d.sequence);
        let mut held: BTreeMap<(String, String), T> = BTreeMap::new();
        for dataset in &datasets {
            let records: Vec<T> = catalog.get_json(dataset.blob).await?;
            let before = held.len();
            let added = records.len();
            held.extend(records.into_iter().map(|r| (key(&r), r)));
            let replaced = before + added - held.len();
            if replaced > 0 && before > 0 {
                self.findings.push(
                    Finding::new("records_replaced", Severity::Warning, &dataset.source_name)
                        .count(replaced as u64)
                        .text(
                            format!("{replaced} records stand in an earlier file too; those of this file are used"),
                            format!("{replaced} бичлэг өмнөх файлд мөн байна; энэ файлынхыг ашиглав"),
                        ),
                );
            }
            self.used(dataset);
        }
        Ok(held.into_values().collect())
    }

    async fn rasters(&mut self, catalog: &Catalog) -> Result<(), AssessmentError> {
        let filter = Filter { kind: Some(DatasetKind::Raster), ..Filter::default() };
        let mut datasets = catalog.datasets(&filter).await?;
        datasets.sort_by_key(|d| d.sequence);
        for record in datasets.iter().filter(|d| d.state == DatasetState::NeedsMetadata) {
            self.findings
                .push(Finding::new("raster_not_used", Severity::Warning, &record.source_name).at("needs_metadata").text(
                "held without date, product or scale, so no assessment uses it; ingest it again with the missing flags",
                "огноо, бүтээгдэхүүн эсвэл масштабгүй тул үнэлгээнд ашиглаагүй; дутуу мэдээллийг зааж дахин оруулна уу",
            ));
        }
        let vegetation = VEGETATION_PRODUCTS.iter().map(|p| (*p, *p));
        self.vegetation = self.series(catalog, &datasets, vegetation)?;
        self.land_cover = self.series(catalog, &datasets, LAND_COVER_PRODUCTS.iter().copied())?;
        Ok(())
    }

    /// Seasons of soums and years that no table tells, as area means of weather grids.
    async fn add_weather_of_grids(&mut self, catalog: &Catalog) -> Result<(), AssessmentError> {
        let filter = Filter { kind: Some(DatasetKind::Raster), ..Filter::default() };
        let mut datasets = catalog.datasets(&filter).await?;
        datasets.sort_by_key(|d| d.sequence);
        let [rain, warmth] =
            [SeasonWeatherKind::Precipitation, SeasonWeatherKind::Temperature].map(SeasonWeatherKind::product);
        let Some((_, rain)) = self.series(catalog, &datasets, std::iter::once((rain, rain)))? else { return Ok(()) };
        let warmth =
            self.series(catalog, &datasets, std::iter::once((warmth, warmth)))?.map(|(_, of)| of).unwrap_or_default();
        let shapes = self.shapes();
        let told: BTreeSet<(SoumCode, i32)> = self.weather.iter().map(|w| (w.au2, w.year)).collect();
        for (year, grid) in &rain {
            let temperature = warmth.get(year).map(|grid| area_means(grid, &shapes)).transpose()?.unwrap_or_default();
            for (au2, precipitation_mm) in area_means(grid, &shapes)? {
                if !told.contains(&(au2, *year)) {
                    let temperature_c = temperature.get(&au2).copied();
                    self.weather.push(SeasonWeather { au2, year: *year, precipitation_mm, temperature_c });
                }
            }
        }
        Ok(())
    }

    /// The first product that is held, by year; the second word of each pair names it in results.
    fn series(
        &mut self,
        catalog: &Catalog,
        datasets: &[DatasetRecord],
        products: impl Iterator<Item = (&'static str, &'static str)>,
    ) -> Result<Option<YearlyRasters>, AssessmentError> {
        for (product, name) in products {
            let mut by_year: BTreeMap<i32, &DatasetRecord> = BTreeMap::new();
            let ready = |d: &&DatasetRecord| d.state == DatasetState::Ready && d.product.as_deref() == Some(product);
            for record in datasets.iter().filter(ready) {
                let year = record.date.as_deref().and_then(|d| d.get(..4)).and_then(|y| y.parse().ok());
                let Some(year) = year else { continue };
                if let Some(earlier) = by_year.insert(year, record) {
                    self.findings.push(
                        Finding::new("raster_replaced", Severity::Warning, &earlier.source_name)
                            .at(year.to_string())
                            .text(
                                format!("a later {product} raster of {year} is used instead"),
                                format!("{year} оны {product} растрын сүүлд оруулсныг ашиглав"),
                            ),
                    );
                }
            }
            if by_year.is_empty() {
                continue;
            }
            let mut rasters = BTreeMap::new();
            for (year, record) in by_year {
                rasters.insert(year, open(catalog, record)?);
                self.used(record);
            }
            return Ok(Some((name.to_owned(), rasters)));
        }
        Ok(None)
    }
}

fn open(catalog: &Catalog, record: &DatasetRecord) -> Result<StoredRaster, AssessmentError> {
    let meta: RasterMeta = serde_json::from_value(record.meta.clone())?;
    StoredRaster::open(catalog.store(), catalog.blob_location(record.blob), &record.source_name, record.digest, meta)
}
