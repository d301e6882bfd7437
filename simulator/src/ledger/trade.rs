//! Trades, and why the platform refuses one.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use super::Sub;
use crate::clock::plus;

/// Nobody paid it for so long: it is closed (docs/platform.md, 3).
const CLOSED_AFTER_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// A number is unique with one merchant, no further; all sub-merchants of a service provider share its numbers
/// (<https://pay.weixin.qq.com/docs/partner/apis/partner-mini-program-payment/partner-mini-prepay.html>).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The merchant's.
    pub mchid: String,
    /// The merchant's number.
    pub out_trade_no: String,
}

impl Key {
    /// Of a merchant, a number.
    pub fn new(mchid: impl Into<String>, out_trade_no: impl Into<String>) -> Self {
        Self { mchid: mchid.into(), out_trade_no: out_trade_no.into() }
    }
}

/// By which product a trade is paid. A number keeps its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TradeType {
    /// A QR that the payer scans.
    Native,
    /// From a page inside WeChat, or a mini-program.
    Jsapi,
    /// From a phone's own browser (H5).
    Mweb,
    /// The payer's payment code, read at a till.
    Micropay,
}

/// What became of a trade (docs/platform.md, 3). Only Micropay knows `USERPAYING`, `REVOKED` and `PAYERROR`: elsewhere a failed attempt
/// leaves it `NOTPAY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TradeState {
    /// Not paid yet.
    NotPay,
    /// The payer is asked for the password.
    UserPaying,
    /// Paid.
    Success,
    /// Closed by the merchant, or after seven days.
    Closed,
    /// Reversed by the merchant before it was paid.
    Revoked,
    /// The payer did not want to, or could not.
    PayError,
    /// Paid and paid back.
    Refund,
}

impl TradeState {
    /// Whether it can still become paid.
    pub fn is_open(self) -> bool {
        matches!(self, Self::NotPay | Self::UserPaying)
    }

    /// `trade_state_desc`.
    pub fn description(self) -> &'static str {
        match self {
            Self::NotPay => "订单未支付",
            Self::UserPaying => "用户支付中，需要输入密码",
            Self::Success => "支付成功",
            Self::Closed => "订单已关闭",
            Self::Revoked => "订单已撤销",
            Self::PayError => "支付失败(其他原因，如银行返回失败)",
            Self::Refund => "订单发生过退款，退款详情请查询退款单",
        }
    }
}

/// One order as the platform sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// Whose, and its number.
    pub key: Key,
    /// Under which appid it was ordered: the merchant's, which is the service provider's where there is one.
    pub appid: String,
    /// For which sub-merchant, where a service provider has ordered.
    #[serde(default)]
    pub sub: Option<Sub>,
    /// By which product.
    pub trade_type: TradeType,
    /// What for.
    pub description: String,
    /// What the merchant wants to be told again.
    pub attach: Option<String>,
    /// In the currency's smallest unit.
    pub total: i64,
    /// ISO 4217.
    pub currency: String,
    /// The only payer who can pay it, under `appid`, where the merchant had to name one (JSAPI).
    pub openid: Option<String>,
    /// Where the merchant is told.
    pub notify_url: Option<String>,
    /// The merchant's device, if it named one.
    pub device_id: Option<String>,
    /// The whole first order: a later one under this number must be the same.
    pub body: Value,
    /// When it was ordered first.
    pub created_at: Timestamp,
    /// The latest time to pay.
    pub time_expire: Timestamp,
    /// What became of it.
    pub trade_state: TradeState,
    /// The handle that works now; those before it are dead.
    pub handle: String,
    /// Once it is paid.
    pub transaction_id: Option<String>,
    /// When it was paid.
    pub success_time: Option<Timestamp>,
    /// The account that paid.
    pub payer: Option<String>,
    /// The payer's openid under the order's appid.
    pub payer_openid: Option<String>,
}

impl Trade {
    pub(super) fn age(&mut self, now: Timestamp) {
        if self.trade_state == TradeState::NotPay && now >= plus(self.created_at, CLOSED_AFTER_MS) {
            self.trade_state = TradeState::Closed;
        }
    }
}

/// What a trade is paid by: the text of a QR, a `prepay_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handle {
    /// The trade it pays.
    pub key: Key,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// The WeChat account that used it first. No other can pay by it.
    pub opened_by: Option<String>,
}

/// Why the platform refuses the merchant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is paid already.
    OrderPaid,
    /// The number is closed or past its `time_expire`; a new number is needed.
    OrderClosed,
    /// The number was used with other parameters; a new number is needed.
    OtherParameters,
    /// The number was used with another trade type; a new number is needed.
    OtherTradeType,
    /// The number of a payment by code works once.
    NumberUsed,
    /// The number was never used.
    OrderNotExist,
    /// A payment by code is reversed, not closed.
    ReverseOnly,
    /// Only a payment by code is reversed.
    NotReversible,
    /// No account has this openid under this appid.
    OpenidUnknown,
    /// `sp_openid` is an account's under the sub-merchant's appid.
    OpenidOfOtherAppid,
    /// `sub_openid` is an account's under the service provider's appid, or another account's than `sp_openid`.
    SubOpenidOfOtherAppid,
    /// It is for another sub-merchant of the service provider's.
    OtherSub,
    /// No wallet shows this payment code.
    AuthCodeUnknown,
    /// The payment code was used or is older than a minute.
    AuthCodeExpired,
    /// No such trade, or it is not paid.
    NothingToRefund,
    /// The two numbers of the trade are of two trades, or it is another merchant's.
    RefundOfAnother,
    /// The trade's amount is another.
    RefundAmountDiffers,
    /// The refund's number was used with other parameters.
    RefundOtherParameters,
    /// Paid more than a year ago.
    RefundTooLate,
    /// All of it went back, or is on its way.
    AllRefunded,
    /// More than what is left.
    RefundTooMuch,
    /// Another refund of the trade was asked for less than a minute ago.
    RefundTooSoon,
    /// It was paid back in too many parts.
    RefundsTooMany,
    /// The merchant's account has too little in it.
    NotEnough,
    /// The refund's number was never used.
    RefundNotExist,
    /// Only where the money of an abnormal refund goes can be said.
    RefundNotAbnormal,
}
