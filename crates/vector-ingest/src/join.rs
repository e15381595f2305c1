//! Draft records joined to soums; every doubtful join is a finding.
//!
//! Two rules. What is measured at a place (plots, photo points) belongs to the soum whose polygon holds the place; its
//! code only serves where no polygon does, and a disagreement is told. What is registered (livestock, weather) belongs
//! to the soum of its code; aimag and name together serve where there is no code, and for a station the place.

use belcheer_domain::{
    CodeForm, Finding, SoumCode, aimag_of,
    records::{BiomassPlot, LivestockCount, LivestockLoss, PhotoPoint, SeasonPresence},
};

use crate::{
    boundaries::fields::KNOWN,
    messages::Log,
    soum_index::{Place, SoumIndex},
    table::{DraftTable, Drafts, Keyed, PlaceKey, TableRecords, weather},
};

/// Joins the drafts of a table; findings of reading and of joining together.
pub(crate) fn join(table: DraftTable, soums: Option<&SoumIndex>, input: &str) -> (TableRecords, Vec<Finding>) {
    let mut joiner = Joiner { soums: soums.filter(|s| !s.is_empty()), log: Log::new(input) };
    let records = match table.drafts {
        Drafts::BiomassPlots(drafts) => TableRecords::BiomassPlots(joiner.measured(drafts)),
        Drafts::PhotoPoints(drafts) => TableRecords::PhotoPoints(joiner.measured(drafts)),
        Drafts::LinePoints(hits) => TableRecords::LinePoints(hits),
        Drafts::Gaps(gaps) => TableRecords::Gaps(gaps),
        Drafts::Sites(sites) => TableRecords::Sites(sites),
        Drafts::ReferenceSamples(samples) => TableRecords::ReferenceSamples(samples),
        Drafts::ClassAreas(areas) => TableRecords::ClassAreas(areas),
        Drafts::MeasuredPoints(points) => TableRecords::MeasuredPoints(points),
        Drafts::AimagSpecies(counts) => TableRecords::AimagSpecies(counts),
        Drafts::Heads(drafts) => TableRecords::Livestock(joiner.registered(drafts, |au2, v| LivestockCount {
            pug: v.pug,
            au2,
            year: v.year,
            instrument: v.instrument,
            species: v.species,
            head: v.head,
            estimated: v.estimated,
        })),
        Drafts::Weather(drafts) => {
            let rows = joiner.registered(drafts, |au2, rain| (au2, rain));
            weather::records(rows, &mut joiner.log)
        }
        Drafts::Losses(drafts) => {
            TableRecords::Losses(joiner.registered(drafts, |au2, v| LivestockLoss { au2, year: v.year, head: v.head }))
        }
        Drafts::Presence(drafts) => TableRecords::Presence(joiner.registered(drafts, |au2, v| SeasonPresence {
            au2,
            year: v.year,
            season: v.season,
            out_sfu_days: v.out_sfu_days,
            in_sfu_days: v.in_sfu_days,
            feed_kg: v.feed_kg,
        })),
    };
    let mut findings = table.findings;
    findings.extend(joiner.log.finish());
    findings.sort();
    (records, findings)
}

/// A record that was measured at a place.
trait Measured {
    fn at(&self) -> (f64, f64);
    fn settle(&mut self, au2: Option<SoumCode>, flag: Option<&'static str>);
}

impl Measured for BiomassPlot {
    fn at(&self) -> (f64, f64) {
        (self.lon, self.lat)
    }

    fn settle(&mut self, au2: Option<SoumCode>, flag: Option<&'static str>) {
        self.au2 = au2;
        self.flags.extend(flag.map(str::to_owned));
    }
}

impl Measured for PhotoPoint {
    fn at(&self) -> (f64, f64) {
        (self.lon, self.lat)
    }

    fn settle(&mut self, au2: Option<SoumCode>, flag: Option<&'static str>) {
        self.au2 = au2;
        self.flags.extend(flag.map(str::to_owned));
    }
}

struct Joiner<'a> {
    soums: Option<&'a SoumIndex>,
    log: Log,
}

