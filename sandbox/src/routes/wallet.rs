//! The other wallet over HTTP: Alipay's pay page, and UnionPay's sheet on the phone.

use axum::extract::{Query, State as Shared};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::assets::html;
use crate::sandbox::Sandbox;
use crate::setup::MERCHANT_NAME;
use crate::wallet::Said;

/// How the id of a sheet of the wallet's begins, before what it pays by.
const SHEET: &str = "wallet:";

const PAID: Said = ("支付成功", "Paid.");
const CANCELLED: Said = ("已取消支付", "Cancelled. Nothing was paid.");
const WRONG_PASSWORD: Said = ("支付密码错误,请重试", "Wrong password, try again. Nothing was paid.");

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/alipay/pay", get(async || html(include_str!("../assets/other.html"))).post(pay_page))
        .route("/alipay/bill", get(show))
}

#[derive(Deserialize)]
struct Asked {
    id: String,
}

#[derive(Deserialize)]
struct Pay {
    id: String,
    outcome: Option<String>,
}

/// What a sheet pays by, if it is the wallet's.
pub(super) fn sheet(scan_id: &str) -> Option<String> {
    let is_code = crate::wallet::Wallet::has_code(scan_id);
    scan_id.strip_prefix(SHEET).or(is_code.then_some(scan_id)).map(str::to_owned)
}

/// What the sheet shows.
pub(super) fn bill(sandbox: &Sandbox, by: &str) -> Response {
    match sandbox.wallet().bill(by, sandbox.now()) {
        Ok(trade) => Json(json!({
            "result": "bill",
            "scan_id": format!("{SHEET}{by}"),
            "text": by,
            "account": "wallet",
            "trade_type": trade.trade_type,
            "merchant": MERCHANT_NAME,
            "description": trade.description,
            "amount": trade.amount,
            "out_trade_no": trade.out_trade_no,
            "order_id": trade.order_id,
        }))
        .into_response(),
        Err(said) => refused(said),
    }
}

async fn show(Shared(sandbox): Shared<Sandbox>, Query(Asked { id }): Query<Asked>) -> Response {
    bill(&sandbox, &id)
}

/// Opens the sheet, and acts on it, in one step.
async fn pay_page(Shared(sandbox): Shared<Sandbox>, Json(Pay { id, outcome }): Json<Pay>) -> Response {
    acted(&sandbox, &id, outcome.as_deref().unwrap_or("pay")).await
}

/// The payer acts on a sheet.
pub(super) async fn acted(sandbox: &Sandbox, by: &str, outcome: &str) -> Response {
    let (result, said) = match outcome {
        "cancel" => ("cancelled", sandbox.wallet().bill(by, sandbox.now()).map(|_| CANCELLED)),
        "wrong_password" => ("wrong_password", sandbox.wallet().bill(by, sandbox.now()).map(|_| WRONG_PASSWORD)),
        _ => ("paid", pay(sandbox, by).await),
    };
    match said {
        Ok((text, gloss)) => Json(json!({ "result": result, "text": text, "gloss": gloss })).into_response(),
        Err(said) => refused(said),
    }
}

/// The payer pays, and the merchant is told, unless a fault keeps the notification from it.
pub(super) async fn pay(sandbox: &Sandbox, by: &str) -> Result<Said, Said> {
    let report = sandbox.wallet().pay(by, sandbox.now())?;
    let (_, set) = sandbox.platform_call(Method::GET, "/simulator/faults", None).await;
    let is_lost = set["faults"].as_array().into_iter().flatten().any(|rule| {
        let prefix = rule["out_trade_no_prefix"].as_str();
        let strikes = rule["kind"] == "notify_lost" || rule["kind"] == "notify_late";
        strikes && prefix.is_some_and(|prefix| report.out_trade_no.starts_with(prefix))
    });
    // What is not told, the merchant's questions find.
    if !is_lost && let Err(problem) = sandbox.backend().told(report).await {
        eprintln!("the wallet's notification was not written down: {}", problem.detail);
    }
    sandbox.settle().await;
    Ok(PAID)
}

fn refused((text, gloss): Said) -> Response {
    (StatusCode::CONFLICT, Json(json!({ "result": "refused", "text": text, "gloss": gloss }))).into_response()
}
