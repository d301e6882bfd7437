//! `/simulator/trades` and `/simulator/pay`.

use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Refused;
use crate::ledger::{Outcome, PayText, Trade};
use crate::sheet::{act, before_opening};
use crate::simulator::Simulator;
use crate::state::State;

pub(super) fn router() -> Router<Simulator> {
    Router::new()
        .route("/simulator/trades", get(trades))
        .route("/simulator/pay", post(pay))
        .route("/simulator/refund", post(refund))
}

#[derive(Deserialize)]
struct Filter {
    out_trade_no: Option<String>,
    mchid: Option<String>,
    sub_mchid: Option<String>,
}

async fn trades(Shared(simulator): Shared<Simulator>, Query(filter): Query<Filter>) -> Json<Value> {
    let wanted = |trade: &&Trade| {
        filter.out_trade_no.as_ref().is_none_or(|of| *of == trade.key.out_trade_no)
            && filter.mchid.as_ref().is_none_or(|of| *of == trade.key.mchid)
            && filter.sub_mchid.as_ref().is_none_or(|of| trade.is_for(Some(of)))
    };
    Json(simulator.read(|state, now| {
        let of = |trade: &Trade| state.ledger.query(&trade.key, now).map(|trade| row(state, &trade));
        json!({ "trades": state.ledger.trades().filter(wanted).filter_map(of).collect::<Vec<_>>() })
    }))
}

/// A line of the ledger.
fn row(state: &State, trade: &Trade) -> Value {
    let told = |out_refund_no: Option<&str>| {
        let notice = state.notices.of(&trade.key, out_refund_no)?;
        let (id, failed, next_at) = (&notice.id, notice.failed, notice.next_at);
        Some(json!({ "state": notice.state, "id": id, "failed": failed, "next_at": next_at }))
    };
    let notify = told(None);
    let refunds = state.ledger.refunds_of(&trade.key).map(|refund| {
        let mut row = refund.view();
        row["notify"] = told(Some(&refund.key.out_refund_no)).into();
        row
    });
    let refunds: Vec<_> = refunds.collect();
    json!({
        "out_trade_no": trade.key.out_trade_no,
        "mchid": trade.key.mchid,
        "appid": trade.appid,
        "sub_mchid": trade.sub.as_ref().map(|sub| &sub.mchid),
        "sub_appid": trade.sub.as_ref().and_then(|sub| sub.appid.as_ref()),
        "trade_type": trade.trade_type,
        "trade_state": trade.trade_state,
        "transaction_id": trade.transaction_id,
        "description": trade.description,
        "attach": trade.attach,
        "amount": { "total": trade.total, "currency": trade.currency },
        "openid": trade.openid,
        "sub_openid": trade.sub.as_ref().and_then(|sub| sub.openid.as_ref()),
        "payer": trade.payer,
        "payer_openid": trade.payer_openid,
        "handle": trade.handle,
        "created_at": trade.created_at,
        "time_expire": trade.time_expire,
        "success_time": trade.success_time,
        "support_fapiao": trade.body["support_fapiao"],
        "settle_info": trade.body["settle_info"],
        "notify": notify,
        "refunds": refunds,
        "queries": state.log.queries_of(&trade.key),
    })
}

#[derive(Deserialize)]
struct Pay {
    out_trade_no: String,
    mchid: Option<String>,
    account: Option<String>,
}

/// Pays what is out for a number, whatever its product: by the account that it waits for, if it waits for one.
async fn pay(Shared(simulator): Shared<Simulator>, Json(asked): Json<Pay>) -> Result<Json<PayText>, Refused> {
    let said = simulator.change(|state, now| {
        let trade = find(state, &asked.out_trade_no, asked.mchid.as_deref())?;
        let account = asked.account.clone().unwrap_or_else(|| payer_of(state, &trade));
        let refused = |said: PayText| Refused(StatusCode::CONFLICT, format!("{}: {}", said.text, said.gloss));
        let scan_id = match state.ledger.sheet_of(&trade.handle, &account) {
            Some(scan_id) => scan_id,
            None => {
                let late = before_opening(state, &trade.handle);
                state.ledger.open(&trade.handle, &account, now, late).map_err(refused)?.scan_id
            }
        };
        act(state, &scan_id, Outcome::Pay, now).map_err(refused)
    })?;
    Ok(Json(said))
}

#[derive(Deserialize)]
struct Refund {
    out_trade_no: String,
    mchid: Option<String>,
}

/// Pays back, as the merchant can on the platform's own pages.
async fn refund(Shared(simulator): Shared<Simulator>, Json(asked): Json<Refund>) -> Result<StatusCode, Refused> {
    let refunded = simulator.change(|state, now| {
        let trade = find(state, &asked.out_trade_no, asked.mchid.as_deref())?;
        Ok(state.ledger.pay_back(&trade.key, now))
    })?;
    let nothing = || Refused(StatusCode::CONFLICT, format!("{} is not paid", asked.out_trade_no));
    if refunded { Ok(StatusCode::NO_CONTENT) } else { Err(nothing()) }
}

fn find(state: &State, out_trade_no: &str, mchid: Option<&str>) -> Result<Trade, Refused> {
    let of_number =
        |trade: &&Trade| trade.key.out_trade_no == out_trade_no && mchid.is_none_or(|mchid| mchid == trade.key.mchid);
    let found = state.ledger.trades().find(of_number).cloned();
    found.ok_or_else(|| Refused(StatusCode::NOT_FOUND, format!("there is no trade {out_trade_no}")))
}

/// Who has opened it, or whom it was ordered for, or whose phone it is.
fn payer_of(state: &State, trade: &Trade) -> String {
    let opened_by = state.ledger.handle(&trade.handle).and_then(|handle| handle.opened_by.clone());
    let ordered_for = || {
        let mut awaited = trade.awaited();
        awaited.find_map(|(appid, of)| state.ledger.account_of(appid, of)).map(str::to_owned)
    };
    opened_by.or_else(ordered_for).unwrap_or_else(|| state.phone.account.clone())
}
