//! What the page was told since it was loaded, kept apart from the core's own memory.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use wechat_cashier::contract::{
    Action, Failure, Method, Money, Order, OrderAnswer, OrderStatus, PaymentRequest, ProblemCode, RetryAfter, Settled,
    Timestamp,
};
use wechat_cashier::core::{Body, Event, HostEvent, Instant, LinkEvent, PageEvent, Screen, Stage, Stamp, Tap, Trouble};

use super::World;
use crate::backend::ORDER;
use crate::wechat::{NOISE, What};

/// What this page was told since it was loaded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) paid: bool,
    /// How the order stands.
    pub(super) status: Option<OrderStatus>,
    pub(super) amount: Option<Money>,
    pub(super) amount_changed: bool,
    /// By which way the backend says that it was paid.
    pub(super) paid_by: Option<Method>,
    /// The earliest that the page may take the order for over.
    pub(super) over_since: Option<Instant>,
    /// Until when the backend asked not to be asked: for the order, for a payment.
    pub(super) held_until: [Instant; 2],
    /// For each payment, the last request that had gone out when the page learned of it.
    known_since: BTreeMap<String, Stamp>,
    pub(super) replaced: BTreeSet<String>,
    /// A request for the order was answered, in whatever way.
    pub(super) order_answered: bool,
    /// Keys whose request failed.
    pub(super) failed_keys: BTreeSet<String>,
    /// Idempotency keys used, with what was asked, and how many may be.
    pub(crate) keys: BTreeMap<String, PaymentRequest>,
    pub(super) keys_allowed: usize,
    /// An earlier visit left something.
    pub(super) remembered: bool,
    /// A tap that may ask for a payment, with no key of its own yet.
    pub(super) wanted: bool,
    /// When requests for the order went out.
    pub(crate) asked_at: Vec<Instant>,
    /// The call under way.
    pub(super) calling: Option<Stamp>,
    /// The last word that paying had not gone well, or may have: the order is to be asked about before the next call.
    pub(super) doubt: Option<Instant>,
    /// The end of the order's time, as the page was last told.
    pub(super) expires_at: Option<Timestamp>,
    pub(super) wakes: VecDeque<Instant>,
}

impl Told {
    /// Notes that one more payment may be asked for.
    pub(super) fn allow(&mut self) {
        self.keys_allowed = self.keys_allowed.max(self.keys.len() + 1);
    }
}

impl World {
    /// Notes what a tap allows, on the screen that it is made on.
    pub(super) fn hear_tap(&mut self, tap: &Tap) {
        let Screen { body, .. } = &self.screen;
        let asks = match tap {
            Tap::Pay => matches!(body, Body::Pay { stage: Stage::Ready, .. }),
            Tap::Again => !matches!(body, Body::Loading | Body::TakeCode { .. } | Body::AwaitPayer { .. }),
            Tap::Retry => !matches!(body, Body::Scan { .. } | Body::Loading),
            Tap::Choose(method) => self.screen.other_ways().any(|way| way.method == *method),
            Tap::Code(_) => matches!(body, Body::TakeCode { .. }),
            Tap::HavePaid | Tap::Back | Tap::Stay | Tap::Leave | Tap::CopyLink | Tap::CopyTrouble => false,
        };
        if asks {
            self.told.wanted = true;
            self.told.allow();
        }
        if let Tap::Retry | Tap::Choose(_) = tap
            && self.told.calling.take().is_some()
            && *tap == Tap::Retry
        {
            self.told.doubt = Some(self.now);
        }
        if let (Tap::Pay, Body::Pay { stage: Stage::Ready, .. }) = (tap, body) {
            self.logins = 0;
        }
        if let (Tap::Retry, Body::Trouble(Trouble::LoginLoop | Trouble::Wechat { .. })) = (tap, body) {
            self.logins = 0;
        }
    }

