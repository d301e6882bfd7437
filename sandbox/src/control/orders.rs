//! Orders as the panel sees them: the merchant's side and the platform's.

use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{Money, OrderStatus, Timestamp};

use super::Refused;
use crate::faults::SetFault;
use crate::log::Report;
use crate::merchant::{IssuedPayment, MerchantOrder};
use crate::platform::{Outcome, PayText, Trade};
use crate::sandbox::Sandbox;
use crate::state::State;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/orders", get(all))
        .route("/sandbox/orders/{order_id}", get(one))
        .route("/sandbox/orders/{order_id}/pay", post(pay))
        .route("/sandbox/orders/{order_id}/close", post(close))
        .route("/sandbox/orders/{order_id}/refund", post(refund))
        .route("/sandbox/orders/{order_id}/requests", get(requests).delete(forget_requests))
}

/// One order, seen from both sides.
#[derive(Serialize)]
struct Seen {
    order_id: String,
    token: String,
    cashier_url: String,
    wechat_url: String,
    description: String,
    amount: Money,
    created_at: Timestamp,
    expires_at: Timestamp,
    /// What the merchant knows.
    status: OrderStatus,
    paid_at: Option<Timestamp>,
    events: bool,
    payments: Vec<IssuedPayment>,
    /// The payment that a page can show now.
    valid_payment_id: Option<String>,
    /// What the platform knows, the number in use last.
    trades: Vec<Trade>,
    faults: Vec<SetFault>,
    now: Timestamp,
}

fn seen(state: &State, order: &MerchantOrder, now: Timestamp) -> Seen {
    Seen {
        order_id: order.order_id.clone(),
        token: order.token.clone(),
        cashier_url: crate::shop::cashier_url(order),
        wechat_url: crate::shop::wechat_url(order),
        description: order.description.clone(),
        amount: order.amount,
        created_at: order.created_at,
        expires_at: order.expires_at,
        status: order.status.clone(),
        paid_at: order.paid_at,
        events: order.events,
        payments: order.payments.clone(),
        valid_payment_id: order.valid_payment(now).map(|payment| payment.payment_id.clone()),
        trades: order.out_trade_nos.iter().filter_map(|number| state.platform.query(number)).cloned().collect(),
        faults: state.faults.of(&order.order_id).to_vec(),
        now,
    }
}

fn find<'a>(state: &'a State, order_id: &str) -> Result<&'a MerchantOrder, Refused> {
    state.merchant.order(order_id).ok_or_else(|| Refused::no_order(order_id))
}

async fn all(Shared(sandbox): Shared<Sandbox>) -> Json<Vec<Seen>> {
    Json(sandbox.read(|state, now| state.merchant.orders().map(|order| seen(state, order, now)).collect()))
}

async fn one(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Result<Json<Seen>, Refused> {
    sandbox.read(|state, now| find(state, &order_id).map(|order| seen(state, order, now))).map(Json)
}

#[derive(Deserialize)]
struct Payer {
    account: Option<String>,
}

/// Pays what was issued last, in one step, whatever its method: scans the code, or opens the sheet as the page's phone
/// would. Without an account it is paid by the one it was made for, or by A.
async fn pay(
    Shared(sandbox): Shared<Sandbox>,
    Path(order_id): Path<String>,
    payer: Option<Json<Payer>>,
) -> Result<Json<PayText>, Refused> {
    let account = payer.and_then(|Json(payer)| payer.account);
    let said = sandbox.change(|state, now| {
        let number = find(state, &order_id)?.payments.iter().rev().find_map(|payment| payment.out_trade_no.as_deref());
        let trade = number.and_then(|number| state.platform.query(number));
        let trade = trade.ok_or_else(|| Refused::conflict("no page has asked for a payment yet"))?;
        let owner = trade.openid.as_deref().and_then(|openid| state.platform.account_of(openid));
        let payer = account.or_else(|| owner.map(str::to_owned)).unwrap_or_else(|| "A".to_owned());
        let by = trade.handle.clone();
        let waits = state.platform.waiting_sheet(&by);
        let scan_id = match waits {
            Some(scan_id) => Ok(scan_id),
            None => state.open_sheet(&by, &payer, now).map(|bill| bill.scan_id),
        };
        let said = scan_id.and_then(|scan_id| state.pay(&scan_id, Outcome::Pay, now));
        said.map_err(|refusal| Refused::conflict(format!("{}: {}", refusal.text, refusal.gloss)))
    });
    said.map(Json)
}

async fn close(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Result<StatusCode, Refused> {
    sandbox.change(|state, _| {
        find(state, &order_id)?;
        let State { merchant, platform, .. } = state;
        merchant.close(&order_id, platform).map_err(|_| Refused::conflict("ORDERPAID: it is paid"))
    })?;
    Ok(StatusCode::NO_CONTENT)
}

async fn refund(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Result<StatusCode, Refused> {
    let refunded = sandbox.change(|state, _| {
        find(state, &order_id)?;
        let State { merchant, platform, .. } = state;
        Ok(merchant.refund(&order_id, platform))
    })?;
    if refunded { Ok(StatusCode::NO_CONTENT) } else { Err(Refused::conflict("it is not paid")) }
}

async fn requests(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Json<Report> {
    Json(sandbox.log().report(&order_id))
}

async fn forget_requests(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> StatusCode {
    sandbox.log().forget(&order_id);
    StatusCode::NO_CONTENT
}
