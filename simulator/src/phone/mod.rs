//! The payer's phone, over plain JSON.

mod routes;

use axum::Router;

use crate::simulator::Simulator;

pub(crate) fn router() -> Router<Simulator> {
    Router::new().merge(routes::router())
}
