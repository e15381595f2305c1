//! Counts and times of the service, as Prometheus reads them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use belcheer_catalog::{Catalog, CatalogError};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::answers::Answers;
use crate::problem::{Problem, Refusals};
use crate::state::ApiState;

/// The media type of Prometheus's text.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper ends of the histogram of times, seconds: from an answer of memory to the longest a request may take.
const SECONDS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// Headers that say that somebody else sent the request on.
const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "via"];

/// Whether an answer came from memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Memory {
    /// It did.
    Hit,
    /// It could have, but was not there.
    Miss,
    /// It could not.
    None,
}

impl Memory {
    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::None => "none",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: Arc<str>,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    route: Arc<str>,
    memory: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Queued {
    lane: &'static str,
    state: &'static str,
}

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    answered: Family<Answered, Counter>,
    seconds: Family<Timed, Histogram, fn() -> Histogram>,
    under_way: Gauge,
    jobs: Family<Queued, Gauge>,
    uploads: Gauge,
    upload_bytes: Gauge,
}

/// A request under way; none any more when dropped, however it ended.
#[derive(Debug)]
pub(crate) struct UnderWay(Gauge);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// Counts from nought. What is known elsewhere is a [`Collector`] here, read when somebody looks.
    pub(crate) fn new(answers: Arc<Answers>) -> Self {
        let mut registry = Registry::with_prefix("belcheer");
        let answered = Family::<Answered, Counter>::default();
        let new_histogram: fn() -> Histogram = || Histogram::new(SECONDS);
        let seconds = Family::new_with_constructor(new_histogram);
        let under_way = Gauge::default();
        registry.register("http_requests", "Requests answered", answered.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request's head to its answer's head; memory says whether the answer was kept",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register("http_requests_under_way", "Requests being answered", under_way.clone());
        let jobs = Family::<Queued, Gauge>::default();
        let (uploads, upload_bytes) = (Gauge::default(), Gauge::default());
        registry.register("jobs", "Jobs in the catalog by lane and state", jobs.clone());
        registry.register("uploads_open", "Uploads and drafts not yet accepted or given up", uploads.clone());
        registry.register(
            "uploads_open_bytes",
            "Bytes that open uploads and drafts hold or will",
            upload_bytes.clone(),
        );
        registry.register_collector(Box::new(HeldAnswers(answers)));
        Self { registry, answered, seconds, under_way, jobs, uploads, upload_bytes }
    }

    /// Takes over what the catalog holds now.
    async fn look_at(&self, catalog: &Catalog) -> Result<(), CatalogError> {
        let (counts, usage) = (catalog.job_counts().await?, catalog.upload_usage("").await?);
        // a state that no job is in any more is not told
        self.jobs.clear();
        for (state, lane, count) in counts {
            let queued = Queued { lane: lane.as_str(), state: state.as_str() };
            self.jobs.get_or_create(&queued).set(gauge(count));
        }
        self.uploads.set(gauge(usage.uploads));
        self.upload_bytes.set(gauge(usage.bytes));
        Ok(())
    }

    /// Counts a request as under way until what this gives is dropped.
    pub(crate) fn under_way(&self) -> UnderWay {
        self.under_way.inc();
        UnderWay(self.under_way.clone())
    }

    /// Counts an answer.
    pub(crate) fn answered(
        &self,
        method: &Method,
        route: &Arc<str>,
        status: StatusCode,
        memory: Memory,
        elapsed: Duration,
    ) {
        let answered = Answered { method: known(method), route: Arc::clone(route), status: status.as_u16() };
        self.answered.get_or_create(&answered).inc();
        let timed = Timed { route: Arc::clone(route), memory: memory.word() };
        self.seconds.get_or_create(&timed).observe(elapsed.as_secs_f64());
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn gauge(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A method's name; what a client made up is not repeated.
fn known(method: &Method) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|name| method.as_str() == *name)
        .unwrap_or("other")
}

/// How much the memory for answers holds.
#[derive(Debug)]
struct HeldAnswers(Arc<Answers>);

impl Collector for HeldAnswers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let (held, bytes) = self.0.size();
        for (name, help, value) in [
            ("answers_held", "Finished answers in memory", held as u64),
            ("answers_held_bytes", "Bytes of finished answers in memory", bytes),
        ] {
            let gauge = ConstGauge::new(value);
            let one = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
            gauge.encode(one)?;
        }
        Ok(())
    }
}

/// Counts and times of the service, in Prometheus's text; for the machine itself unless the operator opens it.
#[utoipa::path(get, path = "/metrics", tag = "service",
    responses((status = 200, description = "OpenMetrics text", content_type = "application/openmetrics-text", body = String), Refusals))]
pub(crate) async fn show_metrics(
    State(state): State<ApiState>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let near = peer.is_some_and(|axum::Extension(ConnectInfo(peer))| peer.ip().to_canonical().is_loopback());
    let forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
    if !state.settings().metrics_public && (!near || forwarded) {
        return Err(Problem::of_status(StatusCode::NOT_FOUND));
    }
    state.metrics().look_at(state.catalog()).await?;
    let text = state.metrics().text().map_err(|error| {
        tracing::error!(%error, "the metrics cannot be written");
        Problem::internal()
    })?;
    Ok(([(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, "no-store")], text).into_response())
}
