//! An S3 server over a folder, for tests of a workspace that keeps its files in S3-compatible storage.
//! usage: s3_server FOLDER BUCKET; prints its address, and serves until it is ended.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a server for tests may end when something is missing")]

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let (folder, bucket) = (arguments.next().unwrap(), arguments.next().unwrap());
    std::fs::create_dir_all(std::path::Path::new(&folder).join(bucket)).unwrap();
    let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(&folder).unwrap());
    builder.set_auth(SimpleAuth::from_single("test", "test-secret"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    axum::serve(listener, Router::new().fallback(answer).with_state(builder.build())).await.unwrap();
}

async fn answer(State(service): State<S3Service>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap();
    let answered = service.call(axum::http::Request::from_parts(parts, s3s::Body::from(bytes))).await.unwrap();
    answered.map(axum::body::Body::new)
}
