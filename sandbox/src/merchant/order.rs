//! An order as the merchant keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Method, MethodOffer, Money, OrderStatus, PaymentRequest, Timestamp};

use super::Merchant;
use super::issued::IssuedPayment;
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
    /// The ways to pay it.
    pub methods: Vec<MethodOffer>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be paid.
    pub expires_at: Timestamp,
    /// What the merchant knows of it: what the notify told it, or what it asked.
    pub status: OrderStatus,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// By which way it was paid.
    #[serde(default)]
    pub paid_by: Option<Method>,
    /// Whether it offers server-sent events.
    pub events: bool,
    /// Whether it asks for telemetry.
    #[serde(default)]
    pub telemetry: bool,
    /// Who opened it inside WeChat, once OAuth has told.
    pub openid: Option<String>,
    /// Its numbers at the platform. The last is in use; a new one is taken when the platform demands it.
    pub out_trade_nos: Vec<String>,
    /// The payments issued. Only the last can be valid.
    pub payments: Vec<IssuedPayment>,
    /// What each `Idempotency-Key` asked for and got.
    pub(super) keys: BTreeMap<String, Keyed>,
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
    /// Whether it asks for telemetry.
    pub telemetry: bool,
    /// The payer's language.
    pub lang: String,
    /// The ways to pay it.
    pub methods: Vec<MethodOffer>,
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
            methods: new.methods,
            created_at: now,
            expires_at: plus(now, new.expires_in_ms.unwrap_or(ORDER_LIFE_MS)),
            status: OrderStatus::Pending,
            paid_at: None,
            paid_by: None,
            events: new.events,
            telemetry: new.telemetry,
            openid: None,
            out_trade_nos: vec![order_id.clone()],
            payments: Vec::new(),
            keys: BTreeMap::new(),
        };
        self.orders.entry(order_id).or_insert(order)
    }

    /// Lets an order, and the payment it shows, end earlier.
    pub(crate) fn expire_order(&mut self, order_id: &str, at: Timestamp) {
        if let Some(order) = self.orders.get_mut(order_id) {
            order.expires_at = at;
            if let Some(payment) = order.payments.last_mut() {
                payment.expires_at = payment.expires_at.min(at);
            }
        }
    }

    /// Lets the payment that an order shows end earlier. Gives what it is paid by, when there is such a thing.
    pub(crate) fn expire_shown(&mut self, order_id: &str, at: Timestamp, now: Timestamp) -> Option<String> {
        let order = self.orders.get_mut(order_id)?;
        order.valid_payment(now)?;
        let payment = order.payments.last_mut()?;
        payment.expires_at = payment.expires_at.min(at);
        payment.handle.clone()
    }
}

impl MerchantOrder {
    /// The payment that a page can show now.
    pub fn valid_payment(&self, now: Timestamp) -> Option<&IssuedPayment> {
        let payable = self.status == OrderStatus::Pending && now < self.expires_at;
        self.payments.last().filter(|payment| {
            // Who has been to OAuth need not go again.
            let done = payment.is_oauth() && self.openid.is_some();
            payable && now < payment.expires_at && !payment.failed && !done
        })
    }

    /// Whether it can be paid by this way.
    pub fn offers(&self, method: &Method) -> bool {
        self.methods.iter().any(|offer| offer.method == *method)
    }
}
