//! What the payer does.

use crate::contract::Method;

use crate::core::attempt::{Attempt, Call};
use crate::core::claim::Claim;
use crate::core::state::{End, Leaving, LinkState};
use crate::core::{Body, Cause, CodeProblem, Effect, Stage, Tap, Trouble};

use super::Step;
use super::payment_code::payment_code;

impl Step<'_> {
    pub(super) fn tap(&mut self, tap: Tap) {
        match tap {
            Tap::Stay => {
                if let Some(End::Paid { leaving, .. }) = &mut self.state.end {
                    *leaving = Leaving::Done;
                }
            }
            Tap::Leave => self.leave(),
            Tap::CopyTrouble => self.copy_trouble(),
            _ if self.state.is_final() => {}
            Tap::Pay => self.pay(),
            Tap::HavePaid if self.state.order.is_some() => {
                self.state.claim = Claim::made(self.now);
                self.state.over_since = self.state.over_since.map(|_| self.now);
                self.state.polling.urge();
            }
            Tap::Back => self.state.claim.drop_followed(),
            Tap::Again if !self.state.is_over(self.now) => self.again(),
            Tap::Retry => self.retry(),
            Tap::Choose(method) => self.choose(method),
            Tap::Code(code) => self.code(&code),
            Tap::CopyLink => self.effects.push(Effect::Copy(self.state.options.page_url.clone())),
            Tap::HavePaid | Tap::Again => {}
        }
    }

    /// Only from the screen that has the button: a tap may come when another screen has taken its place.
    fn pay(&mut self) {
        let Body::Pay { stage: Stage::Ready, .. } = self.state.screen(self.now).body else { return };
        match &self.state.attempt {
            Attempt::Ready(_) => self.open(),
            // What the screen offers stays while the status is a word that is not known, and nothing comes of it but a question.
            _ if !self.state.is_payable() => self.state.polling.urge(),
            // The payer has not been led there, and wants it once more.
            Attempt::LogIn(log_in) => {
                let replaces = log_in.replaces.clone();
                self.state.visit.kept.logged_in = false;
                self.ask_for_payment(replaces);
            }
            _ if self.is_behind_frame() => self.leave_frame(),
            _ => self.begin_by_tap(None),
        }
    }

    /// Begins by the way at hand. A payment code begins with the code.
    fn begin_by_tap(&mut self, replaces: Option<String>) {
        if !self.state.is_payable() {
            return self.state.polling.urge();
        }
        match self.state.method() {
            None => {}
            Some(Method::Jsapi) if self.is_behind_frame() => self.state.attempt = Attempt::None,
            Some(Method::PaymentCode) if replaces.is_none() => self.state.attempt = Attempt::None,
            Some(Method::PaymentCode) => {
                self.state.attempt = Attempt::NextCode { way: self.state.way().cloned(), problem: None, replaces };
            }
            Some(_) => self.ask_for_payment(replaces),
        }
    }

    fn again(&mut self) {
        if let Attempt::Code(_) | Attempt::Away(_) = &self.state.attempt {
            let replaces = self.state.attempt.payment_id().cloned();
            self.state.claim.drop_followed();
            self.begin_by_tap(replaces);
        }
    }

    fn retry(&mut self) {
        let over = self.state.is_over(self.now);
        let begins = over || self.state.is_payable();
        match &mut self.state.attempt {
            Attempt::Failed { .. } | Attempt::Over(_) if !begins => {}
            Attempt::Failed { trouble, replaces } => {
                let replaces = replaces.take().filter(|_| !over);
                match trouble {
                    Trouble::LoginLoop | Trouble::Wechat { cause: Cause::OtherAccount, .. } => {
                        self.state.visit.kept.logged_in = false;
                    }
                    _ => {}
                }
                if replaces.is_some() {
                    self.begin_by_tap(replaces);
                } else {
                    self.state.attempt = Attempt::None;
                }
            }
            Attempt::Over(_) => self.state.attempt = Attempt::None,
            Attempt::Asking(_) => self.state.payments.hurry(self.now),
            // Nothing came of the call: the next tap makes another, once the order has been asked about.
            Attempt::Ready(ready) if ready.is_calling() => {
                ready.call = Call::None;
                self.state.recheck = Some(self.now);
            }
            Attempt::None
            | Attempt::Code(_)
            | Attempt::Ready(_)
            | Attempt::LogIn(_)
            | Attempt::Away(_)
            | Attempt::Waiting(_)
            | Attempt::NextCode { .. } => {}
        }
        self.state.polling.urge();
    }

    fn choose(&mut self, method: Method) {
        // Only what the screen offers: a tap may come when another screen has taken its place.
        if !self.state.screen(self.now).other_ways().any(|way| way.method == method) {
            return;
        }
        // Nothing could be begun now, and what is on the screen may be good still.
        if !self.state.is_payable() {
            return self.state.polling.urge();
        }
        let replaces = self.state.attempt.payment_id().cloned();
        self.cancel_payment();
        self.state.payments.restart(self.now);
        self.state.attempt = Attempt::None;
        self.state.visit.chosen = Some(method.clone());
        self.state.wechat.link = LinkState::Unknown;
        self.state.recheck = None;
        // The key of a question is not used for another one.
        self.state.visit.kept.asked = None;
        self.state.visit.kept.method = Some(method);
        self.begin_by_tap(replaces);
        self.remember();
    }

    fn code(&mut self, text: &str) {
        // Only where the field is: a scanner may read on when another screen has taken its place.
        let Body::TakeCode { .. } = self.state.screen(self.now).body else { return };
        let replaces = self.state.attempt.payment_id().cloned();
        match payment_code(text) {
            Some(code) => self.ask(replaces, Some(code)),
            None => {
                let (way, problem) = (self.state.way().cloned(), Some(CodeProblem::Malformed));
                self.state.attempt = Attempt::NextCode { way, problem, replaces };
            }
        }
    }

    fn copy_trouble(&mut self) {
        if let Body::Trouble(trouble) = self.state.screen(self.now).body {
            let order_id = &self.state.options.order_id;
            let detail = trouble.detail().unwrap_or_default();
            self.effects.push(Effect::Copy([order_id, " ", trouble.code(), " ", &detail].concat()));
        }
    }
}
