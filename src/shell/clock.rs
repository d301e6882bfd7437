//! The page's clock.

use std::cell::Cell;

use js_sys::Date;

use crate::core::Instant;

/// A clock that never goes back and counts a machine's sleep.
///
/// `performance.now()` never goes back, but in some browsers it stands still while the machine sleeps; `Date.now()` counts
/// on, but may be set. So spans are read from the first, and from the second where it says that far more time has passed.
/// (A payer who sets the clock forward makes the cashier think that a code has expired, until the next answer says better:
/// the harmless side to be wrong on.)
pub(super) struct Clock {
    last: Cell<Reading>,
    total_ms: Cell<f64>,
}

#[derive(Clone, Copy)]
struct Reading {
    steady_ms: f64,
    wall_ms: f64,
}

/// Less than this between the two clocks is drift, in milliseconds.
const SLEEP_MIN_MS: f64 = 5_000.0;

impl Clock {
    /// A clock that began when `performance.now()` was `since_ms`.
    pub(super) fn new(since_ms: Option<f64>) -> Self {
        let now = Reading::now();
        let total_ms = since_ms.map_or(0.0, |since_ms| now.steady_ms - since_ms).max(0.0);
        Self { last: Cell::new(now), total_ms: Cell::new(total_ms) }
    }

    /// When `performance.now()` was `at_ms`. None for a moment before this clock began, or one that is still to come.
    pub(super) fn at(&self, at_ms: f64) -> Option<Instant> {
        let now = self.now();
        let ago_ms = self.last.get().steady_ms - at_ms;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is not negative")]
        let ago_ms = (ago_ms >= 0.0).then_some(ago_ms.ceil() as u64)?;
        now.since(Instant::ZERO).checked_sub(ago_ms).map(Instant::from_millis)
    }

    pub(super) fn now(&self) -> Instant {
        let now = Reading::now();
        let last = self.last.replace(now);
        let steady_ms = (now.steady_ms - last.steady_ms).max(0.0);
        let wall_ms = now.wall_ms - last.wall_ms;
        let passed_ms = if wall_ms > steady_ms + SLEEP_MIN_MS { wall_ms } else { steady_ms };
        let total_ms = self.total_ms.get() + passed_ms;
        self.total_ms.set(total_ms);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is not negative, and whole milliseconds do"
        )]
        Instant::from_millis(total_ms as u64)
    }
}

impl Reading {
    fn now() -> Self {
        let wall_ms = Date::now();
        let performance = web_sys::window().and_then(|window| window.performance());
        Self { steady_ms: performance.map_or(wall_ms, |performance| performance.now()), wall_ms }
    }
}
