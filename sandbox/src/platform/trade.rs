//! Trades, what they are paid by, and how they end.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Money, Timestamp};

use super::Platform;
use super::notify::NotifyPlan;

/// By which product a trade is paid. A number keeps its type: another one is refused (field problem 56).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TradeType {
    /// A QR that the payer scans.
    Native,
    /// From a page inside WeChat.
    Jsapi,
    /// From a phone's own browser (H5).
    Mweb,
    /// The payer's payment code, read at a till.
    Micropay,
    /// From a native page of the merchant's mini-program. WeChat calls it `JSAPI` too, under the mini-program's appid.
    MiniProgram,
    /// UnionPay's QR. No trade of WeChat's: it is kept here so that one order's trades are in one book.
    UnionPay,
    /// The pay page of another wallet, such as Alipay's. As with UnionPay.
    Wallet,
}

/// What became of a trade (docs/platform.md, 3). Only Micropay knows `USERPAYING`, `REVOKED` and `PAYERROR`: elsewhere
/// a failed attempt leaves it `NOTPAY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TradeState {
    /// Not paid yet.
    NotPay,
    /// The payer is asked for the password.
    UserPaying,
    /// Paid.
    Success,
    /// Closed by the merchant.
    Closed,
    /// Reversed by the merchant.
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
}

/// One order as the platform sees it, under the merchant's `out_trade_no`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trade {
    /// The merchant's number.
    pub out_trade_no: String,
    /// By which product.
    pub trade_type: TradeType,
    /// What the merchant wants to be told again: here its order id.
    pub attach: String,
    /// As the payer sees it on the phone.
    pub merchant: String,
    /// What for.
    pub description: String,
    /// How much.
    pub amount: Money,
    /// The only payer who can pay it, where the merchant had to name one (JSAPI).
    pub openid: Option<String>,
    /// The latest time to pay, as the merchant asked for. A later order under this number must ask for the same.
    pub time_expire_asked: Timestamp,
    /// The latest time to pay, as the platform keeps it.
    pub time_expire: Timestamp,
    /// What became of it.
    pub trade_state: TradeState,
    /// The handle that works now; those before it are dead.
    pub handle: String,
    /// When it was paid.
    pub success_time: Option<Timestamp>,
    /// Who paid.
    pub payer: Option<String>,
    /// The notify still to be delivered.
    pub(super) notify: Option<NotifyPlan>,
}

/// What a trade is paid by: the text of a QR, a `prepay_id`, an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handle {
    /// The trade it pays.
    pub out_trade_no: String,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// The WeChat account that used it first. No other can pay by it.
    pub opened_by: Option<String>,
}

/// Why the platform refused the merchant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlatformError {
    /// `ORDERPAID`: it is paid already.
    OrderPaid,
    /// `ORDER_CLOSED`: the number is closed or past its `time_expire`; a new number is needed.
    OrderClosed,
    /// `OUT_TRADE_NO_USED`: the number was used with other parameters; a new number is needed.
    OutTradeNoUsed,
    /// `201 商户订单号重复`: the number was used with another trade type (field problem 56); a new number is needed.
    OutTradeNoOfAnotherType,
    /// `ORDERNOTEXIST`: the number was never used.
    OrderNotExist,
    /// 268449641: a payment by code is reversed, not closed.
    ReverseOnly,
    /// `AUTH_CODE_INVALID`: no wallet shows this payment code.
    AuthCodeInvalid,
    /// `AUTHCODEEXPIRE`: the payment code was used or is older than a minute.
    AuthCodeExpired,
}

impl Platform {
    /// Closes a trade. Closing again does no harm.
    ///
    /// # Errors
    /// [`PlatformError::OrderPaid`] when the payer was quicker, [`PlatformError::ReverseOnly`] while a payment by code
    /// is being confirmed, [`PlatformError::OrderNotExist`] for an unknown number.
    pub fn close(&mut self, out_trade_no: &str) -> Result<(), PlatformError> {
        let trade = self.trades.get_mut(out_trade_no).ok_or(PlatformError::OrderNotExist)?;
        match trade.trade_state {
            TradeState::NotPay | TradeState::Closed => {
                trade.trade_state = TradeState::Closed;
                Ok(())
            }
            TradeState::UserPaying => Err(PlatformError::ReverseOnly),
            TradeState::Revoked | TradeState::PayError => Ok(()),
            TradeState::Success | TradeState::Refund => Err(PlatformError::OrderPaid),
        }
    }

    /// Pays a paid trade back. False when there is nothing to pay back.
    pub fn refund(&mut self, out_trade_no: &str) -> bool {
        match self.trades.get_mut(out_trade_no) {
            Some(trade) if trade.trade_state == TradeState::Success => {
                trade.trade_state = TradeState::Refund;
                // A refund is told by its own notify, which the merchant, who asked for it, does not need here.
                trade.notify = None;
                true
            }
            _ => false,
        }
    }

    /// Lets a handle die earlier than it would.
    pub(crate) fn shorten(&mut self, handle: &str, until: Timestamp) {
        if let Some(handle) = self.handles.get_mut(handle) {
            handle.expires_at = handle.expires_at.min(until);
        }
    }
}
