//! Why a call gave nothing.

use std::fmt;
use std::time::Duration;

use axum::http::HeaderMap;
use serde::Deserialize;

use super::verify::Unverified;

/// How much of the platform's words is kept.
const MAX_TEXT: usize = 256;

/// Why a call gave nothing. Only [`Error::Refused`] is the platform's word; of every other failure nothing follows about the
/// order: a request may have done its work although no answer that can be believed came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The platform says no, and has signed that.
    Refused(Refusal),
    /// An answer came, and nothing in it is believed. `status` is its HTTP status.
    ///
    /// The platform signs its answer to each request whose signature it could verify
    /// (<https://wechatpay-api.gitbook.io/wechatpay-api-v3/ren-zheng/qian-ming-he-zheng-shu>), so a 401 comes unsigned: our serial
    /// number, key or clock is wrong. What such an answer says of itself is in `claims`, for a person to read and for nothing else.
    NotVerified {
        /// Why it is not believed.
        why: Unverified,
        /// The HTTP status that came.
        status: u16,
        /// `CODE: message`, as the answer says.
        claims: Option<String>,
    },
    /// No connection, or it broke.
    Unreachable {
        /// What the network said.
        why: String,
    },
    /// No whole answer in time.
    TimedOut,
    /// 5xx, without a word that can be believed.
    Unavailable {
        /// The HTTP status.
        status: u16,
    },
    /// 429: too many requests.
    RateLimited {
        /// How long to wait, if the answer says.
        retry_after: Option<Duration>,
    },
    /// An answer that is not of the protocol.
    Unreadable {
        /// What is wrong with it.
        why: String,
    },
    /// The request could not be made: our own fault.
    NotSent {
        /// Why.
        why: &'static str,
    },
}

/// The platform's no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Such as `ORDER_NOT_EXIST`.
    pub code: String,
    /// For a person, in Chinese; digits that could be an auth code are masked.
    pub message: String,
    /// The field that is wrong, for `PARAM_ERROR`.
    pub field: Option<String>,
    /// The internal number at the end of the request id, if there is one other than 0.
    pub number: Option<u64>,
    /// What the platform's support asks for.
    pub request_id: Option<String>,
}

impl Error {
    pub(super) fn unreadable(why: impl Into<String>) -> Self {
        Self::Unreadable { why: why.into() }
    }

    /// Of an answer whose status says that all is well.
    pub(super) fn unverified(why: Unverified) -> Self {
        Self::NotVerified { why, status: 200, claims: None }
    }
}

impl Error {
    /// One word for it.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::NotVerified { .. } => "not_verified",
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Unavailable { .. } => "unavailable",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unreadable { .. } => "unreadable",
            Self::NotSent { .. } => "not_sent",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::NotVerified { why, status, claims } => {
                write!(f, "an answer of status {status} is not believed: {why}")?;
                claims.as_ref().map_or(Ok(()), |claims| write!(f, "; it says: {claims}"))
            }
            Self::Unreachable { why } => write!(f, "WeChat Pay is not reached: {why}"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Unavailable { status } => write!(f, "WeChat Pay is not available ({status})"),
            Self::RateLimited { retry_after: None } => f.write_str("too many requests (429)"),
            Self::RateLimited { retry_after: Some(wait) } => {
                write!(f, "too many requests (429), again after {} s", wait.as_secs())
            }
            Self::Unreadable { why } => write!(f, "an answer cannot be read: {why}"),
            Self::NotSent { why } => write!(f, "the request was not sent: {why}"),
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status, self.code, self.message)?;
        if let Some(field) = &self.field {
            write!(f, " ({field})")?;
        }
        self.request_id.as_ref().map_or(Ok(()), |id| write!(f, " [{id}]"))
    }
}

#[derive(Deserialize)]
struct Body {
    code: String,
    #[serde(default)]
    message: String,
    /// Its `value` is not read: it repeats what was sent.
    #[serde(default)]
    detail: Option<serde_json::Value>,
}

impl Refusal {
    /// Reads the body of an error: `{code, message, detail?}`
    /// (<https://pay.weixin.qq.com/wiki/doc/apiv3/Share/error_code.shtml>).
    pub(super) fn read(status: u16, headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let Body { code, message, detail } = serde_json::from_slice(body).ok()?;
        let field = detail.as_ref().and_then(|detail| detail.get("field")).and_then(serde_json::Value::as_str);
        let request_id = headers.get("Request-ID").and_then(|id| id.to_str().ok()).map(plain);
        let number = request_id.as_deref().and_then(|id| id.rsplit_once('-')).and_then(|(_, tail)| tail.parse().ok());
        Some(Self {
            status,
            code: plain(&code),
            message: plain(&message),
            field: field.map(plain),
            number: number.filter(|number| *number != 0),
            request_id,
        })
    }

    /// What an answer claims that nobody has signed.
    pub(super) fn claimed(headers: &HeaderMap, body: &[u8]) -> Option<String> {
        Self::read(0, headers, body).map(|claim| format!("{}: {}", claim.code, claim.message))
    }
}

/// One line of bounded length, in which nothing can be an auth code: 18 digits in a row are masked.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut digits = String::new();
    let flush = |digits: &mut String, plain: &mut String| {
        plain.push_str(if digits.len() == 18 { "…" } else { digits });
        digits.clear();
    };
    for char in text.chars().take(MAX_TEXT).map(|char| if char.is_control() { ' ' } else { char }) {
        if char.is_ascii_digit() {
            digits.push(char);
        } else {
            flush(&mut digits, &mut plain);
            plain.push(char);
        }
    }
    flush(&mut digits, &mut plain);
    plain
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{Refusal, plain};

    #[test]
    fn a_refusal_is_read_with_its_number() {
        let mut headers = HeaderMap::new();
        headers.insert("Request-ID", HeaderValue::from_static("08F78BB5-268512771"));
        let body =
            r#"{"code":"ORDER_NOT_EXIST","message":"订单不存在","detail":{"field":"/a","value":"130061098828009406"}}"#;
        let refusal = Refusal::read(404, &headers, body.as_bytes()).unwrap();
        assert_eq!((refusal.code.as_str(), refusal.number), ("ORDER_NOT_EXIST", Some(268_512_771)));
        assert_eq!(refusal.field.as_deref(), Some("/a"));
        assert!(!format!("{refusal} {refusal:?}").contains("130061098828009406"));
        headers.insert("Request-ID", HeaderValue::from_static("08F78BB5-0"));
        assert_eq!(Refusal::read(404, &headers, body.as_bytes()).unwrap().number, None);
        assert_eq!(Refusal::read(502, &headers, b"<html>"), None);
    }

    #[test]
    fn an_auth_code_is_masked_and_nothing_else() {
        assert_eq!(plain("a 130061098828009406 b"), "a … b");
        assert_eq!(plain("130061098828009406"), "…");
        assert_eq!(plain("1217752501201407033233368018\n1"), "1217752501201407033233368018 1");
        assert_eq!(plain(&"x".repeat(1000)).len(), 256);
    }
}
