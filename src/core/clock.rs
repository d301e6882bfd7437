//! Time: the page's own, which only measures spans, and the server's, which decides.

use core::ops::Add;

use crate::contract::Timestamp;

/// A point on the page's own clock: milliseconds since some start. It never goes back, and it counts a machine's sleep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(u64);

impl Instant {
    /// The clock's start.
    pub const ZERO: Self = Self(0);

    /// So many milliseconds after the clock's start.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the clock's start.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Milliseconds since an earlier point; 0 if it is not earlier.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<u64> for Instant {
    type Output = Self;
    /// So many milliseconds later.
    fn add(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

/// What the page knows of the server's clock, from the `now` of its answers.
///
/// An answer was stamped somewhere between the request's going and the answer's coming, so each one bounds the distance
/// between the two clocks from both sides, and many answers narrow it. The payer's own clock, which may be hours wrong
/// (field problem 43), is not asked.
///
/// An answer that contradicts the others, of one machine among several whose clock is off, changes nothing; a clock that was
/// set is followed once three answers in a row say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServerClock {
    ahead_ms: Option<Bounds>,
    /// What answers in a row say that contradicts that, and how many they are.
    doubt: Option<(Bounds, u8)>,
}

/// So many answers in a row are needed to contradict what was known.
const DOUBTS_MIN: u8 = 3;

/// How far the server's clock is ahead of the page's, in milliseconds: not less than `low`, not more than `high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bounds {
    low: i64,
    high: i64,
}

impl Bounds {
    /// What both say; None where they contradict each other.
    fn and(self, other: Self) -> Option<Self> {
        let both = Self { low: self.low.max(other.low), high: self.high.min(other.high) };
        (both.low <= both.high).then_some(both)
    }
}

impl ServerClock {
    /// Learns from an answer stamped `server`, to a request that went out at `sent` and came back at `received`.
    pub fn learn(&mut self, server: Timestamp, sent: Instant, received: Instant) {
        let ahead_of = |at: Instant| server.millis().saturating_sub(i64::try_from(at.millis()).unwrap_or(i64::MAX));
        let new = Bounds { low: ahead_of(received), high: ahead_of(sent) };
        let Some(known) = self.ahead_ms else {
            self.ahead_ms = Some(new);
            return;
        };
        if let Some(both) = known.and(new) {
            *self = Self { ahead_ms: Some(both), doubt: None };
            return;
        }
        let (doubt, count) = match self.doubt.and_then(|(doubt, count)| Some((doubt.and(new)?, count))) {
            Some((doubt, count)) => (doubt, count + 1),
            None => (new, 1),
        };
        *self = if count >= DOUBTS_MIN {
            Self { ahead_ms: Some(doubt), doubt: None }
        } else {
            Self { ahead_ms: Some(known), doubt: Some((doubt, count)) }
        };
    }

    /// The latest that the server's clock may show: what has expired by this may not be offered any more.
    /// None before the first answer.
    pub fn at_latest(&self, now: Instant) -> Option<Timestamp> {
        let now = i64::try_from(now.millis()).unwrap_or(i64::MAX);
        self.ahead_ms.map(|Bounds { high, .. }| Timestamp::from_millis(high.saturating_add(now)))
    }

    /// Milliseconds until the server's clock shows `point` for certain. None before the first answer.
    pub fn until_ms(&self, point: Timestamp, now: Instant) -> Option<u64> {
        let now = i64::try_from(now.millis()).unwrap_or(i64::MAX);
        self.ahead_ms.map(|Bounds { low, .. }| {
            u64::try_from(point.millis().saturating_sub(low.saturating_add(now))).unwrap_or(0)
        })
    }

    /// Milliseconds until `deadline`, none once it may have passed. Before the first answer nothing is past.
    pub fn left_ms(&self, deadline: Timestamp, now: Instant) -> Option<u64> {
        match self.at_latest(now) {
            Some(server) => {
                u64::try_from(deadline.millis().saturating_sub(server.millis())).ok().filter(|left| *left > 0)
            }
            None => Some(u64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis)
    }

    #[test]
    fn slow_answers_do_not_make_the_deadline_later() {
        let mut clock = ServerClock::default();
        clock.learn(Timestamp::from_millis(1_000_000), at(0), at(8_000));
        assert_eq!(clock.at_latest(at(8_000)), Some(Timestamp::from_millis(1_008_000)));
        // A quick answer narrows it; a slow one after that does not widen it again.
        clock.learn(Timestamp::from_millis(1_005_000), at(9_000), at(9_100));
        assert_eq!(clock.at_latest(at(9_100)), Some(Timestamp::from_millis(1_005_100)));
        clock.learn(Timestamp::from_millis(1_006_000), at(9_500), at(19_500));
        assert_eq!(clock.at_latest(at(19_500)), Some(Timestamp::from_millis(1_015_500)));
    }

    #[test]
    fn a_server_clock_that_was_set_is_followed_both_ways() {
        let mut clock = ServerClock::default();
        clock.learn(Timestamp::from_millis(1_000_000), at(0), at(100));
        for (seconds, set) in [(1, 5_000_000), (2, 5_001_000), (3, 5_002_000)] {
            assert!(clock.at_latest(at(seconds * 1_000)) < Some(Timestamp::from_millis(2_000_000)), "not at once");
            clock.learn(Timestamp::from_millis(set), at(seconds * 1_000), at(seconds * 1_000 + 100));
        }
        assert_eq!(clock.at_latest(at(3_100)), Some(Timestamp::from_millis(5_002_100)));
        for seconds in 4..7 {
            let set = i64::try_from(seconds).unwrap_or_default() * 1_000;
            clock.learn(Timestamp::from_millis(set), at(seconds * 1_000), at(seconds * 1_000 + 10));
        }
        assert_eq!(clock.at_latest(at(6_010)), Some(Timestamp::from_millis(6_010)));
    }

    #[test]
    fn one_machine_whose_clock_is_off_changes_nothing() {
        let mut clock = ServerClock::default();
        for second in 0..60u64 {
            let off = if second % 2 == 0 { 0 } else { 30_000 };
            let server = i64::try_from(second * 1_000).unwrap_or_default() + 1_000_000 + off;
            clock.learn(Timestamp::from_millis(server), at(second * 1_000), at(second * 1_000 + 20));
            let latest = clock.at_latest(at(second * 1_000 + 20)).map_or(0, Timestamp::millis);
            assert!((latest - (server - off)).abs() <= 20, "{second}: {latest}");
        }
    }

    #[test]
    fn a_deadline_is_past_when_it_may_be() {
        let mut clock = ServerClock::default();
        assert_eq!(clock.left_ms(Timestamp::from_millis(0), at(0)), Some(u64::MAX));
        clock.learn(Timestamp::from_millis(1_000), at(0), at(400));
        assert_eq!(clock.left_ms(Timestamp::from_millis(2_000), at(400)), Some(600));
        assert_eq!(clock.left_ms(Timestamp::from_millis(2_000), at(1_000)), None);
        assert_eq!(clock.until_ms(Timestamp::from_millis(2_000), at(1_000)), Some(400), "and not before it must be");
    }
}
