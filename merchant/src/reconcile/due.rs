//! Which day is to be compared now.

use std::time::Duration;

use wechat_cashier::contract::Timestamp;

use super::report::State;
use crate::day::Day;
use crate::domain::plus;

/// From this time on WeChat Pay has the bill of the day before
/// (<https://pay.weixin.qq.com/doc/v3/merchant/4013071254>).
const READY_MS: i64 = 10 * 60 * 60 * 1000;
/// WeChat Pay keeps bills for three months; of the last days of them it is not said how they are counted.
pub const KEPT_DAYS: i64 = 89;
/// As WeChat Pay wants it where a bill is being made: half an hour.
const AGAIN_MS: i64 = 30 * 60 * 1000;
/// At last it is tried so often.
const AGAIN_MOST_MS: i64 = 6 * 60 * 60 * 1000;

/// A day of which there is a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub day: Day,
    /// What came out.
    pub state: State,
    /// When a failed one is to be tried again.
    pub next_at: Option<Timestamp>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// This day is to be compared.
    Now(Day),
    /// Nothing before this time.
    At(Timestamp),
}

/// What is to be done at `now`, by a shop whose first order is of the day `first`. The earliest day comes first, so that what was
/// missed is caught up with in its sequence; one that fails holds up no other.
#[must_use]
pub fn due(now: Timestamp, delay: Duration, first: Option<Day>, known: &[Known]) -> Due {
    let ready_ms = READY_MS + i64::try_from(delay.as_millis()).unwrap_or(i64::MAX - READY_MS);
    // The day before the one whose hour has come.
    let latest = Day::of(plus(now, -ready_ms)).plus(-1);
    let next = plus(latest.plus(2).begin(), ready_ms);
    let Some(first) = first else { return Due::At(next) };
    let mut next = next;
    let mut day = first.max(Day::of(now).plus(-KEPT_DAYS));
    while day <= latest {
        match known.iter().find(|known| known.day == day) {
            None => return Due::Now(day),
            Some(Known { state: State::Failed, next_at, .. }) => match next_at {
                Some(at) if *at > now => next = next.min(*at),
                _ => return Due::Now(day),
            },
            Some(_) => {}
        }
        day = day.plus(1);
    }
    Due::At(next)
}

/// When a day that has failed so often is tried again.
#[must_use]
pub fn retry_at(now: Timestamp, failures: u32) -> Timestamp {
    let doubled = AGAIN_MS.saturating_mul(1 << failures.saturating_sub(1).min(16));
    plus(now, doubled.min(AGAIN_MOST_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELAY: Duration = Duration::from_secs(5 * 60);

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(&format!("{text}+08:00")).unwrap()
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn ok(text: &str) -> Known {
        Known { day: day(text), state: State::Ok, next_at: None }
    }

    #[test]
    fn the_day_before_is_due_from_ten_on() {
        let first = Some(day("2026-11-29"));
        assert_eq!(due(at("2026-11-29T23:00:00"), DELAY, first, &[]), Due::At(at("2026-11-30T10:05:00")));
        assert_eq!(due(at("2026-11-30T10:04:59"), DELAY, first, &[]), Due::At(at("2026-11-30T10:05:00")));
        assert_eq!(due(at("2026-11-30T10:05:00"), DELAY, first, &[]), Due::Now(day("2026-11-29")));
        let known = [ok("2026-11-29")];
        assert_eq!(due(at("2026-11-30T10:05:00"), DELAY, first, &known), Due::At(at("2026-12-01T10:05:00")));
        assert_eq!(due(at("2026-11-30T10:05:00"), DELAY, None, &[]), Due::At(at("2026-12-01T10:05:00")));
    }

    #[test]
    fn missed_days_come_one_after_the_other_and_no_further_back_than_bills_are_kept() {
        let now = at("2026-11-30T12:00:00");
        let mut known = Vec::new();
        while let Due::Now(day) = due(now, DELAY, Some(day("2020-01-01")), &known) {
            known.push(Known { day, state: State::Different, next_at: None });
        }
        assert_eq!(known.len(), 89);
        assert_eq!((known[0].day, known[88].day), (day("2026-09-02"), day("2026-11-29")));
    }

    #[test]
    fn a_day_that_failed_is_tried_again_and_holds_up_no_other() {
        let now = at("2026-11-30T12:00:00");
        let first = Some(day("2026-11-28"));
        let failed = Known { day: day("2026-11-28"), state: State::Failed, next_at: Some(retry_at(now, 1)) };
        assert_eq!(due(now, DELAY, first, &[failed]), Due::Now(day("2026-11-29")));
        let known = [failed, ok("2026-11-29")];
        assert_eq!(due(now, DELAY, first, &known), Due::At(at("2026-11-30T12:30:00")));
        assert_eq!(due(at("2026-11-30T12:30:00"), DELAY, first, &known), Due::Now(day("2026-11-28")));
        assert_eq!(retry_at(now, 3), at("2026-11-30T14:00:00"));
        assert_eq!(retry_at(now, 40), at("2026-11-30T18:00:00"));
    }
}
