//! What WeChat calls: notifications, and the way back from its login.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::Served;
use super::caller::only;
use crate::service::{CameBack, Heard, Problem};

/// Answered within 5 s, by 204, or it comes again (docs/platform.md, 7.2).
pub(super) async fn notification(State(served): State<Served>, headers: HeaderMap, body: Bytes) -> Response {
    let fail = |status: StatusCode, message: &str| {
        (status, axum::Json(json!({ "code": "FAIL", "message": message }))).into_response()
    };
    match served.backend.notified(&headers, &body).await {
        Heard::Yes => StatusCode::NO_CONTENT.into_response(),
        // Who sent it learns no more than that.
        Heard::Refused(_) => fail(StatusCode::UNAUTHORIZED, "the notification could not be verified"),
        Heard::Later => fail(StatusCode::SERVICE_UNAVAILABLE, "not written down, please send it again"),
    }
}

pub(super) async fn login(State(served): State<Served>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let (code, state) = (only(&query, "code")?, only(&query, "state")?);
    let (Some(code), Some(state)) = (code, state) else { return Ok(stranger()) };
    // The page asks again; where WeChat did not say who it is, it is sent once more or offers another way.
    Ok(match served.backend.came_back(&code, &state).await? {
        CameBack::To { page_url, openid, order } => {
            let mut response = found(&page_url);
            let shop = served.site.shops.by_id(&order.facts.shop);
            if let Some(cookie) = shop.and_then(|shop| served.remember(shop, &order, &openid)) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        CameBack::Refused { page_url } => found(&page_url),
        CameBack::Stranger => stranger(),
    })
}

fn found(page_url: &str) -> Response {
    match HeaderValue::from_str(page_url) {
        Ok(location) => (StatusCode::FOUND, [(header::LOCATION, location)]).into_response(),
        Err(_) => stranger(),
    }
}

/// The payer went back in history, or took too long.
fn stranger() -> Response {
    const PAGE: &str = include_str!("login.html");
    (StatusCode::BAD_REQUEST, Html(PAGE)).into_response()
}
