//! How far a run has come, told by the pieces that are kept: the same for threads and for machines.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use belcheer_assessment::Watch;
use belcheer_assessment::blocks::{Block, BlockContext, BlockJob};

use crate::contexts::opened;
use crate::table::TableJob;

/// Time between two looks.
const EVERY: Duration = Duration::from_millis(400);
/// Pieces looked for at a time.
const LOOKS: usize = 256;

/// Counts blocks whose last piece has come.
pub(crate) struct Progress {
    job: BlockJob,
    waiting: Vec<Block>,
    total: u64,
    since: Option<SystemTime>,
    opened: Option<Arc<BlockContext>>,
    silent: bool,
}

impl Progress {
    pub(crate) fn new(table: &TableJob) -> Self {
        Self {
            job: table.job.clone(),
            waiting: table.blocks.clone(),
            total: table.blocks.len() as u64,
            since: (!table.job.resume).then(SystemTime::now),
            opened: None,
            silent: table.check_only,
        }
    }

    /// Tells how many blocks are done, again and again.
    pub(crate) async fn keep_looking(&mut self, watch: &dyn Watch) -> Infallible {
        loop {
            tokio::time::sleep(EVERY).await;
            self.look(watch).await;
        }
    }

    async fn look(&mut self, watch: &dyn Watch) {
        if self.silent {
            return;
        }
        if self.opened.is_none() {
            self.opened = opened(&self.job).await.ok();
        }
        let Some(context) = self.opened.clone() else { return };
        let looked: Vec<Block> = self.waiting.drain(..self.waiting.len().min(LOOKS)).collect();
        for block in looked {
            if !context.is_done(&block, self.since).await {
                self.waiting.push(block);
            }
        }
        watch.step("blocks", self.total - self.waiting.len() as u64, self.total.max(1));
    }

    pub(crate) fn finish(&self, watch: &dyn Watch) {
        if !self.silent {
            watch.step("blocks", self.total, self.total);
        }
    }
}
