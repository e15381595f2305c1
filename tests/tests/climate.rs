//! `belcheer climate`: drought, dzud and residual trends of soums; and what losses of livestock block.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test expects")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use belcheer_tests::{Workspace, number, rows};

type Table = Vec<BTreeMap<String, String>>;

fn country() -> Workspace {
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let sample = ["sample", ws.to_str().unwrap(), "--resolution", "0.05", "--soums", "6", "--years", "2008..2022"];
    let _ = workspace.run_within(300, &sample).with(&[0, 1]);
    workspace
}

fn table(workspace: &Workspace, folder: &str, name: &str) -> Table {
    rows(&workspace.path(folder).join(name))
}

fn ingest(workspace: &Workspace, name: &str, kind: &str, text: &str) -> String {
    std::fs::write(workspace.path(name), text).unwrap();
    let path = workspace.path(name);
    workspace.run_within(60, &["ingest", "table", path.to_str().unwrap(), "--kind", kind]).with(&[0, 1]).stderr
}

#[test]
fn drought_and_dzud_of_every_soum_and_year() {
    let workspace = country();
    let first = workspace.run_within(120, &["climate", "-o", workspace.path("first").to_str().unwrap()]).with(&[0, 1]);
    assert!(!first.findings("months_absent").is_empty() && first.findings("losses_absent").is_empty());
    let years = table(&workspace, "first", "drought.csv");
    assert_eq!(years.len(), 6 * 15);
    for row in &years {
        let within = |column: &str| (0.0..=100.0).contains(&number(row, column).unwrap());
        assert!(within("vci") && within("tci") && within("vhi"), "{row:?}");
        assert!(number(row, "spi").unwrap().abs() < 4.0 && !row["spi_class"].is_empty(), "{row:?}");
        let rue = number(row, "vegetation_index").unwrap() / number(row, "precipitation_mm").unwrap() * 1000.0;
        assert!((number(row, "rain_use_efficiency").unwrap() - rue).abs() < 1e-9, "{row:?}");
        assert!(row["dzud_index"].is_empty(), "what is not held is not made up");
        assert_eq!(row["involuntary_destocking"], if row["year"] == "2008" { "" } else { "false" }, "{row:?}");
    }
    let trends = table(&workspace, "first", "residual_trends.csv");
    assert_eq!(trends.len(), 12);
    assert!(trends.iter().all(|row| number(row, "relation_r_squared").is_some() && row["years"] == "15"));
    // a relation that does not hold has no class but says why
    assert!(
        trends.iter().all(|row| row["reasons"].is_empty()
            || row["class"] == "indeterminate"
            || row["form"] == "segmented_relation"),
        "{trends:?}"
    );

    let au2 = years[0]["au2"].clone();
    let head: f64 = census(&workspace, &au2, 2019);
    let told = ingest(
        &workspace,
        "losses.csv",
        "losses",
        &format!("сумын код,он,зүй бус хорогдол\n{au2},2020,{}\n", (0.2 * head).round()),
    );
    assert!(told.contains("1 records"), "{told}");
    let _ = ingest(&workspace, "months.csv", "weather", &months(&workspace, &au2));
    let _ = workspace.run_within(120, &["climate", "-o", workspace.path("second").to_str().unwrap()]).with(&[0, 1]);
    let years = table(&workspace, "second", "drought.csv");
    let of = |year: &str| years.iter().find(|row| row["au2"] == au2 && row["year"] == year).unwrap();
    assert_eq!(of("2020")["involuntary_destocking"], "true");
    assert!((number(of("2020"), "loss_percent").unwrap() - 20.0).abs() < 0.1);
    let hard = number(of("2020"), "dzud_index").unwrap();
    let usual = number(of("2015"), "dzud_index").unwrap();
    assert!(hard > 4.0 && usual.abs() < 3.0, "{hard} {usual}");
    assert!(years.iter().filter(|row| row["au2"] != au2).all(|row| row["dzud_index"].is_empty()));
}

