//! `/simulator/faults`.

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use wechat_cashier::contract::Timestamp;

use super::Refused;
use crate::clock::plus;
use crate::faults::{Fault, Rule};
use crate::ledger::Trade;
use crate::simulator::Simulator;
use crate::state::State;

pub(super) fn router() -> Router<Simulator> {
    Router::new().route("/simulator/faults", get(show).put(set).post(add).delete(clear))
}

async fn show(Shared(simulator): Shared<Simulator>) -> Json<Value> {
    Json(simulator.read(|state, _| json!({ "faults": state.faults.rules() })))
}

/// Puts a list in place of what was set.
async fn set(Shared(simulator): Shared<Simulator>, Json(rules): Json<Value>) -> Result<Json<Value>, Refused> {
    let rules = read(rules)?;
    simulator.change(|state, now| {
        let rules = expire_what_is_out(state, rules, now);
        state.faults.set(rules);
    });
    Ok(show(Shared(simulator)).await)
}

/// Adds a list to what is set.
async fn add(Shared(simulator): Shared<Simulator>, Json(rules): Json<Value>) -> Result<Json<Value>, Refused> {
    let rules = read(rules)?;
    simulator.change(|state, now| {
        let rules = expire_what_is_out(state, rules, now);
        state.faults.add(rules);
    });
    Ok(show(Shared(simulator)).await)
}

async fn clear(Shared(simulator): Shared<Simulator>) -> StatusCode {
    simulator.change(|state, _| state.faults.set(Vec::new()));
    StatusCode::NO_CONTENT
}

/// A quick expiry for one order meets what is out for it at once, which is one time; what is given out afterwards as it comes.
fn expire_what_is_out(state: &mut State, mut rules: Vec<Rule>, now: Timestamp) -> Vec<Rule> {
    for rule in &mut rules {
        let (Fault::QuickExpiry { ms }, Some(number)) = (&rule.fault, &rule.out_trade_no) else { continue };
        let is_out = |trade: &&Trade| trade.key.out_trade_no == *number && trade.trade_state.is_open();
        let Some(handle) = state.ledger.trades().find(is_out).map(|trade| trade.handle.clone()) else { continue };
        state.ledger.shorten(&handle, plus(now, *ms));
        rule.times = rule.times.map(|times| times.saturating_sub(1));
    }
    rules.retain(|rule| rule.times != Some(0));
    rules
}

fn read(rules: Value) -> Result<Vec<Rule>, Refused> {
    let rules = if rules["faults"].is_array() { rules["faults"].clone() } else { rules };
    serde_json::from_value(rules).map_err(|error| Refused(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
}
