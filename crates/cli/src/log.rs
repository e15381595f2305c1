//! The log: on standard error, as text or as JSON lines.

use clap::ValueEnum;
use tracing_subscriber::{EnvFilter, Layer, Registry, layer::SubscriberExt, util::SubscriberInitExt};

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line, for programs; the service then tells of every request.
    Json,
}

/// Starts the log; `RUST_LOG` or `-v` says how much.
pub fn start(verbose: u8, format: LogFormat) {
    let written: Box<dyn Layer<Registry> + Send + Sync> = match format {
        LogFormat::Text => tracing_subscriber::fmt::layer().with_writer(std::io::stderr).boxed(),
        LogFormat::Json => tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_writer(std::io::stderr)
            .boxed(),
    };
    let written = written.with_filter(filter(verbose, format));
    let registry = tracing_subscriber::registry().with(written);
    #[cfg(feature = "otel")]
    let registry = registry.with(crate::traces::layer());
    registry.init();
}

fn filter(verbose: u8, format: LogFormat) -> EnvFilter {
    let least = if format == LogFormat::Json { verbose.max(1) } else { verbose };
    let level = ["warn", "info", "debug", "trace"].get(usize::from(least)).copied().unwrap_or("trace");
    EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(format!("error,belcheer={level},belcheer_api={level}")))
}
