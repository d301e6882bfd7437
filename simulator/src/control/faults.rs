//! `/simulator/faults`.

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Refused;
use crate::faults::Rule;
use crate::simulator::Simulator;

pub(super) fn router() -> Router<Simulator> {
    Router::new().route("/simulator/faults", get(show).put(set).post(add).delete(clear))
}

async fn show(Shared(simulator): Shared<Simulator>) -> Json<Value> {
    Json(simulator.read(|state, _| json!({ "faults": state.faults.rules() })))
}

/// Puts a list in place of what was set.
async fn set(Shared(simulator): Shared<Simulator>, Json(rules): Json<Value>) -> Result<Json<Value>, Refused> {
    let rules = read(rules)?;
    simulator.change(|state, _| state.faults.set(rules));
    Ok(show(Shared(simulator)).await)
}

/// Adds a list to what is set.
async fn add(Shared(simulator): Shared<Simulator>, Json(rules): Json<Value>) -> Result<Json<Value>, Refused> {
    let rules = read(rules)?;
    simulator.change(|state, _| state.faults.add(rules));
    Ok(show(Shared(simulator)).await)
}

async fn clear(Shared(simulator): Shared<Simulator>) -> StatusCode {
    simulator.change(|state, _| state.faults.set(Vec::new()));
    StatusCode::NO_CONTENT
}

fn read(rules: Value) -> Result<Vec<Rule>, Refused> {
    let rules = if rules["faults"].is_array() { rules["faults"].clone() } else { rules };
    serde_json::from_value(rules).map_err(|error| Refused(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))
}
