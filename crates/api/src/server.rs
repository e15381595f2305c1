//! Answers on a socket until told to stop; slow and silent clients lose their connections.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

/// Longest time that open connections get to finish once the service is told to stop.
const GRACE: Duration = Duration::from_secs(10);
/// Longest time until a request's head is there; also how long a connection may lie idle between two requests.
const HEAD: Duration = Duration::from_secs(10);
/// Longest time that a client may leave sent bytes of an answer untaken.
const UNTAKEN: Duration = Duration::from_secs(60);
/// Most connections at once; further ones wait with the system until one ends.
const CONNECTIONS_MAX: usize = 4096;
/// Pause after the system could not give a connection, such as when no file descriptor is left.
const NONE_GIVEN: Duration = Duration::from_millis(100);

/// Serves a router on a listener, by HTTP/1.1. A client that takes longer than 10 s for a request's head, or leaves an
/// answer untaken for 60 s, loses its connection. When `shutdown` is done no new connection is taken, requests under
/// way are answered, and after ten seconds what is still open is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (graceful, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS_MAX)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let (stream, peer, place) = tokio::select! {
            () = &mut shutdown => break,
            next = accept(&listener, &places) => match next {
                Ok(connection) => connection,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(NONE_GIVEN).await;
                    continue;
                }
            },
        };
        tokio::spawn(connection(http.clone(), stream, peer, router.clone(), graceful.watcher(), place));
    }
    drop(listener);
    tracing::info!("stopping: answering what is under way");
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were still open after the grace period and are dropped");
    }
    Ok(())
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

/// Answers on a connection until it ends.
async fn connection(
    http: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    watcher: Watcher,
    _place: OwnedSemaphorePermit,
) {
    let socket = SockRef::from(&stream);
    if let Err(error) = socket.set_tcp_nodelay(true).and_then(|()| socket.set_tcp_user_timeout(Some(UNTAKEN))) {
        tracing::debug!(%error, "a connection keeps the system's defaults");
    }
    let service = service_fn(move |request| answer(router.clone(), request, peer));
    let served = http.serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(served).await {
        tracing::debug!(%error, %peer, "a connection broke");
    }
}

async fn answer(
    router: Router,
    mut request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response<Body>, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    router.oneshot(request.map(Body::new)).await
}
