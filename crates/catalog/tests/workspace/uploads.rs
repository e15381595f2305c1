//! Uploads: what is counted is there, what is not counted is cut off, and what is complete becomes a blob once.

use std::fs;

use belcheer_catalog::{Catalog, CatalogError, NewUpload, UploadState};
use belcheer_domain::Digest;
use bytes::Bytes;
use serde_json::json;

use super::{AT, open, workspace};

const LATER: &str = "2025-03-01T09:00:00+08:00";

async fn begun(catalog: &Catalog, id: &str, length: u64) {
    let upload = NewUpload {
        id: id.to_owned(),
        owner: "key:a".to_owned(),
        file_name: "ndvi.tif".to_owned(),
        meta: json!({ "filename": "ndvi.tif" }),
        length,
        options: json!({}),
        at: AT.to_owned(),
        expires_at: "2025-03-08T08:00:00+08:00".to_owned(),
    };
    catalog.begin_upload(&upload).await.unwrap();
}

async fn send(catalog: &Catalog, id: &str, from: u64, bytes: &'static [u8]) -> Result<u64, CatalogError> {
    let upload = catalog.upload(id).await.unwrap().unwrap();
    let mut piece = catalog.upload_piece(&upload, from).await?;
    piece.write(Bytes::from_static(bytes)).await?;
    piece.commit(LATER).await
}

#[tokio::test]
async fn pieces_are_counted_and_what_was_not_counted_is_cut_off() {
    let (dir, catalog) = workspace().await;
    begun(&catalog, "a1", 10).await;
    assert_eq!(send(&catalog, "a1", 0, b"past").await.unwrap(), 4);
    // a piece that is never counted, as when the service dies
    let upload = catalog.upload("a1").await.unwrap().unwrap();
    let mut piece = catalog.upload_piece(&upload, 4).await.unwrap();
    piece.write(Bytes::from_static(b"XXX")).await.unwrap();
    drop(piece);
    catalog.close().await;
    let catalog = open(dir.path()).await.unwrap();
    assert_eq!(catalog.upload("a1").await.unwrap().unwrap().received, 4);
    assert!(matches!(send(&catalog, "a1", 7, b"ure").await, Err(CatalogError::UploadOffset { received: 4 })));
    assert!(matches!(send(&catalog, "a1", 4, b"ure of all").await, Err(CatalogError::UploadTooLong)));
    assert_eq!(send(&catalog, "a1", 4, b"ure of").await.unwrap(), 10);
    let upload = catalog.upload("a1").await.unwrap().unwrap();
    let digest = catalog.complete_upload(&upload, LATER).await.unwrap();
    assert_eq!(digest, Digest::of(b"pasture of"));
    assert_eq!(&catalog.blob_bytes(digest).await.unwrap()[..], b"pasture of");
    // as after a crash between the move and the row: the same again
    let again = catalog.upload("a1").await.unwrap().unwrap();
    assert_eq!((again.state, again.blob), (UploadState::Received, Some(digest)));
    assert_eq!(catalog.complete_upload(&again, LATER).await.unwrap(), digest);
    assert!(matches!(send(&catalog, "a1", 10, b"x").await, Err(CatalogError::UploadClosed)));
    let report = catalog.doctor().await.unwrap();
    assert!(report.is_whole() && report.orphans.is_empty(), "{report:?}");
}

#[tokio::test]
async fn a_draft_is_changed_seen_and_accepted_once() {
    let (_dir, catalog) = workspace().await;
    begun(&catalog, "a1", 1).await;
    assert_eq!(catalog.set_upload_options("a1", &json!({"kind": "table"}), LATER).await.unwrap(), None, "no draft yet");
    send(&catalog, "a1", 0, b"x").await.unwrap();
    let upload = catalog.upload("a1").await.unwrap().unwrap();
    let blob = catalog.complete_upload(&upload, LATER).await.unwrap();
    assert_eq!(catalog.set_upload_options("a1", &json!({"kind": "table"}), LATER).await.unwrap(), Some(2));
    assert!(!catalog.set_upload_preview("a1", 1, &json!({"state": "ready"}), LATER).await.unwrap(), "an old look");
    assert!(catalog.set_upload_preview("a1", 2, &json!({"state": "ready"}), LATER).await.unwrap());
    catalog.accept_upload("a1", &[blob], LATER).await.unwrap();
    catalog.accept_upload("a1", &[], LATER).await.unwrap();
    let accepted = catalog.upload("a1").await.unwrap().unwrap();
    assert_eq!((accepted.state, accepted.datasets), (UploadState::Accepted, vec![blob]));
    assert!(!catalog.discard_upload("a1", LATER).await.unwrap());
}

#[tokio::test]
async fn uploads_that_nobody_finishes_are_given_up_with_their_bytes() {
    let (dir, catalog) = workspace().await;
    for id in ["a1", "a2", "a3"] {
        begun(&catalog, id, 10).await;
        send(&catalog, id, 0, b"past").await.unwrap();
    }
    let usage = catalog.upload_usage("key:a").await.unwrap();
    assert_eq!((usage.uploads, usage.bytes), (3, 30));
    assert!(catalog.discard_upload("a1", LATER).await.unwrap());
    assert_eq!(catalog.expire_uploads("2025-03-02T08:00:00+08:00").await.unwrap(), 0);
    assert_eq!(catalog.expire_uploads("2025-04-01T08:00:00+08:00").await.unwrap(), 2);
    assert_eq!(catalog.upload("a2").await.unwrap().unwrap().state, UploadState::Expired);
    assert_eq!(catalog.upload_usage("").await.unwrap().uploads, 0);
    assert!(fs::read_dir(dir.path().join("uploads")).unwrap().next().is_none());
    assert!(matches!(
        catalog
            .begin_upload(&NewUpload {
                id: "../a".to_owned(),
                owner: String::new(),
                file_name: "a".to_owned(),
                meta: json!({}),
                length: 1,
                options: json!({}),
                at: AT.to_owned(),
                expires_at: AT.to_owned(),
            })
            .await,
        Err(CatalogError::UploadName)
    ));
}
