//! Whether it is alive, and whether it can serve.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Served;

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers too. WeChat Pay is not asked: without it orders are still shown as they are known.
pub(super) async fn ready(State(served): State<Served>) -> Response {
    if served.backend.is_leaving() {
        return (StatusCode::SERVICE_UNAVAILABLE, "it is about to stop\n").into_response();
    }
    match served.backend.store().ping().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            tracing::warn!(error = %error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}
