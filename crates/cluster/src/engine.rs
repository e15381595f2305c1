//! The engine of a client: the plan on a Ballista cluster.

use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use ballista::prelude::SessionContextExt;
use belcheer_assessment::blocks::{BlockEngine, BlockJob, PartialRow, RowSink, blocks_of};
use belcheer_assessment::{AssessmentError, Silent, Watch};
use belcheer_plan::{TableJob, on_runtime, run};
use datafusion::prelude::SessionContext;

use crate::session::{config, state};

const NAME: &str = "ballista";
/// Blocks of a task: each task costs some milliseconds of scheduling.
const BLOCKS_A_TASK: usize = 4;
/// Tasks of a job at least, as long as there are blocks: a small job keeps every executor at work, too.
const TASKS_MIN: usize = 16;
/// Tasks of a job at most.
const TASKS_MAX: usize = 512;
/// Tasks of the job that only opens inputs: enough that every executor of a small cluster has one.
const CHECKS: usize = 16;
/// Times that a job is submitted when the scheduler is lost.
const SUBMISSIONS: usize = 4;
/// How long a lost scheduler is waited for.
const RETURN: Duration = Duration::from_secs(120);
/// How long a scheduler may take to answer.
const ANSWER: Duration = Duration::from_secs(5);

/// A cluster, by the address of its scheduler.
#[derive(Debug)]
struct Cluster {
    scheduler: String,
}

/// The engine on the scheduler at `HOST:PORT`, `df://HOST:PORT` or `http://HOST:PORT`.
pub fn connect(scheduler: &str) -> Result<Box<dyn BlockEngine>, AssessmentError> {
    let address = scheduler.trim_start_matches("df://").trim_start_matches("http://").trim_end_matches('/');
    let cluster = Cluster { scheduler: address.to_owned() };
    cluster.answers().map_err(failed)?;
    Ok(Box::new(cluster))
}

fn failed(reason: String) -> AssessmentError {
    AssessmentError::Engine { engine: NAME, reason }
}

impl Cluster {
    /// Whether the scheduler can be reached.
    fn answers(&self) -> Result<(), String> {
        let told = |reason: String| {
            format!(
                "no scheduler answers at {}: {reason}; start one with: belcheer-cluster cluster scheduler",
                self.scheduler
            )
        };
        let addresses = self.scheduler.to_socket_addrs().map_err(|e| told(e.to_string()))?;
        let mut last = "the name has no address".to_owned();
        for address in addresses {
            match TcpStream::connect_timeout(&address, ANSWER) {
                Ok(_) => return Ok(()),
                Err(error) => last = error.to_string(),
            }
        }
        Err(told(last))
    }

    /// Waits for the scheduler, asking every second.
    async fn returns(&self) -> bool {
        let began = Instant::now();
        while began.elapsed() < RETURN {
            if self.answers().is_ok() {
                return true;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        false
    }

    async fn session(&self) -> Result<SessionContext, AssessmentError> {
        let url = format!("df://{}", self.scheduler);
        SessionContext::remote_with_state(&url, state(config())).await.map_err(|e| failed(e.to_string()))
    }

    /// Opens every input from the executors, before any work.
    async fn check(&self, job: &BlockJob) -> Result<(), AssessmentError> {
        let blocks = blocks_of(&job.grid).into_iter().cycle().take(CHECKS).collect();
        let table = TableJob { job: job.clone(), blocks, partitions: CHECKS, check_only: true };
        run(NAME, &self.session().await?, table, &mut |_| Ok(()), &Silent).await
    }

    async fn once(&self, job: &BlockJob, watch: &dyn Watch) -> Result<Vec<PartialRow>, AssessmentError> {
        self.check(job).await?;
        let blocks = blocks_of(&job.grid);
        let least = blocks.len().clamp(1, TASKS_MIN);
        let partitions = blocks.len().div_ceil(BLOCKS_A_TASK).clamp(least, TASKS_MAX);
        let table = TableJob { job: job.clone(), blocks, partitions, check_only: false };
        // kept until the last has come, since a job that is submitted again yields every row again
        let mut rows = Vec::new();
        let mut keep = |row| {
            rows.push(row);
            Ok(())
        };
        run(NAME, &self.session().await?, table, &mut keep, watch).await?;
        Ok(rows)
    }
}

impl BlockEngine for Cluster {
    fn name(&self) -> &'static str {
        NAME
    }

    fn in_flight(&self) -> usize {
        0
    }

    fn run(&self, job: &BlockJob, rows: &mut RowSink<'_>, watch: &dyn Watch) -> Result<(), AssessmentError> {
        on_runtime(NAME, 2, async move {
            let mut job = job.clone();
            let mut submitted = 0;
            loop {
                submitted += 1;
                let error = match self.once(&job, watch).await {
                    Ok(computed) => return computed.into_iter().try_for_each(rows),
                    Err(error) => error,
                };
                let lost = matches!(error, AssessmentError::Engine { .. });
                if !lost || submitted >= SUBMISSIONS || !self.returns().await {
                    return Err(error);
                }
                // what executors kept before the scheduler was lost is not computed again
                job.resume = true;
            }
        })
    }
}
