//! Keys and passwords.

use std::fmt;

use aws_lc_rs::constant_time;
use zeroize::Zeroizing;

/// A key, a password or what else may appear nowhere: its memory is overwritten when it is dropped, `Debug` prints `***`, and it
/// can be neither displayed nor serialized.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text that is secret.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The secret itself. Whoever asks for it lets it get no further than the one call that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this secret, in a time that tells nothing of where they differ.
    #[must_use]
    pub fn is(&self, other: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(self.0.as_bytes(), other).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_compared_and_not_shown() {
        let secret = Secret::new("correct horse".to_owned());
        assert!(secret.is(b"correct horse"));
        assert!(!secret.is(b"correct horsf"));
        assert!(!secret.is(b"correct"));
        assert_eq!(format!("{secret:?} {:#?}", Some(&secret)), "*** Some(\n    ***,\n)");
    }
}
