//! The calls of APIv3 that a cashier needs.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode};
use url::Url;
use wechat_cashier::contract::{JsapiParams, Timestamp};

use super::account::Account;
use super::certificates::{self, Schedule};
use super::error::Error;
use super::exchange::{Exchange, UNSIGNED, nonce};
use super::http;
use super::notification::{self, Notification, Refused};
use super::payee::{Payee, Sub};
use super::platform_keys::PlatformKeys;
use super::reach::{Reach, Reached};
use super::sign;
use crate::clock::Clock;

/// What a client is made of.
#[derive(Debug)]
pub struct Settings {
    /// The platform: `https://api.mch.weixin.qq.com`. http only on this machine.
    pub base_url: Url,
    /// Asked where no connection to `base_url` comes about: `https://api2.mch.weixin.qq.com`, the same service at another place
    /// (<https://pay.weixin.qq.com/docs/merchant/apis/code-payment-v3/direct/reverse.html>). Nothing was sent then, so that
    /// asking again is harmless.
    pub second_url: Option<Url>,
    /// Who we are.
    pub account: Account,
    /// The platform's keys that the merchant has.
    pub platform_keys: PlatformKeys,
    /// How long an answer may take, as a whole and from each host. 5 s are usual.
    pub timeout: Duration,
    /// Whether the platform's certificates are to be downloaded, by [`Client::renew_certificates`].
    pub use_certificates: bool,
}

/// What is wrong with the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsFault {
    /// An address is not of https (or of http on this machine), or has more in it than a host and a path.
    Url,
    /// There is no key of the platform and none is to be downloaded: nothing could be verified.
    NoPlatformKey,
    /// The HTTP client cannot be made: no TLS roots on this machine, as a rule.
    Http,
}

impl fmt::Display for SettingsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "WeChat Pay's address must begin with https:// (http:// only on this machine)",
            Self::NoPlatformKey => "there is no platform public key, and certificates are not to be downloaded",
            Self::Http => "no HTTPS client can be made on this machine",
        })
    }
}

impl std::error::Error for SettingsFault {}

/// A client of APIv3 for one merchant.
#[derive(Debug)]
pub struct Client {
    pub(super) exchange: Exchange,
    /// Where certificates are used.
    schedule: Option<Mutex<Schedule>>,
}

impl Client {
    /// A client.
    ///
    /// # Errors
    /// When nothing could come of it.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, SettingsFault> {
        let Settings { base_url, second_url, account, platform_keys: keys, timeout, use_certificates } = settings;
        let hosts: Vec<_> = std::iter::once(base_url).chain(second_url).collect();
        if !hosts.iter().all(http::is_safe) {
            return Err(SettingsFault::Url);
        }
        if keys.is_empty() && !use_certificates {
            return Err(SettingsFault::NoPlatformKey);
        }
        let http = http::client(timeout).map_err(|_| SettingsFault::Http)?;
        let exchange = Exchange { hosts, account, keys, http, clock, reach: Reach::default() };
        Ok(Self { exchange, schedule: use_certificates.then(Mutex::default) })
    }

    /// The merchant's number.
    #[must_use]
    pub fn mchid(&self) -> &str {
        self.exchange.account.mchid()
    }

    /// What came of the last calls, for a person.
    #[must_use]
    pub fn reached(&self) -> Reached {
        self.exchange.reach.look()
    }

    /// The serials by which the platform may sign, each with the second since 1970 at which it ends; a public key does not.
    #[must_use]
    pub fn platform_serials(&self) -> Vec<(String, Option<i64>)> {
        self.exchange.keys.serials()
    }

    /// The calls about orders of one payee: a sub-merchant of ours, or, without one, ourselves.
    #[must_use]
    pub fn of<'a>(&'a self, sub: Option<Sub<'a>>) -> Payee<'a> {
        Payee { client: self, sub }
    }

    /// Downloads the platform's certificates. Those that are known stay until others have come. Without certificates in the
    /// settings it does nothing.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn renew_certificates(&self) -> Result<(), Error> {
        let Some(schedule) = &self.schedule else { return Ok(()) };
        let renewed = match self.download_certificates().await {
            // The merchant has a public key and no certificates, as wechatpay-java has it (`CertificateDownloader.java`).
            Err(Error::Refused(none)) if none.status == 404 && self.exchange.keys.has_configured() => Ok(()),
            renewed => renewed,
        };
        let mut schedule = schedule.lock().unwrap_or_else(PoisonError::into_inner);
        schedule.tried(self.exchange.now(), renewed.is_ok());
        renewed
    }

    /// When [`Client::renew_certificates`] is to be called next: long ago at first, later within hours, and a minute after a
    /// failure. None where certificates are not used.
    #[must_use]
    pub fn certificates_due(&self) -> Option<Timestamp> {
        let schedule = self.schedule.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        Some(schedule.next(self.exchange.keys.downloaded_until_s()))
    }

    /// Reads a notification: verified first, then deciphered.
    ///
    /// # Errors
    /// When anything is wrong with it; the answer to the platform is then a 4xx or 5xx.
    pub fn notification(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notification, Refused> {
        notification::read(&self.exchange.account, &self.exchange.keys, headers, body, self.exchange.now())
    }

    /// The parameters with which a page in WeChat opens the payment.
    ///
    /// # Errors
    /// [`Error::NotSent`] when the crypto library fails.
    pub fn jsapi_params(&self, appid: &str, prepay_id: &str) -> Result<JsapiParams, Error> {
        let nonce = nonce()?;
        sign::jsapi_params(&self.exchange.account, appid, prepay_id, self.exchange.now_s(), nonce).ok_or(UNSIGNED)
    }

    async fn download_certificates(&self) -> Result<(), Error> {
        let raw = self.exchange.send(Method::GET, "/v3/certificates", None).await?;
        let now = self.exchange.now();
        if raw.status != StatusCode::OK {
            return Err(match self.exchange.judge(raw) {
                Ok(answer) => {
                    Error::unreadable(format!("certificates are answered by {}, not 200", answer.status.as_u16()))
                }
                Err(error) => error,
            });
        }
        let certificates =
            certificates::read(&self.exchange.account.cipher, &self.exchange.keys, &raw.headers, &raw.body, now)?;
        self.exchange.keys.replace_downloaded(certificates);
        Ok(())
    }
}

/// A part of a path or query: all that is not a letter, a digit, `-` or `_` by its percent code, so that no two readers of the
/// address can differ about the text that is signed (`|` and `*` may stand in an out_trade_no).
pub(super) fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
