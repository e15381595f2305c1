//! Drought and dzud of one soum, year by year.

use std::collections::BTreeMap;

use belcheer_domain::{SoumCode, Years};
use belcheer_rangeland::climate::ClimateAdjustment;
use belcheer_rangeland::drought::{
    Drought, DroughtClasses, LogLogistic, MonthAnomaly, PrecipitationGamma, SUMMER_MONTHS, anomaly,
    biomass_anomaly_percent, dzud, pedj, season_index, temperature_condition, vegetation_condition, vegetation_health,
};

use super::Series;

/// Months of winter, with the years that lie between them and the year in which it ends.
const WINTER: [(i32, u8); 5] = [(-1, 11), (-1, 12), (0, 1), (0, 2), (0, 3)];

/// Drought and dzud of one soum in one year; `None` where an input is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct DroughtYear {
    /// The soum.
    pub au2: SoumCode,
    /// Calendar year.
    pub year: i32,
    /// Mean vegetation index on rangeland.
    pub index: Option<f64>,
    /// Its difference from the baseline mean, percent of it.
    pub anomaly_percent: Option<f64>,
    /// The same in standard deviations.
    pub anomaly_z: Option<f64>,
    /// Vegetation condition index, 0 to 100 of the range over all years.
    pub vci: Option<f64>,
    /// Temperature condition index, likewise.
    pub tci: Option<f64>,
    /// Vegetation health index with its class.
    pub vhi: Option<(f64, Drought)>,
    /// Biomass by vegetation health, percent of its mean (one steppe station).
    pub biomass_percent: Option<f64>,
    /// Precipitation from May to August, mm.
    pub precipitation_mm: Option<f64>,
    /// Mean temperature from May to August, degrees Celsius.
    pub temperature_c: Option<f64>,
    /// Rain-use efficiency, index per metre of rain.
    pub rue: Option<f64>,
    /// Standardised precipitation index of the growing season with its class.
    pub spi: Option<(f64, Drought)>,
    /// The same of precipitation less potential evapotranspiration.
    pub spei: Option<(f64, Drought)>,
    /// Pedj's index of the growing season with its class.
    pub pedj: Option<(f64, Drought)>,
    /// Dzud index of the winter that ends in this year, with the summer before it.
    pub dzud: Option<f64>,
    /// Grown livestock lost from January to May, percent of those counted in December before.
    pub loss_percent: Option<f64>,
    /// Whether that is a disaster, after which destocking is not by choice.
    pub involuntary_destocking: Option<bool>,
}

/// Least and largest of all years, where there are enough of them.
fn range(values: &BTreeMap<i32, f64>, years_min: usize) -> Option<(f64, f64)> {
    let held = values.values().copied();
    (values.len() >= years_min).then(|| held.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v))))
}

/// Mean and standard deviation (divisor n - 1).
type Normal = (f64, f64);

/// `None` of fewer than two values.
fn normal(values: &[f64]) -> Option<Normal> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (values.len() > 1).then(|| (mean, (squares / (n - 1.0)).sqrt()))
}

/// What the years of one soum are compared with.
struct Reference {
    index: Vec<f64>,
    index_range: Option<(f64, f64)>,
    temperature_range: Option<(f64, f64)>,
    spi: Option<PrecipitationGamma>,
    spei: Option<LogLogistic>,
    temperature: Option<Normal>,
    rain: Option<Normal>,
    /// Of temperature and of precipitation, by month.
    months: BTreeMap<u8, (Normal, Normal)>,
}

