//! From the rows of an assessment to the JSON of a verification.

use belcheer_assessment::result::{IndicatorRow, InputRef, SoumRow, StockingRow};
use belcheer_assessment::review::ReviewRow;
use belcheer_domain::Finding;

use crate::lang::Text;
use crate::verification::contribution::ContributionBody;
use crate::verification::shape::{FindingBody, IndicatorBody, InputBody, ReviewBody, StockingBody};
use crate::{links, verification, words};

impl IndicatorBody {
    /// An indicator of a soum, or of a part of it, with the names of the soum.
    pub(crate) fn new<Z>(row: &IndicatorRow<Z>, soum: &SoumRow) -> Self {
        Self {
            au2: soum.au2,
            name_mn: soum.name_mn.clone(),
            name_en: soum.name_en.clone(),
            aimag: soum.aimag.clone(),
            indicator: row.indicator,
            indicator_text: words::indicator(row.indicator),
            unit: row.unit.clone(),
            zone_level: row.zone_level.clone(),
            zone_id: row.zone_id.clone(),
            baseline_value: row.baseline_value,
            reporting_value: row.reporting_value,
            value_unit: row.value_unit.clone(),
            level_score: row.level_score,
            effect: row.effect,
            raw_effect: row.raw_effect,
            ci90_low: row.ci90.map(|c| c.0),
            ci90_high: row.ci90.map(|c| c.1),
            p: row.p,
            p_bh: row.p_bh,
            mdc: row.mdc,
            epsilon: row.epsilon,
            year_band90_low: row.sensitivity.year_band90.map(|b| b.0),
            year_band90_high: row.sensitivity.year_band90.map(|b| b.1),
            class: row.class,
            class_text: words::class(row.class),
            reasons: verification::reasons(&row.reasons),
            resolution: row.resolution.as_ref().map(|(en, mn)| Text::new(mn, en)),
            tier: row.tier,
            coverage: row.coverage,
            n_plots: row.n_plots,
            n_eff: row.n_eff,
            contribution: row.sensitivity.contribution.as_ref().map(ContributionBody::from),
            method_id: row.method_id.clone(),
            method_href: links::method(&row.method_id),
        }
    }
}

impl From<&ReviewRow> for ReviewBody {
    fn from(row: &ReviewRow) -> Self {
        let attack = row.attack;
        Self {
            attack: attack.id.to_owned(),
            attack_text: Text::new(attack.attack_mn, attack.attack_en),
            defence: row.defence.as_str().to_owned(),
            defence_text: Text::new(attack.defence_mn, attack.defence_en),
            number: row.number,
            unit: (!attack.unit.is_empty()).then(|| attack.unit.to_owned()),
        }
    }
}

impl From<&StockingRow> for StockingBody {
    fn from(row: &StockingRow) -> Self {
        Self {
            year: row.year,
            season: row.season.clone(),
            sfu: row.sfu,
            area_ha: row.area_ha,
            yield_kg_ha: row.yield_kg_ha,
            utilisation: row.utilisation,
            capacity_sfu: row.capacity_sfu,
            stocking_rate_sfu_ha: row.stocking_rate_sfu_ha,
            ratio: row.ratio,
            ratio_ci90_low: row.ratio_ci90.map(|c| c.0),
            ratio_ci90_high: row.ratio_ci90.map(|c| c.1),
            class: row.class.clone(),
            class_text: row.class.as_deref().map(words::stocking_class),
            balance_sfu: row.balance_sfu,
            parameter_set: row.parameter_set.clone(),
        }
    }
}

impl From<&Finding> for FindingBody {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code.clone(),
            severity: finding.severity,
            input: finding.input.clone(),
            place: (!finding.place.is_empty()).then(|| finding.place.clone()),
            count: finding.count,
            text: Text::new(&finding.text_mn, &finding.text_en),
        }
    }
}

impl From<&InputRef> for InputBody {
    fn from(input: &InputRef) -> Self {
        Self {
            kind: input.kind.clone(),
            name: input.name.clone(),
            digest: input.digest,
            href: links::dataset(input.digest),
        }
    }
}
