//! How the table of blocks and its node travel between client, scheduler and executors: as JSON behind a mark.
//!
//! What does not carry our mark is Ballista's, shuffles above all, and goes to its own codecs.

use std::any::Any;
use std::sync::Arc;

use ballista_core::serde::{BallistaLogicalExtensionCodec, BallistaPhysicalExtensionCodec};
use belcheer_assessment::blocks::BlockJob;
use belcheer_plan::{BlockExec, BlockTable, TableJob};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::{DataFusionError, Result, TableReference};
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{Extension, LogicalPlan};
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::logical_plan::LogicalExtensionCodec;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};

const TABLE: &[u8] = b"BELCHEER-TABLE-1 ";
const NODE: &[u8] = b"BELCHEER-NODE-1 ";

fn foreign(error: &serde_json::Error) -> DataFusionError {
    let text = "the plan was written by another version of the program; install the same version on every machine";
    DataFusionError::Execution(format!("{text}: {error}"))
}

/// The table in logical plans.
#[derive(Debug, Default)]
pub struct LogicalCodec(BallistaLogicalExtensionCodec);

impl LogicalExtensionCodec for LogicalCodec {
    fn try_decode(&self, bytes: &[u8], inputs: &[LogicalPlan], context: &TaskContext) -> Result<Extension> {
        self.0.try_decode(bytes, inputs, context)
    }

    fn try_encode(&self, node: &Extension, bytes: &mut Vec<u8>) -> Result<()> {
        self.0.try_encode(node, bytes)
    }

    fn try_decode_table_provider(
        &self,
        bytes: &[u8],
        name: &TableReference,
        schema: SchemaRef,
        context: &TaskContext,
    ) -> Result<Arc<dyn TableProvider>> {
        match bytes.strip_prefix(TABLE) {
            Some(json) => {
                let job: TableJob = serde_json::from_slice(json).map_err(|e| foreign(&e))?;
                Ok(Arc::new(BlockTable::new(job)))
            }
            None => self.0.try_decode_table_provider(bytes, name, schema, context),
        }
    }

    fn try_encode_table_provider(
        &self,
        name: &TableReference,
        table: Arc<dyn TableProvider>,
        bytes: &mut Vec<u8>,
    ) -> Result<()> {
        match (table.as_ref() as &dyn Any).downcast_ref::<BlockTable>() {
            Some(blocks) => {
                bytes.extend_from_slice(TABLE);
                serde_json::to_writer(bytes, blocks.job()).map_err(|e| foreign(&e))
            }
            None => self.0.try_encode_table_provider(name, table, bytes),
        }
    }
}

/// The node in physical plans.
#[derive(Debug, Default)]
pub struct PhysicalCodec(BallistaPhysicalExtensionCodec);

impl PhysicalExtensionCodec for PhysicalCodec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(json) = bytes.strip_prefix(NODE) else {
            return self.0.try_decode(bytes, inputs, context, converter);
        };
        let (job, check_only): (BlockJob, bool) = serde_json::from_slice(json).map_err(|e| foreign(&e))?;
        let [input] = inputs else {
            return Err(DataFusionError::Internal("the node of blocks has one input".to_owned()));
        };
        Ok(Arc::new(BlockExec::new(job, check_only, Arc::clone(input))))
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        bytes: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        match node.downcast_ref::<BlockExec>() {
            Some(blocks) => {
                bytes.extend_from_slice(NODE);
                serde_json::to_writer(bytes, &blocks.job()).map_err(|e| foreign(&e))
            }
            None => self.0.try_encode(node, bytes, converter),
        }
    }
}
