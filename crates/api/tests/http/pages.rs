//! Pages for people.

use belcheer_api::{ApiState, soum_report};

use crate::fixture::Service;

#[tokio::test]
async fn the_country_page_lists_soums_by_aimag_in_both_languages() {
    let service = Service::full().await;
    let page = service.get("/").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let text = page.text();
    assert!(text.contains("<html lang=\"mn\">"));
    for words in
        ["баталгаажсан - сайжирч буй", "баталгаажаагүй", "нотолгоо хангалтгүй", "Баянхонгор", "Өмнөговь", "Баян-Өндөр"]
    {
        assert!(text.contains(words), "{words}");
    }
    let english = service.get("/?lang=en").await.text();
    for words in ["<html lang=\"en\">", "verified - improving", "Bayankhongor", "Bayan-Undur", "Rangeland, ha"] {
        assert!(english.contains(words), "{words}");
    }
    assert!(
        text.find("Өмнөговь</option>").unwrap() < text.find("Баянхонгор</option>").unwrap(),
        "aimags in order of their number"
    );
}

#[tokio::test]
async fn what_is_not_asked_for_is_hidden_also_without_scripts() {
    let service = Service::full().await;
    let shown = |text: &str| text.matches("<tr data-au2").count();
    let all = service.get("/?lang=en").await.text();
    assert!(shown(&all) > 2 && !all.contains("<tr hidden"));
    for (query, count) in [("q=bayan-und", 1), ("q=06404", 1), ("status=verified_improving", 1), ("aimag=64", 2)] {
        let text = service.get(&format!("/?lang=en&{query}")).await.text();
        assert_eq!(shown(&text), count, "{query}");
        assert_eq!(shown(&text) + text.matches("<tr hidden").count(), shown(&all), "{query}");
    }
    assert_eq!(service.get("/?by=beauty").await.status, 400);
    let map = service.get("/map.svg?by=I2&lang=mn").await;
    assert_eq!((map.status.as_u16(), map.header("content-type")), (200, "image/svg+xml"));
    assert!(map.text().matches("<path").count() >= 2 && map.text().contains("сайжирсан"));
}

#[tokio::test]
async fn two_verdicts_are_held_side_by_side() {
    let service = Service::full().await;
    let soums = service.get("/compare?a=06404&b=06405&lang=en").await.text();
    assert!(soums.contains("Bayan-Undur (06404)") && soums.contains("(06405)") && soums.contains("+6.0"));
    let cycles = service.get("/compare?a=06404&cycle_a=2023&cycle_b=2024&lang=mn").await.text();
    assert!(cycles.contains("2023: 2019-2023") && cycles.contains("2024: "));
    for (path, status) in [("/compare", 400), ("/compare?a=06404&b=09999", 404), ("/compare?a=06404&cycle_a=1900", 404)]
    {
        assert_eq!(service.get(path).await.status.as_u16(), status, "{path}");
    }
    let page = service.get("/soums/06404?lang=en").await.text();
    assert!(page.contains("id=\"history\"") && page.contains("cycle_a=2023"), "the past of a soum");
}

#[tokio::test]
async fn a_report_is_one_file() {
    let service = Service::full().await;
    let state = ApiState::new(service.catalog.clone());
    let report = soum_report(&state, "06404", None, "en").await.unwrap();
    assert!(report.contains("Bayan-Undur: sentence") && report.contains("<style>") && report.contains("<svg"));
    assert!(!report.contains("<script") && !report.contains("<link") && !report.contains("http://"));
    // nothing leads out of the file, and the words of what would are left
    assert!(!report.contains("href=") && report.contains("i1.weather_adjusted_productivity@2"));
    assert!(report.contains("class=\"mark drought\"") && !report.contains("<button"), "years, and nothing to press");
    assert!(soum_report(&state, "09999", None, "en").await.unwrap_err().contains("09999"));
    assert!(soum_report(&state, "06404", None, "fr").await.is_err());
}

#[tokio::test]
async fn the_desk_and_the_page_for_researchers_are_whole_pages() {
    let service = Service::full().await;
    assert!(service.get("/desk?lang=en").await.text().contains("id=\"desk\" data-lang=\"en\""));
    let docs = service.get_with("/docs?lang=en", &[("host", "belcheer.example.mn:8443")]).await.text();
    assert!(docs.contains("http://belcheer.example.mn:8443/v1/soums?f=geojson") && !docs.contains("{base}"));
    let odd = service.get_with("/docs?lang=en", &[("host", "a\"onload=")]).await.text();
    assert!(!odd.contains("onload") && odd.contains("http://127.0.0.1:8080/"));
    assert_eq!(service.get("/assets/nothing.js").await.status, 404);
    assert_eq!(service.get("/assets/..%2F.vite%2Fmanifest.json").await.status, 404);
}

