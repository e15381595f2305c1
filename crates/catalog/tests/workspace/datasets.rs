//! Data sets: added once, kept, listed in a fixed order.

use belcheer_catalog::{Catalog, CatalogError, DatasetKind, DatasetState, Filter};
use belcheer_domain::{Digest, records::Level};
use serde_json::json;

use super::{AT, boundaries, in_folder, open, raster, workspace};

#[tokio::test]
async fn the_same_data_set_is_held_once_as_it_first_came() {
    let (_dir, catalog) = workspace().await;
    let first = boundaries(&catalog, "a").await;
    let digest = catalog.add_dataset(&first).await.unwrap();
    let before = catalog.doctor().await.unwrap().digest;
    let mut again = first.clone();
    again.source_name = "copy of soums.gpkg".to_owned();
    again.created_at = "2026-01-01T00:00:00Z".to_owned();
    assert_eq!(catalog.add_dataset(&again).await.unwrap(), digest);
    assert_eq!(catalog.doctor().await.unwrap().digest, before);
    let held = catalog.dataset(digest).await.unwrap().unwrap();
    assert_eq!((held.digest, held.source_name.as_str(), held.created_at.as_str()), (digest, "soums.gpkg", AT));
    assert_eq!((held.meta, held.findings, held.level), (first.meta, first.findings, Some(Level::Soum)));
    assert_eq!(catalog.datasets(&Filter::default()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn every_word_that_a_data_set_says_changes_its_digest() {
    let (_dir, catalog) = workspace().await;
    let base = boundaries(&catalog, "a").await;
    let mut digests = vec![base.digest()];
    let changes: [fn(&mut belcheer_catalog::NewDataset); 6] = [
        |d| d.kind = DatasetKind::Livestock,
        |d| d.level = None,
        |d| d.product = Some("ndvi".to_owned()),
        |d| d.date = Some("ndvi".to_owned()),
        |d| d.blob = Digest::of(b"other"),
        |d| d.meta = json!({"layer": null}),
    ];
    for change in changes {
        let mut changed = base.clone();
        change(&mut changed);
        digests.push(changed.digest());
    }
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 7);
}

#[tokio::test]
async fn newer_boundaries_are_the_latest_and_older_ones_stay() {
    let (_dir, catalog) = workspace().await;
    let old = catalog.add_dataset(&boundaries(&catalog, "old").await).await.unwrap();
    let new = catalog.add_dataset(&boundaries(&catalog, "new").await).await.unwrap();
    let mut unready = boundaries(&catalog, "unready").await;
    unready.state = DatasetState::NeedsMetadata;
    catalog.add_dataset(&unready).await.unwrap();
    let latest = async |level| catalog.latest(DatasetKind::Boundaries, level).await.unwrap().map(|d| d.digest);
    assert_eq!(
        (latest(Some(Level::Soum)).await, latest(None).await, latest(Some(Level::Bag)).await),
        (Some(new), Some(new), None)
    );
    assert_eq!(catalog.datasets(&Filter::default()).await.unwrap().len(), 3);
    catalog.set_dataset_state(new, DatasetState::Superseded).await.unwrap();
    assert_eq!(latest(Some(Level::Soum)).await, Some(old));
    let unknown = catalog.set_dataset_state(Digest::of(b"none"), DatasetState::Ready).await;
    assert!(matches!(unknown, Err(CatalogError::UnknownDataset { .. })));
}

#[tokio::test]
async fn lists_are_narrowed_and_ordered_whatever_the_order_of_arrival() {
    let (_dir, catalog) = workspace().await;
    for (product, date) in [("ndvi", Some("2003")), ("lst", Some("2001")), ("ndvi", None), ("ndvi", Some("2001-06"))] {
        catalog.add_dataset(&raster(&catalog, product, date).await).await.unwrap();
    }
    catalog.add_dataset(&boundaries(&catalog, "a").await).await.unwrap();
    let list = async |filter: Filter| -> Vec<String> {
        let held = catalog.datasets(&filter).await.unwrap();
        let words = held.iter().map(|d| {
            let (product, date) = (d.product.as_deref().unwrap_or("-"), d.date.as_deref().unwrap_or("-"));
            format!("{} {product} {date}", d.kind)
        });
        words.collect()
    };
    let all = ["boundaries - -", "raster lst 2001", "raster ndvi -", "raster ndvi 2001-06", "raster ndvi 2003"];
    assert_eq!(list(Filter::default()).await, all);
    assert_eq!(list(Filter { kind: Some(DatasetKind::Raster), ..Filter::default() }).await, all[1..]);
    assert_eq!(list(Filter { product: Some("ndvi".to_owned()), ..Filter::default() }).await, all[2..]);
    assert_eq!(list(Filter { state: Some(DatasetState::NeedsMetadata), ..Filter::default() }).await, all[2..3]);
    assert_eq!(list(Filter { level: Some(Level::Soum), ..Filter::default() }).await, all[..1]);
    assert!(list(Filter { product: Some("' OR '1'='1".to_owned()), ..Filter::default() }).await.is_empty());
}

#[tokio::test]
async fn a_row_without_blob_name_or_time_is_refused_and_nothing_changes() {
    let (_dir, catalog) = workspace().await;
    catalog.add_dataset(&boundaries(&catalog, "a").await).await.unwrap();
    let before = catalog.doctor().await.unwrap();
    let good = boundaries(&catalog, "a").await;
    let mut bad = good.clone();
    bad.blob = Digest::of(b"never stored");
    assert!(matches!(catalog.add_dataset(&bad).await, Err(CatalogError::MissingBlob { .. })));
    for name in ["", "..", "home/x.tif", "C:\\x.tif", "nul\0"] {
        let bad = belcheer_catalog::NewDataset { source_name: name.to_owned(), ..good.clone() };
        assert!(matches!(catalog.add_dataset(&bad).await, Err(CatalogError::SourceName { .. })), "{name}");
    }
    for time in ["", "yesterday", "2024-06-01", "2024-13-01T00:00:00Z"] {
        let bad = belcheer_catalog::NewDataset { created_at: time.to_owned(), ..good.clone() };
        assert!(matches!(catalog.add_dataset(&bad).await, Err(CatalogError::Time { .. })), "{time}");
    }
    catalog.audit("cli:test", "ingest_refused", "x.tif", &json!({"reason": "no CRS"}), AT).await.unwrap();
    assert_eq!(catalog.doctor().await.unwrap(), before);
    let trail = catalog.audit_trail(Some("x.tif"), 10).await.unwrap();
    assert_eq!((trail.len(), trail[0].action.as_str()), (1, "ingest_refused"));
    assert!(catalog.audit_trail(Some("y.tif"), 10).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_add_data_sets_side_by_side() {
    let (dir, first) = workspace().await;
    let second = open(dir.path()).await.unwrap();
    let adds = (0..60).map(|i| {
        let catalog = if i % 2 == 0 { first.clone() } else { second.clone() };
        tokio::spawn(async move {
            // Every content arrives twice, once by each program.
            let dataset = boundaries(&catalog, &format!("soums {}", i / 2)).await;
            catalog.add_dataset(&dataset).await.unwrap()
        })
    });
    for add in futures::future::join_all(adds).await {
        add.unwrap();
    }
    let held = first.datasets(&Filter::default()).await.unwrap();
    assert_eq!(held.len(), 30);
    assert_eq!(second.datasets(&Filter::default()).await.unwrap(), held);
    let (one, two) = (first.doctor().await.unwrap(), second.doctor().await.unwrap());
    assert!(one.is_whole() && one.orphans.is_empty() && one.blobs == 30, "{one:?}");
    assert_eq!(one, two);
}

#[tokio::test]
async fn what_was_acknowledged_is_there_without_a_close() {
    let (dir, catalog) = in_folder().await;
    let digest = catalog.add_dataset(&boundaries(&catalog, "a").await).await.unwrap();
    // A copy of the directory taken while it is open is what a crash would leave.
    let copy = tempfile::tempdir().unwrap();
    copy_dir(dir.path(), copy.path());
    let after = Catalog::open(copy.path()).await.unwrap();
    assert_eq!(after.dataset(digest).await.unwrap(), catalog.dataset(digest).await.unwrap());
    assert_eq!(after.doctor().await.unwrap(), catalog.doctor().await.unwrap());
}

fn copy_dir(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else if entry.file_name() != "catalog.db-shm" {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_may_run_on_another_thread() {
    let (_dir, catalog) = in_folder().await;
    let task = tokio::spawn(async move {
        let dataset = boundaries(&catalog, "a").await;
        let digest = catalog.add_dataset(&dataset).await?;
        catalog.get_json::<Vec<String>>(dataset.blob).await?;
        catalog.set_dataset_state(digest, DatasetState::Superseded).await?;
        catalog.audit("cli:test", "ingest", "soums.gpkg", &json!({"digest": digest}), AT).await?;
        catalog.put_file(catalog.temp_file()?.path()).await?;
        Ok::<_, CatalogError>((catalog.latest(DatasetKind::Boundaries, None).await?, catalog.doctor().await?))
    });
    let (latest, report) = task.await.unwrap().unwrap();
    assert!(latest.is_none() && report.is_whole());
}
