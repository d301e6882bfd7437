//! OAuth of a service account: WeChat's page that leads back with a code, and the exchange of the code
//! (docs/platform.md, 5; <https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html>).

use axum::extract::{Query, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::h5::is_under;
use super::inside::wants_json;
use crate::ledger::ExchangeError;
use crate::merchants::Merchants;
use crate::simulator::Simulator;

/// A `state` is at most so long.
const STATE_BYTES_MAX: usize = 128;

pub(super) fn router() -> Router<Simulator> {
    Router::new()
        .route("/open.weixin.qq.com/connect/oauth2/authorize", get(authorize))
        .route("/api.weixin.qq.com/sns/oauth2/access_token", get(access_token))
        // For a merchant who is told of another host, and not of a path.
        .route("/sns/oauth2/access_token", get(access_token))
}

/// What the authorize address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Authorize {
    appid: String,
    redirect_uri: Url,
    state: String,
}

/// WeChat's number, what the payer reads, and what it means in English.
type Refusal = (u32, &'static str, &'static str);

const REDIRECT_URI: Refusal =
    (10003, "redirect_uri域名与后台配置不一致", "The domain of redirect_uri is not the merchant's.");
const SCOPE_UNKNOWN: Refusal =
    (10005, "该公众号没有这些scope的权限", "scope is neither snsapi_base nor snsapi_userinfo.");
const NO_SCOPE: Refusal = (10010, "scope不能为空", "scope (or response_type) is missing or not in its place.");
const NO_REDIRECT_URI: Refusal = (10011, "redirect_uri不能为空", "redirect_uri is missing or not in its place.");
const NO_APP_ID: Refusal = (10012, "appid不能为空", "appid is missing or not in its place.");
const NO_STATE: Refusal = (10013, "state不能为空", "state is missing, not in its place, or not [a-zA-Z0-9]{1,128}.");
const APP_ID_UNKNOWN: Refusal = (10016, "不支持该AppID，请使用公众号AppID", "The appid is not the service account's.");

/// The pairs in the order in which they came. After those of WeChat, `account=` says whose phone it is.
async fn authorize(
    Shared(simulator): Shared<Simulator>,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = match check(&pairs, simulator.merchants()) {
        Ok(asked) => asked,
        Err(refusal) => return refused(&headers, refusal),
    };
    let account = pairs.iter().skip(5).find(|(name, _)| name == "account").map(|(_, account)| account.clone());
    let code = simulator.change(|state, now| {
        let account = account.unwrap_or_else(|| state.phone.account.clone());
        state.phone.oauth.then(|| state.ledger.authorize(&asked.appid, &account, now))
    });
    let Some(code) = code else { return refused(&headers, REDIRECT_URI) };
    let mut back = asked.redirect_uri;
    back.query_pairs_mut().append_pair("code", &code).append_pair("state", &asked.state);
    (StatusCode::FOUND, [(header::LOCATION, String::from(back))]).into_response()
}

fn refused(headers: &HeaderMap, (code, text, gloss): Refusal) -> Response {
    if wants_json(headers) {
        return Json(json!({ "result": "refused", "code": code, "text": text, "gloss": gloss })).into_response();
    }
    Html(format!("<!doctype html><meta charset=utf-8><title>微信登录</title><p>{text} ({code})</p>")).into_response()
}

/// Their order matters, as there; what comes after them does not.
fn check(pairs: &[(String, String)], merchants: &Merchants) -> Result<Authorize, Refusal> {
    let at = |index: usize, name: &str, missing: Refusal| match pairs.get(index) {
        Some((key, value)) if key == name && !value.is_empty() => Ok(value.as_str()),
        _ => Err(missing),
    };
    let appid = at(0, "appid", NO_APP_ID)?;
    let redirect_uri = at(1, "redirect_uri", NO_REDIRECT_URI)?;
    let response_type = at(2, "response_type", NO_SCOPE)?;
    let scope = at(3, "scope", NO_SCOPE)?;
    let state = at(4, "state", NO_STATE)?;
    let account = merchants.of_appid(appid).ok_or(APP_ID_UNKNOWN)?;
    if response_type != "code" || !["snsapi_base", "snsapi_userinfo"].contains(&scope) {
        return Err(SCOPE_UNKNOWN);
    }
    if state.len() > STATE_BYTES_MAX || !state.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(NO_STATE);
    }
    if !is_under(redirect_uri, account.oauth_domains) {
        return Err(REDIRECT_URI);
    }
    let redirect_uri = Url::parse(redirect_uri).map_err(|_| REDIRECT_URI)?;
    Ok(Authorize { appid: appid.to_owned(), redirect_uri, state: state.to_owned() })
}

#[derive(Deserialize)]
struct Exchange {
    #[serde(default)]
    appid: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    grant_type: String,
}

/// Always 200; what is wrong is in `errcode`.
async fn access_token(Shared(simulator): Shared<Simulator>, Query(asked): Query<Exchange>) -> Json<Value> {
    let wrong = |errcode: u32, errmsg: &str| Json(json!({ "errcode": errcode, "errmsg": errmsg }));
    let Some(account) = simulator.merchants().of_appid(&asked.appid) else {
        return wrong(40013, "invalid appid");
    };
    if asked.secret.is_empty() || asked.secret != account.app_secret {
        return wrong(40125, "invalid appsecret");
    }
    if asked.grant_type != "authorization_code" {
        return wrong(40002, "invalid grant_type");
    }
    if asked.code.is_empty() {
        return wrong(41008, "missing code");
    }
    let exchanged = simulator.change(|state, now| {
        let openid = state.ledger.exchange(&asked.appid, &asked.code, now)?;
        let mut token = || std::iter::repeat_with(|| state.random.alphanumeric()).take(64).collect::<String>();
        Ok((openid, token(), token()))
    });
    match exchanged {
        Ok((openid, access, refresh)) => Json(json!({
            "access_token": access,
            "expires_in": 7200,
            "refresh_token": refresh,
            "openid": openid,
            "scope": "snsapi_base",
        })),
        Err(ExchangeError::Invalid) => wrong(40029, "invalid code"),
        Err(ExchangeError::Used) => wrong(40163, "code been used"),
    }
}
