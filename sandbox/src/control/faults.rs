//! Setting what goes wrong.

use axum::extract::{Path, State as Shared};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;

use super::Refused;
use crate::clock::plus;
use crate::faults::{Fault, SetFault};
use crate::platform::TradeType;
use crate::sandbox::Sandbox;
use crate::state::State;

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
    sandbox.read(|state, _| left(state, &order_id)).map(Json)
}

/// Puts the list in place of what was set. What is done at once, or used up by that, is not in the answer.
async fn set(
    Shared(sandbox): Shared<Sandbox>,
    Path(order_id): Path<String>,
    Json(faults): Json<Vec<SetFault>>,
) -> Result<Json<Vec<SetFault>>, Refused> {
    sandbox
        .change(|state, now| {
            left(state, &order_id)?;
            let kept = faults.into_iter().filter(|set| !state.done_at_once(&order_id, &set.fault, now)).collect();
            state.faults.set(&order_id, kept);
            state.shorten_shown_code(&order_id, now);
            left(state, &order_id)
        })
        .map(Json)
}

async fn clear(Shared(sandbox): Shared<Sandbox>, Path(order_id): Path<String>) -> Result<Json<Vec<SetFault>>, Refused> {
    sandbox
        .change(|state, _| {
            state.faults.set(&order_id, Vec::new());
            left(state, &order_id)
        })
        .map(Json)
}

fn left(state: &State, order_id: &str) -> Result<Vec<SetFault>, Refused> {
    state.merchant.order(order_id).ok_or_else(|| Refused::no_order(order_id))?;
    Ok(state.faults.of(order_id).to_vec())
}

impl State {
    /// Carries out a fault that is an act, not a state. True when that is all there is to it.
    fn done_at_once(&mut self, order_id: &str, fault: &Fault, now: Timestamp) -> bool {
        match fault {
            Fault::QuickOrderExpiry { ms } => self.merchant.expire_order(order_id, plus(now, *ms)),
            Fault::ClosedByMerchant => {
                // An order that is paid stays paid, as it would in the merchant's own back office.
                let _ = self.merchant.close(order_id, &mut self.platform);
            }
            _ => return false,
        }
        true
    }

    /// What is shown already has its life cut short as soon as the fault is set.
    fn shorten_shown_code(&mut self, order_id: &str, now: Timestamp) {
        let shown = self.merchant.order(order_id).and_then(|order| order.valid_payment(now));
        let Some(handle) = shown.map(|payment| payment.handle.clone()) else { return };
        let life_ms = self.faults.take(order_id, |fault| match fault {
            Fault::QuickCodeExpiry { ms } => Some(*ms),
            _ => None,
        });
        if let Some(ms) = life_ms {
            let at = plus(now, ms);
            if let Some(handle) = self.merchant.expire_shown(order_id, at, now) {
                self.platform.shorten(&handle, at);
            }
        }
        let Some(prepay_id) = handle else { return };
        let of_jsapi = self.platform.trade_of(&prepay_id).is_some_and(|trade| trade.trade_type == TradeType::Jsapi);
        if of_jsapi && self.faults.take(order_id, |fault| (*fault == Fault::StalePrepay).then_some(())).is_some() {
            self.platform.shorten(&prepay_id, now);
        }
    }
}
