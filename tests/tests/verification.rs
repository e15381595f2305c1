//! The verification's own commands: placebos, power, frozen baselines, differences, schemes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test expects")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use belcheer_tests::{Workspace, number, project, rows, shared};

const PERIODS: [&str; 4] = ["--baseline", "2009..2018", "--reporting", "2019..2024"];

fn sample() -> Workspace {
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let _ =
        workspace.expect(&[0], &["sample", ws.to_str().unwrap(), "--resolution", "0.1", "--soums", "12", "--quiet"]);
    workspace
}

fn assess(workspace: &Workspace, periods: &[&str], out: &str) {
    let _ = workspace.expect(&[0, 1], &[&["--quiet", "assess"], periods, &["-o", out]].concat());
}

fn id(workspace: &Workspace, out: &str) -> String {
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(workspace.path(out).join("manifest.json")).unwrap()).unwrap();
    manifest["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_placebo_on_real_plots_gives_the_published_rates() {
    let Some(data) = shared().map(|place| place.join("data")) else { return };
    let workspace = Workspace::init();
    let file = |name: &str| data.join(name).to_str().unwrap().to_owned();
    let soums = file("boundaries/soum_cod_v3.gpkg");
    let _ = workspace.run_within(300, &["ingest", "boundaries", &soums, "--level", "soum"]).with(&[0, 1]);
    let plots = file("field/namem_biomass_plots_2007_2020.csv");
    let _ = workspace.run_within(300, &["ingest", "table", &plots, "--kind", "biomass-plots"]).with(&[0, 1]);
    let _ = workspace.run_within(300, &["--quiet", "placebo", "-o", "placebo.csv"]).with(&[0]);
    let found = rows(&workspace.path("placebo.csv"));
    let rate = |placebo: &str, estimator: &str| {
        let of = |r: &&BTreeMap<String, String>| {
            r["placebo"] == placebo && r["measure"] == "plot_yield_ln" && r["estimator"] == estimator
        };
        number(found.iter().find(of).unwrap(), "rate_percent").unwrap()
    };
    for (placebo, estimator, published) in [
        ("real_split", "independent", 31.9),
        ("real_split", "year_clustered", 10.8),
        ("interleaved_years", "independent", 13.2),
        ("interleaved_years", "year_clustered", 1.7),
    ] {
        let rate = rate(placebo, estimator);
        assert!((rate - published).abs() <= 1.5, "{placebo} {estimator}: {rate} %, published {published} %");
    }
    for clustered in ["shipped", "plot_and_year_clustered", "wild_cluster_bootstrap"] {
        assert!(rate("interleaved_years", clustered) <= 6.0, "{clustered}");
    }
    // touching soums change alike: they are not independent, and no one may count them so
    let touching = found.iter().find(|r| r["placebo"] == "touching_soums").unwrap();
    assert!(number(touching, "morans_i").unwrap() > 0.1 && number(touching, "morans_p").unwrap() <= 0.01);
    assert!(touching["rejected"].is_empty() && touching["rate_percent"].is_empty());
    // a made-up programme is not found to have helped
    assert!(rate("fake_programme_soum", "shipped") <= 6.0);
}

#[test]
fn a_baseline_is_frozen_and_another_is_a_new_version() {
    let workspace = sample();
    assess(&workspace, &PERIODS, "one");
    let _ = workspace.expect(&[0], &["--quiet", "enrol", "latest", "--soums", "all"]);
    assess(&workspace, &PERIODS, "again");
    let frozen = rows(&workspace.path("again/soums.csv"));
    assert!(frozen.iter().all(|s| s["baseline_version"] == "1"), "{frozen:#?}");
    let codes = |out: &str| -> Vec<String> {
        rows(&workspace.path(out).join("findings.csv")).into_iter().map(|f| f["code"].clone()).collect()
    };
    assert!(!codes("again").iter().any(|c| c.starts_with("baseline_")));

    let other = ["--baseline", "2010..2018", "--reporting", "2019..2024"];
    assess(&workspace, &other, "other");
    assert!(codes("other").contains(&"baseline_not_enrolled".to_owned()));
    let refused = workspace.run(&["enrol", "latest", "--soums", "all"]);
    assert_eq!(refused.status.code(), Some(3));
    let _ = workspace.expect(&[0], &["--quiet", "enrol", "latest", "--soums", "all", "--new-version"]);
    assess(&workspace, &other, "second");
    assert!(rows(&workspace.path("second/soums.csv")).iter().all(|s| s["baseline_version"] == "2"));
    assert!(codes("second").contains(&"baseline_parallel".to_owned()));
}

