//! Calibration of a vegetation index to standing biomass, by natural zone.
//!
//! `ln(Y + d) = a + b VI + e` by least squares over matched plots and years, with `d` = 5 kg/ha. Back to kg/ha with the
//! smearing factor (Duan 1983): `Y = exp(a + b VI) * mean(exp(e)) - d`, never below 0. Validation leaves one soum out at
//! a time: its plots are predicted by a relation that has not seen the soum. Coefficients are never taken from elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::{NaturalZone, SoumCode};

use crate::{
    numeric::{mean, sum},
    sets::{Fault, parameter_set},
};

parameter_set!(
    /// How a vegetation index is calibrated.
    CalibrationRules, "calibration", "calibration.toml" {
        /// Added to the yield before the logarithm, kg/ha.
        floor_kg_ha: f64,
        /// Fewest pairs of a relation of its own.
        pairs_min: usize,
        /// Index of bare soil, for the line through zone means.
        soil_index: f64,
        /// Least r2 of soums left out with which a relation is used.
        r2_min: f64,
        /// Fewest soums left out in turn with which a relation is used.
        soums_min: usize,
    }
);

impl CalibrationRules {
    fn first_fault(&self) -> Result<(), Fault> {
        Fault::unless("floor_kg_ha", self.floor_kg_ha, self.floor_kg_ha > 0.0, "positive")?;
        Fault::unless("pairs_min", self.pairs_min as f64, self.pairs_min >= 3, "at least 3")?;
        Fault::unless("soil_index", self.soil_index, self.soil_index.abs() < 1.0, "between -1 and 1")?;
        Fault::unless("r2_min", self.r2_min, (0.0..1.0).contains(&self.r2_min), "from 0 to below 1")?;
        Fault::unless("soums_min", self.soums_min as f64, self.soums_min >= 2, "at least 2")
    }
}

/// Why yields are not taken from a relation.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// Too few pairs for a relation of its own.
    #[error("{pairs} pairs of plot and year, {least} are needed")]
    FewPairs {
        /// Pairs held.
        pairs: usize,
        /// Fewest.
        least: usize,
    },
    /// Too few soums to leave out in turn.
    #[error("{soums} soums, {least} are needed to leave one out in turn")]
    FewSoums {
        /// Soums held.
        soums: usize,
        /// Fewest.
        least: usize,
    },
    /// It predicts soums that it has not seen too badly.
    #[error("r2 of soums left out {r2:.2}, above {least} is needed")]
    LowR2 {
        /// What was found.
        r2: f64,
        /// Least.
        least: f64,
    },
    /// More vegetation, less biomass.
    #[error("biomass falls with the index")]
    NegativeSlope,
}

/// A plot and year with its index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The soum, left out as a whole.
    pub soum: SoumCode,
    /// Vegetation index.
    pub index: f64,
    /// Standing biomass, kg/ha.
    pub yield_kg_ha: f64,
}

/// How well soums are predicted that the relation has not seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Validation {
    /// `1 - SSE / SST` of the yields in kg/ha; negative when the mean predicts better.
    pub r2: f64,
    /// Root mean square error, kg/ha.
    pub rmse_kg_ha: f64,
    /// Mean of predicted less measured, kg/ha.
    pub bias_kg_ha: f64,
    /// Soums left out in turn.
    pub soums: usize,
}

/// The form of a relation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// `exp(intercept + slope VI) * smearing - floor`.
    LogLinear {
        /// Intercept a.
        intercept: f64,
        /// Slope b.
        slope: f64,
        /// Mean of `exp(residual)`.
        smearing: f64,
        /// d, kg/ha.
        floor_kg_ha: f64,
    },
    /// A line through bare soil and the means, for want of pairs.
    ThroughMeans {
        /// Mean index.
        index_mean: f64,
        /// Mean yield, kg/ha.
        yield_mean_kg_ha: f64,
        /// Index of bare soil.
        soil_index: f64,
    },
}

