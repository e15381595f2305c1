//! What another program built on this one adds to it: engines that are too heavy for every build.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;

use belcheer_assessment::AssessmentError;
use belcheer_assessment::blocks::BlockEngine;

/// Makes the engine of a scheduler's address.
pub type Connect = fn(&str) -> Result<Box<dyn BlockEngine>, AssessmentError>;
/// Runs a server of a cluster until the process ends.
pub type Serve = fn(ClusterRole) -> Pin<Box<dyn Future<Output = anyhow::Result<()>>>>;

/// What is added; nothing by default.
#[derive(Debug, Default, Clone, Copy)]
pub struct Extras {
    /// The engine on a Ballista cluster.
    pub ballista: Option<Connect>,
    /// The servers of one.
    pub cluster: Option<Serve>,
}

/// A server of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClusterRole {
    /// Hands out work.
    Scheduler {
        /// Address and port.
        listen: SocketAddr,
    },
    /// Does it.
    Executor(ExecutorRole),
}

/// What an executor is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutorRole {
    /// The scheduler, `HOST:PORT`.
    pub scheduler: String,
    /// Address and port; the next port is used, too.
    pub listen: SocketAddr,
    /// Name or address by which others reach it; default: the address it listens on.
    pub advertise: Option<String>,
    /// Folder for what passes between stages.
    pub work_dir: Option<PathBuf>,
    /// Tasks at a time.
    pub threads: usize,
}
