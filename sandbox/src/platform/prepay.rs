//! Native prepay: a number and an amount in, a code out.

use wechat_cashier::contract::{Money, Timestamp};

use super::{Code, Platform, PlatformError, Trade, TradeState};
use crate::clock::plus;

/// A code lives two hours at most (facts section 3).
const CODE_LIFE_MS: i64 = 2 * 60 * 60 * 1000;

/// The platform raises a `time_expire` nearer than this to the time of the order (facts section 3).
const TIME_EXPIRE_MIN_MS: i64 = 60 * 1000;

/// What the merchant sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepay {
    /// The merchant's number.
    pub out_trade_no: String,
    /// What the notify tells the merchant again.
    pub attach: String,
    /// As the payer sees it.
    pub merchant: String,
    /// What for.
    pub description: String,
    /// How much.
    pub amount: Money,
    /// The latest time to pay.
    pub time_expire: Timestamp,
    /// A fault: the code lives no longer than this.
    pub code_life_ms: Option<i64>,
}

impl Platform {
    /// Orders, or orders again: the same number with the same parameters gives a new code, and the old one dies.
    ///
    /// # Errors
    /// When the number is paid, closed, too late, or was used with other parameters.
    pub fn prepay(&mut self, ask: Prepay, now: Timestamp) -> Result<(String, Code), PlatformError> {
        let time_expire = match self.trades.get(&ask.out_trade_no) {
            Some(trade) => {
                check_again(trade, &ask, now)?;
                trade.time_expire
            }
            None => ask.time_expire.max(plus(now, TIME_EXPIRE_MIN_MS)),
        };
        let code_url = self.fresh_code_url();
        let code = Code {
            out_trade_no: ask.out_trade_no.clone(),
            expires_at: plus(now, ask.code_life_ms.unwrap_or(CODE_LIFE_MS)).min(time_expire),
            opened_by: None,
        };
        self.codes.insert(code_url.clone(), code.clone());
        self.trades.insert(
            ask.out_trade_no.clone(),
            Trade {
                out_trade_no: ask.out_trade_no,
                attach: ask.attach,
                merchant: ask.merchant,
                description: ask.description,
                amount: ask.amount,
                time_expire_asked: ask.time_expire,
                time_expire,
                trade_state: TradeState::NotPay,
                code_url: code_url.clone(),
                success_time: None,
                payer: None,
                notify: None,
            },
        );
        Ok((code_url, code))
    }

    fn fresh_code_url(&self) -> String {
        loop {
            let random: String = std::iter::repeat_with(fastrand::alphanumeric).take(9).collect();
            let code_url = format!("weixin://wxpay/bizpayurl?pr={random}");
            if !self.codes.contains_key(&code_url) {
                return code_url;
            }
        }
    }
}

fn check_again(trade: &Trade, ask: &Prepay, now: Timestamp) -> Result<(), PlatformError> {
    match trade.trade_state {
        TradeState::Success | TradeState::Refund => return Err(PlatformError::OrderPaid),
        TradeState::Closed => return Err(PlatformError::OrderClosed),
        TradeState::NotPay if now >= trade.time_expire => return Err(PlatformError::OrderClosed),
        TradeState::NotPay => {}
    }
    let same = trade.amount == ask.amount
        && trade.description == ask.description
        && trade.attach == ask.attach
        && trade.time_expire_asked == ask.time_expire;
    if same { Ok(()) } else { Err(PlatformError::OutTradeNoUsed) }
}
