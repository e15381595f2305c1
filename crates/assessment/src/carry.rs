//! Records of a baseline that was counted in other units, carried to the units of today by area.

use std::collections::BTreeMap;

use belcheer_catalog::{Catalog, DatasetKind, Filter};
use belcheer_domain::records::{Jurisdiction, Level, LivestockCount, SeasonWeather};
use belcheer_domain::{Digest, Finding, Severity, SoumCode};
use belcheer_vector_ingest::{Crosswalk, SoumIndex, crosswalk};

use crate::error::AssessmentError;
use crate::inputs::Inputs;

/// Share of old ground in new units, by old and new code.
type Shares = BTreeMap<SoumCode, Vec<(SoumCode, f64, f64)>>;

impl Inputs {
    /// Carries records of the years up to and including `until` from the units of a version of boundaries that the
    /// workspace holds to those in use.
    ///
    /// # Errors
    /// When no soum boundaries of that digest are held; the message names those that are.
    pub async fn carry_from(&mut self, catalog: &Catalog, digest: Digest, until: i32) -> Result<(), AssessmentError> {
        let filter = Filter { kind: Some(DatasetKind::Boundaries), level: Some(Level::Soum), ..Filter::default() };
        let held = catalog.datasets(&filter).await?;
        let Some(record) = held.iter().find(|record| record.digest == digest) else {
            let names: Vec<String> = held.iter().map(|r| format!("{} {}", r.digest, r.source_name)).collect();
            return Err(AssessmentError::Refused(format!(
                "no soum boundaries {digest} are held; held are: {}",
                names.join(", ")
            )));
        };
        let old: Vec<Jurisdiction> = catalog.get_json(record.blob).await?;
        self.used(record);
        self.carry(&old, until, &record.source_name);
        Ok(())
    }

    /// Carries what was counted in `old` units up to and including a year to the units held now.
    ///
    /// Livestock is divided by area and marked as estimated; weather is averaged by area; plots and photo points of
    /// changed units are placed anew by their coordinates. Units that did not change keep their records as they are.
    fn carry(&mut self, old: &[Jurisdiction], until: i32, name: &str) {
        let new: Vec<Jurisdiction> = self.soums.values().cloned().collect();
        let found = crosswalk(old, &new);
        let changed: Vec<SoumCode> = found.changed().iter().filter_map(|code| code.parse().ok()).collect();
        if changed.is_empty() {
            return;
        }
        let mut shares = Shares::new();
        for share in &found.shares {
            let (Ok(from), Ok(to)) = (share.from.parse(), share.to.parse()) else { continue };
            if changed.contains(&from) {
                shares.entry(from).or_default().push((to, share.of_from, share.area_ha));
            }
        }
        self.livestock = carried_livestock(std::mem::take(&mut self.livestock), &changed, &shares, until);
        self.weather = carried_weather(std::mem::take(&mut self.weather), &changed, &shares, until);
        let index = SoumIndex::new(&new);
        for plot in self.plots.iter_mut().filter(|p| p.au2.is_none_or(|code| changed.contains(&code))) {
            plot.au2 = index.at(plot.lon, plot.lat);
        }
        for point in self.photo_points.iter_mut().filter(|p| p.au2.is_none_or(|code| changed.contains(&code))) {
            point.au2 = index.at(point.lon, point.lat);
        }
        self.findings.extend(told(&found, name));
    }
}

fn told(found: &Crosswalk, name: &str) -> Vec<Finding> {
    let one = |code: &&str| {
        let parts: Vec<String> = found
            .shares
            .iter()
            .filter(|share| share.from == **code)
            .map(|share| format!("{} {:.1} %", share.to, 100.0 * share.of_from))
            .collect();
        let parts = if parts.is_empty() { "-".to_owned() } else { parts.join(", ") };
        let lost = found.lost.get(*code).copied().unwrap_or(0.0);
        Finding::new("baseline_carried_over", Severity::Warning, name).at(*code).text(
            format!("counts of the baseline are carried to today's units by area: {parts}; {:.1} % of the ground is in none", 100.0 * lost),
            format!("суурь үеийн тоог талбайгаар нь одоогийн нэгжид шилжүүлэв: {parts}; газрын {:.1} % аль ч нэгжид ороогүй", 100.0 * lost),
        )
    };
    found.changed().iter().map(one).collect()
}

