//! RSA keys, and SHA-256 with RSA (PKCS#1 v1.5): `WECHATPAY2-SHA256-RSA2048`.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey};
use rsa::pkcs1v15::{self, Signature};
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePublicKey, LineEnding};
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer, Verifier};

/// A key that signs.
pub struct SigningKey {
    key: pkcs1v15::SigningKey<Sha256>,
    public_pem: String,
    public_der: Vec<u8>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// Reads a private key: PEM, PKCS#8 or PKCS#1. None when it is neither.
    pub fn from_pem(pem: &str) -> Option<Self> {
        let key = rsa::PrivateKey::from_pkcs8_pem(pem).or_else(|_| rsa::PrivateKey::from_pkcs1_pem(pem)).ok()?;
        let public = key.to_public_key();
        Some(Self {
            public_pem: public.to_public_key_pem(LineEnding::LF).ok()?,
            public_der: public.to_public_key_der().ok()?.into_vec(),
            key: pkcs1v15::SigningKey::new(key),
        })
    }

    /// The signature of a message, in base64.
    pub fn sign(&self, message: &[u8]) -> String {
        BASE64_STANDARD.encode(self.sign_bytes(message))
    }

    pub(super) fn sign_bytes(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).to_vec()
    }

    /// Its public half as PEM (SPKI).
    pub fn public_pem(&self) -> &str {
        &self.public_pem
    }

    pub(super) fn public_der(&self) -> &[u8] {
        &self.public_der
    }
}

/// A key that verifies.
#[derive(Clone, Debug)]
pub struct PublicKey(pkcs1v15::VerifyingKey<Sha256>);

impl PublicKey {
    /// Reads a public key: PEM, SPKI or PKCS#1. None when it is neither.
    pub fn from_pem(pem: &str) -> Option<Self> {
        let key = rsa::PublicKey::from_public_key_pem(pem).or_else(|_| rsa::PublicKey::from_pkcs1_pem(pem)).ok()?;
        Some(Self(pkcs1v15::VerifyingKey::new(key)))
    }

    /// Whether a signature in base64 is this key's over the message.
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let Ok(bytes) = BASE64_STANDARD.decode(signature) else { return false };
        let Ok(signature) = Signature::try_from(bytes.as_slice()) else { return false };
        self.0.verify(message, &signature).is_ok()
    }
}
