//! The console over HTTP: who comes in, what they see, and what they can do.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed, which is what it is for")]

#[path = "../support/bench.rs"]
#[allow(dead_code, reason = "a binary of tests takes of it what it needs")]
mod bench;
#[path = "../support/demo.rs"]
mod demo;
#[path = "../support/proxy.rs"]
#[allow(dead_code, reason = "a binary of tests takes of it what it needs")]
mod proxy;
#[path = "../shop/receiver.rs"]
#[allow(dead_code, reason = "a binary of tests takes of it what it needs")]
mod receiver;
#[path = "../support/said.rs"]
mod said;

mod forms;
mod login;
mod pages;
mod payers;
mod refunds;
mod roles;
mod shops;
mod texts;
mod troubles;
mod visit;
