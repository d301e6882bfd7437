//! A merchant backend for the cashier: its contract on one side, WeChat Pay's APIv3 on the other.
//!
//! | where | what |
//! |---|---|
//! | [`domain`] | pure: what an order is, what is to be done next; no IO, no clock |
//! | [`wechat_pay`] | APIv3: signing, verifying, deciphering, the calls; knows nothing of orders |
//! | [`store`] | SQLite or PostgreSQL behind one trait; knows nothing of what it keeps |
//! | [`config`] | one TOML file and the environment, each fault named by its key |
//! | [`webhook`] | what the shop is told, signed, and when it is told again |
//! | [`reconcile`] | pure: a day's bill beside the orders of that day |
//! | [`telemetry`] | how payers fare, as their pages tell it: what is counted of it, in memory |
//! | [`day`] | days, as WeChat Pay counts them |
//! | [`service`] | carries out what the domain decides, over store and platform |
//! | [`console`] | pure: the pages of the shop's people, and their texts |
//! | [`http`] | the contract, the shop's API, notifications, OAuth, health |
//! | [`mod@check`] | what works of a configuration, asked of WeChat Pay |
//! | [`once`] | one day compared, for the command line |
//! | [`log`], [`traces`] | what is logged, and how; what a request led to, for a collector |
//! | [`clock`] | the time, which tests and the demo turn |

pub mod check;
pub mod clock;
pub mod config;
pub mod console;
pub mod day;
pub mod domain;
pub mod http;
pub mod log;
pub mod metrics;
pub mod once;
pub mod reconcile;
pub mod run;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod traces;
pub mod webhook;
pub mod wechat_pay;

pub use check::check;
pub use run::{RunError, asked_to_stop, backend, routes, run};
