//! The payment at hand.

use crate::contract::{Action, DecodeError, JsapiParams, Method, MethodOffer, Payment, ProblemCode, Timestamp};

use super::kept::Question;
use super::{CodeProblem, Instant, Options, Stamp, Trouble, allow, jsapi};

/// The payment at hand.
#[derive(Clone, Debug, Default)]
pub(super) enum Attempt {
    /// None, and none asked for: for the ways that begin by the payer's tap, or by a code to be read.
    #[default]
    None,
    /// One is being asked for; its lane says whether a request is under way.
    Asking(Asking),
    /// A code to be drawn, as long as it lives.
    Code(Code),
    /// Something to be opened in WeChat at the payer's tap.
    Ready(Ready),
    /// The payer was sent to log in, for the payment that was asked for.
    LogIn(LogIn),
    /// The payer was sent elsewhere to pay.
    Away(Away),
    /// The payer's code was taken and is being confirmed.
    Waiting(Waiting),
    /// A payer's code is wanted that does not come first: the one before was not taken or not confirmed, or it is to replace
    /// what was on the screen.
    NextCode { way: Option<MethodOffer>, problem: Option<CodeProblem>, replaces: Option<String> },
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

    /// The way to pay by which it was begun, as it was offered then, as long as there is something of it.
    pub(super) fn way(&self) -> Option<&MethodOffer> {
        match self {
            Self::None | Self::Over(_) | Self::Failed { .. } => None,
            Self::Asking(asking) => Some(&asking.way),
            Self::Code(code) => Some(&code.way),
            Self::Ready(ready) => Some(&ready.way),
            Self::LogIn(log_in) => Some(&log_in.way),
            Self::Away(away) => away.way.as_ref(),
            Self::Waiting(waiting) => Some(&waiting.way),
            Self::NextCode { way, .. } => way.as_ref(),
        }
    }

    /// The payment that the next one would replace.
    pub(super) fn payment_id(&self) -> Option<&String> {
        match self {
            Self::None | Self::Over(_) => None,
            Self::Asking(asking) => asking.question.replaces.as_ref(),
            Self::LogIn(log_in) => log_in.replaces.as_ref(),
            Self::Code(code) => Some(&code.payment_id),
            Self::Ready(ready) => Some(&ready.payment_id),
            Self::Away(away) => away.payment_id.as_ref(),
            Self::Waiting(waiting) => Some(&waiting.payment_id),
            Self::NextCode { replaces, .. } | Self::Failed { replaces, .. } => replaces.as_ref(),
        }
    }
}

/// What is asked for. Every retry asks with the same key and body, so that the backend makes one payment of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asking {
    pub(super) way: MethodOffer,
    pub(super) question: Question,
    pub(super) page_url: String,
    pub(super) auth_code: Option<String>,
}

/// A code to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) way: MethodOffer,
    pub(super) payment_id: String,
    pub(super) content: String,
    pub(super) expires_at: Option<Timestamp>,
    /// Requests up to this one were sent before the code was known, so what they say of payments may be older.
    pub(super) known_since: Stamp,
    /// When it was known.
    pub(super) since: Instant,
}

/// Something to be opened in WeChat at the payer's tap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ready {
    pub(super) way: MethodOffer,
    pub(super) payment_id: String,
    pub(super) opens: Opens,
    pub(super) expires_at: Option<Timestamp>,
    /// Requests up to this one were sent before it was known.
    pub(super) known_since: Stamp,
    pub(super) call: Call,
}

/// A call of WeChat, for what is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// None yet, or nothing came of the last.
    None,
    /// Under way.
    Under(Stamp),
    /// The payer cancelled the last.
    Cancelled,
}

impl Ready {
    /// Whether WeChat is being called.
    pub(super) fn is_calling(&self) -> bool {
        matches!(self.call, Call::Under(_))
    }
}

/// The payer was sent to log in, for the payment that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LogIn {
    pub(super) way: MethodOffer,
    pub(super) replaces: Option<String>,
    pub(super) since: Instant,
    /// The page has come back from where the payer was sent.
    pub(super) back: bool,
}

impl LogIn {
    /// A page that is still there after so many milliseconds has not been left: the host leads the payer there in its own
    /// way, or nothing came of it. The payer can then have it asked for again.
    pub(super) const LEFT_MS: u64 = 10_000;

