//! The keys with which the platform may sign, found by `Wechatpay-Serial`.
//!
//! A merchant has platform certificates, a public key of the platform, or both while it changes from the one to the other:
//! for days some answers and notifications are signed by this and some by that
//! (<https://pay.weixin.qq.com/doc/v3/merchant/4012154180>). So all that are known count, each for its own serial.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use wechat_cashier::contract::Timestamp;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::pem;
use super::verify::Unverified;

/// A serial number as it stands in a message or an error: no longer than one can be.
const MAX_SERIAL: usize = 64;

/// The keys with which the platform may sign.
#[derive(Default)]
pub struct PlatformKeys {
    configured: BTreeMap<String, Arc<PlatformKey>>,
    downloaded: RwLock<BTreeMap<String, Arc<PlatformKey>>>,
}

/// One of them.
pub(super) struct PlatformKey {
    key: ParsedPublicKey,
    /// When it is valid, in seconds since 1970, both included: certificates only.
    valid_s: Option<(i64, i64)>,
}

impl fmt::Debug for PlatformKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let downloaded = self.downloaded();
        f.debug_struct("PlatformKeys")
            .field("configured", &self.configured.keys())
            .field("downloaded", &downloaded.keys())
            .finish()
    }
}

/// What is wrong with a platform key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlatformKeyFault {
    /// The id of a public key begins with `PUB_KEY_ID_`.
    Id,
    /// It is no PEM of this kind: `PUBLIC KEY` or `CERTIFICATE`.
    Pem(&'static str),
    /// It is no RSA key of 2048 to 8192 bits.
    Key,
    /// It is no X.509 certificate.
    Certificate,
}

impl fmt::Display for PlatformKeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id => f.write_str("the id of a platform public key begins with PUB_KEY_ID_"),
            Self::Pem(label) => write!(f, "it is no PEM file that begins with -----BEGIN {label}-----"),
            Self::Key => f.write_str("it is no RSA key of 2048 bits or more"),
            Self::Certificate => f.write_str("it is no X.509 certificate"),
        }
    }
}

impl std::error::Error for PlatformKeyFault {}

impl PlatformKeys {
    /// Adds a public key of the platform: its id (`PUB_KEY_ID_…`) and its PEM, both from the merchant platform's pages.
    ///
    /// # Errors
    /// When it is none.
    pub fn with_public_key(mut self, id: &str, public_key: &str) -> Result<Self, PlatformKeyFault> {
        let is_an_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && id.len() <= MAX_SERIAL;
        if !id.starts_with("PUB_KEY_ID_") || !is_an_id {
            return Err(PlatformKeyFault::Id);
        }
        let kind = "PUBLIC KEY";
        let block = pem::first(public_key).filter(|block| block.label == kind).ok_or(PlatformKeyFault::Pem(kind))?;
        let key = Arc::new(PlatformKey { key: parsed(&block.der)?, valid_s: None });
        self.configured.insert(id.to_owned(), key);
        Ok(self)
    }

    /// Adds a platform certificate that the merchant has at hand. Downloaded ones come to it by themselves.
    ///
    /// # Errors
    /// When it is none.
    pub fn with_certificate(mut self, certificate: &str) -> Result<Self, PlatformKeyFault> {
        let (serial, key) = PlatformKey::of_certificate(certificate)?;
        self.configured.insert(serial, Arc::new(key));
        Ok(self)
    }

