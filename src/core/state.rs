//! All that the cashier knows.

use fastrand::Rng;

use crate::contract::{Method, MethodOffer, Order, OrderStatus, ProblemCode, Settled, Timestamp};

use super::attempt::{Attempt, Code};
use super::claim::Claim;
use super::kept::Kept;
use super::navigation::Navigations;
use super::polling::{GRACE_MS, Hazard, Lane, Polling};
use super::stream::Stream;
use super::told::Told;
use super::{Instant, Options, ServerClock, Stamp, Status, Surface, Trouble};

/// All that the cashier knows. [`update`](super::update) changes it, [`State::screen`] shows it.
///
/// Each field is one thing with its own states; what two fields could say only together stands in one of them.
#[derive(Clone, Debug)]
pub struct State {
    pub(super) options: Options,
    pub(super) rng: Rng,
    pub(super) clock: ServerClock,
    pub(super) last_stamp: Stamp,
    /// The latest answer about the order.
    pub(super) order: Option<Order>,
    /// An answer that says how it ended, and little else that could be read, with no order known before.
    pub(super) settled: Option<Settled>,
    /// The backend has said that a payment can be made: what the screen offers since then stays, whatever word comes later.
    pub(super) was_payable: bool,
    pub(super) polling: Polling,
    pub(super) payments: Lane,
    pub(super) attempt: Attempt,
    pub(super) visit: Visit,
    pub(super) wechat: Wechat,
    /// Whether the payer, or WeChat, says that it is paid.
    pub(super) claim: Claim,
    /// The order is asked about before paying is offered again: answers to requests sent before this do not count.
    pub(super) recheck: Option<Instant>,
    pub(super) copied: Option<Copied>,
    /// Since when the order can no longer be paid.
    pub(super) over_since: Option<Instant>,
    /// How it ended, once nothing more can happen.
    pub(super) end: Option<End>,
    pub(super) navigations: Navigations,
    pub(super) stream: Stream,
    /// A stream of events has stood: what is wrong with one since then may pass.
    pub(super) has_streamed: bool,
    pub(super) page: Page,
    /// What the page around the cashier has been told.
    pub(super) told: Told,
    /// What the shell was last told of the next moment.
    pub(super) wake: Option<Instant>,
}

/// This visit, and what it goes on from.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    /// What an earlier visit kept, and what this one keeps.
    pub(super) kept: Kept,
    /// The payer's address as the login left it, until the backend has it.
    pub(super) login_url: Option<String>,
    /// The way to pay that the payer chose.
    pub(super) chosen: Option<Method>,
    /// Payments asked for in this visit.
    pub(super) asked: u32,
}

/// WeChat, as far as this page has met it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wechat {
    pub(super) link: LinkState,
    /// How often it failed.
    pub(super) failures: u32,
}

/// The way to WeChat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkState {
    /// Not looked for.
    Unknown,
    /// Looked for, until then.
    Waiting { until: Instant },
    /// It can be called.
    Ready,
    /// It is not there.
    Missing,
}

/// What the payer wanted copied: said so for a while.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    pub(super) until: Instant,
    /// The text, where it could not be copied.
    pub(super) by_hand: Option<String>,
}

/// How it ended.
#[derive(Clone, Debug)]
pub(super) enum End {
    /// The cashier has stopped for good.
    Stopped(Trouble),
    /// The order is paid.
    Paid {
        /// It was paid after it had been over.
        late: bool,
        leaving: Leaving,
    },
    /// The order was paid, and the money went back.
    Refunded,
}

/// Going back to the shop after payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// Not looked at, or nowhere to go.
    NotYet,
    /// At this time.
    At(Instant),
    /// The payer wants to stay, or has been sent off.
    Done,
}

/// How the page stands in the browser.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) visible: bool,
    pub(super) online: bool,
}

impl State {
    /// A cashier that has not begun.
    pub fn new(options: Options) -> Self {
        let end = options.order_id.is_empty().then_some(End::Stopped(Trouble::MissingOrder));
        Self {
            rng: Rng::with_seed(options.seed),
            clock: ServerClock::default(),
            last_stamp: Stamp::default(),
            order: None,
            settled: None,
            was_payable: false,
            polling: Polling::default(),
            payments: Lane::default(),
            attempt: Attempt::None,
            visit: Visit { kept: Kept::default(), login_url: options.login_url.clone(), chosen: None, asked: 0 },
            wechat: Wechat { link: LinkState::Unknown, failures: 0 },
            claim: Claim::None,
            recheck: None,
            copied: None,
            over_since: None,
            end,
            navigations: Navigations::default(),
            stream: Stream::default(),
            has_streamed: false,
            page: Page { visible: true, online: true },
            told: Told::default(),
            wake: None,
            options,
        }
    }

