//! A job that tries what a reader may not do, so that an operator knows what holds on this machine.

use std::{
    fmt,
    fs::{self, File},
    io::{ErrorKind, Write},
    net::{TcpListener, UdpSocket},
    path::PathBuf,
    process::Command,
    thread,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Door, DoorError, Handled, Protections, Reach, Refusal};

/// Kind of the job, known to every child.
pub(crate) const PROBE: &str = "door.probe";

/// What a child was kept from when it tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// What the kernel said when the fence was raised.
    #[serde(default)]
    pub protections: Protections,
    /// A file outside the job's reach could not be read.
    pub reading_outside_refused: bool,
    /// No file could be made outside the job's reach.
    pub writing_outside_refused: bool,
    /// No socket could be opened.
    pub sockets_refused: bool,
    /// No other process could be started.
    pub processes_refused: bool,
    /// A thread could be started and the job's own file read: readers can work.
    pub readers_work: bool,
}

impl Probe {
    /// Whether everything that must fail failed and what must work worked.
    #[must_use]
    pub fn holds(&self) -> bool {
        let closed = self.reading_outside_refused && self.writing_outside_refused;
        closed && self.sockets_refused && self.processes_refused && self.readers_work
    }
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Protections { files, calls } = self.protections;
        write!(f, "files {files}, calls {calls}")?;
        for (closed, what) in [
            (self.reading_outside_refused, "files outside the job can be read"),
            (self.writing_outside_refused, "files outside the job can be written"),
            (self.sockets_refused, "sockets can be opened"),
            (self.processes_refused, "programs can be started"),
            (self.readers_work, "readers cannot work"),
        ] {
            if !closed {
                write!(f, "; {what}")?;
            }
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
struct ProbeJob {
    inside: PathBuf,
    outside: PathBuf,
}

impl Door {
    /// Starts a child that tries to leave its fence; tells what held. Blocks the thread.
    ///
    /// # Errors
    /// When the child could not be run, or no temporary file be made for it.
    pub fn probe(&self) -> Result<Probe, DoorError> {
        let folder = tempfile::tempdir().map_err(DoorError::NotStarted)?;
        let (inside, outside) = (folder.path().join("inside"), folder.path().join("outside"));
        for file in [&inside, &outside] {
            fs::write(file, b"probe").map_err(DoorError::NotStarted)?;
        }
        let reach = Reach::default().read(&inside);
        let (protections, mut probe) = self.run_told::<_, Probe>(PROBE, &ProbeJob { inside, outside }, &reach)?;
        probe.protections = protections;
        Ok(probe)
    }
}

/// The child's side.
pub(crate) fn handle(body: Value) -> Handled {
    let job: ProbeJob = match serde_json::from_value(body) {
        Ok(job) => job,
        Err(_) => {
            let text = ("the job is not understood", "даалгаврыг ойлгосонгүй");
            return Some(Err(Refusal::new("job_form", "", text.0, text.1)));
        }
    };
    let denied = |kind: ErrorKind| kind == ErrorKind::PermissionDenied;
    let beside = job.outside.with_extension("made");
    let writes = [File::create(beside).map(drop), append(&job.outside)];
    let sockets = [TcpListener::bind("127.0.0.1:0").map(drop), UdpSocket::bind("127.0.0.1:0").map(drop)];
    let started = thread::Builder::new().spawn(|| 1).is_ok_and(|running| running.join().is_ok());
    let probe = Probe {
        protections: Protections::default(),
        reading_outside_refused: File::open(&job.outside).is_err_and(|e| denied(e.kind())),
        writing_outside_refused: writes.into_iter().all(|tried| tried.is_err_and(|e| denied(e.kind()))),
        sockets_refused: sockets.into_iter().all(|tried| tried.is_err_and(|e| denied(e.kind()))),
        processes_refused: Command::new("/proc/self/exe").status().is_err_and(|e| denied(e.kind())),
        readers_work: started && fs::read(&job.inside).is_ok_and(|bytes| bytes == b"probe"),
    };
    let form = |_| Refusal::new("job_form", "", "the reply cannot be written", "хариуг бичиж чадсангүй");
    Some(serde_json::to_value(probe).map_err(form))
}

fn append(file: &std::path::Path) -> std::io::Result<()> {
    File::options().append(true).open(file)?.write_all(b"x")
}
