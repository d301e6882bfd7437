//! The core in a simulated world: what it does, by name (`traces`), and what it never does (`properties`).

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "core/backend.rs"]
mod backend;
#[path = "core/properties.rs"]
mod properties;
#[path = "core/traces/mod.rs"]
mod traces;
#[path = "core/world.rs"]
mod world;
