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
/// Errors double the wait from here, in milliseconds,
const BACKOFF_BASE_MS: u64 = 1_000;
/// up to here.
const BACKOFF_MAX_MS: u64 = 30_000;
/// Full jitter may not come near to no wait at all, in milliseconds.
const BACKOFF_MIN_MS: u64 = 500;
/// Within so many milliseconds of attention the platform is asked once: a lost callback (field problem 33) then shows within
/// half a minute even to a payer who only waits. That of a new code begins with its first question.
const VERIFY_MS: u64 = 30_000;
/// After an order is over, its late payment is waited for so long, in milliseconds (field problems 44, 45).
pub(super) const GRACE_MS: u64 = 5 * 60_000;

/// Nobody pays in the first seconds of a code: so long after it appeared the first question about it goes out, in milliseconds.
/// This and the next are where the delay is least for the questions that they cost (docs/polling.md).
const CODE_FIRST_MS: u64 = 6_500;
/// The wait between two questions while most payers of a code pay, in milliseconds.
const CODE_MS: u64 = 2_450;
/// The same where paying is a matter of seconds: after the payer's tap, return or word, and in a shop, in milliseconds. With its
/// jitter hardly anybody waits longer than with 2 s (`tests/polling/`).
const SOON_MS: u64 = 1_800;
/// For so long the payer's attention counts for much, in milliseconds,
const FRESH_MS: u64 = 60_000;
/// and for so long for something.
const PATIENT_MS: u64 = 300_000;
/// The wait between two questions after the first of these, and where nothing that this page holds can be paid yet, in
/// milliseconds,
const SLOW_MS: u64 = 5_000;
/// and after the second.
const SLOWEST_MS: u64 = 10_000;

/// How likely it is that the order is paid soon, and how this page hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hazard {
    /// What is at hand can be paid, or may have been.
    Open,
    /// Nothing that this page holds can be paid yet: it waits for a tap or a scanner. Another page of the order may be paid.
    Idle,
    /// Events tell of it, and only the platform is still to be asked.
    Told,
}

/// A backend that wants to be left alone is, for so long at most, in milliseconds: the payer's money waits for an answer.
const HOLD_MAX_MS: u64 = 10 * 60_000;

/// More or less by a fifth, so that many pages do not ask in step.
fn jittered_ms(ms: u64, rng: &mut Rng) -> u64 {
    rng.u64(ms - ms / 5..=ms + ms / 5)
}

