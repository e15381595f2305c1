//! A workspace from outside: what is stored stays, what is damaged is found, what is public is recorded.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

#[path = "workspace/backup.rs"]
mod backup;
#[path = "workspace/blobs.rs"]
mod blobs;
#[path = "workspace/datasets.rs"]
mod datasets;
#[path = "workspace/doctor.rs"]
mod doctor;
#[path = "workspace/identity.rs"]
mod identity;
#[path = "workspace/jobs.rs"]
mod jobs;
#[path = "workspace/publications.rs"]
mod publications;
#[path = "workspace/uploads.rs"]
mod uploads;

use std::{fs, path::Path};

use belcheer_catalog::{AssessmentRecord, Catalog, CatalogError, DatasetKind, DatasetState, NewDataset, Storage};
use belcheer_domain::{Digest, Finding, Severity, records::Level};
use serde_json::json;
use tempfile::TempDir;

const AT: &str = "2025-03-01T08:00:00+08:00";

async fn workspace() -> (TempDir, Catalog) {
    let dir = tempfile::tempdir().unwrap();
    let catalog = init(dir.path()).await.unwrap();
    (dir, catalog)
}

/// Where the workspace of a folder keeps its rows and blobs; see `belcheer_tests::stores`.
fn storage(dir: &Path) -> Storage {
    let stores = belcheer_tests::stores::of(dir);
    Storage { database: stores.database, blobs: stores.blobs }
}

async fn init(dir: &Path) -> Result<Catalog, CatalogError> {
    Catalog::init_in(dir, &storage(dir)).await
}

async fn open(dir: &Path) -> Result<Catalog, CatalogError> {
    Catalog::open_in(dir, &storage(dir)).await
}

/// A workspace with all in its folder, whatever the other tests use: for what damages files.
async fn in_folder() -> (TempDir, Catalog) {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::init(dir.path()).await.unwrap();
    (dir, catalog)
}

async fn boundaries(catalog: &Catalog, content: &str) -> NewDataset {
    let blob = catalog.put_json(&vec![content]).await.unwrap();
    NewDataset {
        kind: DatasetKind::Boundaries,
        level: Some(Level::Soum),
        product: None,
        date: None,
        state: DatasetState::Ready,
        source_name: "soums.gpkg".to_owned(),
        source_digest: Digest::of(content.as_bytes()),
        blob,
        records: 1,
        meta: json!({"layer": "soums"}),
        findings: vec![Finding::new("renamed", Severity::Info, "soums.gpkg")],
        created_at: AT.to_owned(),
    }
}

async fn raster(catalog: &Catalog, product: &str, date: Option<&str>) -> NewDataset {
    let blob = catalog.put_bytes(format!("{product} {date:?}").as_bytes()).await.unwrap();
    NewDataset {
        kind: DatasetKind::Raster,
        level: None,
        product: Some(product.to_owned()),
        date: date.map(str::to_owned),
        state: if date.is_some() { DatasetState::Ready } else { DatasetState::NeedsMetadata },
        source_name: "upload.tif".to_owned(),
        meta: json!({"width": 2, "height": 2}),
        blob,
        ..boundaries(catalog, "any").await
    }
}

async fn assessment(catalog: &Catalog, name: &str) -> AssessmentRecord {
    AssessmentRecord {
        id: Digest::of(name.as_bytes()),
        cycle: "2024".to_owned(),
        scheme_id: "mn-national-1".to_owned(),
        scheme_digest: Digest::of(b"scheme"),
        manifest: json!({"seed": 7, "inputs": ["a", "b"]}),
        result: catalog.put_json(&name).await.unwrap(),
        created_at: AT.to_owned(),
    }
}

/// Overwrites a blob's file as a failing disk would.
fn damage(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_directory_that_is_no_workspace_is_refused_with_the_next_step() {
    let dir = tempfile::tempdir().unwrap();
    for place in [dir.path().to_path_buf(), dir.path().join("absent")] {
        let error = Catalog::open(&place).await.unwrap_err();
        assert!(matches!(error, CatalogError::NotAWorkspace { .. }));
        assert!(error.to_string().ends_with(&format!("run belcheer init {}", place.display())), "{error}");
    }
    assert!(fs::read_dir(dir.path()).unwrap().next().is_none(), "a refused open leaves nothing behind");
}

#[tokio::test]
async fn init_keeps_what_lies_there_and_may_be_repeated() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("source")).unwrap();
    let catalog = Catalog::init(dir.path()).await.unwrap();
    let digest = catalog.put_bytes(b"kept").await.unwrap();
    catalog.close().await;
    let again = Catalog::init(dir.path()).await.unwrap();
    assert_eq!(&again.blob_bytes(digest).await.unwrap()[..], b"kept");
    assert!(dir.path().join("source").is_dir() && dir.path().join("catalog.db").is_file());
}

#[tokio::test]
async fn an_interrupted_init_is_completed_by_the_next_open() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("blobs")).unwrap();
    fs::write(dir.path().join("catalog.db"), b"").unwrap();
    let catalog = Catalog::open(dir.path()).await.unwrap();
    catalog.add_dataset(&boundaries(&catalog, "a").await).await.unwrap();
    assert!(catalog.doctor().await.unwrap().is_whole());
}

#[tokio::test]
async fn a_database_that_is_none_is_reported_in_words() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("blobs")).unwrap();
    fs::write(dir.path().join("catalog.db"), vec![b'x'; 8192]).unwrap();
    let error = Catalog::open(dir.path()).await.unwrap_err();
    assert!(matches!(error, CatalogError::Database { .. }), "{error}");
    assert!(error.to_string().contains("not a database"), "{error}");
}

#[tokio::test]
async fn leftovers_are_cleared_on_open_but_never_under_another_program() {
    let (dir, catalog) = in_folder().await;
    let in_use = catalog.temp_file().unwrap();
    let second = Catalog::open(dir.path()).await.unwrap();
    assert!(in_use.path().exists(), "somebody else's temporary file is left alone");
    drop(in_use);
    second.close().await;
    catalog.close().await;
    fs::write(dir.path().join("tmp/part-1"), b"half a raster").unwrap();
    fs::create_dir_all(dir.path().join("tmp/worker/deep")).unwrap();
    let third = Catalog::open(dir.path()).await.unwrap();
    assert!(fs::read_dir(dir.path().join("tmp")).unwrap().next().is_none());
    assert!(third.doctor().await.unwrap().leftovers.is_empty());
}

#[tokio::test]
async fn programs_that_open_a_new_workspace_at_once_all_succeed() {
    let dir = tempfile::tempdir().unwrap();
    let opens = (0..8).map(|_| {
        let dir = dir.path().to_path_buf();
        tokio::spawn(async move { init(&dir).await })
    });
    for open in futures::future::join_all(opens).await {
        open.unwrap().unwrap();
    }
}
