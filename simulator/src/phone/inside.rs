//! What the bridge inside WeChat calls, the middle page of H5, and how the phone is set up.

use axum::extract::{Query, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::h5::{Visit, check};
use super::jsapi::{self, JsapiCall};
use super::routes::bill;
use crate::ledger::TradeType;
use crate::sheet::before_opening;
use crate::simulator::Simulator;
use crate::state::PhoneSettings;

pub(super) fn router() -> Router<Simulator> {
    Router::new()
        .route("/wechat/jsapi", post(jsapi))
        .route("/wechat/h5", post(h5))
        .route("/wechat/phone", get(phone).put(set_phone))
        .route("/wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb", get(checkmweb))
}

#[derive(Deserialize)]
struct Jsapi {
    params: Map<String, Value>,
    url: String,
    account: Option<String>,
}

async fn jsapi(Shared(simulator): Shared<Simulator>, Json(asked): Json<Jsapi>) -> Response {
    let package = asked.params.get("package").and_then(Value::as_str).unwrap_or_default().to_owned();
    let opened = simulator.change(|state, now| {
        let account = asked.account.unwrap_or_else(|| state.phone.account.clone());
        let late = before_opening(state, package.strip_prefix("prepay_id=").unwrap_or(&package));
        let call = JsapiCall { params: &asked.params, url: &asked.url, account: &account, late };
        jsapi::open(&mut state.ledger, simulator.merchants(), call, now)
    });
    match opened {
        Ok(opened) => bill(&simulator, package, Ok(opened)),
        Err(refusal) => {
            let mut json = serde_json::to_value(refusal).unwrap_or_default();
            json["result"] = "refused".into();
            (StatusCode::CONFLICT, Json(json)).into_response()
        }
    }
}

#[derive(Deserialize)]
struct Checkmweb {
    #[serde(default)]
    prepay_id: String,
    #[serde(default)]
    package: String,
    redirect_url: Option<String>,
}

async fn checkmweb(
    Shared(simulator): Shared<Simulator>,
    headers: HeaderMap,
    Query(asked): Query<Checkmweb>,
) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let visit = Visit {
        prepay_id: &asked.prepay_id,
        package: &asked.package,
        redirect_url: asked.redirect_url.as_deref(),
        referer: text(header::REFERER),
        user_agent: text(header::USER_AGENT).unwrap_or_default(),
    };
    let said = simulator.read(|state, now| check(&state.ledger, simulator.merchants(), visit, now));
    let (result, text, gloss) = match said {
        Ok(()) => ("opens_wechat", "正在打开微信", "WeChat opens."),
        Err(refusal) => ("refused", refusal.text, refusal.gloss),
    };
    if wants_json(&headers) {
        return Json(json!({ "result": result, "text": text, "gloss": gloss })).into_response();
    }
    Html(format!(
        "<!doctype html><html lang=zh><meta charset=utf-8><title>微信支付</title>\
         <body data-result={result}><p>{text}</p><p lang=en>{gloss}</p></body></html>"
    ))
    .into_response()
}

/// Whether a program asks, which draws the page itself.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.starts_with("application/json")
}

#[derive(Deserialize)]
struct H5 {
    prepay_id: String,
    account: Option<String>,
}

/// The sheet that the middle page opens.
async fn h5(Shared(simulator): Shared<Simulator>, Json(H5 { prepay_id, account }): Json<H5>) -> Response {
    let opened = simulator.change(|state, now| {
        let account = account.unwrap_or_else(|| state.phone.account.clone());
        let trade = state.ledger.trade_of(&prepay_id);
        // Another product's prepay_id is none here.
        let is_mweb = trade.is_some_and(|trade| trade.trade_type == TradeType::Mweb);
        let by = if is_mweb { prepay_id.as_str() } else { "" };
        let late = before_opening(state, by);
        state.ledger.open(by, &account, now, late)
    });
    bill(&simulator, prepay_id, opened)
}

async fn phone(Shared(simulator): Shared<Simulator>) -> Json<PhoneSettings> {
    Json(simulator.read(|state, _| state.phone.clone()))
}

/// Takes some of the settings; the error names the first that is unknown or cannot have its value.
async fn set_phone(Shared(simulator): Shared<Simulator>, Json(changes): Json<Map<String, Value>>) -> Response {
    let changed = simulator.change(|state, _| {
        let mut json = serde_json::to_value(&state.phone).unwrap_or_default();
        for (name, value) in changes {
            json[name] = value;
        }
        state.phone = serde_json::from_value(json).map_err(|error| error.to_string())?;
        Ok(state.phone.clone())
    });
    match changed {
        Ok(settings) => Json(settings).into_response(),
        Err::<_, String>(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": error }))).into_response(),
    }
}
