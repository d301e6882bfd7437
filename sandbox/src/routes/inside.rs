//! What the bridge inside the phone calls, and the wallet's own screens.

use axum::extract::State as Shared;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::phone::act;
use crate::assets::{html, javascript};
use crate::phone::Jssdk;
use crate::sandbox::Sandbox;
use crate::setup::{MINI_APPID, MINI_PATH};

/// Where a mini-program's requests come from.
const MINI_URL: &str = "https://servicewechat.com/wx51d0a8f36b7e92c4/1/page-frame.html";

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/wechat", get(async || html(include_str!("../assets/wechat.html"))))
        .route("/wechat/", get(async || Redirect::permanent("/wechat")))
        .route("/till", get(async || html(include_str!("../assets/till.html"))))
        .route("/assets/jssdk.js", get(jssdk))
        .route("/wechat/jsapi", post(jsapi))
        .route("/wechat/mini-pay", post(mini_pay))
}

/// The JS-SDK of the sandbox's own, where the phone is set to find it.
async fn jssdk(Shared(sandbox): Shared<Sandbox>) -> Response {
    match sandbox.read(|state| state.phone.jssdk) {
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

/// The merchant's 支付授权目录 are set on the phone here, not in the platform's configuration.
async fn jsapi(Shared(sandbox): Shared<Sandbox>, Json(asked): Json<Jsapi>) -> Response {
    let Jsapi { params, url, account } = asked;
    if !sandbox.read(|state| allows(state.phone.pay_directories.as_deref(), &url)) {
        let said = format!("当前页面的URL未注册:{url}");
        let gloss = "The page is under none of the merchant's pay directories.";
        let refused = json!({ "result": "refused", "err_msg": said, "text": said, "gloss": gloss });
        return (StatusCode::CONFLICT, Json(refused)).into_response();
    }
    let account = account.unwrap_or_else(|| sandbox.read(|state| state.phone.account.clone()));
    act(&sandbox, "/wechat/jsapi", json!({ "params": params, "url": url, "account": account })).await
}

/// `/` is the whole domain; a deeper directory stands for its own pages only (docs/platform.md, 1.5).
fn allows(directories: Option<&[String]>, url: &str) -> bool {
    let Some(directories) = directories else { return true };
    let Ok(url) = Url::parse(url) else { return false };
    let directory = url.path().rfind('/').and_then(|slash| url.path().get(..=slash)).unwrap_or("/");
    directories.iter().any(|allowed| allowed == "/" || allowed == directory)
}

#[derive(Deserialize)]
struct MiniPay {
    path: String,
    account: Option<String>,
}

/// The mini-program's native pay page: its own server knows the payer by `wx.login`, and asks the merchant's backend.
async fn mini_pay(Shared(sandbox): Shared<Sandbox>, Json(MiniPay { path, account }): Json<MiniPay>) -> Response {
    let refused = |text: &str, gloss: &str| {
        (StatusCode::CONFLICT, Json(json!({ "result": "refused", "text": text, "gloss": gloss }))).into_response()
    };
    let order_id = path.strip_prefix(MINI_PATH).and_then(|rest| rest.strip_prefix('?')).and_then(|query| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == "order").map(|(_, order)| order.into_owned())
    });
    let known = order_id.filter(|id| sandbox.read(|state| state.orders.contains_key(id)));
    let Some(order_id) = known else {
        return refused("页面不存在", "The mini-program has no such page, or there is no such order.");
    };
    let account = account.unwrap_or_else(|| sandbox.read(|state| state.phone.account.clone()));
    let openid = sandbox.simulator().openid(MINI_APPID, &account);
    let asked = format!("/admin/v1/orders/{order_id}/mini-program");
    let (status, given) = sandbox.shop_calls(Method::POST, &asked, Some(json!({ "openid": openid }))).await;
    if !status.is_success() {
        return refused("该订单已失效", given["detail"].as_str().unwrap_or_default());
    }
    let call = json!({ "params": given["params"], "url": MINI_URL, "account": account });
    act(&sandbox, "/wechat/jsapi", call).await
}
