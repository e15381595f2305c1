//! Real tables: counts, flags, joins.

use belcheer_domain::{SoumCode, records::LivestockCount};
use belcheer_vector_ingest::{InProcess, TableJob, TableKind, TableRecords, rake, read_table};

use crate::shared::{count, file, found, refused, soums};

fn code(number: u16) -> Option<SoumCode> {
    SoumCode::new(number)
}

#[test]
fn plots_of_fourteen_years_with_their_doubts() {
    let Some(path) = file("field/namem_biomass_plots_2007_2020.csv") else { return };
    let soums = soums();
    let (records, findings) =
        read_table(&InProcess, &TableJob::new(&path, TableKind::BiomassPlots), soums.as_ref()).unwrap();
    let TableRecords::BiomassPlots(plots) = records else { panic!("{records:?}") };
    assert_eq!(plots.len(), 18_152);
    assert_eq!((count(&findings, "trace_value"), count(&findings, "biomass_outlier")), (366, 22));
    let doubted: Vec<&str> = found(&findings, "source_flag").iter().map(|f| f.place.as_str()).collect();
    assert_eq!(doubted, ["plot 1289 in 2013", "plot 28 in 2012", "plot 759 in 2013"]);
    let worst = plots.iter().find(|p| p.plot == "28" && p.year == 2012).unwrap();
    assert_eq!((worst.biomass_kg_ha, worst.flags.len()), (Some(9600.0), 2));
    assert_eq!(count(&findings, "before_standard_method"), plots.iter().filter(|p| p.year < 2011).count() as u64);
    assert_eq!(count(&findings, "unit_conflict"), 0);
    if soums.is_some() {
        assert!(plots.iter().all(|p| p.au2.is_some()));
        let outside = count(&findings, "point_outside_soum");
        assert!((300..600).contains(&outside), "{outside}");
        assert_eq!(count(&findings, "joined_by_place"), 64);
    }
}

#[test]
fn a_wide_plot_table_needs_its_unit() {
    let Some(path) = file("ndvi_series/bm20012020.csv") else { return };
    let job = TableJob::new(&path, TableKind::BiomassPlots);
    assert_eq!(refused(read_table(&InProcess, &job, None)), "unit_unknown");
    let (records, findings) = read_table(&InProcess, &job.map("unit", "c_ha"), soums().as_ref()).unwrap();
    let TableRecords::BiomassPlots(plots) = records else { panic!("{records:?}") };
    assert!((17_000..18_300).contains(&plots.len()), "{}", plots.len());
    assert!(count(&findings, "text_lost") > 4_000);
    assert_eq!(count(&findings, "bad_coordinates"), 3);
    assert_eq!(plots[0].biomass_kg_ha, Some(300.0));
}

fn photo_points(name: &str) {
    let Some(path) = file(name) else { return };
    let soums = soums();
    let (records, findings) =
        read_table(&InProcess, &TableJob::new(&path, TableKind::PhotoPoints), soums.as_ref()).unwrap();
    let TableRecords::PhotoPoints(points) = records else { panic!("{records:?}") };
    assert_eq!(points.len(), 4_016, "{name}");
    let classes = (1..=5).map(|n| points.iter().filter(|p| p.recovery_class.map(|c| c.number()) == Some(n)).count());
    assert_eq!(classes.collect::<Vec<_>>(), [376, 1812, 780, 687, 361], "{name}");
    assert!((150..=153).contains(&count(&findings, "id_repaired")), "{name} {}", count(&findings, "id_repaired"));
    assert!(points.iter().all(|p| p.point.len() == 8 && p.point.bytes().all(|b| b.is_ascii_digit())));
    assert_eq!(count(&findings, "duplicate_record"), 0);
    assert_eq!(found(&findings, "season_spellings").len(), 1);
    assert_eq!(found(&findings, "code_alias")[0].place, "8340", "{name}");
    assert!(points.iter().any(|p| p.season.as_deref() == Some("Зун-Намар")));
    assert_eq!(points.iter().filter(|p| p.season.is_none()).count(), 2022, "{name}");
    assert_eq!(points.iter().filter(|p| p.zone.is_none()).count() > 0, points.iter().any(|p| p.zone.is_none()));
    if soums.is_some() {
        let outside = found(&findings, "point_outside_soum");
        assert_eq!(count(&findings, "point_outside_soum"), 18, "{outside:?}");
        let first = outside.iter().find(|f| f.au2 == code(4601)).unwrap();
        assert_eq!(first.count, 8);
        let gone: Vec<_> = points.iter().filter(|p| p.point.starts_with("04601") && p.au2 == code(4634)).collect();
        assert_eq!(gone.len(), 8);
        assert!(gone.iter().all(|p| p.flags == ["point_outside_soum"]));
    }
    if name.ends_with("xlsx") {
        // the heading is left as it is misspelt
        let empty = found(&findings, "empty_column");
        assert!(empty.iter().any(|f| f.place.contains("хйисэн")), "{empty:?}");
    }
}

