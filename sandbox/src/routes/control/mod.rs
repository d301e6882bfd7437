//! What tests and the panel do to the sandbox, under `/sandbox`.

mod faults;
mod orders;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use wechat_cashier_simulator::clock::{ClockChange, ClockFace};

use super::refused::Refused;
use crate::assets::html;
use crate::sandbox::Sandbox;
use crate::setup::LOOKS;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/panel", get(async || html(include_str!("../../assets/panel.html"))))
        .route("/sandbox/clock", get(clock).post(set_clock))
        .route("/sandbox/console", get(console))
        .route("/sandbox/reset", post(reset))
        .merge(orders::router())
        .merge(faults::router())
}

async fn clock(Shared(sandbox): Shared<Sandbox>) -> Json<ClockFace> {
    Json(sandbox.simulator().clock())
}

/// Where the merchant's console is, and by which keys one comes in. They are good for this sandbox alone, and are new with each.
async fn console(Shared(sandbox): Shared<Sandbox>) -> Json<Value> {
    let keys = sandbox.keys();
    Json(json!({
        "url": "/console/",
        "keys": [
            { "name": "shop", "key": keys.admin, "about": "everything" },
            { "name": LOOKS, "key": keys.look, "about": "looking only" },
        ],
    }))
}

/// What becomes due by the change is done before the answer.
async fn set_clock(Shared(sandbox): Shared<Sandbox>, Json(change): Json<ClockChange>) -> Json<ClockFace> {
    sandbox.simulator().turn_clock(&change);
    sandbox.settle().await;
    clock(Shared(sandbox)).await
}

/// Forgets everything: orders, payments, faults, the log, the telemetry, and the clock's offset. Order ids go on, so that what a
/// browser has stored for an old order is not taken for a new one's.
async fn reset(Shared(sandbox): Shared<Sandbox>) -> Result<StatusCode, Refused> {
    sandbox.reset().await.map_err(|why| Refused(StatusCode::INTERNAL_SERVER_ERROR, why))?;
    Ok(StatusCode::NO_CONTENT)
}
