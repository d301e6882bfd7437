//! A shop with the merchant backend and the simulated WeChat Pay in one process, and pages to use all of it by hand, so
//! that everything runs with no account.
//!
//! | room | what |
//! |---|---|
//! | `routes` | all that is called over HTTP; nothing else knows of it |
//! | `sandbox` | the handle that routes hold: the merchant, the platform, what is kept beside them |
//! | `running`, `setup`, `clock` | the backend while it runs, the two configurations, made for each other; one clock for both |
//! | `wallet` | Alipay and UnionPay, as methods of the merchant's own |
//! | `rewrite`, [`faults`] | what is changed in the merchant's answers |
//! | [`log`], [`PhoneSettings`], `shop`, `state`, `store` | what is kept, and in which form |
//! | `assets` | what pages are made of |
//!
//! The merchant is `wechat-cashier-merchant` and the platform `wechat-cashier-simulator`. They share nothing but the clock:
//! the one calls the other by APIv3 over loopback, and is notified over it.

pub mod faults;
pub mod log;

mod assets;
mod clock;
mod origin;
mod phone;
mod picture;
mod rewrite;
mod routes;
mod running;
mod sandbox;
mod setup;
mod shop;
mod state;
mod store;
mod wallet;

pub use phone::PhoneSettings;
pub use routes::Ordered;
pub use sandbox::{Config, Sandbox};
pub use shop::Tea;

use axum::Router;

/// The routes around a sandbox. Serve them at its own address, with the callers' addresses
/// (`into_make_service_with_connect_info::<SocketAddr>()`).
pub fn router(sandbox: Sandbox) -> Router {
    routes::router(sandbox)
}
