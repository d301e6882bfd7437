//! What the cashier sends to a `telemetry_url`. Native only: the page's own telemetry is JavaScript (`src/embed/telemetry.js`),
//! and this is for whoever takes it in.

use serde::Serialize;

use super::json::{At, Decode, deserialize};
use super::{DecodeError, Method};

/// What was measured of one visit since the last batch: the body of `POST {telemetry_url}`. It comes as `text/plain`, which a
/// page may send to another origin without asking first; the text is JSON.
///
/// ```
/// use wechat_cashier::contract::{FunnelBatch, FunnelStep, decode};
///
/// let batch: FunnelBatch = decode(r#"{
///     "v": 1, "batch_id": "9f0c3a7d11e24b58", "visit": "5d1e8a0b7c42f936", "lang": "zh-CN", "layout": "page",
///     "sent_at_ms": 10700, "dropped": 0,
///     "events": [{ "name": "shown", "at_ms": 0 }, { "name": "qr", "at_ms": 700, "method": "native", "screen": "scan" }]
/// }"#).unwrap();
/// assert_eq!(batch.events[1].name, FunnelStep::Qr);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FunnelBatch {
    /// The version of this format: 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub v: u64,
    /// Random. A batch that comes twice is to be counted once.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9A-Za-z_-]{1,64}$")))]
    pub batch_id: String,
    /// Random: one tab's stay with one order. A visit has many batches.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9A-Za-z_-]{1,64}$")))]
    pub visit: String,
    /// The cashier's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// The cashier's layout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
    /// When it was sent, in milliseconds of the visit: an event happened `sent_at_ms - at_ms` before the batch arrived.
    pub sent_at_ms: u64,
    /// Events that this browser could neither send nor keep since its last batch.
    pub dropped: u64,
    /// What happened, the earliest first.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub events: Vec<FunnelEvent>,
}

/// One thing that happened in a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FunnelEvent {
    /// What happened.
    pub name: FunnelStep,
    /// When, in milliseconds since the cashier came onto the page.
    pub at_ms: u64,
    /// The way to pay at hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// The screen at that time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen: Option<String>,
    /// With `error`: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// With `error`: nothing that the payer could do there would change it.
    #[serde(skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub fatal: bool,
}

/// What can happen in a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FunnelStep {
    /// A page with the cashier begins, or comes back.
    Shown,
    /// A way to pay is at hand: the first is the cashier's choice, each later one the payer's.
    Method,
    /// A code to scan is drawn.
    Qr,
    /// The payer goes to log in with WeChat.
    Login,
    /// WeChat or another wallet is opened, or the payer's code is taken at a till.
    Opened,
    /// The payer is back from paying elsewhere, and is asked what came of it.
    Returned,
    /// The payer or WeChat says that it is paid.
    Confirming,
    /// The backend says that it is paid. Once a visit.
    Paid,
    /// The code no longer works; the order still takes payments.
    CodeExpired,
    /// The order's time is up.
    Expired,
    /// The order was closed.
    Closed,
    /// The money went back.
    Refunded,
    /// The page goes, or the cashier is taken away, while the order is open. What comes later in the same visit takes it back.
    Abandoned,
    /// Something is wrong; `code` says what.
    Error,
    /// A word this version does not know. To be passed over.
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

impl FunnelStep {
    /// Every step that this version knows.
    pub const ALL: [Self; 14] = [
        Self::Shown,
        Self::Method,
        Self::Qr,
        Self::Login,
        Self::Opened,
        Self::Returned,
        Self::Confirming,
        Self::Paid,
        Self::CodeExpired,
        Self::Expired,
        Self::Closed,
        Self::Refunded,
        Self::Abandoned,
        Self::Error,
    ];

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Method => "method",
            Self::Qr => "qr",
            Self::Login => "login",
            Self::Opened => "opened",
            Self::Returned => "returned",
            Self::Confirming => "confirming",
            Self::Paid => "paid",
            Self::CodeExpired => "code_expired",
            Self::Expired => "expired",
            Self::Closed => "closed",
            Self::Refunded => "refunded",
            Self::Abandoned => "abandoned",
            Self::Error => "error",
            Self::Unknown => "unknown",
        }
    }
}