    /// Notes what an event that is waited for tells the page.
    pub(super) fn hear(&mut self, event: &Event) {
        match event {
            Event::Order { stamp, result: Ok(answer) } => self.hear_answer(answer, Some(*stamp)),
            Event::Order { result: Err(failure), .. } => self.hear_no(failure, 0),
            Event::Payment { result: Ok(payment), .. } => {
                self.told.doubt = None;
                if matches!(payment.action, Action::InvokeJsapi { .. }) {
                    self.logins = 0;
                }
                self.hear_payment(&payment.payment_id, true);
            }
            Event::Payment { result: Err(failure), .. } => self.hear_no(failure, 1),
            Event::Called { stamp, said } if self.told.calling == Some(*stamp) => {
                let opened = self.wechat.calls.iter().find(|opened| opened.stamp == *stamp);
                let mini_program = opened.is_some_and(|opened| matches!(opened.what, What::MiniProgram(_)));
                if mini_program || !NOISE.contains(&said.as_str()) {
                    self.told.calling = None;
                    let said = said.to_ascii_lowercase();
                    let settled = !said.ends_with(":ok") && !said.ends_with(":cancel");
                    self.told.doubt = self.told.doubt.filter(|_| settled).or((!settled).then_some(self.now));
                }
            }
            Event::Host(HostEvent::First { order: Ok(order), asked }) => {
                let known = asked.is_some_and(|asked| self.now.since(asked) < 10_000);
                let doubted = matches!(self.screen.body, Body::Confirming { .. }) || self.told.doubt.is_some();
                if known && !doubted {
                    self.hear_order(order, None);
                }
            }
            Event::Host(HostEvent::Retry) => self.hear_tap(&Tap::Retry),
            Event::Host(HostEvent::Token) => self.told.allow(),
            Event::Page(PageEvent::Restored) => {
                self.told.calling = None;
                self.told.doubt = Some(self.now);
            }
            // The bridge came late, so that the payment that was given up for it is asked for again.
            Event::Link(LinkEvent::Ready) => {
                if let Body::Trouble(Trouble::Wechat { .. }) | Body::Confirming { .. } = self.screen.body {
                    self.told.allow();
                }
            }
            _ => {}
        }
    }

    pub(super) fn hear_answer(&mut self, answer: &OrderAnswer, stamp: Option<Stamp>) {
        match answer {
            OrderAnswer::Whole(order) => self.hear_order(order, stamp),
            OrderAnswer::Settled(settled) => self.hear_settled(settled),
        }
    }

    fn hear_settled(&mut self, settled: &Settled) {
        if settled.order_id != ORDER || self.state.is_final() {
            return;
        }
        self.told.paid |= settled.status == OrderStatus::Paid;
        self.told.status = Some(settled.status.clone());
        self.told.amount = settled.amount.or(self.told.amount);
        self.told.paid_by.clone_from(&settled.paid_by);
    }

    pub(super) fn hear_order(&mut self, order: &Order, stamp: Option<Stamp>) {
        if order.order_id != ORDER || self.state.is_final() {
            return;
        }
        self.told.paid |= order.status == OrderStatus::Paid;
        self.told.expires_at = Some(order.expires_at);
        self.told.status = Some(order.status.clone());
        if matches!(order.status, OrderStatus::Paid | OrderStatus::Refunded) {
            // Once it is paid, the amount is what the backend says then.
            self.told.amount = Some(order.amount);
            self.told.paid_by.clone_from(&order.paid_by);
        }
        self.told.amount_changed |= *self.told.amount.get_or_insert(order.amount) != order.amount;
        if order.status == OrderStatus::Closed {
            self.told.over_since.get_or_insert(self.now);
        }
        let Some(latest) = &order.payment else { return };
        let place = self.backend.minted.iter().position(|minted| minted.id == latest.payment_id);
        for (older, minted) in self.backend.minted.iter().enumerate() {
            let known = self.told.known_since.get(&minted.id);
            let asked_since = known.zip(stamp).is_some_and(|(known, asked)| *known < asked);
            if Some(older) < place && asked_since && minted.asked.method == latest.method {
                self.told.replaced.insert(minted.id.clone());
            }
        }
        if stamp.is_some() {
            self.hear_payment(&latest.payment_id, false);
        }
    }

    fn hear_payment(&mut self, id: &str, asked_for: bool) {
        self.told.known_since.insert(id.to_owned(), self.last_stamp);
        // To a key that it knows the backend gives the payment it made then, dead or not. That is its latest word, and the
        // next answer about the order sets it right.
        if asked_for {
            self.told.replaced.remove(id);
        }
    }

    fn hear_no(&mut self, failure: &Failure, kind: usize) {
        let Failure::Refused { problem, retry_after, .. } = failure else { return };
        if kind == 1 && matches!(problem.code, ProblemCode::OrderClosed | ProblemCode::OrderExpired) {
            self.told.over_since.get_or_insert(self.now);
        }
        // A payment that is refused for good is not held back, but asked for again only by a tap.
        let passing = matches!(
            problem.code,
            ProblemCode::RateLimited | ProblemCode::UpstreamUnavailable | ProblemCode::ServerError
        );
        if kind == 0 || passing {
            let until = match retry_after {
                Some(RetryAfter::Millis(ms)) => self.now + *ms,
                Some(RetryAfter::At(at)) if self.told.amount.is_some() => {
                    self.now + u64::try_from(at.millis() - self.backend.clock(self.now).millis()).unwrap_or(0)
                }
                _ => Instant::ZERO,
            };
            let held = &mut self.told.held_until[kind];
            *held = (*held).max(until);
        }
    }
}
