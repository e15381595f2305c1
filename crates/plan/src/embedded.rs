//! The engine in this process.

use std::sync::Arc;

use belcheer_assessment::blocks::{BlockEngine, BlockJob, RowSink, blocks_of};
use belcheer_assessment::{AssessmentError, Watch};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::run::run;
use crate::table::TableJob;

/// Memory that DataFusion may hold before it spills to disk; blocks in flight come on top.
const SORT_BYTES: usize = 256 << 20;

/// DataFusion in this process: one block in flight a thread.
#[derive(Debug, Clone, Copy)]
pub struct Embedded {
    /// Threads.
    pub threads: usize,
}

impl BlockEngine for Embedded {
    fn name(&self) -> &'static str {
        "local"
    }

    fn in_flight(&self) -> usize {
        self.threads.max(1)
    }

    fn run(&self, job: &BlockJob, rows: &mut RowSink<'_>, watch: &dyn Watch) -> Result<(), AssessmentError> {
        let threads = self.threads.max(1);
        let table = TableJob { job: job.clone(), blocks: blocks_of(&job.grid), partitions: threads, check_only: false };
        on_runtime(self.name(), threads, async move {
            let failed = |e: datafusion::error::DataFusionError| AssessmentError::Engine {
                engine: "local",
                reason: e.to_string(),
            };
            let pool = Arc::new(FairSpillPool::new(SORT_BYTES));
            let runtime = RuntimeEnvBuilder::new().with_memory_pool(pool).build_arc().map_err(failed)?;
            let config = SessionConfig::new().with_target_partitions(threads);
            let session = SessionContext::new_with_config_rt(config, runtime);
            run("local", &session, table, rows, watch).await
        })
    }
}

/// Runs a future on a runtime of its own, from any thread, be it one of another runtime.
///
/// # Errors
/// What the future returns; and when no threads can be had.
pub fn on_runtime<T: Send>(
    engine: &'static str,
    threads: usize,
    work: impl Future<Output = Result<T, AssessmentError>> + Send,
) -> Result<T, AssessmentError> {
    let failed = |reason: String| AssessmentError::Engine { engine, reason };
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
            runtime.map_err(|e| failed(e.to_string()))?.block_on(work)
        });
        worker.join().unwrap_or_else(|_| Err(failed("a thread of the engine ended early; run again".to_owned())))
    })
}
