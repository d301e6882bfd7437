//! Requests, and how long each took.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use wechat_cashier::contract::{HttpAnswer, RequestName};

use crate::figures::{Figures, Kind};

/// Both sides, and what was seen of them.
pub(crate) struct World {
    http: Client,
    pub(crate) merchant: String,
    pub(crate) shop: String,
    simulator: String,
    admin_key: String,
    /// What is measured; nothing while the pages come.
    pub(crate) figures: RefCell<Option<Figures>>,
}

/// What a browser waits for a connection at most. The cashier itself gives up sooner.
const GIVE_UP: Duration = Duration::from_secs(30);

impl World {
    pub(crate) fn new(merchant: String, simulator: String, admin_key: String, shop: String) -> Result<Self, String> {
        let http = Client::builder().no_proxy().timeout(GIVE_UP).build().map_err(|error| error.to_string())?;
        Ok(Self { http, merchant, shop, simulator, admin_key, figures: RefCell::new(None) })
    }

    pub(crate) fn note(&self, note: impl FnOnce(&mut Figures)) {
        if let Some(figures) = self.figures.borrow_mut().as_mut() {
            note(figures);
        }
    }

    /// The shop makes an order. Gives its token.
    pub(crate) async fn order(&self, order_id: &str) -> Option<String> {
        let order = json!({
            "order_id": order_id,
            "amount": { "value": 1999, "currency": "CNY" },
            "description": "乌龙茶 250 g",
            "methods": ["native"],
        });
        let url = format!("{}/admin/v1/orders", self.merchant);
        let request = self.http.post(&url).bearer_auth(&self.admin_key).body(order.to_string());
        let answer = self.ask(Kind::Create, RequestName::new("POST", &url), request).await.ok()?;
        let order: Value = serde_json::from_str(&answer.body).ok()?;
        order["token"].as_str().map(str::to_owned)
    }

    /// A call of the cashier's. The error is in the client's words.
    pub(crate) async fn call(&self, kind: Kind, token: &str, path: &str, body: Option<(&str, String)>) -> Asked {
        let url = format!("{}/api/orders/{path}", self.merchant);
        let (name, request) = match body {
            Some((key, body)) => {
                let request = self.http.post(&url).header("idempotency-key", key).body(body);
                (RequestName::new("POST", &url), request.header(CONTENT_TYPE, "application/json"))
            }
            None => (RequestName::new("GET", &url), self.http.get(&url)),
        };
        self.ask(kind, name, request.bearer_auth(token).header("origin", &self.shop)).await
    }

    /// The payer scans a code and pays. Whether WeChat took it.
    pub(crate) async fn pay(&self, code_url: &str) -> bool {
        let Some(scanned) = self.phone("scan", json!({ "text": code_url, "account": "A" })).await else { return false };
        let paid = self.phone("pay", json!({ "scan_id": scanned["scan_id"], "outcome": "pay" })).await;
        paid.is_some_and(|said| said["result"] == "paid")
    }

    async fn phone(&self, what: &str, body: Value) -> Option<Value> {
        let request = self.http.post(format!("{}/wechat/{what}", self.simulator));
        let request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        let response = request.send().await.ok().filter(|response| response.status().is_success())?;
        serde_json::from_str(&response.text().await.ok()?).ok()
    }

    async fn ask(&self, kind: Kind, name: RequestName, request: RequestBuilder) -> Asked {
        let sent = Instant::now();
        let answer = answer(name.clone(), request).await;
        let took = sent.elapsed();
        let is_good = answer.as_ref().is_ok_and(|answer| (200..300).contains(&answer.status));
        self.note(|figures| figures.asked(kind, took, is_good));
        answer.map_err(|why| (name, why))
    }
}

/// An answer, or the request and why there is none.
pub(crate) type Asked = Result<HttpAnswer, (RequestName, String)>;

async fn answer(name: RequestName, request: RequestBuilder) -> Result<HttpAnswer, String> {
    let response = request.send().await.map_err(|error| error.to_string())?;
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (content_type, retry_after) = (header(CONTENT_TYPE), header(RETRY_AFTER));
    let status = response.status().as_u16();
    let body = response.text().await.map_err(|error| error.to_string())?;
    Ok(HttpAnswer { request: name, status, content_type, retry_after, body })
}
