//! The map as a drawing: for readers without scripts or WebGL, for print and for reports.

use std::collections::HashMap;
use std::fmt::Write;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use belcheer_domain::{Class, Indicator, SoumCode, Status};
use belcheer_tiles::ZoneSet;
use maud::{Markup, html};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::borders::Borders;
use crate::lang::Lang;
use crate::pages::language;
use crate::problem::{Problem, Refusals};
use crate::query::{Checked, given};
use crate::state::{ApiState, Published};
use crate::words;

/// The zoom whose borders are drawn: half a kilometre is a tenth of a unit.
pub(super) const ZOOM: u8 = 4;
/// Width of the drawing of the country, units.
const WIDTH: f64 = 960.0;
/// Room below the drawing for the legend.
const LEGEND: f64 = 34.0;

/// Dark, so that names beside it are read; safe for readers who do not tell red from green.
const BETTER: &str = "#1b7a6e";
const SAME: &str = "#a9d3e6";
const WORSE: &str = "#d9822b";
/// From which score on which colour.
const SCORES: [(f64, &str); 5] =
    [(0.0, "#b35806"), (20.0, "#e8a04c"), (40.0, "#f3e3c3"), (60.0, "#9fcfc6"), (80.0, "#1b7a6e")];
/// Stripes for what nothing can be said of.
const HATCH: &str = "url(#hatch)";

/// What the colours of the map say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The verdict.
    Status,
    /// The score.
    Score,
    /// What one indicator says.
    Indicator(Indicator),
}

impl By {
    /// Everything that the map can be coloured by.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        [Self::Status, Self::Score].into_iter().chain(Indicator::ALL.iter().copied().map(Self::Indicator))
    }

    /// Its word in addresses.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Score => "score",
            Self::Indicator(indicator) => indicator.as_str(),
        }
    }

    /// Its name.
    pub(super) fn name(self, lang: Lang) -> String {
        match self {
            Self::Status => lang.pick("Төлөв", "Status").to_owned(),
            Self::Score => lang.pick("Оноо, 0-100", "Score, 0-100").to_owned(),
            Self::Indicator(indicator) => format!("{indicator} {}", words::indicator(indicator).get(lang)),
        }
    }

    /// The thing of a word.
    pub(super) fn of(word: &str) -> Option<Self> {
        Self::all().find(|by| by.as_str() == word)
    }
}

/// The colour of every soum of a result.
fn colours(published: &Published, by: By) -> HashMap<SoumCode, &'static str> {
    let of_class = |class| match class {
        Class::Improved => BETTER,
        Class::Stable => SAME,
        Class::Declined => WORSE,
        Class::Insufficient => HATCH,
    };
    let of_score = |score: f64| SCORES.iter().rfind(|(from, _)| score >= *from).map_or(WORSE, |(_, colour)| *colour);
    match by {
        By::Status => published.result.soums.iter().map(|row| (row.au2, of_status(row.status))).collect(),
        By::Score => published.result.soums.iter().map(|row| (row.au2, row.score.map_or(HATCH, of_score))).collect(),
        By::Indicator(indicator) => {
            let rows = published.result.indicators.iter().filter(|row| row.indicator == indicator);
            rows.map(|row| (row.au2, of_class(row.class))).collect()
        }
    }
}

fn of_status(status: Status) -> &'static str {
    match status {
        Status::VerifiedImproving => BETTER,
        Status::VerifiedMaintained => SAME,
        Status::NotVerified => WORSE,
        Status::InsufficientEvidence => HATCH,
    }
}

