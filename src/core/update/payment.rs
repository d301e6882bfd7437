//! Asking for a payment.

use crate::contract::Method;

use crate::core::attempt::{Asking, Attempt, Away};
use crate::core::environment::has;
use crate::core::kept::Kept;
use crate::core::{Effect, Trouble};

use super::Step;

/// What is added to the page's address where the payer comes back to it from paying elsewhere: `wc_return=1`. A page opened
/// by it, perhaps in another browser that knows nothing of this visit (field problem 52), asks whether it is done.
pub const RETURNED: &str = "wc_return";

impl Step<'_> {
    /// Begins with the ways that need nothing from the payer first. What WeChat opens at the tap is fetched before it, since
    /// HarmonyOS takes nothing later for the payer's own will (field problem 16).
    pub(super) fn begin_payment(&mut self) {
        let begins = matches!(self.state.attempt, Attempt::None) && self.state.order.is_some();
        if !begins || self.state.is_over(self.now) {
            return;
        }
        match self.state.way().map(|way| way.method) {
            None => self.state.attempt = Attempt::failed(Trouble::NoMethod),
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
        let Some(way) = self.state.way() else { return };
        let method = way.method.clone();
        self.state.paying_by = Some(way);
        let recalled = core::mem::take(&mut self.state.recalled) && self.state.kept.method.as_ref() == Some(&method);
        let of_before = self.state.kept.asked.take().filter(|_| recalled && replaces.is_none());
        let recalled = of_before.is_some();
        let (key, replaces) = of_before.unwrap_or_else(|| {
            self.state.asked += 1;
            (Kept::key(self.state.options.seed, self.state.asked), replaces)
        });
        self.state.kept.method = Some(method.clone());
        self.state.kept.away = false;
        // A payer's code lives a minute and pays: it is not kept, and so neither is the key of its question.
        self.state.kept.asked = auth_code.is_none().then(|| (key.clone(), replaces.clone()));
        self.remember();
        let page_url = self.page_url(&method);
        self.cancel_payment();
        self.state.payments.restart(self.now);
        self.state.cancelled = false;
        self.state.not_received_until = None;
        self.state.attempt = Attempt::Asking(Asking { key, method, page_url, replaces, auth_code, recalled });
    }

    /// The page's address as the backend needs it for this way.
    fn page_url(&mut self, method: &Method) -> String {
        let page_url = self.state.options.page_url.clone();
        match method {
            Method::Jsapi => self.state.login_url.take().unwrap_or(page_url),
            Method::H5 | Method::Merchant(_) if !has(&page_url, RETURNED) => {
                let joint = if page_url.contains('?') { "&" } else { "?" };
                [&page_url, joint, RETURNED, "=1"].concat()
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
        self.effects.push(Effect::Remember(Some(self.state.kept.to_text())));
    }

    /// The payer may have paid elsewhere.
    pub(super) fn came_back(&mut self) {
        self.state.attempt = Attempt::Away(Away { payment_id: None, since: self.now, back: true });
        self.state.polling.urge();
    }
}
