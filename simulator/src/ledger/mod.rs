//! The platform's book: orders, what they are paid by, and what became of them. Its rules are those of docs/platform.md.
//!
//! It knows neither HTTP nor a clock nor keys: time is an argument. All that is random comes from one generator, which can be seeded.

mod close;
mod codepay;
mod kept;
mod notices;
mod openid;
mod pay;
mod prepay;
mod refund;
mod refunding;
pub mod statement;
mod sub;
mod text;
mod trade;
mod view;

pub use codepay::PaymentCode;
pub use kept::KeptLedger;
pub(crate) use notices::paid;
pub use notices::{Notice, NoticeKey, NoticeState, Notices};
pub use openid::ExchangeError;
pub use pay::{Bill, Outcome, Refusal};
pub use prepay::Order;
pub(crate) use prepay::h5_package;
pub use refund::{Refund, RefundKey, RefundOrder, RefundStatus};
pub use sub::Sub;
pub use text::PayText;
pub(crate) use text::{H5_EXPIRED, H5_IN_WECHAT, H5_NO_REFERER, H5_OTHER_SITE};
pub use trade::{Handle, Key, Refused, Trade, TradeState, TradeType};

use std::collections::{BTreeMap, BTreeSet};

use wechat_cashier::contract::Timestamp;

/// All that the platform remembers of trades and payers.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// By merchant and `out_trade_no`.
    trades: BTreeMap<Key, Trade>,
    /// The paid trades, by `transaction_id`.
    transactions: BTreeMap<String, Key>,
    /// Numbers that were closed before anything was ordered under them.
    closed_unused: BTreeSet<Key>,
    /// All that was ever given out to pay by, by its text.
    handles: BTreeMap<String, Handle>,
    /// Pay sheets opened on phones, by their id.
    scans: BTreeMap<String, pay::Scan>,
    /// The payment codes that phones have shown.
    payment_codes: BTreeMap<String, PaymentCode>,
    /// OAuth codes given out.
    oauth_codes: BTreeMap<String, openid::Code>,
    /// The accounts that were ever heard of.
    accounts: BTreeSet<String>,
    /// Paid trades of which the merchant has still to be told.
    untold: Vec<Key>,
    refunds: refunding::Refunds,
    random: fastrand::Rng,
}

impl Ledger {
    /// An empty book. The same seed gives the same codes and numbers.
    pub fn new(seed: u64) -> Self {
        Self {
            trades: BTreeMap::new(),
            transactions: BTreeMap::new(),
            closed_unused: BTreeSet::new(),
            handles: BTreeMap::new(),
            scans: BTreeMap::new(),
            payment_codes: BTreeMap::new(),
            oauth_codes: BTreeMap::new(),
            // These two are always there: what a merchant has stored of them stays good after a new start.
            accounts: ["A", "B"].map(str::to_owned).into(),
            untold: Vec::new(),
            refunds: refunding::Refunds::default(),
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// A merchant's trade, as it stands at this time: one that nobody paid is closed after seven days.
    pub fn query(&self, key: &Key, now: Timestamp) -> Option<Trade> {
        let mut trade = self.trades.get(key)?.clone();
        trade.age(now);
        Some(trade)
    }

    /// The same of a service provider's trade, for the sub-merchant that it is said to be for.
    ///
    /// # Errors
    /// There is none of this number, or it is for another sub-merchant.
    pub fn query_for(&self, key: &Key, sub_mchid: Option<&str>, now: Timestamp) -> Result<Trade, Refused> {
        let trade = self.query(key, now).ok_or(Refused::OrderNotExist)?;
        trade.check_sub(sub_mchid).map(|()| trade)
    }

    /// The trade with this `transaction_id`, whosever it is. Only paid trades have one.
    pub fn transaction(&self, transaction_id: &str) -> Option<&Trade> {
        self.trades.get(self.transactions.get(transaction_id)?)
    }

    /// All trades, in the order of merchant and number.
    pub fn trades(&self) -> impl Iterator<Item = &Trade> {
        self.trades.values()
    }

    /// The trade that was given out with this handle.
    pub fn trade_of(&self, handle: &str) -> Option<&Trade> {
        self.trades.get(&self.handles.get(handle)?.key)
    }

    /// What is known of a handle.
    pub fn handle(&self, text: &str) -> Option<&Handle> {
        self.handles.get(text)
    }

    /// Takes the trades that were paid since the last call and whose merchant is told of it.
    pub fn take_untold(&mut self) -> Vec<Key> {
        std::mem::take(&mut self.untold)
    }

    /// Random letters and digits, so many of them.
    fn alphanumeric(&mut self, length: usize) -> String {
        std::iter::repeat_with(|| self.random.alphanumeric()).take(length).collect()
    }

    /// Random digits of this base, so many of them.
    fn digits(&mut self, base: u32, length: usize) -> String {
        std::iter::repeat_with(|| self.random.digit(base)).take(length).collect()
    }
}
