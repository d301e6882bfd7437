//! One request and its answer: signed, sent, verified.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use reqwest::RequestBuilder;
use serde::de::DeserializeOwned;
use tracing::Instrument;
use url::Url;
use wechat_cashier::contract::Timestamp;

use super::account::Account;
use super::error::{Error, Refusal};
use super::http::{self, Failed, Raw};
use super::platform_keys::PlatformKeys;
use super::reach::Reach;
use super::sign::{self, Request};
use super::verify::verify;
use crate::clock::Clock;
use crate::{metrics, traces};

/// All that a request needs.
#[derive(Debug)]
pub(super) struct Exchange {
    /// In the order in which they are asked.
    pub(super) hosts: Vec<Url>,
    pub(super) account: Account,
    pub(super) keys: PlatformKeys,
    pub(super) http: reqwest::Client,
    pub(super) clock: Arc<dyn Clock>,
    /// What came of the last calls, for a person.
    pub(super) reach: Reach,
}

/// An answer that the platform has signed.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Exchange {
    /// Sends a request. What comes back is signed by the platform and says that all is well. `target`: path and query.
    pub(super) async fn call(&self, method: Method, target: &str, body: Option<&str>) -> Result<Answer, Error> {
        let began = Instant::now();
        let answer = match self.send(method, target, body).await {
            Ok(raw) => self.judge(raw),
            Err(error) => Err(error),
        };
        self.reach.came_of(&answer, self.now());
        metrics::asked(target, answer.as_ref().map_or_else(Error::word, |_| "ok"), began.elapsed());
        answer
    }

    pub(super) async fn send(&self, method: Method, target: &str, body: Option<&str>) -> Result<Raw, Error> {
        let request = |host: &Url| self.request(host, method.clone(), target, body);
        self.traced(&method, target, self.send_to_one(request, http::MAX_BODY)).await
    }

    /// As a span.
    async fn traced(
        &self,
        method: &Method,
        target: &str,
        sent: impl Future<Output = Result<Raw, Error>>,
    ) -> Result<Raw, Error> {
        let span = traces::platform(method, &metrics::call(target));
        let answered = sent.instrument(span.clone()).await;
        match &answered {
            Ok(raw) => traces::asked(&span, raw.status, &raw.headers),
            Err(error) => traces::failed(&span, error.word()),
        }
        answered
    }

    /// Sends a request whose answer is a file of at most so many bytes, of which nothing is signed.
    pub(super) async fn download(&self, target: &str, within: Duration, max_bytes: usize) -> Result<Raw, Error> {
        let any = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("*/*"))]);
        let request =
            |host: &Url| Ok(self.request(host, Method::GET, target, None)?.headers(any.clone()).timeout(within));
        self.traced(&Method::GET, target, self.send_to_one(request, max_bytes)).await
    }

    /// To the first host with which a connection comes about.
    async fn send_to_one(
        &self,
        request: impl Fn(&Url) -> Result<RequestBuilder, Error>,
        max_bytes: usize,
    ) -> Result<Raw, Error> {
        let mut failure = Error::NotSent { why: "there is no host" };
        for host in &self.hosts {
            match http::send(request(host)?, max_bytes).await {
                Err(Failed { error, was_connected: false }) => failure = error,
                answered => return answered.map_err(|failed| failed.error),
            }
        }
        Err(failure)
    }

    fn request(&self, host: &Url, method: Method, target: &str, body: Option<&str>) -> Result<RequestBuilder, Error> {
        let host = host.as_str().trim_end_matches('/');
        let url =
            Url::parse(&[host, target].concat()).map_err(|_| Error::NotSent { why: "its address cannot be built" })?;
        let nonce = nonce()?;
        let signed = Request {
            method: method.as_str(),
            // As it is sent: a base address may have a path as well.
            target: &url[url::Position::BeforePath..],
            body: body.unwrap_or_default(),
            timestamp: self.now_s(),
            nonce: &nonce,
        };
        let authorization = signed.authorization(&self.account).ok_or(UNSIGNED)?;
        let mut authorization = HeaderValue::try_from(authorization).map_err(|_| UNSIGNED)?;
        authorization.set_sensitive(true);
        let mut request = self
            .http
            .request(method, url.clone())
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, authorization);
        if let Some(serial) = self.keys.preferred_serial(self.now()) {
            request = request.header("Wechatpay-Serial", serial);
        }
        if let Some(body) = body {
            request = request.body(body.to_owned());
        }
        Ok(request)
    }

    /// Whether it is the platform's, and what it says.
    pub(super) fn judge(&self, raw: Raw) -> Result<Answer, Error> {
        let Raw { status, headers, body } = raw;
        let verified = verify(&self.keys, &headers, &body, self.now());
        // That it was too often, or that something failed, is believed without a signature: nothing follows about an order, and
        // a gateway in front of the platform signs nothing.
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Error::RateLimited { retry_after: retry_after(&headers) });
        }
        if let Err(why) = verified {
            if status.is_server_error() {
                return Err(Error::Unavailable { status: status.as_u16() });
            }
            let claims = if status.is_success() { None } else { Refusal::claimed(&headers, &body) };
            return Err(Error::NotVerified { why, status: status.as_u16(), claims });
        }
        // 202 may say USER_PAYING: not done, and not yet refused (<https://pay.weixin.qq.com/doc/v3/merchant/4012556398>).
        let may_refuse = !status.is_success() || status == StatusCode::ACCEPTED;
        Err(match Refusal::read(status.as_u16(), &headers, &body).filter(|_| may_refuse) {
            Some(refusal) => Error::Refused(refusal),
            None if status.is_success() => return Ok(Answer { status, headers, body }),
            None if status.is_server_error() => Error::Unavailable { status: status.as_u16() },
            None => Error::unreadable(format!("a signed answer of status {} has no code", status.as_u16())),
        })
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// In seconds since 1970.
    pub(super) fn now_s(&self) -> i64 {
        self.now().millis().div_euclid(1000)
    }
}

/// The crypto library failed.
pub(super) const UNSIGNED: Error = Error::NotSent { why: "it cannot be signed" };

pub(super) fn nonce() -> Result<String, Error> {
    sign::nonce().map_err(|_| UNSIGNED)
}

impl Answer {
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("none");
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Error::unreadable(format!("its type is {}", kind.chars().take(64).collect::<String>())));
        }
        // serde_json's message may repeat a value; the place is enough.
        serde_json::from_slice(&self.body).map_err(|error| {
            Error::unreadable(format!("no such JSON as expected, at line {} column {}", error.line(), error.column()))
        })
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse::<u32>().ok()?;
    Some(Duration::from_secs(seconds.into()))
}
