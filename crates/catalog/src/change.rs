//! Whether anything that readers see has changed since they looked last, asked cheaply and often.

use std::sync::{
    PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};
use std::time::{Duration, Instant};

use sqlx::Row as _;
use tokio::sync::Mutex;

use crate::{database::database_error, error::CatalogError, statements, workspace::Catalog};

/// A mark of what is published and which data sets are held: equal marks, equal answers to every question about them.
///
/// Marks of one workspace compare; nothing else can be read from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicationState {
    publications: i64,
    datasets: i64,
    not_ready: i64,
    terms: i64,
}

/// The mark read last, and when.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// Commits of this process; a mark read before the last of them is old at once.
    commits: AtomicU64,
    seen: RwLock<Option<Seen>>,
    asking: Mutex<()>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    state: PublicationState,
    commits: u64,
    at: Instant,
}

impl Watch {
    /// Notes that this process has committed something.
    pub(crate) fn committed(&self) {
        self.commits.fetch_add(1, Ordering::AcqRel);
    }

    fn fresh(&self) -> Option<PublicationState> {
        let seen = (*self.seen.read().unwrap_or_else(PoisonError::into_inner))?;
        let current = seen.commits == self.commits.load(Ordering::Acquire);
        (current && seen.at.elapsed() < Catalog::PUBLICATION_STATE_AGE_MAX).then_some(seen.state)
    }
}

impl Catalog {
    /// How old a mark may be that [`Catalog::publication_state`] gives: what another program publishes or takes back
    /// is seen after this time at the latest, what this program does at once.
    pub const PUBLICATION_STATE_AGE_MAX: Duration = Duration::from_millis(25);

    /// The mark of what is published and held now. The database is asked at most once in
    /// [`Catalog::PUBLICATION_STATE_AGE_MAX`] however many ask, so this may stand before every answer.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn publication_state(&self) -> Result<PublicationState, CatalogError> {
        let watch = self.watch();
        if let Some(state) = watch.fresh() {
            return Ok(state);
        }
        let _turn = watch.asking.lock().await;
        if let Some(state) = watch.fresh() {
            return Ok(state);
        }
        // both before the question: what changes while it is answered makes the mark old
        let (commits, at) = (watch.commits.load(Ordering::Acquire), Instant::now());
        let row = sqlx::query(statements::PUBLICATION_STATE)
            .fetch_one(&self.database().reader)
            .await
            .map_err(database_error("see whether anything was published"))?;
        let count =
            |column: &'static str| row.try_get(column).map_err(database_error("see whether anything was published"));
        let state = PublicationState {
            publications: count("publications")?,
            datasets: count("datasets")?,
            not_ready: count("not_ready")?,
            terms: count("terms")?,
        };
        *watch.seen.write().unwrap_or_else(PoisonError::into_inner) = Some(Seen { state, commits, at });
        Ok(state)
    }
}
