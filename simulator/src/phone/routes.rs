//! A QR is scanned, a bill is paid.

use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::ledger::{Bill, Outcome, PayText, Refusal};
use crate::sheet::{act, before_opening};
use crate::simulator::Simulator;

pub(super) fn router() -> Router<Simulator> {
    Router::new()
        .route("/wechat/scan", post(scan))
        .route("/wechat/pay", post(pay))
        .route("/wechat/payment-code", get(payment_code))
        .route("/wechat/sheets", get(sheets))
}

#[derive(Deserialize)]
struct Scan {
    text: String,
    account: Option<String>,
}

#[derive(Deserialize)]
struct Account {
    account: Option<String>,
}

/// One of `scan_id` or `text`. With `text` the account must have scanned it before.
#[derive(Deserialize)]
struct Pay {
    scan_id: Option<String>,
    text: Option<String>,
    account: Option<String>,
    #[serde(default)]
    outcome: Outcome,
}

#[derive(Serialize)]
struct Scanned {
    result: &'static str,
    text: String,
    #[serde(flatten)]
    seen: Seen,
}

/// A pay sheet.
#[derive(Serialize)]
struct Seen {
    /// As the payer sees who is paid.
    merchant: String,
    #[serde(flatten)]
    bill: Bill,
}

#[derive(Serialize)]
struct Said {
    result: &'static str,
    #[serde(flatten)]
    said: PayText,
}

async fn scan(Shared(simulator): Shared<Simulator>, Json(Scan { text, account }): Json<Scan>) -> Response {
    let opened = simulator.change(|state, now| {
        let account = account.unwrap_or_else(|| state.phone.account.clone());
        let late = before_opening(state, &text);
        state.ledger.scan(&text, &account, now, late)
    });
    bill(&simulator, text, opened)
}

async fn pay(Shared(simulator): Shared<Simulator>, Json(asked): Json<Pay>) -> Response {
    let Pay { scan_id, text, account, outcome } = asked;
    let said = simulator.change(|state, now| {
        let account = account.unwrap_or_else(|| state.phone.account.clone());
        let opened = text.and_then(|text| state.ledger.sheet_of(&text, &account));
        let scan_id = scan_id.or(opened).unwrap_or_default();
        act(state, &scan_id, outcome, now)
    });
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

async fn payment_code(Shared(simulator): Shared<Simulator>, Query(of): Query<Account>) -> Json<Value> {
    Json(simulator.change(|state, now| {
        let account = of.account.unwrap_or_else(|| state.phone.account.clone());
        let (code, expires_at) = state.ledger.payment_code(&account, now);
        json!({ "code": code, "expires_at": expires_at, "now": now })
    }))
}

async fn sheets(Shared(simulator): Shared<Simulator>, Query(of): Query<Account>) -> Json<Value> {
    Json(simulator.read(|state, _| {
        let account = of.account.unwrap_or_else(|| state.phone.account.clone());
        let sheets = state.ledger.sheets(&account).into_iter();
        let seen: Vec<_> = sheets.map(|bill| Seen { merchant: merchant(&simulator, &bill), bill }).collect();
        json!({ "sheets": seen })
    }))
}

/// The answer to whatever opens a pay sheet; `text` is what it was opened by.
pub(super) fn bill(simulator: &Simulator, text: String, opened: Result<Bill, Refusal>) -> Response {
    match opened {
        Ok(bill) => {
            let seen = Seen { merchant: merchant(simulator, &bill), bill };
            Json(Scanned { result: "bill", text, seen }).into_response()
        }
        Err(refusal) => refused(refusal),
    }
}

fn merchant(simulator: &Simulator, bill: &Bill) -> String {
    simulator.merchants().name_of(&bill.mchid, bill.sub_mchid.as_deref())
}

pub(super) fn refused(said: Refusal) -> Response {
    (StatusCode::CONFLICT, Json(Said { result: "refused", said })).into_response()
}
