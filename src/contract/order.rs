//! What is to be paid.

use serde::Serialize;

use super::json::{At, Decode, deserialize};
use super::{MethodOffer, Money, Payment, Timestamp};

/// An order as the backend answers it.
///
/// ```
/// use wechat_cashier::contract::{Order, OrderStatus, decode};
///
/// let order: Order = decode(r#"{
///     "order_id": "T20261121001", "status": "pending",
///     "amount": { "value": 1999, "currency": "CNY" },
///     "description": "Oolong tea, 250 g", "merchant": { "name": "Tea House" },
///     "now": "2026-11-21T10:00:00.250Z", "expires_at": "2026-11-21T10:15:00Z",
///     "methods": ["native", { "id": "alipay", "label": "支付宝" }]
/// }"#).unwrap();
/// assert_eq!(order.status, OrderStatus::Pending);
///
/// let wrong = decode::<Order>(r#"{ "order_id": "T20261121001", "status": 7 }"#).unwrap_err();
/// assert_eq!(wrong.to_string(), "status: expected a string, got 7");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "an object")]
pub struct Order {
    /// The merchant's id of the order.
    pub order_id: String,
    /// Whether it is paid.
    pub status: OrderStatus,
    /// When it was paid, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    /// What is to be paid. It never changes within an order's life.
    pub amount: Money,
    /// What for, in the payer's words.
    pub description: String,
    /// To whom.
    pub merchant: Merchant,
    /// The server's clock when it answered.
    pub now: Timestamp,
    /// Until when it can be paid.
    pub expires_at: Timestamp,
    /// The ways to pay it, in the merchant's order of preference.
    pub methods: Vec<MethodOffer>,
    /// A payment to resume, so that this answer already holds the QR. It is the order's latest: when another page has
    /// asked for a new code, this is how the first page learns that its own is dead. One that cannot be read is passed
    /// over: the order's status must not be lost by it, and what is wrong is said when the page asks for a payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    /// Where the payer goes when done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// Where server-sent events come from, each one an order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events_url: Option<String>,
    /// Where funnel events go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telemetry_url: Option<String>,
}

/// Whether an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// `pending`: not yet.
    Pending,
    /// `paid`.
    Paid,
    /// `closed`: it can no longer be paid. A payment that came late may still turn it into `paid`.
    Closed,
    /// `refunded`: it was paid, and the money went back.
    Refunded,
    /// A word this version does not know: "not known yet, keep asking", never "paid".
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

impl Decode for OrderStatus {
    fn decode(at: At<'_>) -> Self {
        match String::decode(at).as_str() {
            "pending" => Self::Pending,
            "paid" => Self::Paid,
            "closed" => Self::Closed,
            "refunded" => Self::Refunded,
            _ => Self::Unknown,
        }
    }
}

/// Who is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "an object")]
pub struct Merchant {
    /// As the payer knows it.
    pub name: String,
    /// Address of its picture, which may be relative to the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
}

impl Decode for Order {
    fn decode(at: At<'_>) -> Self {
        at.is_object("an object");
        Self {
            order_id: at.field("order_id"),
            status: at.field("status"),
            paid_at: at.optional("paid_at"),
            amount: at.field("amount"),
            description: at.field("description"),
            merchant: at.field("merchant"),
            now: at.field("now"),
            expires_at: at.field("expires_at"),
            methods: at.field("methods"),
            payment: at.if_readable("payment"),
            return_url: at.optional("return_url"),
            events_url: at.optional("events_url"),
            telemetry_url: at.optional("telemetry_url"),
        }
    }
}

impl Decode for Merchant {
    fn decode(at: At<'_>) -> Self {
        at.is_object("an object");
        Self { name: at.field("name"), logo_url: at.optional("logo_url") }
    }
}

deserialize!(Order, OrderStatus, Merchant);
