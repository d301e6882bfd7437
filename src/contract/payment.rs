//! One attempt to pay an order.

use serde::{Deserialize, Serialize};

use super::{Action, Method, Timestamp};

/// One attempt to pay an order by one method. An order has many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "an object")]
pub struct Payment {
    /// The backend's name for this attempt.
    pub payment_id: String,
    /// By which way.
    pub method: Method,
    /// The server's clock when it answered.
    pub now: Timestamp,
    /// When the action stops working; a Native code lives 2 h at most. Without it, when the order expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What the payer's page must do.
    pub action: Action,
}

/// The body of `POST {api}/orders/{order_id}/payments`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(expecting = "an object")]
pub struct PaymentRequest {
    /// By which way the payer wants to pay.
    pub method: Method,
    /// The page's address without its fragment, for an OAuth or H5 return.
    pub page_url: String,
    /// The `payment_id` that this one replaces, when the payer asked for a new code. The old code must stop working.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// The payer's 18 digits, with `payment_code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_code: Option<String>,
}
