//! What was read from the catalog within the last second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long something counts after it was read. Changes by another process show after this time at most.
const KEPT: Duration = Duration::from_secs(1);
/// Most names that are kept.
const NAMES_MAX: usize = 4096;

/// Values by name, for a second; forgotten at once when this process changes any of them.
#[derive(Debug)]
pub(super) struct Recent<T> {
    held: Mutex<Held<T>>,
}

#[derive(Debug)]
struct Held<T> {
    /// How often all was forgotten.
    age: u64,
    values: HashMap<String, (Instant, T)>,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { held: Mutex::new(Held { age: 0, values: HashMap::new() }) }
    }
}

impl<T: Clone> Recent<T> {
    /// The value of a name, or the age to give to [`Recent::keep`] once it was read.
    pub(super) fn get(&self, name: &str) -> Result<T, u64> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match held.values.get(name) {
            Some((at, value)) if at.elapsed() < KEPT => Ok(value.clone()),
            _ => Err(held.age),
        }
    }

    /// Keeps a value that was read, unless all was forgotten since reading began.
    pub(super) fn keep(&self, name: &str, value: T, age: u64) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.age != age {
            return;
        }
        if held.values.len() >= NAMES_MAX {
            held.values.clear();
        }
        held.values.insert(name.to_owned(), (Instant::now(), value));
    }

    /// Forgets everything, also what is being read now.
    pub(super) fn forget(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.age += 1;
        held.values.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let recent = Recent::default();
        let before = recent.get("a").unwrap_err();
        recent.keep("a", 1, before);
        assert_eq!(recent.get("a"), Ok(1));
        recent.forget();
        recent.keep("a", 1, before);
        let after = recent.get("a").unwrap_err();
        recent.keep("a", 2, after);
        assert_eq!(recent.get("a"), Ok(2));
    }
}
