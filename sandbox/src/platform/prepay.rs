//! Prepay: a number and an amount in, something to pay by out.

use wechat_cashier::contract::{Money, Timestamp};

use super::{Handle, Platform, PlatformError, Trade, TradeState, TradeType};
use crate::clock::plus;

/// A `code_url` and a `prepay_id` live two hours at most (docs/platform.md, 1.1 and 3).
const LIFE_MS: i64 = 2 * 60 * 60 * 1000;

/// An `h5_url` lives five minutes (docs/platform.md, 4).
const MWEB_LIFE_MS: i64 = 5 * 60 * 1000;

/// The platform raises a `time_expire` nearer than this to the time of the order (docs/platform.md, 3).
const TIME_EXPIRE_MIN_MS: i64 = 60 * 1000;

/// What the merchant sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepay {
    /// The merchant's number.
    pub out_trade_no: String,
    /// By which product.
    pub trade_type: TradeType,
    /// What the notify tells the merchant again.
    pub attach: String,
    /// As the payer sees it.
    pub merchant: String,
    /// What for.
    pub description: String,
    /// How much.
    pub amount: Money,
    /// Who is going to pay, with JSAPI.
    pub openid: Option<String>,
    /// The latest time to pay.
    pub time_expire: Timestamp,
    /// A fault: what is given out lives no longer than this.
    pub life_ms: Option<i64>,
}

impl Platform {
    /// Orders, or orders again: the same number with the same parameters gives a new handle, and the old one dies.
    ///
    /// # Errors
    /// When the number is paid, closed, too late, or was used with other parameters.
    pub fn prepay(&mut self, ask: Prepay, now: Timestamp) -> Result<(String, Handle), PlatformError> {
        let time_expire = match self.trades.get(&ask.out_trade_no) {
            Some(trade) => {
                check_again(trade, &ask, now)?;
                trade.time_expire
            }
            None => ask.time_expire.max(plus(now, TIME_EXPIRE_MIN_MS)),
        };
        let text = self.fresh_handle(ask.trade_type, now);
        let life_ms = match ask.trade_type {
            TradeType::Mweb => MWEB_LIFE_MS,
            _ => LIFE_MS,
        };
        let handle = Handle {
            out_trade_no: ask.out_trade_no.clone(),
            expires_at: plus(now, ask.life_ms.unwrap_or(life_ms)).min(time_expire),
            opened_by: None,
        };
        self.handles.insert(text.clone(), handle.clone());
        self.take_trade(ask, text.clone(), time_expire, TradeState::NotPay);
        Ok((text, handle))
    }

    pub(super) fn take_trade(&mut self, ask: Prepay, handle: String, time_expire: Timestamp, trade_state: TradeState) {
        self.trades.insert(
            ask.out_trade_no.clone(),
            Trade {
                out_trade_no: ask.out_trade_no,
                trade_type: ask.trade_type,
                attach: ask.attach,
                merchant: ask.merchant,
                description: ask.description,
                amount: ask.amount,
                openid: ask.openid,
                time_expire_asked: ask.time_expire,
                time_expire,
                trade_state,
                handle,
                success_time: None,
                payer: None,
                notify: None,
            },
        );
    }

    fn fresh_handle(&self, trade_type: TradeType, now: Timestamp) -> String {
        loop {
            let text = handle_text(trade_type, now);
            if !self.handles.contains_key(&text) {
                return text;
            }
        }
    }
}

/// In the forms that the real ones have (docs/platform.md, 1.1, 3 and 7.6).
fn handle_text(trade_type: TradeType, now: Timestamp) -> String {
    let random = |make: fn() -> char, length| std::iter::repeat_with(make).take(length).collect::<String>();
    match trade_type {
        TradeType::Native => format!("weixin://wxpay/bizpayurl?pr={}", random(fastrand::alphanumeric, 9)),
        TradeType::UnionPay => format!("https://qr.95516.com/00010000/{}", random(|| fastrand::digit(10), 26)),
        TradeType::Wallet => format!("wallet-{}", random(fastrand::alphanumeric, 16)),
        TradeType::Jsapi | TradeType::Mweb | TradeType::MiniProgram | TradeType::Micropay => {
            let digits = |text: String| text.chars().filter(char::is_ascii_digit).take(14).collect::<String>();
            let second = now.to_rfc3339().map(digits).unwrap_or_default();
            format!("wx{second}{}", random(|| fastrand::digit(16), 20))
        }
    }
}

fn check_again(trade: &Trade, ask: &Prepay, now: Timestamp) -> Result<(), PlatformError> {
    match trade.trade_state {
        TradeState::Success | TradeState::Refund => return Err(PlatformError::OrderPaid),
        TradeState::Closed | TradeState::Revoked | TradeState::PayError => return Err(PlatformError::OrderClosed),
        TradeState::NotPay if now >= trade.time_expire => return Err(PlatformError::OrderClosed),
        TradeState::NotPay | TradeState::UserPaying => {}
    }
    if trade.trade_type != ask.trade_type {
        return Err(PlatformError::OutTradeNoOfAnotherType);
    }
    let same = trade.amount == ask.amount
        && trade.description == ask.description
        && trade.attach == ask.attach
        && trade.openid == ask.openid
        && trade.time_expire_asked == ask.time_expire;
    if same { Ok(()) } else { Err(PlatformError::OutTradeNoUsed) }
}
