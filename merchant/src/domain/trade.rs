//! Trades: what WeChat Pay knows of an order, each under a number of its own.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Method, Timestamp};

use super::Source;

/// One `out_trade_no` of an order. A number keeps its method and its terms for good: WeChat Pay refuses another request
/// under it (docs/platform.md, 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trade {
    /// The number, unique over all orders of the merchant.
    pub out_trade_no: String,
    /// How it is paid.
    pub method: Method,
    /// What it was asked for with.
    pub terms: Terms,
    /// The body of the request, sent again letter for letter when a fresh code is wanted. Empty for a payment code, which
    /// is sent once.
    pub request: String,
    /// When the number was taken. The request went out after it.
    pub taken_at: Timestamp,
    /// What became of it.
    pub state: TradeState,
    /// Since when it shall end.
    pub ending: Option<Ending>,
    /// When WeChat Pay last answered a question about it, and when something was last tried in vain.
    pub queried_at: Option<Timestamp>,
    /// How many questions or endings failed one after the other.
    pub failures: u32,
    /// When the last of them failed.
    pub failed_at: Option<Timestamp>,
    /// When a page was last given something of it to pay by.
    pub shown_at: Option<Timestamp>,
    /// Since when WeChat Pay has said nothing of it but that there is no such number.
    #[serde(default)]
    pub missing_since: Option<Timestamp>,
    /// Since when WeChat Pay says of a payment by code that it is paid, after a reversal of it may have been sent. Believed once no
    /// answer from before the reversal can be left.
    #[serde(default)]
    pub said_paid_at: Option<Timestamp>,
}

/// What makes a request for one payer another than for the next. With other terms a number of its own is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Under which appid; of a service provider's order, the provider's.
    pub appid: String,
    /// Under which appid of the sub-merchant's too. The payer's openid is then under this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_appid: Option<String>,
    /// The payer, where the platform wants to know (JSAPI).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openid: Option<String>,
    /// The payer's address (H5, which refuses another's).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_client_ip: Option<String>,
}

/// What became of a trade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TradeState {
    /// The number is taken; whether WeChat Pay has it is not known yet.
    Taken,
    /// It can be paid (`NOTPAY`).
    Open,
    /// The payer is asked for the password (`USERPAYING`).
    UserPaying,
    /// Paid.
    Paid(Receipt),
    /// It can no longer be paid: closed, reversed, or never came to WeChat Pay.
    Closed,
    /// A payment by code failed for good (`PAYERROR`, or refused at once).
    Failed,
    /// WeChat Pay did not take the number. Nothing is ever asked about it: it may be another's.
    Refused,
}

impl TradeState {
    /// One word for it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Open => "open",
            Self::UserPaying => "user_paying",
            Self::Paid(receipt) if receipt.refunded => "refunded",
            Self::Paid(_) => "paid",
            Self::Closed => "closed",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }
}

/// That a trade is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Receipt {
    /// WeChat Pay's number for it.
    pub transaction_id: String,
    /// When, by WeChat Pay's clock.
    pub success_time: Timestamp,
    /// When this backend heard of it, and how.
    pub heard_at: Timestamp,
    /// By which way.
    pub heard_by: Source,
    /// All of it went back (a reversed payment code).
    pub refunded: bool,
}

/// A trade that shall be paid no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Since when.
    pub since: Timestamp,
}

impl Terms {
    /// The appid under which the payer's openid is.
    #[must_use]
    pub fn payers_appid(&self) -> &str {
        self.sub_appid.as_ref().unwrap_or(&self.appid)
    }
}

impl Trade {
    /// Whether it may still become paid, as far as is known.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, TradeState::Taken | TradeState::Open | TradeState::UserPaying)
    }

    /// A question or an ending was in vain.
    pub(super) fn failed(&mut self, at: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.failed_at = Some(at);
    }

    /// Its receipt, once it is paid.
    #[must_use]
    pub fn receipt(&self) -> Option<&Receipt> {
        match &self.state {
            TradeState::Paid(receipt) => Some(receipt),
            _ => None,
        }
    }

    /// Whether it is a payment by the payer's code, which is reversed, not closed, and never notified.
    #[must_use]
    pub fn is_by_code(&self) -> bool {
        self.method == Method::PaymentCode
    }
}
