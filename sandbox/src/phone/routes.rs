//! The phone over HTTP.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::picture;
use crate::assets::html;
use crate::platform::{Bill, Outcome, PayText, Refusal};
use crate::sandbox::Sandbox;

const PICTURE_BYTES_MAX: usize = 32 << 20;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/phone", get(async || html(include_str!("../assets/phone.html"))))
        .route("/wechat/scan", post(scan))
        .route("/wechat/scan-picture", post(scan_picture).layer(DefaultBodyLimit::max(PICTURE_BYTES_MAX)))
        .route("/wechat/pay", post(pay))
}

fn account_a() -> String {
    "A".to_owned()
}

#[derive(Deserialize)]
struct Scan {
    text: String,
    #[serde(default = "account_a")]
    account: String,
}

#[derive(Deserialize)]
pub(super) struct Account {
    #[serde(default = "account_a")]
    pub(super) account: String,
}

/// One of `scan_id` or `text`. With `text` the account must have scanned it before.
#[derive(Deserialize)]
struct Pay {
    scan_id: Option<String>,
    text: Option<String>,
    #[serde(default = "account_a")]
    account: String,
    #[serde(default)]
    outcome: Outcome,
}

#[derive(Serialize)]
struct Scanned {
    result: &'static str,
    text: String,
    #[serde(flatten)]
    bill: Bill,
}

#[derive(Serialize)]
struct Said {
    result: &'static str,
    #[serde(flatten)]
    said: PayText,
}

async fn scan(Shared(sandbox): Shared<Sandbox>, Json(Scan { text, account }): Json<Scan>) -> Response {
    scanned(&sandbox, text, &account)
}

async fn scan_picture(
    Shared(sandbox): Shared<Sandbox>,
    Query(Account { account }): Query<Account>,
    bytes: Bytes,
) -> Response {
    let read = tokio::task::spawn_blocking(move || picture::read(&bytes)).await;
    let wrong = |gloss: &str, text: &str| {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "result": "no_code", "text": text, "gloss": gloss })))
            .into_response()
    };
    match read {
        Ok(Ok(Some(text))) => scanned(&sandbox, text, &account),
        Ok(Ok(None)) => wrong("No QR code was found in the picture.", "未发现二维码"),
        Ok(Err(error)) => wrong(&format!("The picture cannot be read: {error}"), "无法读取图片"),
        Err(error) => wrong(&format!("The picture could not be read: {error}"), "无法读取图片"),
    }
}

fn scanned(sandbox: &Sandbox, text: String, account: &str) -> Response {
    let opened = sandbox.change(|state, now| state.scan(&text, account, now));
    bill(text, opened)
}

/// The answer to whatever opens a pay sheet; `text` is what it was opened by.
pub(super) fn bill(text: String, opened: Result<Bill, Refusal>) -> Response {
    match opened {
        Ok(bill) => Json(Scanned { result: "bill", text, bill }).into_response(),
        Err(refusal) => refused(refusal),
    }
}

async fn pay(Shared(sandbox): Shared<Sandbox>, Json(pay): Json<Pay>) -> Response {
    let Pay { scan_id, text, account, outcome } = pay;
    let said = sandbox.change(|state, now| {
        let opened = text.and_then(|text| state.platform.sheet_of(&text, &account));
        state.pay(&scan_id.or(opened).unwrap_or_default(), outcome, now)
    });
    acted(outcome, said)
}

/// The answer to what the payer does with a sheet.
pub(super) fn acted(outcome: Outcome, said: Result<PayText, Refusal>) -> Response {
    let result = match outcome {
        Outcome::Pay => "paid",
        Outcome::Cancel => "cancelled",
        Outcome::WrongPassword => "wrong_password",
    };
    match said {
        Ok(said) => Json(Said { result, said }).into_response(),
        Err(refusal) => refused(refusal),
    }
}

fn refused(refusal: Refusal) -> Response {
    (StatusCode::CONFLICT, Json(Said { result: "refused", said: refusal })).into_response()
}
