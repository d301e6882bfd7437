//! What the payer does.

use crate::contract::Method;

use crate::core::attempt::Attempt;
use crate::core::state::{Confirming, Leaving, LinkState};
use crate::core::{Body, Cause, CodeProblem, Effect, Stage, Tap, Trouble};

use super::Step;

/// The digits of a payment code.
const CODE_DIGITS: usize = 18;

impl Step<'_> {
    pub(super) fn tap(&mut self, tap: Tap) {
        match tap {
            Tap::Stay if self.state.is_final() => self.state.leaving = Leaving::Done,
            Tap::CopyTrouble => self.copy_trouble(),
            _ if self.state.is_final() => {}
            Tap::Pay => self.pay(),
            Tap::HavePaid if self.state.order.is_some() => {
                self.state.confirming = Some(Confirming { since: self.now, denied: false });
                self.state.not_received_until = None;
                self.state.over_since = self.state.over_since.map(|_| self.now);
                self.state.polling.urge();
            }
            Tap::Back => self.state.confirming = None,
            Tap::Again if !self.state.is_over(self.now) => self.again(),
            Tap::Retry => self.retry(),
            Tap::Choose(method) => self.choose(method),
            Tap::Code(code) => self.code(&code),
            Tap::CopyLink => self.effects.push(Effect::Copy(self.state.options.page_url.clone())),
            Tap::HavePaid | Tap::Again | Tap::Stay => {}
        }
    }

    /// Only from the screen that has the button: a tap may come when another screen has taken its place.
    fn pay(&mut self) {
        let Body::Pay { stage: Stage::Ready, .. } = self.state.screen(self.now).body else { return };
        match &self.state.attempt {
            Attempt::Ready(_) => self.open(),
            _ if self.is_behind_frame() => self.leave_frame(),
            _ => self.begin_by_tap(None),
        }
    }

    /// Begins by the way at hand. A payment code begins with the code.
    fn begin_by_tap(&mut self, replaces: Option<String>) {
        let Some(way) = self.state.way() else { return };
        match way.method {
            Method::Jsapi if self.is_behind_frame() => self.state.attempt = Attempt::None,
            Method::PaymentCode if replaces.is_none() => self.state.attempt = Attempt::None,
            Method::PaymentCode => {
                self.state.paying_by = Some(way);
                self.state.attempt = Attempt::NextCode { problem: None, replaces };
            }
            _ => self.ask_for_payment(replaces),
        }
    }

    fn again(&mut self) {
        if let Attempt::Code(_) | Attempt::Away(_) = &self.state.attempt {
            let replaces = self.state.attempt.payment_id();
            self.state.confirming = None;
            self.begin_by_tap(replaces);
        }
    }

    fn retry(&mut self) {
        let over = self.state.is_over(self.now);
        match &mut self.state.attempt {
            Attempt::Failed { trouble, replaces } => {
                let replaces = replaces.take().filter(|_| !over);
                match trouble {
                    Trouble::LoginLoop | Trouble::Wechat { cause: Cause::OtherAccount, .. } => {
                        self.state.kept.logged_in = false;
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
            Attempt::Ready(ready) if ready.calling.is_some() => {
                ready.calling = None;
                self.state.recheck = Some(self.now);
            }
            Attempt::None
            | Attempt::Code(_)
            | Attempt::Ready(_)
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
        let replaces = self.state.attempt.payment_id();
        self.cancel_payment();
        self.state.payments.restart(self.now);
        self.state.chosen = Some(method.clone());
        self.state.paying_by = None;
        self.state.link = LinkState::Unknown;
        self.state.cancelled = false;
        self.state.recheck = None;
        // The key of a question is not used for another one.
        self.state.recalled = false;
        self.state.kept.asked = None;
        self.state.kept.method = Some(method);
        self.begin_by_tap(replaces);
        self.remember();
    }

    fn code(&mut self, text: &str) {
        // Only where the field is: a scanner may read on when another screen has taken its place.
        let Body::TakeCode { .. } = self.state.screen(self.now).body else { return };
        let replaces = self.state.attempt.payment_id();
        let code: String = text.split_ascii_whitespace().collect();
        if is_payment_code(&code) {
            self.ask(replaces, Some(code));
        } else {
            self.state.paying_by = self.state.way();
            self.state.attempt = Attempt::NextCode { problem: Some(CodeProblem::Malformed), replaces };
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

/// 18 digits that begin with 10 to 15 (facts section 6).
fn is_payment_code(code: &str) -> bool {
    let digits = code.as_bytes();
    digits.len() == CODE_DIGITS
        && digits.iter().all(u8::is_ascii_digit)
        && digits[0] == b'1'
        && matches!(digits[1], b'0'..=b'5')
}

#[cfg(test)]
mod tests {
    use super::is_payment_code;

    #[test]
    fn payment_codes_are_18_digits_from_10_to_15() {
        for code in ["100000000000000000", "134567890123456789", "159999999999999999"] {
            assert!(is_payment_code(code), "{code}");
        }
        for code in [
            "",
            "13456789012345678",
            "1345678901234567890",
            "163456789012345678",
            "034567890123456789",
            "1345678901234567 9",
        ] {
            assert!(!is_payment_code(code), "{code}");
        }
    }
}
