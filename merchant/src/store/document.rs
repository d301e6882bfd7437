//! What goes into the store and comes out of it.

use wechat_cashier::contract::Timestamp;

use super::NewWebhook;

/// One order as it is kept: an opaque document beside the columns that are searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The order's number, unique over all.
    pub order_id: String,
    /// Which shop's it is. It stays as it was when the order was made.
    pub shop: String,
    /// How often the order has been saved since it was made.
    pub version: i64,
    /// A word to list orders by.
    pub status: String,
    /// When there is something to be done about it, if there is.
    pub next_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// All the rest.
    pub doc: String,
}

/// A line of what happened, for a person to read. Lines are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// A word for what it is.
    pub kind: String,
    /// All the rest.
    pub body: String,
}

/// What is written at once or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The order as it shall be, with the version that was read.
    pub row: Row,
    /// Lines to be added to what happened.
    pub entries: Vec<Entry>,
    /// Numbers of the order's at the platform that are new; unique over all orders, each kept for ever.
    pub out_trade_nos: Vec<String>,
    /// Keys of requests about this order that are new; unique within the order.
    pub idempotency_keys: Vec<String>,
    /// The platform's numbers of payments that are new; unique over all orders.
    pub transaction_ids: Vec<TransactionId>,
    /// When money of the order went back, which is new.
    pub refunded_at: Vec<Timestamp>,
    /// What the shop is told of it.
    pub webhooks: Vec<NewWebhook>,
}

/// The platform's number of a payment, and when it was paid: orders are found by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionId {
    /// The number.
    pub transaction_id: String,
    /// When it was paid, by the platform's clock. None: not known.
    pub success_time: Option<Timestamp>,
}

impl From<&str> for TransactionId {
    fn from(transaction_id: &str) -> Self {
        Self { transaction_id: transaction_id.to_owned(), success_time: None }
    }
}

impl Change {
    /// One of the order alone.
    #[must_use]
    pub const fn of(row: Row) -> Self {
        Self {
            row,
            entries: Vec::new(),
            out_trade_nos: Vec::new(),
            idempotency_keys: Vec::new(),
            transaction_ids: Vec::new(),
            webhooks: Vec::new(),
            refunded_at: Vec::new(),
        }
    }
}

/// What came of a [`Change`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Saved {
    /// It is written.
    Yes,
    /// Nothing is written: somebody wrote since the order was read. Read it again.
    Stale,
    /// Nothing is written: something that has to be unique is there already.
    Taken(Taken),
}

/// What was there already. Looked for in this sequence, the first that is found is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// An order of this number.
    OrderId,
    /// One of [`Change::out_trade_nos`], of this order or another.
    OutTradeNo,
    /// One of [`Change::idempotency_keys`], of this order.
    IdempotencyKey,
    /// One of [`Change::transaction_ids`], of this order or another.
    TransactionId,
}

/// What instances wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The database's time when it was asked.
    pub now: Timestamp,
    /// The earliest written first.
    pub orders: Vec<Written>,
    /// There are more, which were written at the time of the last one or later.
    pub more: bool,
}

/// An order that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its number.
    pub order_id: String,
    /// Its version since then.
    pub version: i64,
    /// When, by the database's clock.
    pub changed_at: Timestamp,
}

/// Where a payer who was sent to log in comes back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The order that is to be paid.
    pub order_id: String,
    /// The page's address.
    pub page_url: String,
    /// From when on the login is void.
    pub expires_at: Timestamp,
}

/// A payment of an order's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentId {
    /// The platform's number of it.
    pub transaction_id: String,
    /// The order.
    pub order_id: String,
}

/// How many visits of a day came how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelCount {
    /// Which day: `2026-11-29`.
    pub day: String,
    /// A word for what happened in them.
    pub stage: String,
    /// A word for the way to pay.
    pub method: String,
    /// A word for the place where they were.
    pub surface: String,
    /// How many; where it is written, how many more, or fewer.
    pub visits: i64,
}

/// What came out of comparing a day with the platform's bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciliation {
    /// Of which sub-merchant of a service provider's; empty, of the merchant's own number.
    pub sub_mchid: String,
    /// Which day: `2026-11-29`.
    pub date: String,
    /// A word for what came out.
    pub state: String,
    /// When.
    pub made_at: Timestamp,
    /// When it is to be tried again, if it is.
    pub next_at: Option<Timestamp>,
    /// How many differences there are.
    pub differences: i64,
    /// All the rest; empty in a list.
    pub report: String,
}

/// Which orders are listed. Empty, all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of this shop.
    pub shop: Option<String>,
    /// Those of this status.
    pub status: Option<String>,
    /// Those made at this time or later.
    pub created_from: Option<Timestamp>,
    /// Those made before this time.
    pub created_before: Option<Timestamp>,
    /// Those that come after this place in the list: the last one of the page before.
    pub before: Option<Place>,
}

/// An order's place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// When the order was made.
    pub created_at: Timestamp,
    /// Its number.
    pub order_id: String,
}

impl Row {
    /// Its place in a list.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { created_at: self.created_at, order_id: self.order_id.clone() }
    }
}
