//! From what the merchant keeps to what the contract says.

use wechat_cashier::contract::{Merchant as MerchantName, Order, Timestamp};

use super::order::MerchantOrder;
use crate::telemetry;

/// The shop, as payers know it.
pub(super) const MERCHANT_NAME: &str = "清叶茶舍 Tea House";

impl MerchantOrder {
    /// The order as the contract answers it.
    pub fn answer(&self, now: Timestamp) -> Order {
        Order {
            order_id: self.order_id.clone(),
            status: self.status.clone(),
            paid_at: self.paid_at,
            paid_by: self.paid_by.clone(),
            amount: self.amount,
            description: self.description.clone(),
            merchant: MerchantName { name: MERCHANT_NAME.to_owned(), logo_url: Some("/assets/logo.svg".to_owned()) },
            now,
            expires_at: self.expires_at,
            methods: self.methods.clone(),
            payment: self.valid_payment(now).map(|payment| payment.answer(now)),
            return_url: Some(format!("/shop/orders/{}", self.order_id)),
            // An EventSource cannot send a header, so the token goes with the address.
            events_url: self.events.then(|| format!("/api/orders/{}/events?token={}", self.order_id, self.token)),
            telemetry_url: self.telemetry.then(|| telemetry::PATH.to_owned()),
            unreadable: Vec::new(),
        }
    }
}