    pub(super) fn has_stayed(&self, now: Instant) -> bool {
        self.back || now.since(self.since) >= Self::LEFT_MS
    }
}

/// What is opened in WeChat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opens {
    /// The payment sheet.
    Sheet(JsapiParams),
    /// A native page of the mini-program, by its path.
    MiniProgram(String),
}

/// The payer was sent elsewhere to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Away {
    /// None when an earlier page sent the payer.
    pub(super) way: Option<MethodOffer>,
    /// None when an earlier page sent the payer.
    pub(super) payment_id: Option<String>,
    pub(super) since: Instant,
    /// The page has been seen again since.
    pub(super) back: bool,
}

impl Away {
    /// A page that is still there after so many milliseconds has not been left.
    pub(super) const LEFT_MS: u64 = 3_000;

    pub(super) fn has_returned(&self, now: Instant) -> bool {
        self.back || now.since(self.since) >= Self::LEFT_MS
    }
}

/// The payer's code was taken and is being confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) way: MethodOffer,
    pub(super) payment_id: String,
    pub(super) since: Instant,
    /// An answer about the order has named this payment, so one that does not says that it failed.
    pub(super) seen: bool,
}

/// What a payment's action comes to.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made, and taken apart at once")]
pub(super) enum Due {
    /// The payment at hand from now on.
    Attempt(Attempt),
    /// Leave for this address to pay.
    Leave(String),
    /// Leave for this address to be known to the backend.
    LogIn(String),
}

impl Due {
    /// What there is to do for this payment, which was begun by this way.
    ///
    /// # Errors
    /// When the action is none of this method's, or holds what must not be drawn, gone to or called.
    pub(super) fn of(
        payment: Payment,
        way: MethodOffer,
        options: &Options,
        known_since: Stamp,
        now: Instant,
    ) -> Result<Self, Trouble> {
        let Payment { payment_id, method, expires_at, action, .. } = payment;
        let code = |payment_id, content, way| {
            Self::Attempt(Attempt::Code(Code { way, payment_id, content, expires_at, known_since, since: now }))
        };
        let ready = |payment_id, opens, way| {
            Attempt::Ready(Ready { way, payment_id, opens, expires_at, known_since, call: Call::None })
        };
        let wanted = match (&method, action) {
            (Method::Native, Action::ShowQr { content }) if allow::qr(&content) => {
                return Ok(code(payment_id, content, way));
            }
            (Method::Merchant(_), Action::ShowQr { content }) if allow::merchant_qr(options, &content) => {
                return Ok(code(payment_id, content, way));
            }
            (Method::Native | Method::Merchant(_), Action::ShowQr { content }) => {
                return Err(Trouble::NotAllowed { address: content });
            }
            (Method::Jsapi, Action::InvokeJsapi { params }) => {
                jsapi::check(&params).map_err(Trouble::unreadable)?;
                return Ok(Self::Attempt(ready(payment_id, Opens::Sheet(params), way)));
            }
            (Method::MiniProgram, Action::OpenMiniProgram { path }) => {
                return Ok(Self::Attempt(ready(payment_id, Opens::MiniProgram(path), way)));
            }
            (Method::PaymentCode, Action::Wait {}) => {
                return Ok(Self::Attempt(Attempt::Waiting(Waiting { way, payment_id, since: now, seen: false })));
            }
            (Method::Jsapi, Action::Redirect { url }) => {
                return allowed(allow::navigation(options, &url), url, Self::LogIn);
            }
            (Method::H5, Action::Redirect { url }) => return allowed(allow::h5(options, &url), url, Self::Leave),
            (Method::Merchant(_), Action::Redirect { url }) => {
                return allowed(allow::navigation(options, &url), url, Self::Leave);
            }
            (Method::Native, _) => "show_qr",
            (Method::Jsapi, _) => "invoke_jsapi",
            (Method::H5, _) => "redirect",
            (Method::MiniProgram, _) => "open_mini_program",
            (Method::PaymentCode, _) => "wait",
            (Method::Merchant(_), _) => "redirect` or `show_qr",
        };
        let reason = ["expected `", wanted, "` for the method `", method.id(), "`"].concat();
        Err(Trouble::unreadable(DecodeError { path: "action.type".to_owned(), reason }))
    }
}

fn allowed(to: Option<String>, url: String, due: fn(String) -> Due) -> Result<Due, Trouble> {
    to.map(due).ok_or(Trouble::NotAllowed { address: url })
}
