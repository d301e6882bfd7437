//! All that the cashier knows.

use fastrand::Rng;

use crate::contract::{Method, MethodOffer, Order, OrderStatus, ProblemCode, Timestamp};

use super::attempt::{Attempt, Code};
use super::kept::Kept;
use super::polling::{GRACE_MS, Lane, Polling};
use super::{Instant, Options, ServerClock, Stamp, Surface, Trouble};

/// All that the cashier knows. [`update`](super::update) changes it, [`State::screen`] shows it.
#[derive(Clone, Debug)]
pub struct State {
    pub(super) options: Options,
    pub(super) rng: Rng,
    pub(super) clock: ServerClock,
    pub(super) last_stamp: Stamp,
    /// Payments asked for in this visit.
    pub(super) asked: u32,
    /// The latest answer about the order.
    pub(super) order: Option<Order>,
    pub(super) polling: Polling,
    pub(super) attempt: Attempt,
    pub(super) payments: Lane,
    /// What an earlier visit kept, and what this one keeps.
    pub(super) kept: Kept,
    /// The key in `kept` is of an earlier visit, and has not been asked with yet.
    pub(super) recalled: bool,
    /// The payer's address as the login left it, until the backend has it.
    pub(super) login_url: Option<String>,
    /// The way to pay that the payer chose.
    pub(super) chosen: Option<Method>,
    /// The way of the payment at hand, as it was offered.
    pub(super) paying_by: Option<MethodOffer>,
    pub(super) link: LinkState,
    /// The payer cancelled the last payment.
    pub(super) cancelled: bool,
    /// The order is asked about before paying is offered again: answers to requests sent before this do not count.
    pub(super) recheck: Option<Instant>,
    /// How often WeChat failed.
    pub(super) wechat_failures: u32,
    /// Something was copied, or could not be: the payer is told so until then.
    pub(super) copied_until: Option<Instant>,
    /// What could not be copied.
    pub(super) uncopied: Option<String>,
    pub(super) confirming: Option<Confirming>,
    /// WeChat was asked and knew of no payment: the payer is told so until then.
    pub(super) not_received_until: Option<Instant>,
    /// Since when the order can no longer be paid.
    pub(super) over_since: Option<Instant>,
    /// It was paid after it had been over.
    pub(super) late: bool,
    pub(super) leaving: Leaving,
    pub(super) stream: Stream,
    pub(super) visible: bool,
    pub(super) online: bool,
    /// The page around the cashier wants the order closed.
    pub(super) closing: bool,
    /// The cashier has stopped for good.
    pub(super) stopped: Option<Trouble>,
    /// What the shell was last told of the next moment.
    pub(super) wake: Option<Instant>,
    /// The shell was told where to measure, or there was nowhere to.
    pub(super) measured: bool,
    /// Everything is called off, after the end.
    pub(super) ended: bool,
}

/// The payer says that he has paid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Confirming {
    pub(super) since: Instant,
    /// WeChat has been asked since, and knew of no payment.
    pub(super) denied: bool,
}

impl Confirming {
    /// The payer's word is followed up for so long at least, in milliseconds: callbacks take seconds to arrive.
    pub(super) const SPAN_MS: u64 = 10_000;
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

/// Going back to the shop after payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaving {
    /// Not paid yet, or not looked at, or nowhere to go.
    NotYet,
    /// At this time.
    At(Instant),
    /// The payer wants to stay, or has been sent off.
    Done,
}

/// Server-sent events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// Not listening; not to be tried before.
    Off { again_at: Instant },
    /// The connection is being made.
    Opening,
    /// It stands.
    Open,
}

impl State {
    /// A cashier that has not begun.
    pub fn new(options: Options) -> Self {
        let stopped = options.order_id.is_empty().then_some(Trouble::MissingOrder);
        Self {
            rng: Rng::with_seed(options.seed),
            login_url: options.login_url.clone(),
            options,
            clock: ServerClock::default(),
            last_stamp: Stamp::default(),
            asked: 0,
            order: None,
            polling: Polling::default(),
            attempt: Attempt::None,
            payments: Lane::default(),
            kept: Kept::default(),
            recalled: false,
            chosen: None,
            paying_by: None,
            link: LinkState::Unknown,
            cancelled: false,
            recheck: None,
            wechat_failures: 0,
            copied_until: None,
            uncopied: None,
            confirming: None,
            not_received_until: None,
            over_since: None,
            late: false,
            leaving: Leaving::NotYet,
            stream: Stream::Off { again_at: Instant::ZERO },
            visible: true,
            online: true,
            closing: false,
            stopped,
            wake: None,
            measured: false,
            ended: false,
        }
    }

    /// The order's status as the backend last said, if it said one.
    pub fn status(&self) -> Option<OrderStatus> {
        self.order.as_ref().map(|order| order.status.clone())
    }

    /// Whether nothing more can happen to this cashier's order here: paid, refunded, or stopped.
    pub fn is_final(&self) -> bool {
        self.stopped.is_some() || matches!(self.status(), Some(OrderStatus::Paid | OrderStatus::Refunded))
    }

    /// Whether the cashier rests: the order is over and its grace time too. The payer can still have it asked.
    pub fn is_resting(&self, now: Instant) -> bool {
        self.over_since.is_some_and(|since| now.since(since) >= GRACE_MS) && !self.polling.is_urgent()
    }

    /// Whether requests may go out: somebody can look at the page, or it stands in a shop.
    pub(super) fn is_awake(&self) -> bool {
        self.visible || self.options.surface != Surface::Payer
    }

    /// The ways to pay that the order offers and that work here, the best first.
    pub(super) fn ways(&self) -> Vec<MethodOffer> {
        let environment = self.options.environment.unwrap_or_default();
        let Some(order) = &self.order else { return Vec::new() };
        let ways = environment.ways(self.options.surface, &order.methods);
        if self.options.methods.is_empty() {
            return ways;
        }
        let wanted = self.options.methods.iter();
        wanted.filter_map(|id| ways.iter().find(|way| way.method.id() == id)).cloned().collect()
    }

    /// The way to pay at hand: of the payment that there is, whatever is offered by now; else the payer's choice, or the best.
    pub(super) fn way(&self) -> Option<MethodOffer> {
        if self.paying_by.is_some()
            && !matches!(self.attempt, Attempt::None | Attempt::Failed { .. } | Attempt::Over(_))
        {
            return self.paying_by.clone();
        }
        let mut ways = self.ways();
        let chosen = self.chosen.as_ref().and_then(|chosen| ways.iter().position(|way| way.method == *chosen));
        if ways.is_empty() { None } else { Some(ways.swap_remove(chosen.unwrap_or(0))) }
    }

    /// Whether the order can no longer be paid, as far as is known.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        let by_status = self.status() == Some(OrderStatus::Closed);
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
}
