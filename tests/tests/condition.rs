//! `belcheer condition`: the line-point sample of the Landscape Data Commons, and rules that give a class.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "what a test expects")]

use std::collections::{BTreeMap, BTreeSet};

use belcheer_tests::{Workspace, number, rows, shared};

#[test]
fn published_indicators_of_the_sample_are_reproduced() {
    let Some(folder) = shared().map(|shared| shared.join("data/field/terradactyl_csv")).filter(|f| f.is_dir()) else {
        println!("skipped: no shared data");
        return;
    };
    let workspace = Workspace::folder();
    for name in ["tall_lpi_sample", "tall_gap_sample", "indicators_sample"] {
        let packed = std::fs::File::open(folder.join(format!("{name}.csv.gz"))).unwrap();
        let mut plain = std::fs::File::create(workspace.path(&format!("{name}.csv"))).unwrap();
        let _bytes = std::io::copy(&mut flate2::read::GzDecoder::new(packed), &mut plain).unwrap();
    }
    let told = workspace
        .run_within(
            60,
            &["condition", "--line-points", "tall_lpi_sample.csv", "--gaps", "tall_gap_sample.csv", "-o", "found.csv"],
        )
        .with(&[1]);
    assert_eq!(told.findings("plot_refused").len(), 2, "gaps longer than their line: {}", told.stderr);
    let mut found: BTreeMap<(String, String), f64> = BTreeMap::new();
    for row in rows(&workspace.path("found.csv")) {
        if let Some(value) = number(&row, "value") {
            found.insert((row["plot"].clone(), row["indicator"].clone()), value);
        }
    }
    let columns = [
        ("TotalFoliarCover", "foliar_cover"),
        ("BareSoilCover", "bare_soil"),
        ("AH_TotalLitterCover", "litter"),
        ("FH_RockCover", "rock"),
        ("GapCover_25_50", "gap_25_50"),
        ("GapCover_51_100", "gap_51_100"),
        ("GapCover_101_200", "gap_101_200"),
        ("GapCover_200_plus", "gap_200_plus"),
        ("GapCover_25_plus", "gap_25_plus"),
    ];
    let (mut compared, mut different) = (0, BTreeSet::new());
    for row in rows(&workspace.path("indicators_sample.csv")) {
        for (published, ours) in columns {
            let Some(expected) = number(&row, published) else { continue };
            compared += 1;
            let value = found.get(&(row["PrimaryKey"].clone(), ours.to_owned()));
            if value.is_none_or(|value| (value - expected).abs() > 0.01) {
                different.insert(row["PrimaryKey"].clone());
            }
        }
    }
    assert!(compared > 700, "{compared}");
    assert!(different.len() <= 3, "of 100 plots: {different:?}");
}

#[test]
fn rules_give_a_class_or_say_what_is_missing() {
    let workspace = Workspace::folder();
    let write = |name: &str, text: &str| std::fs::write(workspace.path(name), text).unwrap();
    write(
        "points.csv",
        "plot,line,point,layer,code\na,1,1,TopCanopy,STKR\na,1,1,SoilSurface,S\na,1,2,SoilSurface,S\nb,1,1,SoilSurface,S\n",
    );
    write("sites.csv", "plot,zone,landform\na,Хээр,Тал\nb,steppe,тал\nc,Цөл,Тал\n");
    write(
        "rules.json",
        r#"[{"zone":"Хээрийн бүс","landform":"тал","class":4,"kind":"cover","terms":[{"plant":"bare_soil","symbol":">","percent":60}]},
            {"zone":"steppe","landform":"тал","class":1,"kind":"compare","greater":["STKR"],"lesser":["ARFR"]}]"#,
    );
    let run = [
        "condition",
        "--line-points",
        "points.csv",
        "--sites",
        "sites.csv",
        "--rules",
        "rules.json",
        "-o",
        "found.csv",
    ];
    let told = workspace.run_within(60, &run).with(&[0, 1]);
    let found = rows(&workspace.path("found.csv"));
    let class =
        |plot: &str| found.iter().find(|row| row["plot"] == plot && row["indicator"] == "recovery_class").unwrap();
    assert_eq!(number(class("b"), "value"), Some(4.0));
    assert!(class("a")["value"].is_empty() && class("a")["reason"].contains("ARFR"), "{:?}", class("a"));
    assert!(class("c")["reason"].contains("no_rules"), "{:?}", class("c"));
    assert_eq!(told.findings("class_indeterminate").len(), 2, "{}", told.stderr);
    // a threshold that cannot be, and a point without a soil surface
    write(
        "rules.json",
        r#"[{"zone":"steppe","landform":"тал","class":4,"kind":"cover","terms":[{"plant":"x","symbol":">","percent":160}]}]"#,
    );
    let refused = workspace.run_within(60, &run).with(&[3]);
    assert!(refused.stderr.contains("160"), "{}", refused.stderr);
    write("points.csv", "plot,line,point,layer,code\na,1,1,TopCanopy,STKR\n");
    let refused = workspace.run_within(60, &["condition", "--line-points", "points.csv", "-o", "found.csv"]).with(&[1]);
    assert!(refused.stderr.contains("no soil surface"), "{}", refused.stderr);
}
