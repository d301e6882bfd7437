//! Whether the platform has said it: the signature of an answer or a notification
//! (<https://wechatpay-api.gitbook.io/wechatpay-api-v3/qian-ming-zhi-nan-1/qian-ming-yan-zheng>).

use std::fmt;

use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use wechat_cashier::contract::Timestamp;

use super::platform_keys::PlatformKeys;

/// How far a message's time may be off, in seconds; so much is refused already, as in wechatpay-go (`core/consts/const.go`).
const MAX_OFF_S: i64 = 5 * 60;
/// What the signature begins with when the platform tries whether we look at it (<https://pay.weixin.qq.com/doc/v3/merchant/4013053249>).
const PROBE: &str = "WECHATPAY/SIGNTEST/";
/// The one kind of signature that is verified here, and the one that is meant where none is named.
const SIGNATURE_TYPE: &str = "WECHATPAY2-SHA256-RSA2048";

/// Why a message is not believed to be the platform's. No text of it holds more of the message than a serial number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unverified {
    /// This header is missing, comes twice or is no text.
    Header(&'static str),
    /// `Wechatpay-Signature-Type` is one that we cannot verify, such as SM2.
    SignatureType,
    /// The platform tries whether signatures are looked at. The true message comes later.
    Probe,
    /// No key with this `Wechatpay-Serial` is known.
    Serial(String),
    /// The certificate with this `Wechatpay-Serial` is not valid now.
    Certificate(String),
    /// The signature is not of this message.
    Signature,
    /// The message is the platform's, but so many seconds old (less than 0: from the future): it is sent again by
    /// someone, or our clock is off.
    Clock {
        /// Our time less the message's, in seconds.
        off_s: i64,
    },
    /// It is the platform's, but about another order or merchant than was asked for.
    OtherOrder,
    /// A file is not the one whose hash the platform has signed.
    Hash,
}

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "the header {name} is missing, double or no text"),
            Self::SignatureType => f.write_str("Wechatpay-Signature-Type is not WECHATPAY2-SHA256-RSA2048"),
            Self::Probe => f.write_str("a probe with a wrong signature (WECHATPAY/SIGNTEST/)"),
            Self::Serial(serial) => write!(f, "no platform key has the serial {serial}"),
            Self::Certificate(serial) => write!(f, "the platform certificate {serial} is not valid now"),
            Self::Signature => f.write_str("the signature does not fit"),
            Self::Clock { off_s } => {
                write!(f, "its time is {off_s} s behind our clock; more than 5 minutes are refused")
            }
            Self::OtherOrder => f.write_str("it is about another order or merchant"),
            Self::Hash => f.write_str("it is not the file whose hash WeChat Pay has signed"),
        }
    }
}

impl std::error::Error for Unverified {}

/// The headers under which a message is signed.
pub(super) struct Signed<'a> {
    timestamp: &'a str,
    seconds: i64,
    nonce: &'a str,
    signature: &'a str,
    pub(super) serial: &'a str,
}

impl<'a> Signed<'a> {
    pub(super) fn read(headers: &'a HeaderMap) -> Result<Self, Unverified> {
        if let Some(kind) = optional(headers, "Wechatpay-Signature-Type")?
            && kind != SIGNATURE_TYPE
        {
            return Err(Unverified::SignatureType);
        }
        let timestamp = one(headers, "Wechatpay-Timestamp")?;
        let is_number = timestamp.len() <= 12 && timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = timestamp.parse().ok().filter(|_| is_number).ok_or(Unverified::Header("Wechatpay-Timestamp"))?;
        Ok(Self {
            timestamp,
            seconds,
            nonce: one(headers, "Wechatpay-Nonce")?,
            signature: one(headers, "Wechatpay-Signature")?,
            serial: one(headers, "Wechatpay-Serial")?,
        })
    }

    /// Whether the holder of `key` has signed this body, now.
    ///
    /// The time is looked at last: whoever reads that it is wrong knows then that it is the platform's time, not anyone's.
    pub(super) fn verify(
        &self,
        body: &[u8],
        key: impl FnOnce(&[u8], &[u8]) -> bool,
        now: Timestamp,
    ) -> Result<(), Unverified> {
        if self.signature.starts_with(PROBE) {
            return Err(Unverified::Probe);
        }
        let signature = BASE64_STANDARD.decode(self.signature).map_err(|_| Unverified::Signature)?;
        let mut message = Vec::with_capacity(self.timestamp.len() + self.nonce.len() + body.len() + 3);
        for part in [self.timestamp.as_bytes(), self.nonce.as_bytes(), body] {
            message.extend_from_slice(part);
            message.push(b'\n');
        }
        if !key(&message, &signature) {
            return Err(Unverified::Signature);
        }
        let off_s = now.millis().div_euclid(1000) - self.seconds;
        if off_s.abs() >= MAX_OFF_S { Err(Unverified::Clock { off_s }) } else { Ok(()) }
    }
}

/// Verifies a message under the keys that are known.
pub(super) fn verify(keys: &PlatformKeys, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Unverified> {
    let signed = Signed::read(headers)?;
    // Before the serial is looked for: a probe may name any.
    if signed.signature.starts_with(PROBE) {
        return Err(Unverified::Probe);
    }
    let key = keys.find(signed.serial, now)?;
    signed.verify(body, |message, signature| key.verifies(message, signature), now)
}

fn one<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, Unverified> {
    optional(headers, name)?.filter(|text| !text.is_empty()).ok_or(Unverified::Header(name))
}

fn optional<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, Unverified> {
    let mut values = headers.get_all(name).iter();
    let Some(first) = values.next() else { return Ok(None) };
    // Which of two is meant cannot be known.
    if values.next().is_some() {
        return Err(Unverified::Header(name));
    }
    first.to_str().map(Some).map_err(|_| Unverified::Header(name))
}
