//! Traces for an OpenTelemetry collector, by OTLP over HTTP, when `OTEL_EXPORTER_OTLP_ENDPOINT` names one.

use std::sync::OnceLock;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::{Layer, registry::LookupSpan};

/// What holds spans until they are sent.
static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// The layer that sends the service's spans; none when no collector is named.
pub fn layer<S>() -> Option<impl Layer<S>>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    let named = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
    if !named.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return None;
    }
    // the exporter reads address, headers and time limit from the same variables
    let exporter = SpanExporter::builder().with_http().build().map_err(refuse).ok()?;
    let provider = PROVIDER.get_or_init(|| sending(exporter));
    Some(spans(provider))
}

/// Sends what was not sent yet; to be called before the program ends.
pub fn finish() {
    if let Some(Err(error)) = PROVIDER.get().map(SdkTracerProvider::shutdown) {
        refuse(error);
    }
}

/// The log does not run yet, or no more.
#[expect(clippy::print_stderr, reason = "this is where the user is told")]
fn refuse(error: impl std::fmt::Display) {
    eprintln!("traces are not sent: {error}; see OTEL_EXPORTER_OTLP_ENDPOINT");
}

fn sending(exporter: SpanExporter) -> SdkTracerProvider {
    let resource = Resource::builder().with_service_name("belcheer").build();
    SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()
}

fn spans<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    let only = Targets::new().with_target("belcheer_api", tracing::Level::INFO);
    tracing_opentelemetry::layer().with_tracer(provider.tracer("belcheer")).with_filter(only)
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use opentelemetry_otlp::WithExportConfig as _;
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
    use prost::Message as _;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// Takes one request, and gives its first line and body.
    fn receive(listener: &TcpListener) -> (String, Vec<u8>) {
        let (mut connection, _) = listener.accept().unwrap();
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            let read = connection.read(&mut buffer).unwrap();
            seen.extend_from_slice(&buffer[..read]);
            let Some(head) = seen.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let text = String::from_utf8_lossy(&seen[..head]).to_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.unwrap().trim().parse().unwrap();
            if seen.len() >= head + 4 + length {
                connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
                return (text.lines().next().unwrap().to_owned(), seen[head + 4..].to_vec());
            }
        }
    }

    #[test]
    fn a_collector_is_told_of_the_service_s_requests_and_of_nothing_else() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap());
        let collector = std::thread::spawn(move || receive(&listener));
        let exporter = SpanExporter::builder().with_http().with_endpoint(endpoint).build().unwrap();
        let provider = sending(exporter);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(spans(&provider)), || {
            let request = tracing::info_span!(target: "belcheer_api::front", "request", path = "/v1/soums");
            request.in_scope(|| tracing::info_span!(target: "somebody_else", "inner").in_scope(|| ()));
        });
        provider.shutdown().unwrap();
        let (line, body) = collector.join().unwrap();
        assert_eq!(line, "post /v1/traces http/1.1");
        let told = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
        let resource = told.resource_spans[0].resource.as_ref().unwrap();
        assert!(resource.attributes.iter().any(|a| a.key == "service.name"), "{resource:?}");
        let spans: Vec<_> = told.resource_spans.iter().flat_map(|r| &r.scope_spans).flat_map(|s| &s.spans).collect();
        let names: Vec<_> = spans.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["request"]);
        assert!(spans[0].attributes.iter().any(|a| a.key == "path"), "{spans:?}");
    }
}
