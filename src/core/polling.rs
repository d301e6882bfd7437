//! When to ask the backend (ARCHITECTURE.md, "When the backend is asked"): the numbers, and the arithmetic on them.

use fastrand::Rng;

use crate::contract::{Failure, ProblemCode, RetryAfter, Timestamp};

use super::{Call, Instant, ServerClock, Stamp};

/// How long an answer about the order may take, in milliseconds.
pub(super) const ORDER_TIMEOUT_MS: u32 = 10_000;
/// How long an answer about a payment may take, in milliseconds: the backend asks WeChat meanwhile.
pub(super) const PAYMENT_TIMEOUT_MS: u32 = 15_000;
/// The shortest time between two requests for the order, in milliseconds, however much happens on the page.
const GAP_MIN_MS: u64 = 1_000;
/// A request older than this when the page comes back into view is taken for dead, in milliseconds.
pub(super) const DEAD_AFTER_MS: u64 = 3_000;
/// While events come, asking is only a heartbeat, in milliseconds.
const HEARTBEAT_MS: u64 = 30_000;
/// Errors double the wait from here, in milliseconds,
const BACKOFF_BASE_MS: u64 = 1_000;
/// up to here.
const BACKOFF_MAX_MS: u64 = 30_000;
/// Full jitter may not come near to no wait at all, in milliseconds.
const BACKOFF_MIN_MS: u64 = 500;
/// So many answers from the backend's own knowledge, and the next asks the platform: a lost callback (field problem 33)
/// then shows within half a minute even to a payer who only waits.
pub(super) const UNVERIFIED_MAX: u32 = 14;
/// After an order is over, its late payment is waited for so long, in milliseconds (field problems 44, 45).
pub(super) const GRACE_MS: u64 = 5 * 60_000;

/// The wait between two requests for the order, before jitter, by how long the payer has been attending.
fn interval_ms(attended_ms: u64, listening: bool) -> u64 {
    match attended_ms {
        _ if listening => HEARTBEAT_MS,
        0..60_000 => 2_000,
        60_000..300_000 => 5_000,
        _ => 10_000,
    }
}

/// A backend that wants to be left alone is, for so long at most, in milliseconds: the payer's money waits for an answer.
const HOLD_MAX_MS: u64 = 10 * 60_000;

/// More or less by a fifth, so that many pages do not ask in step.
fn jittered_ms(ms: u64, rng: &mut Rng) -> u64 {
    rng.u64(ms - ms / 5..=ms + ms / 5)
}

/// Exponential, with full jitter.
fn backoff_ms(failures: u32, rng: &mut Rng) -> u64 {
    let most = BACKOFF_BASE_MS.saturating_mul(1 << failures.min(16)).min(BACKOFF_MAX_MS);
    rng.u64(BACKOFF_MIN_MS..=most)
}

/// One kind of request: at most one of it is under way, and this says when the next may go.
#[derive(Clone, Debug, Default)]
pub(super) struct Lane {
    /// The one under way.
    pub(super) in_flight: Option<InFlight>,
    /// When the plan wants the next.
    pub(super) due: Instant,
    /// The backend asked not to be asked before (`Retry-After`). Nothing passes this.
    pub(super) held_until: Instant,
    /// Failures since the last answer that could be used.
    pub(super) failures: u32,
    /// The last of them.
    pub(super) failure: Option<Failure>,
}

/// A request under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlight {
    pub(super) stamp: Stamp,
    pub(super) sent: Instant,
    pub(super) verify: bool,
    /// It was to close the order.
    pub(super) closes: bool,
}

impl Lane {
    /// Takes the request of this stamp as answered. None: it is no longer waited for.
    pub(super) fn answered(&mut self, stamp: Stamp) -> Option<InFlight> {
        self.in_flight.take_if(|request| request.stamp == stamp)
    }

    /// The answer could be used; the next request is due after `wait_ms`.
    fn succeeded(&mut self, now: Instant, wait_ms: u64) {
        self.failures = 0;
        self.failure = None;
        self.due = now + wait_ms;
    }

    /// No answer, or none that could be used.
    pub(super) fn failed(&mut self, failure: Failure, server: &ServerClock, now: Instant, rng: &mut Rng) {
        self.failures = self.failures.saturating_add(1);
        self.due = now + backoff_ms(self.failures, rng);
        self.hold(&failure, server, now);
        self.failure = Some(failure);
    }

    /// Asks no sooner than the backend wants.
    fn hold(&mut self, failure: &Failure, server: &ServerClock, now: Instant) {
        if let Failure::Refused { retry_after: Some(retry_after), .. } = failure {
            let hold_ms = match *retry_after {
                RetryAfter::Millis(ms) => ms,
                // Not known in server time before the first answer: the back-off alone has to do.
                RetryAfter::At(at) => server.until_ms(at, now).unwrap_or(0),
            };
            self.held_until = self.held_until.max(now + hold_ms.min(HOLD_MAX_MS));
        }
    }

