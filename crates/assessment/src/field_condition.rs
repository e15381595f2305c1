//! Condition of surveyed plots: cover from line-point intercepts, gaps between plants, and the class that rules give.
//!
//! A plot whose survey cannot be right is refused with a finding, and the others are computed.

use std::collections::{BTreeMap, BTreeSet};

use belcheer_domain::records::{LinePointHit, NaturalZone, PlantGap, Site};
use belcheer_domain::{Finding, Severity};
use belcheer_rangeland::ParameterSet;
use belcheer_rangeland::condition::{
    Cover, GapClasses, GapLine, LinePointCodes, Measurement, Point, Rule, RuleBook, Verdict, cover, gap_cover,
};

use crate::error::AssessmentError;
use crate::table::Table;

/// What was surveyed.
#[derive(Debug, Default)]
pub struct Survey {
    /// What pins touched.
    pub hits: Vec<LinePointHit>,
    /// Gaps between plants.
    pub gaps: Vec<PlantGap>,
    /// Where the plots lie.
    pub sites: Vec<Site>,
    /// Rules that give a class.
    pub rules: Option<RuleBook>,
}

/// One value of one plot.
#[derive(Debug, Clone, PartialEq)]
pub struct PlotValue {
    /// The plot and its visit.
    pub plot: String,
    /// What was measured, such as `foliar_cover`, `plant:STKR`, `gap_25_50`, `recovery_class`.
    pub indicator: String,
    /// The value; `None` where it cannot be given.
    pub value: Option<f64>,
    /// `percent`, or `class` 1 to 5.
    pub unit: &'static str,
    /// Points, or gaps of the class.
    pub count: Option<usize>,
    /// The method's id.
    pub method: &'static str,
    /// Label of the parameter set.
    pub parameter_set: String,
    /// Why there is no value.
    pub reason: Option<String>,
}

