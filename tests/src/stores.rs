//! Where tests keep rows and files: in the workspace's folder, or in PostgreSQL and S3-compatible storage that
//! `scripts/with-stores` started for them.

use std::path::Path;
use std::process::Command;

/// Addresses of a store of a test's own; empty when everything lies in the folder.
#[derive(Debug, Clone, Default)]
pub struct Stores {
    /// A PostgreSQL database and schema.
    pub database: Option<String>,
    /// A bucket and prefix.
    pub blobs: Option<String>,
}

/// The stores of the workspace in a folder: the same for the same folder, others for another one.
///
/// # Panics
/// When `BELCHEER_TEST_DATABASE` is set and PostgreSQL makes no schema there.
#[must_use]
pub fn of(folder: &Path) -> Stores {
    let given = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let mut name = String::from("w");
    for byte in folder.to_string_lossy().bytes() {
        let letter = char::from(byte).to_ascii_lowercase();
        // capital letters and all others must not fall together
        name.push(if byte.is_ascii_lowercase() || byte.is_ascii_digit() { letter } else { '_' });
        if byte.is_ascii_uppercase() {
            name.push(letter);
        }
    }
    let name: String = name.chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
    let database = given("BELCHEER_TEST_DATABASE").map(|server| {
        let statement = format!("CREATE SCHEMA IF NOT EXISTS \"{name}\"");
        let made = Command::new("psql").args([&server, "-q", "-v", "ON_ERROR_STOP=1", "-c", &statement]).output();
        let made = made.expect("psql starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        format!("{server}?options[search_path]={name}")
    });
    Stores { database, blobs: given("BELCHEER_TEST_BLOBS").map(|bucket| format!("{bucket}/{name}")) }
}

impl Stores {
    /// Whether files lie in the workspace's folder, where a test can damage them.
    #[must_use]
    pub fn on_disk(&self) -> bool {
        self.blobs.is_none()
    }
}
