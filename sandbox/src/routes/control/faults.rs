//! Setting what goes wrong: with the merchant's answers here, with the platform at the simulator.

use axum::extract::{Path, State as Shared};
use axum::http::Method;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use wechat_cashier_merchant::domain::plus;

use super::Refused;
use crate::faults::{Fault, SetFault};
use crate::routes::contract::cut_short;
use crate::sandbox::Sandbox;

/// Where the platform keeps its own.
const AT_THE_PLATFORM: &str = "/simulator/faults";

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/faults", get(catalogue))
        .route("/sandbox/orders/{order_id}/faults", get(show).put(set).delete(clear))
}

/// Every kind of fault with values to start from and what it does: what the panel's form is made of.
async fn catalogue() -> Json<Value> {
    let kinds = Fault::EXAMPLES
        .iter()
        .map(|fault| json!({ "fault": fault, "about": fault.about(), "of_answers": fault.is_of_answers() }));
    Json(kinds.collect())
}

async fn show(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Result<Json<Vec<SetFault>>, Refused> {
    is_there(&sandbox, &order_id)?;
    Ok(Json(left(&sandbox, &order_id).await))
}

/// Puts the list in place of what was set. What is done at once, or used up by that, is not in the answer.
async fn set(
    Shared(sandbox): Shared<Sandbox>,
    Path(order_id): Path<String>,
    Json(faults): Json<Vec<SetFault>>,
) -> Result<Json<Vec<SetFault>>, Refused> {
    is_there(&sandbox, &order_id)?;
    let mut kept = Vec::new();
    for set in faults {
        if !done_at_once(&sandbox, &order_id, &set.fault).await {
            kept.push(set);
        }
    }
    let (theirs, ours) = kept.into_iter().partition(|set| set.fault.is_of_platform());
    put_at_platform(&sandbox, &order_id, theirs).await;
    sandbox.change(|state| state.faults.set(&order_id, ours));
    // What is shown already has its life cut short as soon as the fault is set.
    if let Ok(order) = sandbox.backend().order(&order_id).await
        && let Some(shown) = order.good_payment(sandbox.now())
    {
        cut_short(&sandbox, &order_id, &shown.payment_id).await;
    }
    show(Shared(sandbox), Path(order_id)).await
}

async fn clear(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Result<Json<Vec<SetFault>>, Refused> {
    set(Shared(sandbox), Path(order_id), Json(Vec::new())).await
}

fn is_there(sandbox: &Sandbox, order_id: &str) -> Result<(), Refused> {
    match sandbox.read(|state| state.orders.contains_key(order_id)) {
        true => Ok(()),
        false => Err(Refused::no_order(order_id)),
    }
}

/// What is set of an order, on both sides.
pub(super) async fn left(sandbox: &Sandbox, order_id: &str) -> Vec<SetFault> {
    let (_, said) = sandbox.platform_call(Method::GET, AT_THE_PLATFORM, None).await;
    let rules = said["faults"].as_array().cloned().unwrap_or_default();
    let of_order = rules.into_iter().filter(|rule| rule["out_trade_no_prefix"] == *order_id);
    let theirs = of_order.filter_map(|rule| serde_json::from_value(rule).ok());
    sandbox.read(|state| state.faults.of(order_id).to_vec()).into_iter().chain(theirs).collect()
}

/// An order has many numbers, which all begin with its id.
async fn put_at_platform(sandbox: &Sandbox, order_id: &str, faults: Vec<SetFault>) {
    let (_, said) = sandbox.platform_call(Method::GET, AT_THE_PLATFORM, None).await;
    let mut rules = said["faults"].as_array().cloned().unwrap_or_default();
    rules.retain(|rule| rule["out_trade_no_prefix"] != *order_id);
    rules.extend(faults.into_iter().map(|set| {
        let mut rule = json!(set.fault);
        rule["out_trade_no_prefix"] = order_id.into();
        if let Some(times) = set.times {
            rule["times"] = times.into();
        }
        rule
    }));
    sandbox.platform_call(Method::PUT, AT_THE_PLATFORM, Some(rules.into())).await;
    sandbox.keep();
}

/// Carries out a fault that is an act, not a state. True when that is all there is to it.
async fn done_at_once(sandbox: &Sandbox, order_id: &str, fault: &Fault) -> bool {
    match fault {
        Fault::QuickOrderExpiry { ms } => {
            let ends_at = plus(sandbox.now(), *ms);
            sandbox.change(|state| state.changed.entry(order_id.to_owned()).or_default().ends_at = Some(ends_at));
        }
        Fault::ClosedByMerchant => {
            // An order that is paid stays paid, as it would in the merchant's own back office.
            sandbox.shop_calls(Method::POST, &format!("/admin/v1/orders/{order_id}/close"), None).await;
        }
        _ => return false,
    }
    true
}
