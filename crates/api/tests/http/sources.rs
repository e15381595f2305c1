//! Data sets, methods and the service's own addresses.

use belcheer_catalog::DatasetKind;
use belcheer_domain::Digest;
use serde_json::{Value, json};

use crate::fixture::Service;

#[tokio::test]
async fn data_sets_are_described_but_never_opened() {
    let service = Service::full().await;
    let blob = service.catalog.put_bytes(b"raster").await.unwrap();
    let meta = json!({
        "width": 10, "height": 20, "bands": 1, "pixel_type": "i16", "crs": {"epsg": 4326, "wkt": "GEOGCS", "geographic": true},
        "x_min": 97.0, "y_max": 46.0, "dx": 0.1, "dy": 0.1, "nodata": -3000.0, "has_mask": false, "scale": 0.0001,
        "offset": null, "product": "ndvi", "date": "2024",
    });
    let raster = service.add_dataset(DatasetKind::Raster, None, Some("ndvi"), blob, meta).await;
    let plots = service.catalog.put_bytes(b"[{\"lon\": 103.123456}]").await.unwrap();
    let plots = service.add_dataset(DatasetKind::BiomassPlots, None, None, plots, json!({"first": 103.123456})).await;

    let all = service.get("/v1/datasets").await;
    assert_eq!(all.json()["total"], 3);
    assert!(!all.text().contains("103.123456"), "{}", all.text());
    let one = service.get("/v1/datasets?kind=raster&product=ndvi").await.json();
    assert_eq!((&one["total"], &one["datasets"][0]["digest"]), (&json!(1), &json!(raster.to_string())));
    assert_eq!(service.get("/v1/datasets?product=evi").await.json()["total"], 0);

    let body = service.get(&format!("/v1/datasets/{raster}")).await.json();
    assert_eq!(body["raster"]["epsg"], 4326);
    assert_eq!(body["raster"]["cell_size"], json!([0.1, 0.1]));
    assert_eq!(body["raster"]["pixel_type"], "i16");
    let body = service.get(&format!("/v1/datasets/{}", plots.hex())).await;
    assert_eq!(body.json()["kind"], "biomass_plots");
    assert_eq!(body.json()["raster"], Value::Null);
    assert_eq!(body.json()["findings"], json!([{"code": "biomass_outlier", "severity": "warning", "count": 1}]));
    assert!(!body.text().contains("103.123456"));

    let unknown = service.get(&format!("/v1/datasets/{}", Digest::of(b"?"))).await;
    assert_eq!((unknown.status.as_u16(), unknown.json()["code"].as_str()), (404, Some("unknown_dataset")));
}

#[tokio::test]
async fn every_method_of_a_result_is_described() {
    let service = Service::full().await;
    let body = service.get("/v1/soums/06404/verification").await.json();
    for method in body["method"]["methods"].as_array().unwrap() {
        let described = service.get(method["href"].as_str().unwrap()).await;
        assert_eq!(described.status, 200, "{method}");
        let described = described.json();
        assert_eq!(described["id"], method["id"]);
        for part in ["title", "description"] {
            assert!(described[part]["mn"].as_str().is_some_and(|t| !t.is_empty()));
            assert!(described[part]["en"].as_str().is_some_and(|t| !t.is_empty()));
        }
        assert!(described["equation"].as_str().unwrap().contains('='));
    }
    use belcheer_assessment::evidence::{condition, conversion, degradation, pressure, productivity};
    for id in [productivity::METHOD, condition::METHOD, pressure::METHOD, degradation::METHOD, conversion::METHOD] {
        assert_eq!(service.get(&format!("/v1/methods/{id}")).await.json()["id"], id);
    }
    let unknown = service.get("/v1/methods/i1.other@9").await;
    assert_eq!((unknown.status.as_u16(), unknown.json()["code"].as_str()), (404, Some("unknown_method")));
}

#[tokio::test]
async fn the_service_is_alive_and_ready_until_its_catalog_is_gone() {
    let service = Service::empty().await;
    let alive = service.get("/healthz").await;
    assert_eq!((alive.status.as_u16(), alive.header("cache-control")), (200, "no-store"));
    assert_eq!(service.get("/readyz").await.json(), json!({"status": "ready"}));
    service.catalog.clone().close().await;
    let gone = service.get("/readyz").await;
    assert_eq!((gone.status.as_u16(), gone.json()["code"].as_str()), (503, Some("unavailable")));
    let broken = service.get("/v1/cycles").await;
    assert_eq!((broken.status.as_u16(), broken.json()["code"].as_str()), (500, Some("internal")));
    assert!(!broken.text().to_lowercase().contains("database") && !broken.text().contains("pool"));
    assert_eq!(service.get("/healthz").await.status, 200);
}