#[test]
fn an_enrolled_soum_is_compared_with_soums_outside_and_says_what_limits_it() {
    let workspace = sample();
    assess(&workspace, &PERIODS, "one");
    let soum = rows(&workspace.path("one/soums.csv"))[0]["au2"].clone();
    let _ = workspace.expect(&[0], &["--quiet", "enrol", "latest", "--soums", &soum]);
    assess(&workspace, &PERIODS, "again");
    let found = rows(&workspace.path("again/indicators.csv"));
    let (own, others): (Vec<_>, Vec<_>) = found.iter().partition(|r| r["au2"] == soum);
    assert!(others.iter().all(|r| r["contribution_evidence"].is_empty() && r["contribution_limits"].is_empty()));
    let compared: Vec<_> = own.iter().filter(|r| !r["contribution_evidence"].is_empty()).collect();
    assert!(!compared.is_empty(), "{own:#?}");
    for row in compared {
        // of twelve soums no nine are donors, so no placebo p reaches 0.10
        assert_ne!(row["contribution_evidence"], "supported", "{row:?}");
        assert!(!row["contribution_limits"].is_empty(), "{row:?}");
        let donors: Vec<&str> = row["contribution_donor_soums"].split(';').filter(|s| !s.is_empty()).collect();
        assert_eq!(Some(donors.len() as f64), number(row, "contribution_donors"));
        assert!(!donors.contains(&soum.as_str()));
        if let Some(smallest) = number(row, "contribution_smallest_p") {
            assert!((smallest - 1.0 / (1.0 + donors.len() as f64)).abs() < 1e-9, "{row:?}");
            assert!(row["contribution_limits"].contains("placebos_cannot_reach"), "{row:?}");
        }
    }
}

#[test]
fn where_all_soums_are_enrolled_weather_alone_is_the_counterfactual() {
    let workspace = sample();
    assess(&workspace, &PERIODS, "one");
    let _ = workspace.expect(&[0], &["--quiet", "enrol", "latest", "--soums", "all"]);
    assess(&workspace, &PERIODS, "again");
    let mut consistent = 0;
    for row in rows(&workspace.path("again/indicators.csv")) {
        if row["contribution_evidence"].is_empty() {
            continue;
        }
        let by_model = row["indicator"] == "I1";
        assert_eq!(row["contribution_counterfactual"] == "model", by_model, "{row:?}");
        assert_eq!(row["contribution_limits"].contains("counterfactual_by_model"), by_model, "{row:?}");
        assert_eq!(row["contribution_limits"].contains("few_donors"), !by_model, "{row:?}");
        assert_ne!(row["contribution_evidence"], "supported", "{row:?}");
        let effect = number(&row, "contribution_effect");
        assert_eq!(effect.is_some(), by_model, "{row:?}");
        consistent += usize::from(row["contribution_evidence"] == "consistent");
    }
    assert!(consistent > 0);
}