    /// Brings the next request forward to now, as far as the backend allows.
    pub(super) fn hurry(&mut self, now: Instant) {
        self.due = self.due.min(now);
    }

    /// Starts afresh, keeping only what the backend asked for.
    pub(super) fn restart(&mut self, now: Instant) {
        *self = Self { due: now, held_until: self.held_until, ..Self::default() };
    }

    /// When the next request may go; None while one is under way.
    pub(super) fn next(&self) -> Option<Instant> {
        self.in_flight.is_none().then(|| self.due.max(self.held_until))
    }
}

/// The requests for the order.
#[derive(Clone, Debug, Default)]
pub(super) struct Polling {
    pub(super) lane: Lane,
    /// Something happened: ask as soon as may be, and have the platform asked.
    urgent: bool,
    last_sent: Option<Instant>,
    /// Since when the payer has been attending.
    attention_since: Instant,
    /// Answers since the platform was last asked.
    unverified: u32,
    closing: Closing,
    cache: Cache,
}

/// The host wants the order closed.
#[derive(Clone, Copy, Debug, Default)]
enum Closing {
    #[default]
    No,
    /// At this time, after so many failures.
    At(Instant, u32),
}

/// Whether a cache on the way answers in the backend's place, whatever its answers' `no-store` says (field problem 39): its
/// `now` then stands still.
#[derive(Clone, Copy, Debug, Default)]
enum Cache {
    #[default]
    Unseen,
    /// This `now` came first at this time.
    Watched(Timestamp, Instant),
    /// From now on each question has an address of its own.
    Seen,
}

/// A server's clock moves on within so many milliseconds, be it one that counts whole seconds.
const STANDING_MS: u64 = 1_000;

impl Polling {
    /// The payer turned to the page or did something: the plan starts at its quick end again.
    pub(super) fn attend(&mut self, now: Instant) {
        self.attention_since = now;
    }

    /// Ask as soon as may be, and have the platform asked.
    pub(super) fn urge(&mut self) {
        self.urgent = true;
    }

    pub(super) fn is_urgent(&self) -> bool {
        self.urgent
    }

    /// Wants the order closed.
    pub(super) fn close(&mut self, now: Instant) {
        self.closing = Closing::At(now, 0);
    }

    /// The order could not be closed; whether that is tried again, which is wherever the reason may pass.
    pub(super) fn not_closed(&mut self, failure: &Failure, server: &ServerClock, now: Instant, rng: &mut Rng) -> bool {
        self.lane.hold(failure, server, now);
        let passes = match failure {
            Failure::Refused { problem, .. } => matches!(
                problem.code,
                ProblemCode::RateLimited | ProblemCode::UpstreamUnavailable | ProblemCode::ServerError
            ),
            Failure::Unreachable { .. } | Failure::TimedOut { .. } => true,
            Failure::Unreadable { .. } => false,
        };
        self.closing = match self.closing {
            Closing::At(_, failures) if passes => Closing::At(now + backoff_ms(failures + 1, rng), failures + 1),
            Closing::At(..) | Closing::No => Closing::No,
        };
        passes
    }

    /// Whether this answer's `now`, to a request sent at `sent`, has stood still since an earlier answer.
    pub(super) fn is_standing(&mut self, server: Timestamp, sent: Instant, now: Instant) -> bool {
        match self.cache {
            Cache::Watched(seen, since) if seen == server => {
                let stands = sent >= since + STANDING_MS;
                if stands {
                    self.cache = Cache::Seen;
                }
                stands
            }
            Cache::Unseen | Cache::Watched(..) => {
                self.cache = Cache::Watched(server, now);
                false
            }
            Cache::Seen => false,
        }
    }

    /// The answer to this request could be used.
    pub(super) fn succeeded(&mut self, now: Instant, request: InFlight, listening: bool, rng: &mut Rng) {
        if request.closes {
            // Wanted twice, closed once.
            self.closing = Closing::No;
        }
        let wait_ms = interval_ms(now.since(self.attention_since), listening);
        self.lane.succeeded(now, jittered_ms(wait_ms, rng));
    }

    /// When the next request may go; None while one is under way.
    pub(super) fn next(&self) -> Option<Instant> {
        let by_gap = self.last_sent.map_or(Instant::ZERO, |sent| sent + GAP_MIN_MS);
        let planned = self.lane.next()?;
        let allowed = self.lane.held_until.max(by_gap);
        Some(match self.closing {
            _ if self.urgent => allowed,
            Closing::At(at, _) => planned.min(at).max(allowed),
            Closing::No => planned.max(allowed),
        })
    }

