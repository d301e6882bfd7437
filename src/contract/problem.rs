//! How the backend says no.

use serde::Serialize;

use super::json::{At, Decode};

/// Why the backend refused, in the contract's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// There is no such order.
    OrderNotFound,
    /// It is paid already.
    OrderPaid,
    /// It was closed.
    OrderClosed,
    /// It can no longer be paid.
    OrderExpired,
    /// This way to pay does not work for this order.
    MethodUnavailable,
    /// The request was wrong; `detail` says how.
    InvalidRequest,
    /// The token is missing, wrong or too old.
    Unauthorized,
    /// Too many requests; `Retry-After` says when to ask again.
    RateLimited,
    /// WeChat Pay does not answer the backend.
    UpstreamUnavailable,
    /// Not a word of the contract: the backend failed (HTTP 5xx, 408 or 425) and did not say why.
    #[cfg_attr(feature = "schema", schemars(skip))]
    ServerError,
}

impl ProblemCode {
    /// Every code that the contract knows.
    pub const ALL: [Self; 9] = [
        Self::OrderNotFound,
        Self::OrderPaid,
        Self::OrderClosed,
        Self::OrderExpired,
        Self::MethodUnavailable,
        Self::InvalidRequest,
        Self::Unauthorized,
        Self::RateLimited,
        Self::UpstreamUnavailable,
    ];

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::OrderNotFound => "order_not_found",
            Self::OrderPaid => "order_paid",
            Self::OrderClosed => "order_closed",
            Self::OrderExpired => "order_expired",
            Self::MethodUnavailable => "method_unavailable",
            Self::InvalidRequest => "invalid_request",
            Self::Unauthorized => "unauthorized",
            Self::RateLimited => "rate_limited",
            Self::UpstreamUnavailable => "upstream_unavailable",
            Self::ServerError => "server_error",
        }
    }

    /// The HTTP status that goes with the code.
    pub fn http_status(self) -> u16 {
        match self {
            Self::OrderNotFound => 404,
            Self::OrderPaid | Self::OrderClosed | Self::OrderExpired => 409,
            Self::MethodUnavailable | Self::InvalidRequest => 422,
            Self::Unauthorized => 401,
            Self::RateLimited => 429,
            Self::UpstreamUnavailable => 503,
            Self::ServerError => 500,
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.word() == word)
    }

    /// What an error status means whose body does not say.
    fn from_http_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::Unauthorized,
            404 | 410 => Self::OrderNotFound,
            429 => Self::RateLimited,
            // 408 and 425 say "again", as the errors of a server do.
            408 | 425 | 500.. => Self::ServerError,
            _ => Self::InvalidRequest,
        }
    }
}

/// A refusal: `application/problem+json` (RFC 9457), or what an HTTP status says without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Why, in the contract's words.
    pub code: ProblemCode,
    /// The HTTP status.
    pub status: u16,
    /// Why, in the backend's words: for the merchant's support, not for the payer.
    pub detail: Option<String>,
}

pub(super) struct ProblemBody {
    code: Option<String>,
    title: Option<String>,
    detail: Option<String>,
}

impl Problem {
    /// Judges a refusal by its body, where that is a problem, and else by its status. Whether the body said it in the
    /// contract's words comes with it.
    pub(super) fn judge(status: u16, body: Option<ProblemBody>) -> (Self, bool) {
        let (code, detail) = match body {
            Some(ProblemBody { code, title, detail }) => {
                (code.as_deref().and_then(ProblemCode::from_word), detail.or(title))
            }
            None => (None, None),
        };
        let known = code.is_some();
        (Self { code: code.unwrap_or_else(|| ProblemCode::from_http_status(status)), status, detail }, known)
    }
}

impl Decode for ProblemBody {
    fn decode(at: &At<'_>) -> Self {
        at.is_object("an object");
        Self { code: at.if_readable("code"), title: at.if_readable("title"), detail: at.if_readable("detail") }
    }
}
