//! What it does, by name.

mod code;
mod idempotency;
mod money;
mod rhythm;
mod switch;
mod troubles;
