//! Where an object lies: a store by its address, and a path in it.

use std::sync::Arc;

use belcheer_catalog::network;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, path::Path};
use serde::{Deserialize, Serialize};

/// What may be written for a place.
const KINDS: &str = "write s3://bucket/key, https://host/path, file:///path or a path of this machine";

/// A store and a path in it; the same words on every machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// `file:///folder`, a path that every machine sees; `s3://bucket`; `https://host`.
    pub store: String,
    /// Path in the store.
    pub path: String,
}

impl Place {
    /// A place in a folder of this machine.
    #[must_use]
    pub fn in_folder(folder: &std::path::Path, path: &str) -> Self {
        Self { store: folder_address(folder), path: path.to_owned() }
    }

    /// The place of an address as people write it; a path of this machine is made absolute.
    ///
    /// ```
    /// use belcheer_assessment::storage::Place;
    /// let place = Place::of_address("s3://ndvi/2001/peak.tif")?;
    /// assert_eq!((place.store.as_str(), place.path.as_str()), ("s3://ndvi", "2001/peak.tif"));
    /// assert!(Place::of_address("s3:ndvi/peak.tif").is_err());
    /// assert!(Place::of_address("https://host/peak.tif?token=1").is_err());
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// When the address is of no known kind, or could be read in two ways.
    pub fn of_address(address: &str) -> Result<Self, String> {
        let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
        match scheme {
            "s3" => in_bucket(address, rest),
            "http" | "https" => on_host(address),
            "file" if rest.starts_with('/') => file(rest),
            "" if has_scheme(address) => Err(format!("{address} is ambiguous; {KINDS}, ./ before a name with a colon")),
            "" => file(address),
            _ => Err(format!("{address} is of no known kind; {KINDS}")),
        }
    }

    /// A place below this one.
    #[must_use]
    pub fn within(&self, path: &str) -> Self {
        let joined = if self.path.is_empty() { path.to_owned() } else { format!("{}/{path}", self.path) };
        Self { store: self.store.clone(), path: joined }
    }

    /// The path as the store takes it.
    #[must_use]
    pub fn location(&self) -> Path {
        Path::parse(&self.path).unwrap_or_else(|_| Path::from(self.path.as_str()))
    }

    /// Opens the store.
    ///
    /// # Errors
    /// When the address is of no known kind, the folder is not there, or the environment lacks what the store needs.
    pub fn open(&self) -> Result<Arc<dyn ObjectStore>, String> {
        open_store(&self.store)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.store, self.path)
    }
}

/// Whether a text starts like an address: `name:` before any slash.
fn has_scheme(text: &str) -> bool {
    let first = text.split('/').next().unwrap_or_default();
    first.contains(':')
}

fn in_bucket(address: &str, rest: &str) -> Result<Place, String> {
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if bucket.is_empty() || !bucket.chars().all(named) {
        return Err(format!("{address} names no bucket; write s3://bucket/key"));
    }
    object(address, format!("s3://{bucket}"), Path::parse(key))
}

fn on_host(address: &str) -> Result<Place, String> {
    let url = reqwest::Url::parse(address).map_err(|e| format!("{address} is no address: {e}"))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "{} has a query or fragment, as signed links do; write the plain address, or s3://bucket/key with credentials in the environment",
            address.split(['?', '#']).next().unwrap_or_default()
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!(
            "the address of a raster on {} holds a password; write it without",
            url.host_str().unwrap_or("a host")
        ));
    }
    let store = format!("{}://{}", url.scheme(), url.authority());
    object(address, store, Path::from_url_path(url.path()))
}

fn object(address: &str, store: String, path: Result<Path, object_store::path::Error>) -> Result<Place, String> {
    let path = path.map_err(|e| format!("{address} cannot be a key: {e}"))?;
    if path.as_ref().is_empty() {
        return Err(format!("{address} names a store but no object in it; {KINDS}"));
    }
    Ok(Place { store, path: path.to_string() })
}

fn file(path: &str) -> Result<Place, String> {
    let whole = std::path::absolute(path).map_err(|e| format!("{path}: {e}"))?;
    let (Some(folder), Some(name)) = (whole.parent(), whole.file_name().and_then(|name| name.to_str())) else {
        return Err(format!("{path} names no file"));
    };
    object(path, folder_address(folder), Path::parse(name))
}

/// The address of a folder.
pub(crate) fn folder_address(folder: &std::path::Path) -> String {
    format!("file://{}", folder.display())
}

/// Opens a store by its address.
pub(crate) fn open_store(address: &str) -> Result<Arc<dyn ObjectStore>, String> {
    if let Some(folder) = address.strip_prefix("file://") {
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|e| e.to_string())?;
        return Ok(Arc::new(store));
    }
    network::open(address).unwrap_or_else(|| {
        Err(format!("{address} is no address of a store; write file:///folder, s3://bucket or https://host"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_kinds_of_store_are_opened() {
        assert!(open_store("ftp://somewhere").unwrap_err().contains("no address of a store"));
        assert!(open_store("s3:/somewhere").unwrap_err().contains("no address of a store"));
        let dir = tempfile::tempdir().unwrap();
        let place = Place::in_folder(dir.path(), "a/b.tif");
        assert!(place.open().is_ok());
        assert!(place.to_string().ends_with("/a/b.tif"));
    }

    #[test]
    fn addresses_are_taken_one_way_or_refused() {
        for unknown in [
            "ftp://host/a.tif",
            "s3:/bucket/a.tif",
            "bucket:a.tif",
            "s3://",
            "s3://bucket",
            "s3://bucket/",
            "s3:///a.tif",
            "s3://b u/a.tif",
            "https://host",
            "https://host/a.tif?sig=1",
            "https://user:secret@host/a.tif",
            "file://host/a.tif",
            "/",
            "",
        ] {
            let refused = Place::of_address(unknown);
            assert!(refused.is_err(), "{unknown}: {refused:?}");
            assert!(!refused.unwrap_err().contains("secret"));
        }
        let told = |address: &str| Place::of_address(address).unwrap().to_string();
        for whole in ["s3://bucket/a/b~1.tif", "https://host:8443/a/b.tif", "http://127.0.0.1:9/a.tif"] {
            assert_eq!(told(whole), whole);
        }
        assert_eq!(told("file:///data/a.tif"), "file:///data/a.tif");
        assert_eq!(told("/data/a#1.tif"), "file:///data/a#1.tif");
        assert_eq!(Place::of_address("https://host/a%20b.tif").unwrap().path, "a b.tif");
        assert!(told("a.tif").starts_with("file:///") && told("./a:b.tif").ends_with("/a:b.tif"));
    }

    #[test]
    fn a_file_of_any_name_is_found_in_its_folder() {
        use object_store::ObjectStoreExt;
        let dir = tempfile::tempdir().unwrap();
        for name in ["a#1.tif", "b%20c.tif", "d e~.tif"] {
            let path = dir.path().join(name);
            std::fs::write(&path, b"x").unwrap();
            let place = Place::of_address(path.to_str().unwrap()).unwrap();
            let held = futures::executor::block_on(place.open().unwrap().head(&place.location()));
            assert_eq!(held.map(|meta| meta.size).ok(), Some(1), "{name}");
        }
    }
}
