//! Asking for a payment.

use crate::contract::{Address, Method};

use crate::core::attempt::{Asking, Attempt, Away};
use crate::core::claim::Claim;
use crate::core::kept::{Kept, Question};
use crate::core::{Effect, Trouble};

use super::Step;

/// What is added to the page's address where the payer comes back to it from paying elsewhere, with the order's id:
/// `wc_return=T20261121001`. A page of that order that is opened by it, perhaps in another browser which knows nothing of this
/// visit (field problem 52), asks whether it is done.
pub const RETURNED: &str = "wc_return";

impl Step<'_> {
    /// Begins with the ways that need nothing from the payer first. What WeChat opens at the tap is fetched before it, since
    /// HarmonyOS takes nothing later for the payer's own will (field problem 16).
    pub(super) fn begin_payment(&mut self) {
        let begins = matches!(self.state.attempt, Attempt::None) && self.state.is_payable();
        if !begins || self.state.is_over(self.now) {
            return;
        }
        match self.state.method() {
            None => {
                let offers = self.state.order.iter().flat_map(|order| &order.methods);
                let offered: Vec<_> = offers.map(|offer| offer.method.id()).collect();
                let told = ["methods: none of [", &offered.join(", "), "] works here"].concat();
                self.state.attempt = Attempt::failed(Trouble::NoMethod { told });
            }
            // A frame has no way to WeChat: the tap leads out of it, and the page there asks.
            Some(Method::Jsapi) if self.state.is_framed() => {}
            Some(Method::Native | Method::Jsapi | Method::MiniProgram) => self.ask_for_payment(None),
            Some(Method::H5 | Method::PaymentCode | Method::Merchant(_)) => {}
        }
    }

    /// Begins to ask for a payment by the way at hand: with the key of an earlier visit, if that was left without an answer,
    /// or one of its own.
    pub(super) fn ask_for_payment(&mut self, replaces: Option<String>) {
        self.ask(replaces, None);
    }

    /// As [`ask_for_payment`](Self::ask_for_payment), with a payer's code.
    pub(super) fn ask(&mut self, replaces: Option<String>, auth_code: Option<String>) {
        let Some(way) = self.state.way().cloned() else { return };
        // Nothing is begun for an order that is not known to be payable: how it stands is asked for instead.
        if !self.state.is_payable() {
            return self.state.polling.urge();
        }
        let method = way.method.clone();
        let visit = &mut self.state.visit;
        let same_way = visit.kept.method.as_ref() == Some(&method);
        let of_before =
            visit.kept.asked.take().filter(|of_before| of_before.recalled && same_way && replaces.is_none());
        let question = of_before.unwrap_or_else(|| {
            visit.asked += 1;
            Question { key: Kept::key(self.state.options.seed, visit.asked), replaces, recalled: false }
        });
        visit.kept.method = Some(method.clone());
        visit.kept.away = false;
        // A payer's code lives a minute and pays: it is not kept, and so neither is the key of its question.
        visit.kept.asked = auth_code.is_none().then(|| Question { recalled: false, ..question.clone() });
        self.remember();
        let page_url = self.page_url(&method);
        self.cancel_payment();
        self.state.payments.restart(self.now);
        if !self.state.claim.is_followed() {
            self.state.claim = Claim::None;
        }
        self.state.attempt = Attempt::Asking(Asking { way, question, page_url, auth_code });
    }

    /// The page's address as the backend needs it for this way.
    fn page_url(&mut self, method: &Method) -> String {
        let page_url = self.state.options.page_url.clone();
        match method {
            Method::Jsapi => self.state.visit.login_url.take().unwrap_or(page_url),
            Method::H5 | Method::Merchant(_) => {
                Address::with_parameter(&page_url, RETURNED, &self.state.options.order_id).unwrap_or(page_url)
            }
            _ => page_url,
        }
    }

    /// The question under way, if there is one, is not waited for any more.
    pub(super) fn cancel_payment(&mut self) {
        let in_flight = self.state.payments.in_flight.take();
        self.effects.extend(in_flight.map(|request| Effect::Cancel(request.stamp)));
    }

    pub(super) fn remember(&mut self) {
        self.effects.push(Effect::Remember(Some(self.state.visit.kept.to_text())));
    }

    /// The payer may have paid elsewhere.
    pub(super) fn came_back(&mut self) {
        self.state.attempt = Attempt::Away(Away { way: None, payment_id: None, since: self.now, back: true });
        self.state.polling.urge();
    }
}
