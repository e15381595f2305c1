//! Blobs through the catalog: bytes, files and JSON in and out.

use std::{
    any::type_name,
    path::{Path, PathBuf},
    sync::Arc,
};

use belcheer_domain::Digest;
use bytes::Bytes;
use futures::stream::BoxStream;
use object_store::ObjectStoreExt as _;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    dataset::check_file_name,
    error::{CatalogError, file_error},
    layout::blob_key,
    temp::TempFile,
    workspace::{Catalog, blocking},
};

/// Zstandard level of JSON blobs; part of their bytes, hence of their digests.
const JSON_ZSTD_LEVEL: i32 = 3;

/// A copy of a blob, under a name; gone when dropped.
#[derive(Debug)]
pub struct BlobFile {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl BlobFile {
    /// Where the copy is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Catalog {
    /// Stores bytes under their digest; durable when this returns. Bytes already held are verified, not rewritten.
    ///
    /// # Errors
    /// When the disk is full or failing.
    pub async fn put_bytes(&self, bytes: &[u8]) -> Result<Digest, CatalogError> {
        self.put_vec(bytes.to_vec()).await
    }

    /// Stores a file under the digest of its bytes; durable when this returns. A file made by
    /// [`Catalog::temp_file`] is moved in and gone from its place; any other file is copied and left alone.
    ///
    /// # Errors
    /// When the file cannot be read, or the disk is full or failing.
    pub async fn put_file(&self, path: &Path) -> Result<Digest, CatalogError> {
        let (blobs, path) = (Arc::clone(self.blobs()), path.to_path_buf());
        blocking(move || blobs.put_file(&path)).await
    }

    /// The bytes of a blob, checked against its digest.
    ///
    /// # Errors
    /// `Corrupt` when the bytes are not those that were stored, `MissingBlob` when there are none.
    pub async fn blob_bytes(&self, digest: Digest) -> Result<Bytes, CatalogError> {
        let blobs = Arc::clone(self.blobs());
        blocking(move || blobs.read(digest)).await.map(Bytes::from)
    }

    /// Stores a value as compact JSON, compressed with Zstandard.
    ///
    /// Equal values give equal digests as long as their maps have an order (`BTreeMap`, not `HashMap`). Numbers must be
    /// finite: JSON has no other, and missing is `Option`.
    ///
    /// # Errors
    /// When the value has no JSON form, or the disk is full or failing.
    pub async fn put_json<T: Serialize + Sync + ?Sized>(&self, value: &T) -> Result<Digest, CatalogError> {
        self.put_vec(encode(value)?).await
    }

    /// Reads a value stored by [`Catalog::put_json`]; the blob is checked against its digest.
    ///
    /// # Errors
    /// `Corrupt` and `MissingBlob` as for bytes; `Content` when the blob holds something else.
    pub async fn get_json<T: DeserializeOwned + Send + 'static>(&self, digest: Digest) -> Result<T, CatalogError> {
        let blobs = Arc::clone(self.blobs());
        blocking(move || decode(digest, &blobs.read(digest)?)).await
    }

    /// A blob as it is read, and its length in bytes: for handing it on. The bytes are not checked against the digest.
    ///
    /// # Errors
    /// `MissingBlob` when there is none; when the disk or storage cannot be read.
    pub async fn blob_stream(
        &self,
        digest: Digest,
    ) -> Result<(u64, BoxStream<'static, object_store::Result<Bytes>>), CatalogError> {
        let local = self.store();
        let store = self.blobs().remote.as_ref().map_or(&local, |remote| &remote.store);
        match store.get(&self.blob_location(digest)).await {
            Ok(found) => Ok((found.meta.size, found.into_stream())),
            Err(object_store::Error::NotFound { .. }) => Err(CatalogError::MissingBlob { digest }),
            Err(cause) => Err(CatalogError::Remote { doing: "read from", cause: Box::new(cause) }),
        }
    }

    /// Where a blob lies in [`Catalog::store`].
    #[must_use]
    pub fn blob_location(&self, digest: Digest) -> object_store::path::Path {
        object_store::path::Path::from(blob_key(digest))
    }

    /// A blob as a file of its own under the name that it is known by, checked against its digest: a copy in a folder
    /// of `tmp`, gone when the value is dropped.
    ///
    /// # Errors
    /// `Corrupt` and `MissingBlob` as for bytes; `SourceName` when the name is no plain file name; when the disk is full.
    pub async fn blob_file(&self, digest: Digest, name: &str) -> Result<BlobFile, CatalogError> {
        check_file_name(name)?;
        let (blobs, name) = (Arc::clone(self.blobs()), name.to_owned());
        blocking(move || {
            let tmp = &blobs.layout.tmp;
            let folder = tempfile::Builder::new().prefix("blob-").tempdir_in(tmp).map_err(file_error("create", tmp))?;
            let path = folder.path().join(name);
            blobs.copy_out(digest, &path)?;
            Ok(BlobFile { path, _folder: folder })
        })
        .await
    }

    /// A new empty file in the workspace's `tmp`, removed when dropped.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn temp_file(&self) -> Result<TempFile, CatalogError> {
        TempFile::create(&self.blobs().layout.tmp)
    }

    async fn put_vec(&self, bytes: Vec<u8>) -> Result<Digest, CatalogError> {
        let blobs = Arc::clone(self.blobs());
        blocking(move || blobs.put_bytes(&bytes)).await
    }

    /// Refuses a row that would name a blob that is not there.
    pub(crate) async fn require_blob(&self, digest: Digest) -> Result<(), CatalogError> {
        let blobs = Arc::clone(self.blobs());
        if blocking(move || blobs.exists(digest)).await? { Ok(()) } else { Err(CatalogError::MissingBlob { digest }) }
    }
}

fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CatalogError> {
    let what = type_name::<T>();
    let json = serde_json::to_vec(value).map_err(|e| CatalogError::Encode { what, cause: Box::new(e) })?;
    zstd::bulk::compress(&json, JSON_ZSTD_LEVEL).map_err(|e| CatalogError::Encode { what, cause: Box::new(e) })
}

fn decode<T: DeserializeOwned>(digest: Digest, bytes: &[u8]) -> Result<T, CatalogError> {
    let expected = type_name::<T>();
    let json = zstd::decode_all(bytes).map_err(|e| CatalogError::Content { digest, expected, cause: Box::new(e) })?;
    serde_json::from_slice(&json).map_err(|e| CatalogError::Content { digest, expected, cause: Box::new(e) })
}