/// The legend: colours with their words.
fn legend(by: By, lang: Lang) -> Vec<(&'static str, String)> {
    match by {
        By::Status => Status::ALL.iter().map(|s| (of_status(*s), words::status(*s).get(lang).to_owned())).collect(),
        By::Score => {
            let ends = SCORES.iter().skip(1).map(|(from, _)| *from).chain([100.0]);
            let steps = SCORES.iter().zip(ends).map(|((from, colour), to)| (*colour, format!("{from:.0}–{to:.0}")));
            steps.chain([(HATCH, lang.pick("оноо алга", "no score").to_owned())]).collect()
        }
        By::Indicator(_) => {
            let classes = [
                (BETTER, Class::Improved),
                (SAME, Class::Stable),
                (WORSE, Class::Declined),
                (HATCH, Class::Insufficient),
            ];
            classes.into_iter().map(|(colour, class)| (colour, words::class(class).get(lang).to_owned())).collect()
        }
    }
}

/// The country with its legend.
pub(super) fn country(borders: &Borders, published: &Published, by: By, lang: Lang) -> Markup {
    let set = borders.zones(ZOOM);
    let Some(frame) = Frame::around(set, WIDTH) else { return html! {} };
    let colours = colours(published, by);
    let height = frame.height + LEGEND;
    let shown = legend(by, lang);
    let step = WIDTH / shown.len().max(1) as f64;
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (round(WIDTH)) " " (round(height)) } width=(round(WIDTH)) height=(round(height)) font-family="Noto Sans, sans-serif" font-size="13" {
            title { (by.name(lang)) ", " (published.cycle.cycle) }
            (hatch())
            g stroke="#ffffff" stroke-width="0.5" stroke-linejoin="round" {
                @for (place, zone) in set.zones().iter().enumerate() {
                    @let colour = borders.code(place).and_then(|code| colours.get(&code)).copied().unwrap_or(HATCH);
                    path fill=(colour) fill-rule="evenodd" d=(frame.path(&zone.polygons)) {}
                }
            }
            @for (place, (colour, label)) in shown.iter().enumerate() {
                @let x = place as f64 * step;
                rect x=(round(x + 2.0)) y=(round(frame.height + 12.0)) width="16" height="14" fill=(colour) stroke="#767676" stroke-width="0.5" {}
                text x=(round(x + 24.0)) y=(round(frame.height + 24.0)) fill="#767676" { (label) }
            }
        }
    }
}

/// Where a soum lies: the country in grey, the soum dark.
pub(super) fn locator(borders: &Borders, au2: SoumCode, label: &str) -> Markup {
    let set = borders.zones(ZOOM);
    let Some(frame) = Frame::around(set, 240.0) else { return html! {} };
    let all: String = set.zones().iter().map(|zone| frame.path(&zone.polygons)).collect();
    let own = set.zones().iter().enumerate().find(|(place, _)| borders.code(*place) == Some(au2));
    let Some((_, own)) = own else { return html! {} };
    let (x, y) = frame.middle(&own.polygons);
    html! {
        svg class="locator" role="img" aria-label=(label) viewBox={ "0 0 240 " (round(frame.height)) } width="240" height=(round(frame.height)) {
            path fill="#cfd4d2" d=(all) {}
            path fill=(BETTER) d=(frame.path(&own.polygons)) {}
            circle cx=(round(x)) cy=(round(y)) r="7" fill="none" stroke="#b0413e" stroke-width="1.5" {}
        }
    }
}

fn hatch() -> Markup {
    html! {
        defs {
            pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                rect width="6" height="6" fill="#ececec" {}
                line x1="0" y1="0" x2="0" y2="6" stroke="#9a9a9a" stroke-width="1.5" {}
            }
        }
    }
}

/// From the world of Web Mercator to units of a drawing.
struct Frame {
    origin: [f64; 2],
    units: f64,
    height: f64,
}

impl Frame {
    fn around(set: &ZoneSet, width: f64) -> Option<Self> {
        let points = || set.zones().iter().flat_map(|zone| &zone.polygons).flatten().flatten();
        let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        for [x, y] in points() {
            bounds = [bounds[0].min(*x), bounds[1].min(*y), bounds[2].max(*x), bounds[3].max(*y)];
        }
        let [west, north, east, south] = bounds;
        (east > west && south > north).then(|| {
            let units = width / (east - west);
            Self { origin: [west, north], units, height: (south - north) * units }
        })
    }

