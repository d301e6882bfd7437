//! What payers do who look at a page: order, look, pay, leave.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::book::now;
use crate::plan::Payer;
use crate::shop::{Asked, PAGE, Shop, again, pause};

/// More than this many fen need the password (the simulator's rule, docs/platform.md, 6).
const FREE_FEN_MAX: u64 = 100_000;
/// How often a payer whose order ran out unpaid orders again.
const ORDERS_MAX: usize = 3;
/// Payers take this long to think; one of so many looks for the phone first.
pub(crate) const THINKS_MS: std::ops::Range<u64> = 200..4_000;
const LOOKS_FOR_THE_PHONE: (u64, std::ops::Range<u64>) = (6, 5_000..45_000);
/// How often a page asks for an order: as the cashier does while a code is shown, and seldom when it is no longer pending.
const LOOKS_MS: (std::ops::Range<u64>, std::ops::Range<u64>) = (1_960..2_940, 4_000..6_000);
/// One of so many times the page wants WeChat Pay asked.
const VERIFIES_EACH: u64 = 10;

/// One order of one payer's.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) shop: Arc<Shop>,
    pub(crate) order_id: String,
    pub(crate) token: String,
    /// Whose WeChat it is.
    pub(crate) account: String,
}

/// Comes after a while, and orders and pays, or does not.
pub(crate) async fn comes(
    shop: Arc<Shop>,
    number: usize,
    (payer, after): (Payer, Duration),
    seed: u64,
    over: tokio::sync::watch::Receiver<bool>,
) {
    tokio::time::sleep(after).await;
    let mut random = fastrand::Rng::with_seed(seed.wrapping_add(u64::try_from(number).unwrap()));
    for time in 1..=ORDERS_MAX {
        let order_id = format!("chaos-{number:04}-{time}");
        let is_large = matches!(payer, Payer::Password | Payer::Silent);
        let fen = random.u64(1..FREE_FEN_MAX) + if is_large { FREE_FEN_MAX } else { 0 };
        let token = shop.order(&order_id, fen, random.u64(60..=75)).await;
        tokio::spawn(looks(Arc::clone(&shop), order_id.clone(), token.clone(), over.clone()));
        let visit = Visit { shop: Arc::clone(&shop), order_id, token, account: format!("payer {number}") };
        let is_paid = visit.acts(payer).await;
        if is_paid || !payer.means_to_pay() {
            return;
        }
    }
    shop.book.wrong(format!("payer {number} ({payer:?}) could not pay in {ORDERS_MAX} orders"));
}

/// The page asks for the order until all is over.
async fn looks(shop: Arc<Shop>, order_id: String, token: String, mut over: tokio::sync::watch::Receiver<bool>) {
    let mut in_vain = 0;
    while !*over.borrow_and_update() {
        let verify = fastrand::u64(0..VERIFIES_EACH) == 0;
        let order = shop.read(&order_id, &token, verify).await;
        in_vain = if order.is_some() { 0 } else { in_vain + 1 };
        let wait = async {
            match order {
                None => again(in_vain).await,
                Some(order) => pause(if order["status"] == "pending" { LOOKS_MS.0 } else { LOOKS_MS.1 }).await,
            }
        };
        tokio::select! {
            () = wait => {}
            _ = over.changed() => {}
        }
    }
}

/// A key that no other request has.
pub(crate) fn new_key() -> String {
    let text: String = std::iter::repeat_with(fastrand::alphanumeric).take(24).collect();
    format!("wc1-{text}")
}

pub(crate) fn wants(method: &str, replaces: Option<&Value>) -> Value {
    json!({ "method": method, "page_url": PAGE, "replaces": replaces.map(|payment| payment["payment_id"].clone()) })
}

impl Visit {
    /// True: money was paid.
    async fn acts(&self, payer: Payer) -> bool {
        match payer {
            Payer::Native => self.pays_by("native").await,
            Payer::H5 => self.pays_by("h5").await,
            Payer::Code | Payer::Password => self.pays_by_code().await,
            Payer::Switch => self.switches().await,
            Payer::Twice => self.pays_twice().await,
            Payer::Tabs => self.has_two_pages().await,
            Payer::Leaves => {
                let _ = self.asks("native", None).await;
                false
            }
            Payer::Closes => self.closes().await,
            Payer::Silent => self.shows_a_code_and_goes().await,
        }
    }

    pub(crate) async fn asks(&self, method: &str, replaces: Option<&Value>) -> Asked {
        self.shop.ask(&self.order_id, &self.token, &new_key(), &wants(method, replaces)).await
    }

    /// Asks, thinks and pays, until it is paid or the order is over.
    pub(crate) async fn pays_by(&self, method: &str) -> bool {
        loop {
            let Asked::Given(payment) = self.asks(method, None).await else { return self.has_paid().await };
            pause(THINKS_MS).await;
            if self.shop.takes_long && fastrand::u64(0..LOOKS_FOR_THE_PHONE.0) == 0 {
                pause(LOOKS_FOR_THE_PHONE.1).await;
            }
            if let Some(scan_id) = self.opens(&payment).await
                && self.confirms(&scan_id).await
            {
                return true;
            }
            pause(200..500).await;
        }
    }

    /// Opens the pay sheet by what the page was given. None: WeChat says that it is no good any more.
    pub(crate) async fn opens(&self, payment: &Value) -> Option<String> {
        let action = &payment["action"];
        let (path, by) = match (action["content"].as_str(), action["url"].as_str()) {
            (Some(text), _) => ("/wechat/scan", json!({ "text": text, "account": self.account })),
            (_, Some(url)) => {
                let url = url::Url::parse(url).unwrap();
                let prepay_id = url.query_pairs().find(|(name, _)| name == "prepay_id").unwrap().1.into_owned();
                ("/wechat/h5", json!({ "prepay_id": prepay_id, "account": self.account }))
            }
            _ => return None,
        };
        let bill = self.shop.simulated(Method::POST, path, Some(&by)).await;
        bill.body["scan_id"].as_str().map(str::to_owned)
    }

    /// Pays on an open sheet.
    pub(crate) async fn confirms(&self, scan_id: &str) -> bool {
        let pay = json!({ "scan_id": scan_id, "outcome": "pay" });
        self.shop.simulated(Method::POST, "/wechat/pay", Some(&pay)).await.body["result"] == "paid"
    }

    /// Whether WeChat Pay has money of this order.
    pub(crate) async fn has_paid(&self) -> bool {
        let trades = self.shop.simulated(Method::GET, "/simulator/trades", None).await;
        let of_order = |trade: &&Value| trade["attach"] == self.order_id.as_str();
        trades.body["trades"].as_array().unwrap().iter().filter(of_order).any(|trade| trade["trade_state"] == "SUCCESS")
    }

    /// The page's tab is closed while the payer may be at it.
    async fn closes(&self) -> bool {
        let Asked::Given(payment) = self.asks("native", None).await else { return false };
        pause(THINKS_MS).await;
        let pays = async {
            if fastrand::bool()
                && let Some(scan_id) = self.opens(&payment).await
            {
                self.confirms(&scan_id).await;
            }
        };
        tokio::join!(self.shop.close(&self.order_id, &self.token), pays);
        false
    }

    /// Whether there is time left to pay.
    pub(crate) fn is_open(&self) -> bool {
        now() < self.shop.book.order(&self.order_id).expires_at
    }
}