#[tokio::test]
async fn a_soum_page_says_why_with_units_and_intervals() {
    let service = Service::full().await;
    let text = service.get("/soums/06404?lang=en").await.text();
    for words in [
        "Bayan-Undur: sentence",
        "verified - improving",
        "There is no weather series.",
        "+6.0 [\u{2212}2.0; +10.5] %",
        "4.2 %",
        "±5.0 %",
        "+14 photo points",
        "over capacity",
        "winter-spring",
        "\u{2212}40\u{202F}000",
        "1.50 [1.10; 2.00]",
        "few_points",
        "missing_years",
        "ndvi.tif",
        "sha256:",
        "/v1/soums/06404/verification?cycle=2024",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains("no_census"), "a finding about another soum");
    let mongolian = service.get("/soums/06404?cycle=2023").await.text();
    for words in ["Баян-Өндөр: өгүүлбэр", "сайжирсан", "өвөл-хавар", "даац хэтэрсэн", "2023: 2019-2023"]
    {
        assert!(mongolian.contains(words), "{words}");
    }
}

#[tokio::test]
async fn names_from_files_are_text_and_never_markup() {
    let service = Service::full().await;
    for path in ["/", "/soums/06405", "/soums/04625", "/soums/06405?lang=en"] {
        let text = service.get(path).await.text();
        assert!(!text.contains("<script>"), "{path}");
    }
    assert!(service.get("/").await.text().contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let hostile = service.get("/soums/%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert_eq!(hostile.status, 400);
    assert!(!hostile.text().contains("<script>") && hostile.text().contains("&lt;script"));
}

#[tokio::test]
async fn a_refused_page_is_a_page() {
    let service = Service::full().await;
    for (path, status, words) in [
        ("/soums/09999", 404, "Ийм сум алга"),
        ("/soums/09999?lang=en", 404, "Unknown soum"),
        ("/soums/x?lang=en", 400, "five digits with a leading zero"),
        ("/?lang=fr", 400, "mn эсвэл en"),
        ("/?page=2&lang=en", 400, "Unknown query parameter"),
        ("/?cycle=1900&lang=en", 404, "published cycles: 2023, 2024"),
    ] {
        let page = service.get(path).await;
        assert_eq!(page.status.as_u16(), status, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(page.text().contains(words), "{path}: {}", page.text());
    }
}

#[tokio::test]
async fn pages_stand_without_script_style_or_other_origins() {
    let service = Service::full().await;
    for path in ["/", "/soums/06404"] {
        let text = service.get(path).await.text();
        assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("style="), "{path}");
        let (rows, named) = (text.matches("<tr").count(), text.matches("scope=\"").count());
        assert!(rows > 0 && named >= rows, "{path}: each row has a heading cell or is made of them");
        assert!(text.matches("<table").count() == text.matches("<caption>").count(), "{path}");
    }
    let style = service.get("/style.css").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn the_first_page_of_an_empty_workspace_tells_the_next_step() {
    let service = Service::empty().await;
    let page = service.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("belcheer publish"));
    assert_eq!(service.get("/soums/06404").await.status, 404);
}

#[tokio::test]
async fn the_list_is_ordered_without_scripts_and_what_is_missing_comes_last() {
    let service = Service::full().await;
    let codes = async |query: &str| -> Vec<String> {
        let page = service.get(&format!("/?lang=mn&{query}")).await.text();
        page.split("data-au2=\"").skip(1).map(|rest| rest[..5].to_owned()).collect()
    };
    assert_eq!(codes("").await, ["04625", "06404", "06405"]);
    assert_eq!(codes("sort=code&dir=desc").await, ["06405", "06404", "04625"]);
    assert_eq!(codes("sort=score").await[0], "06404");
    assert_eq!(codes("sort=score&dir=desc").await[0], "06404", "what has no score is last either way");
    assert_eq!(codes("sort=status").await, ["06404", "06405", "04625"]);
    let refused = service.get("/?sort=colour&lang=en").await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("one of") || refused.text().contains("code, name"));
}
