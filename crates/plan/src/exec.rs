//! The node that turns block descriptors into partial sums.

use std::fmt;
use std::sync::Arc;

use arrow::array::{Array, Float64Array, Int32Array, RecordBatch, UInt8Array, UInt32Array, UInt64Array};
use belcheer_assessment::blocks::{Block, BlockError, BlockJob, PartialRow, compute_block};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType, ReplaceChildrenOptions};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties};
use futures::{StreamExt, TryStreamExt};

use crate::contexts::opened;
use crate::table::partial_schema;

/// Before and behind what a block says in an error.
const BEGIN: &str = "[block: ";
const END: &str = " :block]";

/// A unary node: each row of its input names a block, each batch of its output holds the partial sums of one.
///
/// It has an input on purpose. A leaf of our own would be run whole by every task of a Ballista cluster, which counts
/// everything many times over; the descriptors below it are a table that every engine knows how to divide.
#[derive(Debug)]
pub struct BlockExec {
    job: Arc<BlockJob>,
    check_only: bool,
    input: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
}

impl BlockExec {
    /// A node over descriptors.
    #[must_use]
    pub fn new(job: BlockJob, check_only: bool, input: Arc<dyn ExecutionPlan>) -> Self {
        Self::over(Arc::new(job), check_only, input)
    }

    fn over(job: Arc<BlockJob>, check_only: bool, input: Arc<dyn ExecutionPlan>) -> Self {
        let partitions = input.properties().output_partitioning().partition_count();
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(partial_schema()),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Incremental,
            Boundedness::Bounded,
        ));
        Self { job, check_only, input, properties }
    }

    /// The job, and whether inputs are only opened.
    #[must_use]
    pub fn job(&self) -> (&BlockJob, bool) {
        (&self.job, self.check_only)
    }

    fn replaced(&self, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(input) = children.pop().filter(|_| children.is_empty()) else {
            return Err(DataFusionError::Internal("BlockExec has one input".to_owned()));
        };
        Ok(Arc::new(Self::over(Arc::clone(&self.job), self.check_only, input)))
    }
}

impl DisplayAs for BlockExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlockExec: years={}, zones={}", self.job.layers.len(), self.job.zones_digest)
    }
}

impl ExecutionPlan for BlockExec {
    fn name(&self) -> &'static str {
        "BlockExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    // a repartition below would be a shuffle of descriptors
    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        self.replaced(children)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.replaced(children)
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let (job, check_only) = (Arc::clone(&self.job), self.check_only);
        let blocks = self
            .input
            .execute(partition, context)?
            .map(|batch| Ok::<_, DataFusionError>(futures::stream::iter(blocks_of(&batch?)?.into_iter().map(Ok))))
            .try_flatten();
        let rows = blocks.and_then(move |block: Block| {
            let job = Arc::clone(&job);
            async move {
                let opened = opened(&job).await.map_err(|e| carried(&e))?;
                if check_only {
                    return Ok(RecordBatch::new_empty(partial_schema()));
                }
                let rows = compute_block(&opened, &block).await.map_err(|e| carried(&e))?;
                batch_of(&rows)
            }
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(partial_schema(), rows)))
    }
}

/// A block's error as engines know it: what may go well another time is an input error, which Ballista tries again.
///
/// Engines hand errors on as text, with words of their own around it; the marks tell what the block said.
fn carried(error: &BlockError) -> DataFusionError {
    let text = format!("{BEGIN}{error}{END}");
    if error.is_transient() {
        return DataFusionError::IoError(std::io::Error::other(text));
    }
    DataFusionError::Execution(text)
}

/// What a block said, in the text of an error that came through an engine.
pub(crate) fn said_by_block(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(BEGIN)?;
    rest.split_once(END).map(|(said, _)| said)
}

fn blocks_of(batch: &RecordBatch) -> Result<Vec<Block>> {
    let column = |index: usize| {
        let column = batch.columns().get(index).and_then(|c| c.as_any().downcast_ref::<UInt32Array>());
        column.ok_or_else(|| DataFusionError::Internal("a block descriptor has five columns".to_owned()))
    };
    let (number, row, col, rows, cols) = (column(0)?, column(1)?, column(2)?, column(3)?, column(4)?);
    let block = |i| Block {
        number: number.value(i),
        row: row.value(i),
        col: col.value(i),
        rows: rows.value(i),
        cols: cols.value(i),
    };
    Ok((0..batch.num_rows()).map(block).collect())
}

fn batch_of(rows: &[PartialRow]) -> Result<RecordBatch> {
    let real = |of: fn(&PartialRow) -> f64| Arc::new(rows.iter().map(|r| Some(of(r))).collect::<Float64Array>());
    let int = |of: fn(&PartialRow) -> i32| Arc::new(rows.iter().map(of).collect::<Int32Array>());
    let columns: Vec<arrow::array::ArrayRef> = vec![
        Arc::new(rows.iter().map(|r| r.zone).collect::<UInt32Array>()),
        Arc::new(rows.iter().map(|r| r.measure.code()).collect::<UInt8Array>()),
        int(|r| r.year),
        int(|r| r.east),
        int(|r| r.north),
        Arc::new(rows.iter().map(|r| r.block).collect::<UInt32Array>()),
        real(|r| r.sums.sum_w),
        real(|r| r.sums.sum_wx),
        real(|r| r.sums.sum_wxx),
        real(|r| r.sums.missing_w),
        Arc::new(rows.iter().map(|r| r.sums.n).collect::<UInt64Array>()),
    ];
    Ok(RecordBatch::try_new(partial_schema(), columns)?)
}
