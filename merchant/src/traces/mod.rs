//! Traces: what a page's request led to, up to the platform, for a collector of OpenTelemetry's (`[traces]`).
//!
//! | file | what |
//! |---|---|
//! | `export.rs` | spans on their way to the collector, which nobody waits for |
//! | `spans.rs` | what is a span, and what stands in it |
//!
//! In a span are words of ours, an order's id and WeChat Pay's `Request-ID`: no key, no signature, no openid, no address of a payer.
//! Without `[traces]` there are none, and they cost nothing.

mod export;
mod spans;

pub use export::{NoTraces, Traces};
pub(crate) use spans::{asked, failed, platform, request, responded, step, webhook, work};

/// The target of spans, by which logs leave them out.
pub(crate) const TARGET: &str = "traces";
