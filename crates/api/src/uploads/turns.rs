//! Whose turn it is to write an upload: one writer at a time, and the one that comes later stops the one before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedMutexGuard};
use tokio::time::timeout;

/// How long a writer waits for the one before to stop.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Default)]
struct Place {
    writing: Arc<tokio::sync::Mutex<()>>,
    stop: Notify,
}

/// The uploads being written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns {
    places: Arc<Mutex<HashMap<String, Arc<Place>>>>,
}

/// A writer's turn; over when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    place: Arc<Place>,
    turns: Turns,
    id: String,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for the turn to write an upload, and tells the writer before to stop; `None` when that one does not.
    pub(crate) async fn take(&self, id: &str) -> Option<Turn> {
        let place = Arc::clone(self.held().entry(id.to_owned()).or_default());
        place.stop.notify_waiters();
        let guard = timeout(PATIENCE, Arc::clone(&place.writing).lock_owned()).await.ok();
        let turn = Turn { place, turns: self.clone(), id: id.to_owned(), guard };
        turn.guard.is_some().then_some(turn)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Place>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Resolves when another writer wants the turn.
    pub(crate) async fn asked_to_stop(&self) {
        self.place.stop.notified().await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.guard.take();
        let mut held = self.turns.held();
        // this turn and the table are the last that know the place
        if held.get(&self.id).is_some_and(|place| Arc::ptr_eq(place, &self.place) && Arc::strong_count(place) <= 2) {
            held.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_later_writer_takes_over() {
        let turns = Turns::default();
        let first = turns.take("a").await.unwrap();
        let writer = tokio::spawn(async move {
            first.asked_to_stop().await;
            drop(first);
        });
        tokio::task::yield_now().await;
        let second = turns.take("a").await.unwrap();
        writer.await.unwrap();
        drop(second);
        assert!(turns.held().is_empty());
    }
}
