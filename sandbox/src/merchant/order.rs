//! An order as the merchant keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Money, OrderStatus, PaymentRequest, Timestamp};

use super::Merchant;
use crate::clock::plus;

/// How long an order can be paid, unless the shop says otherwise.
const ORDER_LIFE_MS: i64 = 15 * 60 * 1000;

/// An order as the merchant keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MerchantOrder {
    /// Its id, which the payer sees.
    pub order_id: String,
    /// The merchant's how-manieth.
    pub number: u64,
    /// What a page must show to learn of it.
    pub token: String,
    /// How much.
    pub amount: Money,
    /// What for.
    pub description: String,
    /// The language the payer chose in the shop, as the cashier page takes it.
    pub lang: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be paid.
    pub expires_at: Timestamp,
    /// What the merchant knows of it: what the notify told it, or what it asked.
    pub status: OrderStatus,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// Whether it offers server-sent events.
    pub events: bool,
    /// Its numbers at the platform. The last is in use; a new one is taken when the platform demands it.
    pub out_trade_nos: Vec<String>,
    /// The payments issued. Only the last can be valid.
    pub payments: Vec<IssuedPayment>,
    /// What each `Idempotency-Key` asked for and got.
    pub(super) keys: BTreeMap<String, Keyed>,
}

/// A payment the merchant gave to a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedPayment {
    /// Its id.
    pub payment_id: String,
    /// The platform's code.
    pub code_url: String,
    /// When the code stops working.
    pub expires_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Keyed {
    pub(super) body: PaymentRequest,
    pub(super) payment_id: String,
}

/// What the shop wants to be paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// How much.
    pub amount: Money,
    /// What for.
    pub description: String,
    /// How long it can be paid.
    pub expires_in_ms: Option<i64>,
    /// Whether it offers server-sent events.
    pub events: bool,
    /// The payer's language.
    pub lang: String,
}

impl Merchant {
    /// Takes an order.
    pub fn take_order(&mut self, new: NewOrder, now: Timestamp) -> &MerchantOrder {
        self.count += 1;
        let day: String = now.to_rfc3339().unwrap_or_default().chars().filter(char::is_ascii_digit).take(8).collect();
        let order_id = format!("T{day}{:03}", self.count);
        let order = MerchantOrder {
            order_id: order_id.clone(),
            number: self.count,
            token: std::iter::repeat_with(fastrand::alphanumeric).take(24).collect(),
            amount: new.amount,
            description: new.description,
            lang: new.lang,
            created_at: now,
            expires_at: plus(now, new.expires_in_ms.unwrap_or(ORDER_LIFE_MS)),
            status: OrderStatus::Pending,
            paid_at: None,
            events: new.events,
            out_trade_nos: vec![order_id.clone()],
            payments: Vec::new(),
            keys: BTreeMap::new(),
        };
        self.orders.entry(order_id).or_insert(order)
    }

    /// Lets an order, and the code it shows, end earlier.
    pub(crate) fn expire_order(&mut self, order_id: &str, at: Timestamp) {
        if let Some(order) = self.orders.get_mut(order_id) {
            order.expires_at = at;
            if let Some(payment) = order.payments.last_mut() {
                payment.expires_at = payment.expires_at.min(at);
            }
        }
    }

    /// Lets the code that an order shows end earlier. Gives the code, when there is one.
    pub(crate) fn expire_code(&mut self, order_id: &str, at: Timestamp, now: Timestamp) -> Option<String> {
        let order = self.orders.get_mut(order_id)?;
        let code_url = order.valid_payment(now)?.code_url.clone();
        let payment = order.payments.last_mut()?;
        payment.expires_at = payment.expires_at.min(at);
        Some(code_url)
    }
}

impl MerchantOrder {
    /// The payment that a page can show now.
    pub fn valid_payment(&self, now: Timestamp) -> Option<&IssuedPayment> {
        self.payments
            .last()
            .filter(|payment| self.status == OrderStatus::Pending && now < self.expires_at && now < payment.expires_at)
    }
}
