//! Real boundary files: counts, areas, codes, encodings, repairs.

use belcheer_domain::records::Level;
use belcheer_vector_ingest::{
    BoundaryJob, InProcess, IngestError, SoumIndex, ZoneJob, describe, read_boundaries, read_zones,
};
use geo::{Contains, GeodesicArea, InteriorPoint};

use crate::shared::{boundaries, count, file, found, refused};

#[test]
fn the_main_set_is_the_country() {
    let Some(path) = file("boundaries/soum_cod_v3.gpkg") else { return };
    let read = boundaries(&path, Level::Soum);
    assert_eq!(read.units.len(), 339);
    let sum_km2 = read.units.iter().map(|u| u.area_ha).sum::<f64>() / 100.0;
    assert!((sum_km2 / 1_564_877.0 - 1.0).abs() < 5e-4, "{sum_km2}");
    assert_eq!((count(&read.findings, "units_overlap"), count(&read.findings, "ring_repaired")), (0, 0));
    assert_eq!(found(&read.findings, "national_area").len(), 1);
    assert_eq!(count(&read.findings, "area_differs"), 0);
    let nomgon = read.units.iter().find(|u| u.code == "04625").unwrap();
    assert_eq!((nomgon.name_mn.as_deref(), nomgon.name_en.as_deref()), (Some("Номгон"), Some("Nomgon")));
    assert!((nomgon.area_ha / 100.0 - 18_462.092).abs() < 0.01);
    assert!(read.units.windows(2).all(|w| w[0].code < w[1].code));
}

#[test]
fn a_stated_code_field_gives_the_same_units() {
    let Some(path) = file("boundaries/soum_cod_v3.gpkg") else { return };
    let mut job = BoundaryJob::new(&path, Level::Soum);
    job.code_field = Some("ADM2_PCODE".to_owned());
    let stated = read_boundaries(&InProcess, &job, None).unwrap();
    // COD-AB numbers Tsengel 8340, the statistics office 8337
    let tsengel = stated.units.iter().find(|u| u.code == "08337").unwrap();
    assert_eq!(tsengel.name_mn.as_deref(), Some("Цэнгэл"));
    assert_eq!(found(&stated.findings, "code_alias")[0].place, "8340");
    assert_eq!(stated.units.len(), 339);
    job.code_field = Some("NSO_CODE5".to_owned());
    assert_eq!(read_boundaries(&InProcess, &job, None).unwrap().units.len(), 339);
    job.code_field = Some("name_mn".to_owned());
    assert_eq!(refused(read_boundaries(&InProcess, &job, None)), "no_readable_codes");
    job.code_field = Some("nothing".to_owned());
    assert_eq!(refused(read_boundaries(&InProcess, &job, None)), "no_such_field");
}

#[test]
fn aimags_of_three_sources_agree_in_code() {
    let mut sets = Vec::new();
    for name in
        ["boundaries/aimag_cod_v3.gpkg", "boundaries/aimag_alagac_utm47.gpkg", "prism/mng_adm1_nso_match_1212_mn.json"]
    {
        let Some(path) = file(name) else { continue };
        let read = boundaries(&path, Level::Aimag);
        assert_eq!(read.units.len(), 22, "{name}");
        assert!(read.units.iter().all(|u| u.code.len() == 3 && u.au2.is_none()));
        let sum_km2 = read.units.iter().map(|u| u.area_ha).sum::<f64>() / 100.0;
        assert!((sum_km2 / 1_564_877.0 - 1.0).abs() < 5e-4, "{name} {sum_km2}");
        sets.push(read.units.iter().map(|u| u.code.clone()).collect::<Vec<_>>());
    }
    assert!(sets.windows(2).all(|w| w[0] == w[1]));
}

#[test]
fn the_land_agency_layer_is_repaired_and_its_lost_names_are_told() {
    let Some(path) = file("boundaries/aimag_alagac_utm47.gpkg") else { return };
    let read = boundaries(&path, Level::Aimag);
    assert_eq!(found(&read.findings, "ring_repaired").len(), 3);
    assert_eq!(count(&read.findings, "zones_reprojected"), 22);
    assert_eq!(found(&read.findings, "text_lost")[0].place, "field NAME_L1");
    // far outside its zone the transverse Mercator still inverts: no aimag is off by more than half a per cent
    let Some(main) = file("boundaries/aimag_cod_v3.gpkg") else { return };
    for (a, b) in read.units.iter().zip(boundaries(&main, Level::Aimag).units) {
        assert!((a.area_ha / b.area_ha - 1.0).abs() < 5e-3, "{} {} {}", a.code, a.area_ha, b.area_ha);
    }
}

