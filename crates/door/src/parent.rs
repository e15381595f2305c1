//! The parent's side: start, feed, wait with a limit, and read what became of the child.

use std::{
    io::{Read, Write},
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use serde::{Serialize, de::DeserializeOwned};

use tempfile::TempDir;

use crate::{
    DoorError, Limits, Protections, Reach,
    envelope::{Answer, Envelope, Told},
    environment,
};

/// The hidden command with which a program serves jobs.
pub const WORKER_COMMAND: &str = "ingest-worker";

/// How much of a child's log is kept, bytes.
const LOG_BYTES_MAX: usize = 16 << 10;

/// How often an ending child is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Signals of Linux that tell which limit was met.
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;
const SIGXFSZ: i32 = 25;
const SIGSYS: i32 = 31;

/// Runs jobs in child processes of one program under limits.
#[derive(Debug, Clone)]
pub struct Door {
    /// The program, which must answer the command [`WORKER_COMMAND`] with [`serve`](crate::serve).
    pub program: PathBuf,
    /// Limits of each child.
    pub limits: Limits,
}

impl Door {
    /// A door to this very program with the default limits.
    ///
    /// # Errors
    /// When the system does not tell where the running program lies.
    pub fn new() -> Result<Self, DoorError> {
        std::env::current_exe().map(Self::to).map_err(DoorError::NotStarted)
    }

    /// A door to another program with the default limits.
    #[must_use]
    pub fn to(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), limits: Limits::default() }
    }

    /// Runs one job in a child of its own that may touch the files in `reach`, and waits for its reply; blocks the
    /// thread.
    ///
    /// # Errors
    /// [`DoorError::Refused`] with the reason when the handler refused the input; otherwise what became of the child.
    pub fn run<Job, Reply>(&self, kind: &str, job: &Job, reach: &Reach) -> Result<Reply, DoorError>
    where
        Job: Serialize + ?Sized,
        Reply: DeserializeOwned,
    {
        self.run_told(kind, job, reach).map(|(_, reply)| reply)
    }

    /// As [`run`](Self::run), with what kept the child in.
    pub(crate) fn run_told<Job, Reply>(
        &self,
        kind: &str,
        job: &Job,
        reach: &Reach,
    ) -> Result<(Protections, Reply), DoorError>
    where
        Job: Serialize + ?Sized,
        Reply: DeserializeOwned,
    {
        let deadline = Instant::now() + Duration::from_secs(self.limits.wall_seconds);
        // gone after the child, however that ends
        let scratch = tempfile::Builder::new().prefix("belcheer-reader-").tempdir().map_err(DoorError::NotStarted)?;
        let reach = reach.clone().write(scratch.path());
        let envelope = Envelope { limits: self.limits, reach, kind: kind.to_owned(), body: job };
        let envelope = serde_json::to_vec(&envelope).map_err(|e| DoorError::JobForm(e.to_string()))?;
        let mut running = self.start(envelope, scratch)?;
        let printed = running.printed.recv_timeout(deadline.saturating_duration_since(Instant::now()));
        let printed = printed.map_err(|_| self.timed_out())?;
        if printed.len() as u64 > self.limits.answer_bytes {
            return Err(DoorError::AnswerTooLong { bytes: self.limits.answer_bytes });
        }
        let status = running.wait(deadline)?.ok_or_else(|| self.timed_out())?;
        let log = running.log.recv_timeout(deadline.saturating_duration_since(Instant::now())).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        if !log.is_empty() {
            tracing::debug!(kind, log = %log, "the reader's log");
        }
        self.reply(kind, status, &printed, &log)
    }

    fn timed_out(&self) -> DoorError {
        DoorError::TimedOut { seconds: self.limits.wall_seconds }
    }

    fn start(&self, envelope: Vec<u8>, scratch: TempDir) -> Result<Running, DoorError> {
        let mut child = Command::new(&self.program)
            .arg(WORKER_COMMAND)
            .env_clear()
            .envs(environment::variables())
            .envs(environment::TEMPORARY.map(|name| (name, scratch.path())))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(DoorError::NotStarted)?;
        if let Some(mut input) = child.stdin.take() {
            // a child that dies early breaks the pipe; its end is told by its exit
            thread::spawn(move || drop(input.write_all(&envelope)));
        }
        let answer_bytes = usize::try_from(self.limits.answer_bytes).unwrap_or(usize::MAX);
        let printed = collect(child.stdout.take(), answer_bytes.saturating_add(1), false);
        let log = collect(child.stderr.take(), LOG_BYTES_MAX, true);
        Ok(Running { child, printed, log, _scratch: scratch })
    }

    fn reply<Reply: DeserializeOwned>(
        &self,
        kind: &str,
        status: ExitStatus,
        printed: &[u8],
        log: &str,
    ) -> Result<(Protections, Reply), DoorError> {
        if let Some(error) = self.violent_end(status, log) {
            return Err(error);
        }
        let Told { protections, answer } = Told::read(printed).ok_or(DoorError::UnreadableAnswer)?;
        tracing::debug!(kind, ?protections, "the reader's fence");
        match answer {
            Answer::Done(reply) => {
                let reply = serde_json::from_value(reply).map_err(|_| DoorError::UnreadableAnswer)?;
                Ok((protections, reply))
            }
            Answer::Refused(refusal) => Err(DoorError::Refused(refusal)),
            Answer::UnknownJob => Err(DoorError::UnknownJob { kind: kind.to_owned() }),
            Answer::LimitsNotSet(reason) => Err(DoorError::LimitsNotSet { reason }),
            Answer::Panicked(message) => {
                tracing::warn!(kind, message, "the reader panicked");
                Err(DoorError::Panicked)
            }
        }
    }

    /// What an end other than by success means.
    fn violent_end(&self, status: ExitStatus, log: &str) -> Option<DoorError> {
        let limits = &self.limits;
        let starved = log.contains("memory allocation of") || log.contains("bad_alloc");
        match (status.signal(), status.code()) {
            (_, Some(0)) => None,
            (Some(SIGABRT), _) if starved => Some(DoorError::OutOfMemory { bytes: limits.address_space }),
            (Some(SIGXCPU), _) => Some(DoorError::CpuTime { seconds: limits.cpu_seconds }),
            (Some(SIGXFSZ), _) => Some(DoorError::FileTooLarge { bytes: limits.file_size }),
            (Some(SIGSYS), _) => Some(DoorError::Forbidden),
            // the kernel kills without asking when the machine itself has no memory left
            (Some(SIGKILL), _) => Some(DoorError::OutOfMemory { bytes: limits.address_space }),
            (Some(signal), _) => Some(DoorError::Crashed { signal }),
            (None, code) => Some(DoorError::Exited { code: code.unwrap_or(-1) }),
        }
    }
}

