//! Blobs in S3-compatible storage: the same names as on disk, under a prefix of a bucket.

use std::{fs::File, io::Read, path::Path, sync::Arc};

use belcheer_domain::Digest;
use futures::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart, path::Path as Key, prefix::PrefixStore};
use tokio::runtime::Handle;

use crate::{
    blobs::Listing,
    error::{CatalogError, file_error},
    layout::{blob_digest, blob_key},
    network,
};

/// Bytes of one part of a long upload; S3 takes no less than 5 MiB.
const PART_BYTES: usize = 8 << 20;

/// The blobs of one prefix. Every method blocks and must be called off the async threads.
#[derive(Debug)]
pub(crate) struct Remote {
    pub(crate) store: Arc<dyn ObjectStore>,
    /// The same for readers on any thread.
    pub(crate) reader: Arc<dyn ObjectStore>,
    /// The bucket's address and the prefix in it.
    pub(crate) address: (String, String),
}

impl Remote {
    /// Storage named as `s3://bucket/prefix`; keys, region and endpoint come from the usual variables `AWS_*`.
    pub(crate) fn connect(address: &str) -> Result<Self, CatalogError> {
        let wrong = || CatalogError::BlobAddress { found: address.to_owned() };
        let unusable = |reason: String| CatalogError::Remote { doing: "connect to", cause: reason.into() };
        let address = address.trim_end_matches('/');
        let (bucket, prefix) = address
            .strip_prefix("s3://")
            .map(|rest| rest.split_once('/').unwrap_or((rest, "")))
            .filter(|(bucket, _)| !bucket.is_empty())
            .ok_or_else(wrong)?;
        let store = Arc::new(PrefixStore::new(network::s3(bucket).map_err(unusable)?, prefix));
        let reader = network::open(address).ok_or_else(wrong)?.map_err(unusable)?;
        Ok(Self { store, reader, address: (format!("s3://{bucket}"), prefix.to_owned()) })
    }

    /// Stores bytes unless they are there already; acknowledged by the storage when this returns.
    pub(crate) fn put_bytes(&self, bytes: &[u8]) -> Result<Digest, CatalogError> {
        let digest = Digest::of(bytes);
        if self.length(digest)? != Some(bytes.len() as u64) {
            let key = key(digest);
            let put = self.store.put(&key, PutPayload::from(bytes.to_vec()));
            Handle::current().block_on(put).map_err(remote("write to"))?;
        }
        Ok(digest)
    }

    /// Stores a file unless it is there already; the file stays.
    pub(crate) fn put_file(&self, path: &Path) -> Result<Digest, CatalogError> {
        let unreadable = || file_error("read", path);
        let file = File::open(path).map_err(unreadable())?;
        let length = file.metadata().map_err(unreadable())?.len();
        let digest = Digest::of_reader(&file).map_err(unreadable())?;
        if self.length(digest)? == Some(length) {
            return Ok(digest);
        }
        let mut file = File::open(path).map_err(unreadable())?;
        Handle::current().block_on(async {
            let upload = self.store.put_multipart(&key(digest)).await.map_err(remote("write to"))?;
            let mut parts = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
            let mut buffer = vec![0; 1 << 20];
            loop {
                let n = file.read(&mut buffer).map_err(unreadable())?;
                if n == 0 {
                    break;
                }
                parts.wait_for_capacity(4).await.map_err(remote("write to"))?;
                parts.write(buffer.get(..n).unwrap_or_default());
            }
            parts.finish().await.map(drop).map_err(remote("write to"))
        })?;
        Ok(digest)
    }

    /// How long a blob is; `None` when it is not there.
    pub(crate) fn length(&self, digest: Digest) -> Result<Option<u64>, CatalogError> {
        match Handle::current().block_on(self.store.head(&key(digest))) {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(cause) => Err(remote("look into")(cause)),
        }
    }

    /// The bytes of a blob as they are.
    pub(crate) fn bytes(&self, digest: Digest) -> Result<Vec<u8>, CatalogError> {
        let read = async { self.store.get(&key(digest)).await?.bytes().await };
        match Handle::current().block_on(read) {
            Ok(bytes) => Ok(bytes.into()),
            Err(object_store::Error::NotFound { .. }) => Err(CatalogError::MissingBlob { digest }),
            Err(cause) => Err(remote("read from")(cause)),
        }
    }

    /// Everything under the prefix, in order.
    pub(crate) fn list(&self) -> Result<Listing, CatalogError> {
        let found = self.store.list(Some(&Key::from("blobs"))).map_ok(|meta| meta.location.to_string());
        let mut keys: Vec<String> = Handle::current().block_on(found.try_collect()).map_err(remote("list"))?;
        keys.sort();
        let mut listing = Listing::default();
        for found in keys {
            let mut parts = found.splitn(3, '/').skip(1);
            match parts.next().zip(parts.next()).and_then(|(shard, name)| blob_digest(shard, name)) {
                Some(digest) => listing.held.push(digest),
                None => listing.strangers.push(found),
            }
        }
        Ok(listing)
    }
}

fn key(digest: Digest) -> Key {
    Key::from(blob_key(digest))
}

fn remote(doing: &'static str) -> impl FnOnce(object_store::Error) -> CatalogError {
    move |cause| CatalogError::Remote { doing, cause: Box::new(cause) }
}
