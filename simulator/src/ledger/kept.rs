//! The book, to be written down and read again. What is random goes on from a new number.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::refunding::Refunds;
use super::{Handle, Key, Ledger, PaymentCode, Refund, RefundKey, Trade, openid, pay};

/// All that the platform remembers of trades and payers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptLedger {
    trades: Vec<Trade>,
    closed_unused: BTreeSet<Key>,
    handles: BTreeMap<String, Handle>,
    scans: BTreeMap<String, pay::Scan>,
    payment_codes: BTreeMap<String, PaymentCode>,
    oauth_codes: BTreeMap<String, openid::Code>,
    accounts: BTreeSet<String>,
    untold: Vec<Key>,
    refunds: Vec<Refund>,
    untold_refunds: Vec<RefundKey>,
}

impl Ledger {
    /// As it is now.
    pub fn kept(&self) -> KeptLedger {
        let (refunds, untold_refunds) = self.refunds.kept();
        KeptLedger {
            trades: self.trades.values().cloned().collect(),
            closed_unused: self.closed_unused.clone(),
            handles: self.handles.clone(),
            scans: self.scans.clone(),
            payment_codes: self.payment_codes.clone(),
            oauth_codes: self.oauth_codes.clone(),
            accounts: self.accounts.clone(),
            untold: self.untold.clone(),
            refunds,
            untold_refunds,
        }
    }

    /// Goes on from what was kept.
    pub fn restore(&mut self, kept: KeptLedger) {
        let KeptLedger { trades, closed_unused, handles, scans, payment_codes, oauth_codes, accounts, .. } = kept;
        let paid = |trade: &Trade| Some((trade.transaction_id.clone()?, trade.key.clone()));
        self.transactions = trades.iter().filter_map(paid).collect();
        self.trades = trades.into_iter().map(|trade| (trade.key.clone(), trade)).collect();
        self.closed_unused = closed_unused;
        self.handles = handles;
        self.scans = scans;
        self.payment_codes = payment_codes;
        self.oauth_codes = oauth_codes;
        self.accounts.extend(accounts);
        self.untold = kept.untold;
        self.refunds = Refunds::restored(kept.refunds, kept.untold_refunds);
    }
}
