//! A refund, and how an answer and a notification tell it (<https://pay.weixin.qq.com/doc/v3/merchant/4013071041>, 4013071196).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;

use super::{Key, Refused};
use crate::clock::beijing;

/// A refund's number is unique with one merchant, no further; with a service provider, among all of its sub-merchants.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RefundKey {
    /// The merchant's.
    pub mchid: String,
    /// The merchant's number of the refund.
    pub out_refund_no: String,
}

/// What became of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RefundStatus {
    /// Under way.
    Processing,
    /// The payer has the money.
    Success,
    /// Closed: the merchant has the money.
    Closed,
    /// The payer's bank does not take it: the merchant has to say where it goes.
    Abnormal,
}

/// What the merchant sends.
#[derive(Clone, Debug, PartialEq)]
pub struct RefundOrder {
    /// Whose, and its number.
    pub key: RefundKey,
    /// For which sub-merchant, where a service provider asks.
    pub sub_mchid: Option<String>,
    /// The platform's number of the trade, or
    pub transaction_id: Option<String>,
    /// the merchant's.
    pub out_trade_no: Option<String>,
    /// How much.
    pub refund: i64,
    /// Of how much.
    pub total: i64,
    /// ISO 4217.
    pub currency: String,
    /// Where the merchant is told.
    pub notify_url: Option<String>,
    /// All of it, to compare with a later request under the same number.
    pub body: Value,
}

/// One refund.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refund {
    /// Whose, and its number.
    pub key: RefundKey,
    /// Of which trade.
    pub trade: Key,
    /// For which sub-merchant that trade is, where it is a service provider's.
    #[serde(default)]
    pub sub_mchid: Option<String>,
    /// The platform's number of the trade.
    pub transaction_id: String,
    /// The platform's number of the refund.
    pub refund_id: String,
    /// How much.
    pub refund: i64,
    /// Of how much.
    pub total: i64,
    /// ISO 4217.
    pub currency: String,
    /// Where the merchant is told.
    pub notify_url: Option<String>,
    /// The whole first request. Null for one that was made on the platform's own pages.
    pub body: Value,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, and how.
    pub ends: (Timestamp, RefundStatus),
    /// What became of it.
    pub status: RefundStatus,
    /// When the payer had the money.
    pub success_time: Option<Timestamp>,
}

impl Refund {
    pub(super) fn check_sub(&self, sub_mchid: Option<&str>) -> Result<(), Refused> {
        if self.sub_mchid.as_deref() == sub_mchid { Ok(()) } else { Err(Refused::OtherSub) }
    }

    pub(super) fn end(&mut self, status: RefundStatus, at: Timestamp) {
        self.status = status;
        self.success_time = (status == RefundStatus::Success).then_some(at);
    }

    /// What is answered to the request, and to a query.
    pub fn view(&self) -> Value {
        let mut view = json!({
            "refund_id": self.refund_id,
            "out_refund_no": self.key.out_refund_no,
            "transaction_id": self.transaction_id,
            "out_trade_no": self.trade.out_trade_no,
            "channel": "ORIGINAL",
            "user_received_account": "支付用户零钱",
            "create_time": beijing(self.created_at),
            "status": self.status,
            "funds_account": "UNSETTLED",
            "amount": {
                "total": self.total,
                "refund": self.refund,
                "from": [],
                "payer_total": self.total,
                "payer_refund": self.refund,
                "settlement_refund": self.refund,
                "settlement_total": self.total,
                "discount_refund": 0,
                "currency": self.currency,
            },
            "promotion_detail": [],
        });
        if let Some(at) = self.success_time {
            view["success_time"] = beijing(at).into();
        }
        view
    }

    /// What is told when it has ended.
    pub fn told(&self) -> Value {
        let mut told = json!({
            "transaction_id": self.transaction_id,
            "out_trade_no": self.trade.out_trade_no,
            "refund_id": self.refund_id,
            "out_refund_no": self.key.out_refund_no,
            "refund_status": self.status,
            "user_received_account": "支付用户零钱",
            "amount": {
                "total": self.total,
                "refund": self.refund,
                "payer_total": self.total,
                "payer_refund": self.refund,
            },
        });
        match &self.sub_mchid {
            None => told["mchid"] = self.key.mchid.clone().into(),
            Some(sub_mchid) => {
                told["sp_mchid"] = self.key.mchid.clone().into();
                told["sub_mchid"] = sub_mchid.clone().into();
            }
        }
        if let Some(at) = self.success_time {
            told["success_time"] = beijing(at).into();
        }
        told
    }
}

impl RefundStatus {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Success => "SUCCESS",
            Self::Closed => "CLOSED",
            Self::Abnormal => "ABNORMAL",
        }
    }

    /// The event by which it is told, and in words.
    pub fn event(self) -> (&'static str, &'static str) {
        match self {
            Self::Success => ("REFUND.SUCCESS", "退款成功"),
            Self::Closed => ("REFUND.CLOSED", "退款关闭"),
            // One under way is not told.
            Self::Abnormal | Self::Processing => ("REFUND.ABNORMAL", "退款异常"),
        }
    }
}
