//! In front of every call of the contract: the log, the faults of answers, and what an emulated browser would do with
//! cookies. The merchant's backend behind it knows of none of it.

mod answers;
mod payments;

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;
use axum::routing::any;
use serde_json::Value;
use wechat_cashier::contract::OrderStatus;

pub(super) use payments::cut_short;

use crate::faults::Call;
use crate::log::Begun;
use crate::rewrite;
use crate::sandbox::Sandbox;
use answers::{delay, events, falsify, json_edited, refusal, until_it_ends};
use payments::payment;

/// Answers here are small; this only bounds what is held.
const BYTES_MAX: usize = 1 << 20;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/api/{*rest}", any(contract))
        .route("/wechat-pay/login", any(login))
        .route("/wechat-pay/{*rest}", any(merchant))
        .route("/admin/{*rest}", any(merchant))
        .route("/console", any(merchant))
        .route("/console/", any(console))
        .route("/console/{*rest}", any(console))
        .route("/health", any(merchant))
        .route("/ready", any(merchant))
}

async fn merchant(Shared(sandbox): Shared<Sandbox>, request: Request) -> Response {
    sandbox.ask_merchant(request).await
}

/// What follows from what a person does is done before the next page is shown.
async fn console(Shared(sandbox): Shared<Sandbox>, request: Request) -> Response {
    let changes = *request.method() == Method::POST;
    let response = sandbox.ask_merchant(request).await;
    if changes {
        sandbox.settle().await;
    }
    response
}

/// The merchant's cookie stays in the browser of the account that is logged in on the phone, and in no other's.
async fn login(Shared(sandbox): Shared<Sandbox>, request: Request) -> Response {
    let response = sandbox.ask_merchant(request).await;
    let set = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok());
    if let Some(cookie) = set.and_then(|set| set.split(';').next()) {
        let cookie = cookie.to_owned();
        sandbox.change(|state| state.cookies.insert(state.phone.account.clone(), cookie));
    }
    response
}

async fn contract(Shared(sandbox): Shared<Sandbox>, request: Request) -> Response {
    let Some((order_id, call)) = call_of(&request) else { return sandbox.ask_merchant(request).await };
    let mut under_way = sandbox.log().begin(&order_id, begun(&sandbox, call, &request));
    let is_foreign = request.headers().contains_key(header::ORIGIN);
    let faults = match sandbox.read(|state| state.faults.of(&order_id).is_empty()) {
        true => Vec::new(),
        false => sandbox.change(|state| state.faults.take_for(&order_id, call)),
    };
    let mut response = match faults.iter().find_map(refusal) {
        Some(refusal) => refusal,
        None => answered(&sandbox, &order_id, call, request).await,
    };
    let answered = response.extensions().get::<OrderStatus>().cloned();
    for fault in &faults {
        response = falsify(response, fault).await;
    }
    // Late only now: what was asked is done, whether or not the page still waits.
    if let Some(wait) = faults.iter().find_map(delay) {
        tokio::time::sleep(wait).await;
    }
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if is_foreign {
        headers.entry(header::ACCESS_CONTROL_ALLOW_ORIGIN).or_insert(HeaderValue::from_static("*"));
        headers.entry(header::ACCESS_CONTROL_EXPOSE_HEADERS).or_insert(HeaderValue::from_static("retry-after,date"));
    }
    under_way.answer(response.status().as_u16(), answered, faults);
    if call == Call::Events { until_it_ends(response, under_way) } else { response }
}

/// What the merchant answers, as the page gets it when nothing goes wrong on the way.
async fn answered(sandbox: &Sandbox, order_id: &str, call: Call, request: Request) -> Response {
    if call == Call::Payment {
        return payment(sandbox, order_id, request).await;
    }
    let response = sandbox.ask_merchant(request).await;
    if call == Call::Events {
        return events(sandbox.clone(), order_id.to_owned(), response);
    }
    let edited = |answer: &mut Value| sandbox.read(|state| rewrite::order(answer, state, order_id, sandbox.now()));
    json_edited(response, edited).await
}

/// The order and the call; None for what is no call of the contract.
fn call_of(request: &Request) -> Option<(String, Call)> {
    let mut parts = request.uri().path().strip_prefix("/api/orders/")?.split('/');
    let order_id = parts.next().filter(|id| !id.is_empty())?.to_owned();
    let call = match (request.method(), parts.next(), parts.next()) {
        (&Method::GET, None, None) => Call::Order,
        (&Method::POST, Some("payments"), None) => Call::Payment,
        (&Method::POST, Some("close"), None) => Call::Close,
        (&Method::GET, Some("events"), None) => Call::Events,
        _ => return None,
    };
    Some((order_id, call))
}

fn begun(sandbox: &Sandbox, call: Call, request: &Request) -> Begun {
    let uri = request.uri();
    let query = uri.query().unwrap_or_default().split('&');
    let query: Vec<_> = query.filter(|pair| !pair.is_empty() && !pair.starts_with("ticket=")).collect();
    let path = match query.is_empty() {
        true => uri.path().to_owned(),
        false => format!("{}?{}", uri.path(), query.join("&")),
    };
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: &HeaderMap = request.headers();
    let of_the_page = |name: &str| name.starts_with("x-cashier-") || name == "user-agent" || name == "referer";
    Begun {
        call,
        method: request.method().to_string(),
        path,
        at: sandbox.now(),
        idempotency_key: headers.get("idempotency-key").map(text),
        page: headers
            .iter()
            .filter(|(name, _)| of_the_page(name.as_str()))
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect::<BTreeMap<_, _>>(),
    }
}
