//! What was asked, answered and shown.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, by the clock that backend and simulator go by as well.
pub(crate) fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// An order, as the shop and the payer know it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    /// Since when the shop knows that there is one.
    pub(crate) acknowledged_at: Option<i64>,
    pub(crate) token: String,
    /// In milliseconds since 1970.
    pub(crate) expires_at: i64,
    /// Each status that a page was shown, with the time of the answer, where it is not the one before.
    pub(crate) shown: Vec<(i64, String)>,
    /// How often a page was answered.
    pub(crate) answers: u64,
}

impl Kept {
    /// When it was first shown paid.
    pub(crate) fn shown_paid_at(&self) -> Option<i64> {
        self.shown.iter().find(|(_, status)| status == "paid").map(|(at, _)| *at)
    }
}

/// All orders, and what else is not as it should be.
#[derive(Debug, Default)]
pub(crate) struct Book(Mutex<(BTreeMap<String, Kept>, Vec<String>)>);

impl Book {
    /// The shop is about to make an order.
    pub(crate) fn wanted(&self, order_id: &str) {
        self.0.lock().unwrap().0.entry(order_id.to_owned()).or_default();
    }

    pub(crate) fn acknowledged(&self, order_id: &str, token: &str, expires_at: i64) {
        let mut book = self.0.lock().unwrap();
        let order = book.0.entry(order_id.to_owned()).or_default();
        order.acknowledged_at.get_or_insert_with(now);
        (order.token, order.expires_at) = (token.to_owned(), expires_at);
    }

    /// A page that asked at `asked_at` was shown a status. What was asked before the last one was shown may be older than that.
    pub(crate) fn shown(&self, order_id: &str, status: &str, asked_at: i64) {
        let mut book = self.0.lock().unwrap();
        let order = book.0.entry(order_id.to_owned()).or_default();
        order.answers += 1;
        if order.shown.last().is_none_or(|(at, last)| last != status && *at < asked_at) {
            order.shown.push((now(), status.to_owned()));
        }
    }

    /// Something that must not be.
    pub(crate) fn wrong(&self, what: impl Into<String>) {
        self.0.lock().unwrap().1.push(what.into());
    }

    pub(crate) fn orders(&self) -> BTreeMap<String, Kept> {
        self.0.lock().unwrap().0.clone()
    }

    pub(crate) fn order(&self, order_id: &str) -> Kept {
        self.0.lock().unwrap().0.get(order_id).cloned().unwrap_or_default()
    }

    pub(crate) fn all_wrong(&self) -> Vec<String> {
        self.0.lock().unwrap().1.clone()
    }
}
