//! The payer's phone, over plain JSON.

mod h5;
mod inside;
mod jsapi;
mod oauth;
mod routes;

use axum::Router;

use crate::simulator::Simulator;

pub(crate) fn router() -> Router<Simulator> {
    Router::new().merge(routes::router()).merge(inside::router()).merge(oauth::router())
}
