//! Calls of the backend, as a shop, a page and a till make them: again, until it is known what came of them.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;

use crate::book::{Book, now};

/// The key with which the shop calls.
pub(crate) const ADMIN_KEY: &str = "admin-key-of-the-tests-0123456789abcdef";
/// The page that every payer looks at.
pub(crate) const PAGE: &str = "https://shop.example/pay/?order=1";

/// Who was not answered waits before asking again: half a second, twice as long each time, and never the same as all the others.
const AGAIN_MS: (u64, u64) = (500, 8_000);
/// So long after its end every page was told of it, also where PostgreSQL stood still for a minute.
const ASKED_AFTER_MS: i64 = 100_000;

/// The balancer's word for no answer.
const BAD_GATEWAY: u16 = 502;

/// An answer that came whole.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// Where everything is, for those who call.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) http: Client,
    pub(crate) merchant: String,
    pub(crate) simulator: String,
    pub(crate) book: Book,
    /// Whether payers may take most of a minute.
    pub(crate) takes_long: bool,
}

/// What came of asking for something to pay by.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    /// This is how.
    Given(Value),
    /// The order is paid, closed or expired.
    Over,
    /// Not so: the payer's code was not taken.
    Refused,
}

/// Waits before asking again for the `time`-th time, from 0 on.
pub(crate) async fn again(time: u32) {
    let (first, most) = AGAIN_MS;
    let longest = (first << time.min(10)).min(most);
    pause(longest / 2..longest).await;
}

pub(crate) async fn pause(millis: std::ops::Range<u64>) {
    tokio::time::sleep(Duration::from_millis(fastrand::u64(millis))).await;
}

/// Sends it. None: no whole answer came.
pub(crate) async fn send(request: RequestBuilder) -> Option<Said> {
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    let text = answer.text().await.ok()?;
    if status == BAD_GATEWAY {
        return None;
    }
    Some(Said { status, body: serde_json::from_str(&text).unwrap_or(Value::Null) })
}

fn with(request: RequestBuilder, body: &Value) -> RequestBuilder {
    request.header("content-type", "application/json").body(body.to_string())
}

impl Shop {
    /// The shop makes an order, and asks until it is told that there is one. Gives the page's token.
    pub(crate) async fn order(&self, order_id: &str, fen: u64, life_s: u64) -> String {
        self.book.wanted(order_id);
        let order = json!({
            "order_id": order_id,
            "amount": { "value": fen, "currency": "CNY" },
            "description": "乌龙茶 250 g",
            "methods": ["native", "h5", "payment_code"],
            "expires_in_s": life_s,
        });
        for time in 0.. {
            match self.as_shop(Method::POST, "/admin/v1/orders", Some(&order)).await {
                Some(Said { status: 200 | 201, body }) => {
                    let token = body["token"].as_str().unwrap().to_owned();
                    let expires_at = body["order"]["expires_at"].as_str().unwrap();
                    self.book.acknowledged(order_id, &token, Timestamp::parse(expires_at).unwrap().millis());
                    return token;
                }
                Some(Said { status, body }) if status < 500 && status != 429 => {
                    self.book.wrong(format!("{order_id}: the shop's order is answered {status}: {body}"));
                    break;
                }
                _ => again(time).await,
            }
        }
        String::new()
    }

    /// A call by the shop's key.
    pub(crate) async fn as_shop(&self, method: Method, path: &str, body: Option<&Value>) -> Option<Said> {
        let request = self.http.request(method, format!("{}{path}", self.merchant)).bearer_auth(ADMIN_KEY);
        send(match body {
            Some(body) => with(request, body),
            None => request,
        })
        .await
    }

    /// A page reads the order. What it is shown is kept. None: it was not answered, or not with an order.
    pub(crate) async fn read(&self, order_id: &str, token: &str, verify: bool) -> Option<Value> {
        let query = if verify { "?verify=1" } else { "" };
        let url = format!("{}/api/orders/{order_id}{query}", self.merchant);
        self.page(order_id, self.http.get(url).bearer_auth(token)).await
    }

    /// A page closes the order, until it is told that it is done.
    pub(crate) async fn close(&self, order_id: &str, token: &str) {
        let url = format!("{}/api/orders/{order_id}/close", self.merchant);
        for time in 0.. {
            if self.page(order_id, self.http.post(&url).bearer_auth(token)).await.is_some() {
                return;
            }
            again(time).await;
        }
    }

    async fn page(&self, order_id: &str, request: RequestBuilder) -> Option<Value> {
        let asked_at = now();
        let Said { status, body } = send(request).await?;
        match (status, body["status"].as_str()) {
            (200, Some(word)) => {
                self.book.shown(order_id, word, asked_at);
                Some(body)
            }
            (503, _) => None,
            _ => {
                self.book.wrong(format!("{order_id}: a page is answered {status}: {body}"));
                None
            }
        }
    }

    /// A page asks for something to pay by, with the same key until it is answered.
    pub(crate) async fn ask(&self, order_id: &str, token: &str, key: &str, body: &Value) -> Asked {
        let url = format!("{}/api/orders/{order_id}/payments", self.merchant);
        for time in 0.. {
            let request = self.http.post(&url).bearer_auth(token).header("idempotency-key", key);
            let asked_at = now();
            let said = send(with(request, body)).await;
            let code = said.as_ref().and_then(|said| said.body["code"].as_str()).unwrap_or_default().to_owned();
            match (said, code.as_str()) {
                (Some(Said { status: 201, body }), _) => return Asked::Given(body),
                (Some(_), "order_paid") => {
                    self.book.shown(order_id, "paid", asked_at);
                    return Asked::Over;
                }
                (Some(_), "order_closed" | "order_expired") => return Asked::Over,
                (Some(_), "invalid_request") if body["method"] == "payment_code" => return Asked::Refused,
                (None, _) | (Some(_), "upstream_unavailable" | "rate_limited") => {}
                (Some(said), _) => {
                    self.book.wrong(format!("{order_id}: a page that asks for a payment is answered {said:?}"));
                    return Asked::Over;
                }
            }
            if now() > self.book.order(order_id).expires_at + ASKED_AFTER_MS {
                self.book.wrong(format!("{order_id}: it has ended, and the page is not told"));
                return Asked::Over;
            }
            again(time).await;
        }
        Asked::Over
    }

    /// A call of the simulator's, which always answers.
    pub(crate) async fn simulated(&self, method: Method, path: &str, body: Option<&Value>) -> Said {
        let request = self.http.request(method, format!("{}{path}", self.simulator));
        let said = send(match body {
            Some(body) => with(request, body),
            None => request,
        });
        said.await.unwrap()
    }
}
