//! What a further raster on the same grid costs, beside merely decoding it.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::zonal;
use crate::agreement;
use crate::alternate::{Entrant, Outcome, Patience};
use crate::measure::Invocation;
use crate::place::{Place, text};
use crate::report::{Section, Wanted, ratio};

const YEARS: usize = 24;

/// Runs the comparison.
pub fn compare(place: &Place) -> Result<Section> {
    let rasters = yearly(place)?;
    let zones = place.input("soums.gpkg");
    let named = |count: usize| format!("belcheer, {count} raster{}", if count == 1 { "" } else { "s" });
    let output = |count: usize| place.output(&format!("series_{count}.csv"));
    let own = |count: usize| {
        let some = rasters.get(..count).unwrap_or_default();
        Entrant::new(named(count), place.version(), zonal::ours(place, 1, some, &zones, &output(count)))
    };
    let decode = Invocation::new(place.own_programs.join("decode_raster"), [place.input("ndvi.tif")]);
    let decoding = "belcheer-cog: decode one raster";
    let entrants = vec![
        own(1),
        own(2),
        own(YEARS).cold(),
        Entrant::new(decoding, place.version(), decode),
        Entrant::found("limit: decoding, edges and sums alone", zonal::limit(place)),
    ];
    let outcomes = place.alternate(entrants, Patience { enough_s: 40.0, limit_s: 50.0 });
    let mut section = Section {
        title: "A second raster on the same grid, and 24".to_owned(),
        about: "The same statistics of several rasters of one grid in one call, beside decoding one raster and doing \
                nothing with it."
            .to_owned(),
        outcomes,
        ..Section::default()
    };
    let user = |name: &str| section.outcome(name).and_then(Outcome::user_s);
    let peak = |name: &str| section.outcome(name).and_then(Outcome::peak_mb);
    let further = |count: usize| Some((user(&named(count))? - user(&named(1))?) / (count - 1) as f64);
    let (second, each) = (ratio(further(2), user(decoding)), ratio(further(YEARS), user(decoding)));
    let memory = ratio(peak(&named(YEARS)), peak(&named(1)));
    section.aim("user CPU of the second raster, in decodings of one", second, Wanted::AtMost(1.2));
    section.aim("user CPU of each of 23 further rasters, in decodings of one", each, Wanted::AtMost(1.2));
    section.aim("peak memory of 24 rasters, in that of one", memory, Wanted::AtMost(1.1));
    if section.outcomes.iter().take(3).all(|outcome| outcome.runs.is_ok()) {
        let result = every_year_is_the_first(Path::new(&output(1)), Path::new(&output(YEARS)));
        section.checked("each of 24 equal rasters gives the rows of one", result);
    }
    Ok(section)
}

/// The same raster under the names of 24 years.
fn yearly(place: &Place) -> Result<Vec<String>> {
    let folder = place.scratch.join("series");
    fs::create_dir_all(&folder)?;
    let source = fs::canonicalize(place.input("ndvi.tif"))?;
    (2001..2001 + YEARS)
        .map(|year| {
            let link = folder.join(format!("ndvi_{year}.tif"));
            if !link.exists() && fs::hard_link(&source, &link).is_err() {
                fs::copy(&source, &link)?;
            }
            Ok(text(&link))
        })
        .collect()
}

/// Takes the table of several rasters apart and compares each part with that of one.
fn every_year_is_the_first(one: &Path, several: &Path) -> Result<(bool, String)> {
    let mut reader = csv::Reader::from_path(several)?;
    let headers = reader.headers()?.clone();
    let raster = headers.iter().position(|name| name == "raster");
    let mut parts = std::collections::BTreeMap::<String, Vec<csv::StringRecord>>::new();
    for record in reader.records() {
        let record = record?;
        let name = raster.and_then(|at| record.get(at)).unwrap_or_default().to_owned();
        parts.entry(name).or_default().push(record);
    }
    let names: Vec<&str> = headers.iter().filter(|name| !["id", "raster", "band"].contains(name)).collect();
    for (name, rows) in &parts {
        let path = several.with_extension("part.csv");
        let mut writer = csv::Writer::from_path(&path)?;
        writer.write_record(&headers)?;
        rows.iter().try_for_each(|row| writer.write_record(row))?;
        writer.flush()?;
        if let (false, text) = agreement::zonal(one, &path, &names, false)? {
            return Ok((false, format!("{name}: {text}")));
        }
    }
    Ok((parts.len() == YEARS, format!("{} rasters", parts.len())))
}
