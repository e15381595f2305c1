//! Who is told how far the work has come.

/// Told how many units of a stage are done; called from one thread at a time.
pub trait Watch: Sync {
    /// `done` of `total` units of `stage` are done.
    fn step(&self, stage: &str, done: u64, total: u64);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Watch for Silent {
    fn step(&self, _stage: &str, _done: u64, _total: u64) {}
}
