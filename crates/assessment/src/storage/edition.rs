//! Which edition of an object a run was planned with, so that another one is never taken for it.

use std::fmt;
use std::sync::Arc;

use belcheer_domain::Digest;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use serde::{Deserialize, Serialize};

use super::place::Place;

/// What a store says of an object that is not ours: enough to notice that it was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// The ETag; without one the time of the last change; empty where the store tells neither.
    pub tag: String,
    /// Length in bytes.
    pub bytes: u64,
}

impl Edition {
    /// The edition that a store describes.
    #[must_use]
    pub fn of(meta: &ObjectMeta) -> Self {
        let changed = meta.last_modified.timestamp_millis();
        let modified = || if changed == 0 { String::new() } else { format!("modified {changed}") };
        Self { tag: meta.e_tag.clone().unwrap_or_else(modified), bytes: meta.size }
    }

    /// The digest that stands for the bytes of an object that was never read whole: of address, tag and length.
    #[must_use]
    pub fn digest(&self, place: &Place) -> Digest {
        Digest::of(&serde_json::to_vec(&(place, self)).unwrap_or_default())
    }

    /// The store as seen by who may read this edition only.
    pub(crate) fn guard(&self, store: Arc<dyn ObjectStore>) -> Arc<dyn ObjectStore> {
        Arc::new(Guarded { store, edition: self.clone() })
    }
}

/// A store of which one object is read, in one edition; every answer is held against it.
#[derive(Debug)]
struct Guarded {
    store: Arc<dyn ObjectStore>,
    edition: Edition,
}

impl fmt::Display for Guarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.fmt(f)
    }
}

fn not_here(what: &'static str) -> Error {
    Error::NotSupported { source: what.into() }
}

#[async_trait::async_trait]
impl ObjectStore for Guarded {
    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        let answer = self.store.get_opts(at, options).await?;
        if Edition::of(&answer.meta) == self.edition {
            return Ok(answer);
        }
        let source = "it was replaced after the run was planned; start the run again".into();
        Err(Error::Precondition { path: at.to_string(), source })
    }

    async fn put_opts(&self, _: &Path, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        Err(not_here("sources are never written"))
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(not_here("sources are never written"))
    }

    fn delete_stream(&self, at: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        at.and_then(|_| async { Err(not_here("sources are never deleted")) }).boxed()
    }

    fn list(&self, _: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        futures::stream::once(async { Err(not_here("sources are named, never listed")) }).boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        Err(not_here("sources are named, never listed"))
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(not_here("sources are never copied"))
    }
}

#[cfg(test)]
mod tests {
    use object_store::ObjectStoreExt;
    use object_store::memory::InMemory;

    use super::*;

    #[test]
    fn another_edition_is_refused() {
        futures::executor::block_on(async {
            let store = Arc::new(InMemory::new());
            let (path, place) = (Path::from("a"), Place { store: "s3://b".to_owned(), path: "a".to_owned() });
            store.put(&path, "one".into()).await.unwrap();
            let first = Edition::of(&store.head(&path).await.unwrap());
            let guarded = first.guard(Arc::<InMemory>::clone(&store));
            assert_eq!(guarded.get_ranges(&path, &[0..1, 1..3]).await.unwrap().concat(), b"one");
            store.put(&path, "two".into()).await.unwrap();
            let error = guarded.get_range(&path, 0..1).await.unwrap_err();
            assert!(matches!(error, Error::Precondition { .. }) && error.to_string().contains("replaced"), "{error}");
            let second = Edition::of(&store.head(&path).await.unwrap());
            assert_ne!(first.digest(&place), second.digest(&place));
            assert_eq!(first.digest(&place), first.clone().digest(&place));
        });
    }
}