/// Values of every plot, in the order of their names, with what was noticed.
#[derive(Debug)]
pub struct PlotConditions {
    /// By plot and indicator.
    pub values: Vec<PlotValue>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// The rules of a JSON document.
///
/// # Errors
/// When it is no list of rules, or a rule asks nothing or has a threshold outside 0 to 100 percent.
pub fn rules_of(text: &str, name: &str) -> Result<RuleBook, AssessmentError> {
    let refused = |reason: String| AssessmentError::Refused(format!("the rules {name}: {reason}"));
    let mut rules: Vec<Rule> = serde_json::from_str(text).map_err(|e| refused(e.to_string()))?;
    for rule in &mut rules {
        (rule.zone, rule.landform) = (zone_name(&rule.zone), plain(&rule.landform));
    }
    RuleBook::new(rules).map_err(|e| refused(e.to_string()))
}

/// A natural zone by its code where it is known by any of its names.
fn zone_name(text: &str) -> String {
    NaturalZone::recognise(text).map_or_else(|| plain(text), |zone| zone.as_str().to_owned())
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Computes every plot of a survey.
///
/// # Errors
/// When a parameter set is unknown.
pub fn plot_conditions(survey: &Survey) -> Result<PlotConditions, AssessmentError> {
    let named = |e: belcheer_rangeland::SetError| AssessmentError::ParameterSet(e.to_string());
    let codes = LinePointCodes::by_name("line_point_herrick").map_err(named)?;
    let classes = GapClasses::by_name("gaps_cm_25").map_err(named)?;
    let points = points(&survey.hits);
    let lines = lines(&survey.gaps);
    let mut found = PlotConditions { values: Vec::new(), findings: Vec::new() };
    let mut covers: BTreeMap<&str, Cover> = BTreeMap::new();
    for (plot, points) in &points {
        match cover(points, &codes) {
            Ok(measured) => {
                found.cover(plot, &measured, &codes);
                covers.insert(plot, measured);
            }
            Err(error) => found.refused(plot, "cover", "condition.lpi", codes.label(), error.to_string()),
        }
    }
    for (plot, lines) in &lines {
        match gap_cover(lines, &classes) {
            Ok(gaps) => {
                found.values.extend(gaps.into_iter().map(|gap| PlotValue {
                    plot: (*plot).to_owned(),
                    indicator: gap.class,
                    value: Some(gap.percent),
                    unit: "percent",
                    count: Some(gap.gaps),
                    method: "condition.gaps",
                    parameter_set: classes.label(),
                    reason: None,
                }));
            }
            Err(error) => found.refused(plot, "gaps", "condition.gaps", classes.label(), error.to_string()),
        }
    }
    if let Some(rules) = &survey.rules {
        found.classes(rules, &survey.sites, &covers);
    }
    found.values.sort_by(|a, b| (&a.plot, a.method).cmp(&(&b.plot, b.method)));
    found.findings.sort();
    Ok(found)
}

/// Points of every plot, from the hits of their pins.
fn points(hits: &[LinePointHit]) -> BTreeMap<&str, Vec<Point>> {
    #[derive(Default)]
    struct Pin<'a> {
        canopy: BTreeMap<u32, &'a str>,
        surface: Option<&'a str>,
    }
    let mut pins: BTreeMap<(&str, &str, &str), Pin<'_>> = BTreeMap::new();
    for hit in hits {
        let pin = pins.entry((hit.plot.as_str(), hit.line.as_str(), hit.point.as_str())).or_default();
        match depth(&hit.layer) {
            Some(depth) => drop(pin.canopy.insert(depth, &hit.code)),
            None => pin.surface = Some(&hit.code),
        }
    }
    let mut plots: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
    for ((plot, ..), pin) in pins {
        // without a top layer nothing stands above the lower ones
        let top = (!pin.canopy.contains_key(&0)).then(|| "None".to_owned());
        let canopy = top.into_iter().chain(pin.canopy.values().map(|code| (*code).to_owned())).collect();
        // a pin without a surface is refused with its plot
        let surface = pin.surface.unwrap_or_default().to_owned();
        plots.entry(plot).or_default().push(Point { canopy, surface });
    }
    plots
}

/// How far below the top a layer lies; `None` of the soil surface.
fn depth(layer: &str) -> Option<u32> {
    let layer = layer.to_lowercase();
    if layer.contains("surface") || layer.contains("хөрс") {
        return None;
    }
    let digits: String = layer.chars().filter(char::is_ascii_digit).collect();
    Some(digits.parse().unwrap_or(0))
}

/// Lines of every plot.
fn lines(gaps: &[PlantGap]) -> BTreeMap<&str, Vec<GapLine>> {
    let mut lines: BTreeMap<(&str, &str), GapLine> = BTreeMap::new();
    for gap in gaps {
        let new = || GapLine { length_cm: 100.0 * gap.line_m, gaps_cm: Vec::new() };
        lines.entry((&gap.plot, &gap.line)).or_insert_with(new).gaps_cm.extend(gap.gap_cm);
    }
    let mut plots: BTreeMap<&str, Vec<GapLine>> = BTreeMap::new();
    for ((plot, _), line) in lines {
        plots.entry(plot).or_default().push(line);
    }
    plots
}

impl PlotConditions {
    fn cover(&mut self, plot: &str, measured: &Cover, codes: &LinePointCodes) {
        let covers = [
            ("foliar_cover", measured.foliar_percent),
            ("bare_soil", measured.bare_soil_percent),
            ("litter", measured.litter_percent),
            ("rock", measured.rock_percent),
            ("moss", measured.moss_percent),
            ("lichen", measured.lichen_percent),
        ];
        let plants = measured.plant_percent.iter().map(|(plant, percent)| (format!("plant:{plant}"), *percent));
        let values = covers.map(|(name, percent)| (name.to_owned(), percent)).into_iter().chain(plants);
        self.values.extend(values.map(|(indicator, percent)| PlotValue {
            plot: plot.to_owned(),
            indicator,
            value: Some(percent),
            unit: "percent",
            count: Some(measured.points),
            method: "condition.lpi",
            parameter_set: codes.label(),
            reason: None,
        }));
    }

    fn refused(&mut self, plot: &str, indicator: &str, method: &'static str, parameter_set: String, reason: String) {
        self.findings.push(Finding::new("plot_refused", Severity::Error, plot).at(indicator).text(
            format!("{reason}; the plot has no {indicator}"),
            format!("талбайн {indicator} тооцсонгүй: {reason}"),
        ));
        self.values.push(PlotValue {
            plot: plot.to_owned(),
            indicator: indicator.to_owned(),
            value: None,
            unit: "percent",
            count: None,
            method,
            parameter_set,
            reason: Some(reason),
        });
    }

