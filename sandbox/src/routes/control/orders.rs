//! Orders as the panel sees them: the merchant's side and the platform's.

use axum::extract::{Path, State as Shared};
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use wechat_cashier::contract::{Action, Method as ByMethod};
use wechat_cashier_merchant::domain::{Order, RefundAsk, RefundOf};

use super::{Refused, faults};
use crate::log::Report;
use crate::rewrite;
use crate::routes::shop::{cashier_url, wechat_url};
use crate::routes::wallet;
use crate::sandbox::Sandbox;
use crate::setup::MINI_APPID;
use crate::state::ShopOrder;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/orders", get(all))
        .route("/sandbox/orders/{order_id}", get(one))
        .route("/sandbox/orders/{order_id}/pay", post(pay))
        .route("/sandbox/orders/{order_id}/close", post(close))
        .route("/sandbox/orders/{order_id}/refund", post(refund))
        .route("/sandbox/orders/{order_id}/requests", get(requests).delete(forget_requests))
}

async fn find(sandbox: &Sandbox, order_id: &str) -> Result<(ShopOrder, Order), Refused> {
    let shop = sandbox.read(|state| state.orders.get(order_id).cloned());
    match (shop, sandbox.backend().order(order_id).await) {
        (Some(shop), Ok(order)) => Ok((shop, order)),
        _ => Err(Refused::no_order(order_id)),
    }
}

/// One order, seen from both sides.
async fn seen(sandbox: &Sandbox, shop: &ShopOrder, order: &Order) -> Value {
    let (facts, now) = (&order.facts, sandbox.now());
    let mut trades = Vec::new();
    for trade in &order.trades {
        trades.extend(at_platform(sandbox, &trade.out_trade_no).await);
    }
    let status = order.status(now);
    // As its page would read it.
    let mut answer = json!({
        "order_id": facts.order_id, "status": status.word(), "expires_at": facts.expires_at,
        "payment": order.good_payment(now).map(|payment| payment.answer(now)),
    });
    sandbox.read(|state| rewrite::order(&mut answer, state, &facts.order_id, now));
    let payments: Vec<_> = order
        .payments
        .iter()
        .map(|payment| {
            let mut json = json!(payment);
            if let Action::ShowQr { content } = &payment.action {
                json["code_url"] = content.clone().into();
            }
            json
        })
        .collect();
    json!({
        "order_id": facts.order_id,
        "token": shop.token,
        "cashier_url": cashier_url(&facts.order_id, shop),
        "wechat_url": wechat_url(&facts.order_id, shop),
        "description": facts.description,
        "amount": facts.amount,
        "created_at": facts.created_at,
        "expires_at": answer["expires_at"],
        "status": answer["status"],
        "paid_at": match status {
            wechat_cashier_merchant::domain::Status::Paid { paid_at, .. } => Some(paid_at),
            _ => None,
        },
        "events": shop.events,
        "payments": payments,
        "valid_payment_id": answer["payment"]["payment_id"],
        "trades": trades,
        "merchant_trades": order.trades.iter().map(|trade| json!({
            "out_trade_no": trade.out_trade_no, "method": trade.method, "state": trade.state,
            "receipt": trade.receipt(),
        })).collect::<Vec<_>>(),
        "needs_attention": order.oddities,
        "faults": faults::left(sandbox, &facts.order_id).await,
        "now": now,
    })
}

/// What the platform, or the other wallet, knows of a number.
async fn at_platform(sandbox: &Sandbox, out_trade_no: &str) -> Option<Value> {
    if let Some(trade) = sandbox.wallet().trade(out_trade_no) {
        return Some(json!(trade));
    }
    let path = format!("/simulator/trades?out_trade_no={out_trade_no}");
    let (_, said) = sandbox.platform_call(Method::GET, &path, None).await;
    said["trades"].get(0).cloned()
}

async fn all(Shared(sandbox): Shared<Sandbox>) -> Json<Vec<Value>> {
    let mut orders = sandbox.read(|state| state.orders.clone().into_iter().collect::<Vec<_>>());
    orders.sort_by_key(|(_, order)| std::cmp::Reverse(order.number));
    let mut all = Vec::new();
    for (order_id, shop) in orders {
        if let Ok(order) = sandbox.backend().order(&order_id).await {
            all.push(seen(&sandbox, &shop, &order).await);
        }
    }
    Json(all)
}

