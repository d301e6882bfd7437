//! OAuth: WeChat's page that leads back with a code, and the merchant's endpoint for it (docs/platform.md, 5).

use axum::Router;
use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use url::Url;

use super::settings::Oauth;
use crate::assets::{escape, html, refusal_page};
use crate::merchant::CameBack;
use crate::origin::Origin;
use crate::platform::{Authorize, AuthorizeRefusal, check_authorize};
use crate::sandbox::Sandbox;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/open.weixin.qq.com/connect/oauth2/authorize", get(authorize))
        .route("/shop/oauth", get(came_back))
}

/// The pairs in the order in which they came. After those of WeChat, `allow=1` says that the payer has been asked.
async fn authorize(
    Shared(sandbox): Shared<Sandbox>,
    origin: Origin,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let asked = match check_authorize(&pairs) {
        Ok(asked) => asked,
        Err(refusal) => return refused(refusal),
    };
    let setting = sandbox.read(|state, _| state.phone.oauth);
    if setting == Oauth::Fail || !origin.has(&asked.redirect_uri) {
        return refused(AuthorizeRefusal::REDIRECT_URI);
    }
    let allowed = pairs.iter().any(|(name, value)| name == "allow" && value == "1");
    if setting == Oauth::Ask && !allowed {
        return html(include_str!("../assets/oauth.html"));
    }
    let Authorize { redirect_uri, state } = asked;
    let Ok(mut back) = Url::parse(&redirect_uri) else { return refused(AuthorizeRefusal::REDIRECT_URI) };
    let code = sandbox.change(|kept, now| {
        let account = kept.phone.account.clone();
        kept.platform.authorize(&account, now)
    });
    back.query_pairs_mut().append_pair("code", &code).append_pair("state", &state);
    found(back.as_str())
}

fn refused(AuthorizeRefusal { code, text, gloss }: AuthorizeRefusal) -> Response {
    Html(refusal_page("微信登录", &format!("{text} ({code})"), gloss, "")).into_response()
}

#[derive(Deserialize)]
struct Returned {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
}

/// The merchant's endpoint: it exchanges the code, and leads on to the page that the payer came from.
async fn came_back(Shared(sandbox): Shared<Sandbox>, Query(Returned { code, state }): Query<Returned>) -> Response {
    let wrong = |text: &str, gloss: &str, main: &str| {
        (StatusCode::BAD_REQUEST, Html(refusal_page("清叶茶舍 Tea House", text, gloss, main))).into_response()
    };
    match sandbox.change(|kept, now| kept.oauth_came_back(&code, &state, now)) {
        CameBack::To(page_url) => found(&page_url),
        CameBack::Refused(error, page_url) => {
            let (number, words) = error.said();
            let again = format!(r#"<p><a class="button primary" href="{}">返回收银台</a></p>"#, escape(&page_url));
            wrong(&format!("登录失败 ({number})"), &format!("{number} {words}: a code works once."), &again)
        }
        CameBack::Stranger => wrong("登录失败", "There is no one with this state.", ""),
    }
}

/// 302, as WeChat and most merchants answer.
fn found(address: &str) -> Response {
    let mut response = Redirect::to(address).into_response();
    *response.status_mut() = StatusCode::FOUND;
    response
}
