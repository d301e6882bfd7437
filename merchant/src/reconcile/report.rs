//! What came out of a day, as it is kept and told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Currency, Timestamp};

use crate::day::Day;

/// So many differences are kept one by one; of the others it is known how many of each kind there are.
pub const MOST_KEPT: usize = 1000;

/// The report of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Reconciliation"))]
pub struct Report {
    /// Which day, from midnight to midnight in China.
    pub date: Day,
    /// Of which sub-merchant, where a service provider takes the money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_mchid: Option<String>,
    /// When the two were compared, or could not be.
    pub made_at: Timestamp,
    /// What came out.
    pub state: State,
    /// What was compared. None: there was nothing to compare.
    pub compared: Option<Compared>,
    /// Why there was nothing.
    pub why: Option<String>,
    /// How often it was tried in vain.
    pub failures: u32,
}

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ReconciliationState"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// They say the same.
    Ok,
    /// They differ.
    Different,
    /// They could not be compared; it is tried again.
    Failed,
}

impl State {
    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Different => "different",
            Self::Failed => "failed",
        }
    }

    /// Of its word. One that is not known is a failure, which is mended by another try.
    #[must_use]
    pub fn of(word: &str) -> Self {
        [Self::Ok, Self::Different].into_iter().find(|state| state.word() == word).unwrap_or(Self::Failed)
    }
}

/// The two sides, and where they differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Compared {
    /// What the bill has.
    pub there: Side,
    /// What the orders have.
    pub here: Side,
    /// How many differences there are of each kind.
    pub kinds: BTreeMap<Kind, usize>,
    /// The differences, the first thousand.
    pub differences: Vec<Difference>,
    /// What of it is each shop's, by its id; by an empty one, what is in the bill and no order's.
    #[cfg_attr(feature = "schema", schemars(skip))]
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shops: BTreeMap<String, Part>,
}

impl Compared {
    /// How many differences there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.kinds.values().sum()
    }

    /// What the bill has more.
    pub(super) fn there(&mut self, shop: &str, more: impl Fn(&mut Side)) {
        more(&mut self.there);
        more(&mut self.part(shop).there);
    }

    /// What the orders have more.
    pub(super) fn here(&mut self, shop: &str, more: impl Fn(&mut Side)) {
        more(&mut self.here);
        more(&mut self.part(shop).here);
    }

    fn part(&mut self, shop: &str) -> &mut Part {
        self.shops.entry(shop.to_owned()).or_default()
    }

    pub(super) fn add(&mut self, difference: Difference) {
        *self.kinds.entry(difference.kind).or_default() += 1;
        *self.part(difference.shop.as_deref().unwrap_or_default()).kinds.entry(difference.kind).or_default() += 1;
        if self.differences.len() < MOST_KEPT {
            self.differences.push(difference);
        }
    }
}

/// What of a day is one shop's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What the bill has.
    pub there: Side,
    /// What the orders have.
    pub here: Side,
    /// How many differences there are of each kind.
    pub kinds: BTreeMap<Kind, usize>,
}

/// What one side has of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Side {
    /// How many payments.
    pub payments: usize,
    /// What they come to, for each currency in its minor unit.
    pub paid: BTreeMap<String, i64>,
    /// How many refunds and reversals.
    pub refunds: usize,
    /// What they come to.
    pub refunded: BTreeMap<String, i64>,
}

impl Side {
    pub(super) fn pays(&mut self, value: i64, currency: Currency) {
        self.payments += 1;
        add(&mut self.paid, value, currency);
    }

    pub(super) fn refunds(&mut self, value: i64, currency: Currency) {
        self.refunds += 1;
        add(&mut self.refunded, value, currency);
    }
}

fn add(sums: &mut BTreeMap<String, i64>, value: i64, currency: Currency) {
    let sum = sums.entry(currency.code().to_owned()).or_default();
    *sum = sum.saturating_add(value);
}

/// In what the two differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "DifferenceKind"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The bill has a payment of a number that no order has, or has it once more than the order.
    MissingHere,
    /// An order was paid on that day, and the bill has no such payment.
    MissingThere,
    /// Another amount or currency.
    Amount,
    /// The bill says that it was paid, reversed or refunded, and the order something else.
    State,
    /// Paid on both sides, under another number of WeChat Pay's or on another day.
    Payment,
    /// The bill has a refund that is not this backend's.
    RefundMissingHere,
    /// This backend gave money back on that day, and the bill has no such refund.
    RefundMissingThere,
    /// A refund of another amount.
    RefundAmount,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::MissingHere,
        Self::MissingThere,
        Self::Amount,
        Self::State,
        Self::Payment,
        Self::RefundMissingHere,
        Self::RefundMissingThere,
        Self::RefundAmount,
    ];

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::MissingHere => "missing_here",
            Self::MissingThere => "missing_there",
            Self::Amount => "amount",
            Self::State => "state",
            Self::Payment => "payment",
            Self::RefundMissingHere => "refund_missing_here",
            Self::RefundMissingThere => "refund_missing_there",
            Self::RefundAmount => "refund_amount",
        }
    }
}

/// One place in which the two differ, with what each side has of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Difference {
    /// In what.
    pub kind: Kind,
    /// The merchant's number.
    pub out_trade_no: String,
    /// The order that has this number, if one has.
    pub order_id: Option<String>,
    /// The shop of that order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// The merchant's number of the refund that it is about.
    pub out_refund_no: Option<String>,
    /// What the bill has.
    pub there: Option<Seen>,
    /// What the order has.
    pub here: Option<Seen>,
}

/// A payment or a refund, as one side has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Seen {
    /// In a word of that side.
    pub state: String,
    /// How much.
    pub amount: Option<Sum>,
    /// WeChat Pay's number of the payment.
    pub transaction_id: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

/// An amount, which may be nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sum {
    /// In the currency's minor unit.
    pub value: i64,
    /// ISO 4217.
    pub currency: String,
}