    /// The class of every site. A plant that the survey knows but did not touch here has no cover; one that it never
    /// names was not looked for, and is missing.
    fn classes(&mut self, rules: &RuleBook, sites: &[Site], covers: &BTreeMap<&str, Cover>) {
        let known: BTreeSet<&String> = covers.values().flat_map(|cover| cover.plant_percent.keys()).collect();
        for site in sites {
            let mut measured = Measurement { soil_score: site.soil_score, ..Measurement::default() };
            if let Some(cover) = covers.get(site.plot.as_str()) {
                let absent = known.iter().map(|plant| ((*plant).clone(), 0.0));
                measured.cover_percent.extend(absent);
                measured
                    .cover_percent
                    .extend(cover.plant_percent.iter().map(|(plant, percent)| (plant.clone(), *percent)));
                let ground = [
                    ("foliar_cover", cover.foliar_percent),
                    ("bare_soil", cover.bare_soil_percent),
                    ("litter", cover.litter_percent),
                    ("rock", cover.rock_percent),
                ];
                measured.cover_percent.extend(ground.map(|(name, percent)| (name.to_owned(), percent)));
            }
            let verdict = rules.classify(&zone_name(&site.zone), &plain(&site.landform), &measured);
            let (class, reason) = match verdict {
                Ok(Verdict::Class(class)) => (Some(class), None),
                Ok(Verdict::Indeterminate { missing }) => {
                    (None, Some(format!("indeterminate: no value of {}", missing.join(", "))))
                }
                Ok(Verdict::NoRuleHolds) => (None, Some("no_rule_holds".to_owned())),
                Ok(Verdict::NoRules) => (None, Some(format!("no_rules of {}, {}", site.zone, site.landform))),
                Err(error) => (None, Some(error.to_string())),
            };
            if let Some(reason) = &reason {
                self.findings.push(Finding::new("class_indeterminate", Severity::Warning, &site.plot).text(
                    format!("no recovery class: {reason}"),
                    format!("сэргэх чадавхийн түвшин тодорхойгүй: {reason}"),
                ));
            }
            self.values.push(PlotValue {
                plot: site.plot.clone(),
                indicator: "recovery_class".to_owned(),
                value: class.map(|class| f64::from(class.number())),
                unit: "class",
                count: covers.get(site.plot.as_str()).map(|cover| cover.points),
                method: "condition.stm",
                parameter_set: "given rules".to_owned(),
                reason,
            });
        }
    }

    /// One row a plot and indicator.
    #[must_use]
    pub fn table(&self) -> Table {
        let rows = &self.values;
        Table::default()
            .text("plot", rows.iter().map(|r| Some(r.plot.as_str())))
            .text("indicator", rows.iter().map(|r| Some(r.indicator.as_str())))
            .float("value", rows.iter().map(|r| r.value))
            .text("unit", rows.iter().map(|r| Some(r.unit)))
            .int("count", rows.iter().map(|r| r.count.map(|count| count as i64)))
            .text("method_id", rows.iter().map(|r| Some(r.method)))
            .text("parameter_set", rows.iter().map(|r| Some(r.parameter_set.as_str())))
            .text("reason", rows.iter().map(|r| r.reason.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"[
        {"zone": "Хээр", "landform": "Тал", "class": 4, "kind": "cover",
         "terms": [{"plant": "bare_soil", "symbol": ">", "percent": 40.0}]},
        {"zone": "Хээр", "landform": "Тал", "class": 1, "kind": "compare", "greater": ["STKR"], "lesser": ["ARFR"]}]"#;

    fn hit(plot: &str, point: &str, layer: &str, code: &str) -> LinePointHit {
        LinePointHit {
            plot: plot.to_owned(),
            line: "1".to_owned(),
            point: point.to_owned(),
            layer: layer.to_owned(),
            code: code.to_owned(),
        }
    }

    fn survey() -> Survey {
        let hits = vec![
            hit("good", "1", "TopCanopy", "STKR"),
            hit("good", "1", "SoilSurface", "S"),
            hit("good", "2", "TopCanopy", "None"),
            hit("good", "2", "Lower1", "L"),
            hit("good", "2", "SoilSurface", "S"),
            hit("bare", "1", "SoilSurface", "S"),
            hit("torn", "1", "TopCanopy", "STKR"),
        ];
        let site = |plot: &str, zone: &str| Site {
            plot: plot.to_owned(),
            zone: zone.to_owned(),
            landform: "тал".to_owned(),
            soil_score: None,
        };
        Survey {
            hits,
            gaps: Vec::new(),
            sites: vec![
                site("good", "steppe"),
                site("bare", "Хээрийн бүс"),
                site("torn", "Хээр"),
                site("good", "desert"),
            ],
            rules: Some(rules_of(RULES, "test").unwrap()),
        }
    }

    #[test]
    fn plots_have_cover_and_class_or_a_reason() {
        let found = plot_conditions(&survey()).unwrap();
        let of = |plot: &str, indicator: &str| -> Vec<&PlotValue> {
            found.values.iter().filter(|v| v.plot == plot && v.indicator == indicator).collect()
        };
        assert_eq!(of("good", "foliar_cover")[0].value, Some(50.0));
        assert_eq!(of("good", "bare_soil")[0].value, Some(0.0));
        assert_eq!(of("bare", "bare_soil")[0].value, Some(100.0));
        assert_eq!(of("bare", "recovery_class")[0].value, Some(4.0));
        let torn = of("torn", "cover")[0];
        assert!(torn.value.is_none() && torn.reason.as_deref().is_some_and(|r| r.contains("no soil surface")));
        assert_eq!(of("torn", "recovery_class")[0].value, None, "nothing measured decides nothing");
        let missing = of("good", "recovery_class");
        assert_eq!(missing[0].reason.as_deref(), Some("indeterminate: no value of ARFR"), "a plant never looked for");
        assert!(missing[1].reason.as_deref().is_some_and(|r| r.starts_with("no_rules")));
        assert_eq!(found.findings.iter().filter(|f| f.code == "plot_refused").count(), 1);
    }
}
