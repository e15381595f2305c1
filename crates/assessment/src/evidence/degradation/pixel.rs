//! One cell of the vegetation grid: its trend, state and mean in two periods.

use belcheer_domain::{NaturalZone, SoumCode, Years};
use belcheer_rangeland::DegradationClass;
use belcheer_rangeland::degradation::{LandCover, ProductivityTable, StateScore, one_out_all_out};
use belcheer_rangeland::trend::{TrendLevel, mann_kendall_in};
use belcheer_verification::Reason;

use super::Degradation;

/// Smallest share of the years of a period that a trend stands on.
const VALID_YEARS_MIN: f64 = 0.8;
/// Years that state compares with those before.
const RECENT_YEARS: usize = 3;

/// A cell judged but for performance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pixel {
    /// Statistical cell.
    pub cell: (i32, i32),
    /// Area in the soum, ha.
    pub weight_ha: f32,
    /// Zone of its soum.
    pub zone: NaturalZone,
    /// Baseline and reporting period.
    pub periods: [PeriodOfPixel; 2],
}

/// What a period says of a cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct PeriodOfPixel {
    /// Mean of the adjusted metric.
    pub mean: Option<f32>,
    trend: Option<DegradationClass>,
    state: Option<DegradationClass>,
    /// Land cover at its end, where a series is held.
    pub cover: Option<LandCover>,
    /// Land-cover sub-indicator; `None` where no series is held or a class is not known.
    transition: Option<DegradationClass>,
}

/// What weather and zone-wide years did to a soum: a factor for each year of the judge's span, to divide cells by.
pub(super) struct Adjustment {
    zone: NaturalZone,
    factors: Vec<Option<f64>>,
}

/// Buffers that are used again for every cell.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// One value a year of the span.
    pub series: Vec<Option<f64>>,
    values: Vec<f64>,
    room: Vec<f64>,
}

/// The rules by which cells are judged.
pub(super) struct Judge<'a> {
    from: &'a Degradation<'a>,
    periods: [Years; 2],
}

impl<'a> Judge<'a> {
    pub(super) fn new(from: &'a Degradation<'a>, baseline: Years, reporting: Years) -> Self {
        Self { from, periods: [baseline, reporting] }
    }

    /// Why no cell can be judged: years that the series does not hold.
    pub(super) fn shortage(&self) -> Option<Reason> {
        let held = |period: Years| self.from.series.keys().filter(|y| period.contains(**y)).count() as f64;
        let enough = |period: Years| held(period) >= VALID_YEARS_MIN * period.len() as f64;
        match (enough(self.periods[0]), enough(self.periods[1])) {
            (false, _) => Some(Reason::TooFewBaselineYears),
            (_, false) => Some(Reason::TooFewReportingYears),
            _ => None,
        }
    }

    /// Whether land cover is one of the sub-indicators.
    pub(super) fn has_cover(&self) -> bool {
        self.from.cover.is_some()
    }

    /// Every year from the beginning of the first period to the end of the last.
    pub(super) fn span(&self) -> Years {
        Years { first: self.periods[0].first, last: self.periods[1].last }
    }

    /// What weather and zone-wide years did to a soum; `None` when the panel does not hold it.
    pub(super) fn adjustment(&self, soum: SoumCode) -> Option<Adjustment> {
        let series = self.from.panel.soums.get(&soum)?;
        let mean = series.raw.values().sum::<f64>() / series.raw.len().max(1) as f64;
        let factor = |year: i32| Some((series.raw.get(&year)? - mean - series.adjusted.get(&year)?).exp());
        Some(Adjustment { zone: series.zone, factors: self.span().iter().map(factor).collect() })
    }

    /// Judges one cell of a soum, `place` in the grid, from `scratch.series`, which the caller has filled.
    pub(super) fn pixel(
        &self,
        adjustment: &Adjustment,
        place: usize,
        cell: (i32, i32),
        weight_ha: f64,
        scratch: &mut Scratch,
    ) -> Pixel {
        for (value, factor) in scratch.series.iter_mut().zip(&adjustment.factors) {
            *value = value.zip(*factor).map(|(v, f)| v / f);
        }
        let covers = self.from.cover.as_ref().map(|grids| grids.each_ref().map(|g| g.class_of(place)));
        let matrix = &self.from.sets.transitions;
        let periods = [0, 1].map(|k| {
            let (from, to) = covers.map_or((None, None), |c| (c[k], c[k + 1]));
            let judged = self.productivity(self.periods[k], scratch);
            PeriodOfPixel { cover: to, transition: matrix.transition(from, to), ..judged }
        });
        Pixel { cell, weight_ha: weight_ha as f32, zone: adjustment.zone, periods }
    }

    fn productivity(&self, period: Years, scratch: &mut Scratch) -> PeriodOfPixel {
        let mut judged = PeriodOfPixel { mean: None, trend: None, state: None, cover: None, transition: None };
        let start = (period.first - self.span().first) as usize;
        let Some(series) = scratch.series.get(start..start + period.len()) else { return judged };
        scratch.values.clear();
        scratch.values.extend(series.iter().flatten());
        if (scratch.values.len() as f64) < VALID_YEARS_MIN * period.len() as f64 {
            return judged;
        }
        let rules = &self.from.sets.gpg;
        judged.mean = Some((scratch.values.iter().sum::<f64>() / scratch.values.len() as f64) as f32);
        let kendall = mann_kendall_in(&scratch.values, &mut scratch.room).ok();
        judged.trend = kendall.and_then(|k| TrendLevel::of(k.z, rules)).map(TrendLevel::class);
        let (before, recent) = series.split_at(series.len() - RECENT_YEARS);
        judged.state = StateScore::of(before, recent, rules).map(|s| s.class());
        judged
    }

    /// Whether a cell is degraded in a period by a table; `None` when a sub-indicator in use is missing.
    pub(super) fn degraded(
        &self,
        table: &ProductivityTable,
        period: &PeriodOfPixel,
        reference: Option<f64>,
    ) -> Option<bool> {
        let threshold = self.from.sets.gpg.performance_ratio;
        let performance =
            belcheer_rangeland::degradation::Performance::of(f64::from(period.mean?), reference?, threshold)?;
        let productivity = table.look_up(period.trend, period.state, Some(performance.degraded)).map(|p| p.class);
        let class = if self.has_cover() {
            one_out_all_out(&[productivity, period.transition])
        } else {
            one_out_all_out(&[productivity])
        };
        class.map(|c| c == DegradationClass::Degraded)
    }
}
