//! The client of APIv3 against a platform of a few lines, which signs with a published key.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics has failed, which is what it is for")]

mod answers;
mod bills;
mod bodies;
mod calls;
mod certificates;
mod notifications;
mod oauth;
mod platform;
mod refunds;
#[path = "../support/said.rs"]
mod said;
