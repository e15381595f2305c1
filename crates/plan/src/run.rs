//! The plan on a session, embedded or distributed.

use std::sync::Arc;

use arrow::array::{Array, Float64Array, Int32Array, RecordBatch, UInt8Array, UInt32Array, UInt64Array};
use belcheer_assessment::blocks::{Measure, PartialRow, RowSink};
use belcheer_assessment::{AreaSums, AssessmentError, Watch};
use datafusion::common::{DataFusionError, Result};
use datafusion::prelude::{DataFrame, SessionContext, col};
use futures::StreamExt;

use crate::exec::said_by_block;
use crate::progress::Progress;
use crate::table::{BlockTable, TableJob};

/// Why a plan did not come to its end.
pub(crate) enum Ended {
    /// The engine or a block failed.
    Plan(DataFusionError),
    /// The receiver of rows failed.
    Sink(AssessmentError),
}

/// Runs the plan of a job: rows come in the order of [`PartialRow::key`].
///
/// # Errors
/// What a block said, with its name and file; else `engine` and what went wrong with it.
pub async fn run(
    engine: &'static str,
    session: &SessionContext,
    job: TableJob,
    rows: &mut RowSink<'_>,
    watch: &dyn Watch,
) -> std::result::Result<(), AssessmentError> {
    match stream(session, job, rows, watch).await {
        Ok(()) => Ok(()),
        Err(Ended::Sink(error)) => Err(error),
        Err(Ended::Plan(error)) => Err(told(engine, &error)),
    }
}

async fn stream(
    session: &SessionContext,
    job: TableJob,
    rows: &mut RowSink<'_>,
    watch: &dyn Watch,
) -> std::result::Result<(), Ended> {
    let mut progress = Progress::new(&job);
    let plan = plan(session, job).await.map_err(Ended::Plan)?;
    let mut batches = plan.execute_stream().await.map_err(Ended::Plan)?;
    {
        // beside the batches, not between them: a look may wait for inputs that a batch in this task is opening
        let mut looking = std::pin::pin!(progress.keep_looking(watch));
        loop {
            let batch = tokio::select! {
                batch = batches.next() => batch,
                never = &mut looking => match never {},
            };
            let Some(batch) = batch else { break };
            let batch = batch.map_err(Ended::Plan)?;
            for row in rows_of(&batch).map_err(Ended::Plan)? {
                rows(row).map_err(Ended::Sink)?;
            }
        }
    }
    progress.finish(watch);
    Ok(())
}

async fn plan(session: &SessionContext, job: TableJob) -> Result<DataFrame> {
    let name = "blocks";
    session.deregister_table(name)?;
    session.register_table(name, Arc::new(BlockTable::new(job)))?;
    let table = session.table(name).await?;
    let order = ["zone", "measure", "year", "east", "north", "block"];
    table.sort(order.iter().map(|name| col(*name).sort(true, false)).collect())
}

/// A block's own error where the engine only handed it on; else the engine's, without the layers it came through.
fn told(engine: &'static str, error: &DataFusionError) -> AssessmentError {
    if let Some(said) = said_by_block(&error.to_string()) {
        return AssessmentError::CarriedBlock(said.to_owned());
    }
    let reason = match error.find_root() {
        DataFusionError::Execution(text) => text.clone(),
        DataFusionError::IoError(error) => error.to_string(),
        DataFusionError::ObjectStore(error) => error.to_string(),
        other => other.to_string(),
    };
    AssessmentError::Engine { engine, reason }
}

fn rows_of(batch: &RecordBatch) -> Result<Vec<PartialRow>> {
    fn column<T: 'static>(batch: &RecordBatch, index: usize) -> Result<&T> {
        let column = batch.columns().get(index).and_then(|column| column.as_any().downcast_ref::<T>());
        column.ok_or_else(|| DataFusionError::Internal(format!("column {index} of the partial sums has another type")))
    }
    let zone: &UInt32Array = column(batch, 0)?;
    let measure: &UInt8Array = column(batch, 1)?;
    let (year, east, north): (&Int32Array, &Int32Array, &Int32Array) =
        (column(batch, 2)?, column(batch, 3)?, column(batch, 4)?);
    let block: &UInt32Array = column(batch, 5)?;
    let sums: [&Float64Array; 4] = [column(batch, 6)?, column(batch, 7)?, column(batch, 8)?, column(batch, 9)?];
    let n: &UInt64Array = column(batch, 10)?;
    (0..batch.num_rows())
        .map(|i| {
            let measure = Measure::of_code(measure.value(i))
                .ok_or_else(|| DataFusionError::Internal("the rows hold an unknown measure".to_owned()))?;
            let [sum_w, sum_wx, sum_wxx, missing_w] = sums.map(|sum| sum.value(i));
            Ok(PartialRow {
                zone: zone.value(i),
                measure,
                year: year.value(i),
                east: east.value(i),
                north: north.value(i),
                block: block.value(i),
                sums: AreaSums { sum_w, sum_wx, sum_wxx, missing_w, n: n.value(i) },
            })
        })
        .collect()
}
