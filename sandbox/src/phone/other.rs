//! Another wallet's pay page, such as Alipay's: what a method of the merchant's own redirects to.

use axum::extract::{Query, State as Shared};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use wechat_cashier::contract::Timestamp;

use super::routes::{acted, bill};
use crate::assets::html;
use crate::platform::{Bill, Outcome, Refusal, TradeType};
use crate::sandbox::Sandbox;
use crate::state::State;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/alipay/pay", get(async || html(include_str!("../assets/other.html"))).post(pay))
        .route("/alipay/bill", get(show))
}

#[derive(Deserialize)]
struct Asked {
    id: String,
}

#[derive(Deserialize)]
struct Pay {
    id: String,
    #[serde(default)]
    outcome: Outcome,
}

/// Who is logged in at the other wallet: it has no accounts of its own here.
const ACCOUNT: &str = "wallet";

fn sheet(state: &mut State, id: &str, now: Timestamp) -> Result<Bill, Refusal> {
    let trade = state.platform.trade_of(id);
    let by = trade.filter(|trade| trade.trade_type == TradeType::Wallet).map(|_| id.to_owned());
    state.open_sheet(&by.unwrap_or_default(), ACCOUNT, now)
}

async fn show(Shared(sandbox): Shared<Sandbox>, Query(Asked { id }): Query<Asked>) -> Response {
    let opened = sandbox.change(|state, now| sheet(state, &id, now));
    bill(id, opened)
}

/// Opens the sheet, and acts on it, in one step.
async fn pay(Shared(sandbox): Shared<Sandbox>, Json(Pay { id, outcome }): Json<Pay>) -> Response {
    acted(
        outcome,
        sandbox.change(|state, now| {
            let Bill { scan_id, .. } = sheet(state, &id, now)?;
            state.pay(&scan_id, outcome, now)
        }),
    )
}
