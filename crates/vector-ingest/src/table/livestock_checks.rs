//! Doubts about an aimag series: shifted species, a repeated year, a jump and back.
//!
//! Nothing is changed; every doubt is a finding that names aimag and year.

use std::collections::BTreeMap;

use belcheer_domain::{Species, records::AimagSpeciesCount};

use super::rules::RULES;
use crate::messages::Log;

/// One aimag's numbers by year, species in the order of [`Species::ALL`]; `None` = not in the table.
type Series = BTreeMap<i32, [Option<f64>; 5]>;

/// Looks at every aimag's series.
pub(crate) fn check(counts: &[AimagSpeciesCount], log: &mut Log) {
    let mut aimags: BTreeMap<u8, Series> = BTreeMap::new();
    for count in counts {
        if let Some(index) = Species::ALL.iter().position(|s| *s == count.species) {
            let year = aimags.entry(count.aimag).or_default().entry(count.year).or_default();
            year[index] = Some(count.thousand_head);
        }
    }
    for (aimag, series) in aimags {
        shifted(aimag, &series, log);
        repeated(aimag, &series, log);
        jumps(aimag, &series, log);
    }
}

fn subject(aimag: u8, year: i32) -> String {
    format!("aimag {aimag:03} in {year}")
}

fn complete(values: &[Option<f64>; 5]) -> Option<[f64; 5]> {
    let mut out = [0.0; 5];
    for (slot, value) in out.iter_mut().zip(values) {
        *slot = (*value)?;
    }
    (out.iter().sum::<f64>() > 0.0).then_some(out)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// A year whose species shares differ from the median shares by more than the rule in all.
fn shifted(aimag: u8, series: &Series, log: &mut Log) {
    let shares: Vec<(i32, [f64; 5])> = series
        .iter()
        .filter_map(|(year, values)| {
            let values = complete(values)?;
            let sum: f64 = values.iter().sum();
            Some((*year, values.map(|v| v / sum)))
        })
        .collect();
    if shares.len() < 4 {
        return;
    }
    let usual: Vec<f64> = (0..5).map(|s| median(shares.iter().map(|(_, v)| v[s]).collect()).unwrap_or(0.0)).collect();
    for (year, own) in &shares {
        let distance: f64 = own.iter().zip(&usual).map(|(a, b)| (a - b).abs()).sum();
        if distance > RULES.species_share_distance {
            log.note("species_shifted", subject(aimag, *year), 1, &format!("{distance:.2}"));
        }
    }
}

/// A year that repeats all numbers of the year before.
fn repeated(aimag: u8, series: &Series, log: &mut Log) {
    for ((before, a), (year, b)) in series.iter().zip(series.iter().skip(1)) {
        if a == b && complete(a).is_some() && *year == *before + 1 {
            log.note("year_repeated", subject(aimag, *year), 1, &before.to_string());
        }
    }
}

/// A number far from both neighbouring years, which agree with each other.
fn jumps(aimag: u8, series: &Series, log: &mut Log) {
    let total = |v: &[Option<f64>; 5]| complete(v).map(|c| c.iter().sum::<f64>());
    for ((y0, a), ((y1, b), (y2, c))) in series.iter().zip(series.iter().skip(1).zip(series.iter().skip(2))) {
        if *y1 != *y0 + 1 || *y2 != *y0 + 2 {
            continue;
        }
        for (index, species) in Species::ALL.iter().enumerate() {
            if let (Some(a), Some(b), Some(c)) = (a[index], b[index], c[index])
                && a.min(c) >= 10.0
                && jumped(a, b, c)
            {
                let detail = format!("{species}: {a} {b} {c}", species = species.as_str());
                log.note("count_jumps", subject(aimag, *y1), 1, &detail);
            }
        }
        if let (Some(a), Some(b), Some(c)) = (total(a), total(b), total(c))
            && jumped(a, b, c)
        {
            log.note("count_jumps", subject(aimag, *y1), 1, &format!("total: {a:.1} {b:.1} {c:.1}"));
        }
    }
}

fn jumped(before: f64, value: f64, after: f64) -> bool {
    let middle = f64::midpoint(before, after);
    (before - after).abs() <= RULES.neighbours_agree * middle && (value - middle).abs() > RULES.jump * middle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(rows: &[(i32, [f64; 5])]) -> Vec<String> {
        let counts: Vec<AimagSpeciesCount> = rows
            .iter()
            .flat_map(|(year, values)| {
                Species::ALL.iter().zip(values).map(|(species, thousand_head)| AimagSpeciesCount {
                    aimag: 67,
                    year: *year,
                    species: *species,
                    thousand_head: *thousand_head,
                })
            })
            .collect();
        let mut log = Log::new("x.csv");
        check(&counts, &mut log);
        log.finish().into_iter().map(|f| format!("{} {}", f.code, f.place)).collect()
    }

    #[test]
    fn a_jump_a_repeat_and_a_shift_are_told() {
        // Khuvsgul cattle 1980: 339.2 between 236.5 and 237.5
        let usual = [6.1, 140.2, 236.5, 900.3, 300.4];
        let next = [6.2, 141.0, 237.5, 905.0, 302.0];
        let jump = [6.1, 140.7, 339.2, 902.0, 301.0];
        assert_eq!(findings(&[(1979, usual), (1980, jump), (1981, next)]), ["count_jumps aimag 067 in 1980"]);
        assert_eq!(findings(&[(1985, usual), (1986, usual)]), ["year_repeated aimag 067 in 1986"]);
        let shifted = [140.2, 236.5, 900.3, 300.4, 6.1];
        let found = findings(&[(1978, usual), (1980, next), (1982, usual), (1984, shifted)]);
        assert_eq!(found, ["species_shifted aimag 067 in 1984"]);
        assert!(findings(&[(1979, usual), (1980, next), (1982, usual)]).is_empty());
    }
}