/// The longest word of an event, in bytes: an id of a method, a screen, a code.
const WORD_MAX: usize = 40;
/// The longest id.
const ID_MAX: usize = 64;
/// The most events of a batch; the cashier stays below.
const EVENTS_MAX: usize = 100;

impl FunnelBatch {
    /// Reads a batch as it came over the network, from anyone: beyond the types, it has a bounded size.
    ///
    /// # Errors
    /// Names the place in the JSON, what was expected there and what came.
    pub fn read(body: &[u8]) -> Result<Self, DecodeError> {
        let wrong = |reason: &str| DecodeError { path: String::new(), reason: reason.to_owned() };
        super::decode(std::str::from_utf8(body).map_err(|_| wrong("expected UTF-8"))?)
    }
}

impl Decode for FunnelBatch {
    fn decode(at: &At<'_>) -> Self {
        at.is_object("an object");
        let Version(v) = at.field("v");
        let (Id(batch_id), Id(visit)) = (at.field("batch_id"), at.field("visit"));
        let (Whole(sent_at_ms), Whole(dropped)) = (at.field("sent_at_ms"), at.field("dropped"));
        let (lang, layout) = (at.optional("lang").map(|Word(lang)| lang), at.optional("layout").map(|Word(word)| word));
        let Events(events) = at.field("events");
        Self { v, batch_id, visit, lang, layout, sent_at_ms, dropped, events }
    }
}

impl Decode for FunnelEvent {
    fn decode(at: &At<'_>) -> Self {
        at.is_object("an object");
        let (name, Whole(at_ms)) = (at.field("name"), at.field("at_ms"));
        let method = at.optional("method").map(|Word(id)| Method::from(id));
        let screen = at.optional("screen").map(|Word(name)| name);
        let code = at.optional("code").map(|Word(code)| code);
        if name == FunnelStep::Error && code.is_none() {
            at.missing("code", ", which `error` needs");
        }
        Self { name, at_ms, method, screen, code, fatal: at.optional("fatal").is_some_and(|Truth(fatal)| fatal) }
    }
}

impl Decode for FunnelStep {
    fn decode(at: &At<'_>) -> Self {
        let Word(word) = Word::decode(at);
        Self::ALL.into_iter().find(|step| step.word() == word).unwrap_or(Self::Unknown)
    }
}

struct Version(u64);

impl Decode for Version {
    fn decode(at: &At<'_>) -> Self {
        if at.whole() != Some(1) {
            at.expected("1");
        }
        Self(1)
    }
}

struct Whole(u64);

impl Decode for Whole {
    fn decode(at: &At<'_>) -> Self {
        if at.whole().is_none() {
            at.expected("an integer from 0 to 2^53 - 1");
        }
        Self(at.whole().unwrap_or_default())
    }
}

struct Truth(bool);

impl Decode for Truth {
    fn decode(at: &At<'_>) -> Self {
        if at.truth().is_none() {
            at.expected("true or false");
        }
        Self(at.truth().unwrap_or_default())
    }
}

struct Id(String);

impl Decode for Id {
    fn decode(at: &At<'_>) -> Self {
        let text = at.text().filter(|text| is_plain(text, ID_MAX, b"_-"));
        if text.is_none() {
            at.expected("1 to 64 characters of [0-9A-Za-z_-]");
        }
        Self(text.unwrap_or_default().to_owned())
    }
}

struct Word(String);

impl Decode for Word {
    fn decode(at: &At<'_>) -> Self {
        let text = at.text().filter(|text| is_plain(text, WORD_MAX, b"_.-"));
        if text.is_none() {
            at.expected("1 to 40 characters of [0-9A-Za-z_.-]");
        }
        Self(text.unwrap_or_default().to_owned())
    }
}

struct Events(Vec<FunnelEvent>);

impl Decode for Events {
    fn decode(at: &At<'_>) -> Self {
        let events = Vec::decode(at);
        if events.is_empty() || events.len() > EVENTS_MAX {
            at.wrong(&["expected 1 to 100 events, got ", &events.len().to_string()]);
        }
        Self(events)
    }
}

fn is_plain(text: &str, most: usize, also: &[u8]) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(truth: &bool) -> bool {
    !truth
}

deserialize!(FunnelBatch, FunnelEvent, FunnelStep);
