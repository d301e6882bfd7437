//! How the merchant says no.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use wechat_cashier::contract::ProblemCode;

/// A refusal of the contract, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Why.
    pub code: ProblemCode,
    /// Why, in words for the merchant's support.
    pub detail: String,
    /// What `Retry-After` says.
    pub retry_after_s: Option<u32>,
}

impl Problem {
    pub(crate) fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_s: None }
    }

    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::InvalidRequest, detail)
    }

    pub(super) fn no_order(order_id: &str) -> Self {
        Self::new(ProblemCode::OrderNotFound, format!("there is no order {order_id}"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let title = self.code.word().replace('_', " ");
        let body = json!({
            "type": "about:blank", "title": title, "status": status.as_u16(), "code": self.code.word(),
            "detail": self.detail,
        });
        let mut response = (status, Body::from(body.to_string())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
