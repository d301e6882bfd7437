//! The time, for all of the backend: the machine's, or one that a test or the demo turns.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;
use tokio::sync::watch;
use wechat_cashier::contract::Timestamp;

/// Where the time comes from. Nothing else in the backend reads a clock.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time.
    fn now(&self) -> Timestamp;

    /// Ends once it is `at`.
    fn until(&self, at: Timestamp) -> BoxFuture<'_, ()>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // Before 1970 the machine's clock is wrong anyway; WeChat Pay then refuses what is signed.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn until(&self, at: Timestamp) -> BoxFuture<'_, ()> {
        let wait = u64::try_from(at.millis().saturating_sub(self.now().millis())).unwrap_or(0);
        Box::pin(tokio::time::sleep(Duration::from_millis(wait)))
    }
}

/// A clock that stands still until it is turned.
#[derive(Debug)]
pub struct ManualClock(watch::Sender<i64>);

impl ManualClock {
    /// One that shows `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self(watch::Sender::new(now.millis()))
    }

    /// Turns it to `now`.
    pub fn set(&self, now: Timestamp) {
        self.0.send_replace(now.millis());
    }

    /// Turns it on by so many milliseconds.
    pub fn advance(&self, millis: i64) {
        self.0.send_modify(|now| *now = now.saturating_add(millis));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(*self.0.borrow())
    }

    fn until(&self, at: Timestamp) -> BoxFuture<'_, ()> {
        let mut shown = self.0.subscribe();
        Box::pin(async move {
            // It fails once the clock is gone, and then nobody waits.
            let _ = shown.wait_for(|now| *now >= at.millis()).await;
        })
    }
}