    fn place(&self, point: &[f64; 2]) -> (f64, f64) {
        ((point[0] - self.origin[0]) * self.units, (point[1] - self.origin[1]) * self.units)
    }

    /// The path of polygons, to a tenth of a unit; points that fall on the one before are left out.
    fn path(&self, polygons: &[Vec<Vec<[f64; 2]>>]) -> String {
        let tenths = |point: &[f64; 2]| {
            let (x, y) = self.place(point);
            #[expect(clippy::cast_possible_truncation, reason = "a drawing is some thousand units wide")]
            ((x * 10.0).round() as i64, (y * 10.0).round() as i64)
        };
        let mut path = String::new();
        for ring in polygons.iter().flatten() {
            let mut points: Vec<(i64, i64)> = ring.iter().map(tenths).collect();
            points.dedup();
            let mut before = (0, 0);
            for (place, (x, y)) in points.iter().enumerate() {
                // steps from point to point are shorter than places; writing into text cannot fail
                let (letter, dx, dy) = if place == 0 { ('M', *x, *y) } else { ('l', x - before.0, y - before.1) };
                let _ = write!(path, "{letter}{} {}", decimal(dx), decimal(dy));
                before = (*x, *y);
            }
            path.push('z');
        }
        path
    }

    fn middle(&self, polygons: &[Vec<Vec<[f64; 2]>>]) -> (f64, f64) {
        let points: Vec<(f64, f64)> = polygons.iter().flatten().flatten().map(|point| self.place(point)).collect();
        let count = points.len().max(1) as f64;
        let (x, y) = points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
        (x / count, y / count)
    }
}

/// Tenths as a short number.
fn decimal(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
    if tenth == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{tenth}") }
}

fn round(value: f64) -> String {
    format!("{value:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_paths_are_short() {
        assert_eq!([0, 7, -7, 120, -125].map(decimal), ["0", "0.7", "-0.7", "12", "-12.5"]);
    }

    #[test]
    fn a_score_has_the_colour_of_its_step() {
        assert_eq!(By::of("I3"), Some(By::Indicator(Indicator::I3)));
        assert_eq!(By::of("I9"), None);
        assert_eq!(By::all().count(), 2 + Indicator::ALL.len());
        assert_eq!(legend(By::Score, Lang::En).len(), SCORES.len() + 1);
    }
}

/// What the map is coloured by.
pub(super) fn coloured(by: Option<&String>) -> Result<By, Problem> {
    let words = "status, score, I1, I2, I3, I4, I5";
    given(by)
        .map_or(Ok(By::Status), |word| By::of(word).ok_or_else(|| Problem::bad_parameter("by", word, (words, words))))
}

/// How to draw the map.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MapQuery {
    /// Language, `mn` or `en`, as of pages.
    #[param(pattern = "^(mn|en)?$")]
    lang: Option<String>,
    /// The cycle; the latest when absent.
    #[param(example = "2024")]
    cycle: Option<String>,
    /// What it is coloured by; the status when absent.
    #[param(pattern = "^(status|score|I1|I2|I3|I4|I5)?$")]
    by: Option<String>,
}

/// The map of all soums as a drawing with its legend.
#[utoipa::path(get, path = "/map.svg", tag = "pages", params(MapQuery),
    responses((status = 200, description = "The drawing", content_type = "image/svg+xml", body = String), Refusals))]
pub(crate) async fn map_drawing(
    State(state): State<ApiState>,
    Checked(query): Checked<MapQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lang = language(query.lang.as_ref(), &headers)?;
    let by = coloured(query.by.as_ref())?;
    let published = state.published(given(query.cycle.as_ref())).await?;
    let borders = state.drawn_borders(ZOOM).await?;
    let drawing = country(&borders, &published, by, lang).into_string();
    Ok(([(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_LANGUAGE, lang.tag())], drawing).into_response())
}
