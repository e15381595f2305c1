//! Jobs: work that outlives the request that asked for it. Taken with a lease, done at least once, finished once.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::any::AnyRow;

use crate::{
    canonical::canonical_json,
    database::{Columns, database_error},
    dataset_rows::encode,
    error::{CatalogError, check_time},
    statements,
    words::words,
    workspace::Catalog,
};

words!(
    /// How far a job is; the words are those of OGC API - Processes.
    JobState {
        /// Waiting for its turn.
        Accepted = "accepted",
        /// Being done.
        Running = "running",
        /// Done; there is a result.
        Successful = "successful",
        /// It could not be done; there is a problem.
        Failed = "failed",
        /// Cancelled.
        Dismissed = "dismissed",
    }
);

words!(
    /// Which queue a job waits in, so that a long one does not keep short ones waiting.
    Lane {
        /// Seconds: looking at a file, taking it in.
        Short = "short",
        /// Minutes or hours: assessments and statistics.
        Long = "long",
    }
);

/// A job to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// A name that nobody can guess.
    pub id: String,
    /// What is to be done, such as `assess`.
    pub kind: String,
    /// Its queue.
    pub lane: Lane,
    /// What it is about: an upload, an assessment; empty for nothing in particular.
    pub subject: String,
    /// Who asked for it.
    pub owner: String,
    /// With which parameters.
    pub request: Value,
}

/// A job as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its place in the order of arrival.
    pub sequence: u64,
    /// Its name.
    pub id: String,
    /// What is done.
    pub kind: String,
    /// Its queue.
    pub lane: Lane,
    /// What it is about.
    pub subject: String,
    /// Who asked for it.
    pub owner: String,
    /// With which parameters.
    pub request: Value,
    /// How far it is.
    pub state: JobState,
    /// How often it was begun.
    pub attempts: u64,
    /// What is being done.
    pub stage: String,
    /// Units of the stage that are done.
    pub done: u64,
    /// Units of the stage; 0 when not known.
    pub total: u64,
    /// What came of it.
    pub result: Option<Value>,
    /// Why it failed.
    pub problem: Option<Value>,
    /// When it was asked for, RFC 3339.
    pub created_at: String,
    /// When its state or progress changed last, RFC 3339.
    pub changed_at: String,
}

/// Who works on a job, and until when nobody else may take it over.
#[derive(Debug, Clone, Copy)]
pub struct Lease<'a> {
    /// The worker's name, unlike that of any other.
    pub worker: &'a str,
    /// Now, milliseconds since 1970.
    pub now_ms: i64,
    /// The end of the lease, milliseconds since 1970.
    pub until_ms: i64,
    /// Now, RFC 3339.
    pub at: &'a str,
}

/// Which jobs are meant; empty texts mean any.
#[derive(Debug, Clone, Copy, Default)]
pub struct JobFilter<'a> {
    /// Who asked.
    pub owner: &'a str,
    /// In which state.
    pub state: Option<JobState>,
    /// Of what kind.
    pub kind: &'a str,
    /// About what.
    pub subject: &'a str,
}

