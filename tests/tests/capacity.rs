//! Capacity on the made-up country and on real files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test expects")]

use std::collections::BTreeMap;
use std::path::Path;

use belcheer_tests::{Workspace, number, rows, shared};

type Table = Vec<BTreeMap<String, String>>;

fn table(folder: &Path, name: &str) -> Table {
    rows(&folder.join(name))
}

#[test]
fn every_factor_is_shown_on_the_sample_country() {
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let sample = ["sample", ws.to_str().unwrap(), "--resolution", "0.05", "--soums", "6", "--years", "2008..2020"];
    let _ = workspace.run_within(300, &sample).with(&[0, 1]);
    let plan = workspace.run_within(60, &["capacity", "--dry-run"]).with(&[0]);
    assert!(plan.stdout.contains("\"cells\""), "{}", plan.stdout);
    let out = workspace.path("native");
    let _ = workspace.run_within(120, &["capacity", "-o", out.to_str().unwrap()]).with(&[0, 1]);
    let seasons = table(&out, "capacity.csv");
    assert_eq!(seasons.len(), 12);
    for row in &seasons {
        assert!(number(row, "ratio").unwrap() > 0.0, "{row:?}");
        assert!(number(row, "slope_factor").unwrap() < 1.0, "{row:?}");
        let winter = row["season"] == "winter_spring";
        assert_eq!(row["water_factor"].is_empty(), winter, "{row:?}");
        if !winter {
            let watered = number(row, "capacity_if_watered_sfu").unwrap();
            assert!(number(row, "capacity_sfu").unwrap() < watered, "{row:?}");
        }
    }
    let soums = table(&out, "soums.csv");
    assert!(
        soums.iter().all(|s| number(s, "sets_tried").unwrap() >= 180.0 && !s["class_invariant_percent"].is_empty())
    );
    // the vegetation of the sample explains too little of its plots, and the rule says so
    let zones = table(&out, "calibration.csv");
    assert!(zones.iter().all(|z| z["used"] == "no" && z["reason"].contains("r2")), "{zones:?}");
    assert!(table(&out, "findings.csv").iter().any(|f| f["code"] == "calibration_not_used"));
    assert!(seasons.iter().all(|row| row["yield_source"] != "calibrated_vegetation"));
    let open = workspace.path("open");
    let any = ["capacity", "--calibration-rules", "vi_biomass_open", "-o", open.to_str().unwrap()];
    let _ = workspace.run_within(120, &any).with(&[0, 1]);
    assert!(table(&open, "calibration.csv").iter().any(|z| z["used"] == "yes"));
    assert!(table(&open, "capacity.csv").iter().all(|row| row["yield_source"] == "calibrated_vegetation"));
    otor_and_feed_lower_the_livestock(&workspace, &seasons);
    for name in
        ["soums.gpkg", "capacity_class.tif", "capacity_class.tif.aux.xml", "capacity_class.qml", "yield_kg_ha.sld"]
    {
        assert!(out.join(name).is_file(), "{name}");
    }
    let lm2 = workspace.path("lm2");
    let _ =
        workspace.run_within(60, &["capacity", "--method", "almgac_lm2", "-o", lm2.to_str().unwrap()]).with(&[0, 1]);
    for row in &table(&lm2, "capacity.csv") {
        // need = 1.4 * 180 = 252; d3 is cut to a whole number
        let by_hand =
            number(row, "area_ha").unwrap() * number(row, "yield_kg_ha").unwrap() * number(row, "utilisation").unwrap()
                / 252.0;
        assert!((number(row, "capacity_sfu").unwrap() - by_hand.trunc()).abs() <= 1.0, "{row:?}");
    }
    let year = workspace.run_within(60, &["capacity", "--year", "1950"]).with(&[3]);
    assert!(year.stderr.contains("1950"), "{}", year.stderr);
}

