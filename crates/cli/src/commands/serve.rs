//! `serve`: the HTTP interface and the pages.

use belcheer_api::{ApiState, Identity, IdentitySettings};
use belcheer_catalog::Catalog;
use belcheer_jobs::{Runner, Slots};

use super::Context;
use crate::args::ServeArgs;
use crate::failure::{Failure, Outcome};
use crate::workspace;

/// Short jobs done at once.
const SHORT_JOBS: usize = 2;

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
    let state = ApiState::with(catalog.clone(), args.settings(), identity);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let runner = tokio::spawn(runner(catalog, &state, args.jobs, context)?.run(stopped.clone()));
    let house = tokio::spawn(belcheer_api::keep_house(state.clone(), stopped));
    let served = belcheer_api::serve(listener, belcheer_api::router(state), stop_signal()).await;
    if stop.send(true).is_err() {
        tracing::warn!("the jobs and the house had ended before the service");
    }
    for ended in [runner.await, house.await] {
        if let Err(error) = ended {
            tracing::error!(%error, "a part of the service broke");
        }
    }
    served?;
    context.say("stopped");
    Ok(Outcome::Done)
}

/// Who does the jobs: this program, started again for each.
fn runner(catalog: Catalog, state: &ApiState, long: usize, context: &Context) -> Result<Runner, Failure> {
    let workspace = std::path::absolute(&context.workspace)?;
    let workspace = workspace.to_str().ok_or_else(|| Failure::Usage("the workspace's path is no text".to_owned()))?;
    let mut arguments = vec!["--workspace".to_owned(), workspace.to_owned()];
    arguments.extend(["--threads".to_owned(), context.threads.to_string()]);
    Ok(Runner {
        catalog,
        program: std::env::current_exe()?,
        arguments,
        slots: Slots { short: if long == 0 { 0 } else { SHORT_JOBS }, long },
        waker: state.waker().clone(),
        name: format!("{}-{}", std::process::id(), chrono::Utc::now().timestamp_millis()),
    })
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
