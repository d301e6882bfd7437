//! From an event to the next state and what the shell is to do.

use crate::contract::{
    DecodeError, Failure, Method, Order, OrderStatus, Payment, PaymentRequest, Problem, ProblemCode,
};

use super::attempt::{Asking, Attempt, Code};
use super::polling::{self, InFlight};
use super::state::{Confirming, Leaving, Stream};
use super::{Call, Effect, Event, Instant, PageEvent, Stamp, State, StreamEvent, Tap, Trouble, allow};

/// How long "WeChat knows of no payment yet" stays, in milliseconds.
const NOT_RECEIVED_MS: u64 = 20_000;
/// A broken event stream is tried again after this, in milliseconds; asking goes on meanwhile.
const LISTEN_AGAIN_MS: u64 = 15_000;

/// Takes what happened at `now` into the state, and says what the shell is to do, in this order.
pub fn update(state: &mut State, event: Event, now: Instant) -> Vec<Effect> {
    let mut step = Step { state, now, effects: Vec::new() };
    step.take(event);
    step.settle();
    step.effects
}

/// One event being taken in.
struct Step<'a> {
    state: &'a mut State,
    now: Instant,
    effects: Vec<Effect>,
}

impl Step<'_> {
    fn take(&mut self, event: Event) {
        match event {
            Event::Start { remembered } => {
                self.state.polling.attend(self.now);
                self.state.recalled = remembered.as_deref().and_then(Asking::recall);
            }
            Event::Wake => self.state.wake = None,
            Event::Order { stamp, result } => {
                if let Some(request) = self.state.polling.lane.answered(stamp) {
                    self.order_answered(request, result);
                }
            }
            Event::Payment { stamp, result } => {
                if self.state.payments.answered(stamp).is_some() {
                    self.payment_answered(result);
                }
            }
            Event::Stream(news) => self.stream(news),
            Event::Page(news) => self.page(news),
            Event::Tap(tap) => {
                self.state.polling.attend(self.now);
                self.tap(tap);
            }
        }
    }

    // ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    fn order_answered(&mut self, request: InFlight, result: Result<Box<Order>, Failure>) {
        match result.and_then(|order| self.of_this_order(order)) {
            Ok(order) => {
                self.state.clock.learn(order.now, request.sent, self.now);
                let listening = self.state.stream == Stream::Open;
                self.state.polling.succeeded(self.now, listening, &mut self.state.rng);
                let unpaid = !matches!(order.status, OrderStatus::Paid | OrderStatus::Refunded);
                if let Some(confirming) = self.state.confirming.as_mut().filter(|_| request.verify && unpaid) {
                    confirming.denied |= request.sent >= confirming.since;
                }
                self.order(*order, Some(request.stamp));
            }
            Err(failure) => {
                self.state.polling.lane.failed(failure, &self.state.clock, self.now, &mut self.state.rng);
            }
        }
    }

    /// An answer about some other order says nothing about this one.
    fn of_this_order(&self, order: Box<Order>) -> Result<Box<Order>, Failure> {
        if order.order_id == self.state.options.order_id {
            return Ok(order);
        }
        let reason = ["expected \"", &self.state.options.order_id, "\", got \"", &order.order_id, "\""].concat();
        Err(Failure::Unreadable(DecodeError { path: "order_id".to_owned(), reason }))
    }

    /// The backend's word about the order: the answer to the request of this stamp, or unasked.
    fn order(&mut self, mut order: Order, answers: Option<Stamp>) {
        if let Some(known) = &self.state.order {
            if known.amount != order.amount {
                let trouble = Trouble::AmountChanged { shown: known.amount, came: order.amount };
                self.state.stopped = Some(trouble);
                return;
            }
            self.state.late = known.status == OrderStatus::Closed;
        }
        if matches!(self.state.attempt, Attempt::Failed { trouble: Trouble::NoMethod, .. }) {
            self.state.attempt = Attempt::None;
        }
        let resumed = order.payment.take();
        if order.status == OrderStatus::Paid {
            self.state.late |= order.paid_at.is_some_and(|paid_at| paid_at >= order.expires_at);
            self.effects.push(Effect::Paid);
        }
        self.state.order = Some(order);
        if let Some(payment) = resumed.filter(|payment| payment.method == Method::Native) {
            self.resumed(payment, answers);
        }
    }

    /// The order's latest payment, as an answer about the order has it.
    fn resumed(&mut self, payment: Payment, answers: Option<Stamp>) {
        let known_since = self.state.last_stamp;
        match &self.state.attempt {
            Attempt::Asking(_) | Attempt::Over(_) => {}
            Attempt::Code(code) => {
                let same = code.payment_id == payment.payment_id;
                match answers {
                    Some(stamp) if same || stamp > code.known_since => match Code::of(payment, known_since) {
                        Ok(code) => self.state.attempt = Attempt::Code(code),
                        Err(trouble) => self.state.attempt = Attempt::failed(trouble),
                    },
                    // Whether unasked news is older than the code cannot be told: ask.
                    None if !same => self.state.polling.urge(),
                    Some(_) | None => {}
                }
            }
            Attempt::None | Attempt::Failed { .. } => {
                let replaces = payment.payment_id.clone();
                match Code::of(payment, known_since) {
                    Ok(code) if self.state.code_left_ms(&code, self.now).is_some() => {
                        self.state.recalled = None;
                        self.state.attempt = Attempt::Code(code);
                    }
                    // A payer who opens the page wants a code that works.
                    Ok(_) if matches!(self.state.attempt, Attempt::None) && self.state.recalled.is_none() => {
                        self.ask_for_payment(Some(replaces));
                    }
                    Ok(_) => {}
                    Err(trouble) => self.state.attempt = Attempt::failed(trouble),
                }
            }
        }
    }

    fn payment_answered(&mut self, result: Result<Payment, Failure>) {
        let Attempt::Asking(asking) = &self.state.attempt else { return };
        let asking = asking.clone();
        match result {
            // Its `now` is not learned from: to a key that it knows, a backend may give the stored answer of back then.
            Ok(payment) => {
                self.state.payments.restart(self.now);
                match Code::of(payment, self.state.last_stamp) {
                    // The key was of an earlier visit, and what it stood for has died meanwhile.
                    Ok(code) if asking.recalled && self.state.code_left_ms(&code, self.now).is_none() => {
                        self.ask_for_payment(Some(code.payment_id));
                    }
                    Ok(code) => self.state.attempt = Attempt::Code(code),
                    Err(trouble) => self.state.attempt = Attempt::failed(trouble),
                }
            }
            Err(failure) => self.payment_failed(failure, asking),
        }
    }

    fn payment_failed(&mut self, failure: Failure, asking: Asking) {
        if let Failure::Refused { problem: Problem { code, .. }, .. } = &failure {
            match code {
                // The order has moved on without this page: hear how.
                ProblemCode::OrderPaid | ProblemCode::OrderClosed | ProblemCode::OrderExpired => {
                    self.state.attempt = Attempt::Over(*code);
                    self.state.payments.restart(self.now);
                    self.state.polling.urge();
                    return;
                }
                // The backend may have forgotten what the recalled key stood for: ask afresh, once.
                ProblemCode::InvalidRequest if asking.recalled => {
                    self.state.payments.restart(self.now);
                    return self.ask_for_payment(None);
                }
                ProblemCode::OrderNotFound
                | ProblemCode::MethodUnavailable
                | ProblemCode::InvalidRequest
                | ProblemCode::Unauthorized => {
                    self.state.payments.restart(self.now);
                    // What was wrong with the request may be what it replaces.
                    let replaces = asking.replaces.filter(|_| *code != ProblemCode::InvalidRequest);
                    self.state.attempt = Attempt::Failed { trouble: failure.into(), replaces };
                    return;
                }
                ProblemCode::RateLimited | ProblemCode::UpstreamUnavailable | ProblemCode::ServerError => {}
            }
        }
        self.state.payments.failed(failure, &self.state.clock, self.now, &mut self.state.rng);
    }

    /// Begins to ask for a payment, with a key of its own.
    fn ask_for_payment(&mut self, replaces: Option<String>) {
        self.state.asked += 1;
        let asking = Asking::new(self.state.options.seed, self.state.asked, replaces);
        self.effects.push(Effect::Remember(Some(asking.to_text())));
        self.state.payments.restart(self.now);
        self.state.attempt = Attempt::Asking(asking);
    }

    // ── News ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    fn stream(&mut self, news: StreamEvent) {
        if matches!(self.state.stream, Stream::Off { .. }) || self.state.is_final() {
            return;
        }
        match news {
            StreamEvent::Opened => self.state.stream = Stream::Open,
            StreamEvent::Order(Ok(order)) => match self.of_this_order(order) {
                Ok(order) => self.order(*order, None),
                Err(_) => self.state.polling.urge(),
            },
            // What it meant to say is asked for.
            StreamEvent::Order(Err(_)) => self.state.polling.urge(),
            StreamEvent::Lost => {
                self.state.stream = Stream::Off { again_at: self.now + LISTEN_AGAIN_MS };
                self.state.polling.lane.hurry(self.now);
            }
        }
    }

    fn page(&mut self, news: PageEvent) {
        match news {
            PageEvent::Hidden => self.state.visible = false,
            PageEvent::Visible => self.back_in_view(|sent, now| now.since(sent) >= polling::DEAD_AFTER_MS),
            PageEvent::Restored => {
                if !matches!(self.state.stream, Stream::Off { .. }) {
                    self.state.stream = Stream::Off { again_at: self.now };
                    self.effects.push(Effect::Deafen);
                }
                self.back_in_view(|_, _| true);
            }
            PageEvent::Online => {
                self.state.online = true;
                self.state.polling.urge();
                self.state.payments.hurry(self.now);
            }
            PageEvent::Offline => self.state.online = false,
        }
    }

    /// What was under way when the page went out of view may never be answered.
    fn back_in_view(&mut self, is_dead: impl Fn(Instant, Instant) -> bool) {
        self.state.visible = true;
        self.state.polling.attend(self.now);
        self.state.polling.urge();
        self.state.payments.hurry(self.now);
        for lane in [&mut self.state.polling.lane, &mut self.state.payments] {
            if let Some(dead) = lane.in_flight.take_if(|request| is_dead(request.sent, self.now)) {
                self.effects.push(Effect::Cancel(dead.stamp));
            }
        }
    }

    fn tap(&mut self, tap: Tap) {
        if self.state.is_final() {
            if tap == Tap::Stay {
                self.state.leaving = Leaving::Done;
            }
            return;
        }
        match tap {
            Tap::HavePaid if self.state.order.is_some() => {
                self.state.confirming = Some(Confirming { since: self.now, denied: false });
                self.state.not_received_until = None;
                self.state.over_since = self.state.over_since.map(|_| self.now);
                self.state.polling.urge();
            }
            Tap::ShowCode => self.state.confirming = None,
            Tap::NewCode if !self.state.is_over(self.now) => {
                if let Attempt::Code(code) = &self.state.attempt {
                    let replaces = Some(code.payment_id.clone());
                    self.state.confirming = None;
                    self.state.not_received_until = None;
                    self.ask_for_payment(replaces);
                }
            }
            Tap::Retry => {
                match &self.state.attempt {
                    Attempt::Failed { replaces: Some(replaces), .. } if !self.state.is_over(self.now) => {
                        self.ask_for_payment(Some(replaces.clone()));
                    }
                    Attempt::Failed { .. } | Attempt::Over(_) => self.state.attempt = Attempt::None,
                    Attempt::Asking(_) => self.state.payments.hurry(self.now),
                    Attempt::None | Attempt::Code(_) => {}
                }
                self.state.polling.urge();
            }
            Tap::HavePaid | Tap::NewCode | Tap::Stay => {}
        }
    }

    // ── What follows ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// Carries out whatever the state makes due now, and says when to come back.
    fn settle(&mut self) {
        self.pass_moments();
        if self.state.is_final() {
            self.end();
        } else {
            self.begin_payment();
            self.send_payment();
            self.send_order();
            self.mind_stream();
        }
        let wake = self.next_moment();
        if wake != self.state.wake {
            self.state.wake = wake;
            self.effects.push(Effect::Wake(wake));
        }
    }

    fn pass_moments(&mut self) {
        let now = self.now;
        if self.state.is_over(now) {
            if self.state.over_since.is_none() {
                self.state.over_since = Some(now);
                self.state.polling.attend(now);
                self.state.polling.urge();
            }
        } else {
            self.state.over_since = None;
        }
        if self.state.confirming_ends_at().is_some_and(|end| end <= now) {
            self.state.confirming = None;
            self.state.not_received_until = Some(now + NOT_RECEIVED_MS);
        }
        self.state.not_received_until = self.state.not_received_until.filter(|end| *end > now);
        if self.state.is_resting(now) && self.state.polling.lane.in_flight.is_none() {
            self.state.confirming = None;
        }
    }

    /// Nothing more will be asked: everything is called off, and a paid order leads back to the shop.
    fn end(&mut self) {
        let state = &mut *self.state;
        if !state.ended {
            state.ended = true;
            for lane in [&mut state.polling.lane, &mut state.payments] {
                if let Some(request) = lane.in_flight.take() {
                    self.effects.push(Effect::Cancel(request.stamp));
                }
            }
            if !matches!(state.stream, Stream::Off { .. }) {
                self.effects.push(Effect::Deafen);
            }
            if state.order.is_some() {
                self.effects.push(Effect::Remember(None));
            }
        }
        if state.status() != Some(OrderStatus::Paid) || state.stopped.is_some() {
            return;
        }
        match (state.leaving, state.options.return_after_ms) {
            // The way back waits until somebody can see it coming.
            (Leaving::At(_), _) if !state.visible => state.leaving = Leaving::NotYet,
            (Leaving::At(at), _) if at <= self.now => {
                state.leaving = Leaving::Done;
                self.effects.extend(state.return_to().map(Effect::Go));
            }
            (Leaving::NotYet, Some(after_ms)) if state.visible && state.return_to().is_some() => {
                state.leaving = Leaving::At(self.now + after_ms);
            }
            (Leaving::NotYet | Leaving::At(_) | Leaving::Done, _) => {}
        }
    }

    fn begin_payment(&mut self) {
        let Some(order) = &self.state.order else { return };
        if !matches!(self.state.attempt, Attempt::None) || self.state.is_over(self.now) {
            return;
        }
        if !order.methods.iter().any(|offer| offer.method == Method::Native) {
            self.state.attempt = Attempt::failed(Trouble::NoMethod);
            return;
        }
        match self.state.recalled.take() {
            Some(asking) => {
                self.state.payments.restart(self.now);
                self.state.attempt = Attempt::Asking(asking);
            }
            None => self.ask_for_payment(None),
        }
    }

    fn send_payment(&mut self) {
        let Attempt::Asking(asking) = &self.state.attempt else { return };
        if !self.may_send(self.state.payments.next(), self.state.payments.failures == 0) {
            return;
        }
        let request = PaymentRequest {
            method: Method::Native,
            page_url: self.state.options.page_url.clone(),
            replaces: asking.replaces.clone(),
            auth_code: None,
        };
        let call = Call::Payment { key: asking.key.clone(), request };
        let stamp = self.state.last_stamp.next();
        self.state.payments.in_flight = Some(InFlight { stamp, sent: self.now, verify: false });
        self.effects.push(Effect::Send { stamp, call, timeout_ms: polling::PAYMENT_TIMEOUT_MS });
    }

    fn send_order(&mut self) {
        let first = self.state.order.is_none() && self.state.polling.lane.failures == 0;
        if !self.may_send(self.state.polling.next(), first) || self.state.is_resting(self.now) {
            return;
        }
        let stamp = self.state.last_stamp.next();
        let confirming =
            self.state.confirming.is_some() || matches!(self.state.attempt, Attempt::Over(ProblemCode::OrderPaid));
        let verify = self.state.polling.send(stamp, confirming, self.now);
        self.effects.push(Effect::Send { stamp, call: Call::Order { verify }, timeout_ms: polling::ORDER_TIMEOUT_MS });
    }

    /// The first request of its kind goes out even where nobody looks, so that the page is ready when somebody does.
    fn may_send(&self, next: Option<Instant>, first: bool) -> bool {
        next.is_some_and(|at| at <= self.now) && (self.state.is_awake() || first)
    }

    fn mind_stream(&mut self) {
        let address = match &self.state.order {
            Some(order) if self.state.is_awake() && !self.state.is_resting(self.now) => {
                order.events_url.as_deref().and_then(|url| allow::navigation(&self.state.options, url))
            }
            _ => None,
        };
        match (self.state.stream, address) {
            (Stream::Off { again_at }, Some(address)) if again_at <= self.now => {
                self.state.stream = Stream::Opening;
                self.effects.push(Effect::Listen(address));
            }
            (Stream::Opening | Stream::Open, None) => {
                self.state.stream = Stream::Off { again_at: self.now };
                self.effects.push(Effect::Deafen);
            }
            (Stream::Off { .. }, _) | (Stream::Opening | Stream::Open, Some(_)) => {}
        }
    }

    /// The next moment at which something is due with no news from outside.
    fn next_moment(&self) -> Option<Instant> {
        let Self { state, now, .. } = self;
        let mut moments: Vec<Instant> = Vec::new();
        if state.is_final() {
            if let Leaving::At(at) = state.leaving {
                moments.push(next_second(*now, at.since(*now)));
            }
            return moments.into_iter().min();
        }
        if state.is_awake() && !state.is_resting(*now) {
            moments.extend(state.polling.next());
            if matches!(state.attempt, Attempt::Asking(_)) {
                moments.extend(state.payments.next());
            }
            if let (Stream::Off { again_at }, Some(Order { events_url: Some(_), .. })) = (state.stream, &state.order) {
                moments.extend(Some(again_at).filter(|at| at > now));
            }
        }
        if let Attempt::Code(code) = &state.attempt
            && let Some(left_ms) = state.code_left_ms(code, *now)
            && left_ms < u64::MAX
        {
            moments.push(if state.visible { next_second(*now, left_ms) } else { *now + left_ms });
        }
        if let Some(order) = &state.order
            && let Some(left_ms) = state.clock.left_ms(order.expires_at, *now)
        {
            moments.push(*now + left_ms);
        }
        moments.extend(state.over_since.map(|since| since + polling::GRACE_MS).filter(|at| at > now));
        moments.extend(state.confirming_ends_at());
        moments.extend(state.not_received_until);
        moments.into_iter().min()
    }
}

/// When a countdown of this many milliseconds shows its next second.
fn next_second(now: Instant, left_ms: u64) -> Instant {
    now + (left_ms.saturating_sub(1) % 1000 + 1)
}