impl Joiner<'_> {
    /// The soum that a row's code and names state, with findings about the way it was found.
    fn stated(&mut self, key: &PlaceKey, row: u64) -> Place {
        let place = match self.soums {
            Some(soums) => soums.find(key.code.as_deref(), key.aimag.as_deref(), key.soum.as_deref()),
            None => key
                .code
                .as_deref()
                .and_then(|c| SoumCode::normalise(c).ok())
                .filter(|(code, _)| aimag_of(*code).is_some())
                .map_or(Place::Unknown, |(code, form)| Place::Code(code, form)),
        };
        if let Place::Code(code, CodeForm::Alias(old)) | Place::CodeAbsent(code, CodeForm::Alias(old)) = place {
            self.log.note_soum("code_alias", Some(code), old.to_string(), 1, &code.to_string());
        }
        match place {
            Place::CodeAbsent(code, _) => {
                self.log.record("code_not_in_boundaries", Some(code), format!("row {row}"), &code.to_string());
            }
            Place::Code(code, _) => self.compare_names(code, key, row),
            Place::Name(_) | Place::Polygon(_) | Place::Unknown => {}
        }
        place
    }

    /// The soum of a row where only its own code and names serve; a join by name is told.
    fn relied_on(&mut self, place: Place, row: u64) -> Option<SoumCode> {
        if let Place::Name(code) = place {
            self.log.record("joined_by_name", Some(code), format!("row {row}"), "");
        }
        place.soum()
    }

    /// The soum around the station of a row.
    fn around(&mut self, key: &PlaceKey, row: u64) -> Option<SoumCode> {
        let (lon, lat) = key.at?;
        let found = self.soums?.at(lon, lat)?;
        self.log.record("joined_by_place", Some(found), format!("row {row}"), "");
        Some(found)
    }

    /// A row whose names belong to another soum of the aimag than its code.
    fn compare_names(&mut self, code: SoumCode, key: &PlaceKey, row: u64) {
        let (Some(soums), Some(name)) = (self.soums, &key.soum) else { return };
        let Some(aimag) = aimag_of(code) else { return };
        if let Some(other) = soums.named(aimag.mn, name)
            && other != code
            && !soums.is_name_of(code, name)
        {
            self.log.record("code_name_differ", Some(code), format!("row {row}"), &format!("{name} = {other}"));
        }
    }

    fn measured<T: Measured>(&mut self, drafts: Vec<Keyed<T>>) -> Vec<T> {
        let mut records = Vec::with_capacity(drafts.len());
        for Keyed { row, key, value: mut record } in drafts {
            let (lon, lat) = record.at();
            let place = self.stated(&key, row);
            let stated = place.soum();
            let [west, south, east, north] = KNOWN.national.window;
            if !(west..=east).contains(&lon) || !(south..=north).contains(&lat) {
                self.log.record("outside_country", stated, format!("row {row}"), "");
                record.settle(None, Some("outside_country"));
                records.push(record);
                continue;
            }
            let (au2, flag) = match (self.soums.and_then(|s| s.at(lon, lat)), stated) {
                (Some(around), Some(own)) if around != own => {
                    self.log.record("point_outside_soum", Some(own), format!("row {row}"), &around.to_string());
                    (Some(around), Some("point_outside_soum"))
                }
                (Some(around), None) => {
                    self.log.record("joined_by_place", Some(around), format!("row {row}"), "");
                    (Some(around), None)
                }
                (Some(around), Some(_)) => (Some(around), None),
                (None, stated) => {
                    if self.soums.is_some() {
                        self.log.record("point_in_no_soum", stated, format!("row {row}"), "");
                    } else if stated.is_none() {
                        self.log.row("soum_unknown", row, "");
                    }
                    (self.relied_on(place, row), self.soums.map(|_| "point_in_no_soum"))
                }
            };
            record.settle(au2, flag);
            records.push(record);
        }
        records
    }

    fn registered<D, T>(&mut self, drafts: Vec<Keyed<D>>, make: impl Fn(SoumCode, D) -> T) -> Vec<T> {
        let mut records = Vec::with_capacity(drafts.len());
        for Keyed { row, key, value } in drafts {
            let place = self.stated(&key, row);
            match self.relied_on(place, row).or_else(|| self.around(&key, row)) {
                Some(au2) => records.push(make(au2, value)),
                None => {
                    let named = [key.code, key.aimag, key.soum].into_iter().flatten().collect::<Vec<_>>().join(" ");
                    self.log.row("record_without_soum", row, &named);
                }
            }
        }
        records
    }
}
