//! What follows from an answer, and when a message is tried again. Pure.

use wechat_cashier::contract::Timestamp;

use super::Answered;
use crate::domain::plus;

/// How long after each try in vain the next one is, in seconds: the specification's own schedule, ten tries in three days.
const WAITS_S: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// By so much of itself a wait is longer at most, in thousandths, so that what failed together does not come back together.
const JITTER_MAX: u32 = 100;

/// Chooses by how much a wait is longer.
pub(crate) fn jitter() -> u32 {
    fastrand::u32(..=JITTER_MAX)
}

/// Nobody makes us wait for longer than this.
const RETRY_AFTER_MAX_S: i64 = 24 * 60 * 60;

/// HTTP's word for an address that wants nothing any more.
const GONE: u16 = 410;

/// What becomes of a message after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has arrived.
    Delivered,
    /// It is tried again then.
    Again(Timestamp),
    /// It is not tried any more, unless the shop asks for it.
    GivenUp,
}

/// What follows from an answer to the try of a number, counted from 1, that ended at `at`. `jitter` is how much longer the wait is,
/// in thousandths.
#[must_use]
pub fn verdict(answered: &Answered, tries: u32, at: Timestamp, jitter: u32) -> Verdict {
    if answered.is_success() {
        return Verdict::Delivered;
    }
    let wait_s = usize::try_from(tries.saturating_sub(1)).ok().and_then(|before| WAITS_S.get(before));
    match wait_s {
        Some(wait_s) if answered.status != Some(GONE) => {
            let wait_ms = wait_s * (1_000 + i64::from(jitter));
            let wanted_ms = answered.retry_after_s.map_or(0, |wanted| i64::from(wanted).min(RETRY_AFTER_MAX_S) * 1_000);
            Verdict::Again(plus(at, wait_ms.max(wanted_ms)))
        }
        _ => Verdict::GivenUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16) -> Answered {
        Answered { status: Some(status), ..Answered::default() }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn it_is_tried_for_three_days() {
        let (mut now, mut tries) = (0, 0);
        while let Verdict::Again(next) = verdict(&answered(500), tries + 1, at(now), 0) {
            (now, tries) = (next.millis(), tries + 1);
        }
        // 75:35:05 since the first try.
        assert_eq!((now, tries), (((75 * 60 + 35) * 60 + 5) * 1_000, 9));
        assert_eq!(verdict(&answered(500), 10, at(0), 0), Verdict::GivenUp);
        assert_eq!(verdict(&answered(500), 0, at(0), JITTER_MAX), Verdict::Again(at(5_500)));
    }

    #[test]
    fn every_2xx_is_a_success_and_nothing_else_is() {
        for status in [200, 201, 204, 299] {
            assert_eq!(verdict(&answered(status), 1, at(0), 0), Verdict::Delivered, "{status}");
        }
        for status in [302, 400, 404, 429, 500, 503] {
            assert_eq!(verdict(&answered(status), 1, at(0), 0), Verdict::Again(at(5_000)), "{status}");
        }
        assert_eq!(verdict(&Answered::default(), 1, at(0), 0), Verdict::Again(at(5_000)));
        assert_eq!(verdict(&answered(410), 1, at(0), 0), Verdict::GivenUp);
    }

    #[test]
    fn a_receiver_that_asks_for_time_has_it() {
        let asks = |retry_after_s| Answered { retry_after_s: Some(retry_after_s), ..answered(503) };
        assert_eq!(verdict(&asks(60), 1, at(0), 0), Verdict::Again(at(60_000)));
        assert_eq!(verdict(&asks(1), 2, at(0), 0), Verdict::Again(at(300_000)));
        assert_eq!(verdict(&asks(u32::MAX), 1, at(0), 0), Verdict::Again(at(RETRY_AFTER_MAX_S * 1_000)));
    }
}
