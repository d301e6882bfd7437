//! Around every call of the contract: the log, and the faults of answers. The calls themselves know of neither.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream;
use wechat_cashier::contract::{OrderStatus, ProblemCode};

use super::Problem;
use crate::faults::{Call, Fault};
use crate::log::{Begun, UnderWay};
use crate::sandbox::Sandbox;

/// Answers here are small; this only bounds what is held.
const ANSWER_BYTES_MAX: usize = 1 << 20;

pub(super) async fn falsify_and_log(
    Shared(sandbox): Shared<Sandbox>,
    Path(order_id): Path<String>,
    request: Request,
    next: Next,
) -> Response {
    let call = call_of(&request);
    let mut under_way = sandbox.log().begin(&order_id, begun(&sandbox, call, &request));
    let faults = match sandbox.read(|state, _| state.faults.of(&order_id).is_empty()) {
        true => Vec::new(),
        false => sandbox.change(|state, _| state.faults.take_for(&order_id, call)),
    };
    let mut response = match faults.iter().find_map(refusal) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    for fault in &faults {
        response = falsify(response, fault).await;
    }
    // Late only now: what was asked is done, whether or not the page still waits.
    if let Some(wait) = faults.iter().find_map(delay) {
        tokio::time::sleep(wait).await;
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let answered = response.extensions().get::<OrderStatus>().cloned();
    under_way.answer(response.status().as_u16(), answered, faults);
    if call == Call::Events { until_it_ends(response, under_way) } else { response }
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
            let (parts, _) = response.into_parts();
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
    let mut order: serde_json::Value = serde_json::from_str(text).ok()?;
    *order.get_mut("amount")?.get_mut("value")? = value.into();
    Some(order.to_string())
}

async fn edit(response: Response, edit: impl FnOnce(String) -> String) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, ANSWER_BYTES_MAX).await.unwrap_or_default();
    let text = edit(String::from_utf8_lossy(&bytes).into_owned());
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(text))
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

fn call_of(request: &Request) -> Call {
    match request.uri().path().rsplit('/').next() {
        Some("payments") => Call::Payment,
        Some("close") => Call::Close,
        Some("events") => Call::Events,
        _ => Call::Order,
    }
}

fn begun(sandbox: &Sandbox, call: Call, request: &Request) -> Begun {
    let uri = request.uri();
    let query = uri.query().unwrap_or_default().split('&');
    let query: Vec<_> = query.filter(|pair| !pair.is_empty() && !pair.starts_with("token=")).collect();
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
        at: sandbox.read(|_, now| now),
        idempotency_key: headers.get("idempotency-key").map(text),
        page: headers
            .iter()
            .filter(|(name, _)| of_the_page(name.as_str()))
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
    }
}
