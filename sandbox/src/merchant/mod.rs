//! The merchant's backend: its orders, and the contract it speaks.

mod answer;
mod events;
mod faulty;
mod issue;
mod issued;
mod notified;
mod oauth;
mod order;
mod payments;
mod problem;
mod routes;
mod signing;
mod till;

pub use issued::{IssuedPayment, Spoilt};
pub(crate) use oauth::CameBack;
pub use order::{MerchantOrder, NewOrder};
pub use problem::Problem;
pub(crate) use routes::router;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// All that the merchant remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merchant {
    orders: BTreeMap<String, MerchantOrder>,
    /// Counts the orders, for their ids.
    count: u64,
    /// Who was sent to OAuth, by the `state` that comes back.
    oauth: BTreeMap<String, oauth::Awaited>,
}

impl Merchant {
    /// An order, as the merchant knows it.
    pub fn order(&self, order_id: &str) -> Option<&MerchantOrder> {
        self.orders.get(order_id)
    }

    /// A merchant without orders, who goes on counting.
    pub(crate) fn emptied(&self) -> Self {
        Self { count: self.count, ..Self::default() }
    }

    /// All orders, the latest first.
    pub fn orders(&self) -> impl Iterator<Item = &MerchantOrder> {
        let mut orders: Vec<_> = self.orders.values().collect();
        orders.sort_by_key(|order| std::cmp::Reverse(order.number));
        orders.into_iter()
    }
}
