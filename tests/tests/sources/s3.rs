//! An S3 server over a folder, which tells what was asked of it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::Request;
use axum::response::Response;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};

/// The one bucket.
pub const BUCKET: &str = "rasters";
const KEY: &str = "researcher";
const SECRET: &str = "of-the-sample-country";

/// One request, as it was answered.
#[derive(Debug, Clone)]
pub struct Asked {
    pub key: String,
    pub range: Option<String>,
    pub status: u16,
    pub bytes: u64,
}

/// Done to a file when it is asked for the nth time for bytes behind its header.
type Mishap = (String, usize, Box<dyn FnOnce(&Path) + Send>);

#[derive(Clone)]
struct Shared {
    service: S3Service,
    root: PathBuf,
    asked: Arc<Mutex<Vec<Asked>>>,
    mishap: Arc<Mutex<Option<Mishap>>>,
    delay: Arc<Mutex<Duration>>,
}

/// The server; it ends with the test.
pub struct Server {
    shared: Shared,
    address: String,
}

impl Server {
    /// Over an empty bucket in `root`; `open` to everybody, or to those who sign.
    pub fn start(root: &Path, open: bool) -> Self {
        std::fs::create_dir_all(root.join(BUCKET)).unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).unwrap());
        if open {
            builder.set_access(Everybody);
        }
        builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let shared = Shared {
            service: builder.build(),
            root: root.to_path_buf(),
            asked: Arc::default(),
            mishap: Arc::default(),
            delay: Arc::default(),
        };
        let address = super::serve(Router::new().fallback(answer).with_state(shared.clone()));
        Self { shared, address }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Puts a file into the bucket.
    pub fn put(&self, key: &str, bytes: &[u8]) {
        let path = self.shared.root.join(BUCKET).join(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    /// What is done to a file when bytes behind its header are asked for the nth time.
    pub fn mishap(&self, key: &str, nth: usize, what: impl FnOnce(&Path) + Send + 'static) {
        *self.shared.mishap.lock().unwrap() = Some((key.to_owned(), nth, Box::new(what)));
    }

    /// Takes its time with every answer from now on.
    pub fn is_far_away(&self, delay: Duration) {
        *self.shared.delay.lock().unwrap() = delay;
    }

    /// What was asked since the last look.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.shared.asked.lock().unwrap())
    }

    /// Gives a command the environment of somebody who may read the bucket.
    pub fn known_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("AWS_ENDPOINT_URL", &self.address)
            .env("AWS_ALLOW_HTTP", "true")
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
    }
}

struct Everybody;

#[async_trait::async_trait]
impl s3s::access::S3Access for Everybody {
    async fn check(&self, _: &mut s3s::access::S3AccessContext<'_>) -> s3s::S3Result<()> {
        Ok(())
    }
}

async fn answer(State(shared): State<Shared>, request: axum::extract::Request) -> Response {
    let (parts, _) = request.into_parts();
    let range = parts.headers.get("range").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let key = parts.uri.path().trim_start_matches(&format!("/{BUCKET}/")).to_owned();
    if range.as_ref().is_some_and(|range| !range.starts_with("bytes=0-")) {
        befall(&shared, &key);
    }
    let delay = *shared.delay.lock().unwrap();
    tokio::time::sleep(delay).await;
    // nobody writes into the bucket
    let request = Request::from_parts(parts, s3s::Body::empty());
    let answered = shared.service.call(request).await.unwrap();
    let length = answered.headers().get("content-length").and_then(|v| v.to_str().ok()?.parse().ok());
    let status = answered.status().as_u16();
    shared.asked.lock().unwrap().push(Asked { key, range, status, bytes: length.unwrap_or(0) });
    answered.map(axum::body::Body::new)
}

fn befall(shared: &Shared, key: &str) {
    let mut waiting = shared.mishap.lock().unwrap();
    let Some((of, left, what)) = waiting.take() else { return };
    *waiting = match (of == key, left) {
        (false, _) => Some((of, left, what)),
        (true, 2..) => Some((of, left - 1, what)),
        (true, _) => {
            what(&shared.root.join(BUCKET).join(key));
            None
        }
    };
}
