//! What it does, by name.

mod code;
mod idempotency;
pub(crate) mod money;
mod refunds;
mod rhythm;
mod switch;
mod troubles;
