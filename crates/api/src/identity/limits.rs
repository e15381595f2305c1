//! How often somebody may ask.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::identity::settings::IdentitySettings;

/// Bad keys that one address may give within a minute.
const BAD_KEYS_PER_MINUTE: NonZeroU32 = match NonZeroU32::new(5) {
    Some(count) => count,
    None => NonZeroU32::MIN,
};
/// After how many checks those that have been quiet are forgotten.
const CHECKS_PER_SWEEP: u32 = 8192;

/// The limits of the service.
#[derive(Debug)]
pub(super) struct Limits {
    addresses: Option<Limit<IpAddr>>,
    keys: Option<Limit<Arc<str>>>,
    bad_keys: Limit<IpAddr>,
}

impl Limits {
    /// The limits that settings ask for.
    pub(super) fn new(settings: &IdentitySettings) -> Self {
        let per_second = |rate| NonZeroU32::new(rate).map(Quota::per_second);
        Self {
            addresses: per_second(settings.rate_public).map(Limit::new),
            keys: per_second(settings.rate_key).map(Limit::new),
            bad_keys: Limit::new(Quota::per_minute(BAD_KEYS_PER_MINUTE)),
        }
    }

    /// Counts a request of an address; the time to wait when it is one too many.
    pub(super) fn address(&self, address: Option<IpAddr>) -> Result<(), Duration> {
        match (&self.addresses, address) {
            (Some(limit), Some(address)) => limit.check(&address),
            _ => Ok(()),
        }
    }

    /// Counts a request of a key or user; the time to wait when it is one too many.
    pub(super) fn caller(&self, id: &Arc<str>) -> Result<(), Duration> {
        self.keys.as_ref().map_or(Ok(()), |limit| limit.check(id))
    }

    /// Counts a bad key of an address; the time to wait when it is one too many.
    pub(super) fn bad_key(&self, address: Option<IpAddr>) -> Result<(), Duration> {
        address.map_or(Ok(()), |address| self.bad_keys.check(&address))
    }
}

struct Limit<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
    checks: AtomicU32,
}

impl<K: Hash + Eq + Clone> std::fmt::Debug for Limit<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limit").field("keys", &self.limiter.len()).finish()
    }
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(quota: Quota) -> Self {
        Self { limiter: RateLimiter::dashmap(quota), clock: DefaultClock::default(), checks: AtomicU32::new(0) }
    }

    fn check(&self, key: &K) -> Result<(), Duration> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_PER_SWEEP == CHECKS_PER_SWEEP - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(key).map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_too_many_waits_and_others_do_not() {
        let limits = Limits::new(&IdentitySettings { rate_public: 3, rate_key: 0, ..IdentitySettings::default() });
        let (a, b) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let answers: Vec<bool> = (0..4).map(|_| limits.address(Some(a)).is_ok()).collect();
        assert_eq!(answers, [true, true, true, false]);
        let wait = limits.address(Some(a)).unwrap_err();
        assert!(wait <= Duration::from_millis(334), "{wait:?}");
        assert!(limits.address(Some(b)).is_ok() && limits.address(None).is_ok());
        let id: Arc<str> = "key:a".into();
        assert!((0..1000).all(|_| limits.caller(&id).is_ok()), "0 turns a limit off");
        let bad = (0..6).map(|_| limits.bad_key(Some(a)).is_ok()).collect::<Vec<_>>();
        assert_eq!(bad, [true, true, true, true, true, false]);
    }

    #[test]
    fn those_that_are_quiet_are_forgotten() {
        let limit: Limit<u32> = Limit::new(Quota::per_second(NonZeroU32::new(1_000_000).unwrap()));
        for key in 0..3 * CHECKS_PER_SWEEP {
            limit.check(&key).unwrap();
        }
        assert!(limit.limiter.len() < 2 * CHECKS_PER_SWEEP as usize, "{}", limit.limiter.len());
    }
}
