//! All that is called over HTTP.
//!
//! | file | what |
//! |---|---|
//! | `contract.rs` | in front of the merchant's contract: the log, the faults of answers, what an emulated browser would do |
//! | `shop.rs`, `order_page.rs`, `webhooks.rs` | the shop, and what it is told |
//! | `control/` | what tests and the panel do |
//! | `phone.rs`, `inside.rs`, `middle.rs`, `oauth.rs` | the payer's phone, around the simulated platform's own calls |
//! | `wallet.rs` | the other wallet |
//! | `cashier.rs`, `telemetry.rs` | the built page, and what it tells |
//!
//! What none of them takes is the platform's: APIv3, and its own control under `/simulator`.

mod cashier;
mod contract;
mod control;
mod inside;
mod middle;
mod oauth;
mod order_page;
mod phone;
mod refused;
mod shop;
mod telemetry;
mod wallet;
mod webhooks;

pub use shop::Ordered;

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::response::Response;

use crate::assets;
use crate::sandbox::Sandbox;

pub(crate) fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .merge(contract::router())
        .merge(phone::router())
        .merge(inside::router())
        .merge(middle::router())
        .merge(oauth::router())
        .merge(wallet::router())
        .merge(shop::router())
        .merge(webhooks::router())
        .merge(control::router())
        .merge(telemetry::router())
        .merge(cashier::router())
        .merge(assets::router())
        .fallback(platform)
        .with_state(sandbox)
}

async fn platform(Shared(sandbox): Shared<Sandbox>, request: Request) -> Response {
    sandbox.ask_platform(request).await
}
