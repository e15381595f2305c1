//! Options of `serve`.

use std::net::SocketAddr;

use belcheer_api::Settings;
use clap::{Args, ValueEnum};

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address and port.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The address by which readers reach the service, such as `https://belcheer.example.mn`; with `https`, browsers are
    /// told to use nothing else.
    #[arg(long, env = "BELCHEER_PUBLIC_ADDRESS")]
    pub public_address: Option<String>,
    /// Origins whose pages may do more than read what is public, separated by commas.
    #[arg(long, env = "BELCHEER_CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,
    /// Who may read /metrics.
    #[arg(long, env = "BELCHEER_METRICS", value_enum, default_value_t = MetricsFor::Loopback)]
    pub metrics: MetricsFor,
    /// Most memory for finished answers, MiB.
    #[arg(long, env = "BELCHEER_CACHE_MIB", default_value_t = Settings::ANSWERS_MIB)]
    pub cache_mib: u64,
    /// Most bytes of one uploaded file, MiB.
    #[arg(long, env = "BELCHEER_UPLOAD_MIB", default_value_t = 16 << 10)]
    pub upload_mib: u64,
    /// Most bytes of one caller's uploads and drafts together, MiB.
    #[arg(long, env = "BELCHEER_UPLOAD_QUOTA_MIB", default_value_t = 64 << 10)]
    pub upload_quota_mib: u64,
    /// Long jobs (assessments, statistics) done at once; 0: another process does them.
    #[arg(long, env = "BELCHEER_JOBS", default_value_t = 1)]
    pub jobs: usize,
}

/// Who may read /metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MetricsFor {
    /// The machine itself.
    Loopback,
    /// Everybody who reaches the service.
    Public,
}

impl ServeArgs {
    /// What the operator decided, as the service knows it.
    pub fn settings(&self) -> Settings {
        let origins = self.cors_origins.iter().map(|origin| origin.trim().to_owned());
        Settings {
            https: self.public_address.as_deref().is_some_and(|address| address.starts_with("https://")),
            cors_origins: origins.filter(|origin| !origin.is_empty()).collect(),
            metrics_public: self.metrics == MetricsFor::Public,
            answers_bytes_max: self.cache_mib.saturating_mul(1 << 20),
            upload_bytes_max: self.upload_mib.saturating_mul(1 << 20),
            upload_quota_bytes: self.upload_quota_mib.saturating_mul(1 << 20),
            ..Settings::default()
        }
    }
}
