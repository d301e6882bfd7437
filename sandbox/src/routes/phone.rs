//! The phone over HTTP: its pages, how it is set up, and the platform's calls behind it.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State as Shared};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::refused::Refused;
use super::wallet;
use crate::assets::html;
use crate::phone::{Oauth, PhoneSettings};
use crate::picture;
use crate::sandbox::Sandbox;
use crate::wallet::Wallet;

const PICTURE_BYTES_MAX: usize = 32 << 20;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/phone", get(async || html(include_str!("../assets/phone.html"))))
        .route("/wechat/scan", post(scan))
        .route("/wechat/scan-picture", post(scan_picture).layer(DefaultBodyLimit::max(PICTURE_BYTES_MAX)))
        .route("/wechat/pay", post(pay))
        .route("/wechat/h5", post(forward))
        .route("/wechat/phone", get(show).put(change))
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
struct Account {
    #[serde(default = "account_a")]
    account: String,
}

async fn scan(Shared(sandbox): Shared<Sandbox>, Json(Scan { text, account }): Json<Scan>) -> Response {
    scanned(&sandbox, text, &account).await
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
        Ok(Ok(Some(text))) => scanned(&sandbox, text, &account).await,
        Ok(Ok(None)) => wrong("No QR code was found in the picture.", "未发现二维码"),
        Ok(Err(error)) => wrong(&format!("The picture cannot be read: {error}"), "无法读取图片"),
        Err(error) => wrong(&format!("The picture could not be read: {error}"), "无法读取图片"),
    }
}

async fn scanned(sandbox: &Sandbox, text: String, account: &str) -> Response {
    if Wallet::has_code(&text) {
        return wallet::bill(sandbox, &text);
    }
    act(sandbox, "/wechat/scan", json!({ "text": text, "account": account })).await
}

/// A call of the platform's after which all is done that follows from it.
pub(super) async fn act(sandbox: &Sandbox, path: &str, body: Value) -> Response {
    let (status, mut said) = sandbox.platform_call(Method::POST, path, Some(body)).await;
    sandbox.settle().await;
    if let Some(order_id) = said.get("attach").cloned() {
        said["order_id"] = order_id;
    }
    (status, Json(said)).into_response()
}

async fn forward(Shared(sandbox): Shared<Sandbox>, uri: Uri, Json(body): Json<Value>) -> Response {
    act(&sandbox, uri.path(), body).await
}

async fn pay(Shared(sandbox): Shared<Sandbox>, Json(mut body): Json<Value>) -> Response {
    let outcome = body["outcome"].as_str().unwrap_or("pay").to_owned();
    let named = [&body["scan_id"], &body["text"]].into_iter().find_map(Value::as_str);
    if let Some(id) = named.and_then(wallet::sheet) {
        return wallet::acted(&sandbox, &id, &outcome).await;
    }
    if body.is_object() && body.get("account").is_none() {
        body["account"] = account_a().into();
    }
    act(&sandbox, "/wechat/pay", body).await
}

async fn show(Shared(sandbox): Shared<Sandbox>) -> Json<PhoneSettings> {
    Json(sandbox.read(|state| state.phone.clone()))
}

/// The platform is told what concerns it.
async fn change(
    Shared(sandbox): Shared<Sandbox>,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Json<PhoneSettings>, Refused> {
    let settings = sandbox.change(|state| {
        state.phone = state.phone.changed(changes).map_err(Refused::invalid)?;
        Ok::<_, Refused>(state.phone.clone())
    })?;
    let theirs = json!({
        "account": settings.account, "ask_password": settings.ask_password, "oauth": settings.oauth != Oauth::Fail,
    });
    sandbox.platform_call(Method::PUT, "/wechat/phone", Some(theirs)).await;
    Ok(Json(settings))
}
