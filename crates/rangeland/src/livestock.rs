//! Livestock that grazes an area in a season, from the registered livestock, otor movement and supplementary feed.
//!
//! `L = registered - (sent on otor - received) / days - feed / (intake * days)`, movement in SFU-days, feed in
//! kilograms of dry matter.

use belcheer_domain::SheepForageUnits;

use crate::{intake::IntakeSet, seasons::Season};

/// Movement between areas in a season, in SFU-days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Movement {
    /// SFU-days that registered livestock grazed elsewhere.
    pub out_sfu_days: f64,
    /// SFU-days that livestock of elsewhere grazed here.
    pub in_sfu_days: f64,
}

/// Livestock of a season with the codes of what was not known.
#[derive(Debug, Clone, PartialEq)]
pub struct SeasonLivestock {
    /// Sheep forage units that live from the pasture.
    pub sfu: SheepForageUnits,
    /// `no_mobility_data`, `feed_not_counted`, `movement_out_of_range`, `feed_out_of_range`.
    pub flags: Vec<&'static str>,
}

/// Sheep forage units that live from the pasture in a season, never below zero.
///
/// Without movement data every registered animal is taken as present, without feed data as fed by pasture alone, with a
/// flag each. A value that is negative or not finite, or more than there is, is flagged and left out.
///
/// ```
/// use belcheer_domain::SheepForageUnits;
/// use belcheer_rangeland::{ParameterSet, intake::IntakeSet, livestock::{Movement, season_livestock}, seasons::SeasonSet};
/// let seasons = SeasonSet::by_name("seasons_mn_1")?;
/// let summer = seasons.season("summer_autumn").expect("a season of the set");
/// let intake = IntakeSet::by_name("intake_almgac")?;
/// let otor = Movement { out_sfu_days: 15_000.0, in_sfu_days: 0.0 };
/// let grazing = season_livestock(SheepForageUnits::new(1000.0)?, Some(otor), None, summer, &intake);
/// assert_eq!(grazing.sfu.get(), 900.0); // a hundred were away for all 150 days
/// assert_eq!(grazing.flags, ["feed_not_counted"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn season_livestock(
    registered: SheepForageUnits,
    movement: Option<Movement>,
    feed_kg: Option<f64>,
    season: &Season,
    intake: &IntakeSet,
) -> SeasonLivestock {
    let mut flags = Vec::new();
    let mut sfu = registered.get();
    match movement {
        None => flags.push("no_mobility_data"),
        Some(Movement { out_sfu_days, in_sfu_days }) => {
            let moved = sfu + (in_sfu_days - out_sfu_days) / season.days;
            sfu = accepted(sfu, moved, out_sfu_days.min(in_sfu_days), "movement_out_of_range", &mut flags);
        }
    }
    match feed_kg {
        None => flags.push("feed_not_counted"),
        Some(feed) => {
            let grazing = sfu - feed / (intake.kg_per_day * season.days);
            sfu = accepted(sfu, grazing, feed, "feed_out_of_range", &mut flags);
        }
    }
    SeasonLivestock { sfu: SheepForageUnits::new(sfu).unwrap_or(registered), flags }
}

/// The changed number, or the one before with a flag when the change is impossible.
fn accepted(before: f64, after: f64, given: f64, flag: &'static str, flags: &mut Vec<&'static str>) -> f64 {
    if after.is_finite() && after >= 0.0 && given >= 0.0 {
        return after;
    }
    flags.push(flag);
    before
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ParameterSet, seasons::SeasonSet};

    #[test]
    fn impossible_movement_or_feed_is_left_out_with_a_flag() {
        let season = SeasonSet::by_name("seasons_mn_1").unwrap().season[1].clone();
        let intake = IntakeSet::by_name("intake_almgac").unwrap();
        let thousand = SheepForageUnits::new(1000.0).unwrap();
        let away = Movement { out_sfu_days: 1e9, in_sfu_days: 0.0 };
        let grazing = season_livestock(thousand, Some(away), Some(f64::NAN), &season, &intake);
        assert_eq!(grazing.sfu.get(), 1000.0);
        assert_eq!(grazing.flags, ["movement_out_of_range", "feed_out_of_range"]);
        let fed = season_livestock(thousand, None, Some(1.4 * 215.0 * 250.0), &season, &intake);
        assert!((fed.sfu.get() - 750.0).abs() < 1e-9);
        assert_eq!(fed.flags, ["no_mobility_data"]);
    }
}
