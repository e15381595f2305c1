//! Stores on other machines: one client a store and process, on threads of their own.
//!
//! Engines come and go with their threads, and some callers have none of tokio's; the clients, their connections and
//! their waits between tries must outlive both. So every request is made on the runtime of this file.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{
    ClientOptions, CopyOptions, Error, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload,
    ObjectMeta, ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, RetryConfig,
};
use tokio::runtime::Runtime;

/// Threads that requests are made on.
const THREADS: usize = 2;
/// Times that a request is made again when the server failed or did not answer.
const RETRIES: usize = 5;
/// How long it is tried.
const RETRY_FOR: Duration = Duration::from_secs(60);

/// Variables of which one tells where credentials come from.
const CREDENTIALS: [&str; 5] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_METADATA_ENDPOINT",
];

static IO: LazyLock<std::result::Result<Runtime, String>> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(THREADS).thread_name("remote").enable_all().build().map_err(|e| e.to_string())
});

static CLIENTS: Mutex<BTreeMap<String, Arc<Remote>>> = Mutex::new(BTreeMap::new());

/// Makes a request on the threads of this file.
///
/// # Errors
/// When there are no threads to be had, or the request was lost with one.
pub async fn on_io<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> std::result::Result<T, String> {
    let io = IO.as_ref().map_err(Clone::clone)?;
    io.spawn(work).await.map_err(|e| e.to_string())
}

/// Opens a store on another machine by its address, `s3://bucket[/prefix]` or `https://host[/prefix]`, for readers on any
/// thread; `None` for an address of another kind. Credentials come from the usual variables `AWS_*`.
///
/// # Errors
/// When the environment lacks what the store needs.
pub fn open(address: &str) -> Option<std::result::Result<Arc<dyn ObjectStore>, String>> {
    let (scheme, rest) = address.split_once("://")?;
    if !matches!(scheme, "s3" | "http" | "https") {
        return None;
    }
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let client = match client(scheme, name) {
        Ok(client) => client,
        Err(reason) => return Some(Err(reason)),
    };
    Some(Ok(if prefix.is_empty() { client } else { Arc::new(PrefixStore::new(client, prefix)) }))
}

fn client(scheme: &str, name: &str) -> std::result::Result<Arc<dyn ObjectStore>, String> {
    let address = format!("{scheme}://{name}");
    let mut clients = CLIENTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(client) = clients.get(&address) {
        return Ok(Arc::<Remote>::clone(client));
    }
    let inner: Arc<dyn ObjectStore> = if scheme == "s3" { s3(name)? } else { http(&address)? };
    let client = Arc::new(Remote { inner });
    clients.insert(address, Arc::clone(&client));
    Ok(client)
}

fn retry() -> RetryConfig {
    RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_FOR, ..RetryConfig::default() }
}

/// The client of a bucket, for callers on threads of tokio.
pub(crate) fn s3(bucket: &str) -> std::result::Result<Arc<dyn ObjectStore>, String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let yes = |name: &str| set(name).is_some_and(|value| matches!(value.to_ascii_lowercase().as_str(), "true" | "1"));
    if !yes("AWS_SKIP_SIGNATURE") && CREDENTIALS.iter().all(|name| set(name).is_none()) {
        return Err(format!(
            "s3://{bucket} needs credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SKIP_SIGNATURE=true for a public bucket"
        ));
    }
    let endpoint = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"].iter().find_map(|name| set(name));
    if endpoint.is_some_and(|url| url.starts_with("http://")) && !yes("AWS_ALLOW_HTTP") {
        return Err(format!(
            "the endpoint of s3://{bucket} has no encryption; use one of https, or set AWS_ALLOW_HTTP=true to go without"
        ));
    }
    let built = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(retry()).build();
    Ok(Arc::new(built.map_err(|e| format!("s3://{bucket}: {e}; check the AWS_ variables of the environment"))?))
}

fn http(address: &str) -> std::result::Result<Arc<dyn ObjectStore>, String> {
    // who writes http:// has said that it goes without encryption
    let options = ClientOptions::new().with_allow_http(address.starts_with("http://"));
    let built = HttpBuilder::new().with_url(address).with_client_options(options).with_retry(retry()).build();
    Ok(Arc::new(built.map_err(|e| format!("{address}: {e}"))?))
}

/// A store whose requests are made on the threads of this file.
struct Remote {
    inner: Arc<dyn ObjectStore>,
}

impl Remote {
    async fn ask<T, F>(&self, work: impl FnOnce(Arc<dyn ObjectStore>) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let lost = |reason: String| Error::Generic { store: "remote", source: reason.into() };
        on_io(work(Arc::clone(&self.inner))).await.map_err(lost)?
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // clients hold credentials
        f.debug_struct("Remote").finish_non_exhaustive()
    }
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

#[async_trait::async_trait]
impl ObjectStore for Remote {
    async fn put_opts(&self, at: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let at = at.clone();
        self.ask(|store| async move { store.put_opts(&at, payload, options).await }).await
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(Error::NotSupported { source: "objects are stored whole".into() })
    }

    /// The answer with all its bytes, fetched before it is handed on.
    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        let at = at.clone();
        self.ask(|store| async move {
            let answer = store.get_opts(&at, options).await?;
            let (meta, range, attributes) = (answer.meta.clone(), answer.range.clone(), answer.attributes.clone());
            let bytes = answer.bytes().await?;
            let payload = GetResultPayload::Stream(futures::stream::once(async { Ok(bytes) }).boxed());
            Ok(GetResult { payload, meta, range, attributes })
        })
        .await
    }

    fn delete_stream(&self, at: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        at.and_then(|_| async { Err(Error::NotSupported { source: "objects are never deleted".into() }) }).boxed()
    }

    fn list(&self, _: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let refused = Error::NotSupported { source: "objects are named, never listed".into() };
        futures::stream::once(async { Err(refused) }).boxed()
    }

    async fn list_with_delimiter(&self, _: Option<&Path>) -> Result<ListResult> {
        Err(Error::NotSupported { source: "objects are named, never listed".into() })
    }

    async fn copy_opts(&self, _: &Path, _: &Path, _: CopyOptions) -> Result<()> {
        Err(Error::NotSupported { source: "objects are never copied".into() })
    }
}
