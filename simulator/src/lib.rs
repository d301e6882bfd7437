//! WeChat Pay's APIv3, simulated strictly, with the payer's phone: to run a merchant against, since the real one has no test environment.
//!
//! | room | what |
//! |---|---|
//! | `apiv3` | the calls of a merchant: verified, checked, answered with a signature |
//! | `notify` | notifications, encrypted, signed, delivered by the platform's plan |
//! | `phone` | what the payer does |
//! | `control` | what a test does: clock, faults, the ledger |
//! | `inside` | the same for a program that has the simulator within itself |
//! | [`ledger`] | the rules of orders; pure |
//! | [`faults`] | what can be made to go wrong |
//! | [`crypto`], [`clock`], [`config`] | what all of it stands on |
//!
//! Arrows go from the rooms with HTTP to what they call, never back. The README has every call.

pub mod clock;
pub mod config;
pub mod crypto;
pub mod faults;
pub mod ledger;

mod apiv3;
mod bills;
mod control;
mod day;
mod inside;
mod log;
mod merchants;
mod notify;
mod phone;
mod sheet;
mod sign;
mod simulator;
mod state;

pub use config::{Config, ConfigError};
pub use simulator::Simulator;

use axum::Router;

/// The whole simulator as one router. It needs a tokio runtime, in which its notifications are delivered as time passes.
///
/// # Errors
/// When the configuration cannot be used.
pub fn app(config: Config) -> Result<Router, ConfigError> {
    Simulator::new(config).map(router)
}

/// The routes around a simulator that is set up. See [`app`].
pub fn router(simulator: Simulator) -> Router {
    notify::spawn(&simulator);
    Router::new().merge(apiv3::router()).merge(phone::router()).merge(control::router()).with_state(simulator)
}
