//! The simulator as its callers see it, by topic.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed, which is what it is for")]

mod answers;
mod bench;
mod bills;
mod codepay;
mod control;
mod inbox;
mod notify;
mod oauth;
mod orders;
mod partner;
mod phone;
mod refunds;
mod refusals;
mod strictness;
mod vectors;