/// With what passed between the two: APIv3's requests, the merchant's journal, and what it told the shop.
async fn one(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Result<Json<Value>, Refused> {
    let (shop, order) = find(&sandbox, &order_id).await?;
    let mut json = seen(&sandbox, &shop, &order).await;
    let (_, told) = sandbox.shop_calls(Method::GET, &format!("/admin/v1/orders/{order_id}"), None).await;
    json["journal"] = told["journal"].clone();
    json["webhooks"] = webhooks(&sandbox, &order_id).await;
    let (_, log) = sandbox.platform_call(Method::GET, "/simulator/requests", None).await;
    let is_of_order = |request: &&Value| {
        let number = request["out_trade_no"].as_str().unwrap_or_default();
        order.trade(number).is_some()
    };
    json["apiv3"] = log["requests"].as_array().into_iter().flatten().filter(is_of_order).cloned().collect();
    Ok(Json(json))
}

/// What the shop is told of an order, as its backend says, and how often the shop heard each.
async fn webhooks(sandbox: &Sandbox, order_id: &str) -> Value {
    let path = format!("/admin/v1/webhooks?order_id={order_id}");
    let (_, mut told) = sandbox.shop_calls(Method::GET, &path, None).await;
    for webhook in told["webhooks"].as_array_mut().into_iter().flatten() {
        let id = webhook["id"].as_str().unwrap_or_default();
        webhook["heard"] = sandbox.read(|state| state.heard.get(id).copied().unwrap_or(0)).into();
    }
    told["webhooks"].take()
}

#[derive(Default, Deserialize)]
struct Payer {
    account: Option<String>,
}

/// Pays what was issued last, in one step, whatever its method: scans the code, or opens the sheet as the page's phone
/// would. Without an account it is paid by the one it was made for, or by the phone's.
async fn pay(
    Shared(sandbox): Shared<Sandbox>,
    Path(order_id): Path<String>,
    payer: Option<Json<Payer>>,
) -> Result<Json<Value>, Refused> {
    let Json(Payer { account }) = payer.unwrap_or_default();
    let (_, mut order) = find(&sandbox, &order_id).await?;
    if order.payments.last().is_some_and(|last| last.method == ByMethod::MiniProgram && last.out_trade_no.is_none()) {
        // The mini-program's page asks for what it pays by first.
        let phones = sandbox.read(|state| state.phone.account.clone());
        let openid = sandbox.simulator().openid(MINI_APPID, account.as_deref().unwrap_or(&phones));
        let asked = format!("/admin/v1/orders/{order_id}/mini-program");
        sandbox.shop_calls(Method::POST, &asked, Some(json!({ "openid": openid }))).await;
        (_, order) = find(&sandbox, &order_id).await?;
    }
    let number = order.payments.iter().rev().find_map(|payment| payment.out_trade_no.clone());
    let number = number.ok_or_else(|| Refused::conflict("no page has asked for a payment yet"))?;
    if let Some(id) = sandbox.wallet().id_of(&number) {
        let paid = wallet::pay(&sandbox, &id).await;
        let refused = |(text, gloss): (&str, &str)| Refused::conflict(format!("{text}: {gloss}"));
        return paid.map(|(text, gloss)| Json(json!({ "text": text, "gloss": gloss }))).map_err(refused);
    }
    let asked = json!({ "out_trade_no": number, "account": account });
    let (status, said) = sandbox.platform_call(Method::POST, "/simulator/pay", Some(asked)).await;
    sandbox.settle().await;
    match status.is_success() {
        true => Ok(Json(said)),
        false => Err(Refused::said(StatusCode::CONFLICT, &said)),
    }
}

async fn close(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Result<StatusCode, Refused> {
    let path = format!("/admin/v1/orders/{order_id}/close");
    let (status, said) = sandbox.shop_calls(Method::POST, &path, None).await;
    match (status.is_success(), said["status"].as_str()) {
        (true, Some("paid" | "refunded")) => Err(Refused::conflict("ORDERPAID: it is paid")),
        (true, _) => Ok(StatusCode::NO_CONTENT),
        (false, _) => Err(Refused::said(status, &said)),
    }
}

/// The shop has the merchant's backend give back whatever came.
async fn refund(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Result<StatusCode, Refused> {
    let (_, order) = find(&sandbox, &order_id).await?;
    if order.status(sandbox.now()).word() != "paid" {
        return Err(Refused::conflict("it is not paid"));
    }
    for number in order.paid.iter().filter(|number| order.left(number) > 0) {
        let ask = RefundAsk {
            key: format!("sandbox-{number}-{}", order.left(number)),
            body_digest: String::new(),
            of: RefundOf::Number(number.clone()),
            amount: None,
            reason: None,
        };
        sandbox.backend().refund(&order_id, &ask).await.map_err(|problem| Refused::conflict(problem.detail))?;
    }
    sandbox.settle().await;
    Ok(StatusCode::NO_CONTENT)
}

async fn requests(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Json<Report> {
    Json(sandbox.log().report(&order_id))
}

async fn forget_requests(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> StatusCode {
    sandbox.log().forget(&order_id);
    StatusCode::NO_CONTENT
}
