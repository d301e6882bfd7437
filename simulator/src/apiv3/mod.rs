//! APIv3 over HTTP: who asks is verified, the body is held against the documented fields, the ledger decides, the answer is signed.

mod answer;
mod authorization;
mod bill;
mod bill_file;
mod body;
mod calls;
mod certificates;
mod error;
mod fields;
mod handle;
mod id_fields;
mod ids;
mod limit;
mod number_of;
mod party;
mod prepay;
mod refund;
mod refund_fields;
mod route;
mod schema;

use axum::Router;
use axum::routing::any;

use crate::simulator::Simulator;

pub(crate) fn router() -> Router<Simulator> {
    Router::new().route("/v3/{*rest}", any(handle::handle))
}
