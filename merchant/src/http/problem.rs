//! Refusals as `application/problem+json` (docs/contract.md, Saying no).

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use wechat_cashier::contract::ProblemCode;

use crate::service::Problem;

const PROBLEM: HeaderValue = HeaderValue::from_static("application/problem+json");

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = problem(status, self.code, &self.detail);
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn problem(status: StatusCode, code: ProblemCode, detail: &str) -> Response {
    let title = code.word().replace('_', " ");
    let body = json!({
        "type": "about:blank", "title": title, "status": status.as_u16(), "code": code.word(), "detail": detail,
    });
    let mut response = (status, Body::from(body.to_string())).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, PROBLEM);
    response
}

pub(super) async fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND, ProblemCode::OrderNotFound, "there is nothing at this address")
}

pub(super) async fn method_not_allowed() -> Response {
    problem(StatusCode::METHOD_NOT_ALLOWED, ProblemCode::InvalidRequest, "this address does not take that method")
}

/// What the framework refuses by itself (a path that is not UTF-8, a body without end) is refused as the rest is.
pub(super) async fn in_the_contracts_words(response: Response) -> Response {
    let status = response.status();
    let is_ours = response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it == PROBLEM);
    match status.is_client_error() && !is_ours {
        true => Problem::invalid(status.canonical_reason().unwrap_or("it cannot be read")).into_response(),
        false => response,
    }
}

/// docs/contract.md, Another origin.
pub(super) async fn preflight_has_no_content(mut response: Response) -> Response {
    // No other answer says which methods there are.
    if response.headers().contains_key(header::ACCESS_CONTROL_ALLOW_METHODS) {
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    response
}

/// Nothing of an order may be stored on its way.
pub(super) async fn never_stored(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
