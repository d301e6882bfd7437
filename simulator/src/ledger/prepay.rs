//! Prepay: a number and an amount in, something to pay by out.

use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use super::{Handle, Key, Ledger, Refused, Sub, Trade, TradeState, TradeType};
use crate::clock::plus;

/// A `code_url` and a `prepay_id` live two hours at most (docs/platform.md, 1.1 and 3).
const LIFE_MS: i64 = 2 * 60 * 60 * 1000;

/// An `h5_url` lives five minutes (docs/platform.md, 4).
const MWEB_LIFE_MS: i64 = 5 * 60 * 1000;

/// The platform raises a `time_expire` nearer than this to the time of the order (docs/platform.md, 3).
const TIME_EXPIRE_MIN_MS: i64 = 60 * 1000;

/// Without a `time_expire`, an order can be paid so long (docs/platform.md, 3).
const TIME_EXPIRE_DEFAULT_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// What the merchant sends.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Whose, and its number.
    pub key: Key,
    /// The merchant's.
    pub appid: String,
    /// For which sub-merchant, where a service provider orders.
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
    /// Who is going to pay, under `appid`, with JSAPI.
    pub openid: Option<String>,
    /// Where the merchant is told. A payment by code has none.
    pub notify_url: Option<String>,
    /// The merchant's device.
    pub device_id: Option<String>,
    /// The latest time to pay, if the merchant has set one.
    pub time_expire: Option<Timestamp>,
    /// All of it, to compare with a later order under the same number.
    pub body: Value,
}

impl Ledger {
    /// Orders, or orders again: the same number with the same parameters gives a new handle, and the old one dies.
    ///
    /// # Errors
    /// When the number is paid, closed, too late, or was used with other parameters, and for an openid that nobody has.
    pub fn prepay(&mut self, order: Order, now: Timestamp) -> Result<String, Refused> {
        if self.closed_unused.contains(&order.key) {
            return Err(Refused::OtherParameters);
        }
        self.check_payer(&order)?;
        let time_expire = match self.query(&order.key, now) {
            Some(trade) => {
                check_again(&trade, &order, now)?;
                trade.time_expire
            }
            None => order.time_expire_at(now),
        };
        let text = self.fresh_handle(order.trade_type, now);
        let life_ms = if order.trade_type == TradeType::Mweb { MWEB_LIFE_MS } else { LIFE_MS };
        let expires_at = plus(now, life_ms).min(time_expire);
        self.handles.insert(text.clone(), Handle { key: order.key.clone(), expires_at, opened_by: None });
        match self.trades.get_mut(&order.key) {
            Some(trade) => trade.handle.clone_from(&text),
            None => self.enter(order, text.clone(), time_expire, TradeState::NotPay, now),
        }
        Ok(text)
    }

    /// Lets a handle die earlier than it would.
    pub fn shorten(&mut self, handle: &str, until: Timestamp) {
        if let Some(handle) = self.handles.get_mut(handle) {
            handle.expires_at = handle.expires_at.min(until);
        }
    }

    pub(super) fn enter(
        &mut self,
        order: Order,
        handle: String,
        time_expire: Timestamp,
        trade_state: TradeState,
        now: Timestamp,
    ) {
        let trade = Trade {
            key: order.key.clone(),
            appid: order.appid,
            sub: order.sub,
            trade_type: order.trade_type,
            description: order.description,
            attach: order.attach,
            total: order.total,
            currency: order.currency,
            openid: order.openid,
            notify_url: order.notify_url,
            device_id: order.device_id,
            body: order.body,
            created_at: now,
            time_expire,
            trade_state,
            handle,
            transaction_id: None,
            success_time: None,
            payer: None,
            payer_openid: None,
        };
        self.trades.insert(order.key, trade);
    }

    /// In the forms that the real ones have (docs/platform.md, 1.1, 3 and 4).
    fn fresh_handle(&mut self, trade_type: TradeType, now: Timestamp) -> String {
        loop {
            let text = match trade_type {
                TradeType::Native => format!("weixin://wxpay/bizpayurl?pr={}", self.alphanumeric(9)),
                TradeType::Jsapi | TradeType::Mweb | TradeType::Micropay => {
                    format!("wx{}{}", second(now), self.digits(16, 20))
                }
            };
            if !self.handles.contains_key(&text) {
                return text;
            }
        }
    }
}

impl Order {
    pub(super) fn time_expire_at(&self, now: Timestamp) -> Timestamp {
        let asked = self.time_expire.unwrap_or_else(|| plus(now, TIME_EXPIRE_DEFAULT_MS));
        asked.max(plus(now, TIME_EXPIRE_MIN_MS))
    }
}

/// What stands beside a `prepay_id` in an `h5_url`: an address that was changed on its way is known by it.
pub(crate) fn h5_package(prepay_id: &str) -> String {
    let sum = prepay_id.bytes().fold(17_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    sum.to_string()
}

/// Year to second, 14 digits.
pub(super) fn second(now: Timestamp) -> String {
    let text = now.to_rfc3339().unwrap_or_default();
    text.chars().filter(char::is_ascii_digit).take(14).collect()
}

fn check_again(trade: &Trade, order: &Order, now: Timestamp) -> Result<(), Refused> {
    if trade.trade_type != order.trade_type {
        return Err(Refused::OtherTradeType);
    }
    match trade.trade_state {
        TradeState::Success | TradeState::Refund => return Err(Refused::OrderPaid),
        TradeState::Closed | TradeState::Revoked | TradeState::PayError => return Err(Refused::OrderClosed),
        TradeState::NotPay if now >= trade.time_expire => return Err(Refused::OrderClosed),
        TradeState::NotPay | TradeState::UserPaying => {}
    }
    if trade.body == order.body { Ok(()) } else { Err(Refused::OtherParameters) }
}