impl Catalog {
    /// Adds a job; durable when this returns.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn add_job(&self, job: &NewJob, at: &str) -> Result<(), CatalogError> {
        const DOING: &str = "add the job";
        check_time(at)?;
        let request = text_of("the request of the job", &job.request)?;
        let statement = sqlx::query(statements::ADD_JOB)
            .bind(&job.id)
            .bind(&job.kind)
            .bind(job.lane.as_str())
            .bind(&job.subject)
            .bind(&job.owner)
            .bind(request)
            .bind(at);
        self.write(DOING, statement).await.map(drop)
    }

    /// One job.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn job(&self, id: &str) -> Result<Option<Job>, CatalogError> {
        let row = sqlx::query(statements::JOB).bind(id).fetch_optional(&self.database().reader).await;
        row.map_err(database_error("find the job"))?.as_ref().map(job).transpose()
    }

    /// Jobs that pass a filter, newest first: at most `limit`, those before `before` in the order of arrival (0: all).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn jobs(&self, filter: &JobFilter<'_>, before: u64, limit: u32) -> Result<Vec<Job>, CatalogError> {
        let rows = sqlx::query(statements::JOBS)
            .bind(filter.owner)
            .bind(filter.state.map_or("", JobState::as_str))
            .bind(filter.kind)
            .bind(filter.subject)
            .bind(i64::try_from(before).unwrap_or(i64::MAX))
            .bind(i64::from(limit))
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("list the jobs"))?;
        rows.iter().map(job).collect()
    }

    /// How many jobs are in each state and lane.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn job_counts(&self) -> Result<Vec<(JobState, Lane, u64)>, CatalogError> {
        let rows = sqlx::query(statements::JOB_COUNTS)
            .fetch_all(&self.database().reader)
            .await
            .map_err(database_error("count the jobs"))?;
        let count = |row| {
            let columns = Columns { table: "jobs", row };
            Ok((columns.parsed("state")?, columns.parsed("lane")?, columns.count("jobs")?))
        };
        rows.iter().map(count).collect()
    }

    /// Takes the next job of a lane: the oldest that waits, or whose worker's lease has ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn take_job(&self, lane: Lane, lease: &Lease<'_>) -> Result<Option<Job>, CatalogError> {
        const DOING: &str = "take a job";
        let mut transaction = self.begin(DOING).await?;
        let row = sqlx::query(statements::TAKE_JOB)
            .bind(lane.as_str())
            .bind(lease.worker)
            .bind(lease.now_ms)
            .bind(lease.until_ms)
            .bind(lease.at)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(database_error(DOING))?;
        self.commit(transaction, DOING).await?;
        row.as_ref().map(job).transpose()
    }

    /// Whether a job of a lane waits, or was left by a worker; a cheap look before [`Catalog::take_job`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn job_waits(&self, lane: Lane, now_ms: i64) -> Result<bool, CatalogError> {
        let waiting: Option<i64> = sqlx::query_scalar(statements::JOB_WAITS)
            .bind(lane.as_str())
            .bind(now_ms)
            .fetch_optional(&self.database().reader)
            .await
            .map_err(database_error("look for a job"))?;
        Ok(waiting.is_some())
    }

    /// Says how far a job is and keeps its lease; `false` when it is no longer this worker's: cancelled, or taken over.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn renew_job(
        &self,
        id: &str,
        lease: &Lease<'_>,
        (stage, done, total): (&str, u64, u64),
    ) -> Result<bool, CatalogError> {
        const DOING: &str = "renew the lease of the job";
        let statement = sqlx::query(statements::RENEW_JOB)
            .bind(id)
            .bind(lease.worker)
            .bind(lease.until_ms)
            .bind(stage)
            .bind(i64::try_from(done).unwrap_or(i64::MAX))
            .bind(i64::try_from(total).unwrap_or(i64::MAX))
            .bind(lease.at);
        let renewed = self.write(DOING, statement).await?;
        Ok(renewed == 1)
    }

    /// Ends a job with what came of it; `false` when it is no longer this worker's, and nothing is changed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn finish_job(
        &self,
        id: &str,
        lease: &Lease<'_>,
        outcome: Result<&Value, &Value>,
    ) -> Result<bool, CatalogError> {
        let (state, result, problem) = match outcome {
            Ok(result) => (JobState::Successful, Some(text_of("the result of the job", result)?), None),
            Err(problem) => (JobState::Failed, None, Some(text_of("the problem of the job", problem)?)),
        };
        self.end_job(id, lease, state, result, problem).await
    }

    /// Gives a job back to its queue, to be begun again; `false` when it is no longer this worker's. An attempt that
    /// ended `unharmed`, as when the service stops, does not count.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn return_job(&self, id: &str, lease: &Lease<'_>, unharmed: bool) -> Result<bool, CatalogError> {
        const DOING: &str = "give the job back";
        let statement =
            sqlx::query(statements::RETURN_JOB).bind(id).bind(lease.worker).bind(i64::from(unharmed)).bind(lease.at);
        let returned = self.write(DOING, statement).await?;
        Ok(returned == 1)
    }

    async fn end_job(
        &self,
        id: &str,
        lease: &Lease<'_>,
        state: JobState,
        result: Option<String>,
        problem: Option<String>,
    ) -> Result<bool, CatalogError> {
        const DOING: &str = "end the job";
        let statement = sqlx::query(statements::END_JOB)
            .bind(id)
            .bind(lease.worker)
            .bind(state.as_str())
            .bind(result)
            .bind(problem)
            .bind(lease.at);
        let ended = self.write(DOING, statement).await?;
        Ok(ended == 1)
    }

    /// Cancels a job that waits or runs; its worker learns of it when it renews its lease. `false` when it has ended.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn dismiss_job(&self, id: &str, at: &str) -> Result<bool, CatalogError> {
        self.change_job(statements::DISMISS_JOB, id, at, "cancel the job").await
    }

    /// Puts a job that was cancelled or failed back into its queue. `false` when it is neither.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn resume_job(&self, id: &str, at: &str) -> Result<bool, CatalogError> {
        self.change_job(statements::RESUME_JOB, id, at, "resume the job").await
    }

    async fn change_job(
        &self,
        statement: &'static str,
        id: &str,
        at: &str,
        doing: &'static str,
    ) -> Result<bool, CatalogError> {
        check_time(at)?;
        Ok(self.write(doing, sqlx::query(statement).bind(id).bind(at)).await? == 1)
    }
}

/// The text of a JSON value, with its members in order.
pub(crate) fn text_of(what: &'static str, value: &Value) -> Result<String, CatalogError> {
    String::from_utf8(canonical_json(value)).map_err(encode(what))
}

fn job(row: &AnyRow) -> Result<Job, CatalogError> {
    let columns = Columns { table: "jobs", row };
    Ok(Job {
        sequence: columns.count("seq")?,
        id: columns.text("id")?,
        kind: columns.text("kind")?,
        lane: columns.parsed("lane")?,
        subject: columns.text("subject")?,
        owner: columns.text("owner")?,
        request: columns.json("request")?,
        state: columns.parsed("state")?,
        attempts: columns.count("attempts")?,
        stage: columns.text("stage")?,
        done: columns.count("done")?,
        total: columns.count("total")?,
        result: columns.maybe_json("result")?,
        problem: columns.maybe_json("problem")?,
        created_at: columns.text("created_at")?,
        changed_at: columns.text("changed_at")?,
    })
}