/// The relation of a zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relation {
    /// Its form.
    pub form: Form,
    /// Pairs behind it.
    pub pairs: usize,
    /// Validation with one soum left out; `None` with fewer than two soums, or for a line through means.
    pub validation: Option<Validation>,
}

impl Relation {
    /// Yield of an index, kg/ha, never below 0; `None` for an index that is not finite, or a yield that is not.
    #[must_use]
    pub fn yield_kg_ha(&self, index: f64) -> Option<f64> {
        let value = match self.form {
            Form::LogLinear { intercept, slope, smearing, floor_kg_ha } => {
                libm::exp(intercept + slope * index) * smearing - floor_kg_ha
            }
            Form::ThroughMeans { index_mean, yield_mean_kg_ha, soil_index } => {
                yield_mean_kg_ha * (index - soil_index) / (index_mean - soil_index)
            }
        };
        value.is_finite().then_some(value.max(0.0))
    }

    /// Why yields are not to be taken from this relation; empty where they may be.
    #[must_use]
    pub fn unfit(&self, rules: &CalibrationRules) -> Vec<Unfit> {
        let Form::LogLinear { slope, .. } = self.form else {
            return vec![Unfit::FewPairs { pairs: self.pairs, least: rules.pairs_min }];
        };
        let soums = self.validation.map_or(1, |v| v.soums);
        let r2 = self.validation.map_or(f64::NEG_INFINITY, |v| v.r2);
        let enough = soums >= rules.soums_min;
        let mut reasons = Vec::new();
        if !enough {
            reasons.push(Unfit::FewSoums { soums, least: rules.soums_min });
        } else if r2 <= rules.r2_min {
            reasons.push(Unfit::LowR2 { r2, least: rules.r2_min });
        }
        if slope <= 0.0 {
            reasons.push(Unfit::NegativeSlope);
        }
        reasons
    }
}

/// Why a zone has no relation.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CalibrationError {
    /// A yield cannot be.
    #[error("soum {soum} has a biomass of {yield_kg_ha} kg/ha; it must be a number, not negative")]
    Yield {
        /// The soum.
        soum: SoumCode,
        /// What was given.
        yield_kg_ha: f64,
    },
    /// No index differs from another or from bare soil, or there is no pair.
    #[error("{pairs} pairs with one index tell no relation; match plots with more years or places")]
    NoSpread {
        /// How many pairs.
        pairs: usize,
    },
}

/// Fits the relation of one zone.
///
/// # Errors
/// When a yield is negative or not finite, or the index does not vary.
///
/// ```
/// use belcheer_domain::SoumCode;
/// use belcheer_rangeland::{ParameterSet, calibration::{CalibrationRules, Pair, fit}};
/// let rules = CalibrationRules::by_name("vi_biomass_1")?;
/// let soum = |k: u16| SoumCode::normalise(&format!("{}", 6401 + 3 * (k % 2))).expect("a code").0;
/// // yields that follow ln(Y + 5) = 3 + 6 VI exactly
/// let pairs: Vec<Pair> = (0..30_u16).map(|k| {
///     let index = 0.1 + 0.02 * f64::from(k);
///     Pair { soum: soum(k), index, yield_kg_ha: (3.0 + 6.0 * index).exp() - 5.0 }
/// }).collect();
/// let relation = fit(&pairs, &rules)?;
/// assert!((relation.yield_kg_ha(0.5).expect("a yield") - (6.0_f64.exp() - 5.0)).abs() < 1e-6);
/// assert!(relation.validation.expect("two soums").r2 > 0.999);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fit(pairs: &[Pair], rules: &CalibrationRules) -> Result<Relation, CalibrationError> {
    if let Some(bad) = pairs.iter().find(|p| !(p.yield_kg_ha.is_finite() && p.yield_kg_ha >= 0.0)) {
        return Err(CalibrationError::Yield { soum: bad.soum, yield_kg_ha: bad.yield_kg_ha });
    }
    let pairs: Vec<Pair> = pairs.iter().copied().filter(|p| p.index.is_finite()).collect();
    let no_spread = CalibrationError::NoSpread { pairs: pairs.len() };
    if pairs.len() < rules.pairs_min {
        return through_means(&pairs, rules).ok_or(no_spread);
    }
    let form = log_linear(&pairs, rules.floor_kg_ha).ok_or(no_spread)?;
    Ok(Relation { form, pairs: pairs.len(), validation: leave_soum_out(&pairs, rules.floor_kg_ha) })
}

