//! The merchant's account at the platform.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::cipher::Cipher;
use super::pem;

/// The merchant's account: who it is, and its two secrets.
pub struct Account {
    mchid: String,
    serial_no: String,
    private_key: RsaKeyPair,
    pub(super) cipher: Cipher,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("mchid", &self.mchid)
            .field("serial_no", &self.serial_no)
            .finish_non_exhaustive()
    }
}

/// What is wrong with the parts of an account. None of its texts holds a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountFault {
    /// A mchid is of digits, 32 at most.
    Mchid,
    /// The serial number of the merchant's API certificate is in hexadecimal digits.
    SerialNo,
    /// The private key is no PEM with a block of `PRIVATE KEY` or `RSA PRIVATE KEY`.
    PrivateKeyPem,
    /// The private key needs a password. WeChat Pay's own tool makes keys without.
    PrivateKeyEncrypted,
    /// It is no RSA key of 2048 to 8192 bits.
    PrivateKey,
    /// An APIv3 key has 32 bytes; this one has so many.
    Apiv3Key(usize),
}

impl fmt::Display for AccountFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mchid => f.write_str("a mchid is of digits, 32 at most"),
            Self::SerialNo => {
                f.write_str("the serial number of the API certificate is of hexadecimal digits, 64 at most")
            }
            Self::PrivateKeyPem => f.write_str(
                "the private key is no PEM file (apiclient_key.pem) that begins with -----BEGIN PRIVATE KEY-----",
            ),
            Self::PrivateKeyEncrypted => f.write_str("the private key is protected by a password"),
            Self::PrivateKey => f.write_str("the private key is no RSA key of 2048 bits or more"),
            Self::Apiv3Key(bytes) => write!(f, "an APIv3 key has 32 bytes, this one has {bytes}"),
        }
    }
}

impl std::error::Error for AccountFault {}

impl Account {
    /// Of a merchant's number, its API certificate's serial number, its private key (PKCS#8 or PKCS#1 in PEM) and its APIv3 key.
    /// The texts of the secrets stay the caller's, to be cleared.
    ///
    /// # Errors
    /// The first part that cannot be right.
    pub fn new(mchid: &str, serial_no: &str, private_key: &str, apiv3_key: &str) -> Result<Self, AccountFault> {
        if mchid.is_empty() || mchid.len() > 32 || !mchid.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AccountFault::Mchid);
        }
        if serial_no.is_empty() || serial_no.len() > 64 || !serial_no.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(AccountFault::SerialNo);
        }
        let cipher = Cipher::new(apiv3_key).ok_or(AccountFault::Apiv3Key(apiv3_key.len()))?;
        let private_key = read_private_key(private_key)?;
        Ok(Self { mchid: mchid.to_owned(), serial_no: serial_no.to_owned(), private_key, cipher })
    }

    /// The merchant's number.
    #[must_use]
    pub fn mchid(&self) -> &str {
        &self.mchid
    }

    /// The serial number of the merchant's API certificate, which is sent with each request.
    #[must_use]
    pub fn serial_no(&self) -> &str {
        &self.serial_no
    }

    /// base64 of the signature over `message`: RSA-SHA256, PKCS #1 v1.5. None only if the crypto library fails.
    pub(super) fn sign(&self, message: &str) -> Option<String> {
        let mut signature = vec![0; self.private_key.public_modulus_len()];
        self.private_key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).ok()?;
        Some(BASE64_STANDARD.encode(signature))
    }
}

fn read_private_key(text: &str) -> Result<RsaKeyPair, AccountFault> {
    if text.contains("ENCRYPTED") {
        return Err(AccountFault::PrivateKeyEncrypted);
    }
    let block = pem::first(text).ok_or(AccountFault::PrivateKeyPem)?;
    match block.label {
        "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&block.der),
        "RSA PRIVATE KEY" => RsaKeyPair::from_der(&block.der),
        _ => return Err(AccountFault::PrivateKeyPem),
    }
    .map_err(|_| AccountFault::PrivateKey)
}
