//! AES-256-GCM with a merchant's APIv3 key: `AEAD_AES_256_GCM`.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

/// What is sent in place of a plaintext.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// `AEAD_AES_256_GCM`.
    pub algorithm: String,
    /// 12 characters.
    pub nonce: String,
    /// What is authenticated with it; may be empty.
    pub associated_data: String,
    /// The ciphertext and its tag of 16 bytes, in base64.
    pub ciphertext: String,
}

/// Encrypts under a key of 32 bytes and a nonce of 12. None when one of them has another length.
pub fn seal(key: &[u8], nonce: &str, associated_data: &str, plaintext: &[u8]) -> Option<Sealed> {
    let cipher = Aes256Gcm::new_from_slice(key).ok()?;
    let payload = Payload { msg: plaintext, aad: associated_data.as_bytes() };
    let ciphertext = cipher.encrypt(&Nonce::try_from(nonce.as_bytes()).ok()?, payload).ok()?;
    Some(Sealed {
        algorithm: "AEAD_AES_256_GCM".to_owned(),
        nonce: nonce.to_owned(),
        associated_data: associated_data.to_owned(),
        ciphertext: BASE64_STANDARD.encode(ciphertext),
    })
}

/// Decrypts. None when anything about it is not as it was sealed.
pub fn open(key: &[u8], sealed: &Sealed) -> Option<Vec<u8>> {
    let cipher = Aes256Gcm::new_from_slice(key).ok()?;
    let ciphertext = BASE64_STANDARD.decode(&sealed.ciphertext).ok()?;
    let payload = Payload { msg: &ciphertext, aad: sealed.associated_data.as_bytes() };
    cipher.decrypt(&Nonce::try_from(sealed.nonce.as_bytes()).ok()?, payload).ok()
}
