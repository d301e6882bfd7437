//! Telemetry over HTTP: in from the cashiers, checked more strictly than a merchant does, and on to the merchant's; out to the page
//! that draws it.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State as Shared};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use wechat_cashier::contract::{FunnelBatch, FunnelStep};
use wechat_cashier_merchant::service::Problem;
use wechat_cashier_merchant::telemetry::Funnel;

use crate::assets::html;
use crate::sandbox::Sandbox;

/// Where cashiers are told to send it.
pub(super) const PATH: &str = "/telemetry";

/// What `sendBeacon` takes at most, in the browsers that say so.
const BODY_BYTES_MAX: usize = 64 << 10;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route(PATH, post(take).layer(DefaultBodyLimit::max(BODY_BYTES_MAX)))
        .route("/funnel", get(async || html(include_str!("../assets/funnel.html"))))
        .route("/sandbox/funnel", get(funnel))
        .route("/sandbox/telemetry", get(batches).delete(forget))
}

/// Whatever its type says, the body is JSON: a beacon comes as text.
async fn take(Shared(sandbox): Shared<Sandbox>, body: Bytes) -> Result<StatusCode, Problem> {
    let batch = FunnelBatch::read(&body).map_err(|error| Problem::invalid(error.to_string()))?;
    // A merchant passes over what it does not know. Here, where the cashier is tested, it is a mistake.
    if let Some(index) = batch.events.iter().position(|event| event.name == FunnelStep::Unknown) {
        return Err(Problem::invalid(format!("events[{index}].name: this version's cashier sends no such event")));
    }
    sandbox.backend().hear_of_visit(batch);
    Ok(StatusCode::NO_CONTENT)
}

async fn funnel(Shared(sandbox): Shared<Sandbox>) -> Json<Funnel> {
    Json(sandbox.backend().telemetry().funnel())
}

async fn batches(Shared(sandbox): Shared<Sandbox>) -> Json<Vec<FunnelBatch>> {
    Json(sandbox.backend().telemetry().batches())
}

async fn forget(Shared(sandbox): Shared<Sandbox>) -> StatusCode {
    sandbox.backend().telemetry().forget_all();
    StatusCode::NO_CONTENT
}
