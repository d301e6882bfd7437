//! What WeChat Pay says of a trade.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

use super::Sub;

/// A verified notification's or answer's content. It is believed to be WeChat Pay's word; whether it is about this
/// order's money, `fit.rs` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "TransactionReport"))]
pub struct Report {
    /// `appid`; of a service provider's order, `sp_appid`.
    pub appid: String,
    /// `mchid`; of a service provider's order, `sp_mchid`.
    pub mchid: String,
    /// `sub_mchid` and, where it was made with one, `sub_appid` of a service provider's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<Sub>,
    /// `out_trade_no`.
    pub out_trade_no: String,
    /// `trade_state`.
    pub trade_state: TradeWord,
    /// `transaction_id`, once there is one.
    pub transaction_id: Option<String>,
    /// `success_time`, once it is paid.
    pub success_time: Option<Timestamp>,
    /// `amount`, once it is paid.
    pub amount: Option<Amount>,
}

/// `amount` of a transaction, in the currency's minor unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "TransactionAmount"))]
pub struct Amount {
    /// `total`: the order's amount, whatever the payer paid of it by coupons.
    pub total: i64,
    /// `currency`, an ISO 4217 code.
    pub currency: String,
}

/// `trade_state` (docs/platform.md, 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TradeWord {
    /// Paid.
    Success,
    /// Paid, and some or all of it went back.
    Refund,
    /// Not paid.
    Notpay,
    /// Closed.
    Closed,
    /// A payment by code, reversed.
    Revoked,
    /// A payment by code whose payer is asked for the password.
    Userpaying,
    /// A payment by code that failed.
    Payerror,
    /// A word that is not documented.
    #[serde(untagged)]
    Unknown(String),
}
