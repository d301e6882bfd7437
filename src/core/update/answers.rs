//! What the backend says.

use crate::contract::{DecodeError, Failure, Method, Order, OrderStatus, Payment, Problem, ProblemCode};

use crate::core::attempt::{Asking, Attempt, Away, Due};
use crate::core::polling::InFlight;
use crate::core::state::Stream;
use crate::core::{CodeProblem, Effect, Passage, Stamp, Trouble, allow};

use super::Step;

/// After so many milliseconds on a page that was to be left for the login, the backend is asked once more.
const LOGIN_MS: u64 = 10_000;

impl Step<'_> {
    // ── About the order ──────────────────────────────────────────────────────────────────────────────────────────────

    pub(super) fn order_answered(&mut self, request: InFlight, result: Result<Box<Order>, Failure>) {
        // Wanted twice, closed once.
        self.state.closing &= !request.closes;
        match result.and_then(|order| self.of_this_order(order)) {
            Ok(order) => {
                self.state.clock.learn(order.now, request.sent, self.now);
                let listening = self.state.stream == Stream::Open;
                self.state.polling.succeeded(self.now, listening, &mut self.state.rng);
                if matches!(self.state.attempt, Attempt::Waiting(_)) {
                    self.state.polling.lane.due = self.now + self.state.options.code_query_ms;
                }
                let unpaid = !matches!(order.status, OrderStatus::Paid | OrderStatus::Refunded);
                if let Some(confirming) = self.state.confirming.as_mut().filter(|_| request.verify && unpaid) {
                    confirming.denied |= request.sent >= confirming.since;
                }
                self.state.recheck = self.state.recheck.filter(|since| !request.verify || request.sent < *since);
                self.order(*order, Some(request.stamp));
                self.refused_and_yet_open(request);
            }
            // How the order stands is asked for in the ordinary way.
            Err(_) if request.closes => self.state.polling.urge(),
            Err(failure) => {
                self.state.polling.lane.failed(failure, &self.state.clock, self.now, &mut self.state.rng);
            }
        }
    }

    /// A backend that refused a payment because the order is over, and says since that it is not: the payer may try again.
    fn refused_and_yet_open(&mut self, request: InFlight) {
        let Attempt::Over(code @ (ProblemCode::OrderClosed | ProblemCode::OrderExpired)) = self.state.attempt else {
            return;
        };
        let since = self.state.over_since.is_some_and(|since| request.sent >= since);
        let open = self.state.status() == Some(OrderStatus::Pending) && !self.state.has_expired(self.now);
        if request.verify && since && open {
            self.state.attempt = Attempt::failed(Trouble::Refused { code, detail: None });
        }
    }

    /// An answer about some other order says nothing about this one.
    pub(super) fn of_this_order(&self, order: Box<Order>) -> Result<Box<Order>, Failure> {
        if order.order_id == self.state.options.order_id {
            return Ok(order);
        }
        let reason = ["expected \"", &self.state.options.order_id, "\", got \"", &order.order_id, "\""].concat();
        Err(DecodeError { path: "order_id".to_owned(), reason }.into())
    }

    /// The backend's word about the order: the answer to the request of this stamp, or unasked.
    pub(super) fn order(&mut self, mut order: Order, answers: Option<Stamp>) {
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
        // Before anything that is worth measuring.
        if let Some(url) = order.telemetry_url.as_deref().filter(|_| !self.state.measured) {
            self.state.measured = true;
            self.effects.extend(allow::telemetry(&self.state.options, url).map(Effect::Measure));
        }
        if order.status == OrderStatus::Paid {
            self.state.late |= order.paid_at.is_some_and(|paid_at| paid_at >= order.expires_at);
            self.effects.push(Effect::Paid);
        }
        self.state.order = Some(order);
        let at_hand = self.state.way();
        match resumed {
            Some(payment) if at_hand.as_ref().is_some_and(|way| way.method == payment.method) => {
                self.state.paying_by = at_hand;
                self.resumed(payment, answers);
            }
            Some(payment) => self.overtaken(&payment, answers),
            None => self.no_longer_waited_for(None),
        }
    }

    /// Another page has begun to pay by another way since: what is at hand here may be dead, and is not offered any more.
    fn overtaken(&mut self, payment: &Payment, answers: Option<Stamp>) {
        let (expires_at, known_since) = match &mut self.state.attempt {
            Attempt::Code(code) => (&mut code.expires_at, code.known_since),
            Attempt::Ready(ready) if ready.calling.is_none() => (&mut ready.expires_at, ready.known_since),
            _ => return self.no_longer_waited_for(Some(&payment.payment_id)),
        };
        match answers {
            Some(stamp) if stamp > known_since => *expires_at = Some(payment.now),
            Some(_) => {}
            None => self.state.polling.urge(),
        }
    }

    /// An order whose answers named the payment that is being confirmed, and do no longer: it failed.
    fn no_longer_waited_for(&mut self, latest: Option<&str>) {
        if let Attempt::Waiting(waiting) = &mut self.state.attempt {
            let same = latest == Some(&waiting.payment_id);
            if waiting.seen && !same {
                self.state.attempt = Attempt::NextCode { problem: Some(CodeProblem::NotConfirmed), replaces: None };
            } else {
                waiting.seen |= same;
            }
        }
    }

    /// The order's latest payment, as an answer about the order has it.
    fn resumed(&mut self, payment: Payment, answers: Option<Stamp>) {
        let known_since = self.state.last_stamp;
        let payment_id = payment.payment_id.clone();
        let by_tap = matches!(payment.method, Method::H5 | Method::PaymentCode | Method::Merchant(_));
        let due = |step: &Self| Due::of(payment, &step.state.options, known_since, step.now);
        match &mut self.state.attempt {
            Attempt::Asking(_) | Attempt::Over(_) | Attempt::NextCode { .. } => {}
            // An earlier page sent the payer there: "pay again" is to replace it (field problem 54).
            Attempt::Away(away) => away.payment_id = away.payment_id.take().or(Some(payment_id)),
            Attempt::Waiting(_) => self.no_longer_waited_for(Some(&payment_id)),
            Attempt::Ready(ready) if ready.payment_id == payment_id || ready.calling.is_some() => {}
            Attempt::Code(_) | Attempt::Ready(_) => {
                let (same, known_since) = match &self.state.attempt {
                    Attempt::Code(code) => (code.payment_id == payment_id, code.known_since),
                    Attempt::Ready(ready) => (false, ready.known_since),
                    _ => return,
                };
                match answers {
                    Some(stamp) if same || stamp > known_since => match due(self) {
                        Ok(Due::Attempt(attempt)) => self.state.attempt = attempt,
                        Ok(Due::Leave(_) | Due::LogIn(_)) => {}
                        Err(trouble) => {
                            self.state.attempt = Attempt::Failed { trouble, replaces: Some(payment_id) };
                        }
                    },
                    // Whether unasked news is older than what is at hand cannot be told: ask.
                    None if !same => self.state.polling.urge(),
                    Some(_) | None => {}
                }
            }
            Attempt::None | Attempt::Failed { .. } => {
                let fresh = matches!(self.state.attempt, Attempt::None);
                match due(self) {
                    Ok(Due::Attempt(attempt)) if self.is_alive(&attempt) => {
                        // What WeChat has just refused is not offered again as it is.
                        if fresh || matches!(attempt, Attempt::Code(_)) {
                            self.state.recalled = false;
                            self.state.attempt = attempt;
                        }
                    }
                    // A payer who opens the page wants a payment that works.
                    Ok(Due::Attempt(_)) if fresh && !by_tap && !self.state.recalled => {
                        self.ask_for_payment(Some(payment_id));
                    }
                    // Another page has sent the payer there; this may be the one to come back to (field problem 52).
                    Ok(Due::Leave(_)) if fresh && !self.state.recalled => {
                        let away = Away { payment_id: Some(payment_id), since: self.now, back: true };
                        self.state.attempt = Attempt::Away(away);
                        self.state.polling.urge();
                    }
                    Err(trouble) if fresh && !by_tap => {
                        self.state.attempt = Attempt::Failed { trouble, replaces: Some(payment_id) };
                    }
                    // What is not wanted yet, or in trouble already, is left as it is: the payer's next tap asks anew.
                    Ok(_) | Err(_) => {}
                }
            }
        }
    }

    fn is_alive(&self, attempt: &Attempt) -> bool {
        let expires_at = match attempt {
            Attempt::Code(code) => code.expires_at,
            Attempt::Ready(ready) => ready.expires_at,
            _ => return true,
        };
        self.state.left_ms(expires_at, self.now).is_some()
    }

    // ── About a payment ──────────────────────────────────────────────────────────────────────────────────────────────

    pub(super) fn payment_answered(&mut self, result: Result<Payment, Failure>) {
        let Attempt::Asking(asking) = &self.state.attempt else { return };
        let asking = asking.clone();
        let payment = match result {
            Ok(payment) => payment,
            Err(failure) => return self.payment_failed(failure, asking),
        };
        // Its `now` is not learned from: to a key that it knows, a backend may give the stored answer of back then.
        self.state.payments.restart(self.now);
        let payment_id = payment.payment_id.clone();
        let due = if payment.method == asking.method {
            Due::of(payment, &self.state.options, self.state.last_stamp, self.now)
        } else {
            let reason = ["expected \"", asking.method.id(), "\", got \"", payment.method.id(), "\""].concat();
            Err(Trouble::Unreadable(DecodeError { path: "method".to_owned(), reason }))
        };
        match due {
            // The key was of an earlier visit, and what it stood for has died meanwhile.
            Ok(Due::Attempt(attempt)) if asking.recalled && !self.is_alive(&attempt) => {
                self.ask_for_payment(Some(payment_id));
            }
            Ok(Due::Attempt(attempt)) => {
                if matches!(attempt, Attempt::Ready(_)) {
                    self.state.kept.logged_in = false;
                    self.remember();
                }
                // It may be paid already.
                if matches!(attempt, Attempt::Waiting(_)) {
                    self.state.polling.lane.hurry(self.now);
                }
                self.state.attempt = attempt;
            }
            Ok(Due::Leave(url)) => {
                self.state.kept.asked = None;
                self.state.kept.away = true;
                self.remember();
                self.effects.push(Effect::Go { url, passage: Passage::Pay });
                let away = Away { payment_id: Some(payment_id), since: self.now, back: false };
                self.state.attempt = Attempt::Away(away);
            }
            // Once a visit: a backend that does not know the payer after that will not the next time either.
            Ok(Due::LogIn(_)) if self.state.kept.logged_in => {
                self.state.attempt = Attempt::failed(Trouble::LoginLoop);
            }
            Ok(Due::LogIn(url)) => {
                // The same question with the same key would have the same answer.
                self.state.kept.asked = None;
                self.state.kept.logged_in = true;
                self.remember();
                self.effects.push(Effect::Go { url, passage: Passage::Login });
                self.state.payments.due = self.now + LOGIN_MS;
            }
            Err(trouble) => {
                // Trying again is to bring another, not the same once more.
                self.state.attempt = Attempt::Failed { trouble, replaces: Some(payment_id) };
            }
        }
    }

    fn payment_failed(&mut self, failure: Failure, asking: Asking) {
        if let Failure::Refused { problem: Problem { code, detail, .. }, .. } = &failure {
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
                ProblemCode::InvalidRequest if asking.method == Method::PaymentCode => {
                    self.state.payments.restart(self.now);
                    let problem = Some(CodeProblem::Refused { detail: detail.clone() });
                    self.state.attempt = Attempt::NextCode { problem, replaces: asking.replaces };
                    return;
                }
                ProblemCode::OrderNotFound
                | ProblemCode::MethodUnavailable
                | ProblemCode::InvalidRequest
                | ProblemCode::Unauthorized => {
                    self.state.payments.restart(self.now);
                    if !matches!(asking.method, Method::Merchant(_)) {
                        self.state.wechat_failures += 1;
                    }
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
}
