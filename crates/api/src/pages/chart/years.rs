//! The years of one indicator: how far each lies from the baseline's mean, what a single year may differ without any
//! change, the change of the reporting period with its interval, and the years of drought and dzud.

use maud::{Markup, html};

use super::{BAND, GREY, OWN, WIDTH, side, tenth, ticks, whole};
use crate::lang::Lang;
use crate::pages::number::signed;
use crate::soums::{ConditionsBody, IndicatorSeries, SeriesBody, YearBody};
use crate::words;

const HEIGHT: f64 = 228.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 48.0;

/// Where years and changes lie on the drawing.
struct Scale {
    first: i32,
    last: i32,
    low: f64,
    high: f64,
}

impl Scale {
    /// Wide enough for every year, band and interval; `None` for a single year.
    fn of(series: &SeriesBody, one: &IndicatorSeries) -> Option<Self> {
        let years = one.years.iter().filter(|y| y.change.is_some()).map(|y| y.year);
        let first = years.clone().min()?.min(series.baseline.first);
        let last = years.max()?.max(series.reporting.last);
        let ends = [one.year_band90_low, one.year_band90_high, one.ci90_low, one.ci90_high, Some(0.0)];
        let all = one.years.iter().map(|y| y.change).chain(ends).flatten();
        let (low, high) = all.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        let room = 0.06 * (high - low);
        (last > first && room > 0.0).then_some(Self { first, last, low: low - room, high: high + room })
    }

    fn x(&self, year: f64) -> f64 {
        let share = (year - f64::from(self.first) + 0.5) / f64::from(self.last - self.first + 1);
        LEFT + share * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, change: f64) -> f64 {
        TOP + (self.high - change) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)
    }

    /// The room of whole years, from the left edge of the first to the right edge of the last.
    fn span(&self, first: i32, last: i32) -> (f64, f64) {
        (self.x(f64::from(first) - 0.5), self.x(f64::from(last) + 0.5))
    }
}

/// The drawing of one indicator; nothing for a single year.
pub(in crate::pages) fn years(series: &SeriesBody, one: &IndicatorSeries, lang: Lang) -> Markup {
    let Some(scale) = Scale::of(series, one) else { return html! {} };
    let unit = words::unit(&one.unit);
    let label = format!(
        "{} {}, {}: {}",
        one.indicator,
        one.indicator_text.get(lang),
        lang.pick("жилээр", "by year"),
        lang.pick("тоо нь доорх хүснэгтэд бий", "the table below has the numbers")
    );
    html! {
        figure class="chart" {
            figcaption { (one.indicator) " " (one.indicator_text.get(lang)) ", " (unit.get(lang)) }
            svg role="img" aria-label=(label) viewBox={ "0 0 " (whole(WIDTH)) " " (whole(HEIGHT)) } {
                (ground(series, one, &scale, lang))
                (period(series, one, &scale))
                path d=(line(&one.years, &scale)) fill="none" stroke=(GREY) stroke-width="1.5" {}
                @for year in &one.years { (point(year, &scale, unit.get(lang))) }
                @for year in &series.conditions { (mark(year, &scale, lang)) }
            }
        }
    }
}

/// Axes, the band of single years and the baseline's extent.
fn ground(series: &SeriesBody, one: &IndicatorSeries, scale: &Scale, lang: Lang) -> Markup {
    let floor = HEIGHT - BOTTOM;
    let (left, right) = scale.span(scale.first, scale.last);
    let baseline = scale.span(series.baseline.first, series.baseline.last);
    let reporting = scale.span(series.reporting.first, series.reporting.last);
    let every = if scale.last - scale.first > 12 { 5 } else { 2 };
    html! {
        @if let (Some(low), Some(high)) = (one.year_band90_low, one.year_band90_high) {
            rect x=(tenth(left)) y=(tenth(scale.y(high))) width=(tenth(right - left)) height=(tenth(scale.y(low) - scale.y(high))) class="band" fill=(BAND) fill-opacity="0.7" {}
        }
        line x1=(tenth(left)) y1=(tenth(scale.y(0.0))) x2=(tenth(right)) y2=(tenth(scale.y(0.0))) stroke=(GREY) stroke-width="1" {}
        @for at in ticks(scale.low, scale.high) {
            text x=(tenth(LEFT - 6.0)) y=(tenth(scale.y(at) + 4.0)) class="axis" text-anchor="end" { (signed(at, digits(scale))) }
        }
        @for (edges, name) in [(baseline, lang.pick("суурь", "baseline")), (reporting, lang.pick("тайлан", "reporting"))] {
            line x1=(tenth(edges.0 + 1.0)) y1=(tenth(floor + 4.0)) x2=(tenth(edges.1 - 1.0)) y2=(tenth(floor + 4.0)) stroke=(GREY) stroke-width="3" {}
            text x=(tenth((edges.0 + edges.1) / 2.0)) y=(tenth(floor + 40.0)) class="axis" text-anchor="middle" { (name) }
        }
        @for year in (scale.first..=scale.last).filter(|year| year % every == 0) {
            text x=(tenth(scale.x(f64::from(year)))) y=(tenth(floor + 18.0)) class="axis" text-anchor="middle" { (year) }
        }
    }
}

