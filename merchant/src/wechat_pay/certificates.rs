//! Platform certificates: what `GET /v3/certificates` answers, and when to ask again.
//!
//! The first answer is signed by a key that only the answer itself brings. It is believed because the certificate in it was
//! enciphered under the APIv3 key, which only the merchant and the platform have (AES-GCM is authentic as well as secret), came
//! over TLS, and has signed this very answer. So do the platform's own tools: CertificateDownloader
//! (<https://github.com/wechatpay-apiv3/CertificateDownloader>, `decryptAndValidate`) verifies the answer by the certificates
//! that it brings; wechatpay-go (`core/downloader/downloader.go`) and wechatpay-java (`RSAAutoCertificateProvider`) do not even
//! do that. Where a key that is known already has signed the answer, that key decides.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::HeaderMap;
use serde::Deserialize;
use wechat_cashier::contract::Timestamp;

use super::cipher::{AEAD_AES_256_GCM, Cipher, Enciphered};
use super::error::Error;
use super::platform_keys::{PlatformKey, PlatformKeys, normal};
use super::verify::{Signed, Unverified};

/// A new certificate is listed 24 hours before it signs, and one shall ask more often than each 12 hours
/// (<https://pay.weixin.qq.com/wiki/doc/api_external/ch/apis/chapter3_2_8.shtml>).
const RENEW_MS: i64 = 6 * 60 * 60 * 1000;
/// When the last certificate that is known ends so soon, it is asked for again each hour.
const SOON_MS: i64 = 48 * 60 * 60 * 1000;
const SOON_AGAIN_MS: i64 = 60 * 60 * 1000;
/// After a failure.
const RETRY_MS: i64 = 60 * 1000;

#[derive(Deserialize)]
struct Listed {
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    serial_no: String,
    encrypt_certificate: Enciphered,
}

/// Reads an answer of status 200 and verifies it. The certificates by their serials.
pub(super) fn read(
    cipher: &Cipher,
    keys: &PlatformKeys,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<BTreeMap<String, Arc<PlatformKey>>, Error> {
    let signed = Signed::read(headers).map_err(Error::unverified)?;
    // Nothing of it is believed yet but what the APIv3 key opens.
    let listed: Listed =
        serde_json::from_slice(body).map_err(|_| Error::unreadable("the list of certificates is no such JSON"))?;
    let mut certificates = BTreeMap::new();
    for Entry { serial_no, encrypt_certificate } in listed.data {
        // A merchant of the SM2 mode has others as well.
        if encrypt_certificate.algorithm != AEAD_AES_256_GCM {
            continue;
        }
        let opened = cipher.open(&encrypt_certificate);
        let text = opened.ok_or_else(|| Error::unreadable("a certificate cannot be deciphered with the APIv3 key"))?;
        let text = String::from_utf8(text).map_err(|_| Error::unreadable("a certificate is no text"))?;
        let (serial, key) =
            PlatformKey::of_certificate(&text).map_err(|_| Error::unreadable("a certificate cannot be read"))?;
        if serial != normal(&serial_no) {
            return Err(Error::unreadable("a certificate has another serial number than it is listed under"));
        }
        certificates.insert(serial, Arc::new(key));
    }
    let signer = match keys.find(signed.serial, now) {
        Ok(known) => known,
        Err(unknown) => {
            let brought = certificates.get(normal(signed.serial)).ok_or_else(|| Error::unverified(unknown))?;
            if !brought.is_valid(now) {
                return Err(Error::unverified(Unverified::Certificate(signed.serial.chars().take(64).collect())));
            }
            Arc::clone(brought)
        }
    };
    signed.verify(body, |message, signature| signer.verifies(message, signature), now).map_err(Error::unverified)?;
    if !certificates.values().any(|key| key.is_valid(now)) {
        return Err(Error::unreadable("no certificate in the list is valid now"));
    }
    Ok(certificates)
}

/// When to ask, after what happened last.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Schedule {
    succeeded: Option<Timestamp>,
    failed: Option<Timestamp>,
}

impl Schedule {
    /// What came of an attempt at `now`.
    pub(super) fn tried(&mut self, now: Timestamp, succeeded: bool) {
        if succeeded {
            *self = Self { succeeded: Some(now), failed: None };
        } else {
            self.failed = Some(now);
        }
    }

    /// When to ask next. `until_s`: when the last certificate ends. At once, if never asked.
    pub(super) fn next(&self, until_s: Option<i64>) -> Timestamp {
        if let Some(failed) = self.failed {
            return after(failed, RETRY_MS);
        }
        let Some(succeeded) = self.succeeded else { return Timestamp::from_millis(0) };
        let until = until_s.unwrap_or(0).saturating_mul(1000);
        let soon = until.saturating_sub(succeeded.millis()) < SOON_MS;
        after(succeeded, if soon { SOON_AGAIN_MS } else { RENEW_MS })
    }
}

fn after(at: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(at.millis().saturating_add(millis))
}

#[cfg(test)]
mod tests {
    use wechat_cashier::contract::Timestamp;

    use super::Schedule;

    const HOUR: i64 = 60 * 60 * 1000;

    #[test]
    fn certificates_are_asked_for_at_once_then_in_time_and_soon_after_a_failure() {
        let at = |millis| Timestamp::from_millis(millis);
        let mut schedule = Schedule::default();
        assert_eq!(schedule.next(None), at(0));
        let now = 1_000_000 * HOUR;
        schedule.tried(at(now), true);
        let far = Some((now + 100 * HOUR) / 1000);
        assert_eq!(schedule.next(far), at(now + 6 * HOUR));
        let near = Some((now + 47 * HOUR) / 1000);
        assert_eq!(schedule.next(near), at(now + HOUR));
        schedule.tried(at(now + HOUR), false);
        assert_eq!(schedule.next(far), at(now + HOUR + 60_000));
        schedule.tried(at(now + 2 * HOUR), true);
        assert_eq!(schedule.next(far), at(now + 8 * HOUR));
    }
}
