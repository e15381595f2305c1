//! The child's side: limits first, then one job, then one answer.

use std::{
    any::Any,
    io::{self, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

use rlimit::Resource;
use serde_json::Value;

use crate::{
    Limits, Protections, Refusal,
    envelope::{Answer, Envelope, Told},
    fence, probe,
};

/// Longest job read, bytes.
const JOB_BYTES_MAX: u64 = 64 << 20;

/// Seconds between the signal that processor time is used up and the kill.
const CPU_GRACE_SECONDS: u64 = 2;

/// What a handler says to a job: `None` when the kind is not its own.
pub type Handled = Option<Result<Value, Refusal>>;

/// Why a child could not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The job is no envelope; this command is started by the program itself, not by hand.
    #[error("this command is started by the program itself and takes a job on its input: {0}")]
    Job(String),
    /// The pipe broke.
    #[error("the pipe to the parent broke: {0}")]
    Pipe(#[from] io::Error),
}

/// Reads one job, lowers this process's limits and raises its fence for good, runs the handler, and writes the answer.
///
/// To be called before the process has threads: the fence holds for this one and those it starts.
///
/// A panic of the handler becomes an answer; an abort is seen by the parent.
///
/// # Errors
/// When the input is no job or the output is closed; an input refused by the handler is no error here.
pub fn serve(
    input: impl Read,
    output: impl Write,
    handle: impl FnOnce(&str, Value) -> Handled,
) -> Result<(), ServeError> {
    let job: Envelope<Value> =
        serde_json::from_reader(input.take(JOB_BYTES_MAX)).map_err(|e| ServeError::Job(e.to_string()))?;
    let mut protections = Protections::default();
    let answer = match lower_limits(&job.limits) {
        Err(e) => Answer::LimitsNotSet(e.to_string()),
        Ok(()) => {
            protections = fence::raise(&job.reach);
            let handled = catch_unwind(AssertUnwindSafe(|| match job.kind.as_str() {
                probe::PROBE => probe::handle(job.body),
                kind => handle(kind, job.body),
            }));
            match handled {
                Ok(Some(Ok(reply))) => Answer::Done(reply),
                Ok(Some(Err(refusal))) => Answer::Refused(refusal),
                Ok(None) => Answer::UnknownJob,
                Err(payload) => Answer::Panicked(panic_text(payload.as_ref())),
            }
        }
    };
    Ok(Told { protections, answer }.write(output)?)
}

fn lower_limits(limits: &Limits) -> io::Result<()> {
    lower(Resource::CORE, 0, 0)?;
    lower(Resource::NOFILE, limits.open_files, limits.open_files)?;
    lower(Resource::FSIZE, limits.file_size, limits.file_size)?;
    lower(Resource::CPU, limits.cpu_seconds, limits.cpu_seconds.saturating_add(CPU_GRACE_SECONDS))?;
    lower(Resource::AS, limits.address_space, limits.address_space)
}

/// Sets a limit, never above what the system already allows.
fn lower(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let (_, allowed) = resource.get()?;
    resource.set(soft.min(allowed), hard.min(allowed))
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
}
