//! What goes wrong, in the contract's words.

use wechat_cashier::contract::ProblemCode;

use super::Trouble;
use crate::domain::Refusal;
use crate::store::StoreError;

/// A refusal of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Why.
    pub code: ProblemCode,
    /// Why, in words for the merchant's support.
    pub detail: String,
    /// What `Retry-After` says.
    pub retry_after_s: Option<u32>,
}

impl Problem {
    /// A refusal.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_s: None }
    }

    /// The request was wrong.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::InvalidRequest, detail)
    }

    /// There is no such order.
    #[must_use]
    pub fn no_order(order_id: &str) -> Self {
        Self::new(ProblemCode::OrderNotFound, format!("there is no order {order_id}"))
    }
}

impl From<Refusal> for Problem {
    fn from(Refusal { code, detail }: Refusal) -> Self {
        Self::new(code, detail)
    }
}

/// The payer's code stays, and the cashier tries again by itself: what passes is `upstream_unavailable`, whichever of the
/// two behind us does not answer.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "the database did not do it");
        Self::new(ProblemCode::UpstreamUnavailable, "the shop's database does not answer")
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        Self {
            code: ProblemCode::UpstreamUnavailable,
            detail: "WeChat Pay does not answer the shop".to_owned(),
            retry_after_s: trouble.retry_after_s,
        }
    }
}
