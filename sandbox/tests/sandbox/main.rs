//! The sandbox as its callers see it, by topic.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed, which is what it is for")]

mod bench;
mod cashier;
mod console;
mod contract;
mod events;
mod faults;
mod idempotency;
mod jsapi;
mod methods;
mod micropay;
mod mweb;
mod notify;
mod oauth;
mod phone;
mod picture;
mod requests;
mod restart;
mod settings;
mod shop;
mod telemetry;
mod webhooks;
