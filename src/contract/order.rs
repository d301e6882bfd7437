//! What is to be paid.

use core::cell::RefCell;
use core::mem;

use serde::{Serialize, Serializer};

use super::json::{At, Decode, Readable, deserialize};
use super::{DecodeError, Method, MethodOffer, Money, Payment, Timestamp};

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
    /// By which way it was paid, if it was: also one that is not among `methods`. Without it no way is named to the payer,
    /// for another than the one at hand may have been taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_by: Option<Method>,
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
    /// The ways to pay it; of those that suit a page equally well, the earlier comes first.
    pub methods: Vec<MethodOffer>,
    /// A payment to resume, so that this answer already holds the QR. It is the order's latest: when another page has
    /// asked for a new code, this is how the first page learns that its own is dead.
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
    /// What could not be read of it and was passed over: optional fields, and single methods. It does not travel.
    #[serde(skip)]
    pub unreadable: Vec<DecodeError>,
}

/// What an answer about an order says: read this rather than an [`Order`], and no paid order is lost to a field that is wrong.
///
/// ```
/// use wechat_cashier::contract::{OrderAnswer, decode};
///
/// let answer: OrderAnswer = decode(r#"{ "order_id": "T20261121001", "status": "paid", "amount": "19.99" }"#).unwrap();
/// let OrderAnswer::Settled(settled) = answer else { panic!("not paid") };
/// assert_eq!(settled.unreadable[0].to_string(), "amount: expected an object, got \"19.99\"");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderAnswer {
    /// The order, as the contract has it.
    Whole(Box<Order>),
    /// Not an order of the contract, but enough of one: which it is, and that it is paid or refunded.
    Settled(Box<Settled>),
}

impl OrderAnswer {
    /// The order, as the contract has it.
    ///
    /// # Errors
    /// What is wrong with it, where it is not whole.
    pub fn whole(self) -> Result<Box<Order>, DecodeError> {
        match self {
            Self::Whole(order) => Ok(order),
            Self::Settled(mut settled) => Err(settled.unreadable.drain(..).next().unwrap_or_default()),
        }
    }
}

/// An order that is paid or refunded, and of the rest what could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The merchant's id of the order.
    pub order_id: String,
    /// [`Paid`](OrderStatus::Paid) or [`Refunded`](OrderStatus::Refunded).
    pub status: OrderStatus,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// By which way it was paid.
    pub paid_by: Option<Method>,
    /// What was paid.
    pub amount: Option<Money>,
    /// What for, in the payer's words.
    pub description: Option<String>,
    /// To whom.
    pub merchant: Option<Merchant>,
    /// Where the payer goes when done.
    pub return_url: Option<String>,
    /// What could not be read. The first is what an [`Order`] would have been refused for.
    pub unreadable: Vec<DecodeError>,
}

/// Whether an order is paid.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename_all = "snake_case"))]
pub enum OrderStatus {
    /// `pending`: not yet.
    Pending,
    /// `paid`.
    Paid,
    /// `closed`: it can no longer be paid. A payment that came late may still turn it into `paid`.
    Closed,
    /// `refunded`: it was paid, and the money went back.
    Refunded,
    /// A word this version does not know: "not known yet, keep asking", never "paid". At most 64 characters of it.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown(String),
}

/// How much is kept of a status that is not known, in characters: the host is told.
const WORD_CHARS_MAX: usize = 64;

impl OrderStatus {
    /// The word in JSON.
    pub fn word(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Closed => "closed",
            Self::Refunded => "refunded",
            Self::Unknown(word) => word,
        }
    }
}

impl Serialize for OrderStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl Decode for OrderStatus {
    fn decode(at: &At<'_>) -> Self {
        match String::decode(at).as_str() {
            "pending" => Self::Pending,
            "paid" => Self::Paid,
            "closed" => Self::Closed,
            "refunded" => Self::Refunded,
            word => Self::Unknown(word.chars().take(WORD_CHARS_MAX).collect()),
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

/// What could not be read of the fields that an order must have: which field, and why.
type Missed = Vec<(&'static str, DecodeError)>;

impl Order {
    /// Reads an order, and which of the fields that must be there are not to be relied on.
    fn read(at: &At<'_>) -> (Self, Missed) {
        at.is_object("an object");
        let (missed, unreadable) = (RefCell::default(), RefCell::default());
        let at = at.listing(&unreadable);
        let mut order = Self {
            order_id: at.needed("order_id", &missed),
            status: at.needed("status", &missed),
            paid_at: at.if_readable("paid_at"),
            paid_by: at.if_readable("paid_by"),
            amount: at.needed("amount", &missed),
            description: at.needed("description", &missed),
            merchant: at.needed("merchant", &missed),
            now: at.needed("now", &missed),
            expires_at: at.needed("expires_at", &missed),
            methods: at.needed::<Readable<_>>("methods", &missed).0,
            payment: at.if_readable("payment"),
            return_url: at.address("return_url"),
            events_url: at.address("events_url"),
            telemetry_url: at.address("telemetry_url"),
            unreadable: Vec::new(),
        };
        order.unreadable = unreadable.take();
        if let Some(payment) = &mut order.payment {
            order.unreadable.append(&mut mem::take(&mut payment.unreadable));
        }
        (order, missed.take())
    }
}

impl Decode for Order {
    fn decode(at: &At<'_>) -> Self {
        let (order, missed) = Self::read(at);
        if let Some((_, error)) = missed.into_iter().next() {
            at.fail(error);
        }
        order
    }
}

impl Decode for OrderAnswer {
    fn decode(at: &At<'_>) -> Self {
        let (order, missed) = Order::read(at);
        let Some((_, error)) = missed.first().cloned() else { return Self::Whole(Box::new(order)) };
        let is_read = |name| missed.iter().all(|(field, _)| *field != name);
        let says_the_end = is_read("order_id") && matches!(order.status, OrderStatus::Paid | OrderStatus::Refunded);
        if !says_the_end || order.order_id.is_empty() {
            at.fail(error);
        }
        Self::Settled(Box::new(Settled {
            amount: Some(order.amount).filter(|_| is_read("amount")),
            description: Some(order.description).filter(|_| is_read("description")),
            merchant: Some(order.merchant).filter(|_| is_read("merchant")),
            order_id: order.order_id,
            status: order.status,
            paid_at: order.paid_at,
            paid_by: order.paid_by,
            return_url: order.return_url,
            unreadable: missed.into_iter().map(|(_, error)| error).chain(order.unreadable).collect(),
        }))
    }
}

impl Decode for Merchant {
    fn decode(at: &At<'_>) -> Self {
        at.is_object("an object");
        Self { name: at.field("name"), logo_url: at.address("logo_url") }
    }
}

deserialize!(Order, OrderStatus, Merchant);
