//! What can be made to go wrong, order by order.
//!
//! The panel and the tests use the same words: the enum here, as JSON with a `kind`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Something that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// The platform's notify does not reach the merchant; the platform tries again by its plan. `times` counts attempts.
    NotifyLost,
    /// The first notify comes so much later than the payment, in sandbox time.
    NotifyLate {
        /// How much later.
        ms: i64,
    },
    /// The backend fails and does not say why.
    AnswerStatus {
        /// 500, 502 or 503, or any other HTTP error.
        status: u16,
    },
    /// 429, `rate_limited`, with `Retry-After`.
    RateLimited {
        /// What `Retry-After` says.
        retry_after_s: u32,
    },
    /// The call is carried out, but its answer comes so much later, in real time.
    Slow {
        /// How much later.
        ms: u64,
    },
    /// The call is carried out, but its answer breaks off in the middle of the JSON.
    MalformedJson,
    /// The call is carried out, but an HTML page with status 200 comes back, as from a captive portal.
    WrongContentType,
    /// Order answers name another amount.
    ChangedAmount {
        /// That amount, in minor units.
        value: i64,
    },
    /// The code lives no longer than this: the one shown now, if there is one, else the next.
    QuickCodeExpiry {
        /// How long, in sandbox time.
        ms: i64,
    },
    /// The order expires so soon. Done when set.
    QuickOrderExpiry {
        /// How soon, in sandbox time.
        ms: i64,
    },
    /// The merchant closes the order. Done when set.
    ClosedByMerchant,
    /// The payer's phone had the pay sheet open, and pays although the order has expired or was closed.
    PaidAfterExpiry,
    /// Another account has opened the code before the payer scans it. `times` counts scans.
    SecondAccount,
    /// The call is carried out, but the connection breaks before its answer.
    ConnectionDropped,
    /// 503, `upstream_unavailable`.
    UpstreamUnavailable,
    /// 404, `order_not_found`.
    OrderNotFound,
    /// 401, `unauthorized`.
    Unauthorized,
    /// 422, `method_unavailable`, to the request for a payment.
    MethodUnavailable,
    /// A parameter of the next `invoke_jsapi` is another one than was signed, or is left out.
    JsapiBadParams {
        /// Which, such as `timeStamp`.
        field: Cow<'static, str>,
        /// By what it is replaced. Absent: it is left out.
        #[serde(default)]
        value: Option<Cow<'static, str>>,
    },
    /// The `nonceStr` of the next `invoke_jsapi` is changed after signing.
    ChangedNonce,
    /// The next `invoke_jsapi` is signed under an appid that is not the prepay's.
    WrongAppId,
    /// The `prepay_id` counts as expired at the platform, though the merchant does not know: the one that is out, if
    /// there is one, else the next.
    StalePrepay,
    /// The order's payment is not in the platform's bill of its day.
    BillLineMissing,
    /// The bill has another amount.
    BillWrongAmount {
        /// That amount, in minor units.
        total: i64,
    },
    /// The bill says that the payment was reversed.
    BillWrongState,
}

impl Fault {
    /// One of each with values to start from.
    pub const EXAMPLES: [Self; 25] = [
        Self::NotifyLost,
        Self::NotifyLate { ms: 30_000 },
        Self::AnswerStatus { status: 500 },
        Self::RateLimited { retry_after_s: 5 },
        Self::Slow { ms: 30_000 },
        Self::MalformedJson,
        Self::WrongContentType,
        Self::ChangedAmount { value: 1 },
        Self::QuickCodeExpiry { ms: 10_000 },
        Self::QuickOrderExpiry { ms: 10_000 },
        Self::ClosedByMerchant,
        Self::PaidAfterExpiry,
        Self::SecondAccount,
        Self::ConnectionDropped,
        Self::UpstreamUnavailable,
        Self::OrderNotFound,
        Self::Unauthorized,
        Self::MethodUnavailable,
        // Milliseconds, the mistake made most often.
        Self::JsapiBadParams { field: Cow::Borrowed("timeStamp"), value: Some(Cow::Borrowed("1700000000000")) },
        Self::ChangedNonce,
        Self::WrongAppId,
        Self::StalePrepay,
        Self::BillLineMissing,
        Self::BillWrongAmount { total: 1 },
        Self::BillWrongState,
    ];

