//! The answer: its headers, its signature, and the faults that spoil it.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream;
use serde_json::Value;

use super::calls::Done;
use super::error::ApiError;
use crate::clock::plus;
use crate::crypto::SigningKey;
use crate::faults::Fault;
use crate::sign::{NO_SERIAL, SIGN_TEST, Stamp, spoilt};
use wechat_cashier::contract::Timestamp;

/// What an answer is made of, before it is signed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Option<Value>,
    pub(super) code: Option<&'static str>,
    pub(super) number: u32,
    pub(super) has_request_id: bool,
}

impl From<Result<Done, ApiError>> for Answer {
    fn from(result: Result<Done, ApiError>) -> Self {
        match result {
            Ok(Done { status, body }) => Self { status, body, code: None, number: 0, has_request_id: true },
            Err(error) => Self {
                status: error.status,
                body: Some(error.body()),
                code: Some(error.code),
                number: error.number,
                has_request_id: error.has_request_id,
            },
        }
    }
}

/// With what an answer is signed.
pub(super) struct Signature<'a> {
    pub(super) serial: &'a str,
    pub(super) key: &'a SigningKey,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

impl Answer {
    /// The answer over HTTP. Without a signature it is what an answer to an unverified request is.
    pub(super) async fn send(
        mut self,
        request_id: &str,
        signature: Option<Signature<'_>>,
        faults: &[Fault],
    ) -> Response {
        let has = |fault: &Fault| faults.contains(fault);
        for fault in faults {
            self.falsify(fault);
        }
        let text = self.body.as_ref().map(Value::to_string).unwrap_or_default();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut put = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        };
        put("server", "nginx");
        put("cache-control", "no-cache, must-revalidate");
        if self.body.is_some() {
            put("content-type", "application/json; charset=utf-8");
        }
        if self.has_request_id {
            put("request-id", &format!("{request_id}-{}", self.number));
        }
        if let Some(Signature { serial, key, nonce, now }) = signature
            && !has(&Fault::AnswerUnsigned)
        {
            let at = if has(&Fault::AnswerOldTimestamp) { plus(now, -60 * 60 * 1000) } else { now };
            let mut stamp = Stamp::new(serial, key, nonce, &text, at);
            if has(&Fault::AnswerWrongSerial) {
                stamp.serial = NO_SERIAL.to_owned();
            }
            if has(&Fault::AnswerBadSignature) {
                stamp.signature = spoilt(&stamp.signature);
            }
            if has(&Fault::AnswerSignTest) {
                stamp.signature = format!("{SIGN_TEST}{}", stamp.signature);
            }
            for (name, value) in stamp.headers() {
                put(name_of(name), value);
            }
        }
        let late_ms = faults.iter().map(|fault| if let Fault::AnswerLate { ms } = fault { *ms } else { 0 }).sum();
        if late_ms > 0 {
            tokio::time::sleep(Duration::from_millis(late_ms)).await;
        }
        let cut_at =
            if has(&Fault::ConnectionDropped) { Some(0) } else { has(&Fault::AnswerCut).then_some(text.len() / 2) };
        *response.body_mut() = match cut_at {
            Some(at) => cut(text.as_bytes(), at, response.headers_mut()),
            None => Body::from(text),
        };
        response
    }

    fn falsify(&mut self, fault: &Fault) {
        let Some(body) = self.body.as_mut().filter(|_| self.code.is_none()) else { return };
        match fault {
            Fault::AnswerWrongAmount { total } if body["amount"]["refund"].is_i64() => {
                let wrong = total.unwrap_or_else(|| body["amount"]["refund"].as_i64().unwrap_or(0) + 1);
                body["amount"]["refund"] = wrong.into();
            }
            Fault::AnswerWrongAmount { total } if body["amount"].is_object() => {
                let wrong = total.unwrap_or_else(|| body["amount"]["total"].as_i64().unwrap_or(0) + 1);
                body["amount"]["total"] = wrong.into();
            }
            Fault::AnswerOtherOrder { as_out_trade_no } if body["out_trade_no"].is_string() => {
                body["out_trade_no"] = as_out_trade_no.as_deref().unwrap_or("nobody-s-order").into();
            }
            _ => {}
        }
    }
}

/// `http` wants names of headers in small letters where they are constant.
fn name_of(name: &'static str) -> &'static str {
    match name {
        "Wechatpay-Serial" => "wechatpay-serial",
        "Wechatpay-Timestamp" => "wechatpay-timestamp",
        "Wechatpay-Nonce" => "wechatpay-nonce",
        "Wechatpay-Signature" => "wechatpay-signature",
        _ => "wechatpay-signature-type",
    }
}

/// The whole length is announced, and the connection breaks on the way.
pub(super) fn cut(whole: &[u8], at: usize, headers: &mut axum::http::HeaderMap) -> Body {
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len().max(1)));
    let sent = Bytes::copy_from_slice(whole.get(..at).unwrap_or_default());
    let broken = || Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset));
    Body::from_stream(stream::iter([Ok(sent), broken()]))
}
