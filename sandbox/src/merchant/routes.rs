//! The contract's calls over HTTP.

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method as HttpMethod, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde::Deserialize;
use tower_http::cors::{Any, CorsLayer};
use wechat_cashier::contract::{ProblemCode, Timestamp};

use super::{Problem, events, faulty};
use crate::origin::Origin;
use crate::platform::PlatformError;
use crate::sandbox::Sandbox;
use crate::state::State;

/// The contract, under `/api`.
pub(crate) fn router(sandbox: &Sandbox) -> Router<Sandbox> {
    let idempotency_key = HeaderName::from_static("idempotency-key");
    // The page may be served from another origin: any static server will do.
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([HttpMethod::GET, HttpMethod::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, idempotency_key])
        .expose_headers([header::RETRY_AFTER]);
    Router::new()
        .route("/api/orders/{order_id}", get(order))
        .route("/api/orders/{order_id}/payments", post(payment))
        .route("/api/orders/{order_id}/close", post(close))
        .route("/api/orders/{order_id}/events", get(events::stream))
        .route_layer(middleware::from_fn_with_state(sandbox.clone(), faulty::falsify_and_log))
        .layer(cors)
}

/// An order of the contract as an answer; the log notes its status.
fn answer(state: &State, order_id: &str, now: Timestamp) -> Result<Response, Problem> {
    let known = state.merchant.order(order_id).ok_or_else(|| Problem::no_order(order_id))?;
    let order = known.answer(now);
    Ok((Extension(order.status.clone()), Json(known.to_json(&order))).into_response())
}

/// The order that the path names, for a page that has its token.
#[derive(Debug)]
pub(super) struct Allowed(pub(super) String);

#[derive(Deserialize)]
struct Token {
    token: Option<String>,
}

impl FromRequestParts<Sandbox> for Allowed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, Problem> {
        let Path(order_id) = Path::<String>::from_request_parts(parts, sandbox)
            .await
            .map_err(|rejection| Problem::new(ProblemCode::InvalidRequest, rejection.body_text()))?;
        let known = sandbox.read(|state, _| state.merchant.order(&order_id).map(|order| order.token.clone()));
        let Some(token) = known else {
            return Err(Problem::no_order(&order_id));
        };
        // Only events may bring the token in the address: an EventSource cannot send a header.
        let from_address = match parts.uri.path().ends_with("/events") {
            true => Query::<Token>::try_from_uri(&parts.uri).ok().and_then(|Query(query)| query.token),
            false => None,
        };
        let shown = bearer(&parts.headers).map(str::to_owned).or(from_address);
        if shown.as_deref() == Some(token.as_str()) {
            Ok(Self(order_id))
        } else {
            let detail = match shown {
                Some(_) => "the token is not this order's",
                None => "Authorization: Bearer and the order's token are missing",
            };
            Err(Problem::new(ProblemCode::Unauthorized, detail))
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[derive(Deserialize)]
struct Verify {
    verify: Option<String>,
}

async fn order(
    Shared(sandbox): Shared<Sandbox>,
    Allowed(order_id): Allowed,
    Query(Verify { verify }): Query<Verify>,
) -> Result<Response, Problem> {
    if verify.as_deref() == Some("1") {
        sandbox.change(|state, now| {
            let State { merchant, platform, .. } = state;
            merchant.verify(&order_id, platform);
            answer(state, &order_id, now)
        })
    } else {
        sandbox.read(|state, now| answer(state, &order_id, now))
    }
}

async fn payment(
    Shared(sandbox): Shared<Sandbox>,
    Allowed(order_id): Allowed,
    origin: Origin,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).filter(|key| !key.is_empty());
    let payment = sandbox.change(|state, now| state.pay_by(&order_id, key, &body, &origin, now))?;
    Ok(Json(payment).into_response())
}

async fn close(Shared(sandbox): Shared<Sandbox>, Allowed(order_id): Allowed) -> Result<Response, Problem> {
    sandbox.change(|state, now| {
        let State { merchant, platform, .. } = state;
        match merchant.close(&order_id, platform) {
            // The payer was quicker: that is no error, the answer says how the order stands.
            Ok(()) | Err(PlatformError::OrderPaid) => {}
            Err(other) => return Err(Problem::new(ProblemCode::UpstreamUnavailable, format!("{other:?}"))),
        }
        answer(state, &order_id, now)
    })
}
