//! OAuth's page, which leads back with a code (docs/platform.md, 5), as the phone is set up.

use axum::Router;
use axum::extract::{Query, Request, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use url::Url;

use super::middle::{refusal, said};
use crate::assets::html;
use crate::phone::{Oauth, OauthTo};
use crate::sandbox::Sandbox;

pub(super) fn router() -> Router<Sandbox> {
    Router::new().route("/open.weixin.qq.com/connect/oauth2/authorize", get(authorize))
}

/// After the parameters of WeChat, `allow=1` says that the payer has been asked.
async fn authorize(
    Shared(sandbox): Shared<Sandbox>,
    Query(pairs): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let (mut answer, told) = said(&sandbox, request).await;
    let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let Some(location) = location else { return refusal(&told, "微信登录") };
    let (oauth, to) = sandbox.read(|state| (state.phone.oauth, state.phone.oauth_to));
    let allowed = pairs.iter().any(|(name, value)| name == "allow" && value == "1");
    if oauth == Oauth::Ask && !allowed {
        return html(include_str!("../assets/oauth.html"));
    }
    if let Some(to) = another(&sandbox, &location, to).and_then(|to| HeaderValue::from_str(&to).ok()) {
        answer.headers_mut().insert(header::LOCATION, to);
    }
    answer
}

/// Merchants are made otherwise than ours, too: OAuth leads back to the page itself, or the code is not accepted.
fn another(sandbox: &Sandbox, location: &str, to: OauthTo) -> Option<String> {
    let back = Url::parse(location).ok()?;
    let state = back.query_pairs().find(|(key, _)| key == "state").map(|(_, state)| state.into_owned())?;
    let page_url = sandbox.read(|kept| kept.logins.get(&state).cloned())?;
    match to {
        OauthTo::Merchant => None,
        OauthTo::Loop => Some(page_url),
        OauthTo::Page => {
            let code = back.query_pairs().find(|(key, _)| key == "code").map(|(_, code)| code.into_owned())?;
            let mut page = Url::parse(&page_url).ok()?;
            page.query_pairs_mut().append_pair("code", &code).append_pair("state", &state);
            Some(page.into())
        }
    }
}
