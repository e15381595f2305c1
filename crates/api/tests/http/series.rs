//! The years of a soum, its files, and an assessment row by row.

use belcheer_catalog::Role;
use belcheer_vector_ingest::{InProcess, ZoneJob, read_zones};
use serde_json::json;

use crate::fixture::{Service, result};

#[tokio::test]
async fn years_tell_value_change_band_and_what_the_weather_was() {
    let service = Service::full().await;
    let body = service.get("/v1/soums/06404/series").await.json();
    let indicators = body["indicators"].as_array().unwrap();
    assert_eq!(indicators.len(), 1, "only I1 has years: {body}");
    let i1 = &indicators[0];
    assert_eq!((i1["indicator"].as_str(), i1["effect"].as_f64()), (Some("I1"), Some(6.04)));
    assert_eq!((i1["value_unit"].as_str(), i1["unit"].as_str()), (Some("vegetation_index"), Some("percent")));
    assert_eq!(i1["year_band90_low"], -3.25);
    let years = i1["years"].as_array().unwrap();
    assert_eq!(years.iter().map(|y| y["year"].as_i64().unwrap()).collect::<Vec<_>>(), [2010, 2011, 2019]);
    assert_eq!((&years[0]["value_ci90_low"], &years[1]["value_ci90_low"]), (&json!(0.25), &json!(null)));
    assert_eq!(years[2]["change"], 6.0);
    let dry = &body["conditions"][0];
    assert_eq!((dry["drought"].as_str(), dry["mortality_disaster"].as_bool()), (Some("moderate"), Some(true)));
    assert_ne!(dry["drought_text"]["mn"], dry["drought_text"]["en"]);
    let without = service.get("/v1/soums/04625/series").await.json();
    assert_eq!((&without["indicators"], &without["conditions"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_page_marks_years_of_drought_and_dzud() {
    let service = Service::full().await;
    for (lang, drought, dzud) in [
        ("mn", "дунд зэргийн ган (Pedj +2.4)", "зуд, том малын хорогдол 17 %"),
        ("en", "moderate drought (Pedj +2.4)", "dzud, grown livestock lost 17 %"),
    ] {
        let page = service.get(&format!("/soums/06404?lang={lang}")).await.text();
        assert!(page.contains(&format!("<title>2010: {drought}</title>")), "{lang}: no drought");
        assert!(page.contains(&format!("<title>2010: {dzud}</title>")), "{lang}: no dzud");
        assert!(page.contains("<title>2019: +6 %</title>") || page.contains("<title>2019: +6.0 %</title>"), "{lang}");
        let other = service.get(&format!("/soums/06405?lang={lang}")).await.text();
        assert!(!other.contains("class=\"mark"), "{lang}: the years of another soum");
    }
}

#[tokio::test]
async fn files_hold_the_rows_of_their_soum_alone() {
    let service = Service::full().await;
    let verification = service.get("/v1/soums/06404/verification").await.json();
    let links: Vec<&str> =
        verification["links"]["files"].as_array().unwrap().iter().map(|l| l.as_str().unwrap()).collect();
    assert_eq!(links.len(), 7);
    let page = service.get("/soums/06404").await.text();
    for link in links {
        assert!(page.contains(link), "the page lacks {link}");
        let answer = service.get(link).await;
        assert_eq!(answer.status.as_u16(), 200, "{link}");
        let name = link.rsplit('/').next().unwrap().split('?').next().unwrap();
        let told = format!("attachment; filename=\"06404-2024-{name}\"");
        assert_eq!(answer.header("content-disposition"), told);
        if name.ends_with(".csv") {
            assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
            let mut table = csv::Reader::from_reader(answer.bytes.as_ref());
            let au2 = table.headers().unwrap().iter().position(|h| h == "au2").unwrap();
            let rows: Vec<_> = table.records().map(Result::unwrap).collect();
            assert!(!rows.is_empty() && rows.iter().all(|row| &row[au2] == "06404"), "{name}: {rows:?}");
        }
    }
    let unknown = service.get("/v1/soums/06404/files/plots.csv").await;
    assert_eq!((unknown.status.as_u16(), unknown.json()["code"].as_str()), (404, Some("unknown_file")));
}

#[tokio::test]
async fn the_geopackage_opens_as_a_map_layer() {
    let service = Service::full().await;
    let answer = service.get("/v1/soums/06404/files/soum.gpkg").await;
    assert_eq!(answer.header("content-type"), "application/geopackage+sqlite3");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("soum.gpkg");
    std::fs::write(&path, &answer.bytes).unwrap();
    let job = ZoneJob { layer: Some("soums".into()), ..ZoneJob::new(&path, Some("au2"), None) };
    let zones = read_zones(&InProcess, &job).unwrap();
    assert_eq!((zones.zones.len(), zones.crs.epsg), (1, Some(4326)));
    let place = service.get("/v1/soums/06404").await.json();
    let west =
        zones.zones[0].geometry.0.iter().flat_map(|p| p.exterior().coords()).map(|c| c.x).fold(f64::MAX, f64::min);
    assert!((west - place["bbox"][0].as_f64().unwrap()).abs() < 1e-6);
}

#[tokio::test]
async fn a_draft_is_read_row_by_row_by_those_who_may_and_by_nobody_else() {
    let service = Service::full().await;
    let draft = result("2025", 4).manifest.id();
    let key = service.bearer(Role::Analyst).await;
    for rows in ["findings", "soums"] {
        let path = format!("/v1/assessments/{draft}/{rows}");
        assert_eq!(service.get(&path).await.status.as_u16(), 404, "{rows}");
        let answer = service.get_with(&path, &[("authorization", &key)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{rows}");
    }
    let get = async |query: &str| {
        let path = format!("/v1/assessments/{draft}/findings{query}");
        service.get_with(&path, &[("authorization", &key)]).await.json()
    };
    let all = get("").await;
    let codes: Vec<&str> = all["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    assert_eq!((all["total"].as_u64(), codes), (Some(3), vec!["no_census", "missing_years", "few_points"]));
    let few = get("?severity=info&au2=06404&limit=1").await;
    assert_eq!((few["total"].as_u64(), few["findings"][0]["au2"].as_str()), (Some(1), Some("06404")));
    assert_eq!(get("?limit=1").await["findings"].as_array().unwrap().len(), 1);
    assert_eq!(get("?limit=0").await["code"], "bad_parameter");
    let soums = service.get_with(&format!("/v1/assessments/{draft}/soums"), &[("authorization", &key)]).await.json();
    assert_eq!((soums["soums"].as_array().unwrap().len(), soums["soums"][1]["score"].as_f64()), (3, Some(74.0)));
}
