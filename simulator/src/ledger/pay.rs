//! The payer's phone: the pay sheet, and what the payer does with it.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::Timestamp;

use super::openid::openid;
use super::prepay::second;
use super::text::{self, PayText};
use super::{Key, Ledger, Trade, TradeState, TradeType};

/// A pay sheet open on a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Scan {
    pub(super) account: String,
    pub(super) handle: String,
}

/// What the pay sheet shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bill {
    /// The pay sheet's id.
    pub scan_id: String,
    /// Who looks at it.
    pub account: String,
    /// By which product.
    pub trade_type: TradeType,
    /// Who is paid, or the service provider of who is paid.
    pub mchid: String,
    /// The sub-merchant who is paid, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_mchid: Option<String>,
    /// What for.
    pub description: String,
    /// How much.
    pub amount: Amount,
    /// The merchant's number.
    pub out_trade_no: String,
    /// What the merchant has attached, its order as a rule.
    pub attach: Option<String>,
}

/// An amount in the currency's smallest unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// How many.
    pub value: i64,
    /// ISO 4217.
    pub currency: String,
}

/// What the payer does with the pay sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Pays.
    #[default]
    Pay,
    /// Closes it. A payment by code has failed then; any other trade stays `NOTPAY`.
    Cancel,
    /// Mistypes the password. The trade stays as it is (docs/platform.md, 3).
    WrongPassword,
}

/// How far the payer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The sheet opens.
    Open,
    /// It is open, and the payer acts on it.
    Act,
}

/// Why the phone shows no bill, or does not pay.
pub type Refusal = PayText;

impl Ledger {
    /// What a pay sheet was opened with.
    pub fn scanned(&self, scan_id: &str) -> Option<&str> {
        self.scans.get(scan_id).map(|scan| scan.handle.as_str())
    }

    /// The pay sheet that an account has opened with a handle.
    pub fn sheet_of(&self, handle: &str, account: &str) -> Option<String> {
        let mut sheets = self.scans.iter();
        sheets.find(|(_, scan)| scan.handle == handle && scan.account == account).map(|(id, _)| id.clone())
    }

    /// Lets the handle count as opened by an account that is not the payer's.
    pub fn open_by_stranger(&mut self, handle: &str) {
        if let Some(handle) = self.handles.get_mut(handle) {
            handle.opened_by = Some("another account".to_owned());
        }
    }

    /// An account scans a QR. `late` is a fault: the sheet counts as opened while the code still worked.
    ///
    /// # Errors
    /// With what the wallet says to the payer.
    pub fn scan(&mut self, text: &str, account: &str, now: Timestamp, late: bool) -> Result<Bill, Refusal> {
        match self.trade_of(text).map(|trade| trade.trade_type) {
            Some(TradeType::Native) => self.open(text, account, now, late),
            _ => Err(text::CODE_DEAD),
        }
    }

    /// A pay sheet opens, however the handle came to the phone.
    ///
    /// # Errors
    /// With what the wallet says to the payer.
    pub fn open(&mut self, by: &str, account: &str, now: Timestamp, late: bool) -> Result<Bill, Refusal> {
        self.meet(account);
        self.check(by, account, Step::Open, now, late)?;
        // One sheet for each handle and account: a phone that scans twice sees the same bill again.
        let scan_id = self.sheet_of(by, account).unwrap_or_else(|| format!("scan-{}", self.scans.len() + 1));
        self.scans.insert(scan_id.clone(), Scan { account: account.to_owned(), handle: by.to_owned() });
        if let Some(handle) = self.handles.get_mut(by) {
            handle.opened_by = Some(account.to_owned());
        }
        self.bill(&scan_id).ok_or(text::CODE_DEAD)
    }

    /// What an open sheet shows.
    pub(super) fn bill(&self, scan_id: &str) -> Option<Bill> {
        let Scan { account, handle } = self.scans.get(scan_id)?;
        let trade = self.trade_of(handle)?;
        Some(Bill {
            scan_id: scan_id.to_owned(),
            account: account.clone(),
            trade_type: trade.trade_type,
            mchid: trade.key.mchid.clone(),
            sub_mchid: trade.sub.as_ref().map(|sub| sub.mchid.clone()),
            description: trade.description.clone(),
            amount: Amount { value: trade.total, currency: trade.currency.clone() },
            out_trade_no: trade.key.out_trade_no.clone(),
            attach: trade.attach.clone(),
        })
    }

