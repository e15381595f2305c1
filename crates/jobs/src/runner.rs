//! The service's side: jobs taken, workers started, watched and stopped.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use belcheer_catalog::{Catalog, CatalogError, Job, Lane, Lease, failpoint};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep, timeout};

use crate::protocol::{Line, Order, Outcome, Problem};

/// The hidden command with which the program works on a job.
pub const WORKER_COMMAND: &str = "job-worker";

/// How often a job is begun before it is given up.
pub const ATTEMPTS_MAX: u64 = 3;

/// How long nobody else takes a job over after its runner was heard of last.
const LEASE: Duration = Duration::from_secs(10);

/// How often a lease is renewed; a cancelled worker is stopped within this time.
const RENEW_EVERY: Duration = Duration::from_secs(1);

/// How often the queue is looked at when nobody says that there is something.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Time that a worker gets to end by itself once its input is closed.
const GRACE: Duration = Duration::from_secs(2);

/// Longest line of a worker, bytes.
const LINE_BYTES_MAX: u64 = 64 << 20;

/// Most of a worker's messages that are kept for the log, bytes.
const LOG_BYTES_MAX: usize = 16 << 10;

/// How many jobs are done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// Of those that take seconds.
    pub short: usize,
    /// Of those that take minutes or hours.
    pub long: usize,
}

impl Default for Slots {
    fn default() -> Self {
        Self { short: 2, long: 1 }
    }
}

/// Tells a runner of this process that there is a new job, so that it need not wait for its next look.
#[derive(Debug, Clone, Default)]
pub struct Waker {
    notify: Arc<Notify>,
}

impl Waker {
    /// There is something to do.
    pub fn wake(&self) {
        self.notify.notify_waiters();
    }
}

/// Takes jobs and has them done.
#[derive(Debug, Clone)]
pub struct Runner {
    /// Where the jobs are.
    pub catalog: Catalog,
    /// The program, which must answer the command [`WORKER_COMMAND`] with [`work`](crate::work).
    pub program: PathBuf,
    /// Arguments before the command, such as those that name the workspace.
    pub arguments: Vec<String>,
    /// How many jobs are done at once.
    pub slots: Slots,
    /// Who tells of new jobs.
    pub waker: Waker,
    /// A name unlike that of any other runner.
    pub name: String,
}

impl Runner {
    /// Works until `stop` says true; then workers are stopped and their jobs given back.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let runner = Arc::new(self);
        let mut hands = JoinSet::new();
        for (lane, slots) in [(Lane::Short, runner.slots.short), (Lane::Long, runner.slots.long)] {
            for n in 0..slots {
                let hand = Hand { runner: Arc::clone(&runner), name: format!("{}-{lane}-{n}", runner.name), lane };
                hands.spawn(hand.run(stop.clone()));
            }
        }
        while hands.join_next().await.is_some() {}
    }
}

/// One that does one job after the other.
struct Hand {
    runner: Arc<Runner>,
    name: String,
    lane: Lane,
}

/// Why a worker's job ended here.
enum End {
    /// The worker said so.
    Said(Outcome),
    /// The worker ended without a word.
    Silent(String),
    /// It is no longer this hand's job.
    Lost,
    /// The service stops.
    Stopped,
}

