//! The shop is told by its backend what happens to its orders, as docs/webhooks.md has it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use wechat_cashier_merchant::webhook::Signer;

use crate::sandbox::Sandbox;
use crate::setup::WEBHOOKS_PATH;

pub(super) fn router() -> Router<Sandbox> {
    Router::new().route(WEBHOOKS_PATH, post(heard))
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
    sandbox.change(|state| *state.heard.entry(id.to_owned()).or_default() += 1);
    StatusCode::NO_CONTENT
}
