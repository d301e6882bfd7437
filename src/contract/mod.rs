//! The contract between the cashier and any merchant backend, version 1: what travels, and nothing else.
//!
//! Three calls, JSON both ways; `docs/contract.md` tells it in prose and `docs/openapi.json` is generated from the types
//! here. This module knows no browser, no Leptos and no clock. It is the only place that turns JSON into values, so that
//! every message about a wrong answer names the place in the JSON, what was expected there and what came.

mod action;
mod address;
mod answer;
mod by_serde;
mod currency;
mod decode;
mod json;
mod method;
mod money;
#[cfg(feature = "schema")]
mod openapi;
mod order;
mod payment;
mod problem;
#[cfg(not(target_arch = "wasm32"))]
mod telemetry;
mod texts;
mod time;

pub use action::{Action, JsapiParams};
pub use address::Address;
pub use answer::{Failure, HttpAnswer, RequestName, RetryAfter};
pub use currency::Currency;
pub use decode::{DecodeError, decode, encode};
pub use json::Decode;
pub use method::{Method, MethodOffer};
pub use money::Money;
#[cfg(feature = "schema")]
pub use openapi::{for_readers, openapi};
pub use order::{Merchant, Order, OrderAnswer, OrderStatus, Settled};
pub use payment::{Payment, PaymentRequest};
pub use problem::{Problem, ProblemCode};
#[cfg(not(target_arch = "wasm32"))]
pub use telemetry::{FunnelBatch, FunnelEvent, FunnelStep};
pub use time::Timestamp;

/// The version of the contract that this module speaks.
pub const VERSION: u32 = 1;
