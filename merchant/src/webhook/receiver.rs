//! The shop's address, and one try there.

use axum::http::{HeaderMap, StatusCode, header};
use tracing::Instrument;
use url::Url;
use wechat_cashier::contract::Timestamp;

use super::sign::{Signer, seconds};
use super::{Kind, Message};
use crate::config::Webhooks;
use crate::traces;
use crate::wechat_pay::http::{client, told};

/// So many bytes of what a receiver says that did not take it are read, and so many characters kept, for a person.
const READ_BYTES: usize = 1024;
const KEPT_CHARS: usize = 200;

/// Where the shop is told.
#[derive(Debug)]
pub struct Receiver {
    url: Url,
    signer: Signer,
    kinds: Vec<Kind>,
    http: reqwest::Client,
    limit_ms: i64,
}

/// What came of a try.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// The status of the answer. None: there was none.
    pub status: Option<u16>,
    /// Why it did not arrive, in the receiver's words or the network's.
    pub error: Option<String>,
    /// For how long the receiver wants to be left alone.
    pub retry_after_s: Option<u32>,
}

impl Answered {
    /// Whether the receiver has taken it.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

impl Receiver {
    /// The one that the configuration names.
    ///
    /// # Errors
    /// A secret that is none, or no TLS on this machine.
    pub fn new(settings: &Webhooks) -> Result<Self, String> {
        let Webhooks { url, secrets, types, timeout } = settings;
        Ok(Self {
            url: url.clone(),
            signer: Signer::new(secrets.iter().map(|secret| secret.expose()))?,
            kinds: types.clone(),
            http: client(*timeout).map_err(|error| error.to_string())?,
            limit_ms: i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX),
        })
    }

    /// Whether it wants to hear of such events.
    #[must_use]
    pub fn wants(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// How long a try takes at most, in milliseconds.
    #[must_use]
    pub const fn limit_ms(&self) -> i64 {
        self.limit_ms
    }

    /// Sends a message once, signed for `now`. No redirect is followed.
    pub async fn send(&self, Message { id, kind, body }: &Message, now: Timestamp) -> Answered {
        let span = traces::webhook(id, kind);
        let request = self
            .http
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds(now))
            .header("webhook-signature", self.signer.sign(id, now, body))
            .body(body.clone());
        match request.send().instrument(span.clone()).await {
            Ok(response) => {
                traces::responded(&span, response.status());
                answered(response).instrument(span).await
            }
            Err(error) => {
                traces::failed(&span, if error.is_timeout() { "timeout" } else { "unreachable" });
                Answered { error: Some(failed(error)), ..Answered::default() }
            }
        }
    }
}

async fn answered(mut response: reqwest::Response) -> Answered {
    let (status, retry_after_s) = (response.status(), retry_after(response.headers()));
    if status.is_success() {
        return Answered { status: Some(status.as_u16()), ..Answered::default() };
    }
    let mut said = Vec::new();
    // What does not come any more is no loss: the status says enough.
    while said.len() < READ_BYTES
        && let Ok(Some(part)) = response.chunk().await
    {
        said.extend_from_slice(&part);
    }
    Answered { status: Some(status.as_u16()), error: Some(shortened(status, &said)), retry_after_s }
}

fn retry_after(headers: &HeaderMap) -> Option<u32> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

fn shortened(status: StatusCode, said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let text: String = said.trim().chars().filter(|char| !char.is_control()).take(KEPT_CHARS).collect();
    if text.is_empty() { status.canonical_reason().unwrap_or("no reason given").to_owned() } else { text }
}

fn failed(error: reqwest::Error) -> String {
    if error.is_timeout() { "no answer in time".to_owned() } else { told(error) }
}
