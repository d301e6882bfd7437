//! A payment as the platform tells of it, in the answer to a query and in a notification
//! (<https://pay.weixin.qq.com/doc/v3/merchant/4013070356>).

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

/// A payment as the platform tells of it. Fields that are not known here are passed over; what an unpaid order lacks is None.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// The appid that the order was made with; a service provider's is called `sp_appid`.
    #[serde(default, alias = "sp_appid")]
    pub appid: String,
    /// The merchant's number; a service provider's is called `sp_mchid`.
    #[serde(alias = "sp_mchid")]
    pub mchid: String,
    /// The sub-merchant's appid, where a service provider's order was made with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_appid: Option<String>,
    /// The sub-merchant's number, of a service provider's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_mchid: Option<String>,
    /// The merchant's number of the order.
    pub out_trade_no: String,
    /// Its state.
    pub trade_state: TradeState,
    /// The state in words, in Chinese.
    #[serde(default)]
    pub trade_state_desc: String,
    /// The platform's number of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<String>,
    /// `NATIVE`, `JSAPI`, `MWEB`, `MICROPAY`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade_type: Option<String>,
    /// The payer's bank, such as `OTHERS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_type: Option<String>,
    /// When it was paid, in RFC 3339, as it came. See [`Transaction::paid_at`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success_time: Option<String>,
    /// Who has paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<Payer>,
    /// What was to be paid, and what was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// What the merchant gave along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attach: Option<String>,
}

/// Who has paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    /// The payer under the order's appid; under a service provider's it is called `sp_openid`.
    #[serde(default, alias = "sp_openid", skip_serializing_if = "Option::is_none")]
    pub openid: Option<String>,
}

/// Amounts in the currency's smallest unit (fen).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// What the order asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// What the payer has paid, less where a coupon of the platform pays the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_total: Option<i64>,
    /// The order's currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The payer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_currency: Option<String>,
}

/// The state of an order at the platform. In JSON, its word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum TradeState {
    /// Paid.
    Success,
    /// Paid, and at least a part of it was given back.
    Refund,
    /// Not paid yet.
    NotPay,
    /// Closed: it cannot be paid any more.
    Closed,
    /// Reversed (payment code only).
    Revoked,
    /// The payer is entering a password (payment code only).
    UserPaying,
    /// The payment failed (payment code only).
    PayError,
    /// A word that is not known here. Nothing follows from it.
    Unknown(String),
}

impl TradeState {
    /// Its word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Success => "SUCCESS",
            Self::Refund => "REFUND",
            Self::NotPay => "NOTPAY",
            Self::Closed => "CLOSED",
            Self::Revoked => "REVOKED",
            Self::UserPaying => "USERPAYING",
            Self::PayError => "PAYERROR",
            Self::Unknown(word) => word,
        }
    }
}

impl From<String> for TradeState {
    fn from(word: String) -> Self {
        match word.as_str() {
            "SUCCESS" => Self::Success,
            "REFUND" => Self::Refund,
            "NOTPAY" => Self::NotPay,
            "CLOSED" => Self::Closed,
            "REVOKED" => Self::Revoked,
            "USERPAYING" => Self::UserPaying,
            "PAYERROR" => Self::PayError,
            _ => Self::Unknown(word),
        }
    }
}

impl From<TradeState> for String {
    fn from(state: TradeState) -> Self {
        match state {
            TradeState::Unknown(word) => word,
            known => known.as_str().to_owned(),
        }
    }
}

impl Transaction {
    /// When it was paid. None where `success_time` is missing or no time.
    #[must_use]
    pub fn paid_at(&self) -> Option<Timestamp> {
        self.success_time.as_deref().and_then(Timestamp::parse)
    }
}
