//! H5: the middle page of `wx.tenpay.com`, and the sheet it opens.

use axum::extract::{Query, State as Shared};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

use super::routes::bill;
use crate::assets::{html, refusal_page};
use crate::origin::Origin;
use crate::platform::{Checkmweb, Refusal, TradeType};
use crate::sandbox::Sandbox;

pub(super) fn router() -> Router<Sandbox> {
    Router::new().route("/wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb", get(checkmweb)).route("/wechat/h5", post(h5))
}

#[derive(Deserialize)]
struct Visit {
    #[serde(default)]
    prepay_id: String,
    redirect_url: Option<String>,
}

async fn checkmweb(
    Shared(sandbox): Shared<Sandbox>,
    origin: Origin,
    headers: HeaderMap,
    Query(Visit { prepay_id, redirect_url }): Query<Visit>,
) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let visit = Checkmweb {
        prepay_id: &prepay_id,
        redirect_url: redirect_url.as_deref(),
        referer: text(header::REFERER),
        user_agent: text(header::USER_AGENT).unwrap_or_default(),
        domain: origin.host(),
    };
    match sandbox.read(|state, now| state.platform.checkmweb(visit, now)) {
        Ok(()) => html(include_str!("../assets/h5.html")),
        Err(Refusal { text, gloss }) => Html(refusal_page("微信支付", text, gloss, "")).into_response(),
    }
}

#[derive(Deserialize)]
struct H5 {
    prepay_id: String,
    account: Option<String>,
}

async fn h5(Shared(sandbox): Shared<Sandbox>, Json(H5 { prepay_id, account }): Json<H5>) -> Response {
    let opened = sandbox.change(|state, now| {
        let account = account.unwrap_or_else(|| state.phone.account.clone());
        let trade = state.platform.trade_of(&prepay_id);
        // Another product's prepay_id is none here.
        let by = trade.filter(|trade| trade.trade_type == TradeType::Mweb).map(|_| prepay_id.as_str());
        state.open_sheet(by.unwrap_or_default(), &account, now)
    });
    bill(prepay_id, opened)
}
