//! How the sandbox's own calls say no: `{"error": …}`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Why a call was not carried out.
#[derive(Clone, Debug)]
pub(super) struct Refused(pub(super) StatusCode, pub(super) String);

impl Refused {
    pub(super) fn invalid(why: impl Into<String>) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, why.into())
    }

    pub(super) fn conflict(why: impl Into<String>) -> Self {
        Self(StatusCode::CONFLICT, why.into())
    }

    pub(super) fn no_order(order_id: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("there is no order {order_id}"))
    }

    /// What the merchant's backend or the platform says to the sandbox.
    pub(super) fn said(status: StatusCode, said: &Value) -> Self {
        let why = said["error"].as_str().or(said["detail"].as_str()).unwrap_or("it was not done");
        Self(status, why.to_owned())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(status, error) = self;
        (status, Json(json!({ "error": error }))).into_response()
    }
}
