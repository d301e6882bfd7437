//! What goes out.

use crate::contract::PaymentRequest;

use crate::core::attempt::Attempt;
use crate::core::polling::{self, InFlight};
use crate::core::{Call, Effect, Instant, allow};

use super::Step;

impl Step<'_> {
    pub(super) fn send_payment(&mut self) {
        let Attempt::Asking(asking) = &self.state.attempt else { return };
        if !self.may_send(self.state.payments.next(), self.state.payments.failures == 0) {
            return;
        }
        let request = PaymentRequest {
            method: asking.way.method.clone(),
            page_url: asking.page_url.clone(),
            replaces: asking.question.replaces.clone(),
            auth_code: asking.auth_code.clone(),
        };
        let call = Call::Payment { key: asking.question.key.clone(), request };
        let stamp = self.state.last_stamp.next();
        self.state.payments.in_flight = Some(InFlight { stamp, sent: self.now, verify: false, closes: false });
        self.effects.push(Effect::Send { stamp, call, timeout_ms: polling::PAYMENT_TIMEOUT_MS });
    }

    pub(super) fn send_order(&mut self) {
        let first = self.state.order.is_none() && self.state.polling.lane.failures == 0;
        if !self.may_send(self.state.polling.next(), first) || self.state.is_resting(self.now) {
            return;
        }
        let stamp = self.state.last_stamp.next();
        let state = &mut *self.state;
        let (confirming, hazard) = (state.is_confirming(), state.hazard(self.now));
        let call = state.polling.send(stamp, confirming, hazard, self.now, &mut state.rng);
        self.effects.push(Effect::Send { stamp, call, timeout_ms: polling::ORDER_TIMEOUT_MS });
    }

    /// The first request of its kind goes out even where nobody looks, so that the page is ready when somebody does.
    fn may_send(&self, next: Option<Instant>, first: bool) -> bool {
        next.is_some_and(|at| at <= self.now) && (self.state.is_awake() || first)
    }

    pub(super) fn mind_stream(&mut self) {
        let address = match &self.state.order {
            Some(order) if self.state.is_awake() && !self.state.is_resting(self.now) => {
                order.events_url.as_deref().and_then(|url| allow::events(&self.state.options, url))
            }
            _ => None,
        };
        match address {
            Some(address) if self.state.stream.due().is_some_and(|at| at <= self.now) => {
                self.state.stream = self.state.stream.tried(self.now);
                self.effects.push(Effect::Listen(address));
            }
            Some(_) => {}
            None => self.deafen(),
        }
    }
}