/// Fits every zone; a zone without a relation has its reason.
#[must_use]
pub fn fit_zones(
    pairs: &BTreeMap<NaturalZone, Vec<Pair>>,
    rules: &CalibrationRules,
) -> BTreeMap<NaturalZone, Result<Relation, CalibrationError>> {
    pairs.iter().map(|(zone, pairs)| (*zone, fit(pairs, rules))).collect()
}

fn through_means(pairs: &[Pair], rules: &CalibrationRules) -> Option<Relation> {
    let index_mean = mean(&pairs.iter().map(|p| p.index).collect::<Vec<_>>())?;
    let yield_mean_kg_ha = mean(&pairs.iter().map(|p| p.yield_kg_ha).collect::<Vec<_>>())?;
    let form = Form::ThroughMeans { index_mean, yield_mean_kg_ha, soil_index: rules.soil_index };
    (index_mean > rules.soil_index).then_some(Relation { form, pairs: pairs.len(), validation: None })
}

fn log_linear(pairs: &[Pair], floor_kg_ha: f64) -> Option<Form> {
    let ln = |p: &Pair| libm::log(p.yield_kg_ha + floor_kg_ha);
    let n = pairs.len() as f64;
    let (mean_x, mean_y) = (sum(pairs.iter().map(|p| p.index)) / n, sum(pairs.iter().map(ln)) / n);
    let xx = sum(pairs.iter().map(|p| (p.index - mean_x).powi(2)));
    if pairs.len() < 3 || xx <= 0.0 {
        return None;
    }
    let slope = sum(pairs.iter().map(|p| (p.index - mean_x) * (ln(p) - mean_y))) / xx;
    let intercept = mean_y - slope * mean_x;
    let smearing = sum(pairs.iter().map(|p| libm::exp(ln(p) - intercept - slope * p.index))) / n;
    Some(Form::LogLinear { intercept, slope, smearing, floor_kg_ha })
}