    /// What it does, for the panel.
    pub fn about(&self) -> &'static str {
        match self {
            Self::NotifyLost => "Notify lost: only asking the platform finds the payment",
            Self::NotifyLate { .. } => "Notify late (sandbox time)",
            Self::AnswerStatus { .. } => "Backend fails: 500, 502, 503",
            Self::RateLimited { .. } => "Too many requests: 429 with Retry-After",
            Self::Slow { .. } => "Slow answer (real time)",
            Self::MalformedJson => "Malformed JSON",
            Self::WrongContentType => "HTML page with status 200",
            Self::ChangedAmount { .. } => "Order answers name another amount (minor units)",
            Self::QuickCodeExpiry { .. } => "Code expires soon",
            Self::QuickOrderExpiry { .. } => "Order expires soon (done when set)",
            Self::ClosedByMerchant => "Merchant closes the order (done when set)",
            Self::PaidAfterExpiry => "Pay sheet was open: pays after expiry or close",
            Self::SecondAccount => "Another account has opened the code",
            Self::ConnectionDropped => "Connection dropped before the answer",
            Self::UpstreamUnavailable => "WeChat Pay does not answer the backend: 503",
            Self::OrderNotFound => "Order not found: 404",
            Self::Unauthorized => "Token refused: 401",
            Self::MethodUnavailable => "Method not available: 422 to the request for a payment",
            Self::JsapiBadParams { .. } => "JSAPI: a parameter is wrong (empty value: missing)",
            Self::ChangedNonce => "JSAPI: nonceStr changed after signing",
            Self::WrongAppId => "JSAPI: signed under another appId",
            Self::StalePrepay => "JSAPI: the prepay_id counts as expired at WeChat",
            Self::BillLineMissing => "Bill of the day: this payment is missing",
            Self::BillWrongAmount { .. } => "Bill of the day: another amount (minor units)",
            Self::BillWrongState => "Bill of the day: reversed, not paid",
        }
    }

    /// Whether it falsifies the answer to a call, so that `on` says which.
    pub fn is_of_answers(&self) -> bool {
        match self {
            Self::AnswerStatus { .. }
            | Self::RateLimited { .. }
            | Self::Slow { .. }
            | Self::MalformedJson
            | Self::WrongContentType
            | Self::ChangedAmount { .. }
            | Self::ConnectionDropped
            | Self::UpstreamUnavailable
            | Self::OrderNotFound
            | Self::Unauthorized => true,
            Self::NotifyLost
            | Self::NotifyLate { .. }
            | Self::QuickCodeExpiry { .. }
            | Self::QuickOrderExpiry { .. }
            | Self::ClosedByMerchant
            | Self::PaidAfterExpiry
            | Self::SecondAccount
            | Self::MethodUnavailable
            | Self::JsapiBadParams { .. }
            | Self::ChangedNonce
            | Self::WrongAppId
            | Self::StalePrepay
            | Self::BillLineMissing
            | Self::BillWrongAmount { .. }
            | Self::BillWrongState => false,
        }
    }
}

impl Fault {
    /// Whether it is the platform's, which keeps it.
    pub(crate) fn is_of_platform(&self) -> bool {
        matches!(
            self,
            Self::NotifyLost
                | Self::NotifyLate { .. }
                | Self::PaidAfterExpiry
                | Self::SecondAccount
                | Self::BillLineMissing
                | Self::BillWrongAmount { .. }
                | Self::BillWrongState
        )
    }
}

/// Which call of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// `GET orders/{id}`, the status request.
    Order,
    /// `POST orders/{id}/payments`.
    Payment,
    /// `POST orders/{id}/close`. Faults leave it alone.
    Close,
    /// `GET orders/{id}/events`. Faults leave it alone.
    Events,
}

/// Which calls a fault of answers meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// The status request.
    Order,
    /// The request for a payment.
    Payment,
    /// Either.
    #[default]
    Both,
}

impl On {
    fn meets(self, call: Call) -> bool {
        match call {
            Call::Order => self != Self::Payment,
            Call::Payment => self != Self::Order,
            Call::Close | Call::Events => false,
        }
    }
}

/// A fault as it is set on an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetFault {
    /// What goes wrong.
    #[serde(flatten)]
    pub fault: Fault,
    /// On which call, for a fault of answers.
    #[serde(default)]
    pub on: On,
    /// How many times more. Absent: until it is cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// The faults set, by order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults(BTreeMap<String, Vec<SetFault>>);

impl Faults {
    /// The faults set on an order.
    pub fn of(&self, order_id: &str) -> &[SetFault] {
        self.0.get(order_id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Puts these in place of what was set.
    pub fn set(&mut self, order_id: &str, faults: Vec<SetFault>) {
        if faults.is_empty() {
            self.0.remove(order_id);
        } else {
            self.0.insert(order_id.to_owned(), faults);
        }
    }

    /// Whether the order has such a fault, without using it up.
    pub fn has(&self, order_id: &str, fault: &Fault) -> bool {
        self.of(order_id).iter().any(|set| set.fault == *fault && set.times != Some(0))
    }

    /// Uses the first fault that `pick` wants, once.
    pub fn take<T>(&mut self, order_id: &str, pick: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        let list = self.0.get_mut(order_id)?;
        let found = list.iter_mut().find_map(|set| {
            let wanted = pick(&set.fault)?;
            set.use_once().then_some(wanted)
        });
        self.drop_used(order_id);
        found
    }

    /// Uses the faults that this call's answer meets, once each, in the order they were set.
    pub(crate) fn take_for(&mut self, order_id: &str, call: Call) -> Vec<Fault> {
        let Some(list) = self.0.get_mut(order_id) else { return Vec::new() };
        let mut met = Vec::new();
        for set in list.iter_mut().filter(|set| set.fault.is_of_answers() && set.on.meets(call)) {
            let wanted = call == Call::Order || !matches!(set.fault, Fault::ChangedAmount { .. });
            if wanted && set.use_once() {
                met.push(set.fault.clone());
            }
        }
        self.drop_used(order_id);
        met
    }

    fn drop_used(&mut self, order_id: &str) {
        if let Some(list) = self.0.get_mut(order_id) {
            list.retain(|set| set.times != Some(0));
            if list.is_empty() {
                self.0.remove(order_id);
            }
        }
    }
}

impl SetFault {
    fn use_once(&mut self) -> bool {
        match &mut self.times {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }
}
