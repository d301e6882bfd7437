//! In front of every call of the contract: the log, the faults of answers, and what an emulated browser would do with
//! cookies. The merchant's backend behind it knows of none of it.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::any;
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Value, json};
use url::Url;
use wechat_cashier::contract::{OrderStatus, ProblemCode};
use wechat_cashier_merchant::domain::plus;
use wechat_cashier_merchant::service::Problem;

use crate::faults::{Call, Fault};
use crate::log::{Begun, UnderWay};
use crate::rewrite;
use crate::sandbox::Sandbox;

/// Answers here are small; this only bounds what is held.
const BYTES_MAX: usize = 1 << 20;

/// The appid of somebody else, for the fault.
const OTHER_APP_ID: &str = "wx0000000000000000";

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/api/{*rest}", any(contract))
        .route("/wechat-pay/login", any(login))
        .route("/wechat-pay/{*rest}", any(merchant))
        .route("/admin/{*rest}", any(merchant))
        .route("/health", any(merchant))
        .route("/ready", any(merchant))
}

async fn merchant(Shared(sandbox): Shared<Sandbox>, request: Request) -> Response {
    sandbox.ask_merchant(request).await
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

async fn payment(sandbox: &Sandbox, order_id: &str, request: Request) -> Response {
    if let Some(refusal) = refused_before(sandbox, order_id).await {
        return refusal.into_response();
    }
    let (mut parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BYTES_MAX).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let mut asked: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let before = asked.clone();
    code_in_address(sandbox, &mut asked).await;
    replaces_what_is_over(sandbox, order_id, &mut asked).await;
    // Each account has a browser of its own.
    let cookie = sandbox.read(|state| state.cookies.get(&state.phone.account).cloned());
    match cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        Some(cookie) => parts.headers.insert(header::COOKIE, cookie),
        None => parts.headers.remove(header::COOKIE),
    };
    let bytes = if asked == before {
        bytes
    } else {
        parts.headers.remove(header::CONTENT_LENGTH);
        Bytes::from(asked.to_string())
    };
    let response = sandbox.ask_merchant(Request::from_parts(parts, Body::from(bytes))).await;
    if !response.status().is_success() {
        return response;
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, BYTES_MAX).await.unwrap_or_default();
    let mut given: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    given_out(sandbox, order_id, &asked, &given).await;
    sandbox.read(|state| {
        if let Some(changed) = state.changed.get(order_id) {
            rewrite::payment(&mut given, changed);
        }
    });
    // What a payment by code came to is known to both sides before the till asks.
    sandbox.settle().await;
    whole(parts, given.to_string())
}

/// Faults of a merchant that has other rules than ours.
async fn refused_before(sandbox: &Sandbox, order_id: &str) -> Option<Problem> {
    let now = sandbox.now();
    let (ends_at, refunded) = sandbox
        .read(|state| state.changed.get(order_id).map_or((None, false), |changed| (changed.ends_at, changed.refunded)));
    if refunded {
        return Some(Problem::new(ProblemCode::OrderClosed, "the order was refunded"));
    }
    let is_open = match sandbox.backend().order(order_id).await {
        Ok(order) => order.may_pay(now).is_ok(),
        Err(_) => false,
    };
    if !is_open {
        return None;
    }
    if ends_at.is_some_and(|at| at <= now) {
        return Some(Problem::new(ProblemCode::OrderExpired, "the order can no longer be paid"));
    }
    let unavailable = |fault: &Fault| (*fault == Fault::MethodUnavailable).then_some(());
    let is_set = sandbox.read(|state| state.faults.has(order_id, &Fault::MethodUnavailable))
        && sandbox.change(|state| state.faults.take(order_id, unavailable)).is_some();
    is_set.then(|| Problem::new(ProblemCode::MethodUnavailable, "a fault that was set in the panel"))
}

