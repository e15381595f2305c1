//! The reviewer's sheet: how each known attack on a verdict was met, with its number.
//!
//! It is made of the stored result alone, so that a sheet can be printed for any assessment ever made. What no defence
//! meets yet is said in words, never left out.

mod attacks;

use belcheer_domain::{Class, Indicator};

use crate::result::{AssessmentResult, IndicatorRow, SoumRow};
use crate::standing::own;
use crate::table::Table;
pub use attacks::{ATTACKS, Attack};

/// What became of an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defence {
    /// A defence was applied.
    Applied,
    /// It was applied and keeps the indicator or the soum from being called better.
    Blocks,
    /// The data that it needs is not there.
    NoData,
    /// It is not built yet.
    ToCome,
}

impl Defence {
    /// The word used in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Blocks => "blocks",
            Self::NoData => "no_data",
            Self::ToCome => "to_come",
        }
    }
}

/// One line of the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewRow {
    /// The attack and its defence in words.
    pub attack: &'static Attack,
    /// What became of it.
    pub defence: Defence,
    /// Its number, in the attack's unit.
    pub number: Option<f64>,
}

/// The sheet of one soum.
#[must_use]
pub fn review(result: &AssessmentResult, soum: &SoumRow) -> Vec<ReviewRow> {
    let rows = own(&result.indicators, soum);
    ATTACKS
        .iter()
        .map(|attack| {
            let (defence, number) = judge(attack.id, result, soum, &rows);
            ReviewRow { attack, defence, number }
        })
        .collect()
}

fn judge(id: &str, result: &AssessmentResult, soum: &SoumRow, rows: &[&IndicatorRow]) -> (Defence, Option<f64>) {
    let of = |indicator: Indicator| rows.iter().find(|r| r.indicator == indicator).copied();
    let (i1, i2, i3) = (of(Indicator::I1), of(Indicator::I2), of(Indicator::I3));
    let flagged = |row: Option<&IndicatorRow>, code: &str| {
        row.is_some_and(|r| r.sensitivity.flags.iter().any(|f| f.code() == code) || r.reasons.iter().any(|c| c == code))
    };
    let known = |number: Option<f64>| (if number.is_some() { Defence::Applied } else { Defence::NoData }, number);
    let blocking = |number: Option<f64>, blocks: bool| {
        if blocks { (Defence::Blocks, number) } else { known(number) }
    };
    let best = |f: fn(&IndicatorRow) -> Option<f64>| rows.iter().filter_map(|r| f(r)).reduce(f64::min);
    match id {
        "A1" => known(i1.and_then(|r| r.sensitivity.baseline_windows).map(|w| w.worst_estimate.effect)),
        "A2" => known(i1.and_then(|r| Some(r.raw_effect? - r.effect?))),
        "A3" => known(i1.and_then(|r| r.n_eff)),
        "A4" => known(best(|r| r.p_bh)),
        "A5" => known(i2.and_then(|r| r.effect)),
        "A7" => known(i3.and_then(|r| r.ci90).map(|c| c.1 - c.0)),
        "A8" => (Defence::Applied, None),
        "A9" => (Defence::Applied, Some(soum.area_km2)),
        "A10" => known(of(Indicator::I4).and_then(|r| r.sensitivity.facts.by_table).map(|(worst, best)| best - worst)),
        "A12" => {
            blocking(i3.and_then(|r| r.sensitivity.facts.herd_fall_percent), flagged(i3, "involuntary_destocking"))
        }
        "A14" => known(best(|r| r.coverage)),
        "A18" => blocking(i2.and_then(|r| r.sensitivity.facts.severity_change_points), flagged(i2, "severity_worse")),
        "A19" => {
            let declined = rows.iter().filter(|r| r.class == Class::Declined).count() as f64;
            (if declined > 0.0 { Defence::Blocks } else { Defence::Applied }, Some(declined))
        }
        "A21" => (Defence::Applied, Some(result.manifest.inputs.len() as f64)),
        "A22" => (Defence::Applied, Some(soum.standing.claims.len() as f64)),
        "A23" => (Defence::Applied, Some(result.soums.len() as f64)),
        "A24" => known(i1.and_then(|r| r.mdc)),
        "A25" => known(i3.and_then(|r| r.n_eff)),
        "A26" => blocking(i1.and_then(|r| r.sensitivity.facts.converted_percent), flagged(i1, "land_converted")),
        _ => (Defence::ToCome, None),
    }
}

/// The sheets of every soum as one table.
#[must_use]
pub fn review_table(result: &AssessmentResult) -> Table {
    let rows: Vec<(String, ReviewRow)> = result
        .soums
        .iter()
        .flat_map(|soum| review(result, soum).into_iter().map(|row| (soum.au2.to_string(), row)))
        .collect();
    Table::default()
        .text("au2", rows.iter().map(|r| Some(r.0.as_str())))
        .text("attack", rows.iter().map(|r| Some(r.1.attack.id)))
        .text("defence", rows.iter().map(|r| Some(r.1.defence.as_str())))
        .float("number", rows.iter().map(|r| r.1.number))
        .text("unit", rows.iter().map(|r| Some(r.1.attack.unit).filter(|u| !u.is_empty())))
        .text("attack_en", rows.iter().map(|r| Some(r.1.attack.attack_en)))
        .text("attack_mn", rows.iter().map(|r| Some(r.1.attack.attack_mn)))
        .text("defence_en", rows.iter().map(|r| Some(r.1.attack.defence_en)))
        .text("defence_mn", rows.iter().map(|r| Some(r.1.attack.defence_mn)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_attack_is_named_once_in_both_languages() {
        let ids: BTreeSet<&str> = ATTACKS.iter().map(|a| a.id).collect();
        assert_eq!(ids.len(), ATTACKS.len());
        assert!((1..=25).all(|n| ids.contains(format!("A{n}").as_str())));
        let cyrillic = |text: &str| text.chars().any(|c| ('\u{0400}'..='\u{04FF}').contains(&c));
        for attack in ATTACKS {
            assert!(cyrillic(attack.attack_mn) && cyrillic(attack.defence_mn), "{}", attack.id);
            assert!(!cyrillic(attack.attack_en) && !cyrillic(attack.defence_en), "{}", attack.id);
        }
    }

    #[test]
    fn the_written_table_names_every_attack() {
        let written = include_str!("../../../docs/adversary.md");
        for attack in ATTACKS {
            assert!(written.contains(&format!("| {} |", attack.id)), "{} is not in docs/adversary.md", attack.id);
        }
    }
}
