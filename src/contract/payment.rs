//! One attempt to pay an order.

use core::cell::RefCell;

use serde::{Serialize, Serializer};

use super::json::{At, Decode, deserialize};
use super::texts::texts;
use super::{Action, DecodeError, Method, Timestamp};

/// One attempt to pay an order by one method. An order has many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What the payer's page must do.
    pub action: Action,
    /// What could not be read of it and was passed over. It does not travel.
    #[serde(skip)]
    pub unreadable: Vec<DecodeError>,
}

/// The body of `POST {api}/orders/{order_id}/payments`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentRequest {
    /// By which way the payer wants to pay.
    pub method: Method,
    /// The page's address without its fragment, for an OAuth or H5 return.
    pub page_url: String,
    /// The `payment_id` that this one replaces, when the payer asked for a new code. The old code must stop working.
    #[cfg_attr(feature = "schema", schemars(skip_serializing_if = "Option::is_none"))]
    pub replaces: Option<String>,
    /// The payer's 18 digits, with `payment_code`.
    #[cfg_attr(feature = "schema", schemars(skip_serializing_if = "Option::is_none"))]
    pub auth_code: Option<String>,
}

impl Decode for Payment {
    fn decode(at: &At<'_>) -> Self {
        at.is_object("an object");
        let unreadable = RefCell::default();
        let at = at.listing(&unreadable);
        let (payment_id, method, now) = (at.field("payment_id"), at.field("method"), at.field("now"));
        let (expires_at, action) = (at.if_readable("expires_at"), at.field("action"));
        Self { payment_id, method, now, expires_at, action, unreadable: unreadable.take() }
    }
}

impl Decode for PaymentRequest {
    fn decode(at: &At<'_>) -> Self {
        at.is_object("an object");
        Self {
            method: at.field("method"),
            page_url: at.field("page_url"),
            replaces: at.optional("replaces"),
            auth_code: at.optional("auth_code"),
        }
    }
}

impl Serialize for PaymentRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { method, page_url, replaces, auth_code } = self;
        texts(
            serializer,
            &[
                ("method", Some(method.id())),
                ("page_url", Some(page_url)),
                ("replaces", replaces.as_deref()),
                ("auth_code", auth_code.as_deref()),
            ],
        )
    }
}

deserialize!(Payment, PaymentRequest);