/// The page's address may carry a code that was meant for the merchant: a merchant that has OAuth lead back to the page
/// takes it from there. It works once; afterwards, and after a failure, it is as good as none.
async fn code_in_address(sandbox: &Sandbox, asked: &mut Value) {
    let Some(mut url) = asked["page_url"].as_str().and_then(|url| Url::parse(url).ok()) else { return };
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let (Some(code), Some(state)) = (value("code"), value("state")) else { return };
    if !sandbox.read(|kept| kept.logins.contains_key(&state)) {
        return;
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("code", &code)
        .append_pair("state", &state)
        .finish();
    if let Ok(request) = Request::get(format!("/wechat-pay/login?{query}")).body(Body::empty()) {
        let _: Response = login(Shared(sandbox.clone()), request).await;
    }
    let rest: Vec<_> = url.query_pairs().into_owned().filter(|(key, _)| key != "code" && key != "state").collect();
    match rest.is_empty() {
        true => url.set_query(None),
        false => _ = url.query_pairs_mut().clear().extend_pairs(rest),
    }
    asked["page_url"] = String::from(url).into();
}

/// A code whose life was cut short is over for the merchant too, which would give it again.
async fn replaces_what_is_over(sandbox: &Sandbox, order_id: &str, asked: &mut Value) {
    let now = sandbox.now();
    let Ok(order) = sandbox.backend().order(order_id).await else { return };
    let Some(shown) = order.good_payment(now) else { return };
    let ends_at = sandbox.read(|state| state.changed.get(order_id)?.payments.get(&shown.payment_id)?.ends_at);
    if ends_at.is_some_and(|at| at <= now) && asked.is_object() {
        asked["replaces"] = shown.payment_id.clone().into();
    }
}

/// A payment is given to a page: what was set for the next one strikes it.
async fn given_out(sandbox: &Sandbox, order_id: &str, asked: &Value, given: &Value) {
    let action = &given["action"];
    let query =
        action["url"].as_str().and_then(|url| Url::parse(url).ok()).filter(|url| url.path().ends_with("/authorize"));
    let state = query.and_then(|url| url.query_pairs().find(|(key, _)| key == "state").map(|(_, it)| it.into_owned()));
    if let (Some(state), Some(page_url)) = (state, asked["page_url"].as_str()) {
        sandbox.change(|kept| kept.logins.insert(state, page_url.to_owned()));
    }
    let Some(payment_id) = given["payment_id"].as_str() else { return };
    if action["type"] == "invoke_jsapi" {
        sandbox.change(|state| {
            let params = state.faults.take(order_id, |fault| {
                Some(match fault {
                    Fault::JsapiBadParams { field, value } => {
                        (field.clone().into_owned(), value.clone().map(|value| value.into_owned()))
                    }
                    Fault::ChangedNonce => ("nonceStr".to_owned(), Some("0".repeat(32))),
                    Fault::WrongAppId => ("appId".to_owned(), Some(OTHER_APP_ID.to_owned())),
                    _ => return None,
                })
            });
            if let Some((field, value)) = params {
                let changed = state.changed.entry(order_id.to_owned()).or_default();
                changed.payments.entry(payment_id.to_owned()).or_default().params.insert(field, value);
            }
        });
    }
    cut_short(sandbox, order_id, payment_id).await;
}

/// The life of a payment is cut short where a fault says so: for the page and at the platform, or at the platform alone.
pub(super) async fn cut_short(sandbox: &Sandbox, order_id: &str, payment_id: &str) {
    let now = sandbox.now();
    if sandbox.read(|state| state.faults.of(order_id).is_empty()) {
        return;
    }
    let Ok(order) = sandbox.backend().order(order_id).await else { return };
    let Some(payment) = order.payments.iter().find(|payment| payment.payment_id == payment_id) else { return };
    let Some(number) = &payment.out_trade_no else { return };
    let is_jsapi = payment.method == wechat_cashier::contract::Method::Jsapi;
    let life_ms = sandbox.change(|state| {
        let is_known = state.changed.get(order_id).and_then(|changed| changed.payments.get(payment_id));
        if is_known.is_some_and(|of| of.ends_at.is_some()) {
            return None;
        }
        let quick = |fault: &Fault| match fault {
            Fault::QuickCodeExpiry { ms } => Some(*ms),
            _ => None,
        };
        if let Some(ms) = state.faults.take(order_id, quick) {
            let changed = state.changed.entry(order_id.to_owned()).or_default();
            changed.payments.entry(payment_id.to_owned()).or_default().ends_at = Some(plus(now, ms));
            return Some(ms);
        }
        let stale = |fault: &Fault| (is_jsapi && *fault == Fault::StalePrepay).then_some(0);
        state.faults.take(order_id, stale)
    });
    if let Some(ms) = life_ms {
        let rule = json!([{ "kind": "quick_expiry", "ms": ms, "out_trade_no": number, "times": 1 }]);
        sandbox.platform_call(Method::POST, "/simulator/faults", Some(rule)).await;
    }
}

/// Faults in whose place nothing is carried out.
fn refusal(fault: &Fault) -> Option<Response> {
    let refuse = |code| Problem::new(code, "a fault that was set in the panel");
    Some(match fault {
        Fault::AnswerStatus { status } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, "a fault that was set in the panel").into_response()
        }
        Fault::RateLimited { retry_after_s } => {
            Problem { retry_after_s: Some(*retry_after_s), ..refuse(ProblemCode::RateLimited) }.into_response()
        }
        Fault::UpstreamUnavailable => refuse(ProblemCode::UpstreamUnavailable).into_response(),
        Fault::OrderNotFound => refuse(ProblemCode::OrderNotFound).into_response(),
        Fault::Unauthorized => refuse(ProblemCode::Unauthorized).into_response(),
        _ => return None,
    })
}

