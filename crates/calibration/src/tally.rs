//! Counts of what was said against what was true.

use belcheer_assessment::result::IndicatorRow;
use belcheer_domain::Class;

use crate::simulate::normal_cdf;

/// Counts over one or many countries.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Intervals of the plain estimator, without what the calibration added, and those that hold the truth.
    pub plain: (usize, usize),
    pub countries: usize,
    pub soums: usize,
    intervals: usize,
    held: usize,
    unchanged: usize,
    improved_wrongly: usize,
    declined_wrongly: usize,
    /// Sum over countries of the share of false discoveries.
    false_discoveries: f64,
    verdicts: usize,
    rises: [Power; 2],
    falls: [Power; 2],
}

/// How often a true change was found.
#[derive(Debug, Clone, Copy, Default)]
pub struct Power {
    pub soums: usize,
    pub found: usize,
    /// Sum of the power that the design allows, and the soums for which it is known.
    pub bound: f64,
    pub bounded: usize,
    /// Soums whose change was beyond chance in the true direction and yet not called, for width or tier.
    pub held_back: usize,
}

/// One soum's truth as the tally needs it.
#[derive(Debug, Clone, Copy)]
pub struct True {
    pub change: f64,
    /// Standard error of the change if the noise were known, ln; `None` where no bound is derived.
    pub se_ln: Option<f64>,
}

/// The size classes of change that are counted, percent: 20 and 10.
const SIZES: [f64; 2] = [20.0, 10.0];

impl Tally {
    /// Counts one country; rows and truths in the same order.
    pub fn add(&mut self, rows: &[IndicatorRow], truths: &[True], small: f64, size: fn(f64) -> f64) {
        let (mut discoveries, mut wrong) = (0_usize, 0_usize);
        let cutoff = rows.iter().filter(|r| r.p_bh.is_some_and(|p| p <= 0.10)).filter_map(|r| r.p).fold(0.0, f64::max);
        for (row, truth) in rows.iter().zip(truths) {
            self.soums += 1;
            let (rose, fell) = (row.class == Class::Improved, row.class == Class::Declined);
            if let Some((low, high)) = row.ci90 {
                self.intervals += 1;
                self.held += usize::from(low <= truth.change && truth.change <= high);
            }
            self.verdicts += usize::from(row.class != Class::Insufficient);
            discoveries += usize::from(rose || fell);
            wrong += usize::from((rose && truth.change <= small) || (fell && truth.change >= -small));
            if truth.change.abs() <= small {
                self.unchanged += 1;
                self.improved_wrongly += usize::from(rose);
                self.declined_wrongly += usize::from(fell);
                continue;
            }
            let Some(class) = SIZES.iter().position(|s| (size(truth.change) - s).abs() < 1.0) else { continue };
            let (power, found) =
                if truth.change > 0.0 { (&mut self.rises[class], rose) } else { (&mut self.falls[class], fell) };
            power.soums += 1;
            power.found += usize::from(found);
            let beyond_chance = row.p_bh.is_some_and(|p| p <= 0.10);
            let right = row.effect.is_some_and(|e| e.signum() == truth.change.signum());
            power.held_back += usize::from(!found && beyond_chance && right);
            if let Some(se) = truth.se_ln {
                power.bounded += 1;
                power.bound += bound(truth.change, se, cutoff, truth.change > 0.0);
            }
        }
        self.countries += 1;
        self.false_discoveries += wrong as f64 / discoveries.max(1) as f64;
    }

    pub fn merge(&mut self, other: &Self) {
        self.plain.0 += other.plain.0;
        self.plain.1 += other.plain.1;
        self.countries += other.countries;
        self.soums += other.soums;
        self.intervals += other.intervals;
        self.held += other.held;
        self.unchanged += other.unchanged;
        self.improved_wrongly += other.improved_wrongly;
        self.declined_wrongly += other.declined_wrongly;
        self.false_discoveries += other.false_discoveries;
        self.verdicts += other.verdicts;
        for (a, b) in self.rises.iter_mut().chain(&mut self.falls).zip(other.rises.iter().chain(&other.falls)) {
            a.soums += b.soums;
            a.found += b.found;
            a.bound += b.bound;
            a.bounded += b.bounded;
            a.held_back += b.held_back;
        }
    }

    pub fn coverage(&self) -> Option<f64> {
        share(self.held, self.intervals)
    }

    /// Coverage of the plain estimator.
    pub fn plain_coverage(&self) -> Option<f64> {
        share(self.plain.1, self.plain.0)
    }

    pub fn improved_wrongly(&self) -> Option<f64> {
        share(self.improved_wrongly, self.unchanged)
    }

    pub fn declined_wrongly(&self) -> Option<f64> {
        share(self.declined_wrongly, self.unchanged)
    }

    pub fn false_discovery_rate(&self) -> Option<f64> {
        (self.countries > 0).then(|| self.false_discoveries / self.countries as f64)
    }

    pub fn verdict_share(&self) -> Option<f64> {
        share(self.verdicts, self.soums)
    }

    /// Power for a change of the size class (0: 20 %, 1: 10 %), rises and falls together, with the bound over the
    /// soums for which it is known.
    pub fn power(&self, class: usize) -> Option<(f64, Option<f64>)> {
        let (rise, fall) = (self.rises.get(class)?, self.falls.get(class)?);
        let (n, bounded) = (rise.soums + fall.soums, rise.bounded + fall.bounded);
        let bound = (bounded > 0).then(|| (rise.bound + fall.bound) / bounded as f64);
        Some((share(rise.found + fall.found, n)?, bound))
    }
}

impl Tally {
    /// Power for rises and for falls of the size class, and the share of rises held back by width or tier.
    pub fn directions(&self, class: usize) -> [Option<f64>; 3] {
        let (Some(rise), Some(fall)) = (self.rises.get(class), self.falls.get(class)) else { return [None; 3] };
        [share(rise.found, rise.soums), share(fall.found, fall.soums), share(rise.held_back, rise.soums)]
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The power of a two-sided test at `p` for a change known to have this standard error, under the scheme's width rule
/// for rises: a soum whose own noise floor passes 10 % is not called improved whatever it does.
fn bound(change_percent: f64, se_ln: f64, p: f64, rise: bool) -> f64 {
    // noise floor of five against five baseline years over the standard error of ten against five, times t(.95, 20)
    let floor_percent = 100.0 * (1.7247 * se_ln * (0.4_f64 / 0.3).sqrt()).exp_m1();
    if p <= 0.0 || (rise && floor_percent > 10.0) {
        return 0.0;
    }
    let z = upper_quantile(0.5 * p);
    normal_cdf((0.01 * change_percent).ln_1p().abs() / se_ln - z)
}

fn upper_quantile(tail: f64) -> f64 {
    let (mut low, mut high) = (0.0, 8.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if 1.0 - normal_cdf(middle) > tail { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}
