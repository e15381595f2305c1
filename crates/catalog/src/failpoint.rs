//! Places where a test lets the program die at once, as a power cut would. Nothing of this is in a release build.

/// Dies here when `BELCHEER_FAILPOINT` is `NAME` or `NAME:N` and this is the Nth time (from 1) that this process passes the
/// place; once, if `BELCHEER_FAILPOINT_MARK` names a file, which is made then.
#[cfg(debug_assertions)]
pub fn failpoint(name: &str) {
    use std::sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    };
    static WANTED: LazyLock<Option<(String, u64)>> = LazyLock::new(|| {
        let said = std::env::var("BELCHEER_FAILPOINT").ok()?;
        let (name, nth) =
            said.rsplit_once(':').and_then(|(name, n)| Some((name, n.parse().ok()?))).unwrap_or((&said, 1));
        Some((name.to_owned(), nth))
    });
    static PASSED: AtomicU64 = AtomicU64::new(0);
    if let Some((wanted, nth)) = &*WANTED
        && wanted == name
        && PASSED.fetch_add(1, Ordering::AcqRel) + 1 == *nth
    {
        match std::env::var_os("BELCHEER_FAILPOINT_MARK") {
            // somebody has died here already
            Some(mark) if std::fs::File::create_new(&mark).is_err() => {}
            _ => std::process::abort(),
        }
    }
}

/// Does nothing.
#[cfg(not(debug_assertions))]
#[inline]
pub fn failpoint(_: &str) {}
