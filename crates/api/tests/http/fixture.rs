//! A workspace with three soums, two published cycles and one draft, all made by hand.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use belcheer_api::{ApiState, Identity, IdentitySettings, KeyRequest, Settings, issue_key, router};
use belcheer_assessment::AssessmentResult;
use belcheer_assessment::levels::{SmallArea, ZoneRow};
use belcheer_assessment::result::{IndicatorRow, InputRef, Manifest, Sensitivity, SoumRow, Standing, StockingRow};
use belcheer_assessment::series::{YearConditions, YearRow};
use belcheer_catalog::{AssessmentRecord, Catalog, DatasetKind, DatasetState, NewDataset, Role, Storage};
use belcheer_domain::records::{Jurisdiction, Level};
use belcheer_domain::{Class, Digest, Finding, Indicator, Severity, SoumCode, Status, Tier};
use belcheer_rangeland::drought::Drought;
use belcheer_verification::estimators::small_areas::Release;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// A service over a workspace that lives as long as this value.
pub struct Service {
    pub router: Router,
    pub catalog: Catalog,
    dir: Arc<TempDir>,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.to_vec()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// Where the workspace of a folder keeps its rows and blobs; see `belcheer_tests::stores`.
fn storage(dir: &Path) -> Storage {
    let stores = belcheer_tests::stores::of(dir);
    Storage { database: stores.database, blobs: stores.blobs }
}

impl Service {
    /// A service over an empty workspace.
    pub async fn empty() -> Self {
        Self::with_settings(Settings::default()).await
    }

    /// A service over an empty workspace, as its operator wants it.
    pub async fn with_settings(settings: Settings) -> Self {
        let dir = TempDir::new().unwrap();
        let catalog = Catalog::init_in(dir.path(), &storage(dir.path())).await.unwrap();
        let state = ApiState::with(catalog.clone(), settings, Identity::default());
        Self { router: router(state), catalog, dir: Arc::new(dir) }
    }

    /// The workspace, opened once more as another program would.
    pub async fn opened_by_another_program(&self) -> Catalog {
        Catalog::open_in(self.dir.path(), &storage(self.dir.path())).await.unwrap()
    }

    /// The metrics, as the machine itself reads them.
    pub async fn metrics(&self) -> String {
        let near = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 9)));
        self.send(Request::get("/metrics").extension(near)).await.text()
    }

    /// The same workspace, served under other settings.
    pub async fn under(&self, settings: IdentitySettings) -> Self {
        let identity = Identity::open(settings).await.unwrap();
        let router = router(ApiState::with(self.catalog.clone(), Settings::default(), identity));
        Self { router, catalog: self.catalog.clone(), dir: Arc::clone(&self.dir) }
    }

    /// A key of a role, for all soums, made at a time for a year: the key, and the part that names it.
    pub async fn key_made(&self, role: Role, now: DateTime<Utc>) -> (String, String) {
        let (holder, label) = (format!("a {role}"), "test".to_owned());
        let request = KeyRequest { holder, label, role: Some(role), actions: None, soums: None, days: 365 };
        let issued = issue_key(&self.catalog, "live", &request, "cli:test", now).await.unwrap();
        (issued.text, issued.record.id)
    }

    /// The header of a good key of a role.
    pub async fn bearer(&self, role: Role) -> String {
        format!("Bearer {}", self.key_made(role, Utc::now()).await.0)
    }

    /// A service over three soums: cycles 2023 and 2024 published, 2024 twice, 2025 a draft.
    pub async fn full() -> Self {
        let service = Self::empty().await;
        service.add_boundaries().await;
        for (result, at) in [
            (result("2023", 1), Some("2024-02-01T00:00:00Z")),
            (result("2024", 2), Some("2025-02-01T00:00:00Z")),
            (result("2024", 3), Some("2025-03-01T00:00:00Z")),
            (result("2025", 4), None),
        ] {
            let id = service.add(&result).await;
            if let Some(at) = at {
                service.catalog.publish(id, &result.manifest.cycle, "cli:test", at).await.unwrap();
            }
        }
        service
    }

    pub async fn add(&self, result: &AssessmentResult) -> Digest {
        let record = AssessmentRecord {
            id: result.manifest.id(),
            cycle: result.manifest.cycle.clone(),
            scheme_id: "mn-national-1".into(),
            scheme_digest: result.manifest.scheme_digest,
            manifest: serde_json::to_value(&result.manifest).unwrap(),
            result: self.catalog.put_json(result).await.unwrap(),
            created_at: "2025-01-01T00:00:00Z".into(),
        };
        self.catalog.add_assessment(&record).await.unwrap();
        record.id
    }

    async fn add_boundaries(&self) {
        let soums: Vec<Jurisdiction> = [(6404, 97.0), (6405, 99.0), (4625, 105.0)]
            .into_iter()
            .map(|(number, west)| {
                let corner = |x: f64, y: f64| geo_types::Coord { x, y };
                let area = geo_types::Rect::new(corner(west, 45.0), corner(west + 1.0, 46.0)).to_polygon();
                let (mn, en) = names(number);
                Jurisdiction {
                    level: Level::Soum,
                    code: code(number).to_string(),
                    au2: Some(code(number)),
                    name_mn: Some(mn.into()),
                    name_en: Some(en.into()),
                    geometry: geo_types::MultiPolygon(vec![area]),
                    area_ha: 123_400.0,
                }
            })
            .collect();
        let blob = self.catalog.put_json(&soums).await.unwrap();
        self.add_dataset(DatasetKind::Boundaries, Some(Level::Soum), None, blob, json!({})).await;
    }

    pub async fn add_dataset(
        &self,
        kind: DatasetKind,
        level: Option<Level>,
        product: Option<&str>,
        blob: Digest,
        meta: Value,
    ) -> Digest {
        let secret = Finding::new("biomass_outlier", Severity::Warning, "plots.csv")
            .at("plot at 103.123456 46.654321")
            .text("the plot at 103.123456 is far off", "103.123456 дахь талбай");
        let dataset = NewDataset {
            kind,
            level,
            product: product.map(str::to_owned),
            date: product.map(|_| "2024".to_owned()),
            state: DatasetState::Ready,
            source_name: "source.gpkg".into(),
            source_digest: Digest::of(b"source"),
            blob,
            records: 3,
            meta,
            findings: vec![secret],
            created_at: "2025-01-01T00:00:00Z".into(),
        };
        self.catalog.add_dataset(&dataset).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path)).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers.iter().fold(Request::get(path), |r, (name, value)| r.header(*name, *value));
        self.send(request).await
    }

    pub async fn send(&self, request: axum::http::request::Builder) -> Answer {
        self.send_body(request, Body::empty()).await
    }

    pub async fn send_body(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, bytes: to_bytes(body, usize::MAX).await.unwrap() }
    }
}

