//! From an HTTP answer to a value or a failure.

use super::problem::ProblemBody;
use super::{Decode, DecodeError, Problem, Timestamp, decode};

/// A request as a developer is told of it: its HTTP method and its address.
///
/// The address is without its query: that may hold a ticket, and differs from one request to the next, while the same failure
/// is to have the same words each time.
///
/// ```
/// use wechat_cashier::contract::RequestName;
///
/// let events = RequestName::new("GET", "https://pay.shop.example/api/orders/T1/events?ticket=k3Vn0d");
/// assert_eq!(events.text(), "GET https://pay.shop.example/api/orders/T1/events");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestName(String);

impl RequestName {
    /// Of a request by this HTTP method to this address.
    pub fn new(method: &str, url: &str) -> Self {
        let url = url.split('?').next().unwrap_or_default();
        let url = url.split('#').next().unwrap_or_default();
        Self([method, " ", url].concat())
    }

    /// The method and the address.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// No answer came; `why` is what the browser says. It does not say that an answer of another origin lacks CORS headers: an
    /// address that is written in full may be of one. (Looking for more than one character would be 1 KB of the wasm.)
    pub fn unreachable(&self, why: &str) -> Failure {
        let cors = if self.0.contains(':') { "; has it CORS headers?" } else { "" };
        Failure::Unreachable { detail: [&self.0, " → no answer: ", why, cors].concat() }
    }

    /// The browser would not send it; `why` is what it says. Trying again changes nothing, but the payer may be shown no more
    /// than that the backend is not reached.
    pub fn not_sent(&self, why: &str) -> Failure {
        Failure::Unreachable { detail: [&self.0, " → not sent: ", why].concat() }
    }

    /// No answer came in so many milliseconds.
    pub fn timed_out(&self, after_ms: u32) -> Failure {
        Failure::TimedOut { detail: [&self.0, " → no answer in ", &(after_ms / 1000).to_string(), " s"].concat() }
    }

    /// What came, without HTTP's frame around it, is not of the contract: a message of server-sent events.
    pub fn unreadable(&self, error: DecodeError) -> Failure {
        let detail = [&error.message(), " (", &self.0, ")"].concat();
        Failure::Unreadable { error, detail }
    }
}

/// An HTTP answer, as much of it as the contract reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// What it answers.
    pub request: RequestName,
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

/// Why a call gave no value. `detail` is one line for the merchant's developer: what is wrong, which request that was and what
/// came. It may hold what the backend says anew each time (an id of the request, the time), so whether a failure is the one
/// before is not told by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer came: offline, a broken connection, or a cross-origin rule.
    Unreachable {
        /// For the developer.
        detail: String,
    },
    /// No answer came in time.
    TimedOut {
        /// For the developer.
        detail: String,
    },
    /// The backend said no.
    Refused {
        /// Why.
        problem: Problem,
        /// When to ask again, if it said.
        retry_after: Option<RetryAfter>,
        /// For the developer.
        detail: String,
    },
    /// An answer came that is not of the contract.
    Unreadable {
        /// What is wrong with it, and where.
        error: DecodeError,
        /// For the developer.
        detail: String,
    },
}

impl Failure {
    /// For the developer: what is wrong, which request that was and what came.
    pub fn detail(&self) -> &str {
        match self {
            Self::Unreachable { detail }
            | Self::TimedOut { detail }
            | Self::Refused { detail, .. }
            | Self::Unreadable { detail, .. } => detail,
        }
    }
}

/// A value of the contract that has something wrong with it, beyond what its types say.
impl From<DecodeError> for Failure {
    fn from(error: DecodeError) -> Self {
        Self::Unreadable { detail: error.message(), error }
    }
}

impl HttpAnswer {
    /// Reads the value, or says why there is none.
    ///
    /// # Errors
    /// [`Failure::Refused`] for a status outside 200 to 299, [`Failure::Unreadable`] for a body that is not of the contract.
    pub fn read<T: Decode>(&self) -> Result<T, Failure> {
        let read = decode(self.accepted()?);
        read.map_err(|error| self.unreadable(error))
    }

    /// The body, where it is JSON and no refusal.
    fn accepted(&self) -> Result<&str, Failure> {
        if !(200..300).contains(&self.status) {
            let body = if self.is_json() { decode::<ProblemBody>(&self.body).ok() } else { None };
            let (problem, known) = Problem::judge(self.status, body);
            // Nobody who speaks the contract says so.
            let astray = !known && matches!(self.status, 404 | 405);
            return Err(Failure::Refused {
                detail: self.told(problem.detail.as_deref(), problem.detail.is_none(), astray),
                problem,
                retry_after: self.retry_after.as_deref().and_then(RetryAfter::parse),
            });
        }
        if self.is_json() {
            return Ok(&self.body);
        }
        let got = self.content_type.as_deref().unwrap_or("none");
        let reason = ["expected an answer of type application/json, got ", got].concat();
        Err(self.unreadable(DecodeError { path: String::new(), reason }))
    }

    #[cold]
    fn unreadable(&self, error: DecodeError) -> Failure {
        // A place says enough; without one, what came is not even like the contract.
        let detail = self.told(Some(&error.message()), error.path.is_empty(), !self.is_json());
        Failure::Unreadable { error, detail }
    }

    /// One line for the developer: what is wrong, as far as that is known, the request and the answer. `quoted`: with the
    /// body's beginning. `astray`: this seems to be no backend of the contract at all.
    fn told(&self, wrong: Option<&str>, quoted: bool, astray: bool) -> String {
        let content_type = self.content_type.as_deref().unwrap_or("no content type");
        let quote = if quoted { [": \"", &in_short(&self.body), "\""].concat() } else { String::new() };
        let astray = if astray { "; is the api prefix right, or a proxy missing?" } else { "" };
        let status = self.status.to_string();
        let came = [self.request.text(), " → ", &status, " ", content_type, &quote, astray].concat();
        match wrong {
            Some(wrong) => [wrong, " (", &came, ")"].concat(),
            None => came,
        }
    }

    /// `application/json` and `application/…+json`, with or without parameters.
    fn is_json(&self) -> bool {
        let essence =
            self.content_type.as_deref().unwrap_or_default().split(';').next().unwrap_or_default().trim_ascii();
        essence.eq_ignore_ascii_case("application/json") || essence.to_ascii_lowercase().ends_with("+json")
    }
}

/// How much of a body is quoted: enough to know an HTML page or a framework's error by, in characters.
const QUOTED_CHARS: usize = 80;

/// The beginning of a text, on one line.
fn in_short(text: &str) -> String {
    let mut words = String::new();
    for word in text.split(|character: char| character <= ' ' || ('\u{7f}'..='\u{a0}').contains(&character)) {
        if !words.is_empty() && !word.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
        if let Some((end, _)) = words.char_indices().nth(QUOTED_CHARS) {
            words.truncate(end);
            words.push('…');
            break;
        }
    }
    words
}
