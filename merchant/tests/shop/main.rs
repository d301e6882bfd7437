//! The backend against the simulated WeChat Pay, over HTTP.

#[path = "../support/bench.rs"]
mod bench;
#[path = "../support/proxy.rs"]
mod proxy;

mod forged;
mod native;
