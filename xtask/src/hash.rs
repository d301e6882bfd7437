//! Names for contents.

use sha2::{Digest, Sha256};

/// The first 64 bits of a SHA-256, in hexadecimal: enough to tell two builds apart.
pub(crate) fn short(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn equal_contents_have_equal_names_and_others_do_not() {
        assert_eq!(super::short(b"tea"), super::short(b"tea"));
        assert_ne!(super::short(b"tea"), super::short(b"Tea"));
        assert_eq!(super::short(b"").len(), 16);
    }
}