impl Reference {
    fn of(series: &Series, baseline: Years, years_min: usize) -> Self {
        let within = |values: &BTreeMap<i32, f64>| -> Vec<f64> {
            values.range(baseline.first..=baseline.last).map(|(_, value)| *value).collect()
        };
        let enough = |values: Vec<f64>| Some(values).filter(|values| values.len() >= years_min);
        let month = |month: u8| {
            let of_month = series.months.iter().filter(|((year, m), _)| *m == month && baseline.contains(*year));
            let (warm, wet): (Vec<f64>, Vec<f64>) = of_month.map(|(_, values)| *values).unzip();
            Some((month, (normal(&enough(warm)?)?, normal(&enough(wet)?)?)))
        };
        Self {
            index: within(&series.index),
            index_range: range(&series.index, years_min),
            temperature_range: range(&series.temperature_c, years_min),
            // a distribution that the years cannot carry gives no index: too few of them, or all alike
            spi: PrecipitationGamma::fit(&within(&series.rain_mm), years_min).ok(),
            spei: LogLogistic::fit(&within(&series.balance_mm), years_min).ok(),
            temperature: enough(within(&series.temperature_c)).and_then(|values| normal(&values)),
            rain: enough(within(&series.rain_mm)).and_then(|values| normal(&values)),
            months: (1..=12).filter_map(month).collect(),
        }
    }

    /// Anomaly of one month against its normals.
    fn month(&self, series: &Series, year: i32, month: u8) -> Option<MonthAnomaly> {
        let (temperature, precipitation_mm) = *series.months.get(&(year, month))?;
        let (temperature_normal, precipitation_normal_mm) = *self.months.get(&month)?;
        Some(MonthAnomaly { temperature, temperature_normal, precipitation_mm, precipitation_normal_mm })
    }

    /// Natsagdorj's index of the winter that ends in a year.
    fn dzud(&self, series: &Series, year: i32) -> Option<f64> {
        let summer: Option<Vec<_>> = SUMMER_MONTHS.iter().map(|month| self.month(series, year - 1, *month)).collect();
        let winter: Option<Vec<_>> = WINTER.iter().map(|(of, month)| self.month(series, year + of, *month)).collect();
        Some(dzud(season_index(&summer?)?, season_index(&winter?)?))
    }
}

