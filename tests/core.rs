//! The core in a simulated world: what it does, by name (`traces`), what it never does (`properties`), and that
//! it has no dead end (`walk`), and all of it as a table (`table`).

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "core/backend/mod.rs"]
mod backend;
#[path = "core/properties/mod.rs"]
mod properties;
#[path = "core/table.rs"]
mod table;
#[path = "core/traces/mod.rs"]
mod traces;
#[path = "core/walk.rs"]
mod walk;
#[path = "core/wechat.rs"]
mod wechat;
#[path = "core/world/mod.rs"]
mod world;
