//! Results that were read from the catalog, kept so that a request need not parse them again.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use belcheer_assessment::AssessmentResult;
use belcheer_domain::Digest;

/// Most results kept; a country's result takes a few megabytes.
const KEPT: usize = 24;

/// The results read last. An assessment never changes once stored, so its id is all there is to compare.
#[derive(Debug, Default)]
pub(crate) struct Results {
    held: RwLock<VecDeque<(Digest, Arc<AssessmentResult>)>>,
}

impl Results {
    /// The result of an assessment, if it is kept.
    pub(crate) fn get(&self, id: Digest) -> Option<Arc<AssessmentResult>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.iter().find(|(other, _)| *other == id).map(|(_, result)| Arc::clone(result))
    }

    /// Keeps a result, and lets the oldest go when there are too many.
    pub(crate) fn keep(&self, id: Digest, result: Arc<AssessmentResult>) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.retain(|(other, _)| *other != id);
        held.push_back((id, result));
        if held.len() > KEPT {
            held.pop_front();
        }
    }
}
