//! The connection to the platform's hosts.

use std::error::Error as _;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use url::{Host, Url};

use super::error::Error;

/// No answer of the platform's but a file is as long.
pub(super) const MAX_BODY: usize = 1024 * 1024;

/// An answer of which nothing is believed yet.
pub(super) struct Raw {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// A client that goes nowhere but where it is sent: no redirects, no proxy that the environment names, no cookies.
pub(crate) fn client(timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(timeout)
        // So that time is left to ask another host.
        .connect_timeout(timeout / 2)
        .user_agent(concat!("wechat-cashier-merchant/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Whether an address may be asked: https, or http on this machine (a simulator).
pub(super) fn is_safe(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    let is_plain =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    is_plain && (url.scheme() == "https" || url.scheme() == "http" && is_loopback)
}

/// Why no whole answer came.
pub(super) struct Failed {
    pub(super) error: Error,
    /// Without a connection, nothing was sent.
    pub(super) was_connected: bool,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, was_connected: true }
    }
}

/// Sends a request and reads the whole answer, of at most so many bytes.
pub(super) async fn send(request: reqwest::RequestBuilder, max_bytes: usize) -> Result<Raw, Failed> {
    let mut response = request.send().await.map_err(failed)?;
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| cut(error, status))? {
        if body.len() + part.len() > max_bytes {
            return Err(Error::unreadable(format!("an answer of more than {} MiB", max_bytes >> 20)).into());
        }
        body.extend_from_slice(&part);
    }
    Ok(Raw { status, headers, body })
}

fn failed(error: reqwest::Error) -> Failed {
    let was_connected = !error.is_connect();
    let error = if error.is_timeout() { Error::TimedOut } else { Error::Unreachable { why: told(error) } };
    Failed { error, was_connected }
}

/// The answer has begun, and does not end as it said.
fn cut(error: reqwest::Error, status: StatusCode) -> Error {
    if error.is_timeout() {
        return Error::TimedOut;
    }
    if status.is_server_error() {
        return Error::Unavailable { status: status.as_u16() };
    }
    Error::unreadable(format!("an answer is cut: {}", told(error)))
}

/// What the network says. Without the address: an address of OAuth holds the app's secret.
pub(crate) fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        told = format!("{told}: {error}");
        source = error.source();
    }
    told
}
