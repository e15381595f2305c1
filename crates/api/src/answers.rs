//! Finished answers kept in memory, so that what is asked often is not made again.
//!
//! An answer is kept with the catalog's mark of what is published ([`PublicationState`]) read before it was made, and
//! given only while that mark is the current one. So a publication or withdrawal by another program shows after
//! [`Catalog::PUBLICATION_STATE_AGE_MAX`](belcheer_catalog::Catalog::PUBLICATION_STATE_AGE_MAX) at the latest.
//! Only routes that say so are kept ([`of_published`]), and never an answer to a reader who showed a credential.

mod answer;
mod asked;

use std::sync::Arc;

use axum::response::Response;
use belcheer_catalog::PublicationState;
use quick_cache::sync::Cache;
use quick_cache::{OptionsBuilder, Weighter};

pub(crate) use answer::Answer;
pub(crate) use asked::{Asked, Key, in_order};

/// How many answers are expected; only the size of the first tables depends on it.
const EXPECTED: usize = 2000;

/// Parts of the cache that are locked apart; a part must hold the largest answer.
const SHARDS: usize = 2;

/// Says of a response that it depends on nothing but the address and what is published.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfPublished;

/// What the front found out about a request that may be answered from memory; travels to where answers are finished.
#[derive(Debug, Clone)]
pub(crate) struct Keepable {
    /// Under what to keep the answer.
    pub(crate) key: Key,
    /// What was published before the answer was made.
    pub(crate) state: PublicationState,
}

/// Finished answers by address, the least used of them let go when there are too many bytes.
#[derive(Debug)]
pub(crate) struct Answers {
    held: Cache<Key, (PublicationState, Arc<Answer>), Bytes>,
}

#[derive(Debug, Clone, Copy)]
struct Bytes;

impl Weighter<Key, (PublicationState, Arc<Answer>)> for Bytes {
    fn weight(&self, key: &Key, (_, answer): &(PublicationState, Arc<Answer>)) -> u64 {
        key.len() as u64 + answer.bytes_max()
    }
}

impl Answers {
    /// Room for answers of so many bytes in all.
    pub(crate) fn new(bytes_max: u64) -> Self {
        let built =
            OptionsBuilder::new().estimated_items_capacity(EXPECTED).weight_capacity(bytes_max).shards(SHARDS).build();
        let held = match built {
            Ok(options) => Cache::with_options(options, Bytes, Default::default(), Default::default()),
            Err(_) => Cache::with_weighter(EXPECTED, bytes_max, Bytes),
        };
        Self { held }
    }

    /// The answer for a key, if it was made of what is published now.
    pub(crate) fn get(&self, key: &Key, state: PublicationState) -> Option<Arc<Answer>> {
        self.held.get(key).filter(|(made_of, _)| *made_of == state).map(|(_, answer)| answer)
    }

    /// Keeps an answer instead of an older one.
    pub(crate) fn keep(&self, keepable: Keepable, answer: &Arc<Answer>) {
        self.held.insert(keepable.key, (keepable.state, Arc::clone(answer)));
    }

    /// Answers held and their bytes at most.
    pub(crate) fn size(&self) -> (usize, u64) {
        (self.held.len(), self.held.weight())
    }
}

/// Marks the answers of routes that depend on nothing but the address and what is published.
pub(crate) async fn of_published(mut response: Response) -> Response {
    response.extensions_mut().insert(OfPublished);
    response
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use belcheer_catalog::Catalog;

    use super::*;

    fn answer(length: usize) -> Arc<Answer> {
        Arc::new(Answer::new(HeaderMap::new(), vec![b'x'; length].into(), ""))
    }

    #[tokio::test]
    async fn memory_is_bounded_and_an_answer_of_another_state_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let catalog = Catalog::init(dir.path()).await.unwrap();
        let state = catalog.publication_state().await.unwrap();
        let answers = Answers::new(100_000);
        let key = |n: usize| Key::new(format!("/{n}"));
        for n in 0..500 {
            answers.keep(Keepable { key: key(n), state }, &answer(1000));
        }
        let (held, bytes) = answers.size();
        assert!(bytes <= 100_000 && held > 10, "{held} {bytes}");
        assert!(answers.get(&key(499), state).is_some());

        let other = Catalog::init(dir.path().join("other")).await.unwrap();
        let id = other.put_json(&1).await.unwrap();
        let record = belcheer_catalog::AssessmentRecord {
            id,
            cycle: "2024".into(),
            scheme_id: "any".into(),
            scheme_digest: id,
            manifest: serde_json::Value::Null,
            result: id,
            created_at: "2025-01-01T00:00:00Z".into(),
        };
        other.add_assessment(&record).await.unwrap();
        assert_eq!(other.publication_state().await.unwrap(), state, "a draft changes nothing");
        other.publish(id, "2024", "cli:test", "2025-01-01T00:00:00Z").await.unwrap();
        let later = other.publication_state().await.unwrap();
        assert!(answers.get(&key(499), later).is_none());
    }
}