/// Faults that spoil an answer.
async fn falsify(response: Response, fault: &Fault) -> Response {
    match fault {
        Fault::WrongContentType => {
            Html("<!doctype html><title>Wi-Fi</title><p>Please sign in to the network.</p>").into_response()
        }
        Fault::ConnectionDropped => {
            let broken = stream::once(async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset)) });
            let (mut parts, _) = response.into_parts();
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from_stream(broken))
        }
        Fault::MalformedJson => edit(response, |text| text.chars().take(text.chars().count() / 2).collect()).await,
        Fault::ChangedAmount { value } => edit(response, |text| with_amount(&text, *value).unwrap_or(text)).await,
        _ => response,
    }
}

fn delay(fault: &Fault) -> Option<Duration> {
    match fault {
        Fault::Slow { ms } => Some(Duration::from_millis(*ms)),
        _ => None,
    }
}

fn with_amount(text: &str, value: i64) -> Option<String> {
    let mut order: Value = serde_json::from_str(text).ok()?;
    *order.get_mut("amount")?.get_mut("value")? = value.into();
    Some(order.to_string())
}

async fn edit(response: Response, edit: impl FnOnce(String) -> String) -> Response {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, BYTES_MAX).await.unwrap_or_default();
    whole(parts, edit(String::from_utf8_lossy(&bytes).into_owned()))
}

/// An answer about an order, edited; the log notes its status.
async fn json_edited(response: Response, edit: impl FnOnce(&mut Value)) -> Response {
    if !response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, BYTES_MAX).await.unwrap_or_default();
    let Ok(mut answer) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    edit(&mut answer);
    if let Ok(status) = serde_json::from_value::<OrderStatus>(answer["status"].clone()) {
        parts.extensions.insert(status);
    }
    whole(parts, answer.to_string())
}

fn whole(mut parts: axum::http::response::Parts, text: String) -> Response {
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(text))
}

/// Each event is an order.
fn events(sandbox: Sandbox, order_id: String, response: Response) -> Response {
    let edited = move |part: Bytes| {
        let text = String::from_utf8_lossy(&part);
        let answer = text.trim_end().strip_prefix("data:").and_then(|data| serde_json::from_str::<Value>(data).ok());
        let Some(mut answer) = answer else { return part };
        sandbox.read(|state| rewrite::order(&mut answer, state, &order_id, sandbox.now()));
        Bytes::from(format!("data: {answer}\n\n"))
    };
    response.map(|body| Body::from_stream(body.into_data_stream().map(move |part| part.map(&edited))))
}

/// The log holds a stream of events open until the page leaves or the stream ends.
fn until_it_ends(response: Response, under_way: UnderWay) -> Response {
    response.map(|body| {
        Body::from_stream(body.into_data_stream().map(move |part| {
            let _held = &under_way;
            part
        }))
    })
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
