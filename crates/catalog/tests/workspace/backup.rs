//! Backup and restore, and a workspace of the first form.

use std::fs;

use belcheer_catalog::{
    Catalog, CatalogError, DatasetAction, DatasetEvent, Lane, NewJob, Storage, Terms, Visibility, Webhook,
};
use serde_json::json;
use sqlx::{Connection as _, Executor as _};

use super::{AT, assessment, boundaries, storage, workspace};

#[tokio::test]
async fn what_is_restored_is_what_was_held() {
    let (_dir, catalog) = workspace().await;
    let (one, two) = (boundaries(&catalog, "one").await, boundaries(&catalog, "two").await);
    let (one, two) = (catalog.add_dataset(&one).await.unwrap(), catalog.add_dataset(&two).await.unwrap());
    let made = assessment(&catalog, "a").await;
    catalog.add_assessment(&made).await.unwrap();
    let webhook = Webhook {
        id: "hook".to_owned(),
        address: "https://a/".to_owned(),
        secret: "s".to_owned(),
        active: true,
        actor: "key:o".to_owned(),
        created_at: AT.to_owned(),
    };
    catalog.add_webhook(&webhook).await.unwrap();
    catalog.publish(made.id, "2024", "cli:test", AT).await.unwrap();
    let terms = Terms {
        licence: "CC-BY-4.0".to_owned(),
        attribution: "Ө".to_owned(),
        visibility: Visibility::Public,
        actor: "key:a".to_owned(),
        at: AT.to_owned(),
    };
    catalog.set_terms(one, &terms).await.unwrap();
    let event = DatasetEvent {
        dataset: one,
        action: DatasetAction::Supersede,
        successor: Some(two),
        reason: "counted again".to_owned(),
        actor: "key:r".to_owned(),
        at: AT.to_owned(),
    };
    assert!(catalog.end_dataset(&event).await.unwrap().is_empty());
    assert!(matches!(catalog.end_dataset(&event).await, Err(CatalogError::DatasetGone { .. })));
    let job = NewJob {
        id: "j".to_owned(),
        kind: "k".to_owned(),
        lane: Lane::Long,
        subject: String::new(),
        owner: "o".to_owned(),
        request: json!({}),
    };
    catalog.add_job(&job, AT).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let first = catalog.backup(folder.path(), AT).await.unwrap();
    assert_eq!((first.blobs, first.copied), (3, 3));
    assert_eq!(catalog.backup(folder.path(), AT).await.unwrap().copied, 0, "what lies there is not copied again");

    let target = tempfile::tempdir().unwrap();
    let restored = Catalog::restore(folder.path(), target.path(), &storage(target.path())).await.unwrap();
    let (before, after) = (catalog.doctor().await.unwrap(), restored.doctor().await.unwrap());
    assert_eq!(before.digest, after.digest);
    assert!(after.is_whole(), "{after:?}");
    assert_eq!(restored.terms(one).await.unwrap(), Some(terms));
    assert_eq!(restored.dataset_events(one).await.unwrap(), [event]);
    assert_eq!(restored.webhooks().await.unwrap(), [webhook]);
    assert_eq!(restored.deliveries_due(1, 10).await.unwrap().len(), 2, "what was to be told is told");
    // rows go on where they ended
    restored.add_job(&NewJob { id: "k".to_owned(), ..job }, AT).await.unwrap();
    assert_eq!(restored.job("k").await.unwrap().unwrap().sequence, 2);
    let twice = Catalog::restore(folder.path(), target.path(), &storage(target.path())).await;
    assert!(matches!(twice, Err(CatalogError::NotEmpty { .. })));
    let nothing = Catalog::restore(target.path(), folder.path(), &Storage::default()).await;
    assert!(matches!(nothing, Err(CatalogError::NotABackup { .. })));
}

/// From whatever the tests use into one folder, and back.
#[tokio::test]
async fn a_workspace_moves_between_stores() {
    let (_dir, catalog) = workspace().await;
    catalog.add_dataset(&boundaries(&catalog, "one").await).await.unwrap();
    let (folder, plain) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    catalog.backup(folder.path(), AT).await.unwrap();
    let moved = Catalog::restore(folder.path(), plain.path(), &Storage::default()).await.unwrap();
    assert_eq!(moved.doctor().await.unwrap().digest, catalog.doctor().await.unwrap().digest);
    assert!(plain.path().join("catalog.db").is_file());
}

#[tokio::test]
async fn a_workspace_that_holds_nothing_is_restored() {
    let (_dir, catalog) = workspace().await;
    let (folder, plain) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    catalog.backup(folder.path(), AT).await.unwrap();
    let restored = Catalog::restore(folder.path(), plain.path(), &Storage::default()).await.unwrap();
    assert_eq!(restored.doctor().await.unwrap().digest, catalog.doctor().await.unwrap().digest);
}

#[tokio::test]
async fn a_damaged_backup_is_refused() {
    let (_dir, catalog) = workspace().await;
    let dataset = boundaries(&catalog, "one").await;
    catalog.add_dataset(&dataset).await.unwrap();
    let (folder, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    catalog.backup(folder.path(), AT).await.unwrap();
    super::damage(&folder.path().join(catalog.blob_location(dataset.blob).as_ref()), b"other bytes");
    let refused = Catalog::restore(folder.path(), target.path(), &Storage::default()).await;
    assert!(matches!(refused, Err(CatalogError::Corrupt { .. })));
}

#[tokio::test]
async fn a_workspace_of_the_first_form_opens_and_keeps_what_it_held() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("blobs")).unwrap();
    fs::create_dir_all(dir.path().join("tmp")).unwrap();
    let file = dir.path().join("catalog.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true);
    let mut first = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    // the first step alone, as the first release ran it
    let steps = sqlx::migrate!("./migrations");
    let old = sqlx::migrate::Migrator::with_migrations(steps.iter().take(1).cloned().collect());
    old.run_direct(None, &mut first, false).await.unwrap();
    first
        .execute("INSERT INTO audit (action, subject, detail, at) VALUES ('look', 'a', '{}', '2025-01-01T00:00:00Z')")
        .await
        .unwrap();
    first.close().await.unwrap();
    let catalog = Catalog::open(dir.path()).await.unwrap();
    let trail = catalog.audit_trail(None, 10).await.unwrap();
    assert_eq!((trail.len(), trail[0].action.as_str(), trail[0].actor.as_str()), (1, "look", ""));
    catalog.add_dataset(&boundaries(&catalog, "one").await).await.unwrap();
    assert!(catalog.upload("none").await.unwrap().is_none());
    assert!(catalog.doctor().await.unwrap().is_whole());
}