/// All livestock of a soum in a December.
fn census(workspace: &Workspace, au2: &str, year: i32) -> f64 {
    let counts = rows(&workspace.path("ws/source/livestock.csv"));
    let of = counts.iter().filter(|row| row["au2"] == au2 && row["year"] == year.to_string());
    of.flat_map(|row| {
        ["camel", "horse", "cattle", "sheep", "goat", "head"]
            .map(|species| row.get(species).and_then(|v| v.parse::<f64>().ok()))
    })
    .flatten()
    .sum()
}

/// Months of a station that stands in a soum: ordinary years, but a dry summer of 2019 and the hard winter after it.
fn months(workspace: &Workspace, au2: &str) -> String {
    let plots = rows(&workspace.path("ws/source/biomass_plots.csv"));
    let plot = plots.iter().find(|row| row["au2"] == au2).unwrap();
    let mut text = "station,lon,lat,year,month,precipitation_mm,temperature_c\n".to_owned();
    for year in 2008..=2022 {
        for month in 1..=12 {
            let summer = (5..=8).contains(&month);
            let shift = f64::from((year * 3 + month) % 4) - 1.5;
            let (mut rain, mut warmth) =
                if summer { (40.0 + shift, 15.0 + shift) } else { (4.0 + shift, -15.0 + shift) };
            if year == 2019 && summer {
                (rain, warmth) = (33.0, 20.0);
            }
            if (year == 2019 && month >= 11) || (year == 2020 && month <= 3) {
                (rain, warmth) = (9.0, -22.0);
            }
            let _ = writeln!(text, "44231,{},{},{year},{month},{rain},{warmth}", plot["lon"], plot["lat"]);
        }
    }
    text
}

#[test]
fn pressure_that_fell_by_deaths_is_no_improvement() {
    let workspace = country();
    let counts = rows(&workspace.path("ws/source/livestock.csv"));
    let au2 = counts[0]["au2"].clone();
    // the herd of one soum falls to a third in the reporting years
    let columns: Vec<&String> = counts[0].keys().collect();
    let mut text = columns.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(",") + "\n";
    for row in counts.iter().filter(|row| row["au2"] == au2) {
        let late = row["year"].parse::<i32>().unwrap() >= 2019;
        let cells: Vec<String> = columns
            .iter()
            .map(|column| {
                let cell = &row[*column];
                let counted = !["au2", "year"].contains(&column.as_str());
                match cell.parse::<f64>() {
                    Ok(head) if late && counted => (head / 3.0).round().to_string(),
                    _ => cell.clone(),
                }
            })
            .collect();
        text += &(cells.join(",") + "\n");
    }
    let _ = ingest(&workspace, "herd.csv", "livestock", &text);
    let pressure = |folder: &str| {
        let out = workspace.path(folder);
        let assess = ["assess", "--baseline", "2008..2017", "--reporting", "2019..2022", "-o", out.to_str().unwrap()];
        let _ = workspace.run_within(300, &assess).with(&[0, 1]);
        let found = rows(&out.join("indicators.csv"));
        found.into_iter().find(|row| row["au2"] == au2 && row["indicator"] == "I3").unwrap()
    };
    let before = census(&workspace, &au2, 2018);
    let losses = |heavy: i32, share: f64| {
        let of = |year: i32| (before / 3.0 * if year == heavy { share } else { 0.01 }).round();
        let line = |year: i32| format!("{au2},{year},{}\n", of(year));
        "au2,year,lost_head\n".to_owned() + &(2018..=2022).map(line).collect::<String>()
    };
    let _ = ingest(&workspace, "few.csv", "losses", &losses(0, 0.0));
    let sold = pressure("sold");
    assert_eq!(sold["class"], "improved", "{sold:?}");
    let _ = ingest(&workspace, "many.csv", "losses", &losses(2021, 0.3));
    let died = pressure("died");
    assert_ne!(died["class"], "improved", "{died:?}");
    assert!(died["reasons"].contains("involuntary_destocking"), "{died:?}");
    assert_eq!(died["effect"], sold["effect"], "the number stays; what it is called does not");
}
