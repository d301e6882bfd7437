//! Holds the backend's orders against WeChat Pay's books, and against what pages were shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;
use wechat_cashier::contract::Timestamp;

use crate::book::Kept;
use crate::shop::{Said, Shop};

/// A line of WeChat Pay's books.
#[derive(Clone, Debug)]
pub(crate) struct Trade {
    pub(crate) out_trade_no: String,
    pub(crate) order_id: String,
    pub(crate) trade_type: String,
    pub(crate) trade_state: String,
    transaction_id: String,
    /// In milliseconds since 1970.
    pub(crate) success_time: Option<i64>,
    time_expire: i64,
    is_told: bool,
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
    fn has_ended(&self) -> bool {
        !["NOTPAY", "USERPAYING"].contains(&self.trade_state.as_str())
    }
}

/// Knows whom to ask.
#[derive(Debug)]
pub(crate) struct Judge(Arc<Shop>);

impl Judge {
    pub(crate) fn new(shop: Arc<Shop>) -> Self {
        Self(shop)
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
                Some(Said { status: 200, body }) => differs(&body, &trades, kept),
                other => vec![format!("the backend does not have it: {other:?}")],
            };
            differences.extend(found.into_iter().map(|what| format!("{order_id}: {what}")));
        }
        let stray = ledger.trades.iter().filter(|trade| !orders.contains_key(&trade.order_id));
        differences.extend(stray.map(|trade| format!("{} is no order's", trade.out_trade_no)));
        differences
    }
}

fn open_numbers(view: &Value) -> impl Iterator<Item = &Value> {
    let is_open = |trade: &&Value| ["taken", "open", "user_paying"].iter().any(|state| trade["state"] == *state);
    view["trades"].as_array().into_iter().flatten().filter(is_open).map(|trade| &trade["out_trade_no"])
}

/// What a trade at the backend says of money: number, transaction, second, whether it went back.
type Money = (String, String, i64, bool);

fn money_of(trade: &Value) -> Option<Money> {
    let receipt = &trade["state"]["paid"];
    let at = Timestamp::parse(receipt["success_time"].as_str()?).unwrap().millis();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Some((text(&trade["out_trade_no"]), text(&receipt["transaction_id"]), at / 1000, receipt["refunded"] == true))
}

fn money(trade: &Trade, went_back: bool) -> Money {
    let at = trade.success_time.unwrap_or_default() / 1000;
    (trade.out_trade_no.clone(), trade.transaction_id.clone(), at, went_back)
}

/// One order: what the backend says, what WeChat Pay's books say, what was shown.
fn differs(view: &Value, trades: &[&Trade], kept: &Kept) -> Vec<String> {
    let mut differs = Vec::new();
    let with = |state: &str| trades.iter().filter(|trade| trade.trade_state == state).copied().collect::<Vec<_>>();
    let (paid, paid_back) = (with("SUCCESS"), with("REFUND"));
    let known: Vec<&Value> = view["trades"].as_array().into_iter().flatten().collect();
    let told: Vec<Money> = known.iter().filter_map(|trade| money_of(trade)).collect();

    for trade in trades {
        let (number, state) = (&trade.out_trade_no, &trade.trade_state);
        if !trade.has_ended() {
            differs.push(format!("{number} can still be paid"));
        }
        if !known.iter().any(|known| known["out_trade_no"] == number.as_str()) {
            differs.push(format!("WeChat Pay has {number} ({state}), and the backend does not know it"));
        }
    }
    for money in paid.iter().map(|trade| money(trade, false)).filter(|money| !told.contains(money)) {
        differs.push(format!("paid at WeChat Pay, not so at the backend: {money:?}"));
    }
    let booked = |money: &&Money| {
        paid.iter().any(|trade| self::money(trade, false) == **money)
            || paid_back.iter().any(|trade| self::money(trade, true) == **money)
    };
    for money in told.iter().filter(|money| !booked(money)) {
        differs.push(format!("paid at the backend, not so at WeChat Pay: {money:?}"));
    }
    for number in open_numbers(view) {
        differs.push(format!("the backend still waits for {number}"));
    }
    let expected = match (paid.is_empty(), told.is_empty()) {
        (false, _) => "paid",
        (true, false) => "refunded",
        (true, true) => "closed",
    };
    if view["status"] != expected {
        differs.push(format!("is {} at the backend, and should be {expected}", view["status"]));
    }
    differs.extend(odd(view, &paid));
    differs.extend(wrongly_shown(kept, &paid, &paid_back));
    differs
}

/// Each payment after the first is named for a person, and nothing else is.
fn odd(view: &Value, paid: &[&Trade]) -> Vec<String> {
    let odd: Vec<&Value> = view["needs_attention"].as_array().into_iter().flatten().map(|odd| &odd["what"]).collect();
    let twice: Vec<&Value> =
        odd.iter().map(|what| &what["paid_twice"]["receipt"]["transaction_id"]).filter(|id| id.is_string()).collect();
    let mut differs: Vec<String> = odd
        .iter()
        .filter(|what| what["paid_twice"].is_null() && what["paid_late"].is_null())
        .map(|what| format!("needs attention: {what}"))
        .collect();
    let named = paid.iter().filter(|trade| twice.iter().any(|id| **id == trade.transaction_id.as_str())).count();
    if named != paid.len().saturating_sub(1) || twice.len() != named {
        differs.push(format!("{} payments at WeChat Pay, {} named as second ones", paid.len(), twice.len()));
    }
    differs
}

fn wrongly_shown(kept: &Kept, paid: &[&Trade], paid_back: &[&Trade]) -> Vec<String> {
    let mut differs = Vec::new();
    let first = paid.iter().chain(paid_back).filter_map(|trade| trade.success_time).min();
    match (kept.shown_paid_at(), first) {
        (Some(at), Some(first)) if at < first => differs.push(format!("shown paid {} ms too early", first - at)),
        (Some(_), None) => differs.push("shown paid, and nobody paid it".to_owned()),
        (None, Some(_)) if !paid.is_empty() => differs.push("paid, and never shown so".to_owned()),
        _ => {}
    }
    for pair in kept.shown.windows(2) {
        let (before, after) = (pair[0].1.as_str(), pair[1].1.as_str());
        let may_follow = match before {
            "paid" => after == "refunded" && !paid_back.is_empty(),
            "refunded" => false,
            "closed" => ["paid", "refunded"].contains(&after),
            _ => true,
        };
        if !may_follow {
            differs.push(format!("shown {before}, then {after}"));
        }
    }
    differs
}
