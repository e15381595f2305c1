//! Charts as drawings: the same for pages, print and reports. Whatever they show stands in a table beside them, too.

mod years;

use maud::{Markup, html};

use crate::lang::Lang;
use crate::pages::number::{fixed, signed};
use crate::verification::{IndicatorBody, StockingBody};
use crate::words;

pub(super) use years::{drought, dzud, years};

/// Colour of the element, which its class says: `better` or `worse`.
const OWN: &str = "currentColor";
const GREY: &str = "#6b7370";
const BAND: &str = "#d5e0dd";
/// Sizes of drawings, units.
const WIDTH: f64 = 640.0;
const ROW: f64 = 34.0;
const LABEL: f64 = 46.0;

/// The changes of all indicators, each measured in its own margin: the band is what counts as no change, the bar the
/// 90 % interval, the ticks the minimum detectable change.
pub(super) fn changes(indicators: &[IndicatorBody], lang: Lang) -> Markup {
    let measured: Vec<&IndicatorBody> = indicators.iter().filter(|i| i.effect.is_some() && i.epsilon > 0.0).collect();
    if measured.is_empty() {
        return html! {};
    }
    let ends =
        measured.iter().flat_map(|i| [i.ci90_low, i.ci90_high, i.effect].map(|v| v.map(|v| (v / i.epsilon).abs())));
    // what lies beyond six margins is drawn at the edge
    let reach = ends.flatten().fold(2.0, f64::max).min(6.0);
    let middle = LABEL + (WIDTH - LABEL) / 2.0;
    let x = |margins: f64| middle + margins.clamp(-reach, reach) / reach * (WIDTH - LABEL) / 2.0 * 0.96;
    let height = ROW * measured.len() as f64 + 22.0;
    html! {
        figure class="chart" {
            figcaption { (lang.pick(
                "Үзүүлэлт бүр өөрийн хязгаараар: саарал зурвас нь өөрчлөлтгүйд тооцох хязгаар, цэг нь өөрчлөлт, бүдүүн зураас нь 90 % завсар, тасархай зураас нь илрүүлж болох хамгийн бага өөрчлөлт",
                "Each indicator in its own margin: the grey band counts as no change, the point is the change, the thick bar its 90 % interval, the dashed ticks the minimum detectable change"
            )) }
            svg role="img" aria-label=(lang.pick("Үзүүлэлтүүдийн өөрчлөлт; тоо нь доорх хүснэгтэд бий", "Change of the indicators; the table below has the numbers"))
                viewBox={ "0 0 " (whole(WIDTH)) " " (whole(height)) } {
                rect x=(tenth(x(-1.0))) y="0" width=(tenth(x(1.0) - x(-1.0))) height=(tenth(height - 22.0)) class="band" fill=(BAND) {}
                line x1=(tenth(middle)) y1="0" x2=(tenth(middle)) y2=(tenth(height - 22.0)) stroke=(GREY) stroke-width="1" {}
                @for (place, row) in measured.iter().enumerate() { (change(row, ROW * (place as f64 + 0.5), &x, lang)) }
                text x=(tenth(x(-reach) + 4.0)) y=(tenth(height - 6.0)) class="axis" { "← " (lang.pick("муудсан", "worse")) }
                text x=(tenth(middle)) y=(tenth(height - 6.0)) class="axis" text-anchor="middle" { (lang.pick("тэнцүүгийн хязгаар ±1", "margin of no change ±1")) }
                text x=(tenth(x(reach) - 4.0)) y=(tenth(height - 6.0)) class="axis" text-anchor="end" { (lang.pick("сайжирсан", "better")) " →" }
            }
        }
    }
}

fn change(row: &IndicatorBody, y: f64, x: &impl Fn(f64) -> f64, lang: Lang) -> Markup {
    let margins = |value: f64| x(value / row.epsilon);
    let effect = row.effect.unwrap_or_default();
    let unit = words::unit(&row.unit);
    html! {
        g class=(side(effect)) {
            title { (row.indicator_text.get(lang)) ": " (signed(effect, 2)) " " (unit.get(lang)) }
            text x="2" y=(tenth(y + 5.0)) class="label" { (row.indicator) }
            @if let (Some(low), Some(high)) = (row.ci90_low, row.ci90_high) {
                line x1=(tenth(margins(low))) y1=(tenth(y)) x2=(tenth(margins(high))) y2=(tenth(y)) stroke=(OWN) stroke-width="6" stroke-opacity="0.55" {}
            }
            @if let Some(mdc) = row.mdc {
                @for at in [margins(-mdc), margins(mdc)] {
                    line x1=(tenth(at)) y1=(tenth(y - 9.0)) x2=(tenth(at)) y2=(tenth(y + 9.0)) stroke=(GREY) stroke-width="1.5" stroke-dasharray="2 2" {}
                }
            }
            circle cx=(tenth(margins(effect))) cy=(tenth(y)) r="5.5" fill=(OWN) {}
        }
    }
}

