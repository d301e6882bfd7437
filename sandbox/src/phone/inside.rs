//! What the bridge inside the phone calls, and the wallet's own screens.

use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::routes::{Account, bill};
use super::settings::Jssdk;
use crate::assets::{html, javascript};
use crate::platform::{JsapiCall, PayText};
use crate::sandbox::Sandbox;
use crate::state::State;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/wechat", get(async || html(include_str!("../assets/wechat.html"))))
        .route("/wechat/", get(async || Redirect::permanent("/wechat")))
        .route("/till", get(async || html(include_str!("../assets/till.html"))))
        .route("/assets/jssdk.js", get(jssdk))
        .route("/wechat/jsapi", post(jsapi))
        .route("/wechat/mini-pay", post(mini_pay))
        .route("/wechat/payment-code", get(payment_code))
        .route("/wechat/sheets", get(sheets))
}

/// The JS-SDK of the sandbox's own, where the phone is set to find it.
async fn jssdk(Shared(sandbox): Shared<Sandbox>) -> Response {
    match sandbox.read(|state, _| state.phone.jssdk) {
        Jssdk::Works => javascript(include_str!("../assets/jssdk.js")),
        Jssdk::Missing => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
struct Jsapi {
    params: Map<String, Value>,
    url: String,
    account: Option<String>,
}

async fn jsapi(Shared(sandbox): Shared<Sandbox>, Json(asked): Json<Jsapi>) -> Response {
    let answer = sandbox.change(|state, now| {
        let account = asked.account.unwrap_or_else(|| state.phone.account.clone());
        let directories = state.phone.pay_directories.clone();
        let call = JsapiCall {
            params: &asked.params,
            url: &asked.url,
            account: &account,
            directories: directories.as_deref(),
        };
        state.jsapi(call, now)
    });
    let package = asked.params.get("package").and_then(Value::as_str).unwrap_or_default();
    match answer {
        Ok(opened) => bill(package.to_owned(), Ok(opened)),
        Err(refusal) => {
            let mut json = serde_json::to_value(refusal).unwrap_or_default();
            json["result"] = "refused".into();
            (StatusCode::CONFLICT, Json(json)).into_response()
        }
    }
}

#[derive(Deserialize)]
struct MiniPay {
    path: String,
    account: Option<String>,
}

/// The mini-program's native pay page: its own backend finds the prepay behind the payment that the path names.
async fn mini_pay(Shared(sandbox): Shared<Sandbox>, Json(MiniPay { path, account }): Json<MiniPay>) -> Response {
    let opened = sandbox.change(|state, now| {
        let account = account.unwrap_or_else(|| state.phone.account.clone());
        let by = mini_program_prepay(state, &path).ok_or(NO_PAGE)?;
        state.open_sheet(&by, &account, now)
    });
    bill(path, opened)
}

const NO_PAGE: PayText =
    PayText { text: "页面不存在", gloss: "The mini-program has no such page, or there is no such payment." };

fn mini_program_prepay(state: &State, path: &str) -> Option<String> {
    let query = path.strip_prefix("/pages/pay?")?;
    let value = |name| url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
    let ((_, order_id), (_, payment_id)) = (value("order")?, value("payment")?);
    let order = state.merchant.order(&order_id)?;
    order.payments.iter().find(|payment| payment.payment_id == payment_id)?.handle.clone()
}

async fn payment_code(Shared(sandbox): Shared<Sandbox>, Query(Account { account }): Query<Account>) -> Json<Value> {
    let (code, expires_at) = sandbox.change(|state, now| state.platform.payment_code(&account, now));
    Json(json!({ "code": code, "expires_at": expires_at, "now": sandbox.read(|_, now| now) }))
}

async fn sheets(Shared(sandbox): Shared<Sandbox>, Query(Account { account }): Query<Account>) -> Json<Value> {
    Json(json!({ "sheets": sandbox.read(|state, _| state.platform.sheets(&account)) }))
}
