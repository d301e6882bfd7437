//! A database of a test's own, and what is put into it.

use std::sync::Arc;

use tempfile::TempDir;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::store::{self, Change, Entry, Row, Store};

use crate::postgres::Server;

/// Where a database is.
pub(crate) struct Home {
    pub(crate) url: String,
    _folder: Option<TempDir>,
}

impl Home {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { url: format!("sqlite://{}/orders.db", folder.path().display()), _folder: Some(folder) }
    }

    pub(crate) fn postgres() -> Self {
        Self { url: Server::shared().database(), _folder: None }
    }

    /// Opens it, as one process of several may.
    pub(crate) async fn open(&self) -> Arc<dyn Store> {
        store::open(&self.url).await.unwrap()
    }
}

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// An order as it is before it is kept.
pub(crate) fn order(order_id: &str) -> Row {
    Row {
        order_id: order_id.to_owned(),
        shop: "shop".to_owned(),
        version: 0,
        status: "open".to_owned(),
        next_at: None,
        created_at: at(1_000),
        doc: r#"{"茶":"\u0000"}"#.to_owned(),
    }
}

pub(crate) fn due(order_id: &str, next_at: i64) -> Change {
    Change::of(Row { next_at: Some(at(next_at)), ..order(order_id) })
}

pub(crate) fn entry(millis: i64, kind: &str) -> Entry {
    Entry { at: at(millis), kind: kind.to_owned(), body: format!("body of {kind}") }
}

/// The numbers of some orders.
pub(crate) fn ids(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.order_id.as_str()).collect()
}
