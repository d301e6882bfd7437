//! How fast the shop may call, so that a script that runs wild does not take the database from payers' pages.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use wechat_cashier::contract::ProblemCode;

use crate::service::Problem;

/// So many requests' time may be used up at once.
const BURST: Duration = Duration::from_secs(1);

/// A pace for each key (GCRA: one moment for each, that up to which its requests have used up the time).
#[derive(Debug)]
pub struct Pace {
    per_second: u32,
    used_until: Mutex<HashMap<String, Instant>>,
}

impl Pace {
    /// So many requests a second for each key.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        Self { per_second: per_second.max(1), used_until: Mutex::default() }
    }

    /// Takes one request of a key. There are as many keys as the configuration has.
    ///
    /// # Errors
    /// `rate_limited`, with when to ask again.
    pub(super) fn take(&self, key: &str, now: Instant) -> Result<(), Problem> {
        // What is kept is whole at any moment.
        let mut used_until = self.used_until.lock().unwrap_or_else(PoisonError::into_inner);
        let before = used_until.get(key).copied().filter(|until| *until > now).unwrap_or(now);
        let until = before + Duration::from_secs(1) / self.per_second;
        let wait = until.saturating_duration_since(now).saturating_sub(BURST);
        if wait.is_zero() {
            used_until.insert(key.to_owned(), until);
            return Ok(());
        }
        let detail = format!("more than {} requests a second: limits.admin_requests_per_second", self.per_second);
        let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
        Err(Problem { retry_after_s: Some(seconds), ..Problem::new(ProblemCode::RateLimited, detail) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_pace_and_is_told_when_to_come_again() {
        let (pace, now) = (Pace::new(10), Instant::now());
        for request in 0..10 {
            assert_eq!(pace.take("shop", now), Ok(()), "{request}");
        }
        let refused = pace.take("shop", now).unwrap_err();
        assert_eq!((refused.code, refused.retry_after_s), (ProblemCode::RateLimited, Some(1)));
        assert_eq!(pace.take("bookkeeping", now), Ok(()));
        // What was refused has used up nothing.
        let later = now + Duration::from_millis(100);
        assert_eq!(pace.take("shop", later), Ok(()));
        assert!(pace.take("shop", later).is_err());
        let much_later = now + Duration::from_secs(60);
        assert_eq!((0..20).filter(|_| pace.take("shop", much_later).is_ok()).count(), 10);
    }
}