/// A quarter of one soum's summer livestock is away, and another's is fed a tenth of its winter demand.
fn otor_and_feed_lower_the_livestock(workspace: &Workspace, before: &Table) {
    let (away, fed) = (&before[0]["au2"], &before[2]["au2"]);
    let of = |rows: &Table, au2: &str, season: &str, column: &str| {
        number(rows.iter().find(|r| r["au2"] == au2 && r["season"] == season).unwrap(), column).unwrap()
    };
    let out = 0.25 * of(before, away, "summer_autumn", "sfu") * of(before, away, "summer_autumn", "days");
    let feed = 0.1 * of(before, fed, "winter_spring", "sfu") * 1.4 * of(before, fed, "winter_spring", "days");
    let year = &before[0]["year"];
    let text = format!(
        "au2,year,season,out_sfu_days,in_sfu_days,feed_kg\n{away},{year},Зун-Намар,{out},0,\n{fed},{year},winter_spring,,,{feed}\n{fed},{year},бүх,1,,\n"
    );
    let file = workspace.path("otor.csv");
    std::fs::write(&file, text).unwrap();
    let told = workspace.run_within(60, &["ingest", "table", file.to_str().unwrap(), "--kind", "presence"]).with(&[0]);
    assert!(told.stderr.contains("season_unknown"), "{}", told.stderr);
    let folder = workspace.path("moved");
    let _ = workspace.run_within(120, &["capacity", "-o", folder.to_str().unwrap()]).with(&[0, 1]);
    let after = table(&folder, "capacity.csv");
    let share =
        |au2: &str, season: &str, column: &str| of(&after, au2, season, column) / of(before, au2, season, column);
    assert!((share(away, "summer_autumn", "sfu") - 0.75).abs() < 1e-9);
    assert!((share(away, "summer_autumn", "ratio") - 0.75).abs() < 1e-9);
    assert!((share(away, "winter_spring", "ratio") - 1.0).abs() < 1e-12);
    assert!((share(fed, "winter_spring", "ratio") - 0.9).abs() < 1e-9);
    let reasons = |rows: &Table| rows.iter().find(|r| &r["au2"] == away).unwrap()["reasons"].clone();
    assert!(reasons(before).contains("no_mobility_data") && !reasons(&after).contains("no_mobility_data"));
}

