//! Where orders are kept: SQLite or PostgreSQL behind one trait. It knows nothing of what it keeps.
//!
//! An order is one opaque document beside the few columns that are searched. Writing is optimistic: who saves names the
//! version that was read, and of two that read the same only one is let through.
//!
//! | where | what |
//! |---|---|
//! | `document`, `outbox` | what goes in and comes out: orders, and what the shop is told of them |
//! | `error` | what goes wrong, and whether trying again helps |
//! | `address` | which database an address means, and how to name it without its password |
//! | `dialect` | what the two databases do each in its own way |
//! | `session` | one connection while it is used: a limit of time, and no second use after a fault |
//! | `orders`, `payments`, `webhooks`, `reconciliations`, `funnel`, `logins`, `unmatched`, `instances` | the queries, the same for both |
//! | `sqlite`, `postgres` | how each is opened |
//!
//! The tables are in `migrations/`.

mod address;
mod dialect;
mod document;
mod error;
mod funnel;
mod instances;
mod logins;
mod orders;
mod outbox;
mod payments;
mod postgres;
mod reconciliations;
mod session;
mod sql;
mod sqlite;
mod unmatched;
mod webhooks;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use wechat_cashier::contract::Timestamp;

use address::Address;
pub use document::{
    Change, Changed, Entry, Filter, FunnelCount, Login, PaymentId, Place, Reconciliation, Row, Saved, Taken,
    TransactionId, Written,
};
pub use error::{OpenError, StoreError};
pub use outbox::{NewWebhook, Tried, Webhook, WebhookFilter, WebhookState};

/// How long a call waits for the database, from asking for a connection to its last answer.
const LIMIT: Duration = Duration::from_secs(3);

/// What a call of the store comes to.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// Where orders are kept.
///
/// Every call ends within about three seconds of real time, by an error where need be; [`StoreError::is_passing`] tells whether
/// trying again helps. (A test cannot pause tokio's time: the databases are no part of it.) A call may be dropped halfway: what it wrote is then all there or not at all.
///
/// **A call that writes and ends with a passing error may have written all the same**: the connection can be lost between
/// the database's commit and its answer. Trying again is safe, as no order is written twice: [`Store::save`] then says
/// [`Saved::Stale`] and [`Store::insert`] that the order's number is taken, and who reads the order again sees whether it is
/// the own writing that is there. Orders may be claimed with nobody knowing, until the lease runs out; a login may be taken,
/// and the payer has to log in again; what fits no order may be kept twice; the shop may be told once more than it need be; a lease
/// may be held by nobody until it runs out.
pub trait Store: fmt::Debug + Send + Sync {
    /// Keeps a new order as version 0, whatever `change.row.version` is.
    fn insert<'a>(&'a self, change: &'a Change) -> Answer<'a, Saved>;

    /// The order of this number.
    fn load<'a>(&'a self, order_id: &'a str) -> Answer<'a, Option<Row>>;

    /// Writes an order that was read as version `change.row.version`; it has the next version then. `created_at` stays as it
    /// was. [`Saved::Stale`] also where there is no such order.
    fn save<'a>(&'a self, change: &'a Change) -> Answer<'a, Saved>;

    /// The number of the order that an out_trade_no belongs to.
    fn order_of<'a>(&'a self, out_trade_no: &'a str) -> Answer<'a, Option<String>>;

    /// The number of the order that a platform's number of a payment belongs to.
    fn order_of_transaction<'a>(&'a self, transaction_id: &'a str) -> Answer<'a, Option<String>>;

    /// Up to `limit` orders whose `next_at` has come, earliest first, for the caller alone until `lease_until`: that is
    /// their `next_at` from here on, in the database and in the answer. Their version stays, so that they can be saved, which
    /// sets a `next_at` of its own. The orders of a caller that dies are due again when the lease has run out.
    fn claim_due(&self, now: Timestamp, lease_until: Timestamp, limit: u32) -> Answer<'_, Vec<Row>>;

    /// When the next order is due, leased ones included.
    fn next_due(&self) -> Answer<'_, Option<Timestamp>>;

    /// What happened to an order, in the order of its writing.
    fn entries<'a>(&'a self, order_id: &'a str) -> Answer<'a, Vec<Entry>>;

