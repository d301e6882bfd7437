//! Holds the backend's orders against WeChat Pay's books, and against what pages were shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use crate::differs::{differs, open_numbers};
use crate::shop::{Said, Shop};
use crate::told::Told;

/// A line of WeChat Pay's books.
#[derive(Clone, Debug)]
pub(crate) struct Trade {
    pub(crate) out_trade_no: String,
    pub(crate) order_id: String,
    pub(crate) trade_type: String,
    pub(crate) trade_state: String,
    pub(crate) transaction_id: String,
    /// In milliseconds since 1970.
    pub(crate) success_time: Option<i64>,
    pub(crate) time_expire: i64,
    pub(crate) is_told: bool,
    /// How many attempts to tell of it were not answered well.
    pub(crate) untold: u64,
}

/// WeChat Pay's books.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    pub(crate) trades: Vec<Trade>,
}

impl Ledger {
    pub(crate) async fn read(shop: &Shop) -> Self {
        let said = shop.simulated(Method::GET, "/simulator/trades", None).await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let millis = |value: &Value| value.as_str().map(|time| Timestamp::parse(time).unwrap().millis());
        let read = |trade: &Value| Trade {
            out_trade_no: text(&trade["out_trade_no"]),
            order_id: text(&trade["attach"]),
            trade_type: text(&trade["trade_type"]),
            trade_state: text(&trade["trade_state"]),
            transaction_id: text(&trade["transaction_id"]),
            success_time: millis(&trade["success_time"]),
            time_expire: millis(&trade["time_expire"]).unwrap(),
            is_told: trade["notify"].is_null() || trade["notify"]["state"] == "acknowledged",
            untold: trade["notify"]["failed"].as_u64().unwrap_or(0),
        };
        Self { trades: said.body["trades"].as_array().unwrap().iter().map(read).collect() }
    }

    /// Nothing in it can be paid any more.
    pub(crate) fn has_ended(&self) -> bool {
        self.trades.iter().all(Trade::has_ended)
    }

    /// The backend was told of all that it is told of.
    pub(crate) fn has_told(&self) -> bool {
        self.trades.iter().all(|trade| trade.is_told)
    }

    /// Orders of which two trades can be paid at `now`.
    pub(crate) fn doubled(&self, now: i64) -> Vec<String> {
        let payable = |trade: &&Trade| {
            trade.trade_state == "USERPAYING" || (trade.trade_state == "NOTPAY" && now < trade.time_expire)
        };
        let mut numbers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for trade in self.trades.iter().filter(payable) {
            numbers.entry(&trade.order_id).or_default().push(&trade.out_trade_no);
        }
        let doubled = numbers.into_iter().filter(|(_, numbers)| numbers.len() > 1);
        doubled.map(|(order_id, numbers)| format!("{order_id} can be paid under {}", numbers.join(" and "))).collect()
    }

    /// The trades by which an order is paid.
    pub(crate) fn paid(&self) -> impl Iterator<Item = &Trade> {
        self.trades.iter().filter(|trade| trade.trade_state == "SUCCESS")
    }
}

impl Trade {
    pub(crate) fn has_ended(&self) -> bool {
        !["NOTPAY", "USERPAYING"].contains(&self.trade_state.as_str())
    }
}

/// Knows whom to ask.
#[derive(Debug)]
pub(crate) struct Judge(Arc<Shop>, Arc<Told>);

impl Judge {
    pub(crate) fn new(shop: Arc<Shop>, told: Arc<Told>) -> Self {
        Self(shop, told)
    }

    async fn view(&self, order_id: &str) -> Option<Said> {
        self.0.as_shop(Method::GET, &format!("/admin/v1/orders/{order_id}"), None).await
    }

    /// Whether the backend waits for nothing of any order any more.
    pub(crate) async fn has_ended(&self) -> bool {
        for order_id in self.0.book.orders().keys() {
            let said = self.view(order_id).await;
            if said.is_none_or(|said| said.body["status"] == "pending" || open_numbers(&said.body).next().is_some()) {
                return false;
            }
        }
        true
    }

    /// All in which the two differ.
    pub(crate) async fn differences(&self, ledger: &Ledger) -> Vec<String> {
        let mut differences = Vec::new();
        let orders = self.0.book.orders();
        for (order_id, kept) in &orders {
            let trades: Vec<&Trade> = ledger.trades.iter().filter(|trade| trade.order_id == *order_id).collect();
            let found = match self.view(order_id).await {
                Some(Said { status: 200, body }) => [differs(&body, &trades, kept), self.1.lacks(&body)].concat(),
                other => vec![format!("the backend does not have it: {other:?}")],
            };
            differences.extend(found.into_iter().map(|what| format!("{order_id}: {what}")));
        }
        let stray = ledger.trades.iter().filter(|trade| !orders.contains_key(&trade.order_id));
        differences.extend(stray.map(|trade| format!("{} is no order's", trade.out_trade_no)));
        differences
    }
}
