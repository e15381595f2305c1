//! The fence around a child: which files it may open and which calls of the system it may make.
//!
//! Limits bound how much harm a reader's fault can do; the fence bounds which. It is raised with what the kernel has
//! (Landlock for files, seccomp for calls), cannot be taken down again, and what of it stands is told to the parent.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Reach;

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;

/// How far one protection holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// All of it.
    Full,
    /// What this kernel knows of it.
    Partly,
    /// Nothing: the kernel does not have it.
    #[default]
    Absent,
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "full",
            Self::Partly => "partly",
            Self::Absent => "absent",
        })
    }
}

/// What keeps a child from the rest of the system, beside its limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protections {
    /// Files other than those of the job are closed (Landlock).
    pub files: Hold,
    /// Sockets, other programs and calls that no reader needs are closed (seccomp).
    pub calls: Hold,
}

impl Protections {
    /// Whether both hold in full.
    #[must_use]
    pub fn are_full(self) -> bool {
        self.files == Hold::Full && self.calls == Hold::Full
    }
}

/// Raises the fence around this process for good; gives what of it stands.
#[cfg(target_os = "linux")]
pub(crate) fn raise(reach: &Reach) -> Protections {
    // files first: the filter of calls closes what is needed to set them up
    Protections { files: files::close(reach), calls: calls::close() }
}

/// No fence is known for this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn raise(_reach: &Reach) -> Protections {
    Protections::default()
}
