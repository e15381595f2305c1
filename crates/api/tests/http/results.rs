//! Cycles, soums, verifications and histories.

use serde_json::{Value, json};

use crate::fixture::{Service, code, result};

fn codes(list: &Value) -> Vec<&str> {
    list["soums"].as_array().unwrap().iter().map(|s| s["au2"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn cycles_are_those_published_and_no_draft() {
    let service = Service::full().await;
    let body = service.get("/v1/cycles").await.json();
    let names: Vec<_> = body["cycles"].as_array().unwrap().iter().map(|c| c["cycle"].as_str().unwrap()).collect();
    assert_eq!(names, ["2023", "2024"]);
    let latest = &body["cycles"][1];
    assert_eq!(latest["assessment"], result("2024", 3).manifest.id().to_string());
    assert_eq!(latest["published_at"], "2025-03-01T00:00:00Z");
    assert_eq!(latest["baseline"], json!({"first": 2009, "last": 2018}));
    assert_eq!(latest["soums"], 3);
    assert_eq!(latest["statuses"]["verified_improving"], 1);
    let draft = service.get("/v1/soums?cycle=2025").await;
    assert_eq!((draft.status.as_u16(), draft.json()["code"].as_str()), (404, Some("unknown_cycle")));
}

#[tokio::test]
async fn soums_are_listed_filtered_and_searched() {
    let service = Service::full().await;
    let all = service.get("/v1/soums").await.json();
    assert_eq!((all["cycle"].as_str(), all["total"].as_u64()), (Some("2024"), Some(3)));
    assert_eq!(codes(&all), ["04625", "06404", "06405"]);
    assert_eq!(all["soums"][1]["score"], 73.0);
    assert_eq!(all["soums"][1]["score_ci90_low"], 61.0);
    assert_eq!(all["soums"][0]["score"], Value::Null);
    for (query, expected) in [
        ("cycle=2023&status=not_verified", vec!["06405"]),
        ("aimag=064", vec!["06404", "06405"]),
        ("aimag=64", vec!["06404", "06405"]),
        ("aimag=Umnugovi", vec!["04625"]),
        ("aimag=%D3%A8%D0%BC%D0%BD%D3%A9%D0%B3%D0%BE%D0%B2%D1%8C", vec!["04625"]),
        ("aimag=nowhere", vec![]),
        ("bbox=97.5,45.5,98.5,47", vec!["06404"]),
        ("bbox=90,40,110,50", vec!["04625", "06404", "06405"]),
        ("bbox=0,0,1,1", vec![]),
        // Баян-ондор: spelling variants and hyphens count as equal
        ("q=%D0%B1%D0%B0%D1%8F%D0%BD%D0%BE%D0%BD%D0%B4%D0%BE%D1%80", vec!["06404"]),
        ("q=BAYAN", vec!["06404", "06405"]),
        ("q=0640", vec!["06404", "06405"]),
        ("q=---", vec![]),
        ("q=&status=&aimag=&bbox=&cycle=", vec!["04625", "06404", "06405"]),
    ] {
        let body = service.get(&format!("/v1/soums?{query}")).await.json();
        assert_eq!(codes(&body), expected, "{query}");
        assert_eq!(body["total"].as_u64(), Some(expected.len() as u64), "{query}");
    }
}

#[tokio::test]
async fn pages_of_a_list_join_to_the_whole() {
    let service = Service::full().await;
    let mut address = "/v1/soums?limit=2&cycle=2024".to_owned();
    let mut seen = Vec::new();
    loop {
        let body = service.get(&address).await.json();
        assert_eq!(body["total"], 3);
        seen.extend(codes(&body).into_iter().map(str::to_owned));
        match body["next"].as_str() {
            Some(next) => address = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, ["04625", "06404", "06405"]);
    assert_eq!(codes(&service.get("/v1/soums?offset=99").await.json()).len(), 0);
}

#[tokio::test]
async fn a_soum_knows_its_place_and_cycles() {
    let service = Service::full().await;
    let body = service.get("/v1/soums/06404").await.json();
    assert_eq!(body["name_en"], "Bayan-Undur");
    assert_eq!(body["aimag"], json!({"au1": "064", "name_mn": "Баянхонгор", "name_en": "Bayankhongor"}));
    assert_eq!(body["area_km2"], 1234.0);
    assert_eq!(body["bbox"], json!([97.0, 45.0, 98.0, 46.0]));
    assert_eq!(body["centroid"], json!([97.5, 45.5]));
    assert_eq!(body["cycles"].as_array().unwrap().len(), 2);
    for link in
        [&body["links"]["self"], &body["links"]["verification"], &body["links"]["history"], &body["links"]["page"]]
    {
        assert_eq!(service.get(link.as_str().unwrap()).await.status, 200, "{link}");
    }
}

#[tokio::test]
async fn a_verification_holds_every_column_and_its_own_findings() {
    let service = Service::full().await;
    let body = service.get("/v1/soums/06404/verification").await.json();
    assert_eq!((body["cycle"].as_str(), body["status"].as_str()), (Some("2024"), Some("verified_improving")));
    assert_eq!(body["sentence"], json!({"mn": "Баян-Өндөр: өгүүлбэр", "en": "Bayan-Undur: sentence"}));
    assert_eq!(body["reasons"][0]["code"], "no_weather");
    assert_ne!(body["reasons"][0]["text"]["mn"], "no_weather");
    assert_eq!(body["reasons"][1]["text"]["en"], "odd_code");
    let indicators = body["indicators"].as_array().unwrap();
    assert_eq!(indicators.len(), 5);
    let columns = "au2 name_mn name_en aimag indicator unit zone_level zone_id baseline_value reporting_value level_score \
                   effect ci90_low ci90_high p p_bh mdc epsilon class reasons tier coverage n_plots n_eff method_id \
                   value_unit raw_effect contribution";
    for column in columns.split_whitespace() {
        assert!(indicators[0].as_object().unwrap().contains_key(column), "{column}");
    }
    assert_eq!((indicators[0]["effect"].as_f64(), indicators[0]["ci90_low"].as_f64()), (Some(6.04), Some(-2.0)));
    assert_eq!((&indicators[1]["effect"], &indicators[1]["p"]), (&Value::Null, &Value::Null));
    assert_eq!(indicators[1]["resolution"], json!({"mn": "+14 фото цэг", "en": "+14 photo points"}));
    let finding_codes = |key: &str| -> Vec<String> {
        body[key].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(finding_codes("findings"), ["few_points"]);
    assert_eq!(finding_codes("global_findings"), ["missing_years"]);
    assert_eq!(body["would_change"], json!({"mn": "Юу өөрчлөх", "en": "What would change"}));
    assert_eq!(body["contribution_evidence"], "none");
    let sheet = body["review"].as_array().unwrap();
    assert!(sheet.len() >= 25, "{}", sheet.len());
    let area = sheet.iter().find(|row| row["attack"] == "A9").unwrap();
    assert_eq!((area["defence"].as_str(), &area["number"]), (Some("applied"), &body["area_km2"]));
    assert_ne!(area["attack_text"]["mn"], area["attack_text"]["en"]);
    assert_eq!(body["stocking"][0]["class_text"]["mn"], "даац хэтэрсэн");
    assert!(body["inputs"][0]["digest"].as_str().unwrap().starts_with("sha256:"));
    assert_eq!(body["method"]["scheme"], "mn-national-1@1.0.0");
    assert_eq!(body["assessment"], result("2024", 3).manifest.id().to_string());
    let earlier = service.get("/v1/soums/06404/verification?cycle=2023").await.json();
    assert_eq!(earlier["score"], 71.0);
}

#[tokio::test]
async fn a_history_tells_what_was_superseded_and_withdrawn() {
    let service = Service::full().await;
    let states = |body: &Value| -> Vec<(String, String)> {
        let row = |r: &Value| (r["cycle"].as_str().unwrap().to_owned(), r["state"].as_str().unwrap().to_owned());
        body["history"].as_array().unwrap().iter().map(row).collect()
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let body = service.get("/v1/soums/06404/history").await.json();
    assert_eq!(states(&body), [pair("2023", "current"), pair("2024", "superseded"), pair("2024", "current")]);
    assert_eq!((&body["history"][1]["score"], &body["history"][2]["score"]), (&json!(72.0), &json!(73.0)));
    assert_eq!(body["history"][1]["ended_at"], "2025-03-01T00:00:00Z");

    // a withdrawal shows at once, and takes its numbers along
    service.catalog.withdraw(result("2024", 3).manifest.id(), "cli:test", "2025-04-01T00:00:00Z").await.unwrap();
    let body = service.get("/v1/soums/06404/history").await.json();
    assert_eq!(states(&body)[2], pair("2024", "withdrawn"));
    assert_eq!((&body["history"][2]["status"], &body["history"][2]["score"]), (&Value::Null, &Value::Null));
    assert_eq!(service.get("/v1/soums/06404/verification?cycle=2024").await.status, 404);
    assert_eq!(service.get("/v1/soums").await.json()["cycle"], "2023");
}

#[tokio::test]
async fn user_groups_stand_beside_their_soum_without_a_status() {
    let service = Service::full().await;
    let body = service.get("/v1/soums/06404/pugs").await.json();
    assert_eq!((&body["assessed"], body["groups"].as_array().map(Vec::len)), (&json!(true), Some(2)));
    let first = &body["groups"][0];
    assert_eq!((&first["zone_id"], &first["area_share"]), (&json!("1"), &json!(0.5)));
    assert_eq!(
        (&first["indicators"][0]["indicator"], &first["indicators"][0]["contribution"]),
        (&json!("I1"), &json!(0.25))
    );
    assert_eq!(body["groups"][1]["indicators"][0]["release"], "suppress");
    assert!(first.get("status").is_none() && first.get("score").is_none());
    let other = service.get("/v1/soums/06405/pugs").await.json();
    assert_eq!(other["groups"], json!([]));
}

#[tokio::test]
async fn the_difference_of_two_assessments_names_what_changed_and_no_draft() {
    let service = Service::full().await;
    let (first, second) = (result("2024", 2).manifest.id(), result("2024", 3).manifest.id());
    let body = service.get(&format!("/v1/assessments/{first}/diff/{second}")).await.json();
    assert_eq!((&body["changes"][0]["kind"], &body["changes"][0]["how"]), (&json!("seed"), &json!("changed")));
    let rows = body["rows"].as_array().unwrap();
    let score = rows.iter().find(|r| r["au2"] == "06404" && r["field"] == "score").unwrap();
    assert_eq!((&score["before"], &score["after"], &score["difference"]), (&json!("72"), &json!("73"), &json!(1.0)));
    let one = service.get(&format!("/v1/assessments/{first}")).await.json();
    assert_eq!(one["publications"].as_array().map(Vec::len), Some(1));
    // a draft, and what was taken back, are as unknown as no assessment
    let draft = result("2025", 4).manifest.id();
    service.catalog.withdraw(second, "cli:test", "2025-04-01T00:00:00Z").await.unwrap();
    for id in [draft.to_string(), second.to_string(), format!("sha256:{}", "0".repeat(64)), "latest".to_owned()] {
        let answer = service.get(&format!("/v1/assessments/{id}")).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (404, &json!("unknown_assessment")), "{id}");
        assert_eq!(service.get(&format!("/v1/assessments/{first}/diff/{id}")).await.status, 404, "{id}");
    }
}

#[tokio::test]
async fn a_publication_shows_at_once() {
    let service = Service::full().await;
    let score = |body: Value| body["score"].as_f64();
    assert_eq!(score(service.get("/v1/soums/06404/verification").await.json()), Some(73.0));
    let id = service.add(&result("2024", 9)).await;
    assert_eq!(score(service.get("/v1/soums/06404/verification").await.json()), Some(73.0), "a draft is not served");
    service.catalog.publish(id, "2024", "cli:test", "2025-05-01T00:00:00Z").await.unwrap();
    assert_eq!(score(service.get("/v1/soums/06404/verification").await.json()), Some(79.0));
}

#[tokio::test]
async fn nothing_published_is_said_with_the_next_step() {
    let service = Service::empty().await;
    assert_eq!(service.get("/v1/cycles").await.json(), json!({"cycles": []}));
    let list = service.get("/v1/soums").await.json();
    assert_eq!((&list["cycle"], &list["soums"], &list["total"]), (&Value::Null, &json!([]), &json!(0)));
    for path in ["/v1/soums/06404/verification", "/v1/soums?cycle=2024"] {
        let body = service.get(path).await.json();
        assert_eq!(body["code"], "nothing_published", "{path}");
        assert!(body["detail"].as_str().unwrap().contains("belcheer publish"));
    }
    assert_eq!(service.get("/v1/soums/06404").await.json()["code"], "unknown_soum");

    // drafts alone publish nothing
    service.add(&result("2024", 1)).await;
    assert_eq!(service.get("/v1/soums/06404/verification").await.json()["code"], "nothing_published");
    assert_eq!(service.get("/v1/soums/06404/history").await.json()["code"], "unknown_soum");
}

#[tokio::test]
async fn a_known_soum_without_a_result_is_told_apart_from_an_unknown_one() {
    let service = Service::full().await;
    let mut narrow = result("2026", 5);
    narrow.soums.retain(|row| row.au2 == code(6404));
    let id = service.add(&narrow).await;
    service.catalog.publish(id, "2026", "cli:test", "2026-01-01T00:00:00Z").await.unwrap();
    assert_eq!(service.get("/v1/soums/06405/verification").await.json()["code"], "no_result");
    assert_eq!(service.get("/v1/soums/09999/verification").await.json()["code"], "unknown_soum");
}