/// Every year of one soum that has vegetation or precipitation.
pub(super) fn years(
    soum: SoumCode,
    series: &Series,
    baseline: Years,
    losses: impl Fn(i32) -> Option<f64>,
    (classes, adjustment): (&DroughtClasses, &ClimateAdjustment),
) -> Vec<DroughtYear> {
    let reference = Reference::of(series, baseline, classes.years_min);
    let one = |year: i32| {
        let index = series.index.get(&year).copied();
        let rain = series.rain_mm.get(&year).copied();
        let warmth = series.temperature_c.get(&year).copied();
        let change =
            index.filter(|_| reference.index.len() >= classes.years_min).and_then(|v| anomaly(v, &reference.index));
        let within = |value: Option<f64>, range: Option<(f64, f64)>, of: fn(f64, f64, f64) -> Option<f64>| {
            let (low, high) = range?;
            of(value?, low, high)
        };
        let vci = within(index, reference.index_range, vegetation_condition);
        let tci = within(warmth, reference.temperature_range, temperature_condition);
        let vhi = vci.zip(tci).map(|(vci, tci)| vegetation_health(vci, tci, classes.vhi_share));
        let standardised = |index: Option<f64>| Some((index?, classes.of_standardised(index?)?));
        let season = || {
            Some(MonthAnomaly {
                temperature: warmth?,
                temperature_normal: reference.temperature?,
                precipitation_mm: rain?,
                precipitation_normal_mm: reference.rain?,
            })
        };
        let loss = losses(year);
        DroughtYear {
            au2: soum,
            year,
            index,
            anomaly_percent: change.map(|change| change.percent),
            anomaly_z: change.map(|change| change.z),
            vci,
            tci,
            vhi: vhi.and_then(|vhi| Some((vhi, classes.of_condition(vhi)?))),
            biomass_percent: vhi.map(|vhi| biomass_anomaly_percent(vhi, classes)),
            precipitation_mm: rain,
            temperature_c: warmth,
            rue: index.zip(rain).and_then(|(index, rain)| adjustment.rain_use_efficiency(index, rain)),
            spi: standardised(reference.spi.as_ref().and_then(|gamma| gamma.index(rain?))),
            spei: standardised(reference.spei.as_ref().and_then(|fit| fit.index(*series.balance_mm.get(&year)?))),
            pedj: season().as_ref().and_then(pedj).and_then(|index| Some((index, classes.of_pedj(index)?))),
            dzud: reference.dzud(series, year),
            loss_percent: loss,
            involuntary_destocking: loss.and_then(|percent| classes.is_mortality_disaster(percent)),
        }
    };
    series.years().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use belcheer_rangeland::ParameterSet;

    fn sets() -> (DroughtClasses, ClimateAdjustment) {
        (DroughtClasses::by_name("drought_1").unwrap(), ClimateAdjustment::by_name("climate_adjustment_1").unwrap())
    }

    /// Twelve ordinary years, then a dry summer and the winter after it.
    fn soum() -> Series {
        let mut series = Series::default();
        for year in 2001..=2013 {
            let wave = f64::from((year * 7) % 5) - 2.0;
            let dry = if year == 2013 { 0.3 } else { 1.0 };
            series.index.insert(year, (0.30 + 0.01 * wave) * if year == 2013 { 0.6 } else { 1.0 });
            series.rain_mm.insert(year, (200.0 + 10.0 * wave) * dry);
            series.temperature_c.insert(year, 15.0 - 0.3 * wave + if year == 2013 { 3.0 } else { 0.0 });
            for month in 1..=12 {
                let cold = if (5..=8).contains(&month) { 15.0 } else { -18.0 };
                let shift = f64::from((year * 3 + i32::from(month)) % 4) - 1.5;
                series.months.insert((year, month), (cold + shift, 20.0 + shift));
            }
        }
        for month in 1..=3 {
            series.months.insert((2014, month), (-27.0, 30.0));
        }
        series.months.insert((2013, 11), (-27.0, 30.0));
        series.months.insert((2013, 12), (-27.0, 30.0));
        for month in SUMMER_MONTHS {
            series.months.insert((2013, month), (18.0, 5.0));
        }
        series.index.insert(2014, 0.29);
        series
    }

    #[test]
    fn a_dry_summer_and_a_hard_winter_are_told() {
        let (classes, adjustment) = sets();
        let series = soum();
        let losses = |year| (year == 2014).then_some(18.0);
        let code = "06404".parse().unwrap();
        let found = years(code, &series, Years { first: 2001, last: 2012 }, losses, (&classes, &adjustment));
        let of = |year: i32| found.iter().find(|row| row.year == year).unwrap();
        let dry = of(2013);
        assert_eq!(dry.vci, Some(0.0), "the poorest year of all");
        assert_eq!(dry.tci, Some(0.0), "the hottest year of all");
        assert_eq!(dry.vhi, Some((0.0, Drought::Extreme)));
        assert!(dry.spi.is_some_and(|(spi, class)| spi < -2.0 && class == Drought::Extreme), "{:?}", dry.spi);
        assert!(dry.pedj.is_some_and(|(_, class)| class == Drought::Severe), "{:?}", dry.pedj);
        assert!(dry.anomaly_percent.is_some_and(|percent| percent < -30.0));
        assert_eq!(dry.involuntary_destocking, None, "no losses are known of that year");
        let winter = of(2014);
        assert!(winter.dzud.is_some_and(|index| index > 8.0), "{:?}", winter.dzud);
        assert_eq!((winter.loss_percent, winter.involuntary_destocking), (Some(18.0), Some(true)));
        assert_eq!((winter.spi, winter.precipitation_mm), (None, None));
        assert_eq!(winter.spei, None, "potential evapotranspiration is not known");
    }

    #[test]
    fn few_years_have_no_index_and_no_anomaly() {
        let (classes, adjustment) = sets();
        let mut series = soum();
        series.index.retain(|year, _| *year > 2010);
        series.rain_mm.retain(|year, _| *year > 2010);
        let code = "06404".parse().unwrap();
        let all = Years { first: 2001, last: 2014 };
        let found = years(code, &series, all, |_| None, (&classes, &adjustment));
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|row| (row.vci, row.spi, row.anomaly_z) == (None, None, None)));
        assert!(found[0].rue.is_some());
    }
}