#[test]
fn the_land_agency_soums_join_by_modern_codes() {
    let Some(path) = file("boundaries/soum_alagac_utm47.gpkg") else { return };
    let read = boundaries(&path, Level::Soum);
    assert_eq!(found(&read.findings, "ring_repaired").len(), 2);
    let aliases: Vec<&str> = found(&read.findings, "code_alias").iter().map(|f| f.place.as_str()).collect();
    assert!(aliases.contains(&"8340") && aliases.contains(&"1121"), "{aliases:?}");
    assert!(count(&read.findings, "code_retired") >= 1);
}

#[test]
fn soum_centres_have_their_names_mended() {
    let Some(path) = file("boundaries/soum_centers_alagac_utm47.gpkg") else { return };
    let described = describe(&InProcess, &path, None, None).unwrap();
    let name = described.fields.iter().find(|f| f.name == "NAME").unwrap();
    assert_eq!(name.samples[..3], ["Цагаан нуур", "Улаанхус", "Цэнгэл"]);
    assert!(count(&described.findings, "encoding_repaired") > 250);
    assert_eq!((described.features, described.polygons), (333, 0));
    assert_eq!(refused(read_boundaries(&InProcess, &BoundaryJob::new(&path, Level::Soum), None)), "no_code_field");
}

#[test]
fn company_and_lake_names_are_mended_where_their_bytes_are_left() {
    let Some(path) = file("boundaries/lakes_alagac_utm47.gpkg") else { return };
    let described = describe(&InProcess, &path, None, None).unwrap();
    let names = described.fields.iter().find(|f| f.name == "NAME_MON").unwrap();
    assert!(names.samples.iter().any(|n| n.starts_with("Хөвсгөл")), "{names:?}");
    let zones = read_zones(&InProcess, &ZoneJob::new(&path, Some("NAME_MON"), Some("EPSG:4326"))).unwrap();
    assert!(zones.zones.len() >= 309 && count(&zones.findings, "duplicate_id") > 0);
}

#[test]
fn southern_soums_join_by_the_statistics_offices_codes() {
    let Some(path) = file("boundaries/prism_small/small_admin_boundaries_26_soums.json") else { return };
    let read = boundaries(&path, Level::Soum);
    assert_eq!(read.units.len(), 26);
    assert!(read.units.iter().any(|u| u.code == "04625" && u.name_mn.as_deref() == Some("Номгон")));
}