/// A started child; dropped, it is killed and reaped.
struct Running {
    child: Child,
    printed: Receiver<Vec<u8>>,
    log: Receiver<Vec<u8>>,
    _scratch: TempDir,
}

impl Running {
    /// Waits for the end until the deadline; `None` when it passes.
    fn wait(&mut self, deadline: Instant) -> Result<Option<ExitStatus>, DoorError> {
        loop {
            if let Some(status) = self.child.try_wait().map_err(DoorError::NotStarted)? {
                return Ok(Some(status));
            }
            if Instant::now() >= deadline {
                return Ok(None);
            }
            thread::sleep(LOOK_EVERY);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // both fail only when the child has already been reaped
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Reads a pipe in a thread up to `bytes_max`, then closes it or, to `drain` it, reads on and forgets.
fn collect(pipe: Option<impl Read + Send + 'static>, bytes_max: usize, drain: bool) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let Some(mut pipe) = pipe else { return };
        let mut bytes = Vec::new();
        // a read error ends the text like the end of the pipe
        drop(pipe.by_ref().take(bytes_max as u64).read_to_end(&mut bytes));
        if drain {
            drop(std::io::copy(&mut pipe, &mut std::io::sink()));
        }
        // the receiver is gone when the parent has stopped waiting
        drop(sender.send(bytes));
    });
    receiver
}
