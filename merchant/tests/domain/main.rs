//! The domain against a model of WeChat Pay, with the test in the part of `service`: what it does, by name (`traces`), and
//! what it never does (`properties`).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod asks;
mod check;
mod payee;
mod properties;
mod reconcile;
mod refunds;
mod service;
mod told;
mod traces;
mod wechat;
mod world;
