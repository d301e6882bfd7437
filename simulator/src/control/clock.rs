//! `/simulator/clock`.

use axum::extract::State as Shared;
use axum::routing::get;
use axum::{Json, Router};

use crate::clock::{ClockChange, ClockFace, real_now};
use crate::notify::settled;
use crate::simulator::Simulator;

pub(super) fn router() -> Router<Simulator> {
    Router::new().route("/simulator/clock", get(show).post(change))
}

async fn show(Shared(simulator): Shared<Simulator>) -> Json<ClockFace> {
    Json(simulator.read(|state, _| state.clock.face(real_now())))
}

/// What becomes due by the change is delivered before the answer.
async fn change(Shared(simulator): Shared<Simulator>, Json(change): Json<ClockChange>) -> Json<ClockFace> {
    simulator.change(|state, _| state.clock.change(&change, real_now()));
    settled(&simulator).await;
    show(Shared(simulator)).await
}
