//! What the sandbox keeps of its own, beside the merchant's orders and the platform's trades.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use crate::faults::Faults;
use crate::phone::PhoneSettings;

/// What the sandbox keeps of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// Counts the orders, for their ids.
    pub(crate) count: u64,
    /// The shop's orders.
    pub(crate) orders: BTreeMap<String, ShopOrder>,
    /// What goes wrong with the merchant's answers.
    pub(crate) faults: Faults,
    /// How the payer's phone is set up.
    pub(crate) phone: PhoneSettings,
    /// What answers are changed in, by order.
    pub(crate) changed: BTreeMap<String, Changed>,
    /// The pages that were sent to log in, by the `state` of OAuth.
    pub(crate) logins: BTreeMap<String, String>,
    /// The merchant's cookie in each WeChat account's own browser.
    pub(crate) cookies: BTreeMap<String, String>,
    /// How often the shop heard each of what it was told, by `webhook-id`.
    #[serde(default)]
    pub(crate) heard: BTreeMap<String, u32>,
    /// What the shop heard last, the latest last.
    #[serde(default)]
    pub(crate) inbox: Vec<Heard>,
}

/// Something that the shop was told, verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heard {
    /// `webhook-id`.
    pub(crate) id: String,
    /// When it came.
    pub(crate) at: Timestamp,
    /// Its body, whose `type` says what it is.
    pub(crate) body: Value,
}

/// What the shop remembers of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShopOrder {
    /// The shop's how-manieth.
    pub(crate) number: u64,
    /// What a page must show to learn of it.
    pub(crate) token: String,
    /// The language the payer chose in the shop, as the cashier page takes it.
    pub(crate) lang: String,
    /// Whether its pages may listen to events.
    pub(crate) events: bool,
}

/// What the merchant's answers about an order are changed in: faults of a merchant's that ours does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Changed {
    /// The order ends then.
    pub(crate) ends_at: Option<Timestamp>,
    /// By `payment_id`.
    pub(crate) payments: BTreeMap<String, ChangedPayment>,
}

/// What is changed of a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChangedPayment {
    /// It ends then.
    pub(crate) ends_at: Option<Timestamp>,
    /// Parameters of `invoke_jsapi`; without a value they are left out.
    pub(crate) params: BTreeMap<String, Option<String>>,
}

impl State {
    /// One with nothing in it that goes on counting.
    pub(crate) fn emptied(&self) -> Self {
        Self { count: self.count, ..Self::default() }
    }
}
