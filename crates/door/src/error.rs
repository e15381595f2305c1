//! What can happen to a child.

use std::io;

use crate::Refusal;

/// Why a job gave no reply.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DoorError {
    /// The input was refused with a reason.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The reader took longer than its limit and was stopped.
    #[error("the reader took longer than {seconds} s and was stopped; cut the file into smaller parts")]
    TimedOut {
        /// The limit, seconds on the clock.
        seconds: u64,
    },
    /// The reader used all its processor time.
    #[error("the reader used its {seconds} s of processor time; cut the file into smaller parts")]
    CpuTime {
        /// The limit, seconds.
        seconds: u64,
    },
    /// The reader ran out of memory.
    #[error(
        "the reader ran out of memory; the file is damaged or asks for more than {bytes} bytes; export it again or cut it into smaller parts"
    )]
    OutOfMemory {
        /// The limit of its address space.
        bytes: u64,
    },
    /// The reader wanted to write a larger file than it may.
    #[error("the reader would have written more than {bytes} bytes; cut the file into smaller parts")]
    FileTooLarge {
        /// The limit.
        bytes: u64,
    },
    /// The reader was ended by a signal.
    #[error("the reader crashed on this file (signal {signal}); the file is damaged, export it again")]
    Crashed {
        /// The signal's number.
        signal: i32,
    },
    /// The reader asked the system for what no reader needs, and was ended.
    #[error(
        "the reader tried on this file what no reader may do and was stopped; do not use the file, export it again"
    )]
    Forbidden,
    /// The reader gave up in the middle.
    #[error("the reader stopped in the middle of this file; the file is damaged, export it again")]
    Panicked,
    /// The reader ended with an error code of its own.
    #[error("the reader ended with code {code} and no answer; the file is damaged, export it again")]
    Exited {
        /// The exit code.
        code: i32,
    },
    /// The reader's answer is not one.
    #[error("the reader's answer could not be understood; the file is damaged, export it again")]
    UnreadableAnswer,
    /// The reader's answer is longer than the limit.
    #[error("the reader's answer is longer than {bytes} bytes; cut the file into smaller parts")]
    AnswerTooLong {
        /// The limit.
        bytes: u64,
    },
    /// The program knows no such job.
    #[error("the reader knows no job `{kind}`; parent and reader are of different versions")]
    UnknownJob {
        /// The job's kind.
        kind: String,
    },
    /// The limits could not be set, so nothing was read.
    #[error("the reader could not limit itself and read nothing: {reason}")]
    LimitsNotSet {
        /// What the system said.
        reason: String,
    },
    /// The reader could not be started.
    #[error("the reader could not be started: {0}")]
    NotStarted(io::Error),
    /// The job cannot be written as JSON.
    #[error("the job cannot be written as JSON: {0}")]
    JobForm(String),
}

impl DoorError {
    /// This as the refusal of `input`, when the input is to blame; `None` when the program or the machine is.
    #[must_use]
    pub fn as_refusal(&self, input: &str) -> Option<Refusal> {
        let (code, text_mn) = match self {
            Self::Refused(refusal) => return Some(refusal.clone()),
            Self::TimedOut { .. } => {
                ("reader_timed_out", "файл уншихад хэт удсан тул зогсоолоо; файлаа хувааж өгнө үү")
            }
            Self::CpuTime { .. } => ("reader_cpu_time", "файл унших тооцоолол хэтэрсэн; файлаа хувааж өгнө үү"),
            Self::OutOfMemory { .. } => (
                "reader_out_of_memory",
                "уншигчийн санах ой хүрэлцсэнгүй; файл гэмтсэн эсвэл хэт том, дахин гаргах эсвэл хувааж өгнө үү",
            ),
            Self::FileTooLarge { .. } => ("reader_file_too_large", "үр дүнгийн файл хэт том; файлаа хувааж өгнө үү"),
            Self::Forbidden => (
                "reader_forbidden_call",
                "энэ файл дээр уншигч хориотой үйлдэл хийх гэснийг зогсоолоо; файлыг бүү ашигла, дахин гаргана уу",
            ),
            Self::Crashed { .. } | Self::Panicked | Self::Exited { .. } | Self::UnreadableAnswer => {
                ("reader_crashed", "энэ файл дээр уншигч гацлаа; файл гэмтсэн байна, дахин гаргана уу")
            }
            Self::AnswerTooLong { .. } => ("reader_answer_too_long", "файлын агуулга хэт их; файлаа хувааж өгнө үү"),
            Self::UnknownJob { .. } | Self::LimitsNotSet { .. } | Self::NotStarted(_) | Self::JobForm(_) => {
                return None;
            }
        };
        Some(Refusal::new(code, input, self.to_string(), text_mn))
    }
}
