//! What WeChat Pay says of a refund.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

/// A verified notification's or answer's content. Whether it is about this order's money, `fit.rs` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefundReport {
    /// `mchid`, of a service provider's order `sp_mchid`, which only a notification has.
    pub mchid: Option<String>,
    /// `sub_mchid`, which only a notification of a service provider's order has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_mchid: Option<String>,
    /// `out_trade_no`.
    pub out_trade_no: String,
    /// `transaction_id`.
    pub transaction_id: String,
    /// `out_refund_no`.
    pub out_refund_no: String,
    /// `refund_id`.
    pub refund_id: String,
    /// `status`, in a notification `refund_status`.
    pub status: RefundWord,
    /// `success_time`, once the money went back.
    pub success_time: Option<Timestamp>,
    /// `amount`.
    pub amount: Option<RefundAmount>,
}

/// `amount` of a refund, in the currency's minor unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefundAmount {
    /// `total`: the trade's.
    pub total: i64,
    /// `refund`: what goes back.
    pub refund: i64,
    /// `currency`, which a notification does not have.
    pub currency: Option<String>,
}

/// What WeChat Pay calls the state of a refund (<https://pay.weixin.qq.com/doc/v3/merchant/4013071041>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefundWord {
    /// The money went back.
    Success,
    /// It was closed.
    Closed,
    /// It is under way.
    Processing,
    /// The payer's account does not take the money.
    Abnormal,
    /// A word that is not documented.
    #[serde(untagged)]
    Unknown(String),
}
