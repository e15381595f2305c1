//! Answers on a socket until told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Longest time that open connections get to finish once the service is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves a router on a listener. When `shutdown` is done no new connection is taken, requests under way are answered,
/// and after ten seconds what is still open is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stopping, stopped) = oneshot::channel::<()>();
    let signal = async move {
        shutdown.await;
        tracing::info!("stopping: answering what is under way");
        drop(stopping);
    };
    let router = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, router).with_graceful_shutdown(signal);
    let grace = async move {
        // the sender is dropped, never used: either end of the channel tells that the service is stopping
        drop(stopped.await);
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        done = serving => done,
        () = grace => {
            tracing::warn!("connections were still open after the grace period and are dropped");
            Ok(())
        }
    }
}