    /// The order's status as the backend last said, if it said one.
    pub fn status(&self) -> Option<&OrderStatus> {
        self.order.as_ref().map(|order| &order.status)
    }

    /// Whether nothing more can happen to this cashier's order here: paid, refunded, or stopped.
    pub fn is_final(&self) -> bool {
        self.end.is_some()
    }

    /// Whether the cashier rests: the order is over and its grace time too. The payer can still have it asked.
    pub fn is_resting(&self, now: Instant) -> bool {
        self.over_since.is_some_and(|since| now.since(since) >= GRACE_MS) && !self.polling.is_urgent()
    }

    /// Whether requests may go out: somebody can look at the page, or it stands in a shop.
    pub(super) fn is_awake(&self) -> bool {
        self.page.visible || self.options.surface != Surface::Payer
    }

    /// Whether the platform is asked with every question: somebody's word, or a payer's code, waits for its answer.
    pub(super) fn is_confirming(&self) -> bool {
        self.claim.is_followed()
            || self.recheck.is_some()
            || matches!(self.attempt, Attempt::Over(ProblemCode::OrderPaid) | Attempt::Waiting(_))
    }

    /// How likely it is that the order is paid soon, and how this page hears of it.
    pub(super) fn hazard(&self, now: Instant) -> Hazard {
        match &self.attempt {
            _ if self.is_confirming() => Hazard::Open,
            _ if self.stream.is_trusted(now) => Hazard::Told,
            _ if self.claim != Claim::None => Hazard::Open,
            Attempt::None | Attempt::LogIn(_) => Hazard::Idle,
            Attempt::Ready(ready) if !ready.is_calling() => Hazard::Idle,
            _ => Hazard::Open,
        }
    }

    /// The ways to pay that the order offers and that work here, the best first.
    pub(super) fn ways(&self) -> Vec<&MethodOffer> {
        let environment = self.options.environment.unwrap_or_default();
        let Some(order) = &self.order else { return Vec::new() };
        let ways = environment.ways(self.options.surface, &order.methods);
        if self.options.methods.is_empty() {
            return ways;
        }
        let wanted = self.options.methods.iter();
        wanted.filter_map(|id| ways.iter().copied().find(|way| way.method.id() == id)).collect()
    }

    /// The way to pay at hand: of the payment that there is, whatever is offered by now; else the payer's choice, or the best.
    pub(super) fn way(&self) -> Option<&MethodOffer> {
        self.attempt.way().or_else(|| {
            let ways = self.ways();
            let chosen = self.visit.chosen.as_ref();
            ways.iter().find(|way| Some(&way.method) == chosen).or(ways.first()).copied()
        })
    }

    /// The way to pay at hand.
    pub(super) fn method(&self) -> Option<&Method> {
        self.way().map(|way| &way.method)
    }

    /// Whether the backend says that a payment can be made now. An order whose status is a word of its own, such as a
    /// platform's, is not known to be payable.
    pub(super) fn is_payable(&self) -> bool {
        self.status() == Some(&OrderStatus::Pending)
    }

    /// Whether the order can no longer be paid, as far as is known.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        let by_status = self.status() == Some(&OrderStatus::Closed);
        let by_refusal = matches!(self.attempt, Attempt::Over(ProblemCode::OrderClosed | ProblemCode::OrderExpired));
        by_status || by_refusal || self.has_expired(now)
    }

    /// Whether the order's own time is up.
    pub(super) fn has_expired(&self, now: Instant) -> bool {
        self.order.as_ref().is_some_and(|order| self.clock.left_ms(order.expires_at, now).is_none())
    }

    /// Until when a payment works: its own time, and never beyond the order's.
    pub(super) fn deadline(&self, expires_at: Option<Timestamp>) -> Option<Timestamp> {
        let order = self.order.as_ref().map(|order| order.expires_at);
        expires_at.into_iter().chain(order).min()
    }

    /// Milliseconds that a payment still works; None once it may have expired.
    pub(super) fn left_ms(&self, expires_at: Option<Timestamp>, now: Instant) -> Option<u64> {
        self.deadline(expires_at).map_or(Some(u64::MAX), |deadline| self.clock.left_ms(deadline, now))
    }

    /// Milliseconds that a code still works; None once it may have expired.
    pub(super) fn code_left_ms(&self, code: &Code, now: Instant) -> Option<u64> {
        self.left_ms(code.expires_at, now)
    }

    /// What the page around the cashier was told once, as text: for the cashier that takes this one's place in the page, so that
    /// it is not told again ([`Event::Start`](super::Event::Start)).
    pub fn told(&self) -> String {
        self.told.to_text()
    }

    /// How the order stands, as the page around the cashier was last told.
    pub fn told_status(&self) -> Status {
        self.told.status()
    }
}