/// The change of the reporting period and its interval.
fn period(series: &SeriesBody, one: &IndicatorSeries, scale: &Scale) -> Markup {
    let (left, right) = scale.span(series.reporting.first, series.reporting.last);
    let Some(effect) = one.effect else { return html! {} };
    html! { g class=(side(effect)) {
        @if let (Some(low), Some(high)) = (one.ci90_low, one.ci90_high) {
            rect x=(tenth(left)) y=(tenth(scale.y(high))) width=(tenth(right - left)) height=(tenth(scale.y(low) - scale.y(high))) fill=(OWN) fill-opacity="0.3" {}
        }
        line x1=(tenth(left)) y1=(tenth(scale.y(effect))) x2=(tenth(right)) y2=(tenth(scale.y(effect))) stroke=(OWN) stroke-width="3" {}
    } }
}

fn point(year: &YearBody, scale: &Scale, unit: &str) -> Markup {
    html! {
        @if let Some(change) = year.change {
            circle cx=(tenth(scale.x(f64::from(year.year)))) cy=(tenth(scale.y(change))) r="3.5" class=(side(change)) fill=(OWN) {
                title { (year.year) ": " (signed(change, digits(scale))) " " (unit) }
            }
        }
    }
}

/// Drought as a triangle that points down, dzud as a square: shapes, for those who see no colours.
fn mark(year: &ConditionsBody, scale: &Scale, lang: Lang) -> Markup {
    let x = scale.x(f64::from(year.year));
    if year.year < scale.first || year.year > scale.last {
        return html! {};
    }
    html! {
        @if let Some(text) = drought(year, lang) {
            path d={ "M" (tenth(x - 5.0)) " 3h10l-5 8z" } class="mark drought" { title { (year.year) ": " (text) } }
        }
        @if let Some(text) = dzud(year, lang) {
            rect x=(tenth(x - 4.0)) y="13" width="8" height="8" class="mark dzud" { title { (year.year) ": " (text) } }
        }
    }
}

/// The drought of a year in words, where it was moderate or worse.
pub(in crate::pages) fn drought(year: &ConditionsBody, lang: Lang) -> Option<String> {
    let marked = matches!(year.drought, Some("moderate" | "severe" | "extreme"));
    let text = year.drought_text.as_ref().filter(|_| marked)?;
    let (name, index) = year.pedj.map(|v| ("Pedj", v)).or_else(|| year.spi.map(|v| ("SPI", v)))?;
    Some(format!("{} ({name} {})", text.get(lang), signed(index, 1)))
}

/// The dzud of a year in words: the losses of a disaster.
pub(in crate::pages) fn dzud(year: &ConditionsBody, lang: Lang) -> Option<String> {
    let loss = year.loss_percent.filter(|_| year.mortality_disaster == Some(true))?;
    Some(format!("{} {loss:.0} %", lang.pick("зуд, том малын хорогдол", "dzud, grown livestock lost")))
}

/// A line through the years, interrupted where one is missing.
fn line(years: &[YearBody], scale: &Scale) -> String {
    let mut path = String::new();
    let mut before = None;
    for year in years {
        let Some(change) = year.change else { continue };
        let letter = if before == Some(year.year - 1) { 'L' } else { 'M' };
        path += &format!("{letter}{} {}", tenth(scale.x(f64::from(year.year))), tenth(scale.y(change)));
        before = Some(year.year);
    }
    path
}

/// Digits that tell the ticks apart.
fn digits(scale: &Scale) -> usize {
    match scale.high - scale.low {
        wide if wide >= 10.0 => 0,
        wide if wide >= 1.0 => 1,
        _ => 2,
    }
}
