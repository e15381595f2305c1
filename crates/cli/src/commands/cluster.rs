//! `cluster`: the servers of a Ballista cluster, where this program has them.

use super::Context;
use crate::args::ClusterCommand;
use crate::extras::{ClusterRole, ExecutorRole, Extras};
use crate::failure::{Failure, Outcome};

/// Runs the command.
pub async fn run(command: ClusterCommand, context: &Context, extras: &Extras) -> Result<Outcome, Failure> {
    let Some(serve) = extras.cluster else { return Err(no_cluster()) };
    let role = match command {
        ClusterCommand::Scheduler { listen } => {
            context.say(&format!("scheduler at {listen}"));
            ClusterRole::Scheduler { listen }
        }
        ClusterCommand::Executor { scheduler, listen, advertise, work_dir } => {
            context.say(&format!("executor at {listen} for the scheduler at {scheduler}"));
            ClusterRole::Executor(ExecutorRole { scheduler, listen, advertise, work_dir, threads: context.threads })
        }
    };
    serve(role).await?;
    Ok(Outcome::Done)
}

/// What is said by a program without Ballista.
pub fn no_cluster() -> Failure {
    Failure::Usage(
        "this program computes on one machine; run belcheer-cluster, which takes every command, on a cluster"
            .to_owned(),
    )
}