fn leave_soum_out(pairs: &[Pair], floor_kg_ha: f64) -> Option<Validation> {
    let soums: BTreeSet<SoumCode> = pairs.iter().map(|p| p.soum).collect();
    if soums.len() < 2 {
        return None;
    }
    let mut errors = Vec::with_capacity(pairs.len());
    for soum in &soums {
        let (out, seen): (Vec<Pair>, Vec<Pair>) = pairs.iter().partition(|p| p.soum == *soum);
        let form = log_linear(&seen, floor_kg_ha)?;
        let relation = Relation { form, pairs: seen.len(), validation: None };
        for pair in out {
            errors.push(relation.yield_kg_ha(pair.index)? - pair.yield_kg_ha);
        }
    }
    let n = pairs.len() as f64;
    let centre = sum(pairs.iter().map(|p| p.yield_kg_ha)) / n;
    let total = sum(pairs.iter().map(|p| (p.yield_kg_ha - centre).powi(2)));
    let squares = sum(errors.iter().map(|e| e * e));
    (total > 0.0).then(|| Validation {
        r2: 1.0 - squares / total,
        rmse_kg_ha: (squares / n).sqrt(),
        bias_kg_ha: sum(errors.iter().copied()) / n,
        soums: soums.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParameterSet;

    fn rules() -> CalibrationRules {
        CalibrationRules::by_name("vi_biomass_1").unwrap()
    }

    fn pair(soum: u16, index: f64, yield_kg_ha: f64) -> Pair {
        Pair { soum: SoumCode::normalise(&soum.to_string()).unwrap().0, index, yield_kg_ha }
    }

    /// Forty pairs of two soums around a relation, with alternating residuals of the logarithm.
    fn scattered(residual: f64) -> Vec<Pair> {
        (0..40)
            .map(|k: u16| {
                let index = 0.1 + 0.01 * f64::from(k / 2);
                let sign = if k.is_multiple_of(2) { 1.0 } else { -1.0 };
                pair(if k % 4 < 2 { 6401 } else { 6404 }, index, (4.0 + 5.0 * index + sign * residual).exp() - 5.0)
            })
            .collect()
    }

    #[test]
    fn smearing_brings_back_the_mean() {
        let relation = fit(&scattered(0.5), &rules()).unwrap();
        let Form::LogLinear { slope, smearing, .. } = relation.form else { panic!("enough pairs") };
        assert!((slope - 5.0).abs() < 1e-9);
        // residuals of +-0.5: the mean of their exponentials is cosh(0.5)
        assert!((smearing - 0.5_f64.cosh()).abs() < 1e-9);
        let at = relation.yield_kg_ha(0.2).unwrap();
        assert!((at - (5.0_f64.exp() * 0.5_f64.cosh() - 5.0)).abs() < 1e-9);
    }

    #[test]
    fn a_soum_that_differs_is_predicted_badly_when_left_out() {
        let mut pairs = scattered(0.0);
        let alike = fit(&pairs, &rules()).unwrap().validation.unwrap();
        for p in pairs.iter_mut().filter(|p| p.soum.number() == 6404) {
            p.yield_kg_ha *= 2.0;
        }
        let unlike = fit(&pairs, &rules()).unwrap().validation.unwrap();
        assert!(alike.r2 > 0.999 && alike.rmse_kg_ha < 1e-6);
        assert!(unlike.rmse_kg_ha > 50.0 && unlike.r2 < 0.7, "{unlike:?}");
    }

    #[test]
    fn a_relation_is_used_only_where_it_predicts_soums_left_out() {
        let open = CalibrationRules::by_name("vi_biomass_open").unwrap();
        let close = fit(&scattered(0.1), &rules()).unwrap();
        // two soums are too few by the usual rules
        assert_eq!(close.unfit(&rules()), [Unfit::FewSoums { soums: 2, least: 5 }]);
        assert!(close.unfit(&open).is_empty());
        let five = |residual: f64| -> Vec<Pair> {
            let soums = [6401, 6404, 6407, 6410, 6413];
            scattered(residual)
                .into_iter()
                .zip(0_usize..)
                .map(|(p, k)| pair(soums[k / 2 % 5], p.index, p.yield_kg_ha))
                .collect()
        };
        assert!(fit(&five(0.1), &rules()).unwrap().unfit(&rules()).is_empty());
        let loose = fit(&five(1.4), &rules()).unwrap();
        assert!(matches!(loose.unfit(&rules()).as_slice(), [Unfit::LowR2 { least: 0.3, .. }]), "{loose:?}");
        let few = fit(&scattered(0.1)[..4], &rules()).unwrap();
        assert_eq!(few.unfit(&rules()), [Unfit::FewPairs { pairs: 4, least: 30 }]);
    }

    #[test]
    fn few_pairs_give_a_line_through_the_means() {
        let few = [pair(6401, 0.2, 100.0), pair(6401, 0.3, 200.0)];
        let relation = fit(&few, &rules()).unwrap();
        assert_eq!(relation.validation, None);
        assert!((relation.yield_kg_ha(0.25).unwrap() - 150.0).abs() < 1e-9);
        assert_eq!(relation.yield_kg_ha(0.05), Some(0.0));
        assert_eq!(relation.yield_kg_ha(0.01), Some(0.0));
        assert_eq!(fit(&[], &rules()), Err(CalibrationError::NoSpread { pairs: 0 }));
    }

    #[test]
    fn a_negative_biomass_is_refused() {
        let found = fit(&[pair(6401, 0.2, -1.0)], &rules());
        assert!(found.unwrap_err().to_string().contains("-1 kg/ha"));
        assert!(fit(&vec![pair(6401, 0.2, 100.0); 30], &rules()).is_err());
    }
}