    /// Notes that a request goes out now, and says which.
    pub(super) fn send(&mut self, stamp: Stamp, confirming: bool, now: Instant) -> Call {
        let closes = matches!(self.closing, Closing::At(at, _) if at <= now);
        let verify = self.urgent || confirming || self.unverified >= UNVERIFIED_MAX;
        self.unverified = if verify { 0 } else { self.unverified + 1 };
        self.urgent = false;
        self.last_sent = Some(now);
        self.lane.in_flight = Some(InFlight { stamp, sent: now, verify, closes });
        if closes { Call::Close } else { Call::Order { verify, fresh: matches!(self.cache, Cache::Seen) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis)
    }

    #[test]
    fn the_plan_slows_down_with_attention_and_jitters_by_a_fifth() {
        for (attended_ms, listening, want_ms) in [
            (0, false, 2_000),
            (59_999, false, 2_000),
            (60_000, false, 5_000),
            (300_000, false, 10_000),
            (86_400_000, false, 10_000),
            (0, true, 30_000),
        ] {
            assert_eq!(interval_ms(attended_ms, listening), want_ms);
            let mut rng = Rng::with_seed(7);
            let waits: Vec<_> = (0..200).map(|_| jittered_ms(want_ms, &mut rng)).collect();
            assert!(waits.iter().all(|wait| (want_ms * 4 / 5..=want_ms * 6 / 5).contains(wait)));
            assert!(waits.iter().any(|wait| wait < &want_ms) && waits.iter().any(|wait| wait > &want_ms));
        }
    }

    #[test]
    fn errors_back_off_to_half_a_minute_with_full_jitter() {
        let mut rng = Rng::with_seed(7);
        for (failures, most) in [(1, 2_000), (2, 4_000), (3, 8_000), (4, 16_000), (5, 30_000), (1_000, 30_000)] {
            let waits: Vec<_> = (0..500).map(|_| backoff_ms(failures, &mut rng)).collect();
            assert!(waits.iter().all(|wait| (BACKOFF_MIN_MS..=most).contains(wait)), "{failures}");
            assert!(waits.iter().any(|wait| *wait < most / 2) && waits.iter().any(|wait| *wait > most * 3 / 4));
        }
    }

    #[test]
    fn nothing_passes_retry_after() {
        let refusal = |retry_after| {
            let answer = crate::contract::HttpAnswer {
                request: crate::contract::RequestName::new("GET", "/api/orders/T1"),
                status: 429,
                content_type: None,
                retry_after: Some(retry_after),
                body: String::new(),
            };
            answer.read::<crate::contract::Order>().unwrap_err()
        };
        let mut polling = Polling::default();
        let mut server = ServerClock::default();
        server.learn(Timestamp::parse("2026-11-21T10:00:00Z").unwrap(), at(0), at(0));
        let mut rng = Rng::with_seed(7);
        polling.lane.failed(refusal("60".to_owned()), &server, at(0), &mut rng);
        polling.urge();
        assert_eq!(polling.next(), Some(at(60_000)));
        polling.lane.failed(refusal("Sat, 21 Nov 2026 10:02:00 GMT".to_owned()), &server, at(0), &mut rng);
        polling.lane.hurry(at(0));
        assert_eq!(polling.next(), Some(at(120_000)));
    }

    #[test]
    fn urgent_requests_keep_a_distance() {
        let mut polling = Polling::default();
        assert_eq!(polling.send(Stamp(1), false, at(0)), Call::Order { verify: false, fresh: false });
        assert_eq!(polling.next(), None);
        assert!(polling.lane.answered(Stamp(2)).is_none());
        assert!(polling.lane.answered(Stamp(1)).is_some());
        polling.urge();
        assert_eq!(polling.next(), Some(at(GAP_MIN_MS)));
        let call = polling.send(Stamp(2), false, at(GAP_MIN_MS));
        assert_eq!(call, Call::Order { verify: true, fresh: false }, "urgent requests have the platform asked");
    }

    #[test]
    fn a_now_that_stands_still_is_a_caches() {
        let server = Timestamp::from_millis;
        let mut polling = Polling::default();
        assert!(!polling.is_standing(server(5_000), at(0), at(40)));
        assert!(!polling.is_standing(server(5_000), at(1_039), at(1_060)), "a clock of whole seconds may say so");
        assert!(polling.is_standing(server(5_000), at(1_040), at(1_060)));
        assert_eq!(polling.send(Stamp(1), false, at(2_000)), Call::Order { verify: false, fresh: true });
        let mut polling = Polling::default();
        for step in 0..10 {
            let now = at(step * 2_000);
            assert!(!polling.is_standing(server(5_000 + i64::try_from(step).unwrap()), now, now), "it moves");
        }
    }
}
