//! The backend against the simulated WeChat Pay, over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, which is what it is for")]

#[path = "../support/bench.rs"]
mod bench;
#[path = "../support/demo.rs"]
mod demo;
#[path = "../support/proxy.rs"]
mod proxy;
#[path = "../support/said.rs"]
mod said;

mod contract;
mod forged;
mod native;
mod page;
mod payer;
mod reconciliation;
mod ways;
