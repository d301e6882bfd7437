//! The trade bill of a day (交易账单): what was paid and what was paid back, as a file
//! (<https://pay.weixin.qq.com/docs/merchant/products/bill-download/format-trade.html>).

mod file;
mod flow;
mod lines;

pub use file::file;
pub use flow::{Flow, flow_file};

use wechat_cashier::contract::Timestamp;

use super::TradeType;

/// Which lines are asked for. Each kind has columns of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Payments and refunds.
    All,
    /// Payments.
    Success,
    /// Refunds.
    Refund,
}

/// A line: a payment, or a refund of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it was paid, or when the refund was accepted.
    pub at: Timestamp,
    /// Under which appid it was ordered.
    pub appid: String,
    /// Whose.
    pub mchid: String,
    /// For which sub-merchant, where it is a service provider's.
    pub sub_mchid: Option<String>,
    /// The merchant's device, or nothing.
    pub device_id: String,
    /// The platform's number of the payment.
    pub transaction_id: String,
    /// The merchant's number of the payment.
    pub out_trade_no: String,
    /// Who paid.
    pub openid: String,
    /// By which product.
    pub trade_type: TradeType,
    /// `SUCCESS`, `REFUND`, `REVOKED`.
    pub state: String,
    /// ISO 4217.
    pub currency: String,
    /// The order's amount, in the currency's smallest unit. A refund shows it as nothing.
    pub total: i64,
    /// The refund that it is.
    pub refund: Option<Refunded>,
    /// What for.
    pub description: String,
    /// What the merchant has attached, or nothing.
    pub attach: String,
}

/// What a refund has more than a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// The platform's number of it; a reversal has `0`.
    pub refund_id: String,
    /// The merchant's number of it; a reversal has `0`.
    pub out_refund_no: String,
    /// In the currency's smallest unit.
    pub amount: i64,
    /// `SUCCESS`, `PROCESSING`, … at the time of the bill, which is not written again.
    pub status: String,
    /// When it went back, once it did.
    pub success_at: Option<Timestamp>,
}

impl Kind {
    /// Whether a line belongs to it.
    pub fn has(self, line: &Line) -> bool {
        match self {
            Self::All => true,
            Self::Success => line.refund.is_none(),
            Self::Refund => line.refund.is_some(),
        }
    }
}
