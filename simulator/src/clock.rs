//! The simulator's clock: real time with an offset and a speed, or held still.
//!
//! Everything that expires or retries asks this clock, so that a test moves two hours in one call and waits for nothing.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

/// Runs from one pair of times on, so many times as fast as real time.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    shown: Timestamp,
    when_real: Timestamp,
    speed: f64,
    frozen: bool,
}

/// What `POST /simulator/clock` asks for. `set` is done first, then `advance_ms`, then `freeze` and `speed`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockChange {
    /// The time it shall be.
    pub set: Option<Timestamp>,
    /// How far to move on from there. It may be negative.
    pub advance_ms: Option<i64>,
    /// True holds the clock still, false lets it run on from where it stands.
    pub freeze: Option<bool>,
    /// How many times as fast as real time it runs, more than 0.
    pub speed: Option<f64>,
}

/// What the clock says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ClockFace {
    /// Simulated time.
    pub now: Timestamp,
    /// Whether it is held still.
    pub frozen: bool,
    /// How many times as fast as real time it runs.
    pub speed: f64,
}

impl Clock {
    /// A clock that shows real time now, and runs on so many times as fast.
    pub fn new(real: Timestamp, speed: f64) -> Self {
        Self { shown: real, when_real: real, speed, frozen: false }
    }

    /// Simulated time when real time is `real`.
    pub fn now(&self, real: Timestamp) -> Timestamp {
        if self.frozen {
            return self.shown;
        }
        let passed = real.millis().saturating_sub(self.when_real.millis());
        plus(self.shown, scaled(passed, self.speed))
    }

    /// How many real milliseconds pass until it shows `then`. None while it is held still.
    pub fn real_ms_until(&self, then: Timestamp, real: Timestamp) -> Option<u64> {
        let left = then.millis().saturating_sub(self.now(real).millis()).max(0);
        // One more, so that a rounded wait does not end too early.
        let wait = if left == 0 { 0 } else { scaled(left, 1.0 / self.speed).saturating_add(1) };
        (!self.frozen).then(|| u64::try_from(wait).unwrap_or(0))
    }

    /// Sets, moves, holds, releases or speeds up the clock.
    pub fn change(&mut self, change: &ClockChange, real: Timestamp) {
        let start = change.set.unwrap_or_else(|| self.now(real));
        self.shown = plus(start, change.advance_ms.unwrap_or(0));
        self.when_real = real;
        self.frozen = change.freeze.unwrap_or(self.frozen);
        if let Some(speed) = change.speed.filter(|speed| speed.is_finite() && *speed > 0.0) {
            self.speed = speed;
        }
    }

    /// What it shows when real time is `real`.
    pub fn face(&self, real: Timestamp) -> ClockFace {
        ClockFace { now: self.now(real), frozen: self.frozen, speed: self.speed }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "milliseconds of a session, a cast saturates"
)]
fn scaled(millis: i64, by: f64) -> i64 {
    if (by - 1.0).abs() < f64::EPSILON { millis } else { (millis as f64 * by) as i64 }
}

/// A point in time, so many milliseconds later. It stays where RFC 3339 can write it, years 0 to 9999.
pub fn plus(at: Timestamp, millis: i64) -> Timestamp {
    const FIRST: i64 = -62_167_219_200_000;
    const LAST: i64 = 253_402_300_799_999;
    Timestamp::from_millis(at.millis().saturating_add(millis).clamp(FIRST, LAST))
}

/// As the platform writes times: in China's zone, to the second.
pub fn beijing(at: Timestamp) -> String {
    let shifted = plus(Timestamp::from_millis(at.millis() - at.millis().rem_euclid(1000)), 8 * 60 * 60 * 1000);
    shifted.to_rfc3339().map(|text| text.replace('Z', "+08:00")).unwrap_or_default()
}

/// The machine's clock. Nothing else in the simulator reads it.
pub(crate) fn real_now() -> Timestamp {
    // Before 1970 the machine's clock is wrong anyway.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use wechat_cashier::contract::Timestamp;

    use super::{Clock, ClockChange, beijing};

    const REAL: Timestamp = Timestamp::from_millis(1_000_000);
    const LATER: Timestamp = Timestamp::from_millis(1_000_500);

    #[test]
    fn it_runs_faster_is_moved_and_held() {
        let mut clock = Clock::new(REAL, 10.0);
        assert_eq!(clock.now(LATER).millis(), 1_005_000);
        assert_eq!(clock.real_ms_until(Timestamp::from_millis(1_006_000), LATER), Some(101));
        clock.change(&ClockChange { advance_ms: Some(1000), freeze: Some(true), ..ClockChange::default() }, LATER);
        assert_eq!(clock.now(Timestamp::from_millis(9_000_000)).millis(), 1_006_000);
        assert_eq!(clock.real_ms_until(LATER, LATER), None);
        clock.change(&ClockChange { freeze: Some(false), speed: Some(0.0), ..ClockChange::default() }, LATER);
        assert_eq!(clock.face(LATER).speed, 10.0);
        assert_eq!(clock.now(Timestamp::from_millis(1_000_600)).millis(), 1_007_000);
    }

    #[test]
    fn the_platforms_times_are_chinas() {
        let at = Timestamp::parse("2018-06-08T02:34:56.789Z").unwrap();
        assert_eq!(beijing(at), "2018-06-08T10:34:56+08:00");
    }
}
