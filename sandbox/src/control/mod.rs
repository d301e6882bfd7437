//! What tests and the panel do to the sandbox, under `/sandbox`.

mod faults;
mod orders;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use crate::assets::html;
use crate::clock::{ClockChange, ClockFace, real_now};
use crate::sandbox::Sandbox;
use crate::state::State;

pub(crate) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/panel", get(async || html(include_str!("../assets/panel.html"))))
        .route("/sandbox/clock", get(clock).post(set_clock))
        .route("/sandbox/reset", post(reset))
        .merge(orders::router())
        .merge(faults::router())
}

/// How the sandbox's own calls say no: `{"error": …}`.
#[derive(Clone, Debug)]
pub(crate) struct Refused(StatusCode, String);

impl Refused {
    pub(crate) fn invalid(why: impl Into<String>) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, why.into())
    }

    fn conflict(why: impl Into<String>) -> Self {
        Self(StatusCode::CONFLICT, why.into())
    }

    fn no_order(order_id: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("there is no order {order_id}"))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(status, error) = self;
        (status, Json(json!({ "error": error }))).into_response()
    }
}

async fn clock(Shared(sandbox): Shared<Sandbox>) -> Json<ClockFace> {
    Json(sandbox.read(|state, _| state.clock.face(real_now())))
}

/// What becomes due by the change is done before the answer.
async fn set_clock(Shared(sandbox): Shared<Sandbox>, Json(change): Json<ClockChange>) -> Json<ClockFace> {
    Json(sandbox.change(|state, _| {
        state.clock.change(&change, real_now());
        state.clock.face(real_now())
    }))
}

/// Forgets everything: orders, payments, faults, the log, the telemetry, and the clock's offset. Order ids go on, so that what a
/// browser has stored for an old order is not taken for a new one's.
async fn reset(Shared(sandbox): Shared<Sandbox>) -> StatusCode {
    sandbox.change(|state, _| *state = State { merchant: state.merchant.emptied(), ..State::default() });
    sandbox.log().forget_all();
    sandbox.telemetry().forget_all();
    StatusCode::NO_CONTENT
}
