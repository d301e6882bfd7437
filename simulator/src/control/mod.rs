//! What tests and the panel do to the simulator, under `/simulator`.

mod clock;
mod faults;
mod trades;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::simulator::Simulator;

pub(crate) fn router() -> Router<Simulator> {
    Router::new()
        .route("/simulator/platform", get(platform))
        .route("/simulator/certificate", post(renew))
        .route("/simulator/requests", get(requests))
        .route("/simulator/probes", get(probes))
        .route("/simulator/reset", post(reset))
        .merge(clock::router())
        .merge(faults::router())
        .merge(trades::router())
}

/// How these calls say no: `{"error": …}`.
#[derive(Clone, Debug)]
struct Refused(StatusCode, String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(status, error) = self;
        (status, Json(json!({ "error": error }))).into_response()
    }
}

/// What a merchant's configuration needs of the platform.
async fn platform(Shared(simulator): Shared<Simulator>) -> Json<Value> {
    let keys = simulator.keys();
    let newest = keys.certificates.first();
    let list: Vec<_> = keys
        .certificates
        .iter()
        .map(|one| json!({ "serial_no": one.serial_no, "pem": one.pem, "expire_time": one.expire_time }))
        .collect();
    Json(json!({
        "public_key_id": keys.public_key_id,
        "public_key_pem": keys.public_key.public_pem(),
        "certificate_serial_no": newest.map(|one| &one.serial_no),
        "certificate_pem": newest.map(|one| &one.pem),
        "certificates": list,
    }))
}

/// Another certificate comes into force, and signs from now on.
async fn renew(Shared(simulator): Shared<Simulator>) -> Result<Json<Value>, Refused> {
    let renewed = simulator.renew_certificate();
    renewed.map_err(|error| Refused(StatusCode::CONFLICT, error.to_string()))?;
    Ok(platform(Shared(simulator)).await)
}

async fn requests(Shared(simulator): Shared<Simulator>) -> Json<Value> {
    Json(simulator.read(|state, _| {
        let log = &state.log;
        json!({ "requests": log.requests().collect::<Vec<_>>(), "most_queries_in_a_second": log.most_queries() })
    }))
}

async fn probes(Shared(simulator): Shared<Simulator>) -> Json<Value> {
    Json(simulator.read(|state, _| json!(state.probes)))
}

/// Forgets trades, faults, requests and the clock's offset; keys and merchants stay.
async fn reset(Shared(simulator): Shared<Simulator>) -> StatusCode {
    simulator.reset();
    StatusCode::NO_CONTENT
}