    /// Remembers where a login that was sent to the platform comes back to. The order has to be there.
    fn keep_login<'a>(&'a self, state_hash: &'a str, login: &'a Login) -> Answer<'a, ()>;

    /// Takes a login away; only one caller gets it. None when there is none or it has expired by `now`. What else has expired
    /// is swept away.
    fn take_login<'a>(&'a self, state_hash: &'a str, now: Timestamp) -> Answer<'a, Option<Login>>;

    /// Keeps for a person what fits no order.
    fn keep_unmatched<'a>(&'a self, entry: &'a Entry) -> Answer<'a, ()>;

    /// The last `limit` of what fits no order, newest first.
    fn list_unmatched(&self, limit: u32) -> Answer<'_, Vec<Entry>>;

    /// Up to `limit` orders, the one made last first.
    fn list<'a>(&'a self, filter: &'a Filter, limit: u32) -> Answer<'a, Vec<Row>>;

    /// Says that an instance of this program lives. Gives how many do: those that were seen within `within_ms`, but for others whose
    /// names begin with `ghosts`: those that it has taken the place of.
    fn meet<'a>(&'a self, instance: &'a str, within_ms: i64, ghosts: Option<&'a str>) -> Answer<'a, u32>;

    /// Says that it does not any more.
    fn leave<'a>(&'a self, instance: &'a str) -> Answer<'a, ()>;

    /// Which orders were written at `since` or later, by whichever instance, by the database's clock; without a time, none. What
    /// is under way by then is written with a time of before: who asks again goes back by as much as a call may take.
    fn changed(&self, since: Option<Timestamp>) -> Answer<'_, Changed>;

    /// Up to `limit` of what these shops are told and whose `next_at` has come, earliest first, for the caller alone until
    /// `lease_until`: that is their `next_at` from here on. What a caller has that dies is due again when the lease has run out.
    fn claim_webhooks<'a>(
        &'a self,
        shops: &'a [&'a str],
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Answer<'a, Vec<Webhook>>;

    /// When the next of it is due, what is leased included.
    fn next_webhook<'a>(&'a self, shops: &'a [&'a str]) -> Answer<'a, Option<Timestamp>>;

    /// Writes what came of a try by who has it until `lease_until`. False, and nothing is written: they have it no longer.
    fn finish_webhook<'a>(&'a self, id: &'a str, lease_until: Timestamp, tried: &'a Tried) -> Answer<'a, bool>;

    /// Up to `limit` of what the shop is told, the one written last first.
    fn list_webhooks<'a>(&'a self, filter: &'a WebhookFilter, limit: u32) -> Answer<'a, Vec<Webhook>>;

    /// Has it sent again, whatever came of it before: it is due at `now`, under the same id. None where this shop is told nothing
    /// of that id.
    fn send_webhook_again<'a>(&'a self, shop: &'a str, id: &'a str, now: Timestamp) -> Answer<'a, Option<Webhook>>;

    /// Up to `limit` orders of which money came or went back in this time, in the sequence of their numbers, of those that come after `after`.
    fn moved_between<'a>(
        &'a self,
        from: Timestamp,
        before: Timestamp,
        after: &'a str,
        limit: u32,
    ) -> Answer<'a, Vec<Row>>;

    /// Up to `limit` payments whose time is not kept: of orders that were written before it was.
    fn untimed(&self, limit: u32) -> Answer<'_, Vec<PaymentId>>;

    /// Keeps the times of payments.
    fn time<'a>(&'a self, payments: &'a [(PaymentId, Timestamp)]) -> Answer<'a, ()>;

    /// When the first order of these shops was made; without any, of all.
    fn first_order<'a>(&'a self, shops: &'a [&'a str]) -> Answer<'a, Option<Timestamp>>;

    /// Keeps what came out of a day, in the place of what was kept of it: if `replaces` names no states, of any, and else of one
    /// of these states. Whether it is kept.
    fn keep_reconciliation<'a>(
        &'a self,
        kept: &'a Reconciliation,
        replaces: &'a [&'a str],
        told: &'a [NewWebhook],
    ) -> Answer<'a, bool>;

    /// What came out of a day, of a sub-merchant or, by an empty number, of the merchant's own.
    fn reconciliation<'a>(&'a self, sub_mchid: &'a str, date: &'a str) -> Answer<'a, Option<Reconciliation>>;

    /// What came out of up to `limit` days before `before`, the latest first, without their reports.
    fn reconciliations<'a>(
        &'a self,
        sub_mchid: &'a str,
        before: &'a str,
        limit: u32,
    ) -> Answer<'a, Vec<Reconciliation>>;

    /// Adds to how many visits came how far, and forgets days before one. The counts are in the sequence of their days, stages,
    /// methods and surfaces, each of these once.
    fn count_funnel<'a>(&'a self, counts: &'a [FunnelCount], forget_before: &'a str) -> Answer<'a, ()>;

    /// How many visits of these days, the first and the last of them too, came how far.
    fn funnel<'a>(&'a self, from: &'a str, to: &'a str) -> Answer<'a, Vec<FunnelCount>>;

    /// Whether the caller alone has a thing to do until `until`: nobody has it at `now`.
    fn lease<'a>(&'a self, name: &'a str, now: Timestamp, until: Timestamp) -> Answer<'a, bool>;

    /// Gives a lease back, which was given until `until`. What others left behind, and has run out a day before, goes too.
    fn end_lease<'a>(&'a self, name: &'a str, until: Timestamp) -> Answer<'a, ()>;

    /// Whether other programs may be on this database without this one knowing: a server's, not a file.
    fn is_shared(&self) -> bool;

    /// Whether the database answers and has its tables.
    fn ping(&self) -> Answer<'_, ()>;

    /// Waits for calls under way and closes all connections. Every later call fails.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// Opens the store at `url` and brings its tables up to date. `sqlite:///path/file.db` or a path is one file of SQLite's,
/// made where there is none; `postgres://user:password@host/database` is a PostgreSQL, to which `?host=/run/postgresql` names
/// a folder with its socket and `?sslmode=` what TLS is asked for. That database is this program's alone.
///
/// # Errors
/// When the address cannot be read, the database cannot be reached, or its tables are not this program's. None holds the
/// password.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, OpenError> {
    match Address::parse(url)? {
        Address::Sqlite(file) => Ok(Arc::new(sqlite::open(&file).await?)),
        Address::Postgres(options, name) => Ok(Arc::new(postgres::open(*options, &name).await?)),
    }
}