    /// Whether no key is known, so that nothing could be verified.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.configured.is_empty() && self.downloaded().is_empty()
    }

    /// Whether the merchant has brought keys of its own.
    pub(super) fn has_configured(&self) -> bool {
        !self.configured.is_empty()
    }

    /// Puts these in the place of what was downloaded before.
    pub(super) fn replace_downloaded(&self, certificates: BTreeMap<String, Arc<PlatformKey>>) {
        *self.downloaded.write().unwrap_or_else(PoisonError::into_inner) = certificates;
    }

    /// The key of this serial.
    pub(super) fn find(&self, serial: &str, now: Timestamp) -> Result<Arc<PlatformKey>, Unverified> {
        let normal = normal(serial);
        let known =
            self.configured.get(normal).map(Arc::clone).or_else(|| self.downloaded().get(normal).map(Arc::clone));
        let key = known.ok_or_else(|| Unverified::Serial(shortened(serial)))?;
        if key.is_valid(now) { Ok(key) } else { Err(Unverified::Certificate(shortened(serial))) }
    }

    /// The serial that is sent along with requests, so that the platform signs its answer with this key: the public key where
    /// there is one (needed then, <https://pay.weixin.qq.com/doc/v3/merchant/4012154180>), otherwise the certificate that is
    /// valid for longest, as wechatpay-go does. None while none is known.
    pub(super) fn preferred_serial(&self, now: Timestamp) -> Option<String> {
        if let Some((id, _)) = self.configured.iter().find(|(_, key)| key.valid_s.is_none()) {
            return Some(id.clone());
        }
        let downloaded = self.downloaded();
        let all = self.configured.iter().chain(downloaded.iter()).filter(|(_, key)| key.is_valid(now));
        all.max_by_key(|(_, key)| key.valid_s).map(|(serial, _)| serial.clone())
    }

    /// All serials, with the second at which each ends.
    pub(super) fn serials(&self) -> Vec<(String, Option<i64>)> {
        let downloaded = self.downloaded();
        let all = self.configured.iter().chain(downloaded.iter());
        all.map(|(serial, key)| (serial.clone(), key.valid_s.map(|(_, until)| until))).collect()
    }

    /// Until when, in seconds since 1970, the downloaded certificate reaches that is valid for longest.
    pub(super) fn downloaded_until_s(&self) -> Option<i64> {
        self.downloaded().values().filter_map(|key| key.valid_s).map(|(_, until)| until).max()
    }

    fn downloaded(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<String, Arc<PlatformKey>>> {
        // A map that is replaced whole is whole, whatever has panicked meanwhile.
        self.downloaded.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PlatformKey {
    /// Of a certificate in PEM, with its serial number.
    ///
    /// Its chain is not looked at, as in the official SDKs (`RSACertificateHandler` of wechatpay-java: so that an expired
    /// root does not stop payments): what makes it the platform's is where it came from.
    pub(super) fn of_certificate(text: &str) -> Result<(String, Self), PlatformKeyFault> {
        let kind = "CERTIFICATE";
        let block = pem::first(text).filter(|block| block.label == kind).ok_or(PlatformKeyFault::Pem(kind))?;
        let (_, certificate) = X509Certificate::from_der(&block.der).map_err(|_| PlatformKeyFault::Certificate)?;
        let validity = certificate.validity();
        let valid_s = Some((validity.not_before.timestamp(), validity.not_after.timestamp()));
        let serial: String =
            certificate.tbs_certificate.raw_serial().iter().map(|byte| format!("{byte:02X}")).collect();
        let key = parsed(certificate.public_key().raw)?;
        Ok((normal(&serial).to_owned(), Self { key, valid_s }))
    }

    /// Whether its holder has signed this.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }

    pub(super) fn is_valid(&self, now: Timestamp) -> bool {
        self.valid_s.is_none_or(|(from, until)| (from..=until).contains(&now.millis().div_euclid(1000)))
    }
}

/// Reads a SubjectPublicKeyInfo.
fn parsed(der: &[u8]) -> Result<ParsedPublicKey, PlatformKeyFault> {
    ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).map_err(|_| PlatformKeyFault::Key)
}

/// A certificate's serial number is a number: some write zeros before it. A public key's id is a text.
pub(super) fn normal(serial: &str) -> &str {
    serial.trim_start_matches('0')
}

fn shortened(serial: &str) -> String {
    serial.chars().take(MAX_SERIAL).collect()
}
