//! What an operator decides about the service.

/// What an operator decides; the default is a service on one machine behind nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether the public address of the service is `https`: then browsers are told to use nothing else.
    pub https: bool,
    /// Origins, such as `https://platform.example`, whose pages may do more than read what is public.
    pub cors_origins: Vec<String>,
    /// Whether `/metrics` answers everybody, not the machine itself alone.
    pub metrics_public: bool,
    /// Most memory for finished answers, bytes.
    pub answers_bytes_max: u64,
    /// Most bytes of one uploaded file.
    pub upload_bytes_max: u64,
    /// Most bytes of one caller's uploads and drafts together.
    pub upload_quota_bytes: u64,
    /// Most uploads and drafts of one caller.
    pub uploads_max: u64,
    /// Days after which an upload that was not finished is given up.
    pub upload_days: u32,
}

impl Settings {
    /// Memory for finished answers where none is chosen, MiB: a country's answers of several cycles.
    pub const ANSWERS_MIB: u64 = 192;
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            https: false,
            cors_origins: Vec::new(),
            metrics_public: false,
            answers_bytes_max: Self::ANSWERS_MIB << 20,
            upload_bytes_max: 16 << 30,
            upload_quota_bytes: 64 << 30,
            uploads_max: 200,
            upload_days: 7,
        }
    }
}
