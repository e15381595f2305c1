//! The worker's side: one order, and an end as soon as the runner is gone.

use std::io::{BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::protocol::{Line, Order, Outcome};

/// Progress is told at most so often.
const TELL_EVERY: Duration = Duration::from_millis(200);

/// The exit code of a worker whose runner is gone.
const ABANDONED: i32 = 75;

/// Why a worker could not begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkError {
    /// The input is no order.
    #[error("this command is started by the program itself and takes a job on its input: {0}")]
    Order(String),
    /// The pipe broke.
    #[error("the pipe to the service broke: {0}")]
    Pipe(#[from] std::io::Error),
}

/// Tells the runner how far the job is.
#[derive(Debug, Clone, Default)]
pub struct Teller {
    told: Arc<Mutex<Option<(Instant, String)>>>,
}

impl Teller {
    /// Says that `done` of `total` units of a stage are done; said at most five times a second, and when the stage ends.
    pub fn step(&self, stage: &str, done: u64, total: u64) {
        let Ok(mut told) = self.told.lock() else { return };
        let fresh = told.as_ref().is_some_and(|(at, last)| last == stage && at.elapsed() < TELL_EVERY);
        if fresh && done < total {
            return;
        }
        *told = Some((Instant::now(), stage.to_owned()));
        // a runner that is gone is noticed at the other end of the pipe
        drop(say(&Line::Step { stage: stage.to_owned(), done, total }));
    }
}

/// Reads one order from `input`, does it, and tells what came of it. The process ends when `input` does before that.
///
/// # Errors
/// When the input holds no order, or nobody listens to the end of the job.
pub fn work(
    input: impl Read + Send + 'static,
    perform: impl FnOnce(Order, Teller) -> Outcome,
) -> Result<(), WorkError> {
    let mut input = BufReader::new(input);
    let mut line = String::new();
    input.read_line(&mut line)?;
    let order: Order = serde_json::from_str(&line).map_err(|e| WorkError::Order(e.to_string()))?;
    std::thread::spawn(move || {
        let mut rest = [0; 64];
        // the runner says nothing more; the end of the pipe is the end of the runner, or of its wish for this job
        while input.read(&mut rest).is_ok_and(|n| n > 0) {}
        std::process::exit(ABANDONED);
    });
    let outcome = perform(order, Teller::default());
    Ok(say(&Line::End(outcome))?)
}

fn say(line: &Line) -> std::io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    let mut out = std::io::stdout().lock();
    out.write_all(&text)?;
    out.flush()
}
