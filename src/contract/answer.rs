//! From an HTTP answer to a value or a failure.

use super::problem::ProblemBody;
use super::{Decode, DecodeError, Problem, Timestamp, decode};

/// An HTTP answer, as much of it as the contract reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `Retry-After` header. A backend on another origin must list it in `Access-Control-Expose-Headers`.
    pub retry_after: Option<String>,
    /// The body as text.
    pub body: String,
}

/// When to ask again, from `Retry-After` (RFC 9110 section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// So many milliseconds after the answer.
    Millis(u64),
    /// At this point in server time.
    At(Timestamp),
}

impl RetryAfter {
    /// Reads seconds or an HTTP date; None when it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        if let Ok(seconds) = text.parse::<u32>() {
            return Some(Self::Millis(u64::from(seconds) * 1000));
        }
        http_date_ms(text).map(|at| Self::At(Timestamp::from_millis(at)))
    }
}

/// Milliseconds since 1970 of a date as HTTP writes it: read by the browser's own `Date` there, by `httpdate` natively.
fn http_date_ms(text: &str) -> Option<i64> {
    #[cfg(target_arch = "wasm32")]
    {
        let at = js_sys::Date::parse(text);
        #[expect(clippy::cast_possible_truncation, reason = "a JavaScript date is within 2^53")]
        (!at.is_nan()).then_some(at as i64)
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let since = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_millis()).ok()
    }
}

/// Why a call gave no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer came: offline, a broken connection, or a cross-origin rule.
    Unreachable,
    /// No answer came in time.
    TimedOut,
    /// The backend said no.
    Refused {
        /// Why.
        problem: Problem,
        /// When to ask again, if it said.
        retry_after: Option<RetryAfter>,
    },
    /// An answer came that is not of the contract.
    Unreadable(DecodeError),
}

impl HttpAnswer {
    /// Reads the value, or says why there is none.
    ///
    /// # Errors
    /// [`Failure::Refused`] for a status outside 200 to 299, [`Failure::Unreadable`] for a body that is not of the contract.
    pub fn read<T: Decode>(&self) -> Result<T, Failure> {
        if !(200..300).contains(&self.status) {
            let body = if self.is_json() { decode::<ProblemBody>(&self.body).ok() } else { None };
            return Err(Failure::Refused {
                problem: Problem::judge(self.status, body),
                retry_after: self.retry_after.as_deref().and_then(RetryAfter::parse),
            });
        }
        if !self.is_json() {
            let reason =
                ["expected an answer of type application/json, got ", self.content_type.as_deref().unwrap_or("none")];
            return Err(Failure::Unreadable(DecodeError { path: String::new(), reason: reason.concat() }));
        }
        decode(&self.body).map_err(Failure::Unreadable)
    }

    /// `application/json` and `application/…+json`, with or without parameters.
    fn is_json(&self) -> bool {
        let essence =
            self.content_type.as_deref().unwrap_or_default().split(';').next().unwrap_or_default().trim_ascii();
        essence.eq_ignore_ascii_case("application/json") || essence.to_ascii_lowercase().ends_with("+json")
    }
}
