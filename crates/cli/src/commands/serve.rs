//! `serve`: the HTTP interface and the pages.

use belcheer_api::{ApiState, Identity, IdentitySettings};

use super::Context;
use crate::args::ServeArgs;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Serves until interrupted or terminated.
pub async fn run(args: &ServeArgs, context: &Context) -> Result<Outcome, Failure> {
    let listen = args.listen;
    let settings = IdentitySettings::from_env().map_err(|e| Failure::Usage(e.to_string()))?;
    let identity = Identity::open(settings).await.map_err(|e| Failure::Usage(e.to_string()))?;
    let catalog = workspace::open(&context.workspace).await?;
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .map_err(|e| Failure::Usage(format!("{listen} cannot be listened on: {e}; choose another with --listen")))?;
    let address = listener.local_addr()?;
    context.say(&format!("serving {} on http://{address}", context.workspace.display()));
    let fence = workspace::fence()?;
    if fence.holds() {
        tracing::info!(%fence, "the fence of readers holds");
    } else {
        tracing::warn!(%fence, "the fence of readers does not hold in full on this kernel; their limits do");
    }
    let router = belcheer_api::router(ApiState::with(catalog, args.settings(), identity));
    belcheer_api::serve(listener, router, stop_signal()).await?;
    context.say("stopped");
    Ok(Outcome::Done)
}

/// Resolves on interrupt or terminate.
async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
    }
}