impl Hand {
    async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let next = match self.next().await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(%error, "the queue of jobs cannot be read");
                    None
                }
            };
            match next {
                Some(job) => self.perform(job, &mut stop).await,
                None => {
                    tokio::select! {
                        () = self.runner.waker.notify.notified() => {}
                        () = sleep(LOOK_EVERY) => {}
                        _ = stop.changed() => {}
                    }
                }
            }
        }
    }

    async fn next(&self) -> Result<Option<Job>, CatalogError> {
        let catalog = &self.runner.catalog;
        if !catalog.job_waits(self.lane, now_ms()).await? {
            return Ok(None);
        }
        let (at, now) = (now(), now_ms());
        catalog.take_job(self.lane, &self.lease(&at, now)).await
    }

    fn lease<'a>(&'a self, at: &'a str, now_ms: i64) -> Lease<'a> {
        let until_ms = now_ms + i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX);
        Lease { worker: &self.name, now_ms, until_ms, at }
    }

    async fn perform(&self, job: Job, stop: &mut watch::Receiver<bool>) {
        if job.attempts > ATTEMPTS_MAX {
            // a runner died with this job each time
            return self.end(&job, Err(&gave_up())).await;
        }
        failpoint("job.taken");
        tracing::info!(job = %job.id, kind = %job.kind, attempt = job.attempts, "a job begins");
        let end = match self.start(&job).await {
            Ok(child) => self.watch(&job, child, stop).await,
            Err(error) => End::Silent(format!("the worker could not be started: {error}")),
        };
        match end {
            End::Said(Outcome::Done(result)) => self.end(&job, Ok(&result)).await,
            End::Said(Outcome::Refused(problem)) => self.end(&job, Err(&json!(problem))).await,
            End::Said(Outcome::Broken(why)) | End::Silent(why) => {
                tracing::warn!(job = %job.id, kind = %job.kind, attempt = job.attempts, why, "a job broke");
                if job.attempts >= ATTEMPTS_MAX {
                    self.end(&job, Err(&gave_up())).await;
                } else {
                    self.give_back(&job, false).await;
                }
            }
            End::Lost => tracing::info!(job = %job.id, "a job was cancelled or taken over"),
            End::Stopped => self.give_back(&job, true).await,
        }
    }

    async fn start(&self, job: &Job) -> std::io::Result<Child> {
        let order = Order {
            id: job.id.clone(),
            kind: job.kind.clone(),
            owner: job.owner.clone(),
            subject: job.subject.clone(),
            request: job.request.clone(),
        };
        let mut line = serde_json::to_vec(&order)?;
        line.push(b'\n');
        let mut child = Command::new(&self.runner.program)
            .args(&self.runner.arguments)
            .arg(WORKER_COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(input) = child.stdin.as_mut() {
            input.write_all(&line).await?;
            input.flush().await?;
        }
        Ok(child)
    }

    /// Watches a worker until its job has ended, one way or another.
    async fn watch(&self, job: &Job, mut child: Child, stop: &mut watch::Receiver<bool>) -> End {
        let Some(output) = child.stdout.take() else { return End::Silent("the worker has no output".to_owned()) };
        let log = child.stderr.take().map(|pipe| tokio::spawn(keep_log(pipe)));
        let mut lines = Lines { pipe: BufReader::new(output), partial: Vec::new() };
        let mut renew = interval(RENEW_EVERY);
        let mut step = (job.stage.clone(), 0, 0);
        let mut heard = Instant::now();
        let end = loop {
            tokio::select! {
                line = lines.next() => match line {
                    Some(Line::Step { stage, done, total }) => step = (stage, done, total),
                    Some(Line::End(outcome)) => break End::Said(outcome),
                    None => break End::Silent(String::new()),
                },
                _ = renew.tick() => {
                    let (at, now) = (now(), now_ms());
                    let told = (step.0.as_str(), step.1, step.2);
                    match self.runner.catalog.renew_job(&job.id, &self.lease(&at, now), told).await {
                        Ok(true) => heard = Instant::now(),
                        Ok(false) => break End::Lost,
                        // the database may come back within the lease
                        Err(error) if heard.elapsed() < LEASE => tracing::warn!(%error, "a lease was not renewed"),
                        Err(error) => {
                            tracing::error!(%error, "a lease was lost");
                            break End::Lost;
                        }
                    }
                }
                _ = stop.changed() => break End::Stopped,
            }
        };
        if let End::Said(_) = end {
            let (at, now) = (now(), now_ms());
            // how far it came; the end itself is noted apart, and is not lost with this
            drop(self.runner.catalog.renew_job(&job.id, &self.lease(&at, now), (&step.0, step.1, step.2)).await);
        }
        let status = stop_child(child).await;
        let log = match log {
            Some(log) => timeout(GRACE, log).await.ok().and_then(Result::ok).unwrap_or_default(),
            None => String::new(),
        };
        match end {
            End::Silent(_) => End::Silent(format!("the worker ended with {status}: {log}")),
            other => other,
        }
    }

    async fn end(&self, job: &Job, outcome: Result<&Value, &Value>) {
        let (at, now) = (now(), now_ms());
        failpoint("job.done");
        match self.runner.catalog.finish_job(&job.id, &self.lease(&at, now), outcome).await {
            Ok(true) => {
                tracing::info!(job = %job.id, kind = %job.kind, successful = outcome.is_ok(), "a job has ended");
            }
            Ok(false) => tracing::info!(job = %job.id, "a job was cancelled or taken over at its end"),
            // the lease ends by itself, and the job is done again, which changes nothing
            Err(error) => tracing::error!(job = %job.id, %error, "the end of a job cannot be noted"),
        }
    }

    async fn give_back(&self, job: &Job, unharmed: bool) {
        let (at, now) = (now(), now_ms());
        if let Err(error) = self.runner.catalog.return_job(&job.id, &self.lease(&at, now), unharmed).await {
            tracing::error!(job = %job.id, %error, "a job cannot be given back; it is taken up after its lease");
        }
    }
}

/// Lines of a worker; a line that was cut short by a wait is not lost.
struct Lines {
    pipe: BufReader<ChildStdout>,
    partial: Vec<u8>,
}

impl Lines {
    async fn next(&mut self) -> Option<Line> {
        loop {
            let room = LINE_BYTES_MAX.saturating_sub(self.partial.len() as u64);
            let n = (&mut self.pipe).take(room).read_until(b'\n', &mut self.partial).await.ok()?;
            if n == 0 {
                return None;
            }
            if self.partial.last() == Some(&b'\n') {
                let line = serde_json::from_slice(&self.partial);
                self.partial.clear();
                match line {
                    Ok(line) => return Some(line),
                    Err(error) => tracing::warn!(%error, "a worker said something that is not understood"),
                }
            }
        }
    }
}

/// The end of a worker's messages.
async fn keep_log(mut pipe: impl tokio::io::AsyncRead + Unpin) -> String {
    let (mut kept, mut buffer) = (Vec::new(), vec![0; 4096]);
    while let Ok(n) = pipe.read(&mut buffer).await {
        if n == 0 {
            break;
        }
        kept.extend_from_slice(buffer.get(..n).unwrap_or_default());
        let excess = kept.len().saturating_sub(LOG_BYTES_MAX);
        kept.drain(..excess);
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// Closes a worker's input, and kills it if it does not end by itself.
async fn stop_child(mut child: Child) -> String {
    drop(child.stdin.take());
    let status = match timeout(GRACE, child.wait()).await {
        Ok(status) => status,
        Err(_) => {
            // fails only when it has just ended
            drop(child.start_kill());
            child.wait().await
        }
    };
    status.map_or_else(|error| error.to_string(), |status| status.to_string())
}

fn gave_up() -> Value {
    json!(Problem {
        code: "job_gave_up".to_owned(),
        text_en: format!(
            "the job broke {ATTEMPTS_MAX} times and was given up; resume it to try again, and tell the operator if it breaks again"
        ),
        text_mn: format!(
            "ажил {ATTEMPTS_MAX} удаа тасалдсан тул зогсоосон; дахин эхлүүлж үзээд, давтагдвал операторт мэдэгдэнэ үү"
        ),
    })
}

fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}