/// Livestock against capacity over the years of a season; a gap where a year has no number.
pub(super) fn stocking(rows: &[StockingBody], season: &str, lang: Lang) -> Markup {
    let rows: Vec<&StockingBody> = rows.iter().filter(|row| row.season == season).collect();
    let (Some(first), Some(last)) = (rows.iter().map(|r| r.year).min(), rows.iter().map(|r| r.year).max()) else {
        return html! {};
    };
    let values = rows.iter().flat_map(|row| [Some(row.sfu), row.capacity_sfu]).flatten();
    let top = values.fold(0.0, f64::max) * 1.05;
    if last == first || top <= 0.0 {
        return html! {};
    }
    let (left, height) = (64.0, 190.0);
    let x = |year: i32| left + f64::from(year - first) / f64::from(last - first) * (WIDTH - left - 12.0);
    let y = |value: f64| 8.0 + (1.0 - value / top) * (height - 34.0);
    let line = |value: &dyn Fn(&StockingBody) -> Option<f64>| runs(&rows, value, &x, &y);
    html! {
        figure class="chart" {
            figcaption { (words::season(season).get(lang)) ": "
                span class="key sfu" { (lang.pick("мал, ХТ", "livestock, SFU")) } " "
                span class="key capacity" { (lang.pick("даац, ХТ", "capacity, SFU")) }
            }
            svg role="img" aria-label=(lang.pick("Мал ба даац жилээр; тоо нь хүснэгтэд бий", "Livestock and capacity by year; the table has the numbers")) viewBox={ "0 0 " (whole(WIDTH)) " " (whole(height)) } {
                @for at in ticks(0.0, top) {
                    line x1=(tenth(left)) y1=(tenth(y(at))) x2=(tenth(WIDTH)) y2=(tenth(y(at))) stroke=(BAND) stroke-width="1" {}
                    text x=(tenth(left - 6.0)) y=(tenth(y(at) + 4.0)) class="axis" text-anchor="end" { (fixed(at, 0)) }
                }
                path d=(line(&|row| row.capacity_sfu)) fill="none" stroke=(GREY) stroke-width="2" stroke-dasharray="6 3" {}
                path d=(line(&|row| Some(row.sfu))) class="better" fill="none" stroke=(OWN) stroke-width="2" {}
                @for row in &rows {
                    circle cx=(tenth(x(row.year))) cy=(tenth(y(row.sfu))) r="3" class="better" fill=(OWN) { title { (row.year) ": " (fixed(row.sfu, 0)) } }
                }
                text x=(tenth(left)) y=(tenth(height - 6.0)) class="axis" { (first) }
                text x=(tenth(WIDTH - 12.0)) y=(tenth(height - 6.0)) class="axis" text-anchor="end" { (last) }
            }
        }
    }
}

/// A line through the years, interrupted where a year or its value is missing.
fn runs(
    rows: &[&StockingBody],
    value: &dyn Fn(&StockingBody) -> Option<f64>,
    x: &impl Fn(i32) -> f64,
    y: &impl Fn(f64) -> f64,
) -> String {
    let mut sorted: Vec<&&StockingBody> = rows.iter().collect();
    sorted.sort_by_key(|row| row.year);
    let mut path = String::new();
    let mut before = None;
    for row in sorted {
        let Some(found) = value(row) else {
            before = None;
            continue;
        };
        let letter = if before == Some(row.year - 1) { 'L' } else { 'M' };
        path += &format!("{letter}{} {}", tenth(x(row.year)), tenth(y(found)));
        before = Some(row.year);
    }
    path
}

/// The class of a change: for the better or for the worse.
fn side(change: f64) -> &'static str {
    if change < 0.0 { "worse" } else { "better" }
}

/// Two to six round numbers between two ends.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let rough = (high - low) / 5.0;
    let tens = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|part| part * tens).into_iter().find(|step| *step >= rough).unwrap_or(rough);
    let first = (low / step).ceil();
    (0..8).map(|place| (first + f64::from(place)) * step).take_while(|at| *at <= high).collect()
}

fn whole(value: f64) -> String {
    format!("{value:.0}")
}

fn tenth(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(ticks(-13.0, 22.0), [-10.0, 0.0, 10.0, 20.0]);
        assert_eq!(ticks(-0.31, 0.12).len(), 5);
        for (low, high) in [(-1e-6, 3e-6), (-900.0, 40.0), (0.0, 1.0)] {
            let found = ticks(low, high);
            assert!((2..=6).contains(&found.len()), "{low} {high}: {found:?}");
            assert!(found.iter().all(|at| (low..=high).contains(at)));
        }
    }
}