pub fn code(number: u16) -> SoumCode {
    SoumCode::new(number).unwrap()
}

/// Names of a soum; one of them is hostile.
pub fn names(number: u16) -> (&'static str, &'static str) {
    match number {
        6404 => ("Баян-Өндөр", "Bayan-Undur"),
        6405 => ("Баянлиг <script>alert(1)</script>", "Bayanlig"),
        _ => ("Цогтцэций \"'&", "Tsogttsetsii"),
    }
}

/// A result of three soums; the seed tells assessments apart.
/// Two user groups of one soum, the second too unsure to be told.
fn groups() -> Vec<ZoneRow> {
    let group = |id: &str, indicator_of: Indicator, small_area: Option<SmallArea>| {
        let mut row = serde_json::to_value(indicator(6404, indicator_of)).unwrap();
        (row["zone_level"], row["zone_id"]) = (json!("pug"), json!(id));
        ZoneRow {
            name_mn: Some(format!("{id}-р хэсэг")),
            name_en: None,
            soums: 1,
            area_ha: Some(1000.0),
            area_share: Some(0.5),
            contribution: Some(0.25),
            small_area,
            row: serde_json::from_value(row).unwrap(),
        }
    };
    let few = |release| SmallArea { direct_value: None, direct_effect: None, weight: 0.5, cv: Some(0.4), release };
    vec![
        group("1", Indicator::I1, None),
        group("1", Indicator::I2, Some(few(Release::Publish))),
        group("2", Indicator::I2, Some(few(Release::Suppress))),
    ]
}

pub fn result(cycle: &str, seed: u64) -> AssessmentResult {
    let numbers =
        [(4625, Status::InsufficientEvidence), (6404, Status::VerifiedImproving), (6405, Status::NotVerified)];
    AssessmentResult {
        zones: groups(),
        manifest: manifest(cycle, seed),
        soums: numbers.iter().map(|(number, status)| soum(*number, *status, seed)).collect(),
        indicators: numbers.iter().flat_map(|(n, _)| Indicator::ALL.iter().map(|i| indicator(*n, *i))).collect(),
        stocking: vec![stocking(6404)],
        years: years(),
        conditions: vec![dry_year()],
        findings: vec![
            Finding::new("missing_years", Severity::Warning, "ndvi.tif")
                .text("two years are missing", "хоёр жил дутуу"),
            Finding::new("few_points", Severity::Info, "points.csv")
                .soum(code(6404))
                .at("row 7")
                .text("few points", "цөөн цэг"),
            Finding::new("no_census", Severity::Error, "livestock.csv").soum(code(6405)).text("none", "алга"),
        ],
    }
}

