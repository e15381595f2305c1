//! The threads that decode.
//!
//! They are this crate's own, one for each core, so that waiting for them is safe from anywhere: an async task,
//! `futures::executor::block_on`, or a task of rayon's global pool. Decoding never waits, so they always advance.

use std::sync::OnceLock;

use futures::channel::oneshot;

use crate::error::CogError;

static POOL: OnceLock<Option<rayon::ThreadPool>> = OnceLock::new();

fn pool() -> Option<&'static rayon::ThreadPool> {
    // A job that is lost drops its sender, which the caller is told of.
    let build = || {
        let builder = rayon::ThreadPoolBuilder::new().thread_name(|i| format!("cog-decode-{i}"));
        builder.panic_handler(|_| {}).build().ok()
    };
    POOL.get_or_init(build).as_ref()
}

/// Starts `work` on the decoding threads at once; the future gives what it returns.
pub(crate) fn start<R: Send + 'static>(
    work: impl FnOnce() -> R + Send + 'static,
) -> impl Future<Output = Result<R, CogError>> + Send {
    let (sender, receiver) = oneshot::channel();
    let job = move || {
        // The receiver is gone when the caller no longer wants the window.
        let _ = sender.send(work());
    };
    match pool() {
        Some(pool) => pool.spawn(job),
        // No thread could be started: decode here.
        None => job(),
    }
    async move { receiver.await.map_err(|_| CogError::Interrupted) }
}
