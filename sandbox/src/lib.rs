//! A merchant backend that speaks the cashier's contract, a simulated WeChat Pay behind it, and pages to use both by
//! hand, so that everything runs with no account.
//!
//! | where | what |
//! |---|---|
//! | [`merchant`] | the contract's calls, under `/api`, and what the merchant remembers |
//! | [`platform`] | codes, bills, payments, notifies, as WeChat Pay does them |
//! | [`faults`] | what can be made to go wrong, order by order |
//! | [`clock`] | the sandbox's own time, which a test moves |
//! | [`log`] | every request of the contract, for the tests to count |
//! | [`telemetry`] | what cashiers tell of how payers fare, and the funnel that it makes |
//! | [`PhoneSettings`] | what kind of WeChat the payer's phone has |
//! | `/`, `/phone`, `/panel`, `/cashier/` | the shop, the payer's phone, the panel of faults, the built page |
//! | `/funnel` | a chart of the telemetry |
//! | `/wechat`, `/wechat/cashier/` | a phone with WeChat, and the built page inside it |
//!
//! The merchant and the platform share nothing but what would travel between them: prepay, query, close, refund and
//! notify. One [`State`] holds both, and is written to a file after each change.

pub mod clock;
pub mod faults;
pub mod log;
pub mod merchant;
pub mod platform;
pub mod telemetry;

mod assets;
mod cashier;
mod control;
mod origin;
mod phone;
mod sandbox;
mod shop;
mod state;
mod store;

pub use phone::PhoneSettings;
pub use sandbox::{Config, Sandbox};
pub use shop::{Ordered, Tea};
pub use state::State;

use std::io;

use axum::Router;

/// The whole sandbox as one router. It needs a tokio runtime, in which its notifies are delivered as time passes.
///
/// # Errors
/// When the state file cannot be opened.
pub fn app(config: Config) -> io::Result<Router> {
    let (sandbox, notice) = Sandbox::open(config)?;
    if let Some(notice) = notice {
        eprintln!("{notice}");
    }
    Ok(router(sandbox))
}

/// The routes around a sandbox that is open, for who keeps the handle to stop it. See [`app`].
pub fn router(sandbox: Sandbox) -> Router {
    sandbox.spawn_schedule();
    Router::new()
        .merge(merchant::router(&sandbox))
        .merge(phone::router())
        .merge(shop::router())
        .merge(control::router())
        .merge(telemetry::router())
        .merge(cashier::router())
        .merge(assets::router())
        .with_state(sandbox)
}
