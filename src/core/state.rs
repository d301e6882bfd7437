//! All that the cashier knows.

use fastrand::Rng;

use crate::contract::{Order, OrderStatus, ProblemCode, Timestamp};

use super::attempt::{Asking, Attempt, Code};
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
    /// What an earlier visit asked for, until the order is known.
    pub(super) recalled: Option<Asking>,
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
    /// The cashier has stopped for good.
    pub(super) stopped: Option<Trouble>,
    /// What the shell was last told of the next moment.
    pub(super) wake: Option<Instant>,
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
            options,
            clock: ServerClock::default(),
            last_stamp: Stamp::default(),
            asked: 0,
            order: None,
            polling: Polling::default(),
            attempt: Attempt::None,
            payments: Lane::default(),
            recalled: None,
            confirming: None,
            not_received_until: None,
            over_since: None,
            late: false,
            leaving: Leaving::NotYet,
            stream: Stream::Off { again_at: Instant::ZERO },
            visible: true,
            online: true,
            stopped,
            wake: None,
            ended: false,
        }
    }

    /// The order's status as the backend last said, if it said one.
    pub fn status(&self) -> Option<OrderStatus> {
        self.order.as_ref().map(|order| order.status)
    }

    /// Whether nothing more can happen to this cashier's order here: paid, refunded, or stopped.
    pub fn is_final(&self) -> bool {
        self.stopped.is_some() || matches!(self.status(), Some(OrderStatus::Paid | OrderStatus::Refunded))
    }

    /// Whether the cashier rests: the order is over and its grace time too. The payer can still have it asked.
    pub fn is_resting(&self, now: Instant) -> bool {
        self.over_since.is_some_and(|since| now.since(since) >= GRACE_MS) && !self.polling.is_urgent()
    }

    /// Whether requests may go out: somebody can look at the page, or it stands on a counter.
    pub(super) fn is_awake(&self) -> bool {
        self.visible || self.options.surface == Surface::Counter
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

    /// Until when a code works: its own time, and never beyond the order's.
    pub(super) fn deadline(&self, code: &Code) -> Option<Timestamp> {
        let order = self.order.as_ref().map(|order| order.expires_at);
        code.expires_at.into_iter().chain(order).min()
    }

    /// Milliseconds that a code still works; None once it may have expired.
    pub(super) fn code_left_ms(&self, code: &Code, now: Instant) -> Option<u64> {
        self.deadline(code).map_or(Some(u64::MAX), |deadline| self.clock.left_ms(deadline, now))
    }
}
