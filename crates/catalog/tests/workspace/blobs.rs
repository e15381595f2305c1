//! Blobs: stored once, verified when read, repaired when put again.

use std::{collections::BTreeMap, fs, io::Write, path::PathBuf};

use belcheer_catalog::CatalogError;
use belcheer_domain::Digest;
use object_store::{ObjectStoreExt as _, path::Path as Location};

use super::{damage, in_folder, workspace};

#[tokio::test]
async fn a_blob_lies_at_its_digest_and_is_written_once() {
    let (dir, catalog) = in_folder().await;
    // SHA-256 of "abc", FIPS 180-4.
    let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let digest = catalog.put_bytes(b"abc").await.unwrap();
    assert_eq!(digest.hex(), hex);
    let path = dir.path().join("blobs/ba").join(hex);
    assert_eq!(
        catalog.root().join(catalog.blob_location(digest).as_ref()).canonicalize().unwrap(),
        path.canonicalize().unwrap()
    );
    let first = fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(catalog.put_bytes(b"abc").await.unwrap(), digest);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), first);
    assert!(fs::metadata(&path).unwrap().permissions().readonly());
    assert_eq!(catalog.doctor().await.unwrap().blobs, 1);
}

#[tokio::test]
async fn a_damaged_blob_is_never_returned_and_putting_it_again_repairs_it() {
    let (_dir, catalog) = in_folder().await;
    for damaged in [&b"pastuRe"[..], b"past", b"", b"pasture and more"] {
        let digest = catalog.put_bytes(b"pasture").await.unwrap();
        damage(&catalog.root().join(catalog.blob_location(digest).as_ref()), damaged);
        assert!(matches!(catalog.blob_bytes(digest).await, Err(CatalogError::Corrupt { digest: d }) if d == digest));
        assert!(matches!(catalog.get_json::<String>(digest).await, Err(CatalogError::Corrupt { .. })));
        catalog.put_bytes(b"pasture").await.unwrap();
        assert_eq!(&catalog.blob_bytes(digest).await.unwrap()[..], b"pasture");
    }
    let absent = Digest::of(b"never stored");
    assert!(matches!(catalog.blob_bytes(absent).await, Err(CatalogError::MissingBlob { .. })));
}

#[tokio::test]
async fn temporary_files_move_in_and_other_files_are_copied() {
    let (dir, catalog) = workspace().await;
    let outside = dir.path().join("mine.tif");
    fs::write(&outside, b"raster").unwrap();
    let digest = catalog.put_file(&outside).await.unwrap();
    assert!(outside.exists() && !fs::metadata(&outside).unwrap().permissions().readonly());
    // The same bytes as a temporary file: nothing new is held, the temporary file is gone.
    for content in [&b"raster"[..], b"another raster"] {
        let mut temp = catalog.temp_file().unwrap();
        temp.write_all(content).unwrap();
        let moved = catalog.put_file(temp.path()).await.unwrap();
        assert_eq!(moved, Digest::of(content));
        assert!(!temp.path().exists());
        assert_eq!(&catalog.blob_bytes(moved).await.unwrap()[..], content);
    }
    assert_eq!(digest, Digest::of(b"raster"));
    let report = catalog.doctor().await.unwrap();
    assert_eq!((report.blobs, report.leftovers), (2, vec![]));
}

#[tokio::test]
async fn a_path_that_only_passes_through_tmp_is_copied_and_links_are_refused() {
    let (dir, catalog) = in_folder().await;
    let tmp = catalog.root().join("tmp");
    fs::write(catalog.root().join("mine.tif"), b"raster").unwrap();
    catalog.put_file(&tmp.join("..").join("mine.tif")).await.unwrap();
    assert!(dir.path().join("mine.tif").exists());
    #[cfg(unix)]
    {
        let link = tmp.join("link");
        std::os::unix::fs::symlink(catalog.root().join("mine.tif"), &link).unwrap();
        assert!(matches!(catalog.put_file(&link).await, Err(CatalogError::File { .. })));
    }
    assert!(matches!(catalog.put_file(&PathBuf::from("absent.tif")).await, Err(CatalogError::File { .. })));
}

#[tokio::test]
async fn json_is_deterministic_and_reads_back() {
    let (_dir, catalog) = workspace().await;
    let value: BTreeMap<String, Vec<Option<f64>>> =
        (0..100).map(|i| (format!("{i:05}"), vec![Some(f64::from(i) / 7.0), None, Some(-0.1)])).collect();
    let digest = catalog.put_json(&value).await.unwrap();
    assert_eq!(catalog.put_json(&value.clone()).await.unwrap(), digest);
    let back: BTreeMap<String, Vec<Option<f64>>> = catalog.get_json(digest).await.unwrap();
    assert_eq!(back, value);
    let wrong = catalog.get_json::<Vec<u8>>(digest).await.unwrap_err();
    assert!(matches!(wrong, CatalogError::Content { .. }), "{wrong}");
    let plain = catalog.put_bytes(b"not compressed").await.unwrap();
    assert!(matches!(catalog.get_json::<String>(plain).await, Err(CatalogError::Content { .. })));
}

#[tokio::test]
async fn windows_of_a_blob_are_read_through_the_object_store() {
    let (_dir, catalog) = workspace().await;
    let digest = catalog.put_bytes(b"0123456789").await.unwrap();
    let location: Location = catalog.blob_location(digest);
    let window = catalog.store().get_range(&location, 3..6).await.unwrap();
    assert_eq!(&window[..], b"345");
}

#[tokio::test]
async fn many_tasks_storing_the_same_bytes_agree() {
    let (_dir, catalog) = workspace().await;
    let puts = (0..32).map(|i| {
        let catalog = catalog.clone();
        tokio::spawn(async move { catalog.put_bytes(format!("block {}", i % 4).as_bytes()).await })
    });
    let mut digests: Vec<_> =
        futures::future::join_all(puts).await.into_iter().map(|put| put.unwrap().unwrap()).collect();
    digests.sort();
    digests.dedup();
    let report = catalog.doctor().await.unwrap();
    assert_eq!((digests.len(), report.blobs, report.corrupt.len(), report.leftovers.len()), (4, 4, 0, 0));
}
