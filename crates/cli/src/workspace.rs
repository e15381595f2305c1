//! The workspace a command works in, and the door to foreign files.

use std::path::Path;

use belcheer_catalog::{Catalog, CatalogError, Storage};
use belcheer_door::{Door, Probe};

use crate::failure::Failure;

/// Opens the workspace; without one the user is told how to make it.
pub async fn open(dir: &Path) -> Result<Catalog, Failure> {
    Catalog::open_in(dir, &Storage::from_env()).await.map_err(|error| match error {
        CatalogError::NotAWorkspace { .. } => Failure::Usage(error.to_string()),
        other => other.into(),
    })
}

/// The door: this program, started again for every foreign file.
pub fn door() -> Result<Door, Failure> {
    Door::new().map_err(|e| Failure::Internal(e.into()))
}

/// What keeps the readers of foreign files in on this machine, tried by one of them.
pub fn fence() -> Result<Probe, Failure> {
    door()?.probe().map_err(|e| Failure::Internal(e.into()))
}

/// Now, as catalog rows write it.
pub fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// Who runs the command, as the audit trail names them: `cli:` and the name of the operating system's user.
pub fn actor() -> String {
    let name = whoami::username().unwrap_or_else(|_| "unknown".to_owned());
    let plain: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    format!("cli:{plain}")
}