/// When the platform is to be asked again: within half a minute, and by many pages not in step.
fn verify_by(asked: Instant, rng: &mut Rng) -> Instant {
    asked + rng.u64(VERIFY_MS - VERIFY_MS / 10..=VERIFY_MS)
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

    /// Brings the next request forward to then, as far as the backend allows.
    pub(super) fn hurry(&mut self, at: Instant) {
        self.due = self.due.min(at);
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
    /// What began then is a code, which takes seconds to be paid, and nothing has happened since.
    is_new_code: bool,
    /// By when the platform is to be asked. None: nothing has been asked yet.
    verify_by: Option<Instant>,
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
        self.is_new_code = false;
    }

    /// A code that nobody has seen before appears before the payer.
    pub(super) fn show_code(&mut self, since: Instant, rng: &mut Rng) {
        self.attend(since);
        self.is_new_code = true;
        // What is not paid yet can have no lost callback.
        self.verify_by = Some(verify_by(since + CODE_FIRST_MS, rng));
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
    pub(super) fn succeeded(&mut self, request: InFlight) {
        if request.closes {
            // Wanted twice, closed once.
            self.closing = Closing::No;
        }
        self.lane.failures = 0;
        self.lane.failure = None;
    }

    /// Says when the next request is due, and never later than the platform is to be asked. After an error, its back-off does.
    pub(super) fn plan(&mut self, now: Instant, hazard: Hazard, rng: &mut Rng) {
        if self.lane.failures > 0 {
            return;
        }
        let by = self.verify_by.unwrap_or(now);
        self.lane.due = self.wait_ms(now, hazard).map_or(by, |ms| by.min(now + jittered_ms(ms, rng)));
    }

    /// The wait between two requests for the order, before jitter. None: until the platform is to be asked.
    fn wait_ms(&self, now: Instant, hazard: Hazard) -> Option<u64> {
        let attended_ms = now.since(self.attention_since);
        Some(match hazard {
            Hazard::Told => return None,
            _ if attended_ms >= PATIENT_MS => SLOWEST_MS,
            Hazard::Idle => SLOW_MS,
            Hazard::Open if attended_ms >= FRESH_MS => SLOW_MS,
            Hazard::Open if self.is_new_code => CODE_FIRST_MS.saturating_sub(attended_ms).max(CODE_MS),
            Hazard::Open => SOON_MS,
        })
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
    pub(super) fn send(&mut self, stamp: Stamp, confirming: bool, hazard: Hazard, now: Instant, rng: &mut Rng) -> Call {
        let closes = matches!(self.closing, Closing::At(at, _) if at <= now);
        // With this one, if the one after it would be too late.
        let is_time = self.verify_by.is_some_and(|by| self.wait_ms(now, hazard).is_none_or(|ms| now + ms >= by));
        let verify = self.urgent || confirming || is_time;
        if verify || self.verify_by.is_none() {
            self.verify_by = Some(verify_by(now, rng));
        }
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

    fn sent(polling: &mut Polling, stamp: u32, now: Instant) -> Call {
        polling.send(Stamp(stamp), false, Hazard::Open, now, &mut Rng::with_seed(7))
    }

    #[test]
    fn the_plan_goes_by_the_hazard_and_jitters_by_a_fifth() {
        use Hazard::{Idle, Open, Told};
        for (is_new_code, attended_ms, hazard, want_ms) in [
            (true, 0, Open, Some(6_500)),
            (true, 3_000, Open, Some(3_500)),
            (true, 5_000, Open, Some(2_450)),
            (true, 59_999, Open, Some(2_450)),
            (false, 0, Open, Some(1_800)),
            (false, 59_999, Open, Some(1_800)),
            (true, 60_000, Open, Some(5_000)),
            (false, 0, Idle, Some(5_000)),
            (false, 300_000, Open, Some(10_000)),
            (false, 86_400_000, Idle, Some(10_000)),
            (true, 0, Told, None),
        ] {
            let polling = Polling { is_new_code, ..Polling::default() };
            assert_eq!(polling.wait_ms(at(attended_ms), hazard), want_ms);
            let Some(want_ms) = want_ms else { continue };
            let mut rng = Rng::with_seed(7);
            let waits: Vec<_> = (0..200).map(|_| jittered_ms(want_ms, &mut rng)).collect();
            assert!(waits.iter().all(|wait| (want_ms * 4 / 5..=want_ms * 6 / 5).contains(wait)));
            assert!(waits.iter().any(|wait| wait < &want_ms) && waits.iter().any(|wait| wait > &want_ms));
        }
    }

    #[test]
    fn the_platform_is_asked_by_time() {
        let mut polling = Polling::default();
        assert_eq!(sent(&mut polling, 1, at(0)), Call::Order { verify: false, fresh: false });
        assert_eq!(sent(&mut polling, 2, at(20_000)), Call::Order { verify: false, fresh: false });
        assert_eq!(
            sent(&mut polling, 3, at(29_000)),
            Call::Order { verify: true, fresh: false },
            "the next is too late"
        );
        assert_eq!(sent(&mut polling, 4, at(49_000)), Call::Order { verify: false, fresh: false });
        let mut rng = Rng::with_seed(7);
        polling.plan(at(49_000), Hazard::Told, &mut rng);
        assert!((at(56_000)..=at(59_000)).contains(&polling.lane.due), "while events tell, only that is asked");
        polling.plan(at(57_000), Hazard::Idle, &mut rng);
        assert!(polling.lane.due <= at(59_000), "and nothing puts it off");
        let failure = Failure::TimedOut { detail: "GET /api/orders/T1".into() };
        polling.lane.failed(failure, &ServerClock::default(), at(59_000), &mut rng);
        let backed_off = polling.lane.due;
        polling.plan(at(59_000), Hazard::Told, &mut rng);
        assert_eq!(polling.lane.due, backed_off, "but an error's back-off");
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
        assert_eq!(sent(&mut polling, 1, at(0)), Call::Order { verify: false, fresh: false });
        assert_eq!(polling.next(), None);
        assert!(polling.lane.answered(Stamp(2)).is_none());
        assert!(polling.lane.answered(Stamp(1)).is_some());
        polling.urge();
        assert_eq!(polling.next(), Some(at(GAP_MIN_MS)));
        let call = sent(&mut polling, 2, at(GAP_MIN_MS));
        assert_eq!(call, Call::Order { verify: true, fresh: false }, "urgent requests have the platform asked");
    }

    #[test]
    fn a_now_that_stands_still_is_a_caches() {
        let server = Timestamp::from_millis;
        let mut polling = Polling::default();
        assert!(!polling.is_standing(server(5_000), at(0), at(40)));
        assert!(!polling.is_standing(server(5_000), at(1_039), at(1_060)), "a clock of whole seconds may say so");
        assert!(polling.is_standing(server(5_000), at(1_040), at(1_060)));
        assert_eq!(sent(&mut polling, 1, at(2_000)), Call::Order { verify: false, fresh: true });
        let mut polling = Polling::default();
        for step in 0..10 {
            let now = at(step * 2_000);
            assert!(!polling.is_standing(server(5_000 + i64::try_from(step).unwrap()), now, now), "it moves");
        }
    }
}
