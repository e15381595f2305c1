//! The list of soums as GeoJSON and CSV.

use serde_json::Value;

use crate::fixture::Service;

#[tokio::test]
async fn soums_are_features_with_their_borders() {
    let service = Service::full().await;
    let answer = service.get("/v1/soums?f=geojson&detail=full").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/geo+json"));
    let (page, list) = (answer.json(), service.get("/v1/soums").await.json());
    assert_eq!((&page["type"], &page["cycle"]), (&Value::from("FeatureCollection"), &list["cycle"]));
    assert!(page["simplification"].is_null());
    let features = page["features"].as_array().unwrap();
    assert_eq!(features.len(), list["soums"].as_array().unwrap().len());
    for (feature, soum) in features.iter().zip(list["soums"].as_array().unwrap()) {
        assert_eq!((&feature["type"], &feature["id"]), (&Value::from("Feature"), &soum["au2"]));
        assert_eq!(&feature["properties"], soum);
    }
    let known = features.iter().find(|f| f["id"] == "06404").unwrap();
    let place = service.get("/v1/soums/06404").await.json();
    assert_eq!(known["bbox"], place["bbox"]);
    let ring = known["geometry"]["coordinates"][0][0].as_array().unwrap();
    assert_eq!((known["geometry"]["type"].as_str(), ring.first()), (Some("MultiPolygon"), ring.last()));
    let simplified = service.get("/v1/soums?f=geojson").await.json();
    assert_eq!(simplified["simplification"]["tolerance_degrees"], 0.005);
    let one = service.get("/v1/soums?f=geojson&limit=1&offset=1").await.json();
    assert_eq!((one["features"].as_array().unwrap().len(), &one["features"][0]["id"]), (1, &features[1]["id"]));
}

#[tokio::test]
async fn a_table_has_the_same_rows() {
    let service = Service::full().await;
    let answer = service.get_with("/v1/soums", &[("accept", "text/csv")]).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let text = answer.text();
    let list = service.get("/v1/soums").await.json();
    assert!(text.starts_with("au2,name_mn,name_en,aimag,area_km2,"));
    let rows: Vec<&str> = text.lines().skip(1).collect();
    let soums = list["soums"].as_array().unwrap();
    assert_eq!(rows.len(), soums.len());
    for (row, soum) in rows.iter().zip(soums) {
        assert!(row.starts_with(soum["au2"].as_str().unwrap()) && row.contains(soum["status"].as_str().unwrap()));
    }
    assert_eq!(service.get("/v1/soums?f=csv").await.bytes, answer.bytes);
    assert_eq!(answer.header("vary"), "Accept, Accept-Encoding, Accept-Language");
}

#[tokio::test]
async fn nothing_published_is_an_empty_page_in_every_form() {
    let service = Service::empty().await;
    let page = service.get("/v1/soums?f=geojson").await.json();
    assert_eq!((&page["features"], &page["total"]), (&Value::from(Vec::<Value>::new()), &Value::from(0)));
    assert_eq!(service.get("/v1/soums?f=csv").await.text().lines().count(), 1);
    for path in ["/v1/soums?f=shp", "/v1/soums?f=geojson&detail=some"] {
        let refused = service.get(path).await;
        assert_eq!((refused.status.as_u16(), refused.json()["code"].as_str()), (400, Some("bad_parameter")), "{path}");
    }
}
