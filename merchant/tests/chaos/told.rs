//! The shop's receiver of webhooks: what it was told of each order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;
use wechat_cashier::contract::Timestamp;
use wechat_cashier_merchant::webhook::Signer;

use crate::book::now;

/// What messages are signed with.
pub(crate) const SECRET: &str = "whsec_c2VjcmV0LW9mLXRoZS10ZXN0cy0wMTIzNDU2Nzg5";

/// What the shop knows by webhooks alone.
#[derive(Debug, Default)]
pub(crate) struct Told(Mutex<Heard>);

#[derive(Debug, Default)]
struct Heard {
    /// The types, by order.
    types: BTreeMap<String, BTreeSet<String>>,
    /// Each message's body, by its id.
    bodies: BTreeMap<String, Bytes>,
    /// How many came that had come before.
    again: usize,
    wrong: Vec<String>,
}

impl Told {
    /// Gives it with its address.
    pub(crate) async fn listen() -> (Arc<Self>, String) {
        let told = Arc::<Self>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
        let routes = Router::new().route("/webhooks", post(take)).with_state(Arc::clone(&told));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (told, url)
    }

    /// What the shop was not told of an order as the backend has it, and should have been.
    pub(crate) fn lacks(&self, order: &Value) -> Vec<String> {
        let heard = self.0.lock().unwrap();
        let types = heard.types.get(order["order_id"].as_str().unwrap_or_default());
        let is_twice = |odd: &Value| odd["what"].get("paid_twice").is_some();
        let twice = order["needs_attention"].as_array().is_some_and(|odd| odd.iter().any(is_twice));
        let status = format!("order.{}", order["status"].as_str().unwrap_or_default());
        let wanted = [status].into_iter().chain(twice.then(|| "order.paid_twice".to_owned()));
        let lacking = wanted.filter(|wanted| !types.is_some_and(|types| types.contains(wanted)));
        lacking.map(|wanted| format!("the shop is not told of {wanted}: {types:?}")).collect()
    }

    /// Messages, how many of them came again, and what was wrong with any.
    pub(crate) fn count(&self) -> (usize, usize, Vec<String>) {
        let heard = self.0.lock().unwrap();
        (heard.bodies.len(), heard.again, heard.wrong.clone())
    }
}

async fn take(State(told): State<Arc<Told>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, of) =
        (header("webhook-id"), (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature")));
    let mut heard = told.0.lock().unwrap();
    if let Err(why) = Signer::new([SECRET]).unwrap().verify(of, &body, Timestamp::from_millis(now())) {
        heard.wrong.push(format!("a webhook that is not genuine: {why:?}"));
        return StatusCode::UNAUTHORIZED;
    }
    match heard.bodies.insert(id.to_owned(), body.clone()) {
        None => {}
        Some(before) if before == body => heard.again += 1,
        Some(_) => heard.wrong.push(format!("the webhook {id} came again with another body")),
    }
    let event: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    heard.types.entry(text(&event["data"]["order_id"])).or_default().insert(text(&event["type"]));
    StatusCode::NO_CONTENT
}
