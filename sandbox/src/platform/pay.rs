//! The payer's phone: scan, see the bill, pay.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Money, Timestamp};

use super::notify::NotifyPlan;
use super::text::{self, PayText};
use super::{Platform, Trade, TradeState};

/// A pay sheet open on a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scan {
    account: String,
    code_url: String,
}

/// What the pay sheet shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bill {
    /// The pay sheet's id.
    pub scan_id: String,
    /// Who looks at it.
    pub account: String,
    /// Who is paid.
    pub merchant: String,
    /// What for.
    pub description: String,
    /// How much.
    pub amount: Money,
    /// The merchant's number.
    pub out_trade_no: String,
    /// The merchant's order.
    pub order_id: String,
}

/// What the payer does with the pay sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Pays.
    #[default]
    Pay,
    /// Closes it.
    Cancel,
    /// Mistypes the password. The trade stays `NOTPAY` (facts section 3).
    WrongPassword,
}

/// Why the phone shows no bill, or does not pay.
pub type Refusal = PayText;

impl Platform {
    /// The order behind a code's text.
    pub fn order_of(&self, code_url: &str) -> Option<&str> {
        let code = self.codes.get(code_url)?;
        self.trades.get(&code.out_trade_no).map(|trade| trade.attach.as_str())
    }

    /// The text of the code that a pay sheet was opened with.
    pub fn scanned(&self, scan_id: &str) -> Option<&str> {
        self.scans.get(scan_id).map(|scan| scan.code_url.as_str())
    }

    /// The pay sheet that an account has opened with a code.
    pub fn sheet_of(&self, code_url: &str, account: &str) -> Option<String> {
        let mut sheets = self.scans.iter();
        sheets.find(|(_, scan)| scan.code_url == code_url && scan.account == account).map(|(id, _)| id.clone())
    }

    /// Lets the code count as opened by an account that is not the payer's.
    pub(crate) fn open_by_stranger(&mut self, code_url: &str) {
        if let Some(code) = self.codes.get_mut(code_url) {
            code.opened_by = Some("another account".to_owned());
        }
    }

    /// An account scans a code. `late` is a fault: the sheet counts as opened while the code still worked.
    ///
    /// # Errors
    /// With what WeChat says to the payer.
    pub fn scan(&mut self, code_url: &str, account: &str, now: Timestamp, late: bool) -> Result<Bill, Refusal> {
        self.check(code_url, account, now, late)?;
        // One sheet for each code and account: a phone that scans twice sees the same bill again.
        let known = self.sheet_of(code_url, account);
        let code = self.codes.get_mut(code_url).ok_or(text::CODE_DEAD)?;
        code.opened_by = Some(account.to_owned());
        let trade = self.trades.get(&code.out_trade_no).ok_or(text::CODE_DEAD)?;
        let scan_id = known.unwrap_or_else(|| format!("scan-{}", self.scans.len() + 1));
        self.scans.insert(scan_id.clone(), Scan { account: account.to_owned(), code_url: code_url.to_owned() });
        Ok(Bill {
            scan_id,
            account: account.to_owned(),
            merchant: trade.merchant.clone(),
            description: trade.description.clone(),
            amount: trade.amount,
            out_trade_no: trade.out_trade_no.clone(),
            order_id: trade.attach.clone(),
        })
    }

    /// The payer acts on an open sheet. After success the merchant is to be told at once.
    ///
    /// # Errors
    /// With what WeChat says to the payer.
    pub fn pay(&mut self, scan_id: &str, outcome: Outcome, now: Timestamp, late: bool) -> Result<PayText, Refusal> {
        let Scan { account, code_url } = self.scans.get(scan_id).ok_or(text::NOT_SCANNED)?.clone();
        let out_trade_no = self.check(&code_url, &account, now, late)?.out_trade_no.clone();
        let trade = self.trades.get_mut(&out_trade_no).ok_or(text::CODE_DEAD)?;
        match outcome {
            Outcome::Cancel => Ok(text::CANCELLED),
            Outcome::WrongPassword => Ok(text::WRONG_PASSWORD),
            Outcome::Pay => {
                trade.trade_state = TradeState::Success;
                trade.success_time = Some(now);
                trade.payer = Some(account);
                trade.notify = Some(NotifyPlan::at(now));
                Ok(text::PAID)
            }
        }
    }

    /// Whether this account could pay by this code now. The order matters: what is said of the trade goes before what
    /// is said of the code.
    fn check(&self, code_url: &str, account: &str, now: Timestamp, late: bool) -> Result<&Trade, Refusal> {
        // The whole text counts, letter for letter: one character more and WeChat calls the code expired.
        let code = self.codes.get(code_url).ok_or(text::CODE_DEAD)?;
        let trade = self.trades.get(&code.out_trade_no).ok_or(text::CODE_DEAD)?;
        let replaced = trade.code_url != code_url;
        match trade.trade_state {
            TradeState::Success | TradeState::Refund => return Err(text::ALREADY_PAID),
            TradeState::Closed if !late => return Err(text::ORDER_DEAD),
            TradeState::NotPay if !late && now >= trade.time_expire => return Err(text::ORDER_DEAD),
            TradeState::Closed | TradeState::NotPay => {}
        }
        if replaced || (!late && now >= code.expires_at) {
            return Err(text::CODE_DEAD);
        }
        if code.opened_by.as_deref().is_some_and(|first| first != account) {
            return Err(text::OTHER_ACCOUNT);
        }
        Ok(trade)
    }
}