#[test]
fn a_corrected_count_is_named_as_the_cause_of_what_changed() {
    let workspace = sample();
    assess(&workspace, &PERIODS, "before");
    let source = fs::read_to_string(workspace.path("ws/source/livestock.csv")).unwrap();
    let soum = rows(&workspace.path("before/soums.csv"))[0]["au2"].clone();
    let corrected: Vec<String> = source
        .lines()
        .enumerate()
        .filter(|(at, line)| *at == 0 || line.starts_with(&format!("{soum},2022,")))
        .map(|(at, line)| match line.rsplit_once(',') {
            Some((keys, head)) if at > 0 => format!("{keys},{}", head.parse::<f64>().unwrap() * 1.5),
            _ => line.to_owned(),
        })
        .collect();
    assert_eq!(corrected.len(), 6);
    let file = workspace.path("corrected.csv");
    fs::write(&file, corrected.join("\n")).unwrap();
    let _ = workspace.expect(&[0, 1], &["ingest", "table", file.to_str().unwrap(), "--kind", "livestock"]);
    assess(&workspace, &PERIODS, "after");
    let (before, after) = (id(&workspace, "before"), id(&workspace, "after"));
    let _ = workspace.expect(&[0], &["--quiet", "diff", &before, &after, "-o", "diff.csv"]);
    let found = rows(&workspace.path("diff.csv"));
    let effect = found.iter().find(|r| r["au2"] == soum && r["indicator"] == "I3" && r["field"] == "effect").unwrap();
    assert!(effect["because"].starts_with("own livestock changed 2022"), "{effect:?}");
    assert!(number(effect, "difference").unwrap() < 0.0, "more animals are worse: {effect:?}");
    // nothing but the stocking changed, and no other soum's effect
    assert!(found.iter().all(|r| r["indicator"].is_empty() || r["indicator"] == "I3"), "{found:#?}");
    assert!(found.iter().all(|r| r["field"] != "effect" || r["au2"] == soum), "{found:#?}");
    let same = workspace.expect(&[0], &["--quiet", "diff", &before, &before]);
    assert_eq!(same.lines().count(), 1);
}

#[test]
fn power_says_what_is_missing() {
    let workspace = sample();
    let text =
        [&["--quiet", "power", "--indicator", "I1", "--change", "10"], &PERIODS[..], &["-o", "power.csv"]].concat();
    let _ = workspace.expect(&[0], &text);
    let found = rows(&workspace.path("power.csv"));
    assert_eq!(found.len(), 12);
    for row in &found {
        let (all, with_map) = (number(row, "points_needed").unwrap(), number(row, "points_needed_with_map").unwrap());
        assert!((with_map / all - 0.3).abs() < 0.05, "{row:?}");
        assert_eq!(row["detectable"] == "yes", number(row, "mdc").unwrap() <= 10.0, "{row:?}");
    }
}

#[test]
fn a_wrong_scheme_is_refused_with_the_line() {
    let workspace = Workspace::init();
    let national = fs::read_to_string(project().join("schemes/mn-national-1.toml")).unwrap();
    for (was, wrong, told) in [
        ("confidence = 0.90", "confidence = 9.0", "decision.confidence"),
        ("intake = \"intake_almgac\"", "intake = \"intake_of_mine\"", "parameters.intake"),
        ("weight = 0.25", "wait = 0.25", "wait"),
    ] {
        let line = national.lines().position(|l| l.starts_with(was)).unwrap() + 1;
        fs::write(workspace.path("mine.toml"), national.replacen(was, wrong, 1)).unwrap();
        let arguments = [&["assess", "--scheme", "mine.toml"], &PERIODS[..]].concat();
        let ended = workspace.run_within(60, &arguments).with(&[3]);
        assert!(ended.stderr.contains(&format!("line {line}")) && ended.stderr.contains(told), "{}", ended.stderr);
    }
}

/// Every source file below a folder, as one text.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, text);
        } else if entry.extension().is_some_and(|e| e == "rs") {
            text.push_str(&fs::read_to_string(&entry).unwrap());
        }
    }
}

#[test]
fn every_test_that_the_table_of_attacks_names_exists() {
    let mut code = String::new();
    sources(&project().join("crates"), &mut code);
    sources(&project().join("tests"), &mut code);
    let page = fs::read_to_string(project().join("docs/adversary.md")).unwrap();
    let mut named = 0;
    for line in page.lines().filter(|l| l.starts_with("| A")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
        let names: Vec<&str> = cells[3].split('`').skip(1).step_by(2).filter(|n| n.matches('_').count() > 0).collect();
        for name in &names {
            assert!(code.contains(&format!("fn {name}(")), "{}: there is no test {name}", cells[0]);
        }
        assert!(!names.is_empty() || cells[3].contains("to come"), "{line}");
        named += names.len();
    }
    assert!(named > 25, "{named}");
}
