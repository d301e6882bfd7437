//! Signing what a page hands to WeChat, with the merchant's private key.

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::signature::{SignatureEncoding, Signer};
use sha2::Sha256;

use crate::platform::Signed;

/// The sandbox's own key. Everyone has it, it opens nothing; a real one is never in a repository.
static KEY: LazyLock<Option<SigningKey<Sha256>>> = LazyLock::new(|| {
    let pem = include_str!("../keys/merchant_private.pem");
    rsa::PrivateKey::from_pkcs8_pem(pem).ok().map(SigningKey::new)
});

/// `paySign`: base64 of RSA-SHA256 (docs/platform.md, 1.1). None when the key file is not a key.
pub(super) fn pay_sign(signed: Signed<'_>) -> Option<String> {
    let signature = KEY.as_ref()?.try_sign(signed.message().as_bytes()).ok()?;
    Some(BASE64_STANDARD.encode(signature.to_bytes()))
}