#[test]
fn photo_points_from_text() {
    photo_points("field/photo_points_2022.csv");
}

#[test]
fn photo_points_from_the_agencys_workbook() {
    photo_points("field/orig/bel_PM_2022_husnegt.xlsx");
}

#[test]
fn soum_totals_are_raked_to_species() {
    let (Some(totals), Some(shares)) =
        (file("livestock/livestock_soum_total.csv"), file("livestock/livestock_aimag_species_thousand_2018_2024.csv"))
    else {
        return;
    };
    let (records, findings) =
        read_table(&InProcess, &TableJob::new(&totals, TableKind::Livestock), soums().as_ref()).unwrap();
    let TableRecords::Livestock(counts) = records else { panic!("{records:?}") };
    assert_eq!((counts.len(), counts.iter().map(|c| c.head).sum::<f64>()), (339, 70_969_315.0));
    assert!(findings.iter().all(|f| f.severity < belcheer_domain::Severity::Error), "{findings:?}");
    let (records, findings) = read_table(&InProcess, &TableJob::new(&shares, TableKind::Livestock), None).unwrap();
    let TableRecords::AimagSpecies(species) = records else { panic!("{records:?}") };
    assert_eq!(species.len(), 22 * 7 * 5);
    assert_eq!(found(&findings, "unit_assumed").len(), 1);
    let (raked, findings) = rake(&counts, &species, "livestock_soum_total.csv");
    assert_eq!((raked.len(), findings.len()), (339 * 5, 0), "{findings:?}");
    assert_eq!(raked.iter().map(|c| c.head).sum::<f64>(), 70_969_315.0);
    let factor = |c: &LivestockCount| match c.species.map(|s| s.as_str()) {
        Some("camel") => 5.0,
        Some("horse") => 7.0,
        Some("cattle") => 6.0,
        Some("goat") => 0.9,
        _ => 1.0,
    };
    let sfu = raked.iter().map(|c| c.head * factor(c)).sum::<f64>();
    assert!((sfu / 118.99e6 - 1.0).abs() < 0.01, "{sfu}");
}

#[test]
fn the_capital_counted_twice_is_noticed() {
    let (Some(totals), Some(doubled)) = (
        file("livestock/livestock_soum_total.csv"),
        file("livestock/orig/nominkhurelchuluun_aimag_species_2018_2024_wide.csv"),
    ) else {
        return;
    };
    let (totals, _) = read_table(&InProcess, &TableJob::new(&totals, TableKind::Livestock), None).unwrap();
    let (doubled, _) = read_table(&InProcess, &TableJob::new(&doubled, TableKind::Livestock), None).unwrap();
    let (TableRecords::Livestock(totals), TableRecords::AimagSpecies(doubled)) = (totals, doubled) else { panic!() };
    let (_, findings) = rake(&totals, &doubled, "x.csv");
    let places: Vec<&str> = found(&findings, "aimag_sum_differs").iter().map(|f| f.place.as_str()).collect();
    assert_eq!(places, ["aimag 011 in 2019"]);
}

#[test]
fn a_national_table_is_no_livestock_table_of_aimags() {
    let Some(path) = file("livestock/orig/nominkhurelchuluun_national_species_1970_2024.csv") else { return };
    assert_eq!(refused(read_table(&InProcess, &TableJob::new(&path, TableKind::Livestock), None)), "missing_columns");
}

#[test]
fn real_errors_of_an_aimag_series_are_told() {
    let Some(path) = file("livestock/orig/nominkhurelchuluun_flaw_sample_long.csv") else { return };
    let result = read_table(&InProcess, &TableJob::new(&path, TableKind::Livestock), None);
    match result {
        Ok((_, findings)) => assert!(!findings.is_empty()),
        Err(error) => println!("refused: {error}"),
    }
}

#[test]
fn estimated_species_counts_stay_estimated() {
    let Some(path) = file("derived/soum_species_ESTIMATED_2019_2020.csv") else { return };
    let (records, findings) =
        read_table(&InProcess, &TableJob::new(&path, TableKind::Livestock), soums().as_ref()).unwrap();
    let TableRecords::Livestock(counts) = records else { panic!("{records:?}") };
    assert!(counts.iter().all(|c| c.estimated && c.species.is_some()));
    assert_eq!(found(&findings, "estimated_counts").len(), 1);
}
