//! The backend against the simulated WeChat Pay, over HTTP.

#[path = "../support/bench.rs"]
mod bench;

mod native;
