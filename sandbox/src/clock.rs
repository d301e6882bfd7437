//! The sandbox's clock: real time plus an offset, or held still.
//!
//! Everything that expires or retries asks this clock, so that a test moves two hours in one call and waits for nothing.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

/// Real time plus an offset, or a point at which time is held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    offset_ms: i64,
    frozen_at: Option<Timestamp>,
}

/// What `POST /sandbox/clock` asks for. `set` is done first, then `advance_ms`, then `freeze`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockChange {
    /// The time it shall be.
    pub set: Option<Timestamp>,
    /// How far to move on from there. It may be negative.
    pub advance_ms: Option<i64>,
    /// True holds the clock still, false lets it run on from where it stands.
    pub freeze: Option<bool>,
}

/// What the clock says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockFace {
    /// Sandbox time.
    pub now: Timestamp,
    /// Whether it is held still.
    pub frozen: bool,
}

impl Clock {
    /// Sandbox time when real time is `real`.
    pub fn now(&self, real: Timestamp) -> Timestamp {
        self.frozen_at.unwrap_or_else(|| plus(real, self.offset_ms))
    }

    /// Whether time is held still.
    pub fn is_frozen(&self) -> bool {
        self.frozen_at.is_some()
    }

    /// Sets, moves, holds or releases the clock.
    pub fn change(&mut self, change: &ClockChange, real: Timestamp) {
        let start = change.set.unwrap_or_else(|| self.now(real));
        let now = plus(start, change.advance_ms.unwrap_or(0));
        self.offset_ms = now.millis().saturating_sub(real.millis());
        self.frozen_at = change.freeze.unwrap_or(self.is_frozen()).then_some(now);
    }

    /// What it shows when real time is `real`.
    pub fn face(&self, real: Timestamp) -> ClockFace {
        ClockFace { now: self.now(real), frozen: self.is_frozen() }
    }
}

/// A point in time, so many milliseconds later. It stays where RFC 3339 can write it, years 0 to 9999.
pub fn plus(at: Timestamp, millis: i64) -> Timestamp {
    const FIRST: i64 = -62_167_219_200_000;
    const LAST: i64 = 253_402_300_799_999;
    Timestamp::from_millis(at.millis().saturating_add(millis).clamp(FIRST, LAST))
}

/// The machine's clock. Nothing else in the sandbox reads it.
pub(crate) fn real_now() -> Timestamp {
    // Before 1970 the machine's clock is wrong anyway.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
