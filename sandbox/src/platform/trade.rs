//! Trades, their codes and how they end.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Money, Timestamp};

use super::Platform;
use super::notify::NotifyPlan;

/// What became of a trade. For Native there are no other states (facts section 3): a failed attempt leaves it `NOTPAY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TradeState {
    /// Not paid yet.
    NotPay,
    /// Paid.
    Success,
    /// Closed by the merchant.
    Closed,
    /// Paid and paid back.
    Refund,
}

/// One order as the platform sees it, under the merchant's `out_trade_no`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trade {
    /// The merchant's number.
    pub out_trade_no: String,
    /// What the merchant wants to be told again: here its order id.
    pub attach: String,
    /// As the payer sees it on the phone.
    pub merchant: String,
    /// What for.
    pub description: String,
    /// How much.
    pub amount: Money,
    /// The latest time to pay, as the merchant asked for. A later order under this number must ask for the same.
    pub time_expire_asked: Timestamp,
    /// The latest time to pay, as the platform keeps it.
    pub time_expire: Timestamp,
    /// What became of it.
    pub trade_state: TradeState,
    /// The code that works now.
    pub code_url: String,
    /// When it was paid.
    pub success_time: Option<Timestamp>,
    /// Who paid.
    pub payer: Option<String>,
    /// The notify still to be delivered.
    pub(super) notify: Option<NotifyPlan>,
}

/// A code that a payer can scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The trade it pays.
    pub out_trade_no: String,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// The WeChat account that scanned it first. No other can pay by it.
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
    /// `ORDERNOTEXIST`: the number was never used.
    OrderNotExist,
}

impl Platform {
    /// Closes a trade. Closing again does no harm.
    ///
    /// # Errors
    /// [`PlatformError::OrderPaid`] when the payer was quicker, [`PlatformError::OrderNotExist`] for an unknown number.
    pub fn close(&mut self, out_trade_no: &str) -> Result<(), PlatformError> {
        let trade = self.trades.get_mut(out_trade_no).ok_or(PlatformError::OrderNotExist)?;
        match trade.trade_state {
            TradeState::NotPay | TradeState::Closed => {
                trade.trade_state = TradeState::Closed;
                Ok(())
            }
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

    /// Lets a code die earlier than it would.
    pub(crate) fn shorten(&mut self, code_url: &str, until: Timestamp) {
        if let Some(code) = self.codes.get_mut(code_url) {
            code.expires_at = code.expires_at.min(until);
        }
    }
}