#[test]
fn an_lm2_export_gives_points_plots_groups_and_parcels() {
    let workspace = Workspace::folder();
    let ws = workspace.path("ws");
    let sample = ["sample", ws.to_str().unwrap(), "--resolution", "0.05", "--soums", "4", "--years", "2018..2020"];
    let _ = workspace.run_within(300, &sample).with(&[0, 1]);
    let soums = std::fs::read_to_string(ws.join("truth.csv")).unwrap();
    let au2 = soums.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let export = workspace.path("export");
    std::fs::create_dir(&export).unwrap();
    let square = r#"{\"type\":\"Polygon\",\"coordinates\":[[[100,46],[100.2,46],[100.2,46.2],[100,46.2],[100,46]]]}"#;
    let save = |name: &str, text: String| std::fs::write(export.join(name), text).unwrap();
    save(
        "pug.json",
        format!(
            r#"[{{"group_no":1,"group_name":"Ар","au2":"{au2}","boundary_code":"{au2}001","geometry":"{square}"}}]"#
        ),
    );
    save("pasture.json", format!(r#"[{{"parcel_id":"7","area_ga":12.5,"pasture_type":"Зун","geometry":"{square}"}}]"#));
    save(
        "point.json",
        r#"[{"point_detail_id":"1","geometry":"{\"type\":\"Point\",\"coordinates\":[100.1,46.1]}"}]"#.to_owned(),
    );
    save("pointdetail.json", format!(r#"[{{"point_detail_id":"1","au2":"{au2}"}}]"#));
    save("pointdetailvalue.json", r#"[{"point_detail_id":"1","monitoring_year":2019,"rc_id":3}]"#.to_owned());
    save("urgats.json", r#"[{"point_detail_id":"1","value_year":2019,"biomass_kg_ga":295.3}]"#.to_owned());
    let ingest = |arguments: &[&str]| workspace.run_within(60, &[&["ingest"], arguments].concat()).with(&[0, 1]).stderr;
    let path = |name: &str| export.join(name).to_str().unwrap().to_owned();
    let told = ingest(&["boundaries", &path("pug.json"), "--level", "pug"]);
    assert!(!told.contains("refused"), "{told}");
    let _points = ingest(&["table", export.to_str().unwrap(), "--kind", "lm2"]);
    let _plots = ingest(&["table", &path("urgats.json"), "--kind", "lm2"]);
    // parcels serve as zones of any raster
    let raster = std::fs::read_dir(ws.join("source"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .find(|f| f.extension().is_some_and(|e| e == "tif"));
    let zones = [
        "zonal-stats",
        raster.as_ref().unwrap().to_str().unwrap(),
        "--zones",
        &path("pasture.json"),
        "--id",
        "parcel_id",
        "--stats",
        "count",
    ];
    let counted = workspace.run_within(60, &zones).with(&[0, 1]);
    assert!(counted.stdout.contains("\n7,"), "{}", counted.stdout);
}

#[test]
fn all_soums_have_a_ratio_by_both_methods_on_real_files() {
    let Some(data) = shared().map(|place| place.join("data")) else { return };
    let workspace = Workspace::init();
    let ingest = |what: &str, file: &str, more: &[&str]| {
        let file = data.join(file);
        let _ = workspace.run_within(300, &[&["ingest", what, file.to_str().unwrap()], more].concat()).with(&[0, 1]);
    };
    ingest("boundaries", "boundaries/soum_cod_v3.gpkg", &["--level", "soum"]);
    ingest("table", "field/namem_biomass_plots_2007_2020.csv", &["--kind", "biomass-plots"]);
    ingest("table", "field/photo_points_2022.csv", &["--kind", "photo-points"]);
    ingest("table", "livestock/livestock_soum_total.csv", &["--kind", "livestock"]);
    ingest("table", "livestock/livestock_aimag_species_thousand_2018_2024.csv", &["--kind", "livestock"]);
    let igbp = ["--product", "mcd12c1_igbp", "--date", "2019"];
    ingest("raster", "rasters/mongolia/mcd12c1_igbp_2019_mongolia_4326.tif", &igbp);
    for method in ["native", "almgac_lm2"] {
        let out = workspace.path(method);
        let arguments = ["capacity", "--method", method, "--year", "2019", "-o", out.to_str().unwrap()];
        let _ = workspace.run_within(300, &arguments).with(&[0, 1]);
        let soums = table(&out, "soums.csv");
        assert_eq!(soums.len(), 339);
        let without: Vec<&str> = soums.iter().filter(|s| s["ratio"].is_empty()).map(|s| s["au2"].as_str()).collect();
        assert!(without.len() <= 10, "{method}: {without:?}");
        let seasons = table(&out, "capacity.csv");
        assert!(seasons.iter().filter(|r| r["ratio"].is_empty()).all(|r| !r["reasons"].is_empty()));
    }
    let findings = table(&workspace.path("native"), "findings.csv");
    let absent: Vec<&str> =
        findings.iter().filter(|f| f["code"] == "factor_absent").map(|f| f["place"].as_str()).collect();
    assert_eq!(absent, ["vegetation", "land use", "protected areas", "exclusions", "water", "slope"]);
}

#[test]
fn impossible_field_data_is_refused_or_told() {
    let workspace = Workspace::init();
    let ingest = |name: &str, kind: &str, codes: &[i32]| {
        let file = workspace.path(name);
        workspace.run_within(60, &["ingest", "table", file.to_str().unwrap(), "--kind", kind]).with(codes)
    };
    let plots = |name: &str, rows: &str| {
        let text = format!("plot,au2,lon,lat,year,biomass_kg_ha,mass_basis\n{rows}");
        std::fs::write(workspace.path(name), text).unwrap();
    };
    plots("mixed.csv", "1,06404,100.5,47.2,2019,200,fresh\n2,06404,100.6,47.2,2019,90,air_dry\n");
    assert!(ingest("mixed.csv", "biomass-plots", &[3]).stderr.contains("mixed (fresh, air_dry)"));
    plots("fresh.csv", "1,06404,100.5,47.2,2019,200,fresh\n2,06404,100.6,47.2,2019,90,fresh\n");
    assert!(ingest("fresh.csv", "biomass-plots", &[3]).stderr.contains("fresh mass"));
    plots(
        "dry.csv",
        "1,06404,100.5,47.2,2019,-5,air_dry\n2,06404,100.6,47.2,2019,90,oven dry?\n3,06404,100.7,47.2,2019,80,\n",
    );
    assert!(ingest("dry.csv", "biomass-plots", &[0, 1]).stderr.contains("negative_value"));
    let export = workspace.path("lm2");
    std::fs::create_dir(&export).unwrap();
    std::fs::write(export.join("person.json"), "[]").unwrap();
    std::fs::write(export.join("pointdetailvalue.json"), "[]").unwrap();
    assert!(ingest("lm2", "lm2", &[3]).stderr.contains("personal data"));
}