    /// The payer acts on an open sheet. After success the merchant is to be told at once, where this product tells.
    ///
    /// # Errors
    /// With what the wallet says to the payer.
    pub fn pay(&mut self, scan_id: &str, outcome: Outcome, now: Timestamp, late: bool) -> Result<PayText, Refusal> {
        let Scan { account, handle: by } = self.scans.get(scan_id).ok_or(text::NOT_SCANNED)?.clone();
        let key = self.check(&by, &account, Step::Act, now, late)?.key.clone();
        match outcome {
            Outcome::Cancel => {
                if let Some(trade) =
                    self.trades.get_mut(&key).filter(|trade| trade.trade_state == TradeState::UserPaying)
                {
                    trade.trade_state = TradeState::PayError;
                }
                Ok(text::CANCELLED)
            }
            Outcome::WrongPassword => Ok(text::WRONG_PASSWORD),
            Outcome::Pay => {
                self.succeed(&key, &account, now);
                Ok(text::PAID)
            }
        }
    }

    /// Whether this account could pay by this handle now. The order matters: what is said of the trade goes before what is said of the
    /// handle.
    fn check(&self, by: &str, account: &str, step: Step, now: Timestamp, late: bool) -> Result<&Trade, Refusal> {
        // The whole text counts, letter for letter: one character more and WeChat calls the code expired.
        let handle = self.handles.get(by).ok_or(text::CODE_DEAD)?;
        let trade = self.trades.get(&handle.key).ok_or(text::CODE_DEAD)?;
        match trade.trade_state {
            TradeState::Success | TradeState::Refund => return Err(text::ALREADY_PAID),
            TradeState::Revoked | TradeState::PayError => return Err(text::ORDER_DEAD),
            TradeState::Closed if !late => return Err(text::ORDER_DEAD),
            TradeState::NotPay | TradeState::UserPaying if !late && now >= trade.time_expire => {
                return Err(text::ORDER_DEAD);
            }
            TradeState::Closed | TradeState::NotPay | TradeState::UserPaying => {}
        }
        // A QR must still work when it is paid; a sheet that a page has opened in time only needs the trade.
        let must_live = step == Step::Open || trade.trade_type == TradeType::Native;
        if trade.handle != by || (must_live && !late && now >= handle.expires_at) {
            return Err(dead(trade.trade_type));
        }
        if trade.is_for_another(account) {
            return Err(text::NOT_THE_PAYER);
        }
        if handle.opened_by.as_deref().is_some_and(|first| first != account) {
            return Err(match trade.trade_type {
                TradeType::Mweb => text::H5_OTHER_ACCOUNT,
                _ => text::OTHER_ACCOUNT,
            });
        }
        Ok(trade)
    }

    pub(super) fn succeed(&mut self, key: &Key, account: &str, now: Timestamp) {
        let transaction_id = format!("4200{}{}", second(now), self.digits(10, 10));
        let Some(trade) = self.trades.get_mut(key) else { return };
        trade.trade_state = TradeState::Success;
        trade.success_time = Some(now);
        trade.payer = Some(account.to_owned());
        trade.payer_openid = Some(openid(&trade.appid, account));
        trade.transaction_id = Some(transaction_id.clone());
        // Of a payment by code the merchant is not told: it was answered, or it asks (docs/platform.md, 6).
        if trade.trade_type != TradeType::Micropay && trade.notify_url.is_some() {
            self.untold.push(key.clone());
        }
        self.transactions.insert(transaction_id, key.clone());
    }
}

/// What is said of a handle that was replaced or is too old.
fn dead(trade_type: TradeType) -> Refusal {
    match trade_type {
        TradeType::Mweb => text::H5_EXPIRED,
        TradeType::Native => text::CODE_DEAD,
        TradeType::Jsapi | TradeType::Micropay => text::ORDER_DEAD,
    }
}
