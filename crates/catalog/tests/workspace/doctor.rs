//! The doctor: every kind of damage is named, harmless remains are told apart.

use std::fs;

use belcheer_catalog::{Catalog, DoctorReport};
use belcheer_domain::Digest;
use serde_json::json;
use sqlx::Connection as _;

use super::{AT, assessment, boundaries, damage, in_folder, open, workspace};

#[tokio::test]
async fn a_sound_workspace_is_whole_and_its_digest_stands_for_its_content() {
    let (dir, catalog) = workspace().await;
    let empty = catalog.doctor().await.unwrap();
    assert!(empty.is_whole() && empty.blobs == 0);
    catalog.add_dataset(&boundaries(&catalog, "a").await).await.unwrap();
    let one = catalog.doctor().await.unwrap();
    let a = assessment(&catalog, "a").await;
    catalog.add_assessment(&a).await.unwrap();
    let two = catalog.doctor().await.unwrap();
    catalog.publish(a.id, "2024", "cli:test", AT).await.unwrap();
    let three = catalog.doctor().await.unwrap();
    let mut digests = vec![empty.digest, one.digest, two.digest, three.digest];
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 4, "data sets, assessments and publications all count");
    assert!(three.is_whole() && three.orphans.is_empty() && three.leftovers.is_empty(), "{three:?}");
    catalog.close().await;
    let again = open(dir.path()).await.unwrap();
    assert_eq!(again.doctor().await.unwrap(), three);
}

#[tokio::test]
async fn equal_content_has_an_equal_digest_in_any_directory() {
    let (_one, first) = workspace().await;
    let (_two, second) = workspace().await;
    for catalog in [&first, &second] {
        catalog.add_dataset(&boundaries(catalog, "a").await).await.unwrap();
    }
    assert_eq!(first.doctor().await.unwrap(), second.doctor().await.unwrap());
}

#[tokio::test]
async fn damage_to_blobs_is_named() {
    let (dir, catalog) = in_folder().await;
    let (kept, lost) = (boundaries(&catalog, "kept").await, boundaries(&catalog, "lost").await);
    for dataset in [&kept, &lost] {
        catalog.add_dataset(dataset).await.unwrap();
    }
    let before = catalog.doctor().await.unwrap();
    damage(&catalog.root().join(catalog.blob_location(kept.blob).as_ref()), b"damaged");
    fs::remove_file(catalog.root().join(catalog.blob_location(lost.blob).as_ref())).unwrap();
    let orphan = catalog.put_bytes(b"a crash came before the row").await.unwrap();
    fs::write(dir.path().join("blobs/note.txt"), b"").unwrap();
    fs::write(dir.path().join("tmp/part-9"), b"").unwrap();
    let report = catalog.doctor().await.unwrap();
    let expected = DoctorReport {
        digest: report.digest,
        blobs: 2,
        missing: vec![lost.blob],
        corrupt: vec![kept.blob],
        orphans: vec![orphan],
        leftovers: vec!["tmp/part-9".to_owned(), "blobs/note.txt".to_owned()],
        altered: vec![],
        database: vec![],
    };
    assert_eq!(report, expected);
    assert!(!report.is_whole() && report.digest != before.digest);
}

#[tokio::test]
async fn harmless_remains_are_no_damage_and_blobs_named_in_json_are_no_orphans() {
    let (_dir, catalog) = workspace().await;
    let side = catalog.put_bytes(b"a table beside the raster").await.unwrap();
    let mut dataset = boundaries(&catalog, "a").await;
    dataset.meta = json!({"tables": [{"blob": side}], "source": Digest::of(b"not a blob")});
    catalog.add_dataset(&dataset).await.unwrap();
    let temp = catalog.temp_file().unwrap();
    let report = catalog.doctor().await.unwrap();
    assert!(report.is_whole() && report.orphans.is_empty(), "{report:?}");
    assert_eq!(report.leftovers.len(), 1);
    drop(temp);
}

#[tokio::test]
async fn rows_changed_behind_the_programs_back_are_found() {
    let (dir, catalog) = in_folder().await;
    let digest = catalog.add_dataset(&boundaries(&catalog, "a").await).await.unwrap();
    catalog.audit("cli:test", "ingest", "soums.gpkg", &json!({}), AT).await.unwrap();
    let before = catalog.doctor().await.unwrap();
    catalog.close().await;

    let file = dir.path().join("catalog.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut direct = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    for refused in [
        "DELETE FROM datasets",
        "DELETE FROM audit",
        "UPDATE audit SET action = 'x'",
        "UPDATE datasets SET meta = '{}'",
        "UPDATE datasets SET date = '1999'",
        "UPDATE datasets SET state = 'lost'",
    ] {
        assert!(sqlx::query(refused).execute(&mut direct).await.is_err(), "{refused}");
    }
    for forced in ["DROP TRIGGER datasets_say_the_same", "UPDATE datasets SET date = '1999'"] {
        sqlx::query(forced).execute(&mut direct).await.unwrap();
    }
    direct.close().await.unwrap();

    let catalog = Catalog::open(dir.path()).await.unwrap();
    let report = catalog.doctor().await.unwrap();
    assert!(before.is_whole() && !report.is_whole() && report.digest != before.digest);
    assert_eq!(report.altered, [format!("data set {digest} does not say what its digest stands for")]);
}

#[tokio::test]
async fn a_workspace_of_a_newer_program_is_left_alone() {
    let (dir, catalog) = in_folder().await;
    catalog.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join("catalog.db"));
    let mut direct = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("UPDATE workspace SET format = 2").execute(&mut direct).await.unwrap();
    direct.close().await.unwrap();
    let error = Catalog::open(dir.path()).await.unwrap_err().to_string();
    assert!(error.contains("another version of belcheer") && error.contains("workspace format 2"), "{error}");
}