fn carried_livestock(
    held: Vec<LivestockCount>,
    changed: &[SoumCode],
    shares: &Shares,
    until: i32,
) -> Vec<LivestockCount> {
    let (old, mut kept): (Vec<_>, Vec<_>) =
        held.into_iter().partition(|count| count.year <= until && changed.contains(&count.au2));
    for count in old {
        for (to, of_from, _) in shares.get(&count.au2).into_iter().flatten() {
            let head = count.head * of_from;
            let same = |c: &&mut LivestockCount| {
                (c.au2, c.year, c.instrument, c.species) == (*to, count.year, count.instrument, count.species)
            };
            match kept.iter_mut().find(same) {
                Some(there) => {
                    there.head += head;
                    there.estimated = true;
                }
                None => kept.push(LivestockCount { au2: *to, head, estimated: true, ..count.clone() }),
            }
        }
    }
    kept
}

fn carried_weather(held: Vec<SeasonWeather>, changed: &[SoumCode], shares: &Shares, until: i32) -> Vec<SeasonWeather> {
    let (old, mut kept): (Vec<_>, Vec<_>) =
        held.into_iter().partition(|weather| weather.year <= until && changed.contains(&weather.au2));
    // area, area times mm, area with a temperature, area times degrees
    let mut sums: BTreeMap<(SoumCode, i32), [f64; 4]> = BTreeMap::new();
    for weather in old {
        for (to, _, area) in shares.get(&weather.au2).into_iter().flatten() {
            let sum = sums.entry((*to, weather.year)).or_default();
            sum[0] += area;
            sum[1] += area * weather.precipitation_mm;
            if let Some(degrees) = weather.temperature_c {
                sum[2] += area;
                sum[3] += area * degrees;
            }
        }
    }
    let there: Vec<(SoumCode, i32)> = kept.iter().map(|weather| (weather.au2, weather.year)).collect();
    kept.extend(sums.into_iter().filter(|(key, _)| !there.contains(key)).map(|((au2, year), sum)| SeasonWeather {
        au2,
        year,
        precipitation_mm: sum[1] / sum[0],
        temperature_c: (sum[2] > 0.0).then(|| sum[3] / sum[2]),
    }));
    kept
}

#[cfg(test)]
mod tests {
    use belcheer_domain::Species;
    use belcheer_domain::records::Instrument;

    use super::*;
    use crate::sample::{Country, SampleOptions};

    #[test]
    fn a_divided_soum_shares_its_herd_and_its_weather() {
        let country = Country::new(SampleOptions { soums: 2, ..SampleOptions::default() });
        let unit = |code: SoumCode, geometry| Jurisdiction {
            level: Level::Soum,
            code: code.to_string(),
            au2: Some(code),
            name_mn: None,
            name_en: None,
            geometry,
            area_ha: 1.0,
        };
        let (first, second) = (&country.soums[0], &country.soums[1]);
        let old = [unit(first.code, first.shape.clone()), unit(second.code, second.shape.clone())];
        // a third of the first soum becomes one of its own
        let third = SoumCode::new(first.code.number() + 40).unwrap();
        let pair = first.pugs[0].0.iter().chain(&first.pugs[1].0).cloned().collect();
        let now = [unit(first.code, pair), unit(third, first.pugs[2].clone()), old[1].clone()];
        let count = |au2, year, head| LivestockCount {
            pug: None,
            au2,
            year,
            instrument: Instrument::DecemberCensus,
            species: Some(Species::Sheep),
            head,
            estimated: false,
        };
        let mut inputs = Inputs {
            soums: now.iter().map(|j| (j.au2.unwrap(), j.clone())).collect(),
            livestock: vec![
                count(first.code, 2015, 900.0),
                count(second.code, 2015, 7.0),
                count(first.code, 2020, 500.0),
            ],
            weather: vec![SeasonWeather { au2: first.code, year: 2015, precipitation_mm: 80.0, temperature_c: None }],
            ..Inputs::default()
        };
        inputs.carry(&old, 2018, "old.gpkg");
        let head = |au2, year| inputs.livestock.iter().find(|c| c.au2 == au2 && c.year == year).map(|c| c.head);
        let (a, b) = (head(first.code, 2015).unwrap(), head(third, 2015).unwrap());
        assert!((a + b - 900.0).abs() < 1e-6 && b > 200.0 && b < 400.0, "{a} {b}");
        assert_eq!((head(second.code, 2015), head(first.code, 2020)), (Some(7.0), Some(500.0)));
        assert!(inputs.weather.iter().any(|w| w.au2 == third && (w.precipitation_mm - 80.0).abs() < 1e-9));
        assert_eq!(inputs.findings.len(), 1);
    }
}
