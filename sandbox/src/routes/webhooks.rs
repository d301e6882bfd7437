//! The shop is told by its backend what happens to its orders, as docs/webhooks.md has it.

use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use wechat_cashier_merchant::webhook::Signer;

use crate::sandbox::Sandbox;
use crate::setup::WEBHOOKS_PATH;
use crate::state::Heard;

/// So many are remembered.
const KEPT: usize = 100;

pub(super) fn router() -> Router<Sandbox> {
    Router::new().route(WEBHOOKS_PATH, post(heard)).route("/sandbox/webhooks", get(inbox))
}

/// Verified, and counted: a real shop would do at the first time what it has to do, and nothing at the others.
async fn heard(Shared(sandbox): Shared<Sandbox>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let id = text("webhook-id");
    let told = (id, text("webhook-timestamp"), text("webhook-signature"));
    let verified = match Signer::new([sandbox.webhook_secret()]) {
        Ok(signer) => signer.verify(told, &body, sandbox.now()).is_ok(),
        Err(_) => false,
    };
    if !verified {
        return StatusCode::UNAUTHORIZED;
    }
    let (at, body) = (sandbox.now(), serde_json::from_slice(&body).unwrap_or_default());
    sandbox.change(|state| {
        *state.heard.entry(id.to_owned()).or_default() += 1;
        state.inbox.push(Heard { id: id.to_owned(), at, body });
        let old = state.inbox.len().saturating_sub(KEPT);
        state.inbox.drain(..old);
    });
    StatusCode::NO_CONTENT
}

/// What the shop heard last, the latest first, and how often it has heard each.
async fn inbox(Shared(sandbox): Shared<Sandbox>) -> Json<Value> {
    let told = |heard: &Heard, times: u32| {
        let data = &heard.body["data"];
        json!({
            "id": heard.id,
            "at": heard.at,
            "type": heard.body["type"],
            "about": if data["order_id"].is_null() { &data["date"] } else { &data["order_id"] },
            "times": times,
        })
    };
    let times = |state: &crate::state::State, id: &str| state.heard.get(id).copied().unwrap_or(0);
    Json(sandbox.read(|state| {
        state.inbox.iter().rev().map(|heard| told(heard, times(state, &heard.id))).collect::<Vec<_>>().into()
    }))
}
