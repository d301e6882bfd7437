//! WeChat itself: the way to it, and what it says.

use crate::contract::Method;

use crate::core::attempt::{Attempt, Away, Call, Opens};
use crate::core::bridge::{self, Said};
use crate::core::claim::Claim;
use crate::core::state::LinkState;
use crate::core::{Cause, Effect, Link, LinkEvent, Passage, Trouble};

use super::Step;

/// `WeixinJSBridge` is waited for so long, in milliseconds: it comes after the page's own scripts (field problem 1).
const BRIDGE_MS: u64 = 4_000;
/// The JS-SDK is waited for so long, in milliseconds: it comes over the network.
const SDK_MS: u64 = 8_000;

impl Step<'_> {
    /// Looks for the way to WeChat, where the way to pay needs it.
    pub(super) fn connect(&mut self) {
        let wanted = matches!(self.state.attempt, Attempt::Asking(_) | Attempt::Ready(_));
        // What was missing while something else was wrong is looked for again when it is wanted.
        if !wanted || !matches!(self.state.wechat.link, LinkState::Unknown | LinkState::Missing) {
            return;
        }
        let (link, wait_ms) = match self.state.method() {
            // A frame has no bridge; the tap leads out of it.
            Some(Method::Jsapi) if !self.state.is_framed() => (Link::Bridge, BRIDGE_MS),
            Some(Method::MiniProgram) => (Link::Sdk, SDK_MS),
            _ => return,
        };
        self.state.wechat.link = LinkState::Waiting { until: self.now + wait_ms };
        self.effects.push(Effect::Connect(link));
    }

    pub(super) fn link(&mut self, news: LinkEvent) {
        match news {
            LinkEvent::Ready => {
                self.state.wechat.link = LinkState::Ready;
                // Late, but there.
                if let Attempt::Failed { trouble: Trouble::Wechat { cause, .. }, replaces } = &self.state.attempt
                    && matches!(cause, Cause::NoBridge | Cause::NoSdk)
                    && !self.state.is_over(self.now)
                {
                    let replaces = replaces.clone();
                    self.ask_for_payment(replaces);
                }
            }
            LinkEvent::Failed => self.link_missing(),
        }
    }

    pub(super) fn link_missing(&mut self) {
        if !matches!(self.state.wechat.link, LinkState::Waiting { .. }) {
            return;
        }
        self.state.wechat.link = LinkState::Missing;
        if !matches!(self.state.attempt, Attempt::Asking(_) | Attempt::Ready(_)) {
            return;
        }
        match self.state.method() {
            Some(Method::Jsapi) => self.wechat_failed(Cause::NoBridge, String::new()),
            Some(Method::MiniProgram) => self.wechat_failed(Cause::NoSdk, String::new()),
            _ => {}
        }
    }

    /// Whether WeChat is to be called and a frame is in the way.
    pub(super) fn is_behind_frame(&self) -> bool {
        self.state.is_framed() && self.state.method() == Some(&Method::Jsapi)
    }

    /// This page itself, on its own (field problem 2).
    pub(super) fn leave_frame(&mut self) {
        let url = self.state.options.page_url.clone();
        self.go(url, Passage::Unframe);
    }

    /// Opens what the payment at hand needs, once at a time and only by the payer's tap.
    pub(super) fn open(&mut self) {
        let Attempt::Ready(ready) = &self.state.attempt else { return };
        if self.state.left_ms(ready.expires_at, self.now).is_none() {
            let replaces = Some(ready.payment_id.clone());
            return self.ask_for_payment(replaces);
        }
        let opens = ready.opens.clone();
        if matches!(opens, Opens::Sheet(_)) && self.state.is_framed() {
            return self.leave_frame();
        }
        let stamp = self.state.last_stamp.next();
        self.effects.push(match opens {
            Opens::Sheet(params) => Effect::Invoke { stamp, params },
            Opens::MiniProgram(path) => Effect::OpenMiniProgram { stamp, path },
        });
        if let Attempt::Ready(ready) = &mut self.state.attempt {
            ready.call = Call::Under(stamp);
        }
        if !self.state.claim.is_followed() {
            self.state.claim = Claim::None;
        }
    }

    /// WeChat's answer. It never says that the order is paid: only the backend does (field problem 11).
    pub(super) fn called(&mut self, stamp: crate::core::Stamp, said: String) {
        let ready = match &mut self.state.attempt {
            Attempt::Ready(ready) if ready.call == Call::Under(stamp) => ready,
            // A call that was given up, or that has been answered: whatever it says, the backend knows better.
            _ => return self.state.polling.urge(),
        };
        if matches!(ready.opens, Opens::MiniProgram(_)) {
            if said.lines().any(|line| line.ends_with(":ok")) {
                let (way, payment_id) = (Some(ready.way.clone()), Some(ready.payment_id.clone()));
                self.state.visit.kept.asked = None;
                self.state.visit.kept.away = true;
                self.remember();
                self.state.attempt = Attempt::Away(Away { way, payment_id, since: self.now, back: false });
                return;
            }
            let cause = match bridge::read(&said) {
                Some(Said::Failed(cause)) => cause,
                _ => Cause::NotSupported,
            };
            return self.wechat_failed(cause, said);
        }
        match bridge::read(&said) {
            // No answer to this call, such as `pre_verify_jsapi:ok` (docs/platform.md, 1.3).
            None => {}
            Some(Said::Ok | Said::Failed(Cause::AlreadyPaid)) => {
                ready.call = Call::None;
                self.state.claim = Claim::made(self.now);
                // A payer who says that it was not is not let pay twice.
                self.state.recheck = Some(self.now);
                self.state.polling.urge();
            }
            // Also what WeChat says after a dialog of its own, so the order is asked about before paying is offered again.
            Some(Said::Cancelled) => {
                ready.call = Call::Cancelled;
                self.state.recheck = Some(self.now);
                self.state.polling.urge();
            }
            Some(Said::Failed(cause)) => self.wechat_failed(cause, said),
        }
    }

    fn wechat_failed(&mut self, cause: Cause, said: String) {
        self.cancel_payment();
        self.state.wechat.failures += 1;
        let replaces = self.state.attempt.payment_id().cloned();
        self.state.attempt = Attempt::Failed { trouble: Trouble::Wechat { cause, said }, replaces };
        self.state.polling.urge();
    }
}
