//! A page asks for something to pay by: what an emulated browser brings along, and what is set for the next payment.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use url::Url;
use wechat_cashier::contract::ProblemCode;
use wechat_cashier_merchant::domain::plus;
use wechat_cashier_merchant::service::Problem;

use super::answers::whole;
use super::{BYTES_MAX, login};
use crate::faults::Fault;
use crate::rewrite;
use crate::sandbox::Sandbox;

/// The appid of somebody else, for the fault.
const OTHER_APP_ID: &str = "wx0000000000000000";

/// A page asks for something to pay by.
pub(super) async fn payment(sandbox: &Sandbox, order_id: &str, request: Request) -> Response {
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
    let ends_at = sandbox.read(|state| state.changed.get(order_id).and_then(|changed| changed.ends_at));
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
pub(in crate::routes) async fn cut_short(sandbox: &Sandbox, order_id: &str, payment_id: &str) {
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
