//! Where a workspace keeps its rows and blobs, when not in its own folder.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::error::{CatalogError, file_error};

/// Where rows and blobs are kept. By default both lie in the workspace's folder, and nothing beside the program is
/// needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Storage {
    /// Address of a PostgreSQL database, `postgres://user:password@host/name`; `None` for the file `catalog.db`.
    pub database: Option<String>,
    /// Address of S3-compatible storage, `s3://bucket/prefix`; `None` for the folder `blobs`.
    pub blobs: Option<String>,
}

/// What a workspace's folder says of things kept elsewhere; addresses with passwords are not written down.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Elsewhere {
    rows: Place,
    blobs: Place,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    #[default]
    Folder,
    Postgres,
    S3,
}

/// The file that says so; absent when everything lies in the folder.
pub(crate) const MARK: &str = "storage.json";

impl Storage {
    /// As the environment says: `DATABASE_URL` and `BELCHEER_BLOBS`.
    #[must_use]
    pub fn from_env() -> Self {
        let given = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self { database: given("DATABASE_URL"), blobs: given("BELCHEER_BLOBS") }
    }

    fn elsewhere(&self) -> Elsewhere {
        Elsewhere {
            rows: if self.database.is_some() { Place::Postgres } else { Place::Folder },
            blobs: if self.blobs.is_some() { Place::S3 } else { Place::Folder },
        }
    }

    /// Compares with what the folder says; a new workspace is marked.
    ///
    /// # Errors
    /// `StorageDiffers` when the workspace keeps its rows or blobs elsewhere than said here.
    pub(crate) fn check(&self, root: &Path, new: bool) -> Result<(), CatalogError> {
        let (path, said) = (root.join(MARK), self.elsewhere());
        let held = match fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|e| file_error("understand", &path)(std::io::Error::other(e)))?
            }
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                if new && said != Elsewhere::default() {
                    let json = serde_json::to_vec_pretty(&said).unwrap_or_default();
                    fs::write(&path, json).map_err(file_error("write", &path))?;
                    return Ok(());
                }
                Elsewhere::default()
            }
            Err(cause) => return Err(file_error("read", &path)(cause)),
        };
        let differs = |what, variable| Err(CatalogError::StorageDiffers { what, variable });
        match (held == said, held.rows == said.rows, held.rows, held.blobs) {
            (true, ..) => Ok(()),
            (_, false, Place::Folder, _) => differs("its rows in its folder; unset", "DATABASE_URL"),
            (_, false, ..) => differs("its rows in PostgreSQL; set", "DATABASE_URL"),
            (_, true, _, Place::Folder) => differs("its files in its folder; unset", "BELCHEER_BLOBS"),
            (_, true, ..) => differs("its files in S3 storage; set", "BELCHEER_BLOBS"),
        }
    }
}
