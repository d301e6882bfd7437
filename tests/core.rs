//! The core in a simulated world: what it does, by name (`traces`), and what it never does (`properties`).

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "core/backend/mod.rs"]
mod backend;
#[path = "core/properties/mod.rs"]
mod properties;
#[path = "core/traces/mod.rs"]
mod traces;
#[path = "core/wechat.rs"]
mod wechat;
#[path = "core/world/mod.rs"]
mod world;
