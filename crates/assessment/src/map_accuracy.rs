//! Area and accuracy of mapped classes from reference samples: what the map says, put right by what was seen.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::records::{ClassArea, ReferenceSample};
use belcheer_domain::{Finding, Severity};
use belcheer_verification::estimators::olofsson::{AreaEstimate, estimate_areas};
use belcheer_verification::normal_quantile;

use crate::error::AssessmentError;
use crate::table::Table;

/// Reference samples of a class below which its accuracy is told to be uncertain (Olofsson et al. 2014).
const SAMPLES_ADVISED: u64 = 50;

/// Estimated areas, with what was noticed.
#[derive(Debug)]
pub struct MapAccuracy {
    classes: Vec<ClassArea>,
    samples: Vec<u64>,
    estimate: AreaEstimate,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Estimates areas and accuracies; the mapped classes are the strata. `sample` and `strata` name the files.
///
/// # Errors
/// When a class of the sample has no mapped area, is listed twice or has fewer than two samples.
pub fn map_accuracy(
    samples: &[ReferenceSample],
    classes: Vec<ClassArea>,
    (sample, strata): (&str, &str),
) -> Result<MapAccuracy, AssessmentError> {
    let refused = |text: String| Err(AssessmentError::Refused(text));
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, row) in classes.iter().enumerate() {
        if place.insert(&row.class, at).is_some() {
            return refused(format!("{strata}: the class {} is listed twice; give its whole area once", row.class));
        }
    }
    let unknown: BTreeSet<&str> =
        samples.iter().map(|s| s.mapped.as_str()).filter(|class| !place.contains_key(class)).collect();
    if let Some(class) = unknown.first() {
        return refused(format!("{sample}: the map class {class} has no area in {strata}; add a row for it"));
    }
    let mut matrix = vec![vec![0_u64; classes.len()]; classes.len()];
    for row in samples {
        let Some(reference) = place.get(row.reference.as_str()) else {
            return refused(format!(
                "{sample}: the reference class {} is no class of {strata}; merge it into one that is mapped",
                row.reference
            ));
        };
        let cell = place.get(row.mapped.as_str()).and_then(|at| matrix.get_mut(*at)?.get_mut(*reference));
        cell.into_iter().for_each(|count| *count += 1);
    }
    let counts: Vec<u64> = matrix.iter().map(|row| row.iter().sum()).collect();
    if let Some((class, n)) = classes.iter().zip(&counts).find(|(_, n)| **n < 2) {
        let class = &class.class;
        return refused(format!(
            "{sample}: the map class {class} has {n} reference samples; at least 2 are needed, 50 are advised"
        ));
    }
    let areas: Vec<f64> = classes.iter().map(|c| c.area_ha).collect();
    let estimate = estimate_areas(&matrix, &areas).map_err(|e| AssessmentError::Refused(format!("{strata}: {e}")))?;
    let few = classes.iter().zip(&counts).filter(|(_, n)| **n < SAMPLES_ADVISED);
    let findings = few.map(|(class, n)| few_samples(sample, &class.class, *n)).collect();
    Ok(MapAccuracy { classes, samples: counts, estimate, findings })
}

fn few_samples(sample: &str, class: &str, n: u64) -> Finding {
    Finding::new("few_reference_samples", Severity::Warning, sample).at(class).count(n).text(
        format!("{n} reference samples of the class; at least {SAMPLES_ADVISED} are advised, and 75 of a rare class"),
        format!("тус ангиллын лавлах цэг {n}; дор хаяж {SAMPLES_ADVISED}, ховор ангилалд 75 байхыг зөвлөдөг"),
    )
}

impl MapAccuracy {
    /// One row a class, and one of all classes with the overall accuracy.
    #[must_use]
    pub fn table(&self) -> Table {
        let z = normal_quantile(0.95).unwrap_or(f64::NAN);
        let (classes, found) = (&self.classes, &self.estimate.classes);
        let total: f64 = classes.iter().map(|c| c.area_ha).sum();
        let n = |count: &u64| i64::try_from(*count).ok();
        let all = self.samples.iter().sum::<u64>();
        let column = |value: &dyn Fn(&belcheer_verification::estimators::olofsson::ClassArea) -> Option<f64>| {
            found.iter().map(value).chain([None]).collect::<Vec<_>>()
        };
        let only_all = |value: f64| classes.iter().map(|_| None).chain([Some(value)]).collect::<Vec<_>>();
        Table::default()
            .text("class", classes.iter().map(|c| Some(c.class.as_str())).chain([Some("all")]))
            .int("n", self.samples.iter().map(n).chain([n(&all)]))
            .float("mapped_area_ha", classes.iter().map(|c| Some(c.area_ha)).chain([Some(total)]))
            .float("area_ha", found.iter().map(|c| Some(c.area)).chain([Some(total)]))
            .float("se_ha", column(&|c| Some(c.area_se)))
            .float("ci90_low", column(&|c| Some(c.area - z * c.area_se)))
            .float("ci90_high", column(&|c| Some(c.area + z * c.area_se)))
            .float("users_accuracy", column(&|c| Some(c.users_accuracy)))
            .float("users_accuracy_se", column(&|c| Some(c.users_accuracy_se)))
            .float("producers_accuracy", column(&|c| c.producers_accuracy))
            .float("producers_accuracy_se", column(&|c| c.producers_accuracy_se))
            .float("overall_accuracy", only_all(self.estimate.overall_accuracy))
            .float("overall_accuracy_se", only_all(self.estimate.overall_accuracy_se))
    }
}
