//! Soum totals and aimag species counts to soum species counts.

use std::collections::BTreeMap;

use belcheer_domain::{
    Finding, Species,
    records::{AimagSpeciesCount, LivestockCount},
};

use crate::{messages::Log, table::rules::RULES};

/// Rakes soum totals with the species shares of their aimag: `head(soum, s) = total(soum) * share(aimag, s)`.
///
/// Whole totals are split into whole animals by largest remainder (ties in the order camel, horse, cattle, sheep, goat),
/// so the species of a soum sum exactly to its total; other totals are split so that goats take the remainder. Only
/// totals (species `None`) are raked, others are left out. The results are marked estimated and keep the order of the
/// totals. Findings: an aimag and year without species counts (its soums are left out), and an aimag whose counts
/// differ from the sum of its soums by more than 0.1 % and rounding.
#[must_use]
pub fn rake(
    totals: &[LivestockCount],
    shares: &[AimagSpeciesCount],
    input: &str,
) -> (Vec<LivestockCount>, Vec<Finding>) {
    let mut log = Log::new(input);
    let mut aimags: BTreeMap<(u8, i32), [f64; 5]> = BTreeMap::new();
    for count in shares {
        if let Some(index) = Species::ALL.iter().position(|s| *s == count.species) {
            aimags.entry((count.aimag, count.year)).or_default()[index] += count.thousand_head;
        }
    }
    let mut sums: BTreeMap<(u8, i32), f64> = BTreeMap::new();
    let mut raked = Vec::new();
    for total in totals.iter().filter(|t| t.species.is_none()) {
        let place = (total.au2.aimag_number(), total.year);
        *sums.entry(place).or_default() += total.head;
        let subject = || format!("aimag {:03} in {}", place.0, place.1);
        match aimags.get(&place).filter(|c| c.iter().sum::<f64>() > 0.0) {
            None => log.note("no_species_shares", subject(), 1, ""),
            Some(counts) => {
                for (species, head) in Species::ALL.iter().zip(split(total.head, counts)) {
                    raked.push(LivestockCount { species: Some(*species), head, estimated: true, ..total.clone() });
                }
            }
        }
    }
    for ((aimag, year), sum) in sums {
        let Some(counts) = aimags.get(&(aimag, year)) else { continue };
        let (own, soums) = (counts.iter().sum::<f64>(), sum / 1000.0);
        let allowed = (RULES.sum_tolerance * soums).max(RULES.sum_rounding_thousand);
        if (own - soums).abs() > allowed {
            let detail = format!("{own:.1} / {soums:.1}");
            log.note("aimag_sum_differs", format!("aimag {aimag:03} in {year}"), 1, &detail);
        }
    }
    (raked, log.finish())
}

/// Splits a total by weights; parts sum exactly to the total.
fn split(total: f64, weights: &[f64; 5]) -> [f64; 5] {
    let sum: f64 = weights.iter().sum();
    let exact = weights.map(|w| total * (w / sum));
    if total.fract() != 0.0 {
        let mut parts = exact;
        parts[4] = total - (parts[0] + parts[1] + parts[2] + parts[3]);
        return parts;
    }
    let mut parts = exact.map(f64::floor);
    let mut order = [0, 1, 2, 3, 4];
    order.sort_by(|a, b| (exact[*b] - parts[*b]).total_cmp(&(exact[*a] - parts[*a])).then(a.cmp(b)));
    let mut left = total - parts.iter().sum::<f64>();
    for index in order {
        if left >= 1.0 && weights[index] > 0.0 {
            parts[index] += 1.0;
            left -= 1.0;
        }
    }
    // what rounding of the products itself may have left goes to the largest part
    let largest = (0..5).max_by(|a, b| parts[*a].total_cmp(&parts[*b])).unwrap_or(0);
    parts[largest] += left;
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use belcheer_domain::{SoumCode, records::Instrument};
    use proptest::prelude::*;

    fn total(head: f64) -> LivestockCount {
        LivestockCount {
            pug: None,
            au2: SoumCode::new(8101).unwrap(),
            year: 2019,
            instrument: Instrument::DecemberCensus,
            species: None,
            head,
            estimated: false,
        }
    }

    fn shares(thousand: [f64; 5]) -> Vec<AimagSpeciesCount> {
        Species::ALL
            .iter()
            .zip(thousand)
            .map(|(s, t)| AimagSpeciesCount { aimag: 81, year: 2019, species: *s, thousand_head: t })
            .collect()
    }

    #[test]
    fn a_soum_is_split_as_its_aimag() {
        let (raked, findings) = rake(&[total(100.0)], &shares([0.0, 0.01, 0.02, 0.04, 0.03]), "x.csv");
        assert_eq!(raked.iter().map(|c| c.head).collect::<Vec<_>>(), [0.0, 10.0, 20.0, 40.0, 30.0]);
        assert!(raked.iter().all(|c| c.estimated) && findings.is_empty());
    }

    #[test]
    fn a_doubled_aimag_and_a_missing_one_are_told() {
        let (_, findings) = rake(&[total(10_000.0)], &shares([0.0, 2.0, 4.0, 8.0, 6.0]), "x.csv");
        assert_eq!(findings[0].code, "aimag_sum_differs");
        let (raked, findings) = rake(&[total(10_000.0)], &[], "x.csv");
        assert!(raked.is_empty() && findings[0].code == "no_species_shares");
    }

    proptest! {
        #[test]
        fn species_sum_exactly_to_the_total(head in 0_u32..5_000_000, w in proptest::array::uniform5(0.0_f64..5000.0)) {
            prop_assume!(w.iter().sum::<f64>() > 0.0);
            let parts = split(f64::from(head), &w);
            prop_assert_eq!(parts.iter().sum::<f64>(), f64::from(head));
            prop_assert!(parts.iter().all(|p| *p >= 0.0 && p.fract() == 0.0));
            let sum: f64 = w.iter().sum();
            for (part, weight) in parts.iter().zip(w) {
                prop_assert!((part - f64::from(head) * weight / sum).abs() < 1.0 + 1e-6);
            }
        }
    }
}
