//! What becomes of an answer on its way to the page.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::Value;
use wechat_cashier::contract::{OrderStatus, ProblemCode};
use wechat_cashier_merchant::service::Problem;

use super::BYTES_MAX;
use crate::faults::Fault;
use crate::log::UnderWay;
use crate::rewrite;
use crate::sandbox::Sandbox;

/// Faults in whose place nothing is carried out.
pub(super) fn refusal(fault: &Fault) -> Option<Response> {
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
pub(super) async fn falsify(response: Response, fault: &Fault) -> Response {
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

pub(super) fn delay(fault: &Fault) -> Option<Duration> {
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
pub(super) async fn json_edited(response: Response, edit: impl FnOnce(&mut Value)) -> Response {
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

pub(super) fn whole(mut parts: axum::http::response::Parts, text: String) -> Response {
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(text))
}

/// Each event is an order.
pub(super) fn events(sandbox: Sandbox, order_id: String, response: Response) -> Response {
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
pub(super) fn until_it_ends(response: Response, under_way: UnderWay) -> Response {
    response.map(|body| {
        Body::from_stream(body.into_data_stream().map(move |part| {
            let _held = &under_way;
            part
        }))
    })
}
