//! How the cost of a whole region grows with years, cells and zones.

use anyhow::Result;

use super::growth::tell;
use crate::alternate::{Entrant, Patience};
use crate::measure::Invocation;
use crate::place::{Place, text};
use crate::report::{Section, Wanted};

/// Years of the series, each twice the one before.
const YEARS: [(&str, &str); 3] = [("6 years", "2019..2024"), ("12 years", "2013..2024"), ("24 years", "2001..2024")];
/// Countries by cell size; halving quadruples the cells.
const CELLS: [(&str, &str); 3] =
    [("cells 4 times as long", "quarter"), ("cells twice as long", "half"), ("cells of the country above", "whole")];
/// Levels, each with twice the zones of the one before: a soum has two bags and three user groups.
const LEVELS: [(&str, &str); 3] = [("soums", "soum"), ("bags", "bag"), ("soums and user groups", "soum,pug")];

/// Runs the measurement.
pub fn compare(place: &Place) -> Result<Section> {
    let size = if place.full { "full" } else { "small" };
    let output = place.output("scale.csv");
    let entrant = |name: &str, country: &str, years: &str, levels: &str| {
        let folder = if country == "whole" { format!("country-{size}") } else { format!("country-{size}-{country}") };
        let bare = place.data.join(folder).join("bare");
        let workspace = text(&bare);
        let fixed = ["--workspace", &workspace, "regions", "--years", years, "--level", levels, "-o", &output];
        let call = place.belcheer(fixed.into_iter().chain(["--trend", "--years-min", "2"]));
        let afresh = vec![Invocation::new("rm", ["-rf".to_owned(), text(&bare.join("partials"))])];
        Entrant { before: afresh, ..Entrant::new(name, place.version(), call).cold() }
    };
    let (all_years, all_levels) = ("2001..2024", "soum,aimag,pug");
    let mut entrants = Vec::new();
    entrants.extend(YEARS.map(|(name, years)| entrant(name, "whole", years, all_levels)));
    entrants.extend(CELLS.map(|(name, country)| entrant(name, country, all_years, all_levels)));
    entrants.extend(LEVELS.map(|(name, levels)| entrant(name, "whole", all_years, levels)));
    let outcomes = place.alternate(entrants, Patience { enough_s: 0.0, limit_s: 0.0 });
    let mut section = Section {
        title: "Growth of a whole region".to_owned(),
        about:
            "Means and trends as above with doubled years, with four times the cells, and with doubled zones. A slope \
                looks at all pairs of years, so its cost grows with their square."
                .to_owned(),
        ..Section::default()
    };
    section.notes.push("| step | user CPU s | peak MB | growth of user CPU |".to_owned());
    section.notes.push("|---|---:|---:|---:|".to_owned());
    let bounds = [("years, doubled", 3.0), ("cells, times four", 4.4), ("zones, doubled", 1.2)];
    for ((what, bound), group) in bounds.into_iter().zip(outcomes.chunks(3)) {
        let last = tell(&mut section, group);
        section.aim(format!("growth of user CPU over the last step, {what}"), last, Wanted::AtMost(bound));
    }
    section.notes.push(String::new());
    Ok(section)
}
