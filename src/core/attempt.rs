//! The payment at hand.

use crate::contract::{Action, DecodeError, Payment, ProblemCode, Timestamp};

use super::{Stamp, Trouble, allow};

/// The payment at hand.
#[derive(Clone, Debug, Default)]
pub(super) enum Attempt {
    /// None, and none asked for.
    #[default]
    None,
    /// One is being asked for; its lane says whether a request is under way.
    Asking(Asking),
    /// A code to be drawn, as long as it lives.
    Code(Code),
    /// The backend takes no payment for this order any more: `order_paid`, `order_closed` or `order_expired`.
    Over(ProblemCode),
    /// It could not be had, and asking again is the payer's decision.
    Failed {
        trouble: Trouble,
        /// What the payer had on the screen before, which the next one is to replace still.
        replaces: Option<String>,
    },
}

impl Attempt {
    /// Nothing was on the screen before.
    pub(super) fn failed(trouble: Trouble) -> Self {
        Self::Failed { trouble, replaces: None }
    }
}

/// What is asked for. Every retry asks with the same key, so that the backend makes one payment of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asking {
    pub(super) key: String,
    pub(super) replaces: Option<String>,
    /// The key is of an earlier visit, so the payment it stands for may have expired since.
    pub(super) recalled: bool,
}

/// A code to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) payment_id: String,
    pub(super) content: String,
    pub(super) expires_at: Option<Timestamp>,
    /// Requests up to this one were sent before the code was known, so what they say of payments may be older.
    pub(super) known_since: Stamp,
}

impl Asking {
    /// Idempotency keys begin with this.
    const KEY_START: &'static str = "wc1-";

    /// The `count`th question of the visit with this seed.
    pub(super) fn new(seed: u64, count: u32, replaces: Option<String>) -> Self {
        let key = [Self::KEY_START, &seed.to_string(), "-", &count.to_string()].concat();
        Self { key, replaces, recalled: false }
    }

    /// As text to be kept over a reload: the key, and on a line of its own what it replaces.
    pub(super) fn to_text(&self) -> String {
        match &self.replaces {
            Some(replaces) => [&self.key, "\n", replaces].concat(),
            None => self.key.clone(),
        }
    }

    /// Reads what was kept. None for anything that this program would not have written.
    pub(super) fn recall(text: &str) -> Option<Self> {
        let (key, replaces) = match text.split_once('\n') {
            Some((key, replaces)) => (key, Some(replaces.to_owned())),
            None => (text, None),
        };
        let rest = key.strip_prefix(Self::KEY_START)?;
        let plain = !rest.is_empty() && rest.len() <= 32 && rest.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        plain.then(|| Self { key: key.to_owned(), replaces, recalled: true })
    }
}

impl Code {
    /// The code in a payment of the method `native`.
    pub(super) fn of(payment: Payment, known_since: Stamp) -> Result<Self, Trouble> {
        let found = match payment.action {
            Action::ShowQr { content } if allow::qr(&content) => {
                let Payment { payment_id, expires_at, .. } = payment;
                return Ok(Self { payment_id, content, expires_at, known_since });
            }
            Action::ShowQr { content } => return Err(Trouble::NotAllowed { address: content }),
            Action::InvokeJsapi { .. } => "invoke_jsapi",
            Action::Redirect { .. } => "redirect",
            Action::OpenMiniProgram { .. } => "open_mini_program",
            Action::Wait {} => "wait",
        };
        let reason = ["expected `show_qr` for the method `native`, got `", found, "`"].concat();
        Err(Trouble::Unreadable(DecodeError { path: "action.type".to_owned(), reason }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again_and_nothing_else() {
        for replaces in [None, Some("p1".to_owned()), Some("with\nlines".to_owned())] {
            let asking = Asking::new(0xfeed, 3, replaces);
            assert_eq!(Asking::recall(&asking.to_text()), Some(Asking { recalled: true, ..asking }));
        }
        for foreign in ["", "wc1-", "wc1-<script>", "wc2-00-1", "x\nwc1-00-1", &"wc1-0".repeat(40)] {
            assert_eq!(Asking::recall(foreign), None, "{foreign}");
        }
    }
}