#[test]
fn a_set_without_codes_says_which_fields_there_are() {
    let Some(path) = file("boundaries/region_cod_v3.gpkg") else { return };
    match read_boundaries(&InProcess, &BoundaryJob::new(&path, Level::Soum), None) {
        Err(IngestError::Refused(r)) => {
            assert_eq!(r.code, "no_code_field");
            assert!(r.text_en.contains("REGION") && r.text_en.contains("--code-field"), "{}", r.text_en);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_incomplete_shapefile_is_refused_by_name() {
    let Some(folder) = file("ndvi_series/incomplete_shapefile") else { return };
    for name in ["soum_aimag.shp", "soum_aimag.dbf", ""] {
        match read_boundaries(&InProcess, &BoundaryJob::new(folder.join(name), Level::Soum), None) {
            Err(IngestError::Refused(r)) => {
                assert_eq!(r.code, "incomplete_shapefile");
                assert!(r.text_en.contains(".shp"), "{}", r.text_en);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn zones_come_in_the_wanted_system_with_dense_edges() {
    let Some(path) = file("boundaries/soum_cod_v3_simplified.geojson") else { return };
    let plain = read_zones(&InProcess, &ZoneJob::new(&path, Some("soum_code"), None)).unwrap();
    assert_eq!((plain.zones.len(), plain.crs.epsg, plain.findings.len()), (339, Some(4326), 0));
    let utm = read_zones(&InProcess, &ZoneJob::new(&path, Some("soum_code"), Some("32648"))).unwrap();
    assert_eq!(count(&utm.findings, "zones_reprojected"), 339);
    let vertices = |z: &belcheer_vector_ingest::Zones| {
        z.zones.iter().map(|z| geo::CoordsIter::coords_count(&z.geometry)).sum::<usize>()
    };
    assert!(vertices(&utm) > 2 * vertices(&plain));
    assert_eq!(plain.zones[0].id, "4625");
    // in its own zone the planar area is within 0.1 % of the geodesic one
    let (a, b) = (&plain.zones[0].geometry, &utm.zones[0].geometry);
    assert!((geo::Area::unsigned_area(b) / a.geodesic_area_unsigned() - 1.0).abs() < 2e-3);
}

#[test]
fn the_country_and_the_licences_are_zones_too() {
    if let Some(path) = file("prism/admin-boundary-unified-polygon.json") {
        let zones = read_zones(&InProcess, &ZoneJob::new(&path, None, None)).unwrap();
        assert_eq!((zones.zones.len(), zones.zones[0].id.as_str()), (1, "1"));
    }
    if let Some(path) = file("boundaries/mining_licences_eiti_2020.gpkg") {
        let zones = read_zones(&InProcess, &ZoneJob::new(&path, Some("license_number"), None)).unwrap();
        assert_eq!((zones.zones.len(), found(&zones.findings, "ring_repaired").len()), (3447, 2));
    }
}

#[test]
fn bag_centres_lie_in_the_soum_that_their_code_names() {
    let (Some(soums), Some(bags)) = (crate::shared::soums(), file("boundaries/bag_centroids_1749.csv")) else { return };
    let mut lines = 0;
    let mut agree = 0;
    for line in std::fs::read_to_string(bags).unwrap().lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (Ok(lon), Ok(lat)) = (cells[cells.len() - 3].parse(), cells[cells.len() - 2].parse()) else { continue };
        lines += 1;
        agree += usize::from(soums.at(lon, lat) == soums.find(Some(cells[0]), None, None).soum());
    }
    assert!(lines > 1700 && agree * 100 > lines * 95, "{agree} of {lines}");
}

#[test]
fn every_soum_holds_its_own_inner_point() {
    let Some(path) = file("boundaries/soum_cod_v3_simplified.geojson") else { return };
    let units = boundaries(&path, Level::Soum).units;
    let index = SoumIndex::new(&units);
    for unit in &units {
        assert_eq!(index.around(&unit.geometry), unit.au2);
        assert!(unit.geometry.contains(&unit.geometry.interior_point().unwrap()));
    }
    // 44 names are shared by several soums: none joins without its aimag
    assert_eq!(index.find(None, None, Some("Булган")).soum(), None);
    assert!(index.find(None, Some("Баянхонгор"), Some("Богд")).soum().is_some());
}

#[test]
fn all_soums_join_by_aimag_and_name() {
    let (Some(soums), Some(path)) = (crate::shared::soums(), file("boundaries/soum_cod_v3.gpkg")) else { return };
    let mut joined = 0;
    for unit in boundaries(&path, Level::Soum).units {
        let aimag = belcheer_domain::aimag_of(unit.au2.unwrap()).unwrap();
        joined += usize::from(soums.named(aimag.mn, unit.name_mn.as_deref().unwrap()) == unit.au2);
    }
    assert_eq!(joined, 339);
}

#[test]
fn names_of_field_lists_join_to_the_soums_of_their_codes() {
    let Some(soums) = crate::shared::soums() else { return };
    for name in ["field/photo_points_2022.csv", "field/namem_biomass_plots_2007_2020.csv"] {
        let Some(path) = file(name) else { continue };
        let mut reader = csv::Reader::from_path(path).unwrap();
        let headings = reader.headers().unwrap().clone();
        let column = |name: &str| headings.iter().position(|h| h == name).unwrap();
        let (aimag, soum, code) = (column("aimag"), column("soum"), column("soum_code"));
        for row in reader.records().map(Result::unwrap).filter(|r| !r[code].is_empty()) {
            let joined = soums.named(&row[aimag], &row[soum]).map(|c| c.number().to_string());
            assert_eq!(joined.as_deref(), Some(&row[code]), "{} {}", &row[aimag], &row[soum]);
        }
    }
}
