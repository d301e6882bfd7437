//! Payment codes (付款码): the payer shows 18 digits, a till reads them (docs/platform.md, 6).

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

use super::pay::Scan;
use super::{Bill, Handle, Ledger, Order, Refused, Trade, TradeState, TradeType};
use crate::clock::plus;

/// A phone shows a new code each minute, and the old one works no more.
const CODE_LIFE_MS: i64 = 60 * 1000;

/// So long afterwards it is still known that a code was one.
const CODE_KNOWN_MS: i64 = 60 * 60 * 1000;

/// More than this many fen need the password: 1000 CNY.
const FREE_FEN_MAX: i64 = 100_000;

/// A payment code that a phone has shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentCode {
    account: String,
    expires_at: Timestamp,
    used: bool,
}

impl Ledger {
    /// What an account's phone shows now, and until when: 18 digits, of which the first two are 10 to 15.
    pub fn payment_code(&mut self, account: &str, now: Timestamp) -> (String, Timestamp) {
        self.meet(account);
        let works = |code: &PaymentCode| code.account == account && !code.used && now < code.expires_at;
        if let Some((digits, code)) = self.payment_codes.iter().find(|(_, code)| works(code)) {
            return (digits.clone(), code.expires_at);
        }
        self.payment_codes.retain(|_, code| now < plus(code.expires_at, CODE_KNOWN_MS));
        let digits = loop {
            let digits = format!("1{}{}", self.random.u8(0..=5), self.digits(10, 16));
            if !self.payment_codes.contains_key(&digits) {
                break digits;
            }
        };
        let expires_at = plus(now, CODE_LIFE_MS);
        let code = PaymentCode { account: account.to_owned(), expires_at, used: false };
        self.payment_codes.insert(digits.clone(), code);
        (digits, expires_at)
    }

    /// The till's payment. The answer says at once whether it is paid or the payer is asked for the password.
    ///
    /// # Errors
    /// When the number was used before (a new code needs a new number), or the code does not work.
    pub fn codepay(
        &mut self,
        order: Order,
        auth_code: &str,
        ask_password: bool,
        now: Timestamp,
    ) -> Result<&Trade, Refused> {
        if self.closed_unused.contains(&order.key) {
            return Err(Refused::OtherParameters);
        }
        match self.trades.get(&order.key).map(|trade| (trade.trade_type, trade.trade_state)) {
            None => {}
            Some((_, TradeState::Success | TradeState::Refund)) => return Err(Refused::OrderPaid),
            Some((TradeType::Micropay, _)) => return Err(Refused::NumberUsed),
            Some((_, _)) => return Err(Refused::OtherTradeType),
        }
        let code = self.payment_codes.get_mut(auth_code).ok_or(Refused::AuthCodeUnknown)?;
        if code.used || now >= code.expires_at {
            return Err(Refused::AuthCodeExpired);
        }
        code.used = true;
        let account = code.account.clone();
        let asked = ask_password || (order.currency == "CNY" && order.total > FREE_FEN_MAX);
        // The trade has no handle of the platform's; the till knows it by its number.
        let (key, by) = (order.key.clone(), format!("micropay {} {}", order.key.mchid, order.key.out_trade_no));
        let time_expire = order.time_expire_at(now);
        let handle = Handle { key: key.clone(), expires_at: time_expire, opened_by: Some(account.clone()) };
        self.handles.insert(by.clone(), handle);
        self.enter(order, by.clone(), time_expire, TradeState::UserPaying, now);
        if asked {
            self.scans.insert(format!("scan-{}", self.scans.len() + 1), Scan { account, handle: by });
        } else {
            self.succeed(&key, &account, now);
        }
        self.trades.get(&key).ok_or(Refused::OrderNotExist)
    }

    /// The pay sheets that wait on an account's phone for the password.
    pub fn sheets(&self, account: &str) -> Vec<Bill> {
        let waits = |scan: &Scan| {
            let trade = self.trade_of(&scan.handle);
            scan.account == account && trade.is_some_and(|trade| trade.trade_state == TradeState::UserPaying)
        };
        self.scans.iter().filter(|(_, scan)| waits(scan)).filter_map(|(id, _)| self.bill(id)).collect()
    }
}
