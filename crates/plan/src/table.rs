//! The table whose rows are the partial sums of blocks.

use std::sync::Arc;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use async_trait::async_trait;
use belcheer_assessment::blocks::{Block, BlockJob};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Result;
use datafusion::datasource::TableType;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;
use serde::{Deserialize, Serialize};

use crate::exec::BlockExec;

/// What the table is made from; small enough to be shipped with a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableJob {
    /// The job.
    pub job: BlockJob,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Partitions that the descriptors are dealt to.
    pub partitions: usize,
    /// Only open the inputs, and yield no row: shows that they are reached from where the plan runs.
    pub check_only: bool,
}

/// Columns of a block descriptor.
#[must_use]
pub fn descriptor_schema() -> SchemaRef {
    let names = ["number", "row", "col", "rows", "cols"];
    Arc::new(Schema::new(names.map(|name| Field::new(name, DataType::UInt32, false)).to_vec()))
}

/// Columns of a row of partial sums.
#[must_use]
pub fn partial_schema() -> SchemaRef {
    let field = |name: &str, of: DataType| Field::new(name, of, false);
    Arc::new(Schema::new(vec![
        field("zone", DataType::UInt32),
        field("measure", DataType::UInt8),
        field("year", DataType::Int32),
        field("east", DataType::Int32),
        field("north", DataType::Int32),
        field("block", DataType::UInt32),
        field("sum_w", DataType::Float64),
        field("sum_wx", DataType::Float64),
        field("sum_wxx", DataType::Float64),
        field("missing_w", DataType::Float64),
        field("n", DataType::UInt64),
    ]))
}

/// The partial sums of a job as a table.
#[derive(Debug, Clone)]
pub struct BlockTable {
    job: Arc<TableJob>,
}

impl BlockTable {
    /// The table of a job.
    #[must_use]
    pub fn new(job: TableJob) -> Self {
        Self { job: Arc::new(job) }
    }

    /// What it is made from.
    #[must_use]
    pub fn job(&self) -> &TableJob {
        &self.job
    }

    /// Blocks dealt to partitions in turn, so that costly neighbours are shared out.
    fn descriptors(&self) -> Result<Vec<Vec<RecordBatch>>> {
        let partitions = self.job.partitions.clamp(1, self.job.blocks.len().max(1));
        let dealt = |partition| self.job.blocks.iter().skip(partition).step_by(partitions);
        (0..partitions)
            .map(|partition| {
                let column = |of: fn(&Block) -> u32| -> arrow::array::ArrayRef {
                    Arc::new(dealt(partition).map(of).collect::<UInt32Array>())
                };
                let columns = vec![
                    column(|b| b.number),
                    column(|b| b.row),
                    column(|b| b.col),
                    column(|b| b.rows),
                    column(|b| b.cols),
                ];
                Ok(vec![RecordBatch::try_new(descriptor_schema(), columns)?])
            })
            .collect()
    }
}

#[async_trait]
impl TableProvider for BlockTable {
    fn schema(&self) -> SchemaRef {
        partial_schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _session: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let leaf = MemorySourceConfig::try_new_exec(&self.descriptors()?, descriptor_schema(), None)?;
        let blocks: Arc<dyn ExecutionPlan> = Arc::new(BlockExec::new(self.job.job.clone(), self.job.check_only, leaf));
        let Some(wanted) = projection else { return Ok(blocks) };
        let schema = partial_schema();
        let column = |index: &usize| {
            let name = schema.field(*index).name().clone();
            (datafusion::physical_expr::expressions::Column::new(&name, *index), name)
        };
        let columns = wanted.iter().map(column).map(|(column, name)| (Arc::new(column) as _, name));
        Ok(Arc::new(ProjectionExec::try_new(
            columns.collect::<Vec<(Arc<dyn datafusion::physical_plan::PhysicalExpr>, String)>>(),
            blocks,
        )?))
    }
}
