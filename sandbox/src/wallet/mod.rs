//! The simulated Alipay and UnionPay: methods of the merchant's own, by its trait, with a wallet of their own behind them.
//! What a merchant would write against another platform's API is written here against a table.

mod method;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Money, Timestamp};
use wechat_cashier_merchant::domain::{Amount, RefundAmount, RefundReport, RefundWord, Report, TradeWord};
use wechat_cashier_merchant::service::Refunding;

pub(crate) use method::WalletMethod;

/// Its methods' ids.
pub(crate) const METHODS: [&str; 2] = ["alipay", "unionpay"];

/// How a UnionPay code begins.
const UNIONPAY: &str = "https://qr.95516.com/00010000/";

/// The wallet: a handle, cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wallet(Arc<Mutex<BTreeMap<String, WalletTrade>>>);

/// An order as the wallet sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WalletTrade {
    pub(crate) out_trade_no: String,
    pub(crate) order_id: String,
    pub(crate) description: String,
    pub(crate) amount: Money,
    /// `WALLET`, or `UNIONPAY`.
    pub(crate) trade_type: String,
    /// In APIv3's words, so that all trades read alike.
    pub(crate) trade_state: String,
    /// What it is paid by now; what was given before is dead.
    id: String,
    expires_at: Timestamp,
    success_time: Option<Timestamp>,
    appid: String,
    mchid: String,
    /// What went back: the refund's number, how much, and when. Here it goes at once.
    #[serde(default)]
    refunds: Vec<(String, i64, Timestamp)>,
}

/// What the wallet says to the payer.
pub(crate) type Said = (&'static str, &'static str);

const DEAD: Said = ("该订单已失效", "This order is no longer valid.");
const PAID_ALREADY: Said = ("该订单已支付", "This order is paid already.");

impl Wallet {
    /// What can be paid by this id or code.
    pub(crate) fn bill(&self, by: &str, now: Timestamp) -> Result<WalletTrade, Said> {
        let id = by.strip_prefix(UNIONPAY).unwrap_or(by);
        let trades = self.lock();
        let trade = trades.values().find(|trade| trade.id == id).ok_or(DEAD)?;
        match trade.trade_state.as_str() {
            "SUCCESS" | "REFUND" => Err(PAID_ALREADY),
            "NOTPAY" if now < trade.expires_at => Ok(trade.clone()),
            _ => Err(DEAD),
        }
    }

    /// Whether a QR is the wallet's.
    pub(crate) fn has_code(text: &str) -> bool {
        text.starts_with(UNIONPAY)
    }

    /// The payer pays. What comes of it is the wallet's word to the merchant.
    pub(crate) fn pay(&self, by: &str, now: Timestamp) -> Result<Report, Said> {
        let number = self.bill(by, now)?.out_trade_no;
        let mut trades = self.lock();
        let trade = trades.get_mut(&number).ok_or(DEAD)?;
        trade.trade_state = "SUCCESS".to_owned();
        trade.success_time = Some(now);
        Ok(trade.report())
    }

    /// What is out for a number.
    pub(crate) fn id_of(&self, out_trade_no: &str) -> Option<String> {
        self.lock().get(out_trade_no).map(|trade| trade.id.clone())
    }

    pub(crate) fn trade(&self, out_trade_no: &str) -> Option<WalletTrade> {
        self.lock().get(out_trade_no).cloned()
    }

    pub(crate) fn all(&self) -> BTreeMap<String, WalletTrade> {
        self.lock().clone()
    }

    pub(crate) fn set(&self, trades: BTreeMap<String, WalletTrade>) {
        *self.lock() = trades;
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, WalletTrade>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WalletTrade {
    /// A part of it goes back, once for each number.
    fn refund(&mut self, out_refund_no: &str, amount: i64, now: Timestamp) -> Refunding {
        if self.success_time.is_none() {
            return Refunding::Not("nobody has paid it".to_owned());
        }
        match self.refunded(out_refund_no) {
            Some(known) if known.amount.as_ref().is_some_and(|known| known.refund == amount) => {
                return Refunding::Said(known);
            }
            Some(_) => return Refunding::Not("this number has another amount".to_owned()),
            None => {}
        }
        let gone: i64 = self.refunds.iter().map(|(_, amount, _)| amount).sum();
        if amount > self.amount.value - gone {
            return Refunding::Not("more than what is left of it".to_owned());
        }
        self.refunds.push((out_refund_no.to_owned(), amount, now));
        self.trade_state = "REFUND".to_owned();
        self.refunded(out_refund_no).map_or_else(|| Refunding::Not("it is lost".to_owned()), Refunding::Said)
    }

    fn refunded(&self, out_refund_no: &str) -> Option<RefundReport> {
        let (_, refund, at) = self.refunds.iter().find(|(number, ..)| number == out_refund_no)?;
        Some(RefundReport {
            mchid: Some(self.mchid.clone()),
            sub_mchid: None,
            out_trade_no: self.out_trade_no.clone(),
            transaction_id: self.transaction_id(),
            out_refund_no: out_refund_no.to_owned(),
            refund_id: format!("wallet-refund-{out_refund_no}"),
            status: RefundWord::Success,
            success_time: Some(*at),
            amount: Some(RefundAmount {
                total: self.amount.value,
                refund: *refund,
                currency: Some(self.amount.currency.code().to_owned()),
            }),
        })
    }

    fn transaction_id(&self) -> String {
        format!("wallet-{}", self.id)
    }

    fn report(&self) -> Report {
        let is_paid = self.success_time.is_some();
        let currency = self.amount.currency.code().to_owned();
        Report {
            appid: self.appid.clone(),
            mchid: self.mchid.clone(),
            sub: None,
            out_trade_no: self.out_trade_no.clone(),
            trade_state: match self.trade_state.as_str() {
                "SUCCESS" => TradeWord::Success,
                "REFUND" => TradeWord::Refund,
                "CLOSED" => TradeWord::Closed,
                _ => TradeWord::Notpay,
            },
            transaction_id: is_paid.then(|| self.transaction_id()),
            success_time: self.success_time,
            amount: is_paid.then_some(Amount { total: self.amount.value, currency }),
        }
    }
}
