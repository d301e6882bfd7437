//! What an order has to show beside a bill.

use wechat_cashier::contract::{Currency, Method, Timestamp};

use crate::day::Day;
use crate::domain::{Order, RefundState, Trade, TradeState};

/// One trade of an order, as this backend knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of which order.
    pub order_id: String,
    /// Of which shop.
    pub shop: String,
    /// Its number.
    pub out_trade_no: String,
    /// The order's amount, in the currency's minor unit.
    pub total: i64,
    /// What that is counted in.
    pub currency: Currency,
    /// What became of it, in a word.
    pub state: &'static str,
    /// That it is paid.
    pub paid: Option<Paid>,
    /// Since when this backend wanted all of it back, and got it: a payment by code, reversed.
    pub reversed_since: Option<Timestamp>,
    /// What this backend gave back besides.
    pub refunds: Vec<Refund>,
}

/// That a trade is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// WeChat Pay's number of it.
    pub transaction_id: String,
    /// When, by WeChat Pay's clock.
    pub at: Timestamp,
}

/// A refund of this backend's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Its number.
    pub out_refund_no: String,
    /// In the currency's minor unit.
    pub amount: i64,
    /// When it was asked for first. WeChat Pay accepted it between this time and the next: it is of the bill of that day.
    pub asked_at: Timestamp,
    /// When WeChat Pay was known to have it. None: it may not have it.
    pub taken_at: Option<Timestamp>,
}

impl Refund {
    /// The day whose bill it is in, where that is certain.
    #[must_use]
    pub fn day(&self) -> Option<Day> {
        let day = Day::of(self.asked_at);
        self.taken_at.filter(|at| Day::of(*at) == day).map(|_| day)
    }
}

/// The trades of an order that can be in a bill of this merchant's, or of this sub-merchant's of its: those that went to WeChat Pay
/// under its number.
#[must_use]
pub fn entries(order: &Order, mchid: &str, sub_mchid: Option<&str>) -> Vec<Entry> {
    if order.facts.mchid != mchid || order.facts.sub.as_ref().map(|sub| sub.mchid.as_str()) != sub_mchid {
        return Vec::new();
    }
    let is_wechats = |trade: &&Trade| !matches!(trade.method, Method::Merchant(_));
    let is_taken = |trade: &&Trade| trade.state != TradeState::Refused;
    order.trades.iter().filter(is_wechats).filter(is_taken).map(|trade| entry(order, trade)).collect()
}

fn entry(order: &Order, trade: &Trade) -> Entry {
    let since = || trade.ending.map_or(trade.taken_at, |ending| ending.since);
    Entry {
        order_id: order.facts.order_id.clone(),
        shop: order.facts.shop.clone(),
        out_trade_no: trade.out_trade_no.clone(),
        total: order.facts.amount.value,
        currency: order.facts.amount.currency,
        state: if order.is_reversed(trade) && trade.receipt().is_some() { "reversed" } else { trade.state.word() },
        paid: trade
            .receipt()
            .map(|receipt| Paid { transaction_id: receipt.transaction_id.clone(), at: receipt.success_time }),
        reversed_since: order.is_reversed(trade).then(since),
        refunds: refunds(order, trade),
    }
}

/// What was asked back by numbers of ours. What WeChat Pay did not take is in no bill.
fn refunds(order: &Order, trade: &Trade) -> Vec<Refund> {
    let asked = order.refunds_of(&trade.out_trade_no).filter(|refund| refund.state != RefundState::Refused);
    asked
        .map(|refund| Refund {
            out_refund_no: refund.out_refund_no.clone(),
            amount: refund.amount,
            asked_at: refund.asked_at,
            taken_at: refund.taken_at,
        })
        .collect()
}