/// I1 of 06404 and 06405 in two years of the baseline and one of the reporting period.
fn years() -> Vec<YearRow> {
    let year = |number: u16, year: i32, change: f64| YearRow {
        au2: code(number),
        indicator: Indicator::I1,
        year,
        value: Some(0.31 + change / 300.0),
        value_ci90: (year == 2010).then_some((0.25, 0.37)),
        change: Some(change),
    };
    let of_soum = |number| [year(number, 2010, -1.5), year(number, 2011, 1.5), year(number, 2019, 6.0)];
    [6404, 6405].into_iter().flat_map(of_soum).collect()
}

/// A drought with the dzud after it, of 06404.
fn dry_year() -> YearConditions {
    YearConditions {
        au2: code(6404),
        year: 2010,
        precipitation_mm: Some(61.0),
        temperature_c: Some(18.4),
        pedj: Some(2.4),
        spi: None,
        drought: Some(Drought::Moderate),
        dzud_index: None,
        loss_percent: Some(17.0),
        mortality_disaster: Some(true),
        herd_change_percent: Some(-21.0),
    }
}

fn manifest(cycle: &str, seed: u64) -> Manifest {
    Manifest {
        levels: vec![Level::Pug],
        form: 1,
        scheme: "mn-national-1@1.0.0".into(),
        scheme_digest: Digest::of(b"scheme"),
        cycle: cycle.into(),
        baseline: "2009..2018".parse().unwrap(),
        reporting: "2019..2023".parse().unwrap(),
        seed,
        soums: Vec::new(),
        inputs: vec![InputRef { kind: "raster".into(), name: "ndvi.tif".into(), digest: Digest::of(b"ndvi") }],
        methods: vec!["i1.weather_adjusted_productivity@2".into(), "i2.recovery_class_change@1".into()],
        parameter_sets: vec!["sfu_nso_current@1".into()],
    }
}

fn soum(number: u16, status: Status, seed: u64) -> SoumRow {
    let (mn, en) = names(number);
    let scored = status == Status::VerifiedImproving;
    SoumRow {
        au2: code(number),
        name_mn: Some(mn.into()),
        name_en: Some(en.into()),
        aimag: if number == 4625 { "Өмнөговь".into() } else { "Баянхонгор".into() },
        area_km2: 1234.0,
        rangeland_area_ha: scored.then_some(100_000.0),
        status,
        score: scored.then_some(70.0 + seed as f64),
        score_ci90: scored.then_some((61.0, 80.0)),
        indicators_used: if scored { 4 } else { 1 },
        findings: 1,
        reasons: vec!["no_weather".into(), "odd_code".into()],
        sentence_en: format!("{en}: sentence"),
        sentence_mn: format!("{mn}: өгүүлбэр"),
        standing: Standing {
            would_change_en: "What would change".into(),
            would_change_mn: "Юу өөрчлөх".into(),
            ..Standing::default()
        },
    }
}

fn indicator(number: u16, indicator: Indicator) -> IndicatorRow {
    let known = indicator == Indicator::I1;
    IndicatorRow {
        au2: code(number),
        indicator,
        unit: "percent".into(),
        zone_level: "soum".into(),
        zone_id: code(number).to_string(),
        baseline_value: known.then_some(0.31),
        reporting_value: known.then_some(0.33),
        value_unit: "vegetation_index".into(),
        level_score: None,
        effect: known.then_some(6.04),
        raw_effect: known.then_some(8.0),
        ci90: known.then_some((-2.0, 10.5)),
        p: known.then_some(0.01),
        p_bh: known.then_some(0.02),
        mdc: known.then_some(4.2),
        epsilon: 5.0,
        class: if known { Class::Improved } else { Class::Insufficient },
        reasons: if known { Vec::new() } else { vec!["no_photo_points".into()] },
        resolution: (!known).then(|| ("+14 photo points".into(), "+14 фото цэг".into())),
        tier: if known { Tier::T2 } else { Tier::T0 },
        coverage: known.then_some(0.93),
        n_plots: known.then_some(12),
        n_eff: known.then_some(6.1),
        method_id: "i1.weather_adjusted_productivity@2".into(),
        sensitivity: Sensitivity { year_band90: known.then_some((-3.25, 3.25)), ..Sensitivity::default() },
    }
}

fn stocking(number: u16) -> StockingRow {
    StockingRow {
        au2: code(number),
        year: 2023,
        season: "winter_spring".into(),
        sfu: 120_000.0,
        area_ha: Some(100_000.0),
        yield_kg_ha: Some(320.0),
        utilisation: Some(0.4),
        capacity_sfu: Some(80_000.0),
        stocking_rate_sfu_ha: Some(1.2),
        ratio: Some(1.5),
        ratio_ci90: Some((1.1, 2.0)),
        class: Some("over_capacity".into()),
        balance_sfu: Some(-40_000.0),
        parameter_set: "sfu_nso_current".into(),
    }
}
