//! The platform's signature under an answer or a notification (docs/platform.md, 7.1).

use wechat_cashier::contract::Timestamp;

use crate::crypto::SigningKey;

/// Before the signature of a probe, which must not verify.
pub(crate) const SIGN_TEST: &str = "WECHATPAY/SIGNTEST/";

/// The serial number of no key.
pub(crate) const NO_SERIAL: &str = "0000000000000000000000000000000000000000";

/// The four headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) serial: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
    pub(crate) signature: String,
}

impl Stamp {
    pub(crate) fn new(serial: &str, key: &SigningKey, nonce: &str, body: &str, at: Timestamp) -> Self {
        let timestamp = at.millis().div_euclid(1000).to_string();
        let signature = key.sign(format!("{timestamp}\n{nonce}\n{body}\n").as_bytes());
        Self { serial: serial.to_owned(), timestamp, nonce: nonce.to_owned(), signature }
    }

    pub(crate) fn headers(&self) -> [(&'static str, &str); 5] {
        [
            ("Wechatpay-Serial", &self.serial),
            ("Wechatpay-Timestamp", &self.timestamp),
            ("Wechatpay-Nonce", &self.nonce),
            ("Wechatpay-Signature", &self.signature),
            ("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048"),
        ]
    }
}

/// A signature with one bit changed.
pub(crate) fn spoilt(signature: &str) -> String {
    let changed = if signature.starts_with('A') { "B" } else { "A" };
    format!("{changed}{}", signature.get(1..).unwrap_or_default())
}
