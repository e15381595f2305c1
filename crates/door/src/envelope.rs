//! What goes through the pipe: one job in, one answer out.
//!
//! The answer is framed as a JSON text sequence (RFC 7464): a record separator, then JSON. Anything a library prints
//! before it is skipped; JSON itself never holds a bare record separator.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Limits, Protections, Reach, Refusal};

/// Precedes the answer.
const RECORD_SEPARATOR: u8 = 0x1e;

/// A job with the limits under which it runs.
#[derive(Debug, Serialize, Deserialize)]
pub struct Envelope<Body> {
    /// Limits the child sets for itself.
    pub limits: Limits,
    /// The files it may touch.
    pub reach: Reach,
    /// Which handler is meant, such as `raster.convert`.
    pub kind: String,
    /// What the handler is told.
    pub body: Body,
}

/// What the child says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The handler's reply.
    Done(Value),
    /// The input was refused.
    Refused(Refusal),
    /// No handler knows this kind of job.
    UnknownJob,
    /// The handler panicked; the message is for the log.
    Panicked(String),
    /// The limits could not be set, so nothing was read.
    LimitsNotSet(String),
}

/// An answer and what kept the child in while it was made.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    /// What the fence was.
    pub protections: Protections,
    /// The answer.
    pub answer: Answer,
}

impl Told {
    /// Writes the framed answer.
    pub fn write(&self, mut output: impl Write) -> io::Result<()> {
        let mut bytes = vec![RECORD_SEPARATOR];
        serde_json::to_writer(&mut bytes, self)?;
        bytes.push(b'\n');
        output.write_all(&bytes)?;
        output.flush()
    }

    /// Reads the last framed answer in what a child printed.
    pub fn read(printed: &[u8]) -> Option<Self> {
        let start = printed.iter().rposition(|b| *b == RECORD_SEPARATOR)?;
        serde_json::from_slice(printed.get(start + 1..)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_survives_chatter_before_it() {
        let mut printed = b"a library says hello\n".to_vec();
        let answer = Answer::Done(Value::from("a\u{1e}b"));
        Told { protections: Protections::default(), answer }.write(&mut printed).unwrap();
        let read = Told::read(&printed).map(|told| told.answer);
        assert!(matches!(read, Some(Answer::Done(Value::String(s))) if s == "a\u{1e}b"));
        assert!(Told::read(b"junk").is_none());
        assert!(Told::read(b"\x1ejunk").is_none());
    }
}
