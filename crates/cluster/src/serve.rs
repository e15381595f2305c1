//! The two servers of a cluster: Ballista's scheduler and executor with our codecs.

use std::net::ToSocketAddrs;
use std::pin::Pin;
use std::sync::Arc;

use anyhow::Context;
use ballista_core::config::TaskSchedulingPolicy;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;
use belcheer_cli::{ClusterRole, ExecutorRole};
use datafusion::prelude::SessionConfig;

use crate::codec::{LogicalCodec, PhysicalCodec};
use crate::session::{MESSAGE_BYTES, config, state};

/// Silence after which an executor is taken for lost, and its tasks are given to others.
const EXECUTOR_TIMEOUT_S: u64 = 20;
/// Time between two looks for lost executors, and between two signs of life.
const HEARTBEAT_S: u64 = 5;
/// Tasks are handed out by the scheduler: a few milliseconds each, where executors that ask need tens.
const POLICY: TaskSchedulingPolicy = TaskSchedulingPolicy::PushStaged;

/// Runs a server until the process ends.
pub fn serve(role: ClusterRole) -> Pin<Box<dyn Future<Output = anyhow::Result<()>>>> {
    match role {
        ClusterRole::Scheduler { listen } => Box::pin(scheduler(listen)),
        ClusterRole::Executor(role) => Box::pin(executor(role)),
    }
}

async fn scheduler(listen: std::net::SocketAddr) -> anyhow::Result<()> {
    let scheduler = SchedulerConfig {
        bind_host: listen.ip().to_string(),
        bind_port: listen.port(),
        scheduling_policy: POLICY,
        executor_timeout_seconds: EXECUTOR_TIMEOUT_S,
        expire_dead_executor_interval_seconds: HEARTBEAT_S,
        grpc_server_max_decoding_message_size: MESSAGE_BYTES,
        grpc_server_max_encoding_message_size: MESSAGE_BYTES,
        grpc_client_max_message_size: MESSAGE_BYTES,
        override_logical_codec: Some(Arc::new(LogicalCodec::default())),
        override_physical_codec: Some(Arc::new(PhysicalCodec::default())),
        override_config_producer: Some(Arc::new(config)),
        override_session_builder: Some(Arc::new(|config: SessionConfig| Ok(state(config)))),
        ..Default::default()
    };
    let cluster = BallistaCluster::new_from_config(&scheduler).await?;
    start_server(cluster, listen, Arc::new(scheduler)).await.with_context(|| format!("the scheduler at {listen}"))?;
    Ok(())
}

async fn executor(role: ExecutorRole) -> anyhow::Result<()> {
    let ExecutorRole { scheduler, listen, advertise, work_dir, threads } = role;
    let (host, port) = scheduler.rsplit_once(':').with_context(|| format!("{scheduler}: write HOST:PORT"))?;
    let port: u16 = port.parse().with_context(|| format!("{scheduler}: write HOST:PORT"))?;
    scheduler.to_socket_addrs().with_context(|| format!("the scheduler {scheduler}"))?;
    let work_dir =
        work_dir.unwrap_or_else(|| std::env::temp_dir().join(format!("belcheer-executor-{}", std::process::id())));
    std::fs::create_dir_all(&work_dir).with_context(|| work_dir.display().to_string())?;
    let executor = ExecutorProcessConfig {
        bind_host: listen.ip().to_string(),
        external_host: Some(advertise.unwrap_or_else(|| listen.ip().to_string())),
        port: listen.port(),
        grpc_port: listen.port().saturating_add(1),
        scheduler_host: host.to_owned(),
        scheduler_port: port,
        scheduler_connect_timeout_seconds: 60,
        vcores: threads,
        task_scheduling_policy: POLICY,
        executor_heartbeat_interval_seconds: HEARTBEAT_S,
        work_dir: Some(work_dir.display().to_string()),
        grpc_max_decoding_message_size: MESSAGE_BYTES,
        grpc_max_encoding_message_size: MESSAGE_BYTES,
        override_config_producer: Some(Arc::new(config)),
        override_logical_codec: Some(Arc::new(LogicalCodec::default())),
        override_physical_codec: Some(Arc::new(PhysicalCodec::default())),
        ..Default::default()
    };
    start_executor_process(Arc::new(executor)).await.with_context(|| format!("the executor at {listen}"))?;
    Ok(())
}
