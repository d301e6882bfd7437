//! RSA signatures, AES-256-GCM and the platform's certificate, over RustCrypto: the merchant uses another library, so that each checks
//! the other.

mod certificate;
mod der;
mod keys;
mod seal;

pub use certificate::Certificate;
pub use keys::{PublicKey, SigningKey};
pub use seal::{Sealed, open, seal};

use rsa::sha2::{Digest, Sha256};

/// The SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Bytes as capital hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
