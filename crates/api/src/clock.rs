//! The time of day, as rows and answers write it.

use chrono::{SecondsFormat, TimeDelta, Utc};

/// Now, RFC 3339 in UTC to the millisecond; such texts order as times do.
pub(crate) fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// So many days from now.
pub(crate) fn in_days(days: u32) -> String {
    let then = Utc::now() + TimeDelta::days(i64::from(days));
    then.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Now, milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    Utc::now().timestamp_millis()
}

/// A time as the header `Upload-Expires` writes it (RFC 9110 `IMF-fixdate`).
pub(crate) fn http_date(rfc3339: &str) -> Option<String> {
    let at = chrono::DateTime::parse_from_rfc3339(rfc3339).ok()?;
    Some(at.with_timezone(&Utc).format("%a, %d %b %Y %H:%M:%S GMT").to_string())
}
