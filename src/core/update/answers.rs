//! What the backend says.

use crate::contract::{
    DecodeError, Failure, Method, MethodOffer, Money, Order, OrderAnswer, OrderStatus, Payment, Problem, ProblemCode,
    RequestName, Settled,
};

use crate::core::attempt::{Asking, Attempt, Away, Due, LogIn};
use crate::core::polling::InFlight;
use crate::core::state::{End, Leaving};
use crate::core::{CodeProblem, News, Options, Passage, Stamp, Surface, Trouble, allow};

use super::Step;

impl Step<'_> {
    // ── About the order ──────────────────────────────────────────────────────────────────────────────────────────────

    pub(super) fn order_answered(&mut self, request: InFlight, result: Result<OrderAnswer, Failure>) {
        match result.and_then(|answer| self.of_this_order(answer)) {
            Ok(OrderAnswer::Settled(settled)) => self.settled(*settled),
            Ok(OrderAnswer::Whole(order)) => {
                if self.state.polling.is_standing(order.now, request.sent, self.now) {
                    let url = &self.state.options.api;
                    let detail = ["GET order: `now` stands still; a cache answers in place of ", url].concat();
                    self.note("stale_answer", detail);
                } else {
                    self.state.clock.learn(order.now, request.sent, self.now);
                }
                if self.is_news(&order) && self.state.stream.lags() {
                    self.stream_fails(" → open, and no event comes");
                }
                self.state.polling.succeeded(request);
                let unpaid = !matches!(order.status, OrderStatus::Paid | OrderStatus::Refunded);
                if request.verify && unpaid {
                    self.state.claim.deny(request.sent);
                }
                self.state.recheck = self.state.recheck.filter(|since| !request.verify || request.sent < *since);
                self.order(*order, Some(request.stamp));
                self.refused_and_yet_open(request);
                self.plan();
            }
            Err(failure) if request.closes => self.not_closed(failure),
            Err(failure) => {
                self.state.polling.lane.failed(failure, &self.state.clock, self.now, &mut self.state.rng);
            }
        }
    }

    /// Says when the order is asked about next, by what is at hand now.
    pub(super) fn plan(&mut self) {
        let hazard = self.state.hazard(self.now);
        self.state.polling.plan(self.now, hazard, &mut self.state.rng);
        if matches!(self.state.attempt, Attempt::Waiting(_)) {
            self.state.polling.lane.due = self.now + self.state.options.code_query_ms;
        }
    }

    /// The stream of events is none, `how` says why: asking takes its place, and the host is told.
    pub(super) fn stream_fails(&mut self, how: &str) {
        let url = self.state.order.as_ref().and_then(|order| order.events_url.as_deref());
        if let Some(url) = url.and_then(|url| allow::events(&self.state.options, url)) {
            self.note("events_unavailable", [RequestName::new("GET", &url).text(), how].concat());
        }
    }

    /// The order could not be closed. How it stands is asked for in the ordinary way.
    fn not_closed(&mut self, failure: Failure) {
        let again = self.state.polling.not_closed(&failure, &self.state.clock, self.now, &mut self.state.rng);
        let trouble = Trouble::from(failure);
        let (code, said) = (trouble.code(), trouble.told().unwrap_or_default());
        let again = if again { "; it is tried again" } else { "; it is given up" };
        self.note("close_failed", ["POST close: ", code, " ", &said, again].concat());
        self.state.polling.urge();
    }

    /// Whether this says something that was not known.
    fn is_news(&self, order: &Order) -> bool {
        self.state.order.as_ref().is_some_and(|known| known.status != order.status)
            || order
                .payment
                .as_ref()
                .is_some_and(|payment| Some(&payment.payment_id) != self.state.attempt.payment_id())
    }

    /// A backend that refused a payment because the order is over, and says since that it is not: the payer may try again.
    fn refused_and_yet_open(&mut self, request: InFlight) {
        let Attempt::Over(code @ (ProblemCode::OrderClosed | ProblemCode::OrderExpired)) = self.state.attempt else {
            return;
        };
        let since = self.state.over_since.is_some_and(|since| request.sent >= since);
        let open = self.state.is_payable() && !self.state.has_expired(self.now);
        if request.verify && since && open {
            self.state.attempt = Attempt::failed(Trouble::Refused {
                code,
                detail: None,
                told: "POST payments was refused, and the order is open".to_owned(),
            });
        }
    }

    /// An answer about some other order says nothing about this one.
    pub(super) fn of_this_order(&self, answer: OrderAnswer) -> Result<OrderAnswer, Failure> {
        let came = match &answer {
            OrderAnswer::Whole(order) => &order.order_id,
            OrderAnswer::Settled(settled) => &settled.order_id,
        };
        if *came == self.state.options.order_id {
            return Ok(answer);
        }
        let reason = ["expected \"", &self.state.options.order_id, "\", got \"", came, "\""].concat();
        Err(DecodeError { path: "order_id".to_owned(), reason }.into())
    }

    /// What the backend says about the order unasked, or the host for it.
    pub(super) fn told_of_order(&mut self, answer: OrderAnswer, answers: Option<Stamp>) {
        match answer {
            OrderAnswer::Whole(order) => self.order(*order, answers),
            OrderAnswer::Settled(settled) => self.settled(*settled),
        }
    }

    /// An answer that says how the order ended, whatever is wrong with the rest of it: what was known before stays.
    fn settled(&mut self, mut settled: Settled) {
        self.passed_over(core::mem::take(&mut settled.unreadable));
        let Some(known) = self.state.order.take() else {
            let end = match settled.status {
                OrderStatus::Refunded => End::Refunded,
                _ => self.paid(settled.amount, settled.paid_by.clone(), false),
            };
            self.look_through_settled(&mut settled);
            self.state.settled = Some(settled);
            return self.finish(end);
        };
        let Settled { status, paid_at, paid_by, amount, return_url, .. } = settled;
        let amount = amount.unwrap_or(known.amount);
        let return_url = return_url.or(known.return_url);
        let before = Some((known.amount, known.status == OrderStatus::Closed));
        let order = Order { status, paid_at, paid_by, amount, return_url, unreadable: Vec::new(), ..known };
        self.order_after(before, order, None);
    }

    /// What could not be read of an answer, and does not matter so much: the host is told.
    fn passed_over(&mut self, unreadable: Vec<DecodeError>) {
        for error in unreadable {
            self.note("unreadable_answer", error.message());
        }
    }

    /// As [`look_through`](Self::look_through), where there is no whole order.
    fn look_through_settled(&mut self, settled: &mut Settled) {
        self.look("return_url", &mut settled.return_url, is_way_back);
        if let Some(merchant) = &mut settled.merchant {
            self.look("merchant.logo_url", &mut merchant.logo_url, allow::picture);
        }
    }

    /// It is paid.
    fn paid(&mut self, amount: Option<Money>, paid_by: Option<Method>, late: bool) -> End {
        let leaving = if self.state.visit.kept.left { Leaving::Done } else { Leaving::NotYet };
        if self.state.told.is_paid_news() {
            self.news.push(News::Paid { amount, paid_by });
        }
        End::Paid { late, leaving }
    }

    /// The backend's word about the order: the answer to the request of this stamp, or unasked.
    pub(super) fn order(&mut self, order: Order, answers: Option<Stamp>) {
        let known = self.state.order.as_ref();
        let before = known.map(|known| (known.amount, known.status == OrderStatus::Closed));
        self.order_after(before, order, answers);
    }

    /// The same, where the order before was of this amount, and closed or not.
    fn order_after(&mut self, before: Option<(Money, bool)>, mut order: Order, answers: Option<Stamp>) {
        let was_closed = before.is_some_and(|(_, closed)| closed);
        if let Some((shown, _)) = before.filter(|(amount, _)| *amount != order.amount) {
            let trouble = Trouble::AmountChanged { shown, came: order.amount };
            // Once it is paid, it is paid: what does not fit is for the merchant to look into.
            if !matches!(order.status, OrderStatus::Paid | OrderStatus::Refunded) {
                return self.finish(End::Stopped(trouble));
            }
            self.note(trouble.code(), trouble.detail().unwrap_or_default());
        }
        self.passed_over(core::mem::take(&mut order.unreadable));
        self.look_through(&mut order);
        let resumed = order.payment.take();
        let end = match order.status {
            OrderStatus::Paid => {
                let late = was_closed || order.paid_at.is_some_and(|paid_at| paid_at >= order.expires_at);
                Some(self.paid(Some(order.amount), order.paid_by.clone(), late))
            }
            OrderStatus::Refunded => Some(End::Refunded),
            OrderStatus::Pending | OrderStatus::Closed | OrderStatus::Unknown(_) => None,
        };
        let unknown = match &order.status {
            OrderStatus::Unknown(word) => Some(word.clone()),
            _ => None,
        };
        if unknown.is_some() {
            if was_closed {
                order.status = OrderStatus::Closed;
            }
            if let Some(known) = &mut self.state.order {
                order.methods = core::mem::take(&mut known.methods);
            }
        }
        self.state.order = Some(order);
        if let Some(end) = end {
            return self.finish(end);
        }
        // A word of the backend's own, such as a platform's: nothing is begun on it, nothing concluded, and what is on the
        // screen stays.
        if let Some(word) = unknown {
            let detail = ["status: expected pending, paid, closed or refunded, got \"", &word, "\""].concat();
            return self.note("unknown_status", detail);
        }
        self.state.was_payable |= self.state.is_payable();
        if matches!(self.state.attempt, Attempt::Failed { trouble: Trouble::NoMethod { .. }, .. }) {
            self.state.attempt = Attempt::None;
        }
        let at_hand = self.state.way().cloned();
        match (resumed, at_hand) {
            (Some(payment), Some(way)) if way.method == payment.method => self.resumed(payment, way, answers),
            (Some(payment), _) => self.overtaken(&payment, answers),
            (None, _) => self.no_longer_waited_for(None),
        }
    }

    /// Addresses that nobody is led to, that are not listened to, or drawn as a picture are taken out, and the host is told
    /// which.
    fn look_through(&mut self, order: &mut Order) {
        self.look("return_url", &mut order.return_url, is_way_back);
        self.look("events_url", &mut order.events_url, |options, url| allow::events(options, url).is_some());
        self.look("telemetry_url", &mut order.telemetry_url, |options, url| allow::telemetry(options, url).is_some());
        self.look("merchant.logo_url", &mut order.merchant.logo_url, allow::picture);
        for offer in &mut order.methods {
            let name = ["icon_url of ", offer.method.id()].concat();
            self.look(&name, &mut offer.icon_url, allow::picture);
        }
        let options = &self.state.options;
        if let Some(url) = order.telemetry_url.as_deref().and_then(|url| allow::telemetry(options, url))
            && self.state.told.is_measure_news()
        {
            self.measure = Some(url);
        }
    }

    /// Takes an address out that is not allowed there, and tells the host.
    fn look(&mut self, name: &str, url: &mut Option<String>, allowed: fn(&Options, &str) -> bool) {
        if let Some(address) = url.take_if(|address| !allowed(&self.state.options, address)) {
            self.note("address_not_allowed", [name, ": ", &address].concat());
        }
    }

    /// Another page has begun to pay by another way since: what is at hand here may be dead, and is not offered any more.
    fn overtaken(&mut self, payment: &Payment, answers: Option<Stamp>) {
        let (expires_at, known_since) = match &mut self.state.attempt {
            Attempt::Code(code) => (&mut code.expires_at, code.known_since),
            Attempt::Ready(ready) if !ready.is_calling() => (&mut ready.expires_at, ready.known_since),
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
                let (way, problem) = (Some(waiting.way.clone()), Some(CodeProblem::NotConfirmed));
                self.state.attempt = Attempt::NextCode { way, problem, replaces: None };
            } else {
                waiting.seen |= same;
            }
        }
    }

    /// The order's latest payment, as an answer about the order has it.
    fn resumed(&mut self, payment: Payment, way: MethodOffer, answers: Option<Stamp>) {
        let known_since = self.state.last_stamp;
        let payment_id = payment.payment_id.clone();
        let by_tap = matches!(payment.method, Method::H5 | Method::PaymentCode | Method::Merchant(_));
        let at_hand = way.clone();
        let due = |step: &Self, since| Due::of(payment, way, &step.state.options, known_since, since);
        match &mut self.state.attempt {
            Attempt::Asking(_) | Attempt::LogIn(_) | Attempt::Over(_) | Attempt::NextCode { .. } => {}
            // An earlier page sent the payer there: "pay again" is to replace it (field problem 54).
            Attempt::Away(away) => {
                away.payment_id = away.payment_id.take().or(Some(payment_id));
                away.way = away.way.take().or(Some(at_hand));
            }
            Attempt::Waiting(_) => self.no_longer_waited_for(Some(&payment_id)),
            Attempt::Ready(ready) if ready.payment_id == payment_id || ready.is_calling() => {}
            Attempt::Code(_) | Attempt::Ready(_) => {
                let (same, known_since, since) = match &self.state.attempt {
                    // However often it is named: it came when it came.
                    Attempt::Code(code) if code.payment_id == payment_id => (true, code.known_since, code.since),
                    Attempt::Code(code) => (false, code.known_since, self.now),
                    Attempt::Ready(ready) => (false, ready.known_since, self.now),
                    _ => return,
                };
                match answers {
                    Some(stamp) if same || stamp > known_since => match due(self, since) {
                        Ok(Due::Attempt(attempt)) if same => self.state.attempt = attempt,
                        Ok(Due::Attempt(attempt)) => self.begin(attempt),
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
                match due(self, self.now) {
                    Ok(Due::Attempt(attempt)) if self.is_alive(&attempt) => {
                        // What WeChat has just refused is not offered again as it is.
                        if fresh || matches!(attempt, Attempt::Code(_)) {
                            self.state.visit.kept.forget_recalled();
                            self.begin(attempt);
                        }
                    }
                    // A payer who opens the page wants a payment that works.
                    Ok(Due::Attempt(_)) if fresh && !by_tap && !self.state.visit.kept.is_recalled() => {
                        self.ask_for_payment(Some(payment_id));
                    }
                    // Another page has sent the payer there; this may be the one to come back to (field problem 52).
                    Ok(Due::Leave(_)) if fresh && !self.state.visit.kept.is_recalled() => {
                        let (way, payment_id) = (Some(at_hand), Some(payment_id));
                        let away = Away { way, payment_id, since: self.now, back: true };
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

    /// This new payment is at hand from now on. If it is a code, the plan begins with its first seconds, counted from the
    /// question, since the page may have shown it before this program was there; but not in a shop, where the phone is in hand and
    /// codes are renewed with nobody there, nor while somebody says that it is paid.
    fn begin(&mut self, attempt: Attempt) {
        let is_code = matches!(attempt, Attempt::Code(_));
        self.state.attempt = attempt;
        let due = self.state.polling.lane.due;
        let is_quiet = is_code && self.state.options.surface == Surface::Payer && !self.state.is_confirming();
        if is_quiet {
            self.state.polling.show_code(self.asked, &mut self.state.rng);
        }
        self.plan();
        // Whatever else is at hand now puts nothing off.
        if !is_quiet {
            self.state.polling.lane.hurry(due);
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
        let mut payment = match result {
            Ok(payment) => payment,
            Err(failure) => return self.payment_failed(failure, asking),
        };
        self.passed_over(core::mem::take(&mut payment.unreadable));
        // Its `now` is not learned from: to a key that it knows, a backend may give the stored answer of back then.
        self.state.payments.restart(self.now);
        let payment_id = payment.payment_id.clone();
        let way = asking.way.clone();
        let due = if payment.method == way.method {
            Due::of(payment, way.clone(), &self.state.options, self.state.last_stamp, self.now)
        } else {
            let reason = ["expected \"", way.method.id(), "\", got \"", payment.method.id(), "\""].concat();
            Err(Trouble::unreadable(DecodeError { path: "method".to_owned(), reason }))
        };
        match due {
            // The key was of an earlier visit, and what it stood for has died meanwhile.
            Ok(Due::Attempt(attempt)) if asking.question.recalled && !self.is_alive(&attempt) => {
                self.ask_for_payment(Some(payment_id));
            }
            Ok(Due::Attempt(attempt)) => {
                if matches!(attempt, Attempt::Ready(_)) {
                    self.state.visit.kept.logged_in = false;
                    self.remember();
                }
                // It may be paid already.
                if matches!(attempt, Attempt::Waiting(_)) {
                    self.state.polling.lane.hurry(self.now);
                }
                self.begin(attempt);
            }
            Ok(Due::Leave(url)) => {
                self.state.visit.kept.asked = None;
                self.state.visit.kept.away = true;
                self.remember();
                self.go(url, Passage::Pay);
                let away = Away { way: Some(way), payment_id: Some(payment_id), since: self.now, back: false };
                self.state.attempt = Attempt::Away(away);
            }
            // Once a visit: a backend that does not know the payer after that will not the next time either.
            Ok(Due::LogIn(_)) if self.state.visit.kept.logged_in => {
                self.state.attempt = Attempt::failed(Trouble::LoginLoop);
            }
            Ok(Due::LogIn(url)) => {
                // The same question with the same key would have the same answer.
                self.state.visit.kept.asked = None;
                self.state.visit.kept.logged_in = true;
                self.remember();
                self.go(url, Passage::Login);
                let replaces = asking.question.replaces;
                self.state.attempt = Attempt::LogIn(LogIn { way, replaces, since: self.now, back: false });
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
                ProblemCode::InvalidRequest if asking.question.recalled => {
                    self.state.payments.restart(self.now);
                    return self.ask_for_payment(None);
                }
                ProblemCode::InvalidRequest if asking.way.method == Method::PaymentCode => {
                    self.state.payments.restart(self.now);
                    let problem = Some(CodeProblem::Refused { detail: detail.clone() });
                    let (way, replaces) = (Some(asking.way), asking.question.replaces);
                    self.state.attempt = Attempt::NextCode { way, problem, replaces };
                    return;
                }
                ProblemCode::OrderNotFound
                | ProblemCode::MethodUnavailable
                | ProblemCode::InvalidRequest
                | ProblemCode::Unauthorized => {
                    self.state.payments.restart(self.now);
                    if !matches!(asking.way.method, Method::Merchant(_)) {
                        self.state.wechat.failures += 1;
                    }
                    // What was wrong with the request may be what it replaces.
                    let replaces = asking.question.replaces.filter(|_| *code != ProblemCode::InvalidRequest);
                    self.state.attempt = Attempt::Failed { trouble: failure.into(), replaces };
                    return;
                }
                ProblemCode::RateLimited | ProblemCode::UpstreamUnavailable | ProblemCode::ServerError => {}
            }
        }
        self.state.payments.failed(failure, &self.state.clock, self.now, &mut self.state.rng);
    }
}

fn is_way_back(options: &Options, url: &str) -> bool {
    allow::way_back(options, url).is_some()
}
