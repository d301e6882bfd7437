//! Payments: what pages were given to pay by.

use serde::{Deserialize, Serialize};
use wechat_cashier::contract::{self, Action, Method, Timestamp};

/// One attempt to pay, as the contract has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The contract's `payment_id`, unique within the order.
    pub payment_id: String,
    /// By which method.
    pub method: Method,
    /// The `Idempotency-Key` of the request that it was made for.
    pub key: String,
    /// What that request said, as a digest: the same key with another body is refused.
    pub body_digest: String,
    /// The page that asked. A redirect leads back there.
    pub page_url: String,
    /// Its trade. None: the payer is sent to log in, or into the mini-program, which asks by itself.
    pub out_trade_no: Option<String>,
    /// When it was made.
    pub made_at: Timestamp,
    /// Until when it can be paid by.
    pub expires_at: Timestamp,
    /// What the page is to do.
    pub action: Action,
    /// The payer is sent to log in first.
    #[serde(default)]
    pub is_login: bool,
}

impl Payment {
    /// As the contract answers it at `now`.
    #[must_use]
    pub fn answer(&self, now: Timestamp) -> contract::Payment {
        contract::Payment {
            payment_id: self.payment_id.clone(),
            method: self.method.clone(),
            now,
            expires_at: Some(self.expires_at),
            action: self.action.clone(),
            unreadable: Vec::new(),
        }
    }
}
