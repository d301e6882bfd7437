//! The backend against the simulated WeChat Pay, over HTTP.

#![cfg(unix)] // PostgreSQL is stopped by signals.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed, which is what it is for")]

#[path = "../support/bench.rs"]
mod bench;
#[path = "../support/demo.rs"]
mod demo;
#[path = "../support/postgres.rs"]
mod postgres;
#[path = "../support/proxy.rs"]
mod proxy;
#[path = "../support/said.rs"]
mod said;

mod admin;
mod contract;
mod delivery;
mod forged;
mod instances;
mod keys;
mod list;
mod native;
mod page;
mod partner;
mod payer;
mod receiver;
mod receivers;
mod reconciliation;
mod refunds;
mod restored;
mod shops;
mod telemetry;
mod ways;
mod webhooks;
