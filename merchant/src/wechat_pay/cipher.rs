//! AES-256-GCM under the APIv3 key: what notifications and platform certificates are enciphered with
//! (<https://pay.weixin.qq.com/doc/v3/merchant/4012071382>).

use aws_lc_rs::aead::{AES_256_GCM, Aad, Algorithm, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use zeroize::Zeroizing;

/// The one algorithm that is deciphered here.
pub(super) const AEAD_AES_256_GCM: &str = "AEAD_AES_256_GCM";

/// Something enciphered, as APIv3 writes it.
#[derive(Deserialize)]
pub(super) struct Enciphered {
    pub(super) algorithm: String,
    /// base64 of the ciphertext and its 16 bytes of tag.
    pub(super) ciphertext: String,
    #[serde(default)]
    pub(super) associated_data: Option<String>,
    /// Twelve bytes, as text.
    pub(super) nonce: String,
}

/// An APIv3 key. No `Debug`: nothing prints it.
pub(super) struct Cipher {
    key: Zeroizing<Vec<u8>>,
    algorithm: &'static Algorithm,
}

impl Cipher {
    /// Of the APIv3 key. None when it is not of 32 bytes.
    pub(super) fn new(apiv3_key: &str) -> Option<Self> {
        Self::of(&AES_256_GCM, apiv3_key)
    }

    /// The examples that wechatpay-go publishes have keys of 16 bytes, which Go takes for AES-128.
    #[cfg(test)]
    pub(super) fn of_128_bits(key: &str) -> Option<Self> {
        Self::of(&aws_lc_rs::aead::AES_128_GCM, key)
    }

    fn of(algorithm: &'static Algorithm, key: &str) -> Option<Self> {
        (key.len() == algorithm.key_len()).then(|| Self { key: Zeroizing::new(key.as_bytes().to_vec()), algorithm })
    }

    /// What was enciphered. None for any fault: which one it was is no one's business who does not have the key.
    pub(super) fn open(&self, enciphered: &Enciphered) -> Option<Vec<u8>> {
        if enciphered.algorithm != AEAD_AES_256_GCM {
            return None;
        }
        let nonce: [u8; NONCE_LEN] = enciphered.nonce.as_bytes().try_into().ok()?;
        let mut text = BASE64_STANDARD.decode(&enciphered.ciphertext).ok()?;
        let key = LessSafeKey::new(UnboundKey::new(self.algorithm, &self.key).ok()?);
        let associated = Aad::from(enciphered.associated_data.as_deref().unwrap_or_default());
        let length = key.open_in_place(Nonce::assume_unique_for_key(nonce), associated, &mut text).ok()?.len();
        text.truncate(length);
        Some(text)
    }
}
